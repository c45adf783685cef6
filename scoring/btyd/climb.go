package btyd

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// climb maximises the likelihood of scaled data in u = ln Theta.
type climb struct {
	family      Family
	data        *Patterns
	scale       float64
	workers     int
	evaluations int
}

// summit is where a climb ended.
type summit struct {
	u           [4]float64
	ll          float64
	status      Status
	information *mat.SymDense // -∂²ll/∂u², if Converged
}

const (
	maxLog   = 14.0 // |ln Theta| of scaled data beyond which the likelihood is flat
	extreme  = 7.0  // and beyond which a climb that ends nowhere has run away: a shape of 1100, a time of T/1100
	maxSteps = 200
	curved   = 0.1   // g'δ, twice the rise that a step promises, below which the curvature itself may be worth its price
	close    = 1e-6  // and below which it is, and stays what it is at the top
	astray   = 10.0  // g'δ below which it is worth its price once a step has failed
	done     = 1e-10 // g'δ below which the top is reached
)

func (c *climb) model(u [4]float64) Model {
	m := Model{Family: c.family}
	for i, v := range u {
		m.Theta[i] = math.Exp(v)
	}
	return m
}

// at is the likelihood with its derivatives by u: ∂/∂ln θ = θ ∂/∂θ.
func (c *climb) at(u [4]float64) *point {
	c.evaluations++
	m := c.model(u)
	p := m.evaluate(c.data, c.scale, c.workers)
	for i, a := range m.Theta {
		p.grad[i] *= a
		for j := i; j < 4; j++ {
			p.outer[i][j] *= a * m.Theta[j]
		}
	}
	return p
}

// from climbs by steps (A + λ diag A) δ = g. Far away A is Σ g gᵀ, which costs nothing and is
// positive (Berndt, Hall, Hall and Hausman 1974); near the top it is the observed information.
// λ grows where a step fails and vanishes where steps succeed. nil: no likelihood at the start.
func (c *climb) from(theta [4]float64) *summit {
	var u [4]float64
	for i, v := range theta {
		u[i] = math.Log(v)
	}
	here := c.at(u)
	if math.IsNaN(here.ll) || math.IsInf(here.ll, 0) {
		return nil
	}
	shift, exact, last := 0.0, false, math.Inf(1)
	a := here.information()
	for range maxSteps {
		step, promise, ok := solve(a, here.grad, shift)
		// Σ g gᵀ serves as long as each step leaves a tenth of the promise. Where the data are not the family's
		// it is no information, and its steps go too far.
		if ok && !exact && (promise < close || promise < curved && promise > last/10 || promise < astray && shift > 0) {
			a, exact, shift = c.information(u, here), true, 0
			continue
		}
		if ok && exact && shift == 0 && promise < done {
			return &summit{u, here.ll, Converged, a}
		}
		next := u
		for i := range next {
			next[i] = max(-maxLog, min(maxLog, u[i]+step[i]))
		}
		if ok && next != u {
			there := c.at(next)
			// Within the rounding error of the sum a step counts as a success: the gradient still tells.
			if there.ll >= here.ll-1e-13*math.Abs(here.ll) {
				u, here, last = next, there, promise
				if shift /= 10; shift < 1e-6 {
					shift = 0
				}
				switch {
				case !exact:
					a = here.information()
				case promise > close:
					a = c.information(u, here)
				}
				continue
			}
		}
		if shift = max(10*shift, 1e-4); shift > 1e8 {
			break
		}
	}
	return c.ended(u, here.ll)
}

// ended is a climb that did not converge.
func (c *climb) ended(u [4]float64, ll float64) *summit {
	s := &summit{u: u, ll: ll, status: Stalled}
	for _, v := range u {
		if math.Abs(v) > extreme {
			s.status = Boundary
		}
	}
	return s
}

func (p *point) information() *mat.SymDense {
	a := mat.NewSymDense(4, nil)
	for i := range 4 {
		for j := i; j < 4; j++ {
			a.SetSym(i, j, p.outer[i][j])
		}
	}
	return a
}

// information is -∂²ll/∂u² at u by differences of the analytic gradient, which is known at u: error of
// order h, and of the gradient's rounding over h, some 1e-8.
func (c *climb) information(u [4]float64, here *point) *mat.SymDense {
	const h = 1e-5
	var d [4][4]float64
	for i := range u {
		hi := u
		hi[i] += h
		p := c.at(hi)
		for j := range u {
			d[i][j] = (here.grad[j] - p.grad[j]) / (hi[i] - u[i])
		}
	}
	a := mat.NewSymDense(4, nil)
	for i := range 4 {
		for j := i; j < 4; j++ {
			a.SetSym(i, j, (d[i][j]+d[j][i])/2)
		}
	}
	return a
}

// solve is the step at the shift, at most e² in any parameter, and the rise it promises, g'δ.
func solve(a *mat.SymDense, g [4]float64, shift float64) (step [4]float64, promise float64, ok bool) {
	b := mat.NewSymDense(4, nil)
	b.CopySym(a)
	for i := range 4 {
		b.SetSym(i, i, a.At(i, i)+shift*(1e-6+math.Abs(a.At(i, i))))
	}
	var chol mat.Cholesky
	var x mat.VecDense
	if !chol.Factorize(b) || chol.SolveVecTo(&x, mat.NewVecDense(4, g[:])) != nil {
		return step, 0, false
	}
	long := 1.0
	for i := range step {
		promise += x.AtVec(i) * g[i]
		long = max(long, math.Abs(x.AtVec(i))/2)
	}
	for i := range step {
		step[i] = x.AtVec(i) / long
	}
	return step, promise, !math.IsNaN(promise) && !math.IsInf(promise, 0)
}
