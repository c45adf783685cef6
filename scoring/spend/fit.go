package spend

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Status says how a fit ended.
type Status uint8

// The ends of a fit.
const (
	// Converged: the gradient vanishes and the likelihood curves down in every direction.
	Converged Status = iota
	// Boundary: the likelihood still rises where a parameter is beyond reason: customers (or their
	// purchases) do not differ visibly. Estimates hold, standard errors do not.
	Boundary
	// Stalled: no step improves the likelihood although the gradient has not vanished.
	Stalled
	// TooFew: fewer repeat buyers than Options.MinRepeaters; the model was not fitted.
	TooFew
	// NoData: no repeat buyer with a positive value.
	NoData
)

// String says the status in words.
func (s Status) String() string {
	return [...]string{"converged", "boundary", "stalled", "too few repeat buyers", "no repeat buyers"}[s]
}

// Options say how to fit. The zero value is legal.
type Options struct {
	// MinRepeaters is the number of repeat buyers below which Gamma-Gamma is not fitted; 0: 30.
	MinRepeaters int
	// Workers is the number of goroutines; it never changes a result.
	Workers int
}

// Fitted is a fitted Gamma-Gamma model with its diagnostics.
type Fitted struct {
	GammaGamma            // NaN for TooFew and NoData
	SE         [3]float64 // standard errors of P, Q, V; NaN unless Converged
	// Cov is the covariance of (ln P, ln Q, ln V) from the observed information; NaN unless Converged.
	Cov [3][3]float64
	LL  float64 // of the data in currency units
	N   int     // repeat buyers that took part
	// Iterations are Newton steps, Evaluations of the likelihood with its derivatives.
	Iterations, Evaluations int
	Status                  Status
	// Pooled is the mean value of a repeat purchase day, Σ x m / Σ x; NaN for NoData. It stands in for
	// the population mean where that does not exist, and customers are then shrunk toward it.
	Pooled float64
	// Between is the standard deviation of customers' means around Pooled; NaN below two.
	Between float64
	Check   Independence
	// Left lists the customers whose mean value lies ten robust standard deviations or more from the
	// median, in logarithms: they took no part in the fit.
	Left []int

	low, high float64 // the fences beyond which ln m is an outlier
}

// Legal range of the log-parameters of scaled data: beyond, the likelihood is flat.
const (
	maxShape = 14.0
	maxScale = 28.0
)

// Fit estimates the model by maximum likelihood: damped Newton steps in log-parameters on data
// scaled by their geometric mean, with analytic gradient and Hessian. It never fails; see Fitted.Status.
func Fit(d Data, o Options) *Fitted {
	s := newSample(d, o.Workers)
	f := &Fitted{N: len(s.x), Check: independence(s.x, s.m), Left: s.left, low: s.low, high: s.high}
	f.pool(s)
	least := o.MinRepeaters
	if least <= 0 {
		least = 30
	}
	if f.N < least {
		f.unknown(TooFew)
		if f.N == 0 {
			f.Status = NoData
		}
		return f
	}
	f.climb(s)
	return f
}

func (f *Fitted) unknown(s Status) {
	nan := math.NaN()
	f.GammaGamma, f.LL, f.Status = GammaGamma{nan, nan, nan}, nan, s
	f.noErrors()
}

func (f *Fitted) noErrors() {
	for i := range f.SE {
		f.SE[i] = math.NaN()
		for j := range f.Cov[i] {
			f.Cov[i][j] = math.NaN()
		}
	}
}

func (f *Fitted) pool(s *sample) {
	sum := 0.0
	for i, x := range s.x {
		sum += float64(x * s.m[i])
	}
	mean, squares := sum/s.sum, 0.0
	for _, m := range s.m {
		squares += float64((m - mean) * (m - mean))
	}
	f.Pooled, f.Between = mean*s.scale, math.NaN()
	if f.N > 1 {
		f.Between = math.Sqrt(squares/float64(f.N-1)) * s.scale
	}
}

// climb maximises by Newton steps with a Levenberg shift: (-H + λ I) δ = g. The shift falls to
// nothing where steps succeed. Steps within the rounding error of the likelihood count as a success:
// near the maximum it cannot tell them apart, while the gradient still can.
func (f *Fitted) climb(s *sample) {
	u, shift := [3]float64{0, math.Ln2, math.Ln2}, 1e-3
	here := s.at(params(u))
	for f.Evaluations = 1; f.Evaluations < 500 && shift < 1e12; {
		step, decrement, ok := here.step(shift)
		if ok && shift == 0 && here.flat(s) && decrement < 1e-10 {
			break
		}
		next := u
		for i := range next {
			next[i] = clamp(u[i]+step[i], i)
		}
		if !ok || next == u {
			if ok && shift == 0 {
				break // the step is below the spacing of the parameters, or leads out of their range
			}
			shift = max(shift*10, 1e-6)
			continue
		}
		there := s.at(params(next))
		f.Evaluations++
		if !(there.ll >= here.ll-1e-13*math.Abs(here.ll)) {
			shift = max(shift*10, 1e-6)
			continue
		}
		u, here = next, there
		if shift /= 10; shift < 1e-6 {
			shift = 0
		}
		f.Iterations++
	}
	f.finish(s, u, here)
}

func params(u [3]float64) GammaGamma {
	return GammaGamma{math.Exp(u[0]), math.Exp(u[1]), math.Exp(u[2])}
}

func clamp(x float64, i int) float64 {
	limit := maxShape
	if i == 2 {
		limit = maxScale
	}
	return max(-limit, min(limit, x))
}

// flat reports whether the mean gradient per customer has vanished.
func (pt *point) flat(s *sample) bool {
	g := 0.0
	for _, x := range pt.grad {
		g = max(g, math.Abs(x))
	}
	return g <= 1e-8*math.Sqrt(float64(len(s.x)))+1e-12*math.Abs(pt.ll)
}

// step solves for the Newton step at the shift; decrement is g'δ.
func (pt *point) step(shift float64) (step [3]float64, decrement float64, ok bool) {
	a := mat.NewSymDense(3, nil)
	for i := range 3 {
		for j := i; j < 3; j++ {
			a.SetSym(i, j, -pt.hessian[i][j])
		}
		a.SetSym(i, i, a.At(i, i)+shift*(1+math.Abs(a.At(i, i))))
	}
	var chol mat.Cholesky
	if !chol.Factorize(a) {
		return step, 0, false
	}
	var x mat.VecDense
	if err := chol.SolveVecTo(&x, mat.NewVecDense(3, pt.grad[:])); err != nil {
		return step, 0, false
	}
	for i := range step {
		step[i] = max(-2, min(2, x.AtVec(i))) // e² at most: the quadratic is local
		decrement += x.AtVec(i) * pt.grad[i]
	}
	return step, decrement, finite(decrement)
}

// finish brings the optimum into currency units and takes the errors from the observed information.
func (f *Fitted) finish(s *sample, u [3]float64, pt point) {
	f.GammaGamma = params(u)
	f.V *= s.scale
	f.LL = pt.ll - float64(f.N)*math.Log(s.scale)
	f.noErrors()
	for i := range u {
		if math.Abs(u[i]) >= -clamp(math.Inf(-1), i)-1 {
			f.Status = Boundary
			return
		}
	}
	a := mat.NewSymDense(3, nil)
	for i := range 3 {
		for j := i; j < 3; j++ {
			a.SetSym(i, j, -pt.hessian[i][j])
		}
	}
	var chol mat.Cholesky
	var inv mat.SymDense
	if !pt.flat(s) || !chol.Factorize(a) || chol.InverseTo(&inv) != nil {
		f.Status = Stalled
		return
	}
	for i, x := range [3]float64{f.P, f.Q, f.V} {
		for j := range 3 {
			f.Cov[i][j] = inv.At(i, j)
		}
		f.SE[i] = x * math.Sqrt(inv.At(i, i)) // dθ = θ d ln θ
	}
}

// Warnings say in words what limits the fit; none where there is nothing to say.
func (f *Fitted) Warnings() (w []string) {
	switch f.Status {
	case NoData:
		w = append(w, "no customer bought twice at a positive value: the value of a purchase is unknown")
	case TooFew:
		w = append(w, fmt.Sprintf("only %d repeat buyers: Gamma-Gamma not fitted, own means are shrunk toward %.2f as by one purchase", f.N, f.Pooled))
	case Boundary:
		w = append(w, "Gamma-Gamma ended at the edge of its range: purchase values differ too little to tell customers apart; no standard errors")
	case Stalled:
		w = append(w, "Gamma-Gamma did not reach a maximum: use the margin version of lifetime value")
	}
	if n := len(f.Left); n > 0 {
		w = append(w, fmt.Sprintf("%d customers whose purchases are of another order of magnitude were left out of Gamma-Gamma", n))
	}
	if f.Q <= 1 {
		w = append(w, fmt.Sprintf("q = %.3f <= 1: the population mean does not exist; customers without repeat purchases get the pooled mean %.2f", f.Q, f.Pooled))
	}
	if f.N > 0 && f.Check.Verdict() != Independent {
		w = append(w, f.Check.String())
	}
	return w
}
