package pipeline

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// Count is lines and money of a part of the input.
type Count struct {
	Lines int64  `json:"lines"`
	Money string `json:"money"` // exact, in the reporting currency

	amount money.Amount
}

func count(lines int64, a money.Amount) Count { return Count{lines, a.String(), a} }

// Reconciliation says what became of everything that was read. Its identities are exact:
// read = used + no customer + cancelled + duplicate + rejected, and used = seen + on or after the as-of day.
type Reconciliation struct {
	Read       Count `json:"read"`
	Used       Count `json:"used"`
	NoCustomer Count `json:"set_aside_no_customer"`
	Cancelled  Count `json:"set_aside_cancelled"`
	// Duplicate lines repeat others, and are set aside where the config says so.
	Duplicate Count `json:"set_aside_duplicates"`
	Rejected  Count `json:"rejected"`
	// RejectedBlind counts the rejected lines whose money cannot be read; they are in no money.
	RejectedBlind int64 `json:"rejected_without_money"`
	// Aside counts records that are no order lines, by what they are: titles, totals, other tables.
	Aside  map[string]int64 `json:"set_aside_records,omitempty"`
	Tables []string         `json:"set_aside_tables,omitempty"` // each with its place and header
	// After is the part of Used on or after the as-of day, Seen the rest: what the figures stand on.
	After Count `json:"used_on_or_after_as_of"`
	Seen  Count `json:"used_before_as_of"`
	// Total is what the company sold: Used and the lines without a customer.
	Total Count `json:"company_total"`
	// Amounts against quantity x unit_price less the discounts; nil where no line states all of them.
	Amounts *ingest.Amounts `json:"amounts,omitempty"`
	// Duplicates is what repeats itself, nil where nobody asked.
	Duplicates *ingest.Duplicates `json:"duplicates,omitempty"`
	// Overlap is what several files have in common, as far as it shows without looking for repeats; nil for
	// one file, and where Duplicates says it.
	Overlap *ingest.Overlap `json:"overlap,omitempty"`
	// Customers of the run: those with lines, and CRM accounts without any.
	Customers int   `json:"customers"`
	Children  int   `json:"customers_in_a_parent"`
	Later     int   `json:"customers_after_as_of"` // whose first line is on or after the as-of day; not in the run
	TextBytes int64 `json:"text_bytes"`            // of text inputs: header, records and blank lines, each byte once
}

// reconcile checks what ingest counted against what the ledger holds and against the files.
func (n *night) reconcile() error {
	b := &n.read.Books
	var faults []error
	if err := b.Balance(); err != nil {
		faults = append(faults, err)
	}
	var net money.Amount
	lines, rows := int64(0), n.ledger.Rows()
	for i, a := range rows.Net {
		sum, ok := money.Add(net, a)
		if !ok {
			return as(ErrInput, errors.New("the sum of all sales does not fit: amounts beyond 922 trillion; check the units of the export"))
		}
		net = sum
		lines += int64(rows.Lines[i])
	}
	if used := b.Class[ingest.Used]; used.Money != net || used.Lines != lines {
		faults = append(faults, fmt.Errorf("%d lines with %s were used, but the ledger holds %d with %s", used.Lines, used.Money, lines, net))
	}
	total := int64(0)
	asides, tables := asideOf(n.read.Files)
	for i, f := range n.read.Files {
		text := f.Books.HeaderBytes + f.Books.RecordBytes + f.Books.OtherBytes
		total += text
		if in := n.in.orders[i]; in.Format == source.Text && in.Compression == source.Plain && !f.Recoded && text != in.Size {
			faults = append(faults, fmt.Errorf("%s: %d of %d bytes are accounted for", f.Path, text, in.Size))
		}
	}
	n.books = &Reconciliation{
		Read: count(b.Read.Lines, b.Read.Money), Used: count(lines, net), RejectedBlind: b.Blind, TextBytes: total,
		NoCustomer: countOf(b, ingest.NoCustomer), Cancelled: countOf(b, ingest.Cancelled), Rejected: countOf(b, ingest.Rejected),
		Customers: n.ledger.Customers(), Aside: asides, Tables: tables, Amounts: n.read.Amounts,
		Duplicate: countOf(b, ingest.Duplicate), Duplicates: n.read.Duplicates, Overlap: n.read.Overlap,
	}
	all, ok := money.Add(net, n.books.NoCustomer.amount)
	if !ok {
		return as(ErrInput, errors.New("the company total does not fit"))
	}
	n.books.Total = count(lines+n.books.NoCustomer.Lines, all)
	return as(ErrBooks, errors.Join(faults...))
}

// asideOf joins what was set aside of the files.
func asideOf(files []ingest.File) (records map[string]int64, tables []string) {
	for _, f := range files {
		for what, k := range f.Aside {
			if records == nil {
				records = map[string]int64{}
			}
			records[what] += k
		}
		for _, t := range f.Tables {
			tables = append(tables, fmt.Sprintf("%s, line %d: %s: %d records", f.Path, t.Line, clip(strings.Join(t.Header, ", "), 80), t.Records))
		}
	}
	return records, tables
}

func countOf(b *ingest.Books, c ingest.Class) Count { return count(b.Class[c].Lines, b.Class[c].Money) }

// reconcileFigures checks the figures against the ledger: every customer in one tier, the company's
// sales are those of the lines before the as-of day, and the tiers' those of the window.
func (n *night) reconcileFigures() error {
	f := n.figures
	var after money.Amount
	lines, rows := int64(0), n.ledger.Rows()
	for i, d := range rows.Day {
		if d >= f.AsOf {
			after += rows.Net[i] // a part of a sum that fits may overflow on the way only to come back
			lines += int64(rows.Lines[i])
		}
	}
	all := f.Features.Company.All
	n.books.After = count(lines, after)
	n.books.Seen = count(all.Lines, all.Net)
	var faults []error
	if all.Net+after != n.books.Used.amount || all.Lines+lines != n.books.Used.Lines {
		faults = append(faults, fmt.Errorf("customers' sales are %s in %d lines and %s in %d after the as-of day, but %s in %d were used",
			all.Net, all.Lines, after, lines, n.books.Used.Money, n.books.Used.Lines))
	}
	var net money.Amount
	customers := 0
	for _, t := range f.TierTotals {
		net += t.Net
		customers += t.Customers
		n.books.Children += t.Children
	}
	n.books.Later = n.ledger.Customers() - n.seen.Customers()
	n.books.Customers = n.seen.Customers()
	if customers != n.seen.Customers() || f.TierTotals[0].Customers != 0 {
		faults = append(faults, fmt.Errorf("the tiers hold %d customers of %d", customers, n.seen.Customers()))
	}
	if net != f.Features.Company.In.Net {
		faults = append(faults, fmt.Errorf("the tiers sold %s in the window, the customers %s", net, f.Features.Company.In.Net))
	}
	return as(ErrBooks, errors.Join(faults...))
}

// gate holds amounts and rejects against their tolerances.
func (n *night) gate() error {
	if err := n.amountFaults(); err != nil && !n.cfg.PublishAnyway {
		return as(ErrInput, err)
	}
	if err := n.cfg.Duplicates.fault(n.read.Duplicates); err != nil && !n.cfg.PublishAnyway {
		return as(ErrInput, err)
	}
	b := &n.read.Books
	rejected := b.Class[ingest.Rejected].Lines
	if n.cfg.PublishAnyway || !n.cfg.MaxRejects.Exceeded(rejected, b.Read.Lines) {
		return nil
	}
	first := ""
	if len(n.read.Rejects) > 0 {
		first = "; the first: " + rejectText(n.read.Rejects[0])
	}
	return as(ErrRejects, fmt.Errorf("%d of %d order lines were rejected, more than the tolerated %s%s; mend the export, raise --max-rejects, or give --publish-anyway",
		rejected, b.Read.Lines, n.cfg.MaxRejects, first))
}
