package spend

import (
	"math"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/span"
	"gonum.org/v1/gonum/mathext"
)

// block is how many customers one partial sum covers. Partial sums add up in order, so the result
// does not depend on the number of workers.
const block = 8192

// sample is the data of a fit: means in units of their geometric mean, which one purchase of a million
// does not move; customers counted per distinct x, because the gamma functions depend on x only.
type sample struct {
	x, m    []float64
	scale   float64 // currency units of one m
	logs    float64 // Σ ln m
	xlogs   float64 // Σ x ln(x m)
	value   []float64
	number  []float64 // customers with value[i] purchases
	sum     float64   // Σ x
	left    []int     // customers left out as outliers
	low     float64   // fences of ln m, see fences
	high    float64
	workers int
}

func newSample(d Data, workers int) *sample {
	s := &sample{workers: workers}
	s.low, s.high = fences(d)
	count := map[int32]int{}
	total := 0.0
	for c := range d.X {
		if !d.takesPart(c) {
			continue
		}
		if log := math.Log(d.M[c]); log < s.low || log > s.high {
			s.left = append(s.left, c)
		} else {
			s.x = append(s.x, float64(d.X[c]))
			s.m = append(s.m, d.M[c])
			total += math.Log(d.M[c])
			i, ok := count[d.X[c]]
			if !ok {
				i = len(s.value)
				count[d.X[c]] = i
				s.value, s.number = append(s.value, float64(d.X[c])), append(s.number, 0)
			}
			s.number[i]++
		}
	}
	s.scale = math.Exp(total / float64(len(s.m)))
	for i, m := range s.m {
		s.m[i] = m / s.scale
		s.logs += math.Log(s.m[i])
		s.xlogs += float64(s.x[i] * math.Log(s.x[i]*s.m[i]))
		s.sum += s.x[i]
	}
	return s
}

// fences are the values of ln m beyond which a mean is no value of the same trade: ten robust standard
// deviations (1.4826 times the median absolute deviation) from the median. Infinite below ten customers.
func fences(d Data) (low, high float64) {
	var logs []float64
	for c := range d.X {
		if d.takesPart(c) {
			logs = append(logs, math.Log(d.M[c]))
		}
	}
	if len(logs) < 10 {
		return math.Inf(-1), math.Inf(1)
	}
	slices.Sort(logs)
	median := logs[len(logs)/2]
	for i, l := range logs {
		logs[i] = math.Abs(l - median)
	}
	slices.Sort(logs)
	far := 10 * 1.4826 * logs[len(logs)/2]
	if far == 0 {
		return math.Inf(-1), math.Inf(1)
	}
	return median - far, median + far
}

// sums are what the parameters leave to do per customer: with y = x m + v,
// Σ ln y, Σ x ln y, Σ 1/y, Σ x/y, Σ 1/y², Σ x/y².
type sums [6]float64

func (s *sample) sums(v float64) (t sums) {
	blocks := make([]sums, span.Count(len(s.x), block))
	span.Each(len(s.x), block, s.workers, func(b, lo, hi int) { blocks[b] = part(s.x[lo:hi], s.m[lo:hi], v) })
	for _, p := range blocks {
		for k := range t {
			t[k] += p[k]
		}
	}
	return t
}

// part converts every product explicitly, which keeps FMA machines on the same bits.
func part(x, m []float64, v float64) (p sums) {
	for i, n := range x {
		y := float64(n*m[i]) + v
		log, inv := math.Log(y), 1/y
		p[0] += log
		p[1] += float64(n * log)
		p[2] += inv
		p[3] += float64(n * inv)
		p[4] += float64(inv * inv)
		p[5] += float64(float64(n*inv) * inv)
	}
	return p
}

// point is the log-likelihood at some parameters in units of the sample's scale, with gradient and
// Hessian with respect to (ln p, ln q, ln v).
type point struct {
	ll      float64
	grad    [3]float64
	hessian [3][3]float64
}

// at evaluates Σ LogLikelihood of the scaled sample.
func (s *sample) at(g GammaGamma) (pt point) {
	p, q, v := g.P, g.Q, g.V
	n, t := float64(len(s.x)), s.sums(v)
	lgq, _ := math.Lgamma(q)
	pt.ll = n*(q*math.Log(v)-lgq) - s.logs + p*s.xlogs - p*t[1] - q*t[0]
	gp, gq, gv := s.xlogs-t[1], n*(math.Log(v)-mathext.Digamma(q))-t[0], n*q/v-p*t[3]-q*t[2]
	pp, pq, qq := 0.0, 0.0, -n*trigamma(q)
	for i, x := range s.value {
		k := s.number[i]
		a, _ := math.Lgamma(p*x + q)
		b, _ := math.Lgamma(p * x)
		pt.ll += k * (a - b)
		da, ta := mathext.Digamma(p*x+q), trigamma(p*x+q)
		gp += k * x * (da - mathext.Digamma(p*x))
		gq += k * da
		pp += k * x * x * (ta - trigamma(p*x))
		pq += k * x * ta
		qq += k * ta
	}
	pv, qv, vv := -t[3], n/v-t[2], -n*q/(v*v)+p*t[5]+q*t[4]
	pt.grad = [3]float64{p * gp, q * gq, v * gv}
	pt.hessian = [3][3]float64{
		{p*p*pp + p*gp, p * q * pq, p * v * pv},
		{p * q * pq, q*q*qq + q*gq, q * v * qv},
		{p * v * pv, q * v * qv, v*v*vv + v*gv},
	}
	return pt
}

// trigamma is ψ'(x) = ζ(2, x) for x > 0.
func trigamma(x float64) float64 { return mathext.Zeta(2, x) }
