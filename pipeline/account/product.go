package account

import (
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Products is the product side, one row per product_id, ascending in byte order. It is read-only.
type Products struct {
	ID     []string
	Counts Counts

	UnitCost   Column[money.Price] // at least 0
	Category   Column[string]
	MarginRate Column[money.Rate] // -10..1
	Name       Column[string]
	ListPrice  Column[money.Price] // at least 0

	has map[layout.Column]bool
}

// Len is the number of products.
func (p *Products) Len() int { return len(p.ID) }

// Has reports whether any of the exports had the column.
func (p *Products) Has(c layout.Column) bool { return p.has[c] }

// Find returns the row of a product id.
func (p *Products) Find(id string) (i int, ok bool) { return slices.BinarySearch(p.ID, id) }

// WithoutCost lists the ids of products whose unit cost is not known, ascending. Those with a margin
// rate are among them: a rate is the user's estimate, not a cost.
func (p *Products) WithoutCost() []string {
	var ids []string
	for i, known := range p.UnitCost.Known {
		if !known {
			ids = append(ids, p.ID[i])
		}
	}
	return ids
}

// ProductBuilder reads product exports. It is not for concurrent use.
type ProductBuilder struct {
	table    *table
	products *Products
}

// NewProductBuilder starts with no products.
func NewProductBuilder(s layout.Settings) *ProductBuilder {
	p := &Products{}
	return &ProductBuilder{products: p, table: newTable(layout.ItemID, s, map[layout.Column]field{
		layout.ItemUnitCost:   fill(&p.UnitCost, price, 0),
		layout.ItemCategory:   fill(&p.Category, text, ""),
		layout.ItemMarginRate: fill(&p.MarginRate, margin, 0),
		layout.ItemName:       fill(&p.Name, text, ""),
		layout.ItemListPrice:  fill(&p.ListPrice, price, 0),
	})}
}

// Read takes all records of one export; see Builder.Read. The layout must be resolved for
// layout.Products.
func (b *ProductBuilder) Read(recs Records, r layout.Resolved) error { return b.table.read(recs, &r) }

// Build returns the products ascending by id and everything that was not used, in reading order. The
// ProductBuilder is spent.
func (b *ProductBuilder) Build() (*Products, []Reject) {
	p := b.products
	p.ID, p.Counts, p.has = b.table.finish(), b.table.counts, b.table.has
	return p, b.table.rejects
}

// ReadProducts reads one product export: ProductBuilder for a single file.
func ReadProducts(recs Records, r layout.Resolved, s layout.Settings) (*Products, []Reject, error) {
	b := NewProductBuilder(s)
	if err := b.Read(recs, r); err != nil {
		return nil, nil, err
	}
	p, rejects := b.Build()
	return p, rejects, nil
}
