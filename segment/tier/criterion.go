package tier

// Criterion is a question about a customer.
type Criterion uint8

// The criteria. All is that of core accounts, who passed every one.
const (
	All           Criterion = iota
	CreditNotGood           // key: credit known not to be GOOD, or unknown
	NotLoyal                // key: stage neither loyal nor partner
	ProfitHalf              // key: not among the accounts that make the first half of KEY profit
	NotKey                  // general: outside the KEY quadrant
	CreditBlock             // general: KEY, but credit BLOCKED, or unknown where it must be known
	NoneInWindow            // dormant: last purchase before the window
	ReturnsOnly             // dormant: returns on record, no purchase
	Nothing                 // prospect: neither purchase nor return on record
)

// String names the criterion in tables of movers.
func (c Criterion) String() string {
	switch c {
	case CreditNotGood:
		return "credit not good"
	case NotLoyal:
		return "not loyal"
	case ProfitHalf:
		return "not in the first half of KEY profit"
	case NotKey:
		return "outside the KEY quadrant"
	case CreditBlock:
		return "credit blocked"
	case NoneInWindow:
		return "no purchase in the window"
	case ReturnsOnly:
		return "returns only"
	case Nothing:
		return "no purchase on record"
	}
	return "all criteria of core"
}

func (r *Result) tier(i int) (Tier, Criterion) {
	c := &r.customers
	switch {
	case c.Key[i] && !r.barred(i):
		switch {
		case !r.creditGood(i):
			return Key, CreditNotGood
		case !c.Loyal[i]:
			return Key, NotLoyal
		case !r.inHalf(i):
			return Key, ProfitHalf
		}
		return Core, All
	case c.LastDay[i].Known() && c.LastDay[i] >= c.WindowFrom:
		if c.Key[i] {
			return General, CreditBlock
		}
		return General, NotKey
	case c.LastDay[i].Known():
		return Dormant, NoneInWindow
	case c.Returned[i] > 0:
		return Dormant, ReturnsOnly
	}
	return Prospect, Nothing
}

// barred reports whether credit keeps a KEY account out of key.
func (r *Result) barred(i int) bool {
	c := &r.customers
	return !c.CreditOff && (c.Credit[i] == CreditBlocked || (c.Credit[i] == CreditUnknown && r.Settings.NeedKnownCredit))
}

func (r *Result) creditGood(i int) bool {
	return r.customers.CreditOff || r.customers.Credit[i] == CreditGood
}

// inHalf reports whether KEY account i is in the first half of KEY profit, or is not asked.
func (r *Result) inHalf(i int) bool { return r.customers.MarginOff || r.half[i] }
