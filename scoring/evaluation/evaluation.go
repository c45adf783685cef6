// Package evaluation judges forecasts against what came.
//
//  1. Judge takes a score and who had the event: how well it ranks (ROC AUC with its interval, PR AUC,
//     lift, spend capture, EMPC) and, for a probability, how true it is (Brier, ECE, the bins).
//  2. Measure takes a forecast of an amount: MAE, RMSE, bias, the decile table, normalised Gini.
//  3. CompareAUC and CompareErrors put two of them side by side on the same customers, with the
//     interval of the difference; Against says in words whether a model beats the naive baselines.
//
// # Ties and order
//
// Customers with equal scores are one group everywhere: AUC counts half a win, and a cut through a
// group takes its events and spend pro rata. So no figure depends on the order of equal scores.
//
// # Unknown
//
// A customer whose score is NaN is left out and counted in Unknown. A figure that the data cannot
// give (all of one class, nobody at all, no spend) is NaN, in JSON null, and Notes say why.
package evaluation

import (
	"encoding/json"
	"math"
)

// Figure is a measured value; NaN means unknown and is null in JSON.
type Figure float64

// Known reports whether f has a value.
func (f Figure) Known() bool { return !math.IsNaN(float64(f)) }

// MarshalJSON writes the number, or null where it is unknown or infinite.
func (f Figure) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(f))
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Figure) UnmarshalJSON(b []byte) error {
	v := math.NaN()
	if string(b) != "null" {
		if err := json.Unmarshal(b, &v); err != nil {
			return err
		}
	}
	*f = Figure(v)
	return nil
}

func unknown() Figure { return Figure(math.NaN()) }

// Score is one column to judge: the higher, the likelier the event.
type Score struct {
	Name string
	// Values has one score per customer; NaN is unknown. Probabilities lie in 0..1.
	Values []float64
	// Probability says that Values are probabilities, so that Brier and ECE mean something.
	Probability bool
}

// Outcome is what came, one entry per customer.
type Outcome struct {
	// Event says who had the event that the score is about.
	Event []bool
	// Spend is the holdout spend in currency units; nil where capture is not asked for.
	Spend []float64
}

// Judged are the figures of one score.
type Judged struct {
	Name string `json:"name"`
	// Customers were judged, Events of them had the event; Unknown had no score.
	Customers int `json:"customers"`
	Events    int `json:"events"`
	Unknown   int `json:"unknown"`
	// AUC is the area under the ROC curve, 0..1, ties by mid-rank; Low and High its 95% interval
	// (DeLong).
	AUC     Figure `json:"auc"`
	AUCLow  Figure `json:"auc_low"`
	AUCHigh Figure `json:"auc_high"`
	// PRAUC is the average precision, 0..1; a random order gives Events / Customers.
	PRAUC Figure `json:"pr_auc"`
	// Lift is the event rate in the top 10% of scores over that of all, 0..10.
	Lift Figure `json:"top_decile_lift"`
	// Capture10 and Capture20 are the shares of the holdout spend in the top 10% and 20%.
	Capture10 Figure `json:"spend_in_top_10"`
	Capture20 Figure `json:"spend_in_top_20"`
	// EMPC is the expected maximum profit of a retention campaign per customer, where the event is
	// churn; Fraction is the share of customers that it targets.
	EMPC     Figure `json:"empc"`
	Fraction Figure `json:"empc_fraction"`
	// Brier is the mean squared error of the probability, ECE the mean distance between promised and
	// observed rate over ten bins of equal count. Unknown for a score that is no probability.
	Brier Figure `json:"brier"`
	ECE   Figure `json:"ece"`
	// ECEByChance is the ECE to expect where every probability is exactly true: a customer buys or does not,
	// so the rate of a bin is off by luck alone. An ECE near it cannot be told from perfect calibration.
	ECEByChance Figure   `json:"ece_by_chance"`
	Bins        []Bin    `json:"bins,omitempty"`
	Notes       []string `json:"notes,omitempty"`
}

// Judge computes every figure of a score. It panics on columns of different length.
func Judge(s Score, o Outcome) Judged {
	values, event, spend := known(s.Values, o)
	g := groupBy(values, event, spend)
	j := Judged{
		Name: s.Name, Customers: len(values), Events: total(event), Unknown: len(s.Values) - len(values),
		AUC: unknown(), AUCLow: unknown(), AUCHigh: unknown(), PRAUC: unknown(), Lift: unknown(), Capture10: unknown(),
		Capture20: unknown(), EMPC: unknown(), Fraction: unknown(), Brier: unknown(), ECE: unknown(), ECEByChance: unknown(),
	}
	if j.Unknown > 0 {
		j.note("customers without a score were left out")
	}
	if j.Customers == 0 {
		j.note("no customer to judge")
		return j
	}
	j.rank(g, values, event)
	if spend != nil {
		j.Capture10, j.Capture20 = Figure(g.top(0.1, spendOf)), Figure(g.top(0.2, spendOf))
		if !j.Capture10.Known() {
			j.note("no positive spend to capture")
		}
	}
	if s.Probability {
		j.calibrate(values, event)
	}
	return j
}

func (j *Judged) note(why string) { j.Notes = append(j.Notes, why) }

func (j *Judged) rank(g groups, values []float64, event []bool) {
	if j.Events == 0 || j.Events == j.Customers {
		j.note("all customers had the same outcome: ranking figures are unknown")
		return
	}
	if len(g) == 1 {
		j.note("all scores are equal: no customer is ranked before another")
	}
	j.PRAUC, j.Lift = Figure(g.averagePrecision()), Figure(10*g.top(0.1, eventsOf))
	if j.Customers < 10 {
		j.Lift = unknown()
		j.note("fewer than 10 customers: there is no top decile")
	}
	empc := EMPC(values, event, Retention{})
	j.EMPC, j.Fraction = empc.Profit, empc.Fraction
	p := place(values, event)
	j.AUC = Figure(p.auc())
	if se := math.Sqrt(p.variance()); !math.IsNaN(se) {
		j.AUCLow = Figure(math.Max(0, float64(j.AUC)-float64(normal95*se)))
		j.AUCHigh = Figure(math.Min(1, float64(j.AUC)+float64(normal95*se)))
	}
}

func (j *Judged) calibrate(values []float64, event []bool) {
	actual := make([]float64, len(values))
	var brier float64
	for i, p := range values {
		if event[i] {
			actual[i] = 1
		}
		brier += float64((p - actual[i]) * (p - actual[i]))
	}
	j.Brier = Figure(brier / float64(len(values)))
	j.Bins = Calibration(values, actual, 10)
	var ece float64
	for _, b := range j.Bins {
		ece += float64(float64(b.Customers) * math.Abs(float64(b.Forecast-b.Actual)))
	}
	j.ECE = Figure(ece / float64(len(values)))
	j.ECEByChance = Figure(eceByChance(values, len(j.Bins)))
}

// known keeps the customers with a score.
func known(values []float64, o Outcome) (v []float64, event []bool, spend []float64) {
	if len(values) != len(o.Event) || o.Spend != nil && len(o.Spend) != len(values) {
		panic("evaluation: columns of different length")
	}
	for i, x := range values {
		if math.IsNaN(x) {
			continue
		}
		v, event = append(v, x), append(event, o.Event[i])
		if o.Spend != nil {
			spend = append(spend, o.Spend[i])
		}
	}
	return v, event, spend
}

func total(event []bool) (n int) {
	for _, e := range event {
		if e {
			n++
		}
	}
	return n
}
