package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/numeral"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// Bounds of an inspection: the start of each file that is read, and how much of a kind is shown.
const (
	inspectedBytes   = 4 << 20
	inspectedRecords = 20_000 // of accounts and products
	inspectedExample = 5      // rejects, reasons, other tables, file names
)

// Inspection is what a run would make of one file.
type Inspection struct {
	Path     string
	Kind     layout.Kind
	Resolved layout.Resolved
	Orders   *ingest.File // of orders; nil: accounts or products
	Samples  map[layout.Column][]string
	Lines    int64 // of the part that was read
	Partial  bool  // the file goes on
	// Rejected counts the lines, of accounts and products the cells, that would be rejected of that part.
	Rejected   int64
	Reasons    map[string]int64 // column and reason -> how many
	Rejects    []ingest.Reject  // the first
	Duplicates *ingest.Duplicates
	Warnings   []string

	file    source.File
	pattern string // that named the file
	// Of accounts and products: the delimiter of text, and how many columns of orders the header has.
	dialect  byte
	asOrders int
}

// Inspect reads the start of each file as a run would, text to its end for its charset, and prints what it
// makes of them; files that are read alike are shown once. rows is how many sample cells of each column
// are shown. It returns what was understood, in the order of the files, and the faults of the others.
func Inspect(ctx context.Context, w io.Writer, patterns []string, c Config, rows int) ([]Inspection, error) {
	c.Orders, c.CRM, c.Products, c.CRMTargets, c.Overrides = nil, nil, nil, nil, ""
	n := &night{cfg: c.OrDefault(), workers: 1}
	var err error
	if n.in, err = findInputs(n.cfg); err != nil {
		return nil, as(ErrInput, err)
	}
	o, err := n.options()
	if err != nil {
		return nil, err
	}
	if err := n.loadSides(&o); err != nil {
		return nil, as(ErrInput, err)
	}
	o.Workers, o.Repeats, o.Sampling = 1, ingest.Counted, &ingest.Sampling{Bytes: inspectedBytes, Cells: max(0, rows)}
	var faults []error
	var out []Inspection
	p := &printer{w: w}
	var strange []source.File
	seen := map[string]bool{}
	for _, pattern := range patterns {
		files, err := source.Expand([]string{pattern})
		faults = append(faults, err)
		for _, f := range files {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if seen[f.Path] {
				continue
			}
			seen[f.Path] = true
			in, err := n.inspect(ctx, f, o)
			if err != nil {
				faults, strange = append(faults, err), append(strange, f)
				continue
			}
			in.file, in.pattern = f, pattern
			out = append(out, in)
		}
	}
	for _, g := range groupsOf(out) {
		p.inspection(g)
	}
	for _, f := range strange {
		p.misunderstood(f, o)
	}
	return out, errors.Join(p.err, as(ErrInput, errors.Join(faults...)))
}

// inspect takes a file for the kind of export that uses most of it; of equals the first in the order
// orders, accounts, products. The error is that of orders.
func (n *night) inspect(ctx context.Context, f source.File, o ingest.Options) (Inspection, error) {
	orders, err := n.inspectOrders(ctx, f, o)
	if undecided(err) {
		return Inspection{}, err // of order lines whose columns were found
	}
	side, sideErr := inspectSide(f, o)
	switch {
	case err != nil && sideErr == nil && side.asOrders > len(side.Resolved.Matches):
		return Inspection{}, fmt.Errorf("%s: most of its columns are those of orders, but: %w", f.Path, err)
	case err == nil && (sideErr != nil || len(orders.Resolved.Matches) >= len(side.Resolved.Matches)):
		return orders, nil
	case sideErr == nil:
		return side, nil
	}
	var missing *layout.MissingError
	if errors.As(err, &missing) {
		return Inspection{}, fmt.Errorf("%s: it is no export of orders, accounts or products that could be used as it is; as orders: %w", f.Path, err)
	}
	return Inspection{}, err
}

// undecided tells a column that could be read in several ways.
func undecided(err error) bool {
	var (
		number         *numeral.Undecided
		numberConflict *numeral.Conflict
		day            *calendar.Undecided
		dayConflict    *calendar.Conflict
	)
	return errors.As(err, &number) || errors.As(err, &numberConflict) || errors.As(err, &day) || errors.As(err, &dayConflict)
}
