package pipeline

import (
	"testing"

	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/segment/list"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// Figures hands the outcome of one package to the next as codes. Where it casts, the codes have to
// agree; where it translates, the names have to.
func TestCodesAgree(t *testing.T) {
	states := map[keyaccount.CreditState]tier.Credit{
		keyaccount.CreditUnknown: tier.CreditUnknown, keyaccount.CreditGood: tier.CreditGood,
		keyaccount.CreditWatch: tier.CreditWatch, keyaccount.CreditBlocked: tier.CreditBlocked,
	}
	for state, want := range states {
		if got := tierCredit(state); got != want || got.String() != state.String() || uint8(got) != uint8(state) {
			t.Errorf("credit %s (%d): got %s (%d), want %s (%d)", state, state, got, got, want, want)
		}
	}
	for code := range 256 { // a state that is new to us bars from core, as unknown does
		state := keyaccount.CreditState(code)
		if _, named := states[state]; !named && tierCredit(state) != tier.CreditUnknown {
			t.Errorf("credit code %d: got %s, want %s", code, tierCredit(state), tier.CreditUnknown)
		}
	}
	for got, want := range map[list.Tier]tier.Tier{list.Core: tier.Core, list.Key: tier.Key, list.General: tier.General} {
		if got != list.Tier(want) {
			t.Errorf("tier %s: got code %d in list, want %d", want, got, want)
		}
	}
	for got, want := range map[list.Quadrant]keyaccount.Quadrant{
		list.KeyQuadrant: keyaccount.Key, list.VolumeOnly: keyaccount.VolumeOnly, list.Niche: keyaccount.Niche,
	} {
		if got != list.Quadrant(want) {
			t.Errorf("quadrant %s: got code %d in list, want %d", want, got, want)
		}
	}
	// A child stands on no list because zero is none of the codes that lists are made of.
	for _, zero := range []uint8{uint8(tier.None), uint8(keyaccount.Unknown)} {
		if zero != 0 {
			t.Errorf("got code %d for none, want 0", zero)
		}
	}
}

// The columns of enums name every value: a value left out would be printed as the first.
func TestEnumColumnsNameEveryValue(t *testing.T) {
	seen := map[string]bool{}
	for _, x := range allTiers() {
		seen[x.String()] = true
	}
	if len(allTiers()) != tier.Tiers || len(seen) != tier.Tiers {
		t.Errorf("got %d tiers with %d names, want %d", len(allTiers()), len(seen), tier.Tiers)
	}
	values := []keyaccount.Quadrant{keyaccount.Tail, keyaccount.Key, keyaccount.Unknown}
	c := coded("quadrant", "class", values, []keyaccount.Quadrant{keyaccount.Unknown, keyaccount.Key, keyaccount.VolumeOnly, keyaccount.Niche, keyaccount.Tail}, nil)
	for i, v := range values {
		if got := c.Text(i); got != v.String() {
			t.Errorf("row %d: got %q, want %q", i, got, v)
		}
	}
}
