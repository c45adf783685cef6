package special

import "math"

// ScaledExpInt is e^z E_s(z) = ∫_0^∞ e^(-zt) (1+t)^(-s) dt, the scaled generalised exponential
// integral, for s >= 0 and z > 0; z = 0 is legal for s > 1 and gives 1/(s-1). NaN elsewhere.
//
//   - z > 1: the continued fraction of DLMF 8.19.17 by Lentz's method.
//   - z <= 1: s is brought into [1/2, 3/2), where the series is free of its pole at s = 1, and from
//     there up by g_(s+1) = (1 - z g_s)/s (DLMF 8.19.12), which shrinks errors for z <= 1.
func ScaledExpInt(s, z float64) float64 {
	switch {
	case !(s >= 0) || !(z >= 0) || z == 0 && s <= 1:
		return math.NaN()
	case math.IsInf(z, 1) || math.IsInf(s, 1):
		return 0
	case z == 0:
		return 1 / (s - 1)
	case z > 1:
		return expIntFraction(s, z)
	case s < 0.5:
		// One step down from s+1 in [1, 3/2), where s g_(s+1) stays well below one.
		return (1 - float64(s*expIntSeries(s+1, z))) / z
	}
	const steps = 20 // 20 steps from s > 25 shrink any start by more than 1e-17
	if s > steps+5 {
		g := 1 / (z + s - steps)
		for q := s - steps; q < s-0.5; q++ {
			g = (1 - float64(z*g)) / q
		}
		return g
	}
	n := math.Floor(s - 0.5)
	g := expIntSeries(s-n, z)
	for q := s - n; q < s-0.5; q++ {
		g = (1 - float64(z*g)) / q
	}
	return g
}

// expIntSeries is e^z E_s(z) for s in [1/2, 3/2) and 0 < z <= 1. With e = 1-s, DLMF 8.19.10 is
// E_s(z) = (Γ(1+e) z^(-e) - 1)/e - Σ_(k>=1) (-z)^k / (k! (k+e)); the first part has the limit
// -γ - ln z at e = 0.
func expIntSeries(s, z float64) float64 {
	e := 1 - s
	first := logGamma1p(e) - math.Log(z)
	if e != 0 {
		first = math.Expm1(float64(e*first)) / e
	}
	sum, t := 0.0, 1.0
	for k := 1.0; k < 40; k++ {
		t *= -z / k
		d := t / (k + e)
		sum += d
		if math.Abs(d) < 1e-18 {
			break
		}
	}
	return math.Exp(z) * (first - sum)
}

// logGamma1p is ln Γ(1+e)/e for |e| <= 1/2, with its limit -γ at 0. Abramowitz and Stegun 6.1.33:
// ln Γ(1+e) = -ln(1+e) + e(1-γ) + Σ_(k>=2) (-1)^k (ζ(k)-1) e^k / k.
func logGamma1p(e float64) float64 {
	const euler = 0.57721566490153286061
	zeta := [...]float64{ // ζ(k)-1, k = 2, 3, ...
		0.64493406684822643647, 0.20205690315959428540, 0.08232323371113819152, 0.03692775514336992633,
		0.01734306198444913971, 0.00834927738192282684, 0.00407735619794433938, 0.00200839282608221442,
		0.00099457512781808534, 0.00049418860411946456, 0.00024608655330804830, 0.00012271334757848915,
		0.00006124813505870483, 0.00003058823630702049, 0.00001528225940865187, 0.00000763719763789976,
		0.00000381729326499984, 0.00000190821271655394, 0.00000095396203387280, 0.00000047693298678781,
		0.00000023845050272773, 0.00000011921992596531, 0.00000005960818905126, 0.00000002980350351465,
	}
	sum := 0.0
	for i := len(zeta) - 1; i >= 0; i-- {
		k := float64(i + 2)
		term := zeta[i] / k
		if i%2 == 1 {
			term = -term
		}
		sum = float64(sum*e) + term
	}
	slope := 1 - euler + float64(sum*e)
	if e == 0 {
		return slope - 1
	}
	return slope - math.Log1p(e)/e
}

// expIntFraction evaluates 1/(z+s - 1·s/(z+s+2 - 2(s+1)/(z+s+4 - ...))) from the top.
func expIntFraction(s, z float64) float64 {
	b := z + s
	c := math.MaxFloat64
	d := 1 / b
	h := d
	for i := 1.0; i < 10_000; i++ {
		a := -i * (s - 1 + i)
		b += 2
		d = 1 / (float64(a*d) + b)
		c = b + a/c
		delta := c * d
		h *= delta
		if math.Abs(delta-1) < 1e-16 {
			break
		}
	}
	return h
}
