package churn

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// prior is what all customers say about one: purchase days per window are Gamma(shape, rate) among
// them; a purchase day's value is gamma of shape p and rate ζ, ζ ~ Gamma(q, v), in currency units.
type prior struct{ shape, rate, p, q, v float64 }

// The bounds keep a population without any difference, or without any likeness, computable.
const (
	leastShape, mostShape = 0.01, 1e5
	leastP, mostP         = 0.1, 1e4
	mostQ                 = 1e4
)

// prior estimates by moments and writes the parameters down. It reports false where nobody can be
// judged: no customer with two windows, or no repeat purchase in any.
func (d *FadingDiagnostics) prior(pairs []pair) (prior, bool) {
	var n, e float64
	for _, x := range pairs {
		if x.kind != tooNew {
			n += x.n0 + x.n1
			e += x.before + d.change(x.kind).Purchases
		}
	}
	switch {
	case e == 0:
		d.Why = "no customer has been there for two windows"
	case n == 0:
		d.Why = "no repeat purchase in the windows"
	}
	if d.Why != "" {
		return prior{}, false
	}
	p := d.valuePrior(pairs)
	m := n / e
	var squares, ee float64
	for _, x := range pairs {
		if x.kind != tooNew {
			w := d.change(x.kind).Purchases
			r0, r1 := x.n0-float64(m*x.before), x.n1-float64(m*w)
			squares += float64(r0*r0) + float64(r1*r1)
			ee += float64(x.before*x.before) + float64(w*w)
		}
	}
	// Window by window, so that τ² holds what differs between customers and what changed within them:
	// Var N = m w + τ² w²; the gamma's shape is m²/τ².
	p.shape = mostShape
	if between := (squares - n) / ee; between > 0 {
		p.shape = min(mostShape, max(leastShape, m*m/between))
	}
	p.rate = p.shape / m
	d.Shape, d.Rate, d.P, d.Q, d.V = p.shape, p.rate, p.p, p.q, p.v
	return p, true
}

// valuePrior estimates 1/p = (coefficient of variation)² within customers and 1/(q-2) that between
// their means. Nobody with two purchases: an exponential value, p = 1.
func (d *FadingDiagnostics) valuePrior(pairs []pair) prior {
	var within, degrees, mean, customers float64
	for _, x := range pairs {
		if n := x.n0 + x.n1; x.kind != tooNew && n > 0 {
			z := (x.s0 + x.s1) / n
			mean += z
			customers++
			if n > 1 {
				within += max(0, x.squares-float64(n*float64(z*z))) / (z * z)
				degrees += n - 1
			}
		}
	}
	mean /= customers
	p := prior{p: 1}
	if degrees > 0 {
		p.p = min(mostP, max(leastP, degrees/within))
	}
	var between float64
	for _, x := range pairs {
		if n := x.n0 + x.n1; x.kind != tooNew && n > 0 {
			z := (x.s0 + x.s1) / n
			between += float64((z-mean)*(z-mean)) - z*z/(p.p*n)
		}
	}
	p.q = mostQ
	if between > 0 {
		p.q = min(mostQ, 2+mean*mean*customers/between)
	}
	p.v = mean * (p.q - 1) / p.p
	return p
}

// sold is what a number of purchase days in a window says of the sales, their amount apart.
type sold struct {
	shape float64
	rate  float64 // of the gamma, x (v + s) / b
}

// sold describes n purchase days: the posterior of their rate has shape + n, their value is p/ζ with
// ζ ~ Gamma(q + p n, v + s). Digamma and trigamma are mean and variance of a gamma's logarithm.
func (p prior) sold(n float64) sold {
	a, q := p.shape+n, p.q+float64(p.p*n)
	shape := inverseTrigamma(trigamma(a) + trigamma(q))
	return sold{shape, math.Exp(mathext.Digamma(shape) - mathext.Digamma(a) - math.Log(p.p) + mathext.Digamma(q))}
}

// tabled is how many numbers of purchase days are looked up; few customers buy on more days of a window.
const tabled = 32

// table describes 0..tabled-1 purchase days: customers differ in what they sold, seldom in how often.
func (p prior) table() (t [tabled]sold) {
	for n := range t {
		t[n] = p.sold(float64(n))
	}
	return t
}

// sales is the gamma that stands for purchase rate times value, given n purchase days that sold s and
// the rate parameter b of the posterior of their rate.
func (p prior) sales(table *[tabled]sold, b, n, s float64) (shape, rate float64) {
	var g sold
	if n < tabled {
		g = table[int(n)]
	} else {
		g = p.sold(n)
	}
	return g.shape, g.rate * b / (p.v + s)
}

func trigamma(x float64) float64 { return mathext.Zeta(2, x) }

// inverseTrigamma solves ψ′(x) = y > 0 by Newton's method on 1/ψ′, which is nearly linear and convex, so
// that it converges from 1/2 + 1/y upward (Smyth 2004, doi:10.2202/1544-6115.1027, appendix).
func inverseTrigamma(y float64) float64 {
	x := 0.5 + 1/y
	for range 50 {
		t := trigamma(x)
		step := t * (1 - t/y) / (-2 * mathext.Zeta(3, x))
		x += step
		if math.Abs(step) < 1e-12*x {
			break
		}
	}
	return x
}
