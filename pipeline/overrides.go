package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// override is a tier that somebody set by hand.
type override struct {
	customer, reason string
	tier             tier.Tier
	until            civil.Day // the last as-of day on which it holds; Unknown: for good
	where            string    // file and line
}

// overrides are those of a night, in the order of the file.
type overrides struct {
	rows []override
	// idle says which do not act on this night, and why.
	idle []string
}

// readOverrides reads a table with the columns customer, tier, reason and until. What is written
// wrongly is an error with its line, every one of them.
func readOverrides(files []source.File, delimiter byte) (*overrides, error) {
	var o overrides
	var faults []error
	for _, f := range files {
		recs, err := ingest.OpenRecords(f, delimiter, parquetfile.Limits{})
		if err != nil {
			return nil, err
		}
		err = o.read(recs)
		faults = append(faults, err, recs.Close())
	}
	first := map[string]string{}
	for _, r := range o.rows {
		if at, twice := first[r.customer]; twice {
			faults = append(faults, fmt.Errorf("%s: customer %q has an override already, in %s: keep one", r.where, r.customer, at))
		}
		first[r.customer] = r.where
	}
	return &o, errors.Join(faults...)
}

func (o *overrides) read(recs *ingest.Records) error {
	at := map[string]int{}
	for i, h := range recs.Header() {
		at[layout.Fold(h)] = i
	}
	var place [4]int
	for k, name := range []string{"customer", "tier", "reason", "until"} {
		i, ok := at[name]
		if !ok && k == 0 {
			i, ok = at[layout.Fold("customer_id")]
		}
		if !ok {
			return fmt.Errorf("%s, line 1: no column %q: a table of overrides has the columns customer, tier, reason, until", recs.Path, name)
		}
		place[k] = i
	}
	return eachRow(recs, func(rec ingest.Record) error {
		row, err := overrideOf(rec, place)
		row.where = fmt.Sprintf("%s, line %d", recs.Path, rec.Line)
		o.rows = append(o.rows, row)
		return err
	})
}

func overrideOf(rec ingest.Record, place [4]int) (o override, err error) {
	if rec.Fault != "" {
		return o, errors.New(rec.Fault)
	}
	cell := func(k int) string { return strings.TrimSpace(rec.Fields[place[k]]) }
	o = override{customer: cell(0), tier: tierNamed(strings.ToLower(cell(1))), reason: cell(2), until: civil.Unknown}
	switch {
	case o.customer == "":
		return o, errors.New("customer is empty")
	case o.tier == tier.None:
		return o, fmt.Errorf("tier %q: give core, key, general, dormant or prospect", cell(1))
	case o.reason == "":
		return o, errors.New("reason is empty: say who decided and why, it is published")
	}
	if text := cell(3); text != "" {
		if o.until, err = civil.Parse(text); err != nil {
			return o, fmt.Errorf("until: %w", err)
		}
	}
	return o, nil
}

// apply finds the override of each customer; nil entries have none. What does not act is idle.
func (o *overrides) apply(f *Figures) []*override {
	on := make([]*override, f.Features.Len())
	if o == nil {
		return on
	}
	o.idle = nil
	for k := range o.rows {
		r := &o.rows[k]
		i, known := f.Ledger.Find(r.customer)
		switch {
		case r.until.Known() && r.until < f.AsOf:
			o.idle = append(o.idle, fmt.Sprintf("%s: the override of customer %q expired on %s: remove it or set a later day", r.where, r.customer, r.until))
		case !known:
			o.idle = append(o.idle, fmt.Sprintf("%s: the override is of customer %q, whom neither orders nor CRM know%s", r.where, r.customer, o.nearest(f, r.customer)))
		case f.child(i):
			o.idle = append(o.idle, fmt.Sprintf("%s: customer %q takes the tier of its ultimate parent: override %q", r.where, r.customer, f.Ledger.ID(f.Root[i])))
		default:
			on[i] = r
		}
	}
	return on
}

// nearest names the customers that an unknown id may stand for: those that differ in case, or in
// zeros in front.
func (o *overrides) nearest(f *Figures, id string) string {
	plain := func(s string) string { return strings.TrimLeft(strings.ToLower(s), "0") }
	var like []string
	for c := range f.Ledger.Customers() {
		if plain(f.Ledger.ID(c)) == plain(id) && len(like) < 3 {
			like = append(like, fmt.Sprintf("%q", f.Ledger.ID(c)))
		}
	}
	if len(like) == 0 {
		return ""
	}
	slices.Sort(like)
	return ": did you mean " + strings.Join(like, " or ") + "?"
}

// appendReason appends the override and, after it, what the rules say.
func (o *override) appendReason(dst []byte) []byte {
	dst = append(append(dst, o.tier.String()...), " by hand: "...)
	dst = append(dst, o.reason...)
	if o.until.Known() {
		dst = o.until.Append(append(dst, " (until "...))
		dst = append(dst, ')')
	}
	return append(dst, "; by the rules "...)
}
