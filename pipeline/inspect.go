package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/numeral"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// Bounds of an inspection: the start of each file that is read, and the rejects of it that are shown.
const (
	inspectedBytes   = 4 << 20
	inspectedRecords = 20_000 // of accounts and products
	inspectedRejects = 5
)

// Inspection is what a run would make of one file.
type Inspection struct {
	Path     string
	Kind     layout.Kind
	Resolved layout.Resolved
	Orders   *ingest.File // of orders; nil: accounts or products
	Samples  map[layout.Column][]string
	Rejects  []ingest.Reject // of the part that was read
	Lines    int64           // of that part
	Partial  bool            // the file goes on

	pattern string // that named the file
	text    bool
	dialect byte // of accounts and products in text
}

// Inspect reads the start of each file as a run would and prints what it makes of it; settle reads text
// files to their end for their charset, for a config. It returns what was understood, and the faults of
// the files that were not.
func Inspect(ctx context.Context, w io.Writer, patterns []string, c Config, rows int, settle bool) ([]Inspection, error) {
	c.Orders, c.CRM, c.Products, c.CRMTargets = nil, nil, nil, nil
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
	o.Workers, o.Sampling = 1, &ingest.Sampling{Bytes: inspectedBytes, Cells: max(0, rows), Charset: settle}
	var faults []error
	var out []Inspection
	p := &printer{w: w}
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
			p.head("%s", f.Path)
			in, err := inspect(ctx, f, o)
			if err != nil {
				faults = append(faults, err)
				p.misunderstood(f, o)
				continue
			}
			in.pattern = pattern
			out = append(out, in)
			p.inspection(f, in)
		}
	}
	return out, errors.Join(p.err, as(ErrInput, errors.Join(faults...)))
}

// inspect takes a file for the kind of export that uses most of it; of equals the first in the order
// orders, accounts, products. The error is that of orders.
func inspect(ctx context.Context, f source.File, o ingest.Options) (Inspection, error) {
	orders, err := inspectOrders(ctx, f, o)
	if undecided(err) {
		return Inspection{}, err // of order lines whose columns were found
	}
	side, sideErr := inspectSide(f, o)
	switch {
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

func inspectOrders(ctx context.Context, f source.File, o ingest.Options) (Inspection, error) {
	r, err := ingest.Read(ctx, []source.File{f}, o)
	if err != nil {
		return Inspection{}, err
	}
	file := &r.Files[0]
	in := Inspection{Path: f.Path, Kind: layout.Orders, Resolved: file.Resolved, Orders: file, Rejects: r.Rejects,
		Lines: r.Books.Read.Lines, Partial: file.Partial, Samples: map[layout.Column][]string{}, text: f.Format == source.Text}
	for _, c := range file.Columns {
		in.Samples[c.Column] = c.Cells
	}
	if f.Format == source.Parquet {
		err = in.parquetCells(f, o.Sampling.Cells)
	}
	return in, err
}

// parquetCells takes samples of Parquet, whose columns are not text.
func (in *Inspection) parquetCells(f source.File, most int) error {
	recs, err := ingest.OpenRecords(f, 0, parquetfile.Limits{})
	if err != nil {
		return err
	}
	defer recs.Close() // only read
	at := map[string]int{}
	for i, h := range recs.Header() {
		at[h] = i
	}
	for range most {
		rec, err := recs.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, m := range in.Resolved.Matches {
			if i, ok := at[m.Header]; ok {
				in.Samples[m.Column] = append(in.Samples[m.Column], rec.Fields[i])
			}
		}
	}
	return nil
}

// start ends an export early and keeps the first cells.
type start struct {
	records
	in   *Inspection
	keep int
}

// Next returns the next record of the start.
func (s *start) Next() (account.Record, error) {
	if s.in.Lines == inspectedRecords {
		s.in.Partial = true
		return account.Record{}, io.EOF
	}
	rec, err := s.records.Next()
	if err != nil {
		return rec, err
	}
	if s.in.Lines++; s.in.Lines <= int64(s.keep) && rec.Fields != nil {
		for _, m := range s.in.Resolved.Matches {
			s.in.Samples[m.Column] = append(s.in.Samples[m.Column], rec.Fields[m.Index])
		}
	}
	return rec, nil
}

// inspectSide takes a file for accounts or products, whichever uses more of it.
func inspectSide(f source.File, o ingest.Options) (Inspection, error) {
	recs, err := ingest.OpenRecords(f, o.Delimiter, parquetfile.Limits{})
	if err != nil {
		return Inspection{}, err
	}
	defer recs.Close() // only read
	in := Inspection{Path: f.Path, Samples: map[layout.Column][]string{}, text: f.Format == source.Text, dialect: recs.Dialect.Delimiter}
	found := false
	for _, k := range []layout.Kind{layout.CRM, layout.Products} {
		r, fault := layout.Resolve(k, recs.Header(), o.Mapping)
		if err = fault; fault == nil && (!found || len(r.Matches) > len(in.Resolved.Matches)) {
			in.Kind, in.Resolved, found = k, r, true
		}
	}
	if !found {
		return in, err
	}
	s := &start{records{recs}, &in, o.Sampling.Cells}
	var rejects []account.Reject
	if in.Kind == layout.CRM {
		b := account.NewBuilder(o.Mapping.Settings)
		err = b.Read(s, in.Resolved)
		_, rejects = b.Build()
	} else {
		b := account.NewProductBuilder(o.Mapping.Settings)
		err = b.Read(s, in.Resolved)
		_, rejects = b.Build()
	}
	n := &night{}
	n.addRejects(rejects)
	in.Rejects = n.rejects
	return in, err
}

// misunderstood prints what can be said of a file that no kind of export fits.
func (p *printer) misunderstood(f source.File, o ingest.Options) {
	p.line("  %s bytes, %s, packed with %s: not usable as it is", group(f.Size), f.Format, f.Compression)
	recs, err := ingest.OpenRecords(f, o.Delimiter, parquetfile.Limits{})
	if err != nil {
		return // the fault of the file says it
	}
	defer recs.Close() // only read
	p.line("  headers: %s", strings.Join(recs.Header(), " | "))
	for _, u := range recs.Unreadable {
		p.line("  not readable: %s", u)
	}
}

// inspection prints one file on one screen.
func (p *printer) inspection(f source.File, in Inspection) {
	p.line("  %s bytes, %s, packed with %s%s", group(f.Size), f.Format, f.Compression, manner(in))
	extent := "all"
	if in.Partial {
		extent = "the first"
	}
	p.line("  read as %s; %s %s lines were looked at", in.Kind, extent, group(in.Lines))
	how := map[layout.Column]ingest.Column{}
	if o := in.Orders; o != nil {
		for _, e := range o.Evidence {
			p.line("  because: %s", e)
		}
		for _, what := range sortedKeys(o.Aside) {
			p.line("  no order line: %s, %s records", what, group(o.Aside[what]))
		}
		for _, t := range o.Tables {
			p.line("  another table at line %d, set aside: %s: %s records", t.Line, clip(strings.Join(t.Header, ", "), 60), group(t.Records))
		}
		for _, c := range o.Columns {
			how[c.Column] = c
		}
	}
	for _, m := range in.Resolved.Matches {
		var cells []string
		for _, c := range in.Samples[m.Column] {
			cells = append(cells, clip(c, 24))
		}
		p.line("    %-16s = %-24q %-16s %s", m.Column, m.Header, "("+m.Rule.String()+")", strings.Join(cells, " | "))
		if c := how[m.Column]; c.Decided {
			p.line("      like %s; %s", c.Format, c.How)
		}
	}
	if len(in.Resolved.Unmapped) > 0 {
		p.line("  not used: %s", strings.Join(in.Resolved.Unmapped, " | "))
	}
	p.wouldReject(in)
}

// manner is how the text of a file is written.
func manner(in Inspection) string {
	switch {
	case in.Orders != nil && in.Orders.Charset != "":
		return fmt.Sprintf(", %s, %s", in.Orders.Charset, delimiterText(in.Orders))
	case in.Orders != nil && in.Orders.Sheet != "":
		return fmt.Sprintf(", sheet %q", in.Orders.Sheet)
	case in.Orders == nil && in.text:
		return fmt.Sprintf(", delimiter %q", in.dialect)
	}
	return ""
}

func delimiterText(f *ingest.File) string {
	if f.Delimiter != 0 {
		return fmt.Sprintf("delimiter %q", f.Delimiter)
	}
	return f.Dialect
}

// wouldReject counts the rejects by reason and shows the first.
func (p *printer) wouldReject(in Inspection) {
	if len(in.Rejects) == 0 {
		p.line("  nothing of it would be rejected")
		return
	}
	count := map[string]int{}
	for _, r := range in.Rejects {
		count[strings.TrimPrefix(r.Column+": "+r.Reason, ": ")]++
	}
	reasons := sortedKeys(count)
	slices.SortStableFunc(reasons, func(a, b string) int { return count[b] - count[a] })
	p.line("  %s lines or cells of it would be rejected:", group(int64(len(in.Rejects))))
	for _, reason := range reasons[:min(len(reasons), inspectedRejects)] {
		p.line("    %s times %s", group(int64(count[reason])), reason)
	}
	if n := len(reasons) - inspectedRejects; n > 0 {
		p.line("    and %d other reasons", n)
	}
	for _, r := range in.Rejects[:min(len(in.Rejects), inspectedRejects)] {
		p.line("    line %d, %s %q", r.Line, r.Column, clip(r.Value, 40))
	}
}
