package churn

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/scoring/evaluation"
)

// Model is a fitted churn model, or the reason why there is none.
type Model struct {
	features    []feature
	beta        []float64 // constant, base, features
	calibration *Isotonic // nil: the logistic curve itself
	horizon     int       // of the slices it learned from
	withBase    bool
	workers     int
	// Diagnostics say what was learned from what, and how it did on the last slice.
	Diagnostics Diagnostics
}

// Fallback reports that Score will return the base unchanged.
func (m *Model) Fallback() bool { return m.beta == nil }

// Diagnostics are the manifest's record of a model.
type Diagnostics struct {
	// Fallback is why the base stands in for a model; empty for a fitted one.
	Fallback string `json:"fallback,omitempty"`
	// Slices are the training slices, oldest first.
	Slices []SliceRecord `json:"slices"`
	// Lambda is the strength of the penalty, chosen among 4⁰..4⁸ by Validation on later slices; Steps
	// counts Newton steps of the last fit.
	Lambda     float64      `json:"lambda,omitempty"`
	Steps      int          `json:"steps,omitempty"`
	Validation []Validation `json:"validation,omitempty"`
	// Coefficients are per population standard deviation of the feature, in log-odds.
	Coefficients []Coefficient `json:"coefficients,omitempty"`
	// HeldOut judges the model that had not seen the last slice on it, beside the base and recency.
	HeldOut []evaluation.Judged `json:"held_out,omitempty"`
	Verdict *evaluation.Verdict `json:"verdict,omitempty"`
	// Calibration is the monotone map that the last slice taught; nil where it was too small.
	Calibration *Isotonic `json:"calibration,omitempty"`
	// CarriedOver says that the horizon asked for is longer than that of the slices.
	CarriedOver bool `json:"carried_over,omitempty"`
}

// SliceRecord is one training slice.
type SliceRecord struct {
	AsOf      string `json:"as_of"`
	Horizon   int    `json:"horizon_days"`
	Customers int    `json:"customers"`
	Churned   int    `json:"churned"`
}

// Validation is the mean log-loss on later slices under one penalty.
type Validation struct {
	Lambda  float64 `json:"lambda"`
	LogLoss float64 `json:"log_loss"`
}

// Coefficient is what one standard deviation of a feature adds to the log-odds of churn.
type Coefficient struct {
	Feature string  `json:"feature"`
	Weight  float64 `json:"weight"`
}

// Fit learns from labelled slices of one horizon, oldest first. Too little data is no error: the model
// then is a Fallback that says what was missing.
func Fit(train []*Snapshot, o Options) (*Model, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	o = o.defaults()
	m := &Model{features: features(), workers: o.Workers}
	for i, s := range train {
		if s.churned == nil {
			return nil, fmt.Errorf("the slice of %s has no labels; call Label before Fit", s.AsOf)
		}
		if i > 0 && (s.AsOf <= train[i-1].AsOf || s.Horizon != train[0].Horizon || (s.base == nil) != (train[0].base == nil)) {
			return nil, fmt.Errorf("the slice of %s does not follow that of %s: slices ascend and agree in horizon and base", s.AsOf, train[i-1].AsOf)
		}
		m.Diagnostics.Slices = append(m.Diagnostics.Slices, SliceRecord{s.AsOf.String(), s.Horizon, len(s.Customers), s.events()})
	}
	if m.Diagnostics.Fallback = tooThin(train, o); m.Diagnostics.Fallback != "" {
		return m, nil
	}
	m.horizon, m.withBase = train[0].Horizon, train[0].base != nil
	designs := make([]*design, len(train))
	for i, s := range train {
		designs[i] = newDesign(s, m.features, o.Workers)
	}
	return m, m.learn(train, designs)
}

// tooThin names what a model would lack, or nothing.
func tooThin(train []*Snapshot, o Options) string {
	if len(train) < 2 {
		return fmt.Sprintf("%d training slices, two are needed: the ledger spans less than three horizons of %d days", len(train), leastHorizon)
	}
	last := train[len(train)-1]
	if n := len(last.Customers); n < o.MinCustomers {
		return fmt.Sprintf("%d customers on %s, %d are needed", n, last.AsOf, o.MinCustomers)
	}
	var churned, customers int
	for _, s := range train[:len(train)-1] {
		churned, customers = churned+s.events(), customers+len(s.Customers)
	}
	for _, x := range []struct {
		when            string
		churned, stayed int
	}{
		{fmt.Sprintf("before %s", last.AsOf), churned, customers - churned},
		{fmt.Sprintf("from %s", last.AsOf), last.events(), len(last.Customers) - last.events()},
	} {
		if x.churned < o.MinEvents || x.stayed < o.MinEvents {
			return fmt.Sprintf("%d customers who churned and %d who stayed %s, %d of each are needed", x.churned, x.stayed, x.when, o.MinEvents)
		}
	}
	return ""
}

func (m *Model) learn(train []*Snapshot, designs []*design) error {
	d := &m.Diagnostics
	heldOut, err := m.choose(designs)
	if err != nil {
		return err
	}
	last := train[len(train)-1]
	if stayed := len(last.churned) - last.events(); len(heldOut) >= calibrateRows && min(stayed, last.events()) >= calibrateEvent {
		m.calibration = calibrate(heldOut, last.churned)
		d.Calibration = m.calibration
	}
	m.judge(last, heldOut)
	if m.beta, d.Steps, err = ridge(designs, d.Lambda, nil, m.workers); err != nil {
		return err
	}
	d.Coefficients = append(d.Coefficients, Coefficient{"constant", m.beta[0]}, Coefficient{"purchase model", m.beta[1]})
	for j, f := range m.features {
		d.Coefficients = append(d.Coefficients, Coefficient{f.name, m.beta[j+2]})
	}
	return nil
}

// choose picks the penalty with the least log-loss when every slice after the first is foretold from
// those before it, the stronger one of equals, and returns the log-odds foretold for the last.
func (m *Model) choose(designs []*design) (heldOut []float64, err error) {
	best := math.Inf(1)
	starts := make([][]float64, len(designs))
	for k := 8; k >= 0; k-- {
		lambda := math.Ldexp(1, 2*k)
		var loss, rows float64
		var eta []float64
		for j := 1; j < len(designs); j++ {
			if starts[j], _, err = ridge(designs[:j], lambda, starts[j], m.workers); err != nil {
				return nil, err
			}
			eta = designs[j].linear(starts[j])
			loss += float64(logLoss(eta, designs[j].y) * float64(len(eta)))
			rows += float64(len(eta))
		}
		loss /= rows
		m.Diagnostics.Validation = append(m.Diagnostics.Validation, Validation{lambda, loss})
		if loss < best {
			best, heldOut, m.Diagnostics.Lambda = loss, eta, lambda
		}
	}
	return heldOut, nil
}

// judge puts the log-odds that the model foretold for the last slice beside base and recency.
func (m *Model) judge(last *Snapshot, heldOut []float64) {
	model := evaluation.Score{Name: "churn model", Probability: true}
	recency := evaluation.Score{Name: "recency"}
	for i, eta := range heldOut {
		model.Values = append(model.Values, logistic(eta))
		recency.Values = append(recency.Values, float64(last.facts[i].recency))
	}
	others := []evaluation.Score{recency}
	if last.base != nil {
		others = append(others, evaluation.Score{Name: "purchase model", Values: last.base, Probability: true})
	}
	came := evaluation.Outcome{Event: last.churned}
	d := &m.Diagnostics
	d.HeldOut = append(d.HeldOut, evaluation.Judge(model, came))
	var comparisons []evaluation.Comparison
	for _, x := range others {
		d.HeldOut = append(d.HeldOut, evaluation.Judge(x, came))
		comparisons = append(comparisons, evaluation.CompareAUC(model, x, last.churned))
	}
	v := evaluation.Against(model.Name, comparisons...)
	d.Verdict = &v
}
