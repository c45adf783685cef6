package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/publish"
	"github.com/vitalfew/vitalfew/segment/crm"
)

// Acked is a target whose files were marked as loaded.
type Acked struct {
	Target   string
	Run      string
	Accounts int    // that the target holds now, as far as we loaded them
	Before   string // the run marked before; "" none
	Same     bool   // it was marked already
}

// AckCRM marks the files of a run as loaded: the next run's delta counts from here. targets names
// some of the run's; none means all. Everything is checked before the first is marked: that the run
// is as published, and that its delta counts from what is marked now, unless force says to mark it
// all the same. A damaged mark is replaced by force only.
func AckCRM(out, run string, targets []string, force bool) (acked []Acked, err error) {
	if _, _, err := publish.Current(out); err != nil { // before Open, which makes a directory
		return nil, err
	}
	store, err := publish.Open(out, publish.Options{Info: "vitalfew crm ack"})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	report, err := publish.Verify(out, run)
	if err != nil {
		return nil, err
	}
	if !report.OK() {
		return nil, fmt.Errorf("%w: run %s cannot be marked: %s", publish.ErrDamaged, run, report.Problems[0])
	}
	m, err := ReadManifest(out, report.ID)
	if err != nil {
		return nil, err
	}
	names, err := m.ackable(targets)
	if err != nil {
		return nil, as(ErrConfig, err)
	}
	var faults []error
	states := make([][]byte, len(names))
	for i, name := range names {
		var a Acked
		if states[i], a, err = readLoaded(out, report.ID, name, force); err != nil {
			faults = append(faults, err)
		}
		acked = append(acked, a)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, as(ErrInput, err)
	}
	for i, name := range names {
		if err := store.PutState(stateName(name), states[i]); err != nil {
			return acked[:i], err
		}
	}
	return acked, nil
}

// ackable are the targets of a run that have files, or the wanted ones of them.
func (m *Manifest) ackable(wanted []string) ([]string, error) {
	var have []string
	for _, l := range m.CRM {
		if l.LeftOut == "" {
			have = append(have, l.Target)
		}
	}
	if len(have) == 0 {
		return nil, fmt.Errorf("run %s has no CRM files: set `crm_targets` in the config and run again", m.RunID)
	}
	if len(wanted) == 0 {
		return have, nil
	}
	for _, w := range wanted {
		if !slices.Contains(have, w) {
			return nil, fmt.Errorf("run %s has no files for %q, only for %s", m.RunID, w, strings.Join(have, ", "))
		}
	}
	return wanted, nil
}

// readLoaded reads what a target holds after the load, and checks that it follows on what is marked.
func readLoaded(out, run, target string, force bool) ([]byte, Acked, error) {
	b, err := publish.ReadRunFile(out, run, "crm/"+target+"/"+crm.StateFile)
	if err != nil {
		return nil, Acked{}, err
	}
	next, err := crm.DecodeState(b)
	if err != nil {
		return nil, Acked{}, fmt.Errorf("run %s, target %s: %w", run, target, err)
	}
	a := Acked{Target: target, Run: next.Run, Accounts: next.Rows()}
	old, err := publish.ReadState(out, stateName(target))
	if errors.Is(err, fs.ErrNotExist) {
		if next.Base != "" && !force {
			return nil, a, fmt.Errorf("target %s: the delta of run %s counts from run %s, which is no longer marked; load the full files and mark it with --force", target, next.Run, next.Base)
		}
		return b, a, nil
	}
	var before *crm.State
	if err == nil {
		before, err = crm.DecodeState(old)
	}
	switch {
	case err != nil && !force:
		return nil, a, fmt.Errorf("state/%s: %w; restore it from a backup, or load the full files and mark them with --force", stateName(target), err)
	case err != nil:
		return b, a, nil
	}
	a.Before, a.Same = before.Run, before.Run == next.Run
	if !a.Same && next.Base != before.Run && !force {
		return nil, a, fmt.Errorf("target %s: the delta of run %s counts from %s, but run %s is marked as loaded: load the delta of a new run, or the full files of this one and mark it with --force",
			target, next.Run, named(next.Base), before.Run)
	}
	return b, a, nil
}

func named(run string) string {
	if run == "" {
		return "nothing"
	}
	return "run " + run
}
