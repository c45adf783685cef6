package btyd

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Status says how a fit ended.
type Status uint8

// The ends of a fit.
const (
	// Converged: the gradient vanishes and the likelihood curves down in every direction.
	Converged Status = iota + 1
	// Boundary: the likelihood still rises where a parameter is beyond reason, mostly since customers do
	// not differ visibly or nobody seems to leave. Figures hold, standard errors do not exist.
	Boundary
	// Stalled: no step improves the likelihood although the gradient has not vanished.
	Stalled
)

// String says the status in words.
func (s Status) String() string {
	switch s {
	case Converged:
		return "converged"
	case Boundary:
		return "boundary"
	case Stalled:
		return "stalled"
	}
	return "not fitted"
}

// Fitted is a model with the quality of its estimates.
type Fitted struct {
	Model
	LL          float64       // log-likelihood, in the unit of time of the data
	SE          [4]float64    // standard errors of Theta; NaN unless Converged
	Cov         [4][4]float64 // covariance of ln Theta from the observed information; NaN unless Converged
	Status      Status
	Starts      int     // starting points tried
	Evaluations int     // of the likelihood with its gradient, over all starts; on all customers
	Customers   float64 // that took part
	Patterns    int     // their distinct histories
}

// few is how many customers are enough to begin with.
const few = 10_000

// Fit estimates a family by maximum likelihood on logarithms of parameters, time scaled by the
// longest T. The error says what the data lack; a fit that did not converge is told by Status.
// Workers is the number of goroutines and never changes a result.
func Fit(f Family, p *Patterns, workers int) (*Fitted, error) {
	if err := (Model{Family: f, Theta: [4]float64{1, 1, 1, 1}}).Validate(); err != nil {
		return nil, err
	}
	longest, err := p.enough()
	if err != nil {
		return nil, err
	}
	c := &climb{family: f, data: p, scale: 1 / longest, workers: workers}
	if f == BGBB {
		if c.scale = 1; !p.whole() {
			return nil, ErrNotWhole
		}
	}
	starts := [][4]float64{{0.5, 0.2, 0.8, 2}, {2, 1, 1, 1}, {0.1, 0.02, 0.2, 0.5}}
	if p.Len() > few {
		// A part of the customers leads close to the top for a fraction of the price.
		part := &climb{family: f, data: p.Thin(few), scale: c.scale, workers: workers}
		if s := part.from(starts[0]); s != nil && s.status == Converged {
			starts = append([][4]float64{part.model(s.u).Theta}, starts...)
		}
	}
	var best *summit
	for i, theta := range starts {
		if s := c.from(theta); s != nil && (best == nil || s.better(best)) {
			best = s
		}
		if best != nil && best.status == Converged {
			return c.fitted(best, i+1), nil
		}
	}
	if best == nil {
		return nil, ErrNoOptimum
	}
	return c.fitted(best, len(starts)), nil
}

// whole says that all histories count opportunities.
func (p *Patterns) whole() bool {
	for _, h := range p.Histories {
		if !h.whole() {
			return false
		}
	}
	return true
}

func (h History) whole() bool {
	return h.TX == math.Floor(h.TX) && h.T == math.Floor(h.T) && float64(h.X) <= h.TX
}

// enough is the longest T of patterns that a model can be fitted to.
func (p *Patterns) enough() (longest float64, err error) {
	repeats := false
	for _, h := range p.Histories {
		longest = max(longest, h.T)
		repeats = repeats || h.X > 0
	}
	switch n := p.Customers(); {
	case n == 0:
		return 0, ErrNoCustomers
	case n == 1:
		return 0, ErrOneCustomer
	case longest == 0:
		return 0, ErrNoTime
	case !repeats:
		return 0, ErrNoRepeat
	}
	return longest, nil
}

// better: a converged end before others, then the higher likelihood.
func (s *summit) better(t *summit) bool {
	if a, b := s.status == Converged, t.status == Converged; a != b {
		return a
	}
	return s.ll > t.ll
}

// fitted brings an end into the unit of time of the data. By x repeat purchases at scaled times the
// density is that of the data divided by scale^x.
func (c *climb) fitted(s *summit, starts int) *Fitted {
	f := &Fitted{
		Model: c.model(s.u), Status: s.status, LL: s.ll, Starts: starts, Evaluations: c.evaluations,
		Customers: c.data.Customers(), Patterns: c.data.Len(),
	}
	repeats := 0.0
	for i, h := range c.data.Histories {
		repeats += float64(float64(h.X) * c.data.Weight[i])
	}
	f.LL += repeats * math.Log(c.scale)
	for i, time := range c.family.times() {
		if time {
			f.Theta[i] /= c.scale
		}
	}
	for i := range f.Theta {
		f.SE[i] = math.NaN()
		for j := range f.Theta {
			f.Cov[i][j] = math.NaN()
		}
	}
	var chol mat.Cholesky
	var inv mat.SymDense
	if s.status != Converged || !chol.Factorize(s.information) || chol.InverseTo(&inv) != nil {
		return f
	}
	for i, v := range f.Theta {
		for j := range f.Theta {
			f.Cov[i][j] = inv.At(i, j)
		}
		f.SE[i] = v * math.Sqrt(inv.At(i, i)) // dθ = θ d ln θ
	}
	return f
}
