package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// inspectOrders reads the start of a file as order lines.
func (n *night) inspectOrders(ctx context.Context, f source.File, o ingest.Options) (Inspection, error) {
	r, err := ingest.Read(ctx, []source.File{f}, o)
	if err != nil {
		return Inspection{}, err
	}
	file := &r.Files[0]
	in := Inspection{Path: f.Path, Kind: layout.Orders, Resolved: file.Resolved, Orders: file, Duplicates: r.Duplicates,
		Lines: r.Books.Read.Lines, Partial: file.Partial, Samples: map[layout.Column][]string{}}
	in.reject(r.Rejects)
	for _, c := range file.Columns {
		in.Samples[c.Column] = c.Cells
	}
	if fault := n.cfg.amountFault(f.Path, file.Amounts); fault != nil {
		in.warn("a run would refuse it: %v", fault)
	}
	if rejected := r.Books.Class[ingest.Rejected].Lines; n.cfg.MaxRejects.Exceeded(rejected, r.Books.Read.Lines) {
		in.warn("%s of %s lines would be rejected, more than the tolerated %s: a run of this alone would publish nothing",
			group(rejected), group(r.Books.Read.Lines), n.cfg.MaxRejects)
	}
	if file.Damaged > 0 {
		in.warn("%s sequences of bytes are no text in %s: --charset sets another", group(file.Damaged), file.Charset)
	}
	if f.Format == source.Parquet {
		err = in.parquetCells(f, o.Sampling.Cells)
	}
	return in, err
}

func (in *Inspection) warn(format string, args ...any) {
	in.Warnings = append(in.Warnings, fmt.Sprintf(format, args...))
}

// reject counts rejects by reason and keeps the first.
func (in *Inspection) reject(rejects []ingest.Reject) {
	in.Rejected, in.Reasons = int64(len(rejects)), map[string]int64{}
	in.Rejects = append(in.Rejects, rejects[:min(len(rejects), inspectedExample)]...)
	for _, r := range rejects {
		in.Reasons[strings.TrimPrefix(r.Column+": "+r.Reason, ": ")]++
	}
}

// parquetCells takes samples of Parquet, whose columns are not text.
func (in *Inspection) parquetCells(f source.File, most int) error {
	recs, err := ingest.OpenResolved(f, parquetfile.Limits{}, &in.Resolved)
	if err != nil {
		return err
	}
	defer recs.Close() // only read
	for _, u := range recs.Unreadable {
		in.warn("not read, and not needed: %s", u)
	}
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
	in := Inspection{Path: f.Path, Samples: map[layout.Column][]string{}, dialect: recs.Dialect.Delimiter}
	orders, _ := layout.Resolve(layout.Orders, recs.Header(), o.Mapping)
	in.asOrders = len(orders.Matches)
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
	in.reject(n.rejects)
	return in, err
}
