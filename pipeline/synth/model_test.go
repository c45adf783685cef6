package synth

import (
	"context"
	"math"
	"testing"
)

// moments returns mean and variance.
func moments(n int, draw func(i int) float64) (mean, variance float64) {
	var s, ss float64
	for i := range n {
		x := draw(i)
		s, ss = s+x, ss+x*x
	}
	mean = s / float64(n)
	return mean, ss/float64(n) - mean*mean
}

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s: got %.5g, want %.5g within %g%%", what, got, want, 100*relative)
	}
}

func TestGammaDraws(t *testing.T) {
	const n = 200_000
	s := newStream().seat(1, domainAccount, 1)
	for _, shape := range []float64{.3, .7, 1, 2.4, 25} {
		mean, variance := moments(n, func(int) float64 { return s.gamma(shape) })
		// Standard errors at n: mean 0.4% at shape .3; variance below 1.5%.
		near(t, "mean of Gamma(shape)", mean, shape, .015)
		near(t, "variance of Gamma(shape)", variance, shape, .06)
	}
	for _, k := range []uint8{1, 3} {
		mean, variance := moments(n, func(int) float64 { return s.erlang(k) })
		near(t, "mean gap", mean, 1, .01)
		near(t, "variance of the gap", variance, 1/float64(k), .04)
	}
}

// Neighbouring streams must not resemble each other: the first draws of consecutive orders and of
// consecutive customers are uniform and uncorrelated.
func TestStreamsAreIndependent(t *testing.T) {
	const n = 100_000
	s := newStream()
	for name, draw := range map[string]func(i int) float64{
		"orders of a customer": func(i int) float64 { return s.order(customerKey(1, 5), uint32(i), lineStream).Float64() },
		"customers":            func(i int) float64 { return s.order(customerKey(1, int32(i)), 0, lineStream).Float64() },
		"items of a domain":    func(i int) float64 { return s.seat(1, domainAccount, uint64(i)).Float64() },
	} {
		mean, variance := moments(n, draw)
		lag, _ := moments(n, func(i int) float64 { return (draw(i) - .5) * (draw(i+1) - .5) })
		// Standard errors: mean .0009, correlation .0032.
		if math.Abs(mean-.5) > .005 || math.Abs(variance-1./12) > .002 || math.Abs(lag*12) > .015 {
			t.Errorf("%s: mean %.4f variance %.4f correlation %.4f, want .5, .0833, 0", name, mean, variance, lag*12)
		}
	}
}

// Scale's population has the moments of its distributions, and the closed form of Pareto/NBD holds
// for what the process draws: two independent ways to the same number.
func TestScaleDrawsParetoNBD(t *testing.T) {
	const n = 40_000
	p := Scale(n, 1_000_000)
	c := mustNew(t, p)
	mean, variance := moments(n, func(i int) float64 { return c.customers[i].rate })
	near(t, "mean λ", mean, p.R/p.Alpha, .03)
	near(t, "variance of λ", variance, p.R/p.Alpha/p.Alpha, .1)
	repeats := float64(c.counts.orders-c.counts.firsts) / n
	near(t, "repeat orders a customer", repeats, p.expectedRepeats(), .03)
	if got, want := c.counts.orders, int64(1_000_000/3); math.Abs(float64(got-want)) > .03*float64(want) {
		t.Errorf("got %d orders, want %d within 3%%", got, want)
	}
	alive := 0
	for i := range c.customers {
		alive += bit(c.active(i))
	}
	// P(lifetime > T) = (Beta/(Beta+T))^S, averaged over the first order's day.
	want := 0.
	for i := range 1000 {
		u := (float64(i) + .5) / 1000
		survive := func(T float64) float64 { return math.Pow(p.Beta/(p.Beta+T), p.S) }
		want += (p.Established*survive(1096-60*u) + (1-p.Established)*survive(1096-1066*u-10.5)) / 1000
	}
	near(t, "share alive at the end", float64(alive)/n, want, .03)
}

// The realized order values are the Gamma-Gamma draws up to pieces: their mean by customer follows
// the customer's mean, and the population has mean PΓ/(Q-1).
func TestScaleDrawsGammaGamma(t *testing.T) {
	p := Scale(20_000, 400_000)
	p.Q = 4 // a finite third moment keeps the standard error of the mean small
	c := mustNew(t, p)
	b, err := c.WriteOrders(context.Background(), discard{}, Options{Columns: Basic})
	if err != nil {
		t.Fatal(err)
	}
	mean, _ := moments(len(c.customers), func(i int) float64 { return c.customers[i].value / 100 })
	near(t, "mean of customers' mean order values", mean, p.meanValue(), .02)
	var ratio, weight, z2 float64
	for i, a := range b.by {
		m := c.customers[i].value / 100
		r := a.net.Float() / float64(a.orders) / m
		ratio += r * float64(a.orders)
		weight += float64(a.orders)
		z2 += (r - 1) * (r - 1) * float64(a.orders)
	}
	near(t, "order value / its customer's mean", ratio/weight, 1, .01)
	// Var(z)/mean² = 1/P, so the sum over customers of n*(r-1)² is their number / P.
	near(t, "variance of order values about the customer's mean", z2/float64(len(b.by)), 1/p.P, .05)
	margin := float64(b.Totals.GrossProfit()) / float64(b.Totals.NetSales)
	near(t, "margin rate", margin, p.MarginMean, .02)
}

func TestClockworkKeepsItsRhythm(t *testing.T) {
	p := Demo()
	p.Shares = [StoryCount]float64{Clockwork: 1}
	p.Season, p.Weekdays, p.Lines, p.Customers = [12]float64{}, false, 0, 300
	c := mustNew(t, p)
	s := newStream()
	var gaps, squares, n float64
	for i := range int32(len(c.customers)) {
		at := c.customers[i].first
		for k := uint32(0); k < 10; k++ {
			next, alive := c.following(s, i, k, at)
			if !alive {
				break
			}
			g := (next - at) * c.customers[i].rate
			gaps, squares, n, at = gaps+g, squares+g*g, n+1, next
		}
	}
	mean := gaps / n
	near(t, "gap x rate", mean, 1, .03)
	near(t, "coefficient of variation", math.Sqrt(squares/n-mean*mean)/mean, .2, .1) // 1/√25
}
