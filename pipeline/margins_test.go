package pipeline_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// cheap is a company whose customer BIG buys what earns little (nuts, at 10%), at a discount of 20%,
// and gives back what is thrown away; it was better the year before. SHOP buys bolts at 50%.
func cheap() small {
	return small{
		orders: `order_id,customer_id,ordered_at,quantity,unit_price,discount_rate,unit_cost,category
1,BIG,2023-03-01,100,10,0,6,Bolts
2,BIG,2023-09-01,100,10,0,9,Nuts
3,BIG,2024-03-01,200,10,0.2,9,Nuts
4,BIG,2024-06-01,100,10,0.2,5,Bolts
5,BIG,2024-07-01,-10,8,0,0,Nuts
6,SHOP,2023-02-01,100,10,0,5,Bolts
7,SHOP,2024-02-01,200,10,0,5,Bolts
8,SHOP,2024-12-31,10,10,0,9,Nuts
9,MINI,2024-05-01,1,10,0,5,
`,
	}
}

// fixMargin is lists/fix-margin.csv by column, of its only customer.
func fixMargin(t *testing.T, o *pipeline.Outcome) map[string]string {
	t.Helper()
	rows := readCSV(t, filepath.Join(o.Dir, "lists", "fix-margin.csv"))
	if len(rows) != 2 {
		t.Fatalf("got %d rows in fix-margin.csv, want a header and BIG: %q", len(rows), rows)
	}
	line := map[string]string{}
	for k, name := range rows[0] {
		line[name] = rows[1][k]
	}
	return line
}

const lostColumns = "customer_id profit_lost lost_by_discount lost_by_returns lost_by_mix lost_by_cost past_margin_rate past_lost past_lost_by_discount past_lost_by_returns past_lost_by_mix past_lost_by_cost"

func pick(line map[string]string, columns string) map[string]string {
	out := map[string]string{}
	for _, c := range strings.Fields(columns) {
		out[c] = line[c]
	}
	return out
}

// The figures by hand, in the window 2024:
//
//	BIG     sold 1,600 + 800 = 2,400 (3,000 at list price) at a cost of 2,300, back 80 without cost: 2,320, profit 20
//	company sold 4,510 (5,110 at list price), profit 1,115 without the 80 that came back: 4,430, profit 1,035
//	bolts   2,800 and profit 1,300; nuts 1,620 and profit -270; no category 10 and 5
//
// Every effect is 2,320 times a difference of rates, computed apart in fractions. The year before BIG sold 2,000 with profit 500, no
// discount, half of it bolts.
func TestMarginsTakenApart(t *testing.T) {
	out := runNight(t, cheap().config(t, "key_account: {volume: class-a}\npareto: {a: 0.99, b: 0.999}\n"), 2)
	got := pick(fixMargin(t, out), lostColumns)
	want := map[string]string{
		"customer_id": "BIG",
		"profit_lost": "522.0316", // 2320 x 1035/4430 - 20
		// 2320 (2300/2400) [1 - (2400/3000) / (4510/5110)]
		"lost_by_discount": "208.037",
		// 2320 [(100/2400 - 20/2320) - (1115/4510 - 1035/4430)]
		"lost_by_returns": "45.1284",
		// -2320 {[1520 (-270/1620 - M) + 800 (1300/2800 - M)] / 2320}, M = 1035/4430
		"lost_by_mix":      "423.9364",
		"lost_by_cost":     "-155.0702",
		"past_margin_rate": "0.25", "past_lost": "560.00", // 2320 x 0.25 - 20
		"past_lost_by_discount": "444.6667", // 2320 (2300/2400) (1 - 0.8)
		"past_lost_by_returns":  "76.6667",  // 2320 (100/2400 - 20/2320)
		// 2320 x (e of half bolts, half nuts - e of 800 bolts, 1520 nuts)
		"past_lost_by_mix":  "227.1429",
		"past_lost_by_cost": "-188.4763",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if reason := fixMargin(t, out)["reason"]; !strings.Contains(reason, "mix 423.9364") || !strings.Contains(reason, "the window before margin 25.0%, since then lost 560.00: discounts 444.6667") {
		t.Errorf("got reason %q", reason)
	}
}

// What cannot be had is empty and said, and the rest still adds up.
func TestMixUnknown(t *testing.T) {
	const settings = "pareto: {a: 0.99, b: 0.999}\n"
	uncategorised := cheap()
	uncategorised.orders = strings.ReplaceAll(uncategorised.orders, ",category\n", ",kind\n")
	for _, c := range []struct {
		name string
		s    small
		yaml string
		note string
	}{
		{"not asked for", cheap(), "lists: {mix_lines: 0}\n", "mix unknown: lists.mix_lines is 0"},
		{"too many lines", cheap(), "lists: {mix_lines: 8}\n", "done for up to 8 lines, and these are 9"},
		{"no categories", uncategorised, "", "no line of the window with a known cost names a category"},
	} {
		out := runNight(t, c.s.config(t, settings+c.yaml), 2)
		line := fixMargin(t, out)
		if line["lost_by_mix"] != "" || line["past_lost_by_mix"] != "" || !strings.Contains(line["reason"], "mix unknown") {
			t.Errorf("%s: got mix %q and %q, reason %q; want it unknown", c.name, line["lost_by_mix"], line["past_lost_by_mix"], line["reason"])
		}
		if line["lost_by_discount"] != "208.037" || line["lost_by_cost"] != "268.8662" {
			t.Errorf("%s: got discount %s and cost %s, want 208.037 and the rest of 522.0316 with the mix in it", c.name, line["lost_by_discount"], line["lost_by_cost"])
		}
		if notes := strings.Join(out.Manifest.Warnings, "\n"); !strings.Contains(notes, "fix-margin: ") || !strings.Contains(notes, c.note) {
			t.Errorf("%s: got notes %q, want %q", c.name, notes, c.note)
		}
	}
}

// The second reading leaves out what the first set aside; it is held against the books of the first.
func TestMixWithoutDuplicates(t *testing.T) {
	s := cheap()
	lines := strings.SplitAfter(s.orders, "\n")
	s.orders += lines[3] + lines[7]
	out := runNight(t, s.config(t, "pareto: {a: 0.99, b: 0.999}\nduplicates: set_aside\n"), 2)
	if got := fixMargin(t, out)["lost_by_mix"]; got != "423.9364" {
		t.Errorf("got mix %s, want that of the lines without their repeats, 423.9364", got)
	}
}

// In the demo every row adds up to the last digit, and the group of a parent has one basket.
func TestMarginsAddUp(t *testing.T) {
	out := runNight(t, demo(t), 2)
	rows := readCSV(t, filepath.Join(out.Dir, "lists", "fix-margin.csv"))
	place := map[string]int{}
	for k, name := range rows[0] {
		place[name] = k
	}
	pasts := 0
	for _, r := range rows[1:] {
		sum := func(columns ...string) (total money.Amount) {
			for _, c := range columns {
				v, ok := money.Parse([]byte(r[place[c]]), money.AmountScale)
				if !ok {
					t.Fatalf("customer %s: %s is %q, want an amount", r[1], c, r[place[c]])
				}
				total += money.Amount(v)
			}
			return total
		}
		if sum("lost_by_discount", "lost_by_returns", "lost_by_mix", "lost_by_cost") != sum("profit_lost") {
			t.Errorf("customer %s: %q does not add up to profit_lost", r[1], r)
		}
		if r[place["past_lost"]] != "" {
			pasts++
			if sum("past_lost_by_discount", "past_lost_by_returns", "past_lost_by_mix", "past_lost_by_cost") != sum("past_lost") {
				t.Errorf("customer %s: %q does not add up to past_lost", r[1], r)
			}
		}
	}
	if len(rows) < 10 || pasts == 0 {
		t.Errorf("got %d rows, %d with a past, want the demo to have both", len(rows)-1, pasts)
	}
}
