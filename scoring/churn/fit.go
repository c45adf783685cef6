package churn

import (
	"fmt"
	"math"

	"github.com/vitalfew/vitalfew/scoring/evaluation"
)

// Model is a fitted churn model, or the reason why there is none.
type Model struct {
	features    []feature
	beta        []float64    // constant, base, features
	calibration *Calibration // nil: the logistic curve itself
	horizon     int          // of the last slice it learned from
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
	// Calibration is the monotone map that slices taught, each foretold from those before it; nil where
	// they were too small.
	Calibration *Calibration `json:"calibration,omitempty"`
	// CarriedOver says that the horizon asked for is longer than that of the last slice.
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

// Fit learns from labelled slices, oldest first. Too little data is no error: the model
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
		if i > 0 && (s.AsOf <= train[i-1].AsOf || (s.base == nil) != (train[0].base == nil)) {
			return nil, fmt.Errorf("the slice of %s does not follow that of %s: slices ascend, and all have a base or none has", s.AsOf, train[i-1].AsOf)
		}
		m.Diagnostics.Slices = append(m.Diagnostics.Slices, SliceRecord{s.AsOf.String(), s.Horizon, len(s.Customers), s.events()})
	}
	if m.Diagnostics.Fallback = tooThin(train, o); m.Diagnostics.Fallback != "" {
		return m, nil
	}
	m.horizon, m.withBase = train[len(train)-1].Horizon, train[0].base != nil
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
	foretold, err := m.choose(designs)
	if err != nil {
		return err
	}
	if m.calibration, err = calibrate(foretold, m.workers); err != nil {
		return err
	}
	d.Calibration = m.calibration
	m.judge(train[len(train)-1], foretold[len(foretold)-1].eta)
	if m.beta, d.Steps, err = ridge(designs, d.Lambda, nil, m.workers); err != nil {
		return err
	}
	if m.withBase {
		// The level of a slice is one observation, however many its customers: of the mean of N levels
		// beside the base, N/(N+1) is believed.
		m.beta[0] *= float64(len(designs)) / float64(len(designs)+1)
	}
	d.Coefficients = append(d.Coefficients, Coefficient{"constant", m.beta[0]}, Coefficient{"purchase model", m.beta[1]})
	for j, f := range m.features {
		d.Coefficients = append(d.Coefficients, Coefficient{f.name, m.beta[j+2]})
	}
	return nil
}

// heldOut is a slice as those before it foretold it.
type heldOut struct {
	eta []float64 // log-odds
	y   []bool    // churned
}

// choose picks the penalty with the least log-loss when every slice after the first is foretold from
// those before it, the stronger one of equals, and returns what was foretold under it.
func (m *Model) choose(designs []*design) (best []heldOut, err error) {
	least := math.Inf(1)
	starts := make([][]float64, len(designs))
	for k := 8; k >= 0; k-- {
		lambda := math.Ldexp(1, 2*k)
		var loss, rows float64
		var foretold []heldOut
		for j := 1; j < len(designs); j++ {
			if starts[j], _, err = ridge(designs[:j], lambda, starts[j], m.workers); err != nil {
				return nil, err
			}
			x := heldOut{designs[j].linear(starts[j]), designs[j].y}
			foretold = append(foretold, x)
			loss += float64(logLoss(x.eta, x.y) * float64(len(x.eta)))
			rows += float64(len(x.eta))
		}
		loss /= rows
		m.Diagnostics.Validation = append(m.Diagnostics.Validation, Validation{lambda, loss})
		if loss < least {
			least, best, m.Diagnostics.Lambda = loss, foretold, lambda
		}
	}
	return best, nil
}

// judge puts the log-odds that the model foretold for the last slice beside base and recency.
func (m *Model) judge(last *Snapshot, foretold []float64) {
	model := evaluation.Score{Name: "churn model", Probability: true}
	recency := evaluation.Score{Name: "recency"}
	for i, eta := range foretold {
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
