package evaluation

import "math"

// Forecast are the figures of a forecast of an amount, a number of purchases for one.
type Forecast struct {
	Name string `json:"name"`
	// Customers were judged; Unknown had no forecast.
	Customers int `json:"customers"`
	Unknown   int `json:"unknown"`
	// MAE, RMSE and Bias (forecast minus actual) are per customer, in the unit of the forecast.
	MAE  Figure `json:"mae"`
	RMSE Figure `json:"rmse"`
	Bias Figure `json:"bias"`
	// Predicted and Actual are the totals over the judged customers.
	Predicted Figure `json:"predicted_total"`
	Actual    Figure `json:"actual_total"`
	// Gini is the Gini of the actuals ranked by the forecast over that ranked by themselves: 1 is
	// the perfect order, 0 a random one.
	Gini Figure `json:"normalised_gini"`
	// Capture10 and Capture20 are the shares of the actual total in the top 10% and 20% of forecasts.
	Capture10 Figure `json:"actual_in_top_10"`
	Capture20 Figure `json:"actual_in_top_20"`
	// DecileMAPE is the mean relative error of the ten bins.
	DecileMAPE Figure   `json:"decile_mape"`
	Bins       []Bin    `json:"bins,omitempty"`
	Notes      []string `json:"notes,omitempty"`
}

// Measure compares a forecast with what came; NaN forecasts are left out and counted. It panics on
// columns of different length.
func Measure(name string, forecast, actual []float64) Forecast {
	if len(forecast) != len(actual) {
		panic("evaluation: columns of different length")
	}
	f := Forecast{
		Name: name, MAE: unknown(), RMSE: unknown(), Bias: unknown(), Predicted: unknown(), Actual: unknown(),
		Gini: unknown(), Capture10: unknown(), Capture20: unknown(), DecileMAPE: unknown(),
	}
	var p, a []float64
	for i, x := range forecast {
		if !math.IsNaN(x) {
			p, a = append(p, x), append(a, actual[i])
		}
	}
	f.Customers, f.Unknown = len(p), len(forecast)-len(p)
	if f.Unknown > 0 {
		f.Notes = append(f.Notes, "customers without a forecast were left out")
	}
	if f.Customers == 0 {
		f.Notes = append(f.Notes, "no customer to judge")
		return f
	}
	f.errors(p, a)
	f.order(p, a)
	return f
}

func (f *Forecast) errors(p, a []float64) {
	var abs, squares, predicted, actual float64
	for i := range p {
		d := p[i] - a[i]
		abs += math.Abs(d)
		squares += float64(d * d)
		predicted += p[i]
		actual += a[i]
	}
	n := float64(len(p))
	f.MAE, f.RMSE, f.Bias = Figure(abs/n), Figure(math.Sqrt(squares/n)), Figure((predicted-actual)/n)
	f.Predicted, f.Actual = Figure(predicted), Figure(actual)
	f.Bins = Calibration(p, a, 10)
	f.DecileMAPE = MAPE(f.Bins)
}

func (f *Forecast) order(p, a []float64) {
	g := groupBy(p, nil, a)
	f.Capture10, f.Capture20 = Figure(g.top(0.1, spendOf)), Figure(g.top(0.2, spendOf))
	perfect := groupBy(a, nil, a).gini(spendOf)
	switch {
	case !(f.Actual > 0):
		f.Notes = append(f.Notes, "the actual total is not positive: shares and Gini are unknown")
	case !(perfect > 0):
		f.Notes = append(f.Notes, "all actuals are equal: there is no order to find")
	default:
		f.Gini = Figure(g.gini(spendOf) / perfect)
	}
}
