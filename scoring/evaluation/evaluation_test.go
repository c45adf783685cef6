package evaluation_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/scoring/evaluation"
	"pgregory.net/rapid"
)

// cases draws scores that tie often and outcomes of both kinds or of one.
func cases(t *rapid.T) (score []float64, event []bool, spend []float64) {
	n := rapid.IntRange(0, 60).Draw(t, "n")
	levels := rapid.IntRange(1, 12).Draw(t, "levels")
	for range n {
		score = append(score, float64(rapid.IntRange(0, levels).Draw(t, "score"))/float64(levels))
		event = append(event, rapid.Bool().Draw(t, "event"))
		spend = append(spend, float64(rapid.IntRange(0, 9).Draw(t, "spend")))
	}
	return score, event, spend
}

// naiveAUC asks every pair.
func naiveAUC(score []float64, event []bool) float64 {
	var wins, pairs float64
	for i := range score {
		for j := range score {
			if event[i] && !event[j] {
				pairs++
				switch {
				case score[i] > score[j]:
					wins++
				case score[i] == score[j]:
					wins += 0.5
				}
			}
		}
	}
	return wins / pairs
}

// naivePrecision is the mean over the events of the precision at their own score.
func naivePrecision(score []float64, event []bool) float64 {
	var sum, events float64
	for i := range score {
		if !event[i] {
			continue
		}
		events++
		var above, hits float64
		for j := range score {
			if score[j] >= score[i] {
				above++
				if event[j] {
					hits++
				}
			}
		}
		sum += hits / above
	}
	return sum / events
}

func TestAgreesWithTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		score, event, spend := cases(t)
		j := evaluation.Judge(evaluation.Score{Name: "s", Values: score, Probability: true}, evaluation.Outcome{Event: event, Spend: spend})
		var events int
		var brier float64
		for i, e := range event {
			y := 0.0
			if e {
				events, y = events+1, 1
			}
			brier += (score[i] - y) * (score[i] - y)
		}
		auc, pr := naiveAUC(score, event), naivePrecision(score, event)
		if events == len(event) { // precision exists, ranking does not
			pr = math.NaN()
		}
		same := cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-12)}
		for name, x := range map[string][2]float64{
			"AUC": {float64(j.AUC), auc}, "PR AUC": {float64(j.PRAUC), pr}, "Brier": {float64(j.Brier), brier / float64(len(event))},
		} {
			if !cmp.Equal(x[0], x[1], same) {
				t.Fatalf("%s: got %v, want %v", name, x[0], x[1])
			}
		}
		if !math.IsNaN(auc) && !(float64(j.AUCLow) <= auc && auc <= float64(j.AUCHigh)) && events > 1 && len(event)-events > 1 {
			t.Fatalf("got interval %v..%v, want it around %v", j.AUCLow, j.AUCHigh, auc)
		}
	})
}

// The order of the rows says nothing, and neither does the direction of time through equal scores.
func TestPermutationChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		score, event, spend := cases(t)
		order := rapid.Permutation(indices(len(score))).Draw(t, "order")
		judge := func(at []int) (evaluation.Judged, evaluation.Forecast) {
			var s, p []float64
			var e []bool
			for _, i := range at {
				s, e, p = append(s, score[i]), append(e, event[i]), append(p, spend[i])
			}
			return evaluation.Judge(evaluation.Score{Values: s, Probability: true}, evaluation.Outcome{Event: e, Spend: p}), evaluation.Measure("", s, p)
		}
		a, f := judge(indices(len(score)))
		b, g := judge(order)
		same := cmp.Comparer(func(x, y evaluation.Figure) bool {
			return !x.Known() && !y.Known() || math.Abs(float64(x-y)) <= 1e-12
		})
		if diff := cmp.Diff(a, b, same) + cmp.Diff(f, g, same); diff != "" {
			t.Fatal(diff)
		}
	})
}

func indices(n int) []int {
	x := make([]int, n)
	for i := range x {
		x[i] = i
	}
	return x
}

// A binary actual makes the normalised Gini 2 AUC - 1, and bins hold everybody's mean.
func TestIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		score, event, _ := cases(t)
		actual := make([]float64, len(event))
		for i, e := range event {
			if e {
				actual[i] = 1
			}
		}
		f := evaluation.Measure("", score, actual)
		auc := naiveAUC(score, event)
		if !math.IsNaN(auc) && math.Abs(float64(f.Gini)-(2*auc-1)) > 1e-12 {
			t.Fatalf("got Gini %v, want 2 x %v - 1", f.Gini, auc)
		}
		var n int
		var p, a float64
		for i, b := range f.Bins {
			n += b.Customers
			p += float64(b.Customers) * float64(b.Forecast)
			a += float64(b.Customers) * float64(b.Actual)
			if i > 0 && (b.From < f.Bins[i-1].To || b.Customers-f.Bins[i-1].Customers > 1 || f.Bins[i-1].Customers-b.Customers > 1) {
				t.Fatalf("got bin %+v after %+v", b, f.Bins[i-1])
			}
		}
		if n != len(score) || n > 0 && (math.Abs(p-float64(f.Predicted)) > 1e-9 || math.Abs(a-float64(f.Actual)) > 1e-9) {
			t.Fatalf("bins hold %d customers, %v and %v; want %d, %v and %v", n, p, a, len(score), f.Predicted, f.Actual)
		}
	})
}

// Whatever has no answer is unknown, with a note, and never a number made up.
func TestDegenerate(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name       string
		score      []float64
		event      []bool
		spend      []float64
		auc, brier float64
		note       string
	}{
		{"nobody", nil, nil, nil, nan, nan, "no customer"},
		{"nobody with a score", []float64{nan, nan}, []bool{true, false}, nil, nan, nan, "no customer"},
		{"all had it", []float64{.1, .2}, []bool{true, true}, nil, nan, (.81 + .64) / 2, "same outcome"},
		{"none had it", []float64{.1, .2}, []bool{false, false}, nil, nan, (.01 + .04) / 2, "same outcome"},
		{"all tied", []float64{.5, .5, .5}, []bool{true, false, false}, nil, 0.5, .25, "all scores are equal"},
		{"no spend", []float64{.5, .6}, []bool{true, false}, []float64{0, 0}, 0, (.25 + .36) / 2, "no positive spend"},
		{"one left out", []float64{.6, .5, nan}, []bool{true, false, true}, nil, 1, (.16 + .25) / 2, "left out"},
	} {
		j := evaluation.Judge(evaluation.Score{Values: c.score, Probability: true}, evaluation.Outcome{Event: c.event, Spend: c.spend})
		same := cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-12)}
		if !cmp.Equal(float64(j.AUC), c.auc, same) || !cmp.Equal(float64(j.Brier), c.brier, same) {
			t.Errorf("%s: got AUC %v, Brier %v, want %v, %v", c.name, j.AUC, j.Brier, c.auc, c.brier)
		}
		if !strings.Contains(strings.Join(j.Notes, "; "), c.note) {
			t.Errorf("%s: got notes %q, want one about %q", c.name, j.Notes, c.note)
		}
		if _, err := json.Marshal(j); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	f := evaluation.Measure("", []float64{1, 2}, []float64{0, 0})
	if f.Gini.Known() || f.MAE != 1.5 || f.Bias != 1.5 || len(f.Notes) == 0 {
		t.Errorf("nothing came: got %+v, want unknown Gini, MAE and bias 1.5 and a note", f)
	}
}

func TestFigureJSON(t *testing.T) {
	for _, x := range []float64{0, 0.25, math.NaN(), math.Inf(1)} {
		b, err := json.Marshal(evaluation.Figure(x))
		if err != nil {
			t.Fatal(err)
		}
		var got evaluation.Figure
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if known := !math.IsNaN(x) && !math.IsInf(x, 0); got.Known() != known || known && float64(got) != x {
			t.Errorf("%v: wrote %s, read %v", x, b, got)
		}
	}
}

// Calibrated deciles of probability k/10 with outcomes at that rate have no calibration error;
// shifted by 0.05 they have exactly that.
func TestCalibrationError(t *testing.T) {
	var p, off []float64
	var event []bool
	for k := range 10 {
		for i := range 10 {
			p, event = append(p, float64(k)/10), append(event, i < k)
			off = append(off, float64(k)/10+0.05)
		}
	}
	for _, c := range []struct {
		p    []float64
		want float64
	}{{p, 0}, {off, 0.05}} {
		j := evaluation.Judge(evaluation.Score{Values: c.p, Probability: true}, evaluation.Outcome{Event: event})
		if math.Abs(float64(j.ECE)-c.want) > 1e-12 {
			t.Errorf("got ECE %v, want %v", j.ECE, c.want)
		}
	}
}

// True probabilities have a calibration error by luck alone; ECEByChance is its mean over many lives.
func TestChanceOfCalibrationError(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	p, event := make([]float64, 2357), make([]bool, 2357)
	for i := range p {
		p[i] = math.Pow(r.Float64(), 0.5)
	}
	var sum, said float64
	const lives = 400
	for range lives {
		for i := range event {
			event[i] = r.Float64() < p[i]
		}
		j := evaluation.Judge(evaluation.Score{Values: p, Probability: true}, evaluation.Outcome{Event: event})
		sum, said = sum+float64(j.ECE), float64(j.ECEByChance)
	}
	// The mean of 400 errors is known to about 1%.
	if got := sum / lives; math.Abs(got/said-1) > 0.04 {
		t.Errorf("got a mean error of %.5f, ECEByChance says %.5f", got, said)
	}
}
