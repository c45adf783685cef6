// Package pipeline provides the night: exports in, a published run out.
//
//  1. Find the inputs and digest them; the same inputs, recipe and version are the same night, which
//     is verified instead of recomputed.
//  2. Read products, accounts and rates; ingest the order lines into ledger builders; build the
//     ledger. CRM accounts without orders are customers of it too.
//  3. Reconcile: lines, money, bytes. Gate: too many rejects, and nothing is published.
//  4. Compute the figures on the as-of day: features, Pareto, key accounts, credit, RFM, life stage,
//     tier, lists. Everything is a pure function of the ledger and the accounts.
//  5. Lay the figures out as a table and write the files into a stage; commit it.
//
// The published bytes depend on inputs, recipe and version only. There is no clock here: whoever
// calls says when it is by choosing the as-of day, or the data does.
package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/charset"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/publish"
)

// Events tell a caller how a night gets on; nil functions are not called. They come from any
// goroutine.
type Events struct {
	Stage func(name string) // what begins now
	Lines func(n int64)     // order lines read in addition
}

func (e Events) stage(name string) {
	if e.Stage != nil {
		e.Stage(name)
	}
}

// Outcome is what a night came to.
type Outcome struct {
	ID        string // of the run
	Dir       string // of the published run; "" where nothing was published
	Unchanged bool   // the same night was published already, and every byte of it is right
	Manifest  *Manifest
	Figures   *Figures        // nil where Unchanged
	Read      *ingest.Result  // nil where Unchanged
	Rejects   []ingest.Reject // of orders, CRM and products
	Warnings  []error
	Quality   *DataQuality // of Reconcile
	// RejectsFile is where the rejects are when nothing was published because of them.
	RejectsFile string
}

// night is one run under way.
type night struct {
	cfg      Config
	version  string
	events   Events
	workers  int
	look     bool // for duplicates, whatever the config says, and into the columns
	in       *inputs
	id       string
	aliases  map[string]string // customer id -> the id it stands for; nil: none
	accounts *account.Accounts
	products *account.Products
	reading  ingest.Options // how the orders were read
	read     *ingest.Result
	rejects  []ingest.Reject // of orders, CRM and products
	ledger   *ledger.Ledger  // of all lines
	seen     *ledger.Ledger  // of those before the as-of day
	figures  *Figures
	books    *Reconciliation
	batches  []crmBatch // CRM targets ready to be written
	loads    []CRMLine
	asides   []string // rows of CRM and products that are no records
	warnings []error
	past     Past
}

// Run works a night through. workers is the number of goroutines, at least 1; it never shows in the
// published bytes. On any error the run published before stays published.
func Run(ctx context.Context, version string, workers int, c Config, events Events) (*Outcome, error) {
	c = c.OrDefault()
	if err := c.Validate(); err != nil {
		return nil, as(ErrConfig, err)
	}
	n := &night{cfg: c, version: version, events: events, workers: max(1, workers)}
	if c.DryRun {
		return n.compute(ctx, nil)
	}
	store, err := publish.Open(c.Out, publish.Options{Keep: c.KeepRuns, Info: "vitalfew run"})
	if err != nil {
		return nil, err
	}
	out, err := n.compute(ctx, store)
	return out, errors.Join(err, store.Close())
}

// Reconcile reads and reconciles only, profiles the order lines, and publishes nothing.
func Reconcile(ctx context.Context, version string, workers int, c Config, events Events) (*Outcome, error) {
	c = c.OrDefault()
	if err := c.Validate(); err != nil {
		return nil, as(ErrConfig, err)
	}
	n := &night{cfg: c, version: version, events: events, workers: max(1, workers), look: true}
	if err := n.load(ctx); err != nil {
		return nil, err
	}
	if _, err := n.asOf(); err != nil {
		return nil, as(ErrInput, err)
	}
	if err := (&Figures{Ledger: n.ledger, Accounts: n.accounts}).hierarchy(); err != nil {
		return nil, err
	}
	q, err := n.quality()
	if err != nil {
		return nil, err
	}
	return &Outcome{Manifest: n.manifest(nil), Read: n.read, Rejects: n.rejects, Warnings: n.warnings, Quality: q}, n.gate()
}

func (n *night) compute(ctx context.Context, store *publish.Store) (*Outcome, error) {
	var err error
	if n.in, err = findInputs(n.cfg); err != nil {
		return nil, as(ErrInput, err)
	}
	digesting, stop := context.WithCancel(ctx)
	defer stop()
	digested := make(chan error, 1)
	if store != nil && n.perhapsPublished() {
		digested <- n.in.digest(ctx, n.workers)
		if out, err := n.unchanged(<-digested); out != nil || err != nil {
			return out, err
		}
		digested <- nil
	} else {
		go func() { digested <- n.in.digest(digesting, n.workers) }()
	}
	if err := n.load(ctx); err != nil {
		stop()
		<-digested
		return nil, as(ErrInput, err)
	}
	if err := <-digested; err != nil {
		return nil, as(ErrInput, err)
	}
	if n.id, err = runID(n.version, n.cfg, n.in.all, nil); err != nil {
		return nil, err
	}
	if err := n.gate(); err != nil {
		out := &Outcome{ID: n.id, Manifest: n.manifest(nil), Read: n.read, Rejects: n.rejects, Warnings: n.warnings}
		if store != nil {
			out.RejectsFile, err = n.leaveRejects(err)
		}
		return out, err
	}
	if err := n.score(ctx); err != nil {
		return nil, err
	}
	if err := n.prepareCRM(); err != nil {
		return nil, err
	}
	out := &Outcome{ID: n.id, Figures: n.figures, Read: n.read, Rejects: n.rejects}
	if store != nil {
		if err := n.publish(ctx, store, out); err != nil {
			return nil, err
		}
	} else {
		out.Manifest = n.manifest(nil)
	}
	out.Warnings = append(out.Warnings, n.warnings...)
	return out, nil
}

// load reads everything and builds the ledger.
func (n *night) load(ctx context.Context) error {
	if n.in == nil {
		var err error
		if n.in, err = findInputs(n.cfg); err != nil {
			return as(ErrInput, err)
		}
	}
	o, err := n.options()
	if err != nil {
		return err
	}
	if err := n.loadSides(&o); err != nil {
		return as(ErrInput, err)
	}
	n.reading = o
	n.events.stage("reading orders")
	if n.read, err = ingest.Read(ctx, n.in.orders, o); err != nil {
		return as(ErrInput, err)
	}
	n.rejects = append(n.rejects, n.read.Rejects...)
	n.events.stage("building the ledger")
	builders := n.read.Builders
	if n.accounts != nil {
		builders = append(builders, accountBuilder(n.accounts))
	}
	if n.ledger, err = ledger.Build(n.workers, builders...); err != nil {
		return as(ErrInput, err)
	}
	n.read.Builders = nil
	runtime.GC() // the builders' memory serves the table next: fresh memory costs more than the collection
	if err := n.in.unchanged(); err != nil {
		return as(ErrInput, err)
	}
	return n.reconcile()
}

// options are how order exports are read, with the aliases of ids.
func (n *night) options() (ingest.Options, error) {
	m, err := n.cfg.mapping()
	if err != nil {
		return ingest.Options{}, as(ErrConfig, err)
	}
	delimiter, err := n.cfg.delimiter()
	if err != nil {
		return ingest.Options{}, as(ErrConfig, err)
	}
	if len(n.in.aliases) > 0 {
		if n.aliases, err = readAliases(n.in.aliases, m.Settings); err != nil {
			return ingest.Options{}, as(ErrInput, err)
		}
		m.Settings.Aliases = n.aliases
	}
	o := ingest.Options{Mapping: m, Workers: n.workers, Currency: n.cfg.Currency, Zone: n.cfg.Zone, Delimiter: delimiter, Progress: n.events.Lines,
		Decimal: n.cfg.Decimal, Thousands: n.cfg.Thousands, Sheet: n.cfg.Sheet, Dates: n.cfg.Dates, FirstYear: n.cfg.FirstYear, Repeats: n.cfg.Duplicates.repeats(n.look), Profile: n.look}
	if n.cfg.Charset != "" {
		if o.Charset, err = charset.Parse(n.cfg.Charset); err != nil {
			return ingest.Options{}, as(ErrConfig, err)
		}
	}
	return o, nil
}

// loadSides reads the low-volume inputs: products, accounts, rates.
func (n *night) loadSides(o *ingest.Options) error {
	m, delimiter := o.Mapping, o.Delimiter
	var faults []error
	if len(n.in.products) > 0 {
		n.events.stage("reading products")
		products, catalogue, rows, err := readProducts(n.in.products, delimiter, m)
		n.products, o.Catalogue = products, catalogue
		n.addSide(rows)
		faults = append(faults, err)
	}
	if len(n.in.crm) > 0 {
		n.events.stage("reading accounts")
		accounts, rows, err := readAccounts(n.in.crm, delimiter, m)
		n.accounts = accounts
		n.addSide(rows)
		faults = append(faults, err)
	}
	if len(n.in.rates) > 0 {
		rates, err := readRates(n.in.rates, delimiter)
		o.Rates = rates
		faults = append(faults, err)
	}
	if len(n.in.overrides) > 0 {
		var err error
		n.past.overrides, err = readOverrides(n.in.overrides, delimiter)
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

func (n *night) addSide(rows sideRows) {
	n.addRejects(rows.rejects)
	n.asides = append(n.asides, rows.notes...)
}

func (n *night) addRejects(rs []account.Reject) {
	for _, r := range rs {
		n.rejects = append(n.rejects, ingest.Reject{File: r.File, Line: r.Line, Offset: r.Offset, Column: r.Column, Value: r.Value, Reason: r.Reason})
	}
}

// accountBuilder makes customers of all accounts and of the parents they name.
func accountBuilder(a *account.Accounts) *ledger.Builder {
	b := ledger.NewBuilder()
	for i, id := range a.ID {
		b.Account([]byte(id))
		if parent, known := a.ParentID.At(i); known && parent != "" {
			b.Account([]byte(parent))
		}
	}
	return b
}

// score computes the figures.
func (n *night) score(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n.events.stage("scoring customers")
	asOf, err := n.asOf()
	if err != nil {
		return as(ErrInput, err)
	}
	if n.seen, err = n.ledgerOn(asOf); err != nil {
		return as(ErrInput, err)
	}
	if err := n.remember(asOf); err != nil {
		return err
	}
	if n.figures, err = compute(ctx, n.seen, asOf, n.accounts, n.read.Currency, n.cfg, n.workers, n.past, n.events, n.again); err != nil {
		return err
	}
	return n.reconcileFigures()
}

// ledgerOn is the ledger as it was on the as-of day: without the customers that came later.
func (n *night) ledgerOn(asOf civil.Day) (*ledger.Ledger, error) {
	if n.ledger.Days().To <= asOf {
		return n.ledger, nil
	}
	known := map[string]bool{}
	if n.accounts != nil {
		for i, id := range n.accounts.ID {
			known[id] = true
			if parent, ok := n.accounts.ParentID.At(i); ok {
				known[parent] = true
			}
		}
	}
	return n.ledger.Before(n.workers, asOf, func(id string) bool { return known[id] })
}

// nothing says why no line is left: files without one are named.
func (n *night) nothing() error {
	var bare []string
	for _, f := range n.read.Files {
		if f.Books.Read.Lines == 0 {
			bare = append(bare, f.Path)
		}
	}
	if len(bare) == len(n.read.Files) {
		const shown = 5
		more := ""
		if k := len(bare) - shown; k > 0 {
			more = fmt.Sprintf(" and %d more", k)
		}
		return fmt.Errorf("%s%s: a header and no order line below it, so there is nothing to publish; export it again with its lines", strings.Join(bare[:min(len(bare), shown)], ", "), more)
	}
	return errors.New("no order line could be used, so there is nothing to publish; `vitalfew validate` shows what became of the lines")
}

func (n *night) asOf() (civil.Day, error) {
	days := n.ledger.Days()
	if n.cfg.AsOfSet && !days.Empty() && days.From >= n.cfg.AsOf {
		return 0, fmt.Errorf("the as-of day %s lies before all orders, the first is of %s: nothing would be left to publish; check the year", n.cfg.AsOf, days.From)
	}
	if n.cfg.AsOfSet && !days.Empty() {
		return n.cfg.AsOf, nil
	}
	if days.Empty() {
		return 0, n.nothing()
	}
	return days.To, nil
}

// perhapsPublished reports whether the published run may be of this very night: only then are the
// inputs digested before they are read, which costs a pass of its own.
func (n *night) perhapsPublished() bool {
	m, err := n.published()
	if err != nil || n.cfg.Force {
		return false
	}
	sizes := func(all []Input) (s []string) {
		for _, f := range all {
			s = append(s, fmt.Sprint(f.Role, f.Bytes))
		}
		slices.Sort(s)
		return s
	}
	return slices.Equal(sizes(m.Inputs), sizes(n.in.all))
}

// published reads the manifest of the published run.
func (n *night) published() (*Manifest, error) {
	id, _, err := publish.Current(n.cfg.Out)
	if err != nil {
		return nil, err
	}
	return ReadManifest(n.cfg.Out, id)
}

// unchanged verifies the published run instead of computing it again, where it is of this night.
func (n *night) unchanged(err error) (*Outcome, error) {
	if err != nil {
		return nil, as(ErrInput, err)
	}
	m, err := n.published()
	if err != nil {
		return nil, nil // another night
	}
	if n.id, err = runID(n.version, n.cfg, n.in.all, m.Previous); err != nil || m.RunID != n.id {
		return nil, err
	}
	if r := m.Reconciliation; r != nil && !n.cfg.PublishAnyway && n.cfg.MaxRejects.Exceeded(r.Rejected.Lines, r.Read.Lines) {
		return nil, nil // it was published although a gate said no, which this night does not ask for
	}
	if !n.cfg.PublishAnyway && (n.cfg.amountsFault(m) != nil || m.Reconciliation != nil && n.cfg.Duplicates.fault(m.Reconciliation.Duplicates) != nil) {
		return nil, nil // likewise
	}
	n.events.stage("verifying the published run")
	report, err := publish.Verify(n.cfg.Out, "")
	if err != nil {
		return nil, err
	}
	if !report.OK() {
		n.warnings = append(n.warnings, fmt.Errorf("the published run of this night is damaged and is computed again: %s", report.Problems[0]))
		return nil, nil
	}
	return &Outcome{ID: n.id, Dir: filepath.Join(n.cfg.Out, "runs", report.ID), Unchanged: true, Manifest: m}, nil
}

// ReadManifest reads the manifest of a run below an output directory.
func ReadManifest(out, id string) (*Manifest, error) {
	root, err := os.OpenRoot(out)
	if err != nil {
		return nil, err
	}
	defer root.Close() // only read
	b, err := root.ReadFile(strings.Join([]string{"runs", id, "manifest.json"}, "/"))
	if err != nil {
		return nil, err
	}
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("manifest of run %s: %w", id, err)
	}
	return &m, nil
}
