package account

import (
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// Builder reads CRM exports. It is not for concurrent use.
type Builder struct {
	table    *table
	accounts *Accounts
}

// NewBuilder starts with no accounts. The settings say what a null is and how ids are spelled.
func NewBuilder(s layout.Settings) *Builder {
	a := &Accounts{}
	text := func(c *Column[string]) field { return fill(c, text, "") }
	b := &Builder{accounts: a}
	b.table = newTable(layout.AccountID, s, map[layout.Column]field{
		layout.AccountName:                 text(&a.Name),
		layout.AccountParentID:             fill(&a.ParentID, id(s.Rules()), ""),
		layout.AccountIndustry:             text(&a.Industry),
		layout.AccountSegment:              text(&a.Segment),
		layout.AccountOwner:                text(&a.Owner),
		layout.AccountRegion:               text(&a.Region),
		layout.AccountChannel:              text(&a.Channel),
		layout.AccountEmail:                text(&a.Email),
		layout.AccountAcquiredOn:           fill(&a.AcquiredOn, day, civil.Unknown),
		layout.AccountAcquisitionCost:      fill(&a.AcquisitionCost, gain, 0),
		layout.AccountCreditLimit:          fill(&a.CreditLimit, gain, 0),
		layout.AccountReceivables:          fill(&a.Receivables, amount, 0),
		layout.AccountOverdue:              fill(&a.Overdue, amount, 0),
		layout.AccountPotential:            fill(&a.Potential, gain, 0),
		layout.AccountDaysSalesOutstanding: fill(&a.DaysSalesOutstanding, days, 0),
		layout.AccountStrategicFit:         fill(&a.StrategicFit, rating, 0),
		layout.AccountCreditBlocked:        fill(&a.CreditBlocked, word, false),
	})
	return b
}

// Read takes all records of one export. The layout must be resolved for layout.CRM and the header
// of recs; anything else is a programmer's error and panics. It returns the error of recs.Next, as
// it is, if that is not io.EOF.
//
// A blank credit_blocked is unknown. Only where the one word an export writes is an x, as SAP does
// for a ticked box, a blank of that export is no.
func (b *Builder) Read(recs Records, r layout.Resolved) error {
	box := ticks{only: true}
	b.table.seen = nil
	if r.Has(layout.AccountCreditBlocked) {
		b.table.seen = func(row int, rec Record, r *layout.Resolved) {
			cell, ok := b.table.cell(rec, r, layout.AccountCreditBlocked)
			box.see(row, rec, cell, ok)
		}
	}
	if err := b.table.read(recs, &r); err != nil {
		return err
	}
	if box.only && box.any {
		for _, k := range box.blank {
			b.table.put(k.row, layout.AccountCreditBlocked, "no", k.rec)
		}
	}
	return nil
}

// ticks finds out whether the cells of a column are ticks: x or blank, nothing else.
type ticks struct {
	only, any bool
	blank     []blank
}

type blank struct {
	row int
	rec Record // without its fields
}

func (t *ticks) see(row int, rec Record, cell string, ok bool) {
	switch {
	case !ok:
		t.blank = append(t.blank, blank{row, Record{File: rec.File, Line: rec.Line, Offset: rec.Offset}})
	case cell == "x" || cell == "X":
		t.any = true
	default:
		t.only = false
	}
}

// Build returns the accounts ascending by id and everything that was not used, in reading order. The
// Builder is spent.
func (b *Builder) Build() (*Accounts, []Reject) {
	a := b.accounts
	a.ID, a.Counts, a.has = b.table.finish(), b.table.counts, b.table.has
	return a, b.table.rejects
}

// ReadAccounts reads one CRM export: Builder for a single file.
func ReadAccounts(recs Records, r layout.Resolved, s layout.Settings) (*Accounts, []Reject, error) {
	b := NewBuilder(s)
	if err := b.Read(recs, r); err != nil {
		return nil, nil, err
	}
	a, rejects := b.Build()
	return a, rejects, nil
}
