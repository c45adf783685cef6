package evaluation

import "math"

// Bin is one step of a calibration table.
type Bin struct {
	Customers int `json:"customers"`
	// From and To are the lowest and highest forecast of the bin.
	From Figure `json:"from"`
	To   Figure `json:"to"`
	// Forecast and Actual are the means of the bin.
	Forecast Figure `json:"forecast"`
	Actual   Figure `json:"actual"`
}

// Calibration sorts customers by forecast, lowest first, and cuts them into bins of equal count (to
// within one customer; fewer bins where there are fewer customers). Customers with equal forecasts
// count with the mean of their outcomes, so that a cut between them says nothing. Forecasts must not
// be NaN.
func Calibration(forecast, actual []float64, bins int) []Bin {
	if len(forecast) != len(actual) {
		panic("evaluation: columns of different length")
	}
	n := len(forecast)
	bins = min(bins, n)
	g := groupBy(forecast, nil, actual)
	var table []Bin
	at, used := len(g)-1, 0 // ascending from the last group
	for b := range bins {
		size := (b+1)*n/bins - b*n/bins
		bin := Bin{Customers: size, From: Figure(g[at].score)}
		var f, a float64
		for left := size; left > 0; {
			x := g[at]
			take := min(left, x.n-used)
			f += float64(float64(take) * x.score)
			a += float64(float64(take) * (x.spend / float64(x.n)))
			bin.To = Figure(x.score)
			left -= take
			if used += take; used == x.n {
				at, used = max(at-1, 0), 0
			}
		}
		bin.Forecast, bin.Actual = Figure(f/float64(size)), Figure(a/float64(size))
		table = append(table, bin)
	}
	return table
}

// eceByChance is the ECE to expect of true probabilities: the events of a bin of n are a sum of
// Bernoulli variables with variance Σ p (1 - p), and the mean distance of a normal variable from its mean is
// σ √(2/π).
func eceByChance(p []float64, bins int) float64 {
	order := ranked(p)
	var sum float64
	for b := range bins {
		var variance float64
		for _, i := range order[b*len(p)/bins : (b+1)*len(p)/bins] {
			variance += float64(p[i] * (1 - p[i]))
		}
		sum += math.Sqrt(variance * 2 / math.Pi) // n x (σ / n) √(2/π)
	}
	return sum / float64(len(p))
}

// MAPE is the mean of |forecast - actual| / |actual| over bins whose actual is not 0: the decile error
// of a value forecast. NaN without such a bin.
func MAPE(bins []Bin) Figure {
	var sum float64
	n := 0
	for _, b := range bins {
		if b.Actual != 0 {
			sum += math.Abs(float64(b.Forecast-b.Actual)) / math.Abs(float64(b.Actual))
			n++
		}
	}
	return Figure(sum / float64(n))
}
