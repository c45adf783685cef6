package tier

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring"
)

// Hysteresis keeps customers near a cut from changing tier every run. The zero value is the default.
type Hysteresis struct {
	// Keep is the part of a cut, above 0 and up to 1, below which a customer leaves a tier that it
	// entered at the cut: 0.9.
	Keep money.Rate
	// Wait is in how many runs in a row, 1 or more, a customer must fall short before it steps down: 2.
	Wait int32
}

// OrDefault writes the defaults out.
func (h Hysteresis) OrDefault() Hysteresis {
	if h.Keep == 0 {
		h.Keep = money.OneRate / 10 * 9
	}
	if h.Wait == 0 {
		h.Wait = 2
	}
	return h
}

// Validate returns the first fault of settings with their defaults written out.
func (h Hysteresis) Validate() error {
	if h.Keep <= 0 || h.Keep > money.OneRate {
		return fmt.Errorf("tier keep %s: set it above 0 and up to 1, for example 0.9", h.Keep)
	}
	if h.Wait < 1 {
		return fmt.Errorf("tier wait of %d runs: set 1 or more", h.Wait)
	}
	return nil
}

// Memory is what the previous run left of each customer of this one, all columns of one length.
type Memory struct {
	// Tier is the tier by the rules of the previous run, overrides aside; None for a customer that it
	// did not know.
	Tier []Tier
	// RunsBelow counts the runs in a row up to the previous one in which the customer fell short.
	RunsBelow []int32
	// Stay marks the customers that are KEY with every cut at Hysteresis.Keep of itself.
	Stay []bool
}

// Move says how a customer came by its tier, given the one before.
type Move uint8

// The moves.
const (
	Fresh     Move = iota // not in the previous run, or there is none: the cuts decide
	Same                  // the cuts give the tier of before
	Up                    // a step up
	UpFirst               // a step up, the cuts give a better tier still
	Down                  // a step down
	DownFirst             // a step down, the cuts give a worse tier still
	Blocked               // down at once: a credit block
	InBand                // holds the tier: below a cut, but not below Keep of it
	Waiting               // holds the tier: fell short, but not in enough runs in a row
	Corrected             // dormant and prospect swapped: a change of what is on record
)

// Settled is the tier of each customer by the rules and the previous run together.
type Settled struct {
	Tier []Tier
	Move []Move
	// RunsBelow is what the next run's Memory wants.
	RunsBelow  []int32
	Hysteresis Hysteresis // as used
}

// Settle weighs the tiers of the cuts against those of the previous run: enter at the cut, leave below
// Keep of it; a step down takes Wait runs in a row that fall short; at most one step a run, dormant
// and prospect both being one below general; a credit block acts at once and all the way.
func (r *Result) Settle(m Memory, h Hysteresis) (*Settled, error) {
	h = h.OrDefault()
	if err := h.Validate(); err != nil {
		return nil, err
	}
	n := len(r.Tier)
	if len(m.Tier) != n || len(m.RunsBelow) != n || len(m.Stay) != n {
		panic("tier: memory and customers differ in length")
	}
	s := &Settled{Tier: make([]Tier, n), Move: make([]Move, n), RunsBelow: make([]int32, n), Hysteresis: h}
	least := r.leastHalf()
	for i := range n {
		s.settle(r, &m, least, i)
	}
	return s, nil
}

// settle decides on customer i.
func (s *Settled) settle(r *Result, m *Memory, least money.Amount, i int) {
	now, was := r.Tier[i], m.Tier[i]
	s.Tier[i] = was
	switch {
	case was == None:
		s.Tier[i], s.Move[i] = now, Fresh
	case now == was:
		s.Move[i] = Same
	case now.rung() == was.rung():
		s.Tier[i], s.Move[i] = now, Corrected
	case now < was:
		s.Tier[i], s.Move[i] = max(now, was.above()), Up
		if s.Tier[i] != now {
			s.Move[i] = UpFirst
		}
	case was <= Key && r.barred(i):
		s.Tier[i], s.Move[i] = now, Blocked
	case was <= Key && r.stays(was, m.Stay[i], least, s.Hysteresis.Keep, i):
		s.Move[i] = InBand
	default:
		s.fall(now, was, m.RunsBelow[i], i)
	}
}

// fall counts a run in which customer i fell short of its tier.
func (s *Settled) fall(now, was Tier, before int32, i int) {
	s.RunsBelow[i] = min(before, s.Hysteresis.Wait) + 1 // bounded: more than Wait is as good as Wait
	switch {
	case s.RunsBelow[i] < s.Hysteresis.Wait:
		s.Move[i] = Waiting
	case was == General || now == was+1:
		s.Tier[i], s.Move[i] = now, Down
	default:
		s.Tier[i], s.Move[i] = was+1, DownFirst
	}
	if s.Tier[i] == now {
		s.RunsBelow[i] = 0
	}
}

// rung is the height of a tier on the ladder, 1 at the top.
func (t Tier) rung() Tier { return min(t, Dormant) }

// above is the tier one step up.
func (t Tier) above() Tier { return max(Core, t.rung()-1) }

// leastHalf is the least profit in the first half of KEY profit, 0 without any.
func (r *Result) leastHalf() (least money.Amount) {
	for i, in := range r.half {
		if p := r.customers.Profit[i]; in && (least == 0 || p < least) {
			least = p
		}
	}
	return least
}

// CoreProfit is the gross profit from which a KEY account is in the first half of KEY profit; 0 where
// none is or margin is off.
func (r *Result) CoreProfit() money.Amount { return r.leastHalf() }

// stays reports whether customer i may keep core or key with every graded cut at keep of itself.
// Credit and loyalty have no grades here: they are asked as they are.
func (r *Result) stays(was Tier, key bool, least money.Amount, keep money.Rate, i int) bool {
	c := &r.customers
	if !(c.Key[i] || key) || r.barred(i) {
		return false
	}
	if was == Key {
		return true
	}
	half := r.inHalf(i) || least > 0 && c.profitKnown(i) &&
		scoring.CompareProducts(int64(c.Profit[i]), int64(money.OneRate), int64(least), int64(keep)) >= 0
	return half && r.creditGood(i) && c.Loyal[i]
}

// AppendReason appends the settled tier of customer i and why: where the previous run has a say, that
// first, and then what the cuts say.
func (s *Settled) AppendReason(dst []byte, r *Result, i int) []byte {
	if s.Tier[i] == r.Tier[i] && s.Move[i] != Blocked {
		return r.AppendReason(dst, i)
	}
	dst = append(dst, s.Tier[i].String()...)
	switch s.Move[i] {
	case InBand:
		dst = fmt.Appendf(dst, ", held: not below %s of the cuts; by the cuts ", s.Hysteresis.Keep)
	case Waiting:
		dst = fmt.Appendf(dst, ", held: fell short in %d of %d runs in a row; by the cuts ", s.RunsBelow[i], s.Hysteresis.Wait)
	case UpFirst, DownFirst:
		dst = append(dst, ", one step a run; by the cuts "...)
	case Blocked:
		dst = append(dst, ", at once by a credit block; by the cuts "...)
	}
	return r.AppendReason(dst, i)
}

// String names the move in tables of movers.
func (m Move) String() string {
	switch m {
	case Same:
		return "same"
	case Up:
		return "up"
	case UpFirst:
		return "up, one step a run"
	case Down:
		return "down"
	case DownFirst:
		return "down, one step a run"
	case Blocked:
		return "credit block"
	case InBand:
		return "held in the band"
	case Waiting:
		return "held, waiting"
	case Corrected:
		return "corrected"
	}
	return "fresh"
}
