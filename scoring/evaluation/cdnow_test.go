package evaluation_test

import (
	"cmp"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/scoring/evaluation"
)

// cdnow is the CDNOW sample split at 1997-09-30: what the baselines see, and the 39 weeks after.
type cdnow struct {
	recency, frequency, spend []float64
	factor                    []float64 // gap / mean gap
	event                     []bool
	holdout                   []float64
}

func readCDNOW(t *testing.T) cdnow {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is unset: point it at the reference data to run this test")
	}
	f, err := os.Open(filepath.Join(dir, "cdnow", "btyd_cdnow_cbs_days.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var d cdnow
	for _, r := range records[1:] {
		x, tx, end, star := number(t, r[1]), number(t, r[2]), number(t, r[3]), number(t, r[4])
		d.recency = append(d.recency, tx-end)
		d.frequency = append(d.frequency, x)
		d.event = append(d.event, star > 0)
		factor := 1.0 // the time observed stands for the mean gap of a one-timer
		if x > 0 {
			factor = (end - tx) / (tx / x)
		}
		d.factor = append(d.factor, -factor)
	}
	d.spend, d.holdout = make([]float64, len(d.event)), make([]float64, len(d.event))
	d.addSpend(t, filepath.Join(dir, "cdnow", "CDNOW_sample.txt"))
	return d
}

func (d *cdnow) addSpend(t *testing.T, name string) {
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	end, _ := civil.Of(1997, 9, 30)
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		day, err := civil.Parse(f[2][:4] + "-" + f[2][4:6] + "-" + f[2][6:])
		if err != nil {
			t.Fatal(err)
		}
		c := int(number(t, f[1])) - 1
		if day <= end {
			d.spend[c] += number(t, f[4])
		} else {
			d.holdout[c] += number(t, f[4])
		}
	}
}

func number(t *testing.T, s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// tieRange is the least and greatest share of a weight that the top k customers can hold, by how
// equal scores are put in order.
func tieRange(score, weight []float64, k int) (lo, hi float64) {
	order := indices(len(score))
	var all float64
	for _, w := range weight {
		all += w
	}
	for _, sign := range []float64{-1, 1} {
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(sign*weight[b], sign*weight[a]))
		})
		var top float64
		for _, i := range order[:k] {
			top += weight[i]
		}
		lo, hi = hi, top/all
	}
	return lo, hi
}

// The wanted figures are table 2.9 of reference/clv.md, computed apart from this project. It cuts
// equal scores in some row order, we pro rata: both have to lie in what ties can make of the cut
// (lift to 0.02, share to 0.002, as the table is rounded and a tenth of 2,357 is no whole number).
func TestCDNOWBaselines(t *testing.T) {
	d := readCDNOW(t)
	active := make([]float64, len(d.event))
	for i, e := range d.event {
		if e {
			active[i] = 1
		}
	}
	for _, c := range []struct {
		name             string
		score            []float64
		auc, lift, top10 float64
	}{
		{"recency", d.recency, .7714, 2.61, .411},
		{"frequency", d.frequency, .7576, 2.45, .445},
		{"past spend", d.spend, .7268, 2.32, .481},
		{"churn factor", d.factor, .5449, 2.33, .312},
	} {
		j := evaluation.Judge(evaluation.Score{Name: c.name, Values: c.score}, evaluation.Outcome{Event: d.event, Spend: d.holdout})
		t.Logf("%s: AUC %.4f (%.4f..%.4f), lift %.3f, top 10%% %.4f", c.name, j.AUC, j.AUCLow, j.AUCHigh, j.Lift, j.Capture10)
		if math.Abs(float64(j.AUC)-c.auc) > 5e-5 {
			t.Errorf("%s: got AUC %.4f, want %v", c.name, j.AUC, c.auc)
		}
		for what, x := range map[string]struct {
			got, want, scale, slack float64
			weight                  []float64
		}{
			"lift": {float64(j.Lift), c.lift, 10, 0.02, active}, "top 10%": {float64(j.Capture10), c.top10, 1, 0.002, d.holdout},
		} {
			lo, _ := tieRange(c.score, x.weight, 235)
			_, hi := tieRange(c.score, x.weight, 236)
			for _, v := range []float64{x.got, x.want} {
				if v < x.scale*lo-x.slack || v > x.scale*hi+x.slack {
					t.Errorf("%s: %s is %.3f, ties allow %.3f..%.3f", c.name, what, v, x.scale*lo, x.scale*hi)
				}
			}
			if c.name != "frequency" && math.Abs(x.got-x.want) > x.slack { // the only one with many ties at the cut
				t.Errorf("%s: got %s %.4f, want %v", c.name, what, x.got, x.want)
			}
		}
		if j.Brier.Known() || j.Customers != 2357 {
			t.Errorf("%s: got Brier %v of %d customers, want none and 2357", c.name, j.Brier, j.Customers)
		}
	}
}
