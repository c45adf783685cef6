package pipeline

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// records gives account its view of an export.
type records struct {
	*ingest.Records
}

// Next returns the next record with its place.
func (r records) Next() (account.Record, error) {
	rec, err := r.Records.Next()
	if err != nil {
		return account.Record{}, err
	}
	if rec.Fault != "" {
		rec.Fields = nil // whose cell is which cannot be known: account rejects the row by its width
	}
	return account.Record{File: r.Path, Line: rec.Line, Offset: rec.Offset, Fields: rec.Fields, Null: rec.Null}, nil
}

// eachExport resolves and reads the files of a kind one after another.
// The notes say which of their rows are none.
func eachExport(kind layout.Kind, files []source.File, delimiter byte, m layout.Mapping, read func(records, layout.Resolved) error) (notes []string, err error) {
	var faults []error
	for _, f := range files {
		note, err := readExport(kind, f, delimiter, m, read)
		if err != nil {
			faults = append(faults, err)
		}
		if note != "" {
			notes = append(notes, note)
		}
	}
	return notes, errors.Join(faults...)
}

func readExport(kind layout.Kind, f source.File, delimiter byte, m layout.Mapping, read func(records, layout.Resolved) error) (note string, err error) {
	recs, err := ingest.OpenRecords(f, delimiter, parquetfile.Limits{})
	if err != nil {
		return "", err
	}
	defer recs.Close() // only read
	r, err := layout.Resolve(kind, recs.Header(), m)
	if err != nil {
		return "", fmt.Errorf("%s, line 1: %w", f.Path, layout.Advised(err, kind, recs.Header(), m))
	}
	err = read(records{recs}, r)
	return recs.Aside(), err
}

// sideRows are the rows of the small exports that are not used: rejects, and notes on those that are none.
type sideRows struct {
	rejects []account.Reject
	notes   []string
}

// readAccounts reads the CRM exports.
func readAccounts(files []source.File, delimiter byte, m layout.Mapping) (*account.Accounts, sideRows, error) {
	b := account.NewBuilder(m.Settings)
	notes, err := eachExport(layout.CRM, files, delimiter, m, func(r records, l layout.Resolved) error { return b.Read(r, l) })
	if err != nil {
		return nil, sideRows{}, err
	}
	a, rejects := b.Build()
	return a, sideRows{rejects, notes}, nil
}

// readProducts reads the product exports into the catalogue that ingest costs lines with.
func readProducts(files []source.File, delimiter byte, m layout.Mapping) (*account.Products, *ingest.Catalogue, sideRows, error) {
	b := account.NewProductBuilder(m.Settings)
	notes, err := eachExport(layout.Products, files, delimiter, m, func(r records, l layout.Resolved) error { return b.Read(r, l) })
	if err != nil {
		return nil, nil, sideRows{}, err
	}
	p, rejects := b.Build()
	items := make([]ingest.CatalogueProduct, p.Len())
	for i, id := range p.ID {
		items[i] = ingest.CatalogueProduct{ID: id, Category: p.Category.Value[i]}
		items[i].Cost, items[i].Costed = p.UnitCost.At(i)
		items[i].Margin, items[i].MarginKnown = p.MarginRate.At(i)
	}
	return p, ingest.NewCatalogue(items), sideRows{rejects, notes}, nil
}

// readRates reads a table of conversion rates with the columns currency, day and rate.
func readRates(files []source.File, delimiter byte) (*ingest.Rates, error) {
	var rates ingest.Rates
	var faults []error
	for _, f := range files {
		recs, err := ingest.OpenRecords(f, delimiter, parquetfile.Limits{})
		if err != nil {
			return nil, err
		}
		err = rateTable(&rates, recs)
		if err := errors.Join(err, recs.Close()); err != nil {
			faults = append(faults, err)
		}
	}
	return &rates, errors.Join(faults...)
}

func rateTable(rates *ingest.Rates, recs *ingest.Records) error {
	place, err := placesOf(recs, "a rate table", "currency", "day", "rate")
	if err != nil {
		return err
	}
	return eachRow(recs, func(rec ingest.Record) error { return addRate(rates, rec, place) })
}

// eachRow calls f with each row of a small table of ours, and names file and line of all faults.
func eachRow(recs *ingest.Records, f func(ingest.Record) error) error {
	var faults []error
	for {
		rec, err := recs.Next()
		if errors.Is(err, io.EOF) {
			return errors.Join(faults...)
		}
		if err != nil {
			return errors.Join(append(faults, err)...)
		}
		if err := f(rec); err != nil {
			faults = append(faults, fmt.Errorf("%s, line %d: %w", recs.Path, rec.Line, err))
		}
	}
}

// placesOf finds the columns of a small table of ours by their names.
func placesOf(recs *ingest.Records, what string, names ...string) ([]int, error) {
	at := map[string]int{}
	for i, h := range recs.Header() {
		at[layout.Fold(h)] = i
	}
	place := make([]int, len(names))
	for k, name := range names {
		i, ok := at[layout.Fold(name)]
		if !ok {
			return nil, fmt.Errorf("%s, line 1: no column %q: %s has the columns %s", recs.Path, name, what, strings.Join(names, ", "))
		}
		place[k] = i
	}
	return place, nil
}

func addRate(rates *ingest.Rates, rec ingest.Record, place []int) error {
	if rec.Fault != "" {
		return errors.New(rec.Fault)
	}
	day, err := civil.Parse(rec.Fields[place[1]])
	if err != nil {
		return err
	}
	rate, ok := money.Parse([]byte(rec.Fields[place[2]]), money.RateScale)
	if !ok {
		return fmt.Errorf("rate %q is no plain decimal number", rec.Fields[place[2]])
	}
	return rates.Add(rec.Fields[place[0]], day, money.Rate(rate))
}
