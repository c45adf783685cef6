package spend

import "math"

// Expected is the expected value of one purchase of each customer, in currency units.
//
//   - x > 0, m > 0: E(M | m, x) of the model.
//   - x = 0: the population mean p v / (q - 1), flagged Prior; for q <= 1 that does not exist, and
//     Pooled stands in, flagged Fallback too.
//   - x > 0, but m is no positive number: as x = 0, flagged NotPositive.
//   - model not fitted (TooFew): (x m + Pooled) / (x + 1), flagged Fallback; the own purchases
//     against one of the population's. Spread is judged by Between, half within and half between.
//   - NoData: NaN.
//
// Customers that the fit leaves out (see Left) are flagged Outlier; their SD is at least the distance to Pooled.
func (f *Fitted) Expected(d Data) *Estimate {
	e := newEstimate(len(d.X))
	for c := range d.X {
		var flag Flag
		x, m := float64(d.X[c]), d.M[c]
		if !d.usable(c) {
			if d.X[c] > 0 {
				flag = NotPositive
			}
			x, m, flag = 0, 0, flag|Prior
		}
		mean, sd, within := f.estimate(m, x)
		if math.IsNaN(f.P) || math.IsNaN(f.Conditional(m, x)) {
			flag |= Fallback
		}
		if log := math.Log(m); x > 0 && (log < f.low || log > f.high) {
			flag, sd = flag|Outlier, max(sd, math.Abs(mean-f.Pooled))
		}
		e.set(c, mean, sd, within, 0, flag)
	}
	return e
}

func (f *Fitted) estimate(m, x float64) (mean, sd, within float64) {
	if mean = f.Conditional(m, x); finite(mean) {
		return mean, f.ConditionalSD(m, x), f.Within(m, x)
	}
	half := f.Between / math.Sqrt2
	return (float64(x*m) + f.Pooled) / (x + 1), half / math.Sqrt(x+1), half
}
