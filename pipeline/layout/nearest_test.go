package layout_test

import (
	"slices"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/layout"
)

func TestNearest(t *testing.T) {
	names := []string{"net_sales", "net_sales_window", "tier", "tier_change", "name"}
	for wanted, want := range map[string][]string{
		"teir": {"tier"}, "Net Sales": {"net_sales"}, "net_sale_windows": {"net_sales_window"}, "nam": {"name"}, "zzzzzz": nil, "": nil,
	} {
		if got := layout.Nearest(names, wanted, 3); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", wanted, got, want)
		}
	}
	if got := layout.Nearest([]string{"ab1", "ab2", "ab3"}, "ab0", 2); !slices.Equal(got, []string{"ab1", "ab2"}) {
		t.Errorf("got %q, want two", got)
	}
	if names[0] != "net_sales" || names[4] != "name" {
		t.Errorf("got names %q, want them untouched", names)
	}
}
