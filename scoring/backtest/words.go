package backtest

import (
	"fmt"
	"strings"

	"github.com/vitalfew/vitalfew/scoring/evaluation"
)

// sumUp says in words how the days came out.
func (r *Report) sumUp() {
	say := func(format string, args ...any) { r.Words = append(r.Words, fmt.Sprintf(format, args...)) }
	for _, t := range r.Trials {
		if t.Fallback != "" {
			say("on %s the purchase model stood in for the churn model: %s", t.AsOf, t.Fallback)
		}
	}
	r.tally(say, "who stays away", func(t *Trial) evaluation.Verdict { return t.Churn.Verdict })
	for _, t := range r.Trials {
		if s := Calibration(t.Churn.Scores[0]); s != "" {
			say("%s: %s %s", t.AsOf, t.Churn.Scores[0].Name, s)
		}
	}
	r.tally(say, "purchases", func(t *Trial) evaluation.Verdict { return t.Purchases.Verdict })
	r.tally(say, "sales of purchases", func(t *Trial) evaluation.Verdict { return t.Sales.Verdict })
	r.tally(say, "gross profit", func(t *Trial) evaluation.Verdict { return t.Profit.Verdict })
}

// tally counts on how many days the model came out better, even or worse against each baseline.
func (r *Report) tally(say func(string, ...any), about string, of func(*Trial) evaluation.Verdict) {
	type key struct{ model, baseline string }
	var order []key
	counts := map[key]map[evaluation.Word]int{}
	measure := ""
	for _, t := range r.Trials {
		for _, c := range of(t).Comparisons {
			k := key{c.Model, c.Baseline}
			if counts[k] == nil {
				counts[k], order = map[evaluation.Word]int{}, append(order, k)
			}
			counts[k][c.Word]++
			measure = c.Measure
		}
	}
	for _, k := range order {
		var parts []string
		n := 0
		for _, w := range []struct {
			word evaluation.Word
			text string
		}{{evaluation.Better, "better"}, {evaluation.Even, "no different beyond chance"}, {evaluation.Worse, "worse"}, {evaluation.Unclear, "unknown"}} {
			if c := counts[k][w.word]; c > 0 {
				parts = append(parts, fmt.Sprintf("%s on %d", w.text, c))
				n += c
			}
		}
		say("%s, %s against %s by %s: %s of %d days", about, k.model, k.baseline, measure, strings.Join(parts, ", "), n)
	}
}

// Calibration says how true the probabilities of a score were; "" for a score that is none.
func Calibration(j evaluation.Judged) string {
	if !j.ECE.Known() {
		return ""
	}
	said := 0.0
	for _, b := range j.Bins {
		said += float64(b.Customers) * float64(b.Forecast) / float64(j.Customers)
	}
	came := float64(j.Events) / float64(j.Customers)
	word := "no more than"
	switch {
	case j.ECE > 2*j.ECEByChance:
		word = "well beyond"
	case j.ECE > 1.25*j.ECEByChance:
		word = "somewhat beyond"
	}
	return fmt.Sprintf("said %.1f%%, %.1f%% came; calibration error %.3f, %s the %.3f of chance alone", 100*said, 100*came, j.ECE, word, j.ECEByChance)
}
