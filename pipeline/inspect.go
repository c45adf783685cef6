package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// Inspect prints how each file is understood, and returns the faults of those that are not.
func Inspect(ctx context.Context, w io.Writer, patterns []string, c Config, rows int) error {
	m, err := c.mapping()
	if err != nil {
		return as(ErrConfig, err)
	}
	delimiter, err := c.delimiter()
	if err != nil {
		return as(ErrConfig, err)
	}
	files, err := source.Expand(patterns)
	faults := []error{err}
	p := &printer{w: w}
	for _, f := range files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := p.inspect(f, m, delimiter, rows); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(p.err, as(ErrInput, errors.Join(faults...)))
}

func (p *printer) inspect(f source.File, m layout.Mapping, delimiter byte, rows int) error {
	recs, err := ingest.OpenRecords(f, delimiter, parquetfile.Limits{})
	if err != nil {
		return err
	}
	defer recs.Close() // only read
	p.head("%s", f.Path)
	p.line("  %s bytes, %s, packed with %s%s", group(f.Size), f.Format, f.Compression, dialectText(f, recs))
	for _, u := range recs.Unreadable {
		p.line("  not readable: %s", u)
	}
	kind, resolved, err := guessKind(recs.Header(), m)
	if err != nil {
		p.line("  headers: %s", strings.Join(recs.Header(), " | "))
		return fmt.Errorf("%s: it is no export of orders, accounts or products that could be used as it is; as orders: %w", f.Path, err)
	}
	p.line("  read as %s", kind)
	sample, err := p.sample(recs, rows)
	for _, match := range resolved.Matches {
		p.line("    %-16s = %-24q %-16s %s", match.Column, match.Header, "("+match.Rule.String()+")", sample.column(match.Index))
	}
	if len(resolved.Unmapped) > 0 {
		p.line("  not used: %s", strings.Join(resolved.Unmapped, " | "))
	}
	for _, fault := range sample.faults {
		p.line("  line %d: %s", fault.Line, fault.Fault)
	}
	return err
}

func dialectText(f source.File, r *ingest.Records) string {
	if f.Format == source.Parquet {
		return ""
	}
	return fmt.Sprintf(", delimiter %q", r.Dialect.Delimiter)
}

// guessKind resolves the header as each kind of export and takes the one that uses most of it; of
// equals the first in the order orders, accounts, products. The error is that of orders.
func guessKind(header []string, m layout.Mapping) (kind layout.Kind, best layout.Resolved, err error) {
	found := false
	for _, k := range layout.Kinds() {
		r, fault := layout.Resolve(k, header, m)
		switch {
		case fault != nil && k == layout.Orders:
			err = fault
		case fault == nil && (!found || len(r.Matches) > len(best.Matches)):
			kind, best, found = k, r, true
		}
	}
	if found {
		err = nil
	}
	return kind, best, err
}

// sampled are the first records of a file.
type sampled struct {
	rows   [][]string
	faults []ingest.Record
}

func (s sampled) column(i int) string {
	var cells []string
	for _, r := range s.rows {
		if i < len(r) {
			cells = append(cells, clip(r[i], 24))
		}
	}
	return strings.Join(cells, " | ")
}

func (p *printer) sample(recs *ingest.Records, rows int) (s sampled, err error) {
	for len(s.rows)+len(s.faults) < rows {
		rec, err := recs.Next()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, err
		}
		if rec.Fault != "" {
			s.faults = append(s.faults, rec)
			continue
		}
		s.rows = append(s.rows, append([]string(nil), rec.Fields...))
	}
	return s, nil
}
