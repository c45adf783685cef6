package pipeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
	"github.com/vitalfew/vitalfew/segment/rfm"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// everyKind is a company of 125 buyers, one for each combination of five recencies, frequencies and sales,
// and of some accounts that never bought. Margins, costs, categories and credit take turns.
func everyKind() small {
	asOf, _ := civil.Of(2025, 1, 1)
	var orders, crm strings.Builder
	orders.WriteString("order_id,customer_id,ordered_at,amount,cost,category\n")
	crm.WriteString("customer_id,credit_blocked,receivables,overdue\n")
	order, k := 0, 0
	for r, recency := range []int{3, 30, 90, 250, 500} {
		for f, purchases := range []int{12, 8, 5, 2, 1} {
			for m, sales := range []int{2_400_000, 240_000, 24_000, 2_400, 240} {
				id := fmt.Sprintf("C%d%d%d", 5-r, 5-f, 5-m)
				for p := range purchases {
					day := asOf - civil.Day(recency)
					if purchases > 1 {
						day -= civil.Day((800 - recency) * p / (purchases - 1))
					}
					cost := fmt.Sprint(sales / purchases * []int{50, 70, 90}[k%3] / 100)
					if k%11 == 10 {
						cost = "" // nobody knows
					}
					order++
					fmt.Fprintf(&orders, "%d,%s,%s,%d,%s,K%d\n", order, id, day, sales/purchases, cost, p%4)
				}
				crm.WriteString(id + [...]string{",no,100,0\n", ",no,100,0\n", ",no,100,30\n", ",yes,100,0\n", ",no,,\n"}[k%5])
				k++
			}
		}
	}
	crm.WriteString("NEVER,no,100,0\n")
	return small{orders: orders.String(), crm: crm.String()}
}

// One run of the real rules reaches every tier, quadrant, stage of life, credit state and RFM segment.
func TestEveryKindIsReached(t *testing.T) {
	s := everyKind().customers(t, "as_of: 2025-01-01\n")
	names := func(count int, of func(k int) string) (all []string) {
		for k := range count {
			if name := of(k); name != "" {
				all = append(all, name)
			}
		}
		slices.Sort(all)
		return all
	}
	for column, want := range map[string][]string{
		"tier":         names(tier.Tiers, func(k int) string { return tier.Tier(k).String() }),
		"quadrant":     names(keyaccount.Quadrants, func(k int) string { return keyaccount.Quadrant(k).String() }),
		"life_stage":   names(lifecycle.Stages, func(k int) string { return lifecycle.Stage(k).String() }),
		"credit_state": names(int(keyaccount.CreditBlocked)+1, func(k int) string { return keyaccount.CreditState(k).String() }),
		"rfm_segment":  names(rfm.Segments, func(k int) string { return rfm.Segment(k).String() }),
	} {
		seen := map[string]int{}
		for i := range s.rows {
			seen[s.text(i, column)]++
		}
		var got []string
		for name := range seen {
			if name != "" {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) || len(want) < 4 {
			t.Errorf("%s: got %v, want all of %q", column, seen, want)
		}
	}
}
