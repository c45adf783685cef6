package layout

import "fmt"

// Column is a canonical column. The numbers run through the kinds, so a Column knows its Kind.
type Column uint8

// Columns of an order export.
//
// With Amount mapped, it is the net line amount and the discount columns only fill the discount
// figure. Without it the amount is quantity x unit_price x (1 - discount_rate) - discount_amount.
// Cost is the cost of the line, UnitCost of one unit; Profit is of the line, and cost follows from it.
const (
	OrderID Column = iota
	LineID
	CustomerID
	OrderedAt
	ProductID
	Category
	Quantity
	UnitPrice
	Amount
	DiscountRate
	DiscountAmount
	UnitCost
	Cost
	Profit
	TaxIncluded
	Currency
	Channel
	Salesperson
	Status

	// AccountID and the following are the columns of a CRM export.
	AccountID
	AccountName
	AccountParentID
	AccountIndustry
	AccountSegment
	AccountOwner
	AccountRegion
	AccountChannel
	AccountAcquiredOn
	AccountAcquisitionCost
	AccountCreditLimit
	AccountReceivables
	AccountOverdue
	AccountDaysSalesOutstanding
	AccountCreditBlocked
	AccountStrategicFit
	AccountPotential
	AccountEmail

	// ItemID and the following are the columns of a product export.
	ItemID
	ItemUnitCost
	ItemCategory
	ItemMarginRate
	ItemName
	ItemListPrice

	columns
)

// String is the canonical name, such as customer_id. The names are a promise to scripts and
// dashboards.
func (c Column) String() string {
	names := [columns]string{
		"order_id", "line_id", "customer_id", "ordered_at", "product_id", "category", "quantity",
		"unit_price", "amount", "discount_rate", "discount_amount", "unit_cost", "cost", "profit",
		"tax_included", "currency", "channel", "salesperson", "status",

		"customer_id", "name", "parent_id", "industry", "segment", "owner", "region", "channel",
		"acquired_on", "acquisition_cost", "credit_limit", "receivables", "overdue",
		"days_sales_outstanding", "credit_blocked", "strategic_fit", "potential", "email",

		"product_id", "unit_cost", "category", "margin_rate", "name", "list_price",
	}
	if c >= columns {
		return fmt.Sprintf("Column(%d)", uint8(c))
	}
	return names[c]
}

// Kind is the kind of export that has the column.
func (c Column) Kind() Kind {
	switch {
	case c < AccountID:
		return Orders
	case c < ItemID:
		return CRM
	case c < columns:
		return Products
	}
	panic("layout: unknown column")
}

// Flag is the name of the column in a --map flag: qualified (crm.customer_id) where an earlier
// kind has a column of the same name.
func (c Column) Flag() string {
	k := c.Kind()
	if owner(c.String()) == k {
		return c.String()
	}
	return k.String() + "." + c.String()
}

// owner is the first kind that has a column of that name, or kinds.
func owner(name string) Kind {
	for _, k := range Kinds() {
		if _, ok := k.Column(name); ok {
			return k
		}
	}
	return kinds
}
