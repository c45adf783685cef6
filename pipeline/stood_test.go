package pipeline_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
)

// A customer moves up by a criterion that it failed in the run before, and down by one that it fails.
func TestMoversCriteriaAreTrue(t *testing.T) {
	for _, c := range []struct {
		yaml string
		want []string // criteria that somebody must have moved by, or nothing was tested
	}{
		{"models: off\n", []string{"up: volume", "up: last purchase", "down: life stage", "down: volume"}},
		{"models: off\nwindow: 90\n", []string{"up: volume", "down: last purchase"}},
		{"models: off\nkey_account: {volume: amount 5000, margin: rate 0.25}\n", []string{"up: volume", "up: margin", "up: one step a run", "down: volume"}},
		{"models: off\nkey_account: {volume: amount 5000, margin: rate 0.3}\ntier: {keep: 1, wait: 1}\n", []string{"up: margin", "down: margin"}},
	} {
		t.Run(c.yaml, func(t *testing.T) {
			cfg := configured(t, c.yaml, demo(t))
			var before *sheet
			seen := map[string]int{}
			for _, day := range []string{"2025-05-01", "2025-06-01", "2025-07-01", "2025-08-01", "2025-09-01", "2025-10-01", "2025-11-01", "2025-12-01"} {
				if err := cfg.SetAsOf(day); err != nil {
					t.Fatal(err)
				}
				out := runNight(t, cfg, 2)
				now := customersOf(t, out)
				if before != nil {
					moversAreTrue(t, out, before, now, seen)
				}
				before = now
			}
			t.Log(seen)
			for _, criterion := range c.want {
				if seen[criterion] == 0 {
					t.Errorf("nobody moved %s, so nothing was tested: %v", criterion, seen)
				}
			}
		})
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

func moversAreTrue(t *testing.T, out *pipeline.Outcome, before, now *sheet, seen map[string]int) {
	t.Helper()
	for _, m := range readCSV(t, filepath.Join(out.Dir, "movers.csv"))[1:] {
		if m[5] != "up" && m[5] != "down" || now.text(now.row(m[0]), "account_role") == "child" {
			continue
		}
		seen[m[5]+": "+m[6]]++
		s := now // that fails the criterion
		if m[5] == "up" {
			s = before
		}
		of := func(column string) string { return s.text(s.row(m[0]), column) }
		quadrant, tier := of("quadrant"), of("cut_tier")
		loyal := of("life_stage") == "loyal" || of("life_stage") == "partner"
		sold := s.amount(s.row(m[0]), "net_sales_window") > 0
		failed := false
		switch m[6] {
		case "volume":
			failed = quadrant == "NICHE" || quadrant == "TAIL" || quadrant == "UNKNOWN" && !sold
		case "margin":
			failed = quadrant == "VOLUME_ONLY" || quadrant == "TAIL" || quadrant == "UNKNOWN" && sold
		case "life stage":
			failed = !loyal && quadrant == "KEY"
		case "credit":
			failed = of("credit_state") != "GOOD"
		case "gross profit among KEY accounts":
			failed = quadrant == "KEY" && loyal
		case "one step a run":
			failed = m[5] == "up" && (tier == "core" || tier == m[4])
		case "last purchase", "first purchase":
			failed = tier == "dormant" || tier == "prospect"
		default:
			t.Errorf("as of %s: criterion %q of %s is unknown", out.Manifest.AsOf, m[6], m[0])
		}
		if !failed {
			t.Errorf("as of %s: %s moved %s from %s to %s by %s, %s; but what should fail it was %s, %s, credit %s, tier %s", out.Manifest.AsOf, m[0], m[5], m[3], m[4], m[6], m[7],
				quadrant, of("life_stage"), of("credit_state"), tier)
		}
	}
}
