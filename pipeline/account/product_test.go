package account

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

func TestReadProducts(t *testing.T) {
	sh := parseSheet("product_id,unit_cost,category,margin_rate,list_price|P2,1.23456789,Bikes,35%,10|P1,,Bikes,0.4,|P3,NULL,,,|P4,-1,,,|P5,0,x,35,")
	r, _ := resolve(t, layout.Products, sh.header, "")
	p, rejects, err := ReadProducts(sh, r, layout.Settings{NullValues: []string{"NULL"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"P1", "P2", "P3", "P4", "P5"}, p.ID); diff != "" {
		t.Fatal(diff)
	}
	if diff := cmp.Diff(Column[money.Price]{Value: []money.Price{0, 123_456_789, 0, 0, 0}, Known: []bool{false, true, false, false, true}}, p.UnitCost); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Column[money.Rate]{Value: []money.Rate{40_000_000, 35_000_000, 0, 0, 0}, Known: []bool{true, true, false, false, false}}, p.MarginRate); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"P1", "P3", "P4"}, p.WithoutCost()); diff != "" {
		t.Error(diff)
	}
	if len(rejects) != 2 || rejects[0].Column != "unit_cost" || rejects[0].Value != "-1" || rejects[0].Row ||
		rejects[1].Column != "margin_rate" || !strings.Contains(rejects[1].Reason, "35%") {
		t.Errorf("got rejects %+v, want the cost of P4 and the margin of P5", rejects)
	}
	if i, ok := p.Find("P2"); !ok || i != 1 || p.Len() != 5 || !p.Has(layout.ItemUnitCost) || p.Has(layout.ItemName) {
		t.Error("P2 is row 1 of 5; the file has costs and no names")
	}
}

func TestRealProducts(t *testing.T) {
	sh := openCSV(t, 0, "aw_pl300_flat", "Product.csv")
	r, s := resolve(t, layout.Products, sh.header, "adventureworks")
	p, rejects, err := ReadProducts(sh, r, s)
	if err != nil || rejects != nil {
		t.Fatalf("got %v, %+v", err, rejects)
	}
	i, ok := p.Find("210") // HL Road Frame - Black, 58: 868.63
	if !ok || p.UnitCost.Value[i] != 86_863_000_000 || p.Category.Value[i] != "Components" || p.Len() != len(sh.rows) {
		t.Errorf("product 210: got %v, %q of %d products", p.UnitCost.Value[i], p.Category.Value[i], p.Len())
	}
	if got := p.WithoutCost(); got != nil {
		t.Errorf("got products without cost %q, want none", got)
	}
}
