package pipeline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
)

// The settings of a file override those of its preset key by key.
func TestSettingsOverPreset(t *testing.T) {
	uci, err := layout.LoadPreset("uci")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, yaml string
		want       func(s *layout.Settings)
	}{
		{"preset alone", "preset: uci\n", func(*layout.Settings) {}},
		{"settings without a value", "preset: uci\nsettings:\n", func(*layout.Settings) {}},
		{"one key", "preset: uci\nsettings: {float_ids: false}\n", func(s *layout.Settings) { s.FloatIDs = false }},
		{"keys before the preset", "settings: {tax_rate: 19%, return_id_prefix: []}\npreset: uci\n", func(s *layout.Settings) {
			s.TaxRate, s.ReturnIDPrefix = 19*money.OneRate/100, []string{}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := uci.Settings
			tc.want(&want)
			if diff := cmp.Diff(want, configured(t, tc.yaml, pipeline.Config{}).Settings); diff != "" {
				t.Errorf("settings: -want +got\n%s", diff)
			}
		})
	}
	if again, err := layout.LoadPreset("uci"); err != nil || !again.Settings.FloatIDs {
		t.Errorf("the preset itself changed: %+v, %v", again, err)
	}
}

// Shares are read by their digits, so that no float rounds them, and cuts by their words.
func TestConfigWords(t *testing.T) {
	c := configured(t, `
orders: a.csv
crm: [b.csv, c.csv]
window: all
max_rejects: 0.25%
memory: 1.5GiB
pareto: {a: 70%, b: "0.9"}
key_account: {volume: percentile 0.75, margin: rate 12.5%, raw_margin: true, min_cost_coverage: 0.6}
`, pipeline.Config{Orders: []string{"base.csv"}, Products: []string{"p.csv"}, Window: 90})
	rate := func(permille int64) money.Rate { return money.Rate(permille) * money.OneRate / 1000 }
	want := pipeline.Config{
		Orders: []string{"a.csv"}, CRM: []string{"b.csv", "c.csv"}, Products: []string{"p.csv"}, AllTime: true, Memory: 3 << 29,
		MaxRejects: pipeline.Tolerance{Set: true, Share: money.OneRate / 400},
	}
	want.Pareto.A, want.Pareto.B = rate(700), rate(900)
	want.KeyAccount.Volume = keyaccount.VolumeCut{By: keyaccount.VolumePercentile, Percentile: rate(750)}
	want.KeyAccount.Margin = keyaccount.MarginCut{By: keyaccount.MarginRate, Rate: rate(125), Raw: true}
	want.KeyAccount.MinCoverage = rate(600)
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("config: -want +got\n%s", diff)
	}
}

// Every fault of a file is told at once, with the file's name; none stops the reading of the others.
func TestConfigFaults(t *testing.T) {
	_, err := pipeline.ParseConfig("night.yaml", []byte("as_of: tomorrow\nwindow: 0\nkey_account: {volume: most, margin: rate much}\nmax_rejects: -1\nmemory: none\nhurry: yes\n"), pipeline.Config{})
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{"as_of: ", "tomorrow", "window: ", "key_account.volume: ", "key_account.margin: ", "max_rejects: ", "memory: ", `line 6: unknown key "hurry"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want %q in it", err, want)
		}
	}
	for line := range strings.Lines(err.Error()) {
		if !strings.HasPrefix(line, "night.yaml") {
			t.Errorf("got %q, want it to begin with the file", line)
		}
	}
}
