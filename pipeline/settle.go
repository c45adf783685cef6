package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/migration"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// Past is how a night stands to the previous run.
type Past struct {
	memory *memory // nil: none
	// Note says why there is no memory, or that definitions changed; "" otherwise.
	Note string
	// Redefined says that definitions changed since: tiers start afresh, and a change is no movement.
	Redefined bool
	// Tier is the previous tier of each customer, None for one that is new or without a memory.
	Tier []tier.Tier
	// Matrix is old tier x new tier; nil without a memory.
	Matrix    *migration.Matrix
	overrides *overrides
	place     []int32 // in the memory
	gone      []int32 // places in the memory
}

// Change is what became of a customer's tier. Its zero value is none: there is no previous run.
type Change uint8

// The changes.
const (
	NoChange     Change = iota // there is no previous run
	ChangeNew                  // not in the previous run
	ChangeSame                 // the tier of before
	ChangeUp                   // a better tier
	ChangeDown                 // a worse one
	ChangeRule                 // another tier by changed definitions
	ChangeManual               // another tier because an override began or ended
)

// String is the name in output columns.
func (c Change) String() string {
	return [...]string{"", "new", "same", "up", "down", "redefined", "override"}[c]
}

// settle weighs the tiers of the cuts against the previous run and puts overrides on top. Children
// follow their ultimate parent.
func (f *Figures) settle(c Config, _ int) error {
	n := f.Features.Len()
	m := tier.Memory{Tier: make([]tier.Tier, n), RunsBelow: make([]int32, n), Stay: make([]bool, n)}
	p := &f.Past
	p.Tier = make([]tier.Tier, n)
	if p.memory != nil {
		p.Redefined = p.memory.manifest.Definitions != f.definitions(c)
		if p.Redefined {
			p.Note = fmt.Sprintf("definitions or the data they need changed since run %s: tiers start afresh by the new cuts, and changes are no movement", p.memory.Run)
		}
		m.Stay = f.Key.Stay(c.Hysteresis.Keep)
		p.place, p.gone = p.memory.align(n, f.Ledger.ID)
		for i, at := range p.place {
			if at < 0 {
				continue
			}
			p.Tier[i] = p.memory.tier[at]
			if !p.Redefined {
				m.Tier[i], m.RunsBelow[i] = p.memory.rule[at], p.memory.below[at]
			}
		}
	}
	var err error
	if f.Settled, err = f.Tier.Settle(m, c.Hysteresis); err != nil {
		return as(ErrConfig, err)
	}
	f.Tiers = make([]tier.Tier, n)
	f.Overridden = p.overrides.apply(f)
	for i, root := range f.Root {
		f.Tiers[i] = f.Settled.Tier[root]
		if o := f.Overridden[root]; o != nil {
			f.Tiers[i] = o.tier
		}
	}
	return f.migrate()
}

// migrate tabulates who moved.
func (f *Figures) migrate() error {
	p := &f.Past
	if p.memory == nil {
		return nil
	}
	n, all := len(f.Tiers), len(f.Tiers)+len(p.gone)
	c := migration.Customers{Old: make([]uint8, all), New: make([]uint8, all), Net: make([]money.Amount, all),
		Profit: make([]money.Amount, all), Known: make([]bool, all), States: tier.Tiers}
	for i := range n {
		c.Old[i], c.New[i] = uint8(p.Tier[i]), uint8(f.Tiers[i])
		if !f.child(i) {
			c.Net[i], c.Profit[i], c.Known[i] = f.Features.In.Net[i], f.Features.In.Profit[i], f.ProfitKnown[i]
		}
	}
	m := p.memory
	for k, at := range p.gone {
		c.Old[n+k] = uint8(m.tier[at])
		if !m.child[at] {
			c.Net[n+k] = m.net.Amounts()[at]
			c.Profit[n+k], c.Known[n+k] = m.profit.Amounts()[at], m.profit.Valid(int(at))
		}
	}
	var err error
	p.Matrix, err = migration.Tabulate(c)
	return as(ErrInput, err)
}

// change is what became of the tier of customer i.
func (f *Figures) change(i int) Change {
	p, was := &f.Past, f.Past.Tier[i]
	if p.memory == nil {
		return NoChange
	}
	byHand := was != tier.None && (f.Overridden[f.Root[i]] != nil || p.memory.tier[p.place[i]] != p.memory.rule[p.place[i]])
	return changeOf(f.Tiers[i], was, byHand, p.Redefined)
}

// changeOf is what became of a tier between two runs; byHand says that an override stands or stood.
func changeOf(now, was tier.Tier, byHand, redefined bool) Change {
	switch {
	case was == tier.None:
		return ChangeNew
	case was == now:
		return ChangeSame
	case byHand:
		return ChangeManual
	case redefined:
		return ChangeRule
	case now < was:
		return ChangeUp
	}
	return ChangeDown
}

// definitions digests what makes two runs comparable: the rules and their settings, and which
// criteria the data could answer.
func (f *Figures) definitions(c Config) string {
	r, err := c.recipe()
	if err != nil { // Validate read the same preset
		panic("pipeline: " + err.Error())
	}
	b, err := json.Marshal(struct {
		Window                     string
		Pareto, KeyAccount, Credit map[string]string
		Segments                   map[string]string
		Currency                   string
		MarginOff, CreditOff       bool
		CategoriesOff, FitOff      bool
		Purchases                  string // the model that p_alive is of; "" none
	}{r.Window, r.Pareto, r.KeyAccount, r.Credit, r.Segments, f.Currency, f.Key.MarginOff, f.Credit == nil,
		len(f.Ledger.Categories()) == 0, f.Fit == nil, f.purchaseModel()})
	if err != nil {
		panic("pipeline: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
