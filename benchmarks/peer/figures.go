package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// figure is one figure as both sides have it. Amounts are text, so that no digit is lost.
type figure struct {
	Name      string `json:"figure"`
	Peer      string `json:"peer"`
	Ours      string `json:"ours"`
	Differing int64  `json:"differing"` // customers for whom it is not the same
}

// figures has DuckDB read both results and compare them customer by customer. That any differ, or
// that a figure is missing, is an error that names each.
func (b *bench) figures(ctx context.Context, theirs, customers string) ([]figure, error) {
	text, err := output(ctx, b.python, b.workload, "compare", theirs, customers)
	if err != nil {
		return nil, err
	}
	return checkFigures([]byte(text))
}

func checkFigures(text []byte) ([]figure, error) {
	var figures []figure
	if err := json.Unmarshal(text, &figures); err != nil {
		return nil, fmt.Errorf("read the comparison: %w", err)
	}
	missing := map[string]bool{"customers": true, "orders": true, "net_sales": true, "gross_profit": true, "class_A": true}
	var faults []error
	for _, f := range figures {
		delete(missing, f.Name)
		if f.Differing != 0 || f.Peer != f.Ours {
			faults = append(faults, fmt.Errorf("the results differ: %s is %s in DuckDB and %s in vitalfew, other for %d customers", f.Name, f.Peer, f.Ours, f.Differing))
		}
	}
	for name := range missing {
		faults = append(faults, fmt.Errorf("the comparison has no %s", name))
	}
	return figures, errors.Join(faults...)
}
