package churn

import "math"

// family groups the features that tell one story: a reason is given per family.
type family uint8

const (
	rhythm family = iota // the base too
	pace
	gaps
	history
	value
	returns
	discounts
	breadth
	season
	families
)

// feature is a column of the model. at returns NaN where the fact is unknown; counts, days and money
// go in as logarithms (asinh where they may be negative), since they are skewed.
type feature struct {
	name   string
	family family
	at     func(f *facts) float64
}

// features are the columns in order, after fight-churn (Gold, Fighting Churn with Data, 2020, chapters
// 3, 4 and 7) in the terms of orders.
func features() []feature {
	return []feature{
		{"recency", rhythm, func(f *facts) float64 { return log(f.recency) }},
		{"recency by expected gap", rhythm, func(f *facts) float64 { return log(f.recency / f.expected) }},
		{"lateness in own deviations", rhythm, func(f *facts) float64 {
			return math.Asinh(float64((f.recency - f.meanGap) / max(f.spread, 1)))
		}},
		{"purchases in window", pace, func(f *facts) float64 { return math.Log1p(float64(f.recent)) }},
		{"change of purchases", pace, func(f *facts) float64 {
			if f.recent+f.earlier == 0 {
				return 0
			}
			return log((f.recent + 0.5) / (f.earlier + 0.5))
		}},
		{"spend in window", pace, func(f *facts) float64 { return math.Asinh(float64(f.spend)) }},
		{"gap trend", gaps, func(f *facts) float64 { return log(f.lateGap / f.earlyGap) }},
		{"purchases", history, func(f *facts) float64 { return log(f.days) }},
		{"purchases by tenure", history, func(f *facts) float64 { return log((f.days - 0.5) / f.tenure) }},
		{"tenure", history, func(f *facts) float64 { return log(f.tenure) }},
		{"order value", value, func(f *facts) float64 { return math.Asinh(float64(f.value)) }},
		{"order value trend", value, func(f *facts) float64 { return log(f.lateValue / f.earlyValue) }},
		{"return rate", returns, func(f *facts) float64 { return float64(f.returned) }},
		{"discount share", discounts, func(f *facts) float64 { return float64(f.discount) }},
		{"categories", breadth, func(f *facts) float64 { return math.Log1p(float64(f.breadth)) }},
		{"first order in winter", season, func(f *facts) float64 { return math.Cos(2 * math.Pi * float64(f.season) / 365.25) }},
		{"first order in spring", season, func(f *facts) float64 { return math.Sin(2 * math.Pi * float64(f.season) / 365.25) }},
	}
}

func log(x float32) float64 { return math.Log(float64(x)) }
