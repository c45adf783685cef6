// Package ingest provides the lines of order exports, as the rows of ledger builders.
//
//  1. Read opens the files in order. A text file is sniffed, its header resolved, and cut into
//     blocks of whole records; a Parquet file is checked, its schema resolved, and cut into row
//     groups. Blocks and row groups are the tasks of the workers.
//  2. A worker parses a task column by column into typed lines: text becomes codes, numbers
//     fixed-point, days integers. A cell that cannot be read rejects its line, with its place.
//  3. settle values each line in the reporting currency, puts it in exactly one Class, books it,
//     and gives the used ones to the worker's ledger builder.
//  4. The workers' builders, books and rejects are joined. Nothing depends on which worker did what.
//
// A panic of a decoder ends at the task and becomes the error of that file.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/charset"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/quality"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// Options say how order exports are read. The zero value reads plain exports with one worker.
type Options struct {
	Mapping   layout.Mapping  // which header is which column; its Settings say what cells mean
	Workers   int             // goroutines that parse, at least 1
	Currency  string          // reporting currency; "" is the only one that the data names
	Rates     *Rates          // conversion into Currency; nil: other currencies are an error
	Catalogue *Catalogue      // cost and category of products; nil: none
	Zone      *time.Location  // business time zone of instants; nil: as written, UTC in Parquet
	Delimiter byte            // of text files; 0: sniffed
	Sheet     string          // of XLSX files; "": the first that has the columns needed
	Charset   charset.Charset // of text files; 0: by evidence
	Decimal   string          // decimal mark "." or ","; "": by evidence of each column
	Thousands string          // mark between thousands; "": by evidence
	Dates     string          // dmy, mdy or what calendar.FromSetting reads; "": by evidence
	FirstYear int             // the first year that two digits can mean; 0: 1970
	Parquet   parquetfile.Limits
	Repeats   Repeats   // what is done about lines that repeat others
	Sampling  *Sampling // nil: whole files
	Profile   bool      // gather Result.Profile: takes some 40% longer
	// Lines makes what takes the used lines of a worker in place of its ledger builder, which then only
	// names customers and categories; nil: the builders take them.
	Lines func() Sink
	// Progress is told, from any goroutine, how many lines came in addition; nil: nobody is.
	Progress func(lines int64)
}

// Sink takes used lines, batch by batch. names is the builder that the codes of the batch are of, the
// same at every call; the columns are valid during the call.
type Sink interface {
	Add(names *ledger.Builder, lines *ledger.Batch) error
}

// File is what was understood of a file.
type File struct {
	Path     string
	Format   source.Format
	Dialect  string // for people: "comma", "tab", ..., or "parquet"
	Resolved layout.Resolved
	Formats  map[string]string // canonical column -> how it writes, where that is not plain
	Charset  string            // of text
	Recoded  bool              // the text is not byte for byte the file's
	Damaged  int64             // sequences that are no character of the charset
	Warnings []string          // what of its money was not used, with counts
	Evidence []string          // how the dialect and the header were found, a line each
	Aside    map[string]int64  // records that are no order lines, by what they are
	Tables   []Table           // other tables of the file, set aside
	// Columns are the mapped columns, in canonical order.
	Columns []Column
	// Delimiter is of text that gives the same records with it as Options.Delimiter; 0: it does not.
	Delimiter byte
	Sheet     string // of a workbook
	Continued bool   // an order's header stands on its first line only, as the sample shows
	Partial   bool   // a Sampling ended before the file
	Books     Books
	Amounts   *Amounts // nil where no line states amount, quantity and unit_price
}

// Result is what was read.
type Result struct {
	Builders []*ledger.Builder // to be joined by ledger.Build
	Sinks    []Sink            // one a worker, where Options.Lines is set
	Files    []File            // in the order given
	Books    Books             // over all files
	Amounts  *Amounts          // over all files
	// Duplicates is what repeats itself, nil where nobody asked.
	Duplicates *Duplicates
	Overlap    *Overlap         // of several files, where nobody asked for Duplicates; else nil
	Profile    *quality.Profile // what the columns hold; nil where nobody asked
	repeated   []where
	Rejects    []Reject // by file, line, column
	Currency   string   // reporting currency; "" where nothing names one
}

// Read reads order files. Its error joins the faults of all files that cannot be read or break
// their contract; cells and lines that cannot be used are rejects and no error.
func Read(ctx context.Context, files []source.File, o Options) (*Result, error) {
	r, err := readOnce(ctx, files, o, nil)
	if err != nil || o.Repeats != SetAside || len(r.repeated) == 0 {
		return r, err
	}
	found, without, profile := r.Duplicates, r.repeated, r.Profile
	o.Repeats, o.Progress, o.Profile = Unasked, nil, false // the lines were told of
	if r, err = readOnce(ctx, files, o, without); err != nil {
		return nil, err
	}
	found.SetAside = true
	r.Duplicates, r.Profile = found, profile
	return r, nil
}

// readOnce reads the files and leaves the lines at the places of without, ascending, out of the ledger.
func readOnce(ctx context.Context, files []source.File, o Options, without []where) (*Result, error) {
	p := &plan{
		rules: o.Mapping.Settings.Rules(), settings: o.Mapping.Settings, currency: o.Currency,
		plainIDs: len(o.Mapping.Settings.NullValues) == 0 && !o.Mapping.Settings.FloatIDs && o.Mapping.Settings.IDWidth == 0 && !o.Mapping.Settings.IDFoldCase &&
			len(o.Mapping.Settings.Aliases) == 0,
		longWay: o.Mapping.Settings.TaxIncluded,
		repeats: o.Repeats, profile: o.Profile, overlap: len(files) > 1 && o.Repeats == Unasked && without == nil, without: without, rates: o.Rates, catalogue: o.Catalogue, zone: o.Zone, lines: o.Lines, nullsBite: nullsBite(o.Mapping.Settings), progress: o.Progress,
	}
	if p.progress == nil {
		p.progress = func(int64) {}
	}
	r := &reader{options: o, plan: p, files: make([]File, len(files)), headerBooks: make([]Books, len(files)),
		ends: make([]int64, len(files)), before: make([]neighbours, len(files)), failed: make([]atomic.Pointer[error], len(files))}
	for range max(1, o.Workers) {
		r.workers = append(r.workers, newWorker(p, len(files)))
	}
	r.run(ctx, files)
	for _, c := range r.closers {
		r.note(c())
	}
	faults := append(r.faults(), ctx.Err())
	if errors.Join(faults...) == nil && o.Sampling == nil {
		faults = append(faults, r.absent())
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return r.result()
}

// nullsBite reports whether a word for "no value" would read as a number or a day.
func nullsBite(s layout.Settings) bool {
	for _, w := range s.NullValues {
		if _, ok := money.Parse([]byte(w), 0); ok {
			return true
		}
		if _, ok := (calendar.Format{}).Parse([]byte(w), nil); ok {
			return true
		}
	}
	return false
}

// reader is one Read under way.
type reader struct {
	options     Options
	plan        *plan
	workers     []*worker
	tasks       chan any
	files       []File
	headerBooks []Books
	ends        []int64                 // per file, bytes of its text
	before      []neighbours            // per file, what stands before the header
	failed      []atomic.Pointer[error] // per file, the error that came first
	faulty      []Reject                // records that have no fields to look at
	closers     []func() error
	other       []error
	found       found
}

// queue is how many tasks wait at most: a block is up to 4 MiB.
const queue = 4

func (r *reader) run(ctx context.Context, files []source.File) {
	r.tasks = make(chan any, queue)
	var wg sync.WaitGroup
	for _, w := range r.workers {
		wg.Go(func() {
			for t := range r.tasks {
				r.work(ctx, w, t)
			}
		})
	}
	for i, f := range files {
		r.files[i] = File{Path: f.Path, Format: f.Format}
		if ctx.Err() != nil {
			break
		}
		if err := r.produce(ctx, i, f); err != nil {
			r.fail(i, err)
		}
	}
	close(r.tasks)
	wg.Wait()
}

// produce makes the tasks of a file. A panic of a library is that file's error.
func (r *reader) produce(ctx context.Context, i int, f source.File) (err error) {
	defer recoverTo(&err, f.Path)
	switch f.Format {
	case source.Parquet:
		return r.produceParquet(ctx, i, f)
	case source.Workbook:
		return r.produceWorkbook(ctx, i, f)
	}
	return r.produceText(ctx, i, f)
}

func recoverTo(err *error, path string) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%s: the file cannot be decoded: %v", path, p)
	}
}

func (r *reader) send(ctx context.Context, task any) error {
	select {
	case r.tasks <- task:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// work does a task, unless its file has already failed.
func (r *reader) work(ctx context.Context, w *worker, task any) {
	switch t := task.(type) {
	case textTask:
		if r.failed[t.file.index].Load() == nil && ctx.Err() == nil {
			if err := w.textSafely(t); err != nil {
				r.fail(t.file.index, err)
			}
		}
		t.block.Release()
		w.block = nil
	case groupTask:
		if r.failed[t.file.index].Load() == nil && ctx.Err() == nil {
			if err := w.groupSafely(ctx, t); err != nil {
				r.fail(t.file.index, err)
			}
		}
	}
}

func (w *worker) textSafely(t textTask) (err error) {
	defer recoverTo(&err, t.file.path)
	return w.text(t)
}

func (w *worker) groupSafely(ctx context.Context, t groupTask) (err error) {
	defer recoverTo(&err, t.file.path)
	return w.group(ctx, t)
}

func (r *reader) fail(file int, err error) { r.failed[file].CompareAndSwap(nil, &err) }

func (r *reader) note(err error) {
	if err != nil {
		r.other = append(r.other, err)
	}
}

// faults lists the errors of files in their order.
func (r *reader) faults() []error {
	var out []error
	for i := range r.failed {
		if err := r.failed[i].Load(); err != nil && !errors.Is(*err, context.Canceled) {
			out = append(out, *err)
		}
	}
	return append(out, r.other...)
}

func (r *reader) opened(i int, t *textFile) {
	names := map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "pipe"}
	if r.plan.carries() { // the formats are decided, and shape has its columns
		columns, fields := carried(&t.resolved.Resolved)
		t.carried, t.fields = columns, append(t.fields, fields...)
	}
	f := &r.files[i]
	f.Dialect, f.Resolved, f.Formats, f.Evidence = t.syntax, t.resolved.Resolved, t.formats.notes, t.evidence
	f.Columns, f.Continued = t.formats.columnsOf(f.Resolved), t.continued
	if t.settable {
		f.Delimiter = t.delimiter
	}
	if name, ok := names[t.dialect.Delimiter]; ok && f.Dialect == "" {
		f.Dialect = name
	} else if f.Dialect == "" {
		f.Dialect = string(t.dialect.Delimiter)
	}
}

func (r *reader) openedParquet(i int, p *parquetFile) {
	r.files[i].Dialect, r.files[i].Resolved, r.files[i].Formats = "parquet", p.resolved.Resolved, p.formats.notes
	r.files[i].Evidence = p.evidence
	r.files[i].Columns = p.formats.columnsOf(p.resolved.Resolved)
	r.closers = append(r.closers, p.close)
	r.refuseWholes(i, p.resolved.Headers)
}

// result joins the workers.
func (r *reader) result() (*Result, error) {
	out := &Result{Files: r.files, Rejects: append(r.settleOdds(), r.faulty...)}
	for i := range r.files {
		b := &r.files[i].Books
		ok := b.Add(&r.headerBooks[i])
		for _, w := range r.workers {
			ok = b.Add(&w.books[i]) && ok
		}
		if !out.Books.Add(b) || !ok {
			return nil, fmt.Errorf("%s: the money read so far does not fit; check the units of the export", r.files[i].Path)
		}
	}
	for _, w := range r.workers {
		out.Builders = append(out.Builders, w.builder)
		if w.sink != nil {
			out.Sinks = append(out.Sinks, w.sink)
		}
		for _, reject := range w.rejects {
			if reject.File != "" { // else it was set aside
				out.Rejects = append(out.Rejects, reject)
			}
		}
	}
	sortRejects(out.Rejects)
	out.Amounts, out.Profile, out.Overlap = r.compareAll(), r.profile(), r.overlap()
	if r.plan.repeats != Unasked {
		out.Duplicates, out.repeated = r.findDuplicates()
	}
	var err error
	out.Currency, err = r.currency()
	return out, err
}
