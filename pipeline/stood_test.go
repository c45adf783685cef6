package pipeline_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
)

// A customer moves up by a criterion that it failed in the run before, and passes now.
func TestMoversUpFailedTheirCriterionBefore(t *testing.T) {
	c := demo(t)
	var before *sheet
	seen := map[string]int{}
	for _, day := range []string{"2025-06-01", "2025-07-01", "2025-08-01", "2025-09-01", "2025-10-01", "2025-11-01", "2025-12-01"} {
		if err := c.SetAsOf(day); err != nil {
			t.Fatal(err)
		}
		out := runNight(t, c, 2)
		now := customersOf(t, out)
		if before != nil {
			moversUp(t, out, before, now, seen)
		}
		before = now
	}
	t.Log(seen)
	for _, criterion := range []string{"volume", "life stage", "last purchase"} {
		if seen[criterion] == 0 {
			t.Errorf("nobody moved up by %s, so nothing was tested: %v", criterion, seen)
		}
	}
}

// Who comes back large climbs a step a run, and is told that it is no new achievement.
func TestMoversUpOneStepARun(t *testing.T) {
	c := small{orders: "order_id,customer_id,ordered_at,quantity,unit_price\n" +
		"1,S,2022-01-05,1,10\n2,T,2024-01-05,1,50\n3,T,2024-05-05,1,50\n4,S,2024-05-10,100,100\n"}.config(t, "models: off\n")
	var got []string
	for _, day := range []string{"2024-05-01", "2024-06-01", "2024-07-01"} {
		if err := c.SetAsOf(day); err != nil {
			t.Fatal(err)
		}
		for _, m := range readCSV(t, filepath.Join(runNight(t, c, 1).Dir, "movers.csv"))[1:] {
			if m[0] == "S" {
				got = append(got, m[3]+" to "+m[4]+": "+m[6])
			}
		}
	}
	if want := []string{"dormant to general: last purchase", "general to key: one step a run"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func moversUp(t *testing.T, out *pipeline.Outcome, before, now *sheet, seen map[string]int) {
	t.Helper()
	for _, m := range readCSV(t, filepath.Join(out.Dir, "movers.csv"))[1:] {
		if m[5] != "up" || now.text(now.row(m[0]), "account_role") == "child" {
			continue
		}
		seen[m[6]]++
		old := func(column string) string { return before.text(before.row(m[0]), column) }
		loyal := old("life_stage") == "loyal" || old("life_stage") == "partner"
		passed := true
		switch m[6] {
		case "volume":
			passed = old("quadrant") == "KEY" || old("quadrant") == "VOLUME_ONLY"
		case "margin":
			passed = old("quadrant") == "KEY" || old("quadrant") == "NICHE"
		case "life stage":
			passed = loyal || old("quadrant") != "KEY"
		case "credit":
			passed = old("credit_state") == "GOOD"
		case "gross profit among KEY accounts":
			passed = old("quadrant") != "KEY" || !loyal
		case "one step a run":
			passed = old("cut_tier") != "core" && old("cut_tier") != m[4]
		case "last purchase", "first purchase":
			passed = old("cut_tier") != "dormant" && old("cut_tier") != "prospect"
		default:
			t.Errorf("as of %s: criterion %q of %s is unknown", out.Manifest.AsOf, m[6], m[0])
		}
		if passed {
			t.Errorf("as of %s: %s moved from %s to %s by %s, %s; but it was %s, %s, credit %s before", out.Manifest.AsOf, m[0], m[3], m[4], m[6], m[7],
				old("quadrant"), old("life_stage"), old("credit_state"))
		}
	}
}
