package clv

import "math"

// atom stands for a range of purchase numbers: their probability and their mean.
type atom struct{ weight, number float64 }

// atoms appends the distribution of N to dst. Numbers are merged where they are many, so that some
// forty atoms hold any distribution; what little probability is left goes to the last.
func (f *forecast) atoms(dst []atom) []atom {
	sd := math.Sqrt(f.variance())
	n := math.Max(0, math.Floor(f.mean-12*sd))
	p := math.Exp(f.logProbability(n))
	// Below the start of the range nothing is lost: 12 standard deviations.
	var open atom
	left := 1.0
	for k := 0; k < 200_000; k++ {
		open.weight += p
		open.number += float64(p * n)
		left -= p
		if open.weight >= 1.0/32 || n < 8 {
			dst, open = closed(dst, open), atom{}
		}
		if left < 1e-9*min(1, f.mean) && n > f.mean {
			break
		}
		p *= f.ratio(n)
		n++
	}
	if left = max(0, left); left+open.weight > 0 {
		open.weight, open.number = open.weight+left, open.number+float64(left*n)
		dst = closed(dst, open)
	}
	return dst
}

func closed(dst []atom, a atom) []atom {
	if a.weight > 0 {
		dst = append(dst, atom{a.weight, a.number / a.weight})
	}
	return dst
}

// logProbability is ln P(N = n).
func (f *forecast) logProbability(n float64) float64 {
	factorial, _ := math.Lgamma(n + 1)
	if math.IsInf(f.size, 1) {
		return n*math.Log(f.mean) - f.mean - factorial
	}
	a, _ := math.Lgamma(n + f.size)
	b, _ := math.Lgamma(f.size)
	return a - b - factorial - f.size*math.Log1p(f.mean/f.size) - n*math.Log1p(f.size/f.mean)
}

// ratio is P(N = n + 1) / P(N = n).
func (f *forecast) ratio(n float64) float64 {
	if math.IsInf(f.size, 1) {
		return f.mean / (n + 1)
	}
	return (f.size + n) / (n + 1) * (f.mean / (f.size + f.mean))
}

// sum is the distribution of a customer's discounted profit: given n purchases it is normal with mean
// d n θ and variance d² (n σ² + n² s²), where θ is the expected profit of a purchase with standard
// deviation s (the parameters' part included), σ the spread of single purchases and d the mean
// discount; n = 0 is a step at zero.
type sum struct {
	atoms             []atom
	theta, sd, within float64 // discounted
	normal            *[2*reach*steps + 2][2]float64
}

// below is P(S <= s), or P(S < s) at zero where strict.
func (d *sum) below(s float64, strict bool) (p float64) {
	for _, a := range d.atoms {
		mean, sd := a.number*d.theta, d.deviation(a.number)
		switch {
		case sd > 0:
			p += float64(a.weight * normal(d.normal, (s-mean)/sd))
		case mean < s, mean == s && !strict:
			p += a.weight
		}
	}
	return p
}

func (d *sum) deviation(n float64) float64 {
	return math.Sqrt(n*d.within*d.within + n*n*d.sd*d.sd)
}

// quantile is the smallest s with P(S <= s) >= p, to 1e-5 of the range of S.
func (d *sum) quantile(p float64) float64 {
	if d.below(0, true) < p && p <= d.below(0, false) {
		return 0
	}
	lo, hi := 0.0, 0.0
	for _, a := range d.atoms {
		mean, sd := a.number*d.theta, d.deviation(a.number)
		lo, hi = min(lo, mean-8*sd), max(hi, mean+8*sd)
	}
	if d.below(0, false) < p {
		lo = 0
	} else {
		hi = 0
	}
	return d.search(p, lo, hi, 1e-5*(hi-lo))
}

// search narrows [lo, hi] by secant steps and halving in turn: the function may have steps.
func (d *sum) search(p, lo, hi, tol float64) float64 {
	fl, fh := d.below(lo, false)-p, d.below(hi, false)-p
	for i := 0; hi-lo > tol && i < 200; i++ {
		mid := lo + (hi-lo)/2
		if i%2 == 0 && fl < 0 && fh > 0 {
			mid = max(lo+tol/4, min(hi-tol/4, lo-fl*(hi-lo)/(fh-fl)))
		}
		if f := d.below(mid, false) - p; f < 0 {
			lo, fl = mid, f
		} else {
			hi, fh = mid, f
		}
	}
	return hi
}
