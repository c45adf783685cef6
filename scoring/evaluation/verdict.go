package evaluation

import (
	"fmt"
	"math"
	"strings"
)

// Word is the outcome of a comparison at the 95% level.
type Word string

// The words. Even means that the data cannot tell the two apart.
const (
	Better  Word = "better"
	Even    Word = "even"
	Worse   Word = "worse"
	Unclear Word = "unknown" // nothing to compare
)

// Comparison is a model beside a baseline on the same customers.
type Comparison struct {
	Model    string `json:"model"`
	Baseline string `json:"baseline"`
	// Measure is AUC, where more is better, or MAE, where less is.
	Measure   string `json:"measure"`
	Customers int    `json:"customers"`
	// Value and Other are the measure of model and baseline, Difference their difference with its
	// standard error and 95% interval, P the two-sided probability of one as large by chance.
	Value      Figure `json:"value"`
	Other      Figure `json:"other"`
	Difference Figure `json:"difference"`
	Error      Figure `json:"standard_error"`
	Low        Figure `json:"low"`
	High       Figure `json:"high"`
	P          Figure `json:"p"`
	Word       Word   `json:"word"`
}

// CompareAUC compares two scores by the paired test of DeLong, on the customers that both score.
func CompareAUC(model, baseline Score, event []bool) Comparison {
	if len(model.Values) != len(event) || len(baseline.Values) != len(event) {
		panic("evaluation: columns of different length")
	}
	var a, b []float64
	var e []bool
	for i := range event {
		if !math.IsNaN(model.Values[i]) && !math.IsNaN(baseline.Values[i]) {
			a, b, e = append(a, model.Values[i]), append(b, baseline.Values[i]), append(e, event[i])
		}
	}
	p, q := place(a, e), place(b, e)
	c := Comparison{
		Model: model.Name, Baseline: baseline.Name, Measure: "AUC", Customers: len(e),
		Value: Figure(p.auc()), Other: Figure(q.auc()), Error: Figure(math.Sqrt(p.minus(q).variance())),
	}
	c.conclude(1)
	return c
}

// CompareErrors compares the absolute errors of two forecasts customer by customer.
func CompareErrors(model string, forecast []float64, baseline string, other, actual []float64) Comparison {
	if len(forecast) != len(actual) || len(other) != len(actual) {
		panic("evaluation: columns of different length")
	}
	var a, b []float64
	for i, y := range actual {
		if !math.IsNaN(forecast[i]) && !math.IsNaN(other[i]) {
			a, b = append(a, math.Abs(forecast[i]-y)), append(b, math.Abs(other[i]-y))
		}
	}
	c := Comparison{
		Model: model, Baseline: baseline, Measure: "MAE", Customers: len(a), Value: Figure(mean(a)), Other: Figure(mean(b)),
		Error: Figure(math.Sqrt(variance(difference(a, b)) / float64(len(a)))),
	}
	c.conclude(-1)
	return c
}

// conclude fills what follows from the two values and the standard error; sign is +1 where more is
// better.
func (c *Comparison) conclude(sign Figure) {
	c.Difference = c.Value - c.Other
	c.Low, c.High = c.Difference-Figure(normal95)*c.Error, c.Difference+Figure(normal95)*c.Error
	c.P = Figure(twoSided(float64(c.Difference), float64(c.Error)))
	switch {
	case !c.P.Known():
		c.Word = Unclear
	case c.P >= 0.05:
		c.Word = Even
	case c.Difference*sign > 0:
		c.Word = Better
	default:
		c.Word = Worse
	}
}

// String is the comparison in words: what, by how much, and whether that can be chance.
func (c Comparison) String() string {
	if c.Word == Unclear {
		return fmt.Sprintf("%s against %s: unknown, %d customers do not decide it", c.Model, c.Baseline, c.Customers)
	}
	word := map[Word]string{Better: "better than", Even: "not distinguishable from", Worse: "worse than"}[c.Word]
	return fmt.Sprintf("%s is %s %s: %s %.4f against %.4f, difference %+.4f (95%% %+.4f to %+.4f)",
		c.Model, word, c.Baseline, c.Measure, c.Value, c.Other, c.Difference, c.Low, c.High)
}

// Verdict sums up how a model stands against all its baselines.
type Verdict struct {
	// Word is Better where the model beats every baseline, Worse where it loses to one, Unclear
	// where a comparison has no answer and none is lost, Even otherwise.
	Word Word `json:"word"`
	// Text is one sentence for a reader.
	Text        string       `json:"text"`
	Comparisons []Comparison `json:"comparisons"`
}

// Against judges a model by its comparisons with the baselines.
func Against(model string, comparisons ...Comparison) Verdict {
	by := map[Word][]string{}
	for _, c := range comparisons {
		by[c.Word] = append(by[c.Word], c.Baseline)
	}
	v := Verdict{Comparisons: comparisons}
	switch n := len(comparisons); {
	case len(by[Worse]) > 0:
		v.Word = Worse
	case n == 0 || len(by[Unclear]) > 0:
		v.Word = Unclear
	case len(by[Better]) == n:
		v.Word = Better
	default:
		v.Word = Even
	}
	var parts []string
	for _, p := range []struct {
		word Word
		text string
	}{{Better, "beats"}, {Even, "is no better than"}, {Worse, "is worse than"}, {Unclear, "cannot be compared with"}} {
		if names := by[p.word]; len(names) > 0 {
			parts = append(parts, p.text+" "+strings.Join(names, ", "))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "has no baseline to be judged by")
	}
	v.Text = model + " " + strings.Join(parts, "; it ")
	return v
}
