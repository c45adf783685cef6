package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/vitalfew/vitalfew/scoring/btyd"
	"github.com/vitalfew/vitalfew/scoring/clv"
	"github.com/vitalfew/vitalfew/scoring/spend"
)

// result is what a process prints. Seconds name the parts of the work, reading the file not counted.
type result struct {
	Theta    []float64          `json:"theta,omitempty"` // in weeks
	Patterns int                `json:"patterns"`
	Sum      float64            `json:"sum,omitempty"`   // of the values
	First    []float64          `json:"first,omitempty"` // values of the first customers
	Seconds  map[string]float64 `json:"seconds"`
}

// simulateTasks are how a process is told to write the customers.
const writeBG, writePareto = "write-bg", "write-pareto"

// work is one task, in a process of its own.
func work(o *options, out io.Writer) error {
	if o.task == writeBG || o.task == writePareto {
		c := simulate(o.customers, o.task == writePareto)
		return c.write(o.file(o.task[len("write-"):]))
	}
	c, err := read(o.file(o.task), o.customers, o.task == "clv" || o.task == "clv-interval")
	if err != nil {
		return err
	}
	var r *result
	switch o.task {
	case "bg":
		r, err = fit(btyd.BGNBD, &c, o.workers)
	case "pareto":
		r, err = fit(btyd.ParetoNBD, &c, o.workers)
	case "clv":
		r, err = values(&c)
	case "clv-interval":
		r, err = intervals(&c, o.workers)
	default:
		err = fmt.Errorf("no task %q", o.task)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(r)
}

func fit(f btyd.Family, c *customers, workers int) (*result, error) {
	start := time.Now()
	p, err := btyd.Collapse(c.x, c.tx, c.t)
	if err != nil {
		return nil, err
	}
	collapsed := time.Now()
	fitted, err := btyd.Fit(f, p, workers)
	if err != nil {
		return nil, err
	}
	end := time.Now()
	if fitted.Status != btyd.Converged {
		return nil, fmt.Errorf("%v %v", f, fitted.Status)
	}
	theta := fitted.Theta[:]
	theta[1] /= 7
	if f == btyd.ParetoNBD {
		theta[3] /= 7
	}
	return &result{Theta: theta, Patterns: p.Len(), Seconds: map[string]float64{
		"collapse": collapsed.Sub(start).Seconds(), "fit": end.Sub(collapsed).Seconds(),
		"fit, per evaluation": end.Sub(collapsed).Seconds() / float64(fitted.Evaluations)}}, nil
}

func model() btyd.Model {
	theta := truth(false)
	theta[1] *= 7
	return btyd.Model{Family: btyd.BGNBD, Theta: theta}
}

func expectedSpend(c *customers) []float64 {
	s := spendTruth()
	g := spend.GammaGamma{P: s[0], Q: s[1], V: s[2]}
	mean := make([]float64, len(c.x))
	for i := range mean {
		mean[i] = g.Conditional(c.m[i], float64(c.x[i]))
	}
	return mean
}

// values are lifetimes' own definition: twelve periods of 4.345 weeks at 1%.
func values(c *customers) (*result, error) {
	start := time.Now()
	p := clv.Collapse(c.x, c.tx, c.t)
	value := clv.Periods(model(), p, expectedSpend(c), 12, 4.345*7, .01)
	return summed(value, p.Len(), time.Since(start)), nil
}

// intervals are what vitalfew gives: continuous discounting, with an interval for every customer. No
// counterpart in lifetimes.
func intervals(c *customers, workers int) (*result, error) {
	start := time.Now()
	s := spendTruth()
	g := spend.GammaGamma{P: s[0], Q: s[1], V: s[2]}
	n := len(c.x)
	profit := clv.Spend{Mean: expectedSpend(c), SD: make([]float64, n), Within: make([]float64, n), Shared: make([]float64, n)}
	for i := range n {
		profit.SD[i], profit.Within[i] = g.ConditionalSD(c.m[i], float64(c.x[i])), g.Within(c.m[i], float64(c.x[i]))
	}
	r, err := clv.Compute(clv.Input{X: c.x, TX: c.tx, T: c.t, Spend: profit, Model: model()}, clv.Options{Months: []float64{12}, Workers: workers})
	if err != nil {
		return nil, err
	}
	return summed(r.Horizons[0].Value, r.Patterns.Len(), time.Since(start)), nil
}

func summed(value []float64, patterns int, took time.Duration) *result {
	sum := 0.0
	for _, v := range value {
		sum += v
	}
	return &result{Patterns: patterns, Sum: sum, First: value[:min(1000, len(value))], Seconds: map[string]float64{"value": took.Seconds()}}
}
