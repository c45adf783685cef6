package keyaccount_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
)

// Who is below a cut, but not below nine tenths of it, stays KEY.
func TestStay(t *testing.T) {
	a := accounts(t, [][]order{
		{sold(1000, 600)}, // KEY at a margin of 40%
		{sold(900, 540)},  // at nine tenths of the volume
		{sold(899, 540)},  // below
		{sold(1000, 730)}, // margin 27%: nine tenths of 30%
		{sold(1000, 731)}, // below
		{sold(5000, 5000)},
		{uncosted(5000)},
	})
	s := keyaccount.Settings{
		Volume: keyaccount.VolumeCut{By: keyaccount.VolumeAmount, Amount: 1000 * money.One},
		Margin: keyaccount.MarginCut{By: keyaccount.MarginRate, Rate: money.OneRate / 10 * 3, Raw: true},
	}
	r := score(t, a, s)
	if d := cmp.Diff([]bool{true, true, false, true, false, false, false}, r.Stay(money.OneRate/10*9)); d != "" {
		t.Errorf("nine tenths: -want +got\n%s", d)
	}
	whole := r.Stay(money.OneRate)
	for c, q := range r.Quadrant {
		if whole[c] != (q == keyaccount.Key) {
			t.Errorf("customer %d in %s: got %v with all of the cuts, want the quadrant itself", c, q, whole[c])
		}
	}
	if p := r.CutPoints(); !p.VolumeKnown || p.Net != 1000*money.One || p.Margin != 0.3 {
		t.Errorf("got cut points %+v, want 1000 and 0.3", p)
	}
	// Of class A, the cut is the least net sales in it.
	p := score(t, a, keyaccount.Settings{}).CutPoints()
	least, in := money.Amount(0), false
	for c := range a.Net {
		if a.SalesClass[c].String() == "A" && (!in || a.Net[c] < least) {
			least, in = a.Net[c], true
		}
	}
	if !p.VolumeKnown || p.Net != least {
		t.Errorf("class A: got %+v, want %s", p, least)
	}
}
