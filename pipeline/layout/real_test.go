package layout

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// headerOf reads the first line of a data file: none of them quotes its headers.
func headerOf(t *testing.T, path ...string) []string {
	t.Helper()
	root := os.Getenv("VITALFEW_DATA")
	if root == "" {
		t.Skip("VITALFEW_DATA is not set: no real files to read")
	}
	f, err := os.Open(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return split(strings.TrimRight(line, "\r\n"))
}

func expect(t *testing.T, k Kind, headers []string, preset string, want map[string]string) {
	t.Helper()
	m := Mapping{}
	if preset != "" {
		p, err := LoadPreset(preset)
		if err != nil {
			t.Fatal(err)
		}
		m.Preset, m.Settings = p, p.Settings
	}
	r, err := Resolve(k, headers, m)
	if err != nil {
		t.Fatalf("%s with preset %q: %v", k, preset, err)
	}
	g := map[string]string{}
	for _, x := range r.Matches {
		g[x.Column.String()] = x.Header
	}
	if diff := cmp.Diff(want, g); diff != "" {
		t.Errorf("%s with preset %q: %s", k, preset, diff)
	}
}

func TestRealUCI(t *testing.T) {
	want := map[string]string{"order_id": "InvoiceNo", "product_id": "StockCode", "quantity": "Quantity",
		"ordered_at": "InvoiceDate", "unit_price": "UnitPrice", "customer_id": "CustomerID"}
	for _, preset := range []string{"uci", ""} { // the common names do as well, the settings come from the preset
		expect(t, Orders, headerOf(t, "uci_online_retail", "by-day", "2010-12-01.csv"), preset, want)
	}
}

func TestUCI2(t *testing.T) {
	for _, preset := range []string{"uci", ""} {
		expect(t, Orders, split("Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"), preset,
			map[string]string{"order_id": "Invoice", "product_id": "StockCode", "quantity": "Quantity",
				"ordered_at": "InvoiceDate", "unit_price": "Price", "customer_id": "Customer ID"})
	}
}

// The Parquet headers are read from the files' schemas.
func TestAdventureWorksParquet(t *testing.T) {
	fact := "ProductKey,OrderDateKey,DueDateKey,ShipDateKey,%,EmployeeKey,PromotionKey,CurrencyKey,SalesTerritoryKey," +
		"SalesOrderNumber,SalesOrderLineNumber,RevisionNumber,OrderQuantity,UnitPrice,ExtendedAmount,UnitPriceDiscountPct," +
		"DiscountAmount,ProductStandardCost,TotalProductCost,SalesAmount,TaxAmt,Freight,CarrierTrackingNumber," +
		"CustomerPONumber,OrderDate,DueDate,ShipDate"
	for _, key := range []string{"ResellerKey", "CustomerKey"} {
		expect(t, Orders, split(strings.Replace(fact, "%", key, 1)), "adventureworks", map[string]string{
			"order_id": "SalesOrderNumber", "line_id": "SalesOrderLineNumber", "customer_id": key, "ordered_at": "OrderDate",
			"product_id": "ProductKey", "quantity": "OrderQuantity", "unit_price": "UnitPrice", "amount": "SalesAmount",
			"discount_amount": "DiscountAmount", "unit_cost": "ProductStandardCost", "cost": "TotalProductCost",
			"salesperson": "EmployeeKey"})
	}
	expect(t, CRM, split("ResellerKey,GeographyKey,ResellerAlternateKey,Phone,BusinessType,ResellerName,NumberEmployees,"+
		"OrderFrequency,OrderMonth,FirstOrderYear,LastOrderYear,ProductLine,AddressLine1,AddressLine2,AnnualSales,BankName,"+
		"MinPaymentType,MinPaymentAmount,AnnualRevenue,YearOpened"), "adventureworks",
		map[string]string{"customer_id": "ResellerKey", "name": "ResellerName", "segment": "BusinessType"})
	expect(t, CRM, split("CustomerKey,GeographyKey,CustomerAlternateKey,FirstName,LastName,EmailAddress,YearlyIncome,DateFirstPurchase"),
		"adventureworks", map[string]string{"customer_id": "CustomerKey", "email": "EmailAddress", "acquired_on": "DateFirstPurchase"})
	expect(t, Products, split("ProductKey,ProductAlternateKey,ProductSubcategoryKey,WeightUnitMeasureCode,SizeUnitMeasureCode,"+
		"EnglishProductName,SpanishProductName,FrenchProductName,StandardCost,FinishedGoodsFlag,Color,SafetyStockLevel,"+
		"ReorderPoint,ListPrice,Size,SizeRange,Weight,DaysToManufacture,ProductLine,DealerPrice,Class,Style,ModelName,"+
		"LargePhoto,EnglishDescription,StartDate,EndDate,Status"), "adventureworks",
		map[string]string{"product_id": "ProductKey", "name": "EnglishProductName", "unit_cost": "StandardCost", "list_price": "ListPrice"})
}

func TestRealPL300(t *testing.T) {
	expect(t, Orders, headerOf(t, "aw_pl300_flat", "FactResellerSales.csv"), "adventureworks", map[string]string{
		"order_id": "SalesOrderNumber", "customer_id": "ResellerKey", "ordered_at": "OrderDate", "product_id": "ProductKey",
		"quantity": "OrderQuantity", "unit_price": "UnitPrice", "amount": "SalesAmount", "unit_cost": "StandardCost",
		"cost": "TotalProductCost", "salesperson": "EmployeeKey"})
	expect(t, CRM, headerOf(t, "aw_pl300_flat", "Resellers.csv"), "adventureworks", map[string]string{
		"customer_id": "ResellerKey", "name": "ResellerName", "segment": "BusinessType", "region": "Country_Region"})
	for _, preset := range []string{"adventureworks", ""} {
		expect(t, Products, headerOf(t, "aw_pl300_flat", "Product.csv"), preset, map[string]string{
			"product_id": "ProductKey", "name": "Product", "unit_cost": "StandardCost", "category": "EnglishProductCategoryName"})
	}
}

func TestRealSuperstore(t *testing.T) {
	h := headerOf(t, "us_superstore_stacked", "superstore.csv")
	expect(t, Orders, h, "superstore", map[string]string{"order_id": "Order ID", "line_id": "Row ID", "customer_id": "Customer ID",
		"ordered_at": "Order Date", "product_id": "Product ID", "category": "Category", "quantity": "Quantity", "amount": "Sales",
		"discount_rate": "Discount", "profit": "Profit"})
	expect(t, Orders, h, "", map[string]string{"order_id": "Order ID", "line_id": "Row ID", "customer_id": "Customer ID",
		"ordered_at": "Order Date", "product_id": "Product ID", "category": "Category", "quantity": "Quantity", "amount": "Sales",
		"profit": "Profit"})
	expect(t, CRM, h, "superstore", map[string]string{"customer_id": "Customer ID", "name": "Customer Name", "segment": "Segment"})
	expect(t, Products, h, "superstore", map[string]string{"product_id": "Product ID", "category": "Category"})
}

func TestChineseSuperstore(t *testing.T) {
	h := split("行 ID,订单 ID,订单日期,发货日期,邮寄方式,客户 ID,客户名称,细分,城市,省/自治区,国家,地区,产品 ID,类别,子类别,产品名称,销售额,数量,折扣,利润")
	expect(t, Orders, h, "superstore", map[string]string{"order_id": "订单 ID", "line_id": "行 ID", "customer_id": "客户 ID",
		"ordered_at": "订单日期", "product_id": "产品 ID", "category": "类别", "quantity": "数量", "amount": "销售额",
		"discount_rate": "折扣", "profit": "利润"})
	expect(t, CRM, h, "", map[string]string{"customer_id": "客户 ID", "name": "客户名称", "segment": "细分", "region": "地区"})
}
