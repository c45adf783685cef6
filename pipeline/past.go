package pipeline

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// remember finds the previous run, which from here on is part of the night's identity.
func (n *night) remember(asOf civil.Day) error {
	n.past.memory, n.past.Note = recall(n.cfg.Out, asOf, n.workers)
	if n.past.memory == nil {
		return nil // the id stands: that of a night without a previous run
	}
	var err error
	n.id, err = runID(n.version, n.cfg, n.in.all, n.past.link())
	return err
}

// link is the previous run as the manifest names it.
func (p *Past) link() *Previous {
	if p.memory == nil {
		return nil
	}
	link := p.memory.Previous
	return &link
}

// stoodOf is what customer i's tier rested on in the previous run.
func (p *Past) stoodOf(i int) stood {
	if p.memory == nil {
		return stood{}
	}
	return p.memory.stood(p.place[i])
}

// pastNotes say how the night stands to the previous run, and which overrides do not act.
func (f *Figures) pastNotes() (notes []string) {
	p := &f.Past
	if p.Note != "" {
		notes = append(notes, p.Note)
	}
	if p.overrides == nil {
		return notes
	}
	acting := 0
	for _, o := range f.Overridden {
		if o != nil {
			acting++
		}
	}
	notes = append(notes, fmt.Sprintf("%d tiers are set by hand; their reason says so", acting))
	return append(notes, p.overrides.idle...)
}

// previousTier is null without a previous run and for customers that it did not know.
func (t *columns) previousTier() table.Column {
	known := make([]bool, t.n)
	for i, was := range t.f.Past.Tier {
		known[i] = was != tier.None
	}
	return coded("previous_tier", "class", t.f.Past.Tier, allTiers(), known)
}

func (t *columns) tierChange() table.Column {
	changes, known := make([]Change, t.n), make([]bool, t.n)
	for i := range changes {
		changes[i] = t.f.change(i)
		known[i] = changes[i] != NoChange
	}
	return coded("tier_change", "class", changes, []Change{NoChange, ChangeNew, ChangeSame, ChangeUp, ChangeDown, ChangeRule, ChangeManual}, known)
}

// remembered are the columns that the next run needs: the tier by the rules, overrides aside, and in
// how many runs in a row the customer fell short of it. cut_tier is what the cuts alone say.
func (t *columns) remembered() {
	rule, cut, below, byHand := make([]tier.Tier, t.n), make([]tier.Tier, t.n), make([]int32, t.n), make([]bool, t.n)
	for i, root := range t.f.Root {
		rule[i], cut[i], below[i] = t.f.Settled.Tier[root], t.f.Tier.Tier[root], t.f.Settled.RunsBelow[root]
		byHand[i] = t.f.Overridden[root] != nil
	}
	t.add(coded("rule_tier", "class", rule, allTiers(), nil), coded("cut_tier", "class", cut, allTiers(), nil),
		table.Ints("runs_below", "count", widen(below), nil), table.Bools("tier_by_hand", "", byHand, nil))
}
