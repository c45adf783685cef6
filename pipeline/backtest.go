package pipeline

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/scoring/backtest"
)

// BacktestOptions say which past days to foretell from; the zero value is legal. See backtest.Options.
type BacktestOptions struct {
	AsOf    []civil.Day
	Periods int
	Horizon int // days; 0: 90
	All     bool
}

// Backtested is what a backtest came to.
type Backtested struct {
	*backtest.Report
	Currency string  `json:"currency,omitempty"`
	Warnings []error `json:"-"`
}

// Backtest reads the inputs as a run does and judges what the models would have foretold on past days. A
// config with an as-of day knows the days before it and no others. Nothing is written.
func Backtest(ctx context.Context, version string, workers int, c Config, o BacktestOptions, events Events) (*Backtested, error) {
	c = c.OrDefault()
	b := backtest.Options{Horizon: o.Horizon, AsOf: o.AsOf, Periods: o.Periods, All: o.All, Settings: c.Models.Settings, Workers: max(1, workers)}
	if err := errors.Join(c.Validate(), b.Validate()); err != nil {
		return nil, as(ErrConfig, err)
	}
	n := &night{cfg: c, version: version, events: events, workers: max(1, workers)}
	if err := n.load(ctx); err != nil {
		return nil, err
	}
	if err := n.gate(); err != nil {
		return nil, err
	}
	asOf, err := n.asOf()
	if err != nil {
		return nil, as(ErrInput, err)
	}
	f := &Figures{AsOf: asOf, Accounts: n.accounts}
	if f.Ledger, err = n.ledgerOn(asOf); err != nil {
		return nil, as(ErrInput, err)
	}
	if err := f.hierarchy(); err != nil {
		return nil, err
	}
	if err := f.rollUp(n.workers); err != nil {
		return nil, err
	}
	events.stage("foretelling past days")
	b.Outside = f.Child
	r, err := backtest.Run(ctx, f.seen, b)
	if err != nil {
		return nil, as(ErrInput, err)
	}
	return &Backtested{Report: r, Currency: n.read.Currency, Warnings: n.warnings}, nil
}

// JSON is the report as indented JSON with a line end.
func (b *Backtested) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(b, "", "  ")
	return append(text, '\n'), err
}
