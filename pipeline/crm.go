package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/publish"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/segment/crm"
)

// CRMLine is a target in numbers.
type CRMLine struct {
	Target string `json:"target"`
	Format string `json:"format"`
	crm.Counts
	LeftOut string `json:"left_out,omitempty"` // why nothing was written, where the run was published anyway
}

// loadedBefore is what a target's last marked load left.
type loadedBefore struct {
	state *crm.State // nil: nothing was loaded
	input Input      // for the manifest and the id of the run
}

func stateName(target string) string { return "crm/" + target + ".state" }

// findLoaded reads the states of the targets. They are inputs of the night: the delta depends on them.
func findLoaded(c Config) (map[string]loadedBefore, error) {
	found := map[string]loadedBefore{}
	var faults []error
	for _, t := range c.CRMTargets {
		b, err := publish.ReadState(c.Out, stateName(t.Name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var l loadedBefore
		if err == nil {
			l.state, err = crm.DecodeState(b)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("state/%s: %w; restore it from a backup, or remove it and load the full files", stateName(t.Name), err))
			continue
		}
		l.input = Input{Role: "loaded", Path: "state/" + stateName(t.Name), Bytes: int64(len(b)), Format: "state"}
		if l.input.SHA256, _, err = publish.Digest(bytes.NewReader(b)); err != nil {
			faults = append(faults, err)
		}
		found[t.Name] = l
	}
	return found, errors.Join(faults...)
}

// prepareCRM renders and checks every target before anything is written. What would not load ends
// the night, unless it is to be published anyway: then the target is left out and said.
func (n *night) prepareCRM() error {
	if len(n.cfg.CRMTargets) == 0 {
		return nil
	}
	n.events.stage("checking CRM files")
	t, err := n.figures.loadable()
	if err != nil {
		return err
	}
	defer t.Release()
	var faults []error
	for _, target := range n.cfg.CRMTargets {
		line := CRMLine{Target: target.Name, Format: target.Format}
		b, err := crm.Prepare(target.Settings, crm.Input{Table: t, Rows: n.figures.inTiers(target.Tiers), State: n.in.loaded[target.Name].state, Run: n.id, Workers: n.workers})
		switch {
		case err == nil:
			line.Counts = b.Counts()
			n.batches = append(n.batches, crmBatch{target.Name, b})
			n.warnings = append(n.warnings, b.Warnings()...)
		case errors.Is(err, crm.ErrCheck) && n.cfg.PublishAnyway:
			line.LeftOut = err.Error()
			n.warnings = append(n.warnings, err)
		case errors.Is(err, table.ErrNoColumn):
			faults = append(faults, as(ErrConfig, err))
		default:
			faults = append(faults, as(ErrInput, err))
		}
		n.loads = append(n.loads, line)
	}
	return errors.Join(faults...)
}

// loadable is the customer table and, for targets only, what identifies people.
func (f *Figures) loadable() (*table.Table, error) {
	cols := columns{f: f, n: f.Features.Len()}
	return f.table.With(cols.crm("email", func(a *account.Accounts) account.Column[string] { return a.Email }))
}

// inTiers are the customers of some tiers, ascending; all where none is named.
func (f *Figures) inTiers(names []string) []int32 {
	if len(names) == 0 {
		return nil
	}
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	rows := []int32{}
	for c, t := range f.Tiers {
		if wanted[t.String()] {
			rows = append(rows, int32(c))
		}
	}
	return rows
}

// crmBatch is a target whose files can be written.
type crmBatch struct {
	name  string
	batch *crm.Batch
}

// writeCRM writes the files of each target into its folder, the targets side by side.
func (n *night) writeCRM(ctx context.Context, stage *publish.Stage) error {
	errs := make([]error, len(n.batches))
	var wg sync.WaitGroup
	for i, b := range n.batches {
		wg.Go(func() {
			errs[i] = b.batch.Write(func(name string) (crm.File, error) {
				if err := ctx.Err(); err != nil { // before there is a file that nobody would close
					return nil, err
				}
				f, err := stage.Create("crm/" + b.name + "/" + name)
				if err != nil {
					return nil, err
				}
				return crmFile{f, untilDone{ctx, f}}, nil
			})
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// crmFile is a file of a target, which stops in the middle when the run is interrupted.
type crmFile struct {
	*publish.Output
	until untilDone
}

// Write implements io.Writer.
func (f crmFile) Write(b []byte) (int, error) { return f.until.Write(b) }
