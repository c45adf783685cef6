package special

import "math"

// maxTerms ends a series that does not converge; z = 1 - 1e-5 needs half of it.
const maxTerms = 1 << 23

// Series is Σ_k t_k with t_0 = 1 and t_(k+1) = t_k (a+k)(b+k) z / ((c+k)(k+1)), the Gauss series of
// 2F1(a, b; c; z), for |z| < 1 and c not 0, -1, -2, ...
//
// lost is max |t_k| / |sum|: the sum has about 16 - log10(lost) digits. It is 1 where no term is
// negative. Terms beyond 1e250 make lost +Inf; use LogHyper there.
func Series(a, b, c, z float64) (sum, lost float64) {
	s, top, shift, done := series(a, b, c, z, false)
	if !done || shift != 0 {
		return s, math.Inf(1)
	}
	return s, top / math.Abs(s)
}

// series is the sum and its largest term, both in units of e^shift. Unless shifting it ends, not done, where a
// term is beyond 1e250: parameters of 1e6 would have millions of terms follow that nobody uses.
func series(a, b, c, z float64, shifting bool) (sum, top, shift float64, done bool) {
	const far, logFar = 1e250, 575.6462732485115 // ln 1e250
	t := 1.0
	sum, top = 1, 1
	for k := 0.0; k < maxTerms; k++ {
		t *= (a + k) * (b + k) * z / ((c + k) * (k + 1))
		sum += t
		m := math.Abs(t)
		top = max(top, m)
		// Past the point where terms shrink the rest is below t q/(1-q), q <= max(|z|, this ratio).
		if m <= 1e-17*math.Abs(sum)*(1-math.Abs(z)) && k > -min(a, b, c) && ratio(a, b, c, z, k) < 1 {
			return sum, top, shift, true
		}
		if t == 0 {
			return sum, top, shift, true
		}
		if m > far {
			if !shifting {
				return sum, top, 0, false
			}
			t, sum, top = t/far, sum/far, top/far
			shift += logFar
		}
	}
	return sum, top, shift, false
}

func ratio(a, b, c, z, k float64) float64 {
	return math.Abs((a + k + 1) * (b + k + 1) * z / ((c + k + 1) * (k + 2)))
}

// LogHyper is ln |2F1(a, b; c; z)| and the sign of 2F1 for real a, b, c > 0 and z <= 1 - 1e-5.
//
// Of the equivalent forms it takes the one whose terms cancel least: the Gauss series, Euler's
// (1-z)^(c-a-b) 2F1(c-a, c-b; c; z), and for z < 0 Pfaff's two, which bring z to z/(z-1) in [0, 1)
// (DLMF 15.8.1). sign is 0 with -Inf where 2F1 is zero, and NaN comes with sign 0 where no form has
// six digits or z is outside the range.
func LogHyper(a, b, c, z float64) (log, sign float64) {
	if !(c > 0) || !(z <= 1-1e-5) || math.IsNaN(a+b) || math.IsInf(z, -1) {
		return math.NaN(), 0
	}
	best := math.Inf(1)
	log = math.NaN()
	l1 := math.Log1p(-z)
	try := func(power, p, q, w float64) {
		if best < 1e3 {
			return
		}
		sum, top, shift, done := series(p, q, c, w, true)
		if lost := top / math.Abs(sum); done && lost < best && (lost < 1e10 || sum == 0) {
			best, log = lost, float64(power*l1)+shift+math.Log(math.Abs(sum))
			sign = float64(cmp(sum))
		}
	}
	if z < 0 {
		w := z / (z - 1)
		try(-b, c-a, b, w)
		try(-a, a, c-b, w)
		return log, sign
	}
	if c-a-b < 0 { // Euler's form has the smaller parameters
		try(c-a-b, c-a, c-b, z)
		try(0, a, b, z)
	} else {
		try(0, a, b, z)
		try(c-a-b, c-a, c-b, z)
	}
	return log, sign
}

func cmp(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
