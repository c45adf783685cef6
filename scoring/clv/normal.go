package clv

import (
	"math"
	"sync"
)

// The standard normal distribution is looked up, because every interval asks for it some hundred times:
// between points 1/64 apart a cubic through value and density of both is 1e-9 off.
const (
	reach = 6  // standard deviations; beyond, 0 or 1 is 1e-9 off
	steps = 64 // points a standard deviation
)

var normalTable = sync.OnceValue(func() *[2*reach*steps + 2][2]float64 {
	t := new([2*reach*steps + 2][2]float64)
	for i := range t {
		z := float64(i)/steps - reach
		t[i] = [2]float64{math.Erfc(-z/math.Sqrt2) / 2, math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / steps}
	}
	return t
})

// normal is P(Z <= z) of a standard normal Z.
func normal(t *[2*reach*steps + 2][2]float64, z float64) float64 {
	switch {
	case z >= reach:
		return 1
	case z <= -reach:
		return 0
	}
	at := (z + reach) * steps
	i := int(at)
	u := at - float64(i)
	a, b := &t[i], &t[i+1]
	d := b[0] - a[0]
	// Hermite's cubic in u = 0..1 with values a, b and slopes a', b'.
	return a[0] + u*(a[1]+u*(3*d-2*a[1]-b[1]+u*(a[1]+b[1]-2*d)))
}
