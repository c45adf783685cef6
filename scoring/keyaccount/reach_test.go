package keyaccount_test

import (
	"math"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"pgregory.net/rapid"
)

// Who comes as far as Reach says is above the cut when everything is scored again, whatever the cuts.
func TestReachIsEnough(t *testing.T) {
	volumes := []keyaccount.VolumeCut{{}, {By: keyaccount.VolumeMedian}, {By: keyaccount.VolumeAmount, Amount: 120 * money.One},
		{By: keyaccount.VolumePercentile, Percentile: money.OneRate / 10 * 8}, {By: keyaccount.VolumePercentile, Percentile: money.OneRate / 100 * 97}}
	margins := []keyaccount.MarginCut{{}, {By: keyaccount.MarginMedian, Raw: true}, {By: keyaccount.MarginRate, Rate: money.OneRate / 5, Raw: true},
		{By: keyaccount.MarginPercentile, Percentile: money.OneRate / 10 * 7, Raw: true}}
	raised, richer := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		company := companies().Draw(t, "company")
		s := keyaccount.Settings{Volume: rapid.SampledFrom(volumes).Draw(t, "volume"), Margin: rapid.SampledFrom(margins).Draw(t, "margin")}
		a := accounts(t, company)
		r := score(t, a, s)
		for c := range company {
			if a.Orders[c] == 0 {
				continue
			}
			if reach := r.Reach(); reach.NetKnown && a.Net[c] < reach.Net && !volumeHigh(r, c) {
				raised++
				more := order{net: reach.Net - a.Net[c], lines: 1, sale: false}
				more.covered, more.costed = more.net, 1 // so that the quadrant tells
				if after := score(t, accounts(t, with(company, c, more)), s); !volumeHigh(after, c) && after.Quadrant[c] != keyaccount.Unknown {
					t.Fatalf("customer %d at net sales %s: got quadrant %s, want volume high", c, reach.Net, after.Quadrant[c])
				}
			}
			if r.Quadrant[c] != keyaccount.VolumeOnly && r.Quadrant[c] != keyaccount.Tail || a.Covered[c] <= 0 || r.MarginOff {
				continue
			}
			least := r.Reach().Margin
			if r.Settings.Margin.By == keyaccount.MarginCompany {
				profit := a.Covered[c] - a.Cost[c]
				least = keyaccount.CompanyReach(profit.Float(), a.Covered[c].Float(), r.CompanyProfit.Float(), r.CompanyCovered.Float())
			}
			if math.IsNaN(least) {
				continue
			}
			richer++
			b := accounts(t, company)
			b.Cost[c] = a.Covered[c] - money.Amount(math.Ceil(least*float64(a.Covered[c]))) - 1 // past what amounts can tell apart
			if after := score(t, b, s); after.Quadrant[c] != keyaccount.Key && after.Quadrant[c] != keyaccount.Niche {
				t.Fatalf("customer %d at margin %v: got quadrant %s, margin %v, want it high", c, least, after.Quadrant[c], after.MarginRate[c])
			}
		}
	})
	if raised == 0 || richer == 0 {
		t.Errorf("got %d customers with more sales and %d with a better margin, want some of both", raised, richer)
	}
}

func volumeHigh(r *keyaccount.Result, c int) bool {
	return r.Quadrant[c] == keyaccount.Key || r.Quadrant[c] == keyaccount.VolumeOnly
}

// with is the company with one more order of customer c.
func with(company [][]order, c int, o order) [][]order {
	out := append([][]order(nil), company...)
	out[c] = append(append([]order(nil), company[c]...), o)
	return out
}
