package btyd

import "github.com/vitalfew/vitalfew/pipeline/span"

// Outlook computes figures of the future for every pattern at once, in parallel. dst has one figure
// per pattern; the same bits come out for any number of workers.
type Outlook struct {
	Model    Model // valid
	Patterns *Patterns
	Workers  int // goroutines; below one means one
}

func (o Outlook) each(dst []float64, width int, f func(dst []float64, i int, u *Future)) {
	n := o.Patterns.Len()
	if len(dst) != n*width {
		panic("btyd: Outlook: the length of dst does not match the patterns")
	}
	span.Each(n, block, o.Workers, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			u := o.Model.Given(o.Patterns.Histories[i])
			f(dst[i*width:(i+1)*width], i, &u)
		}
	})
}

// Alive is the probability of being a customer t >= 0 after T; t = 0 is now.
func (o Outlook) Alive(dst []float64, t float64) {
	o.each(dst, 1, func(dst []float64, _ int, u *Future) { dst[0] = u.AliveAfter(t) })
}

// Expected is the mean number of purchase days in (T, T+t], t >= 0.
func (o Outlook) Expected(dst []float64, t float64) {
	o.each(dst, 1, func(dst []float64, _ int, u *Future) { dst[0] = u.Expected(t) })
}

// ExpectedSteps is Expected at step, 2 step, ..., n step: dst[i*n+h] for pattern i and t = (h+1) step.
func (o Outlook) ExpectedSteps(dst []float64, step float64, n int) {
	o.each(dst, n, func(dst []float64, _ int, u *Future) {
		for h := range dst {
			dst[h] = u.Expected(float64(h+1) * step)
		}
	})
}

// Silent is the probability of no purchase in (T, T+t], t >= 0: the churn score.
func (o Outlook) Silent(dst []float64, t float64) {
	o.each(dst, 1, func(dst []float64, _ int, u *Future) { dst[0] = u.Silent(t) })
}

// Count is the probability of exactly n[i] >= 0 purchase days in (T, T+t] for pattern i.
func (o Outlook) Count(dst []float64, n []int, t float64) {
	if len(n) != len(dst) {
		panic("btyd: Outlook: the lengths of dst and n do not match")
	}
	o.each(dst, 1, func(dst []float64, i int, u *Future) { dst[0] = u.Count(n[i], t) })
}

// Discounted is the mean of all future purchases, each worth e^(-rate τ) at τ after T (DERT); rate > 0
// per unit of time.
func (o Outlook) Discounted(dst []float64, rate float64) {
	o.each(dst, 1, func(dst []float64, _ int, u *Future) { dst[0] = u.Discounted(rate) })
}

// DiscountedUntil is Discounted for the purchases in (T, T+t] (DECT), rate >= 0.
func (o Outlook) DiscountedUntil(dst []float64, rate, t float64) {
	o.each(dst, 1, func(dst []float64, _ int, u *Future) { dst[0] = u.DiscountedUntil(rate, t) })
}
