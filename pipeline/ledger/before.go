package ledger

import "github.com/vitalfew/vitalfew/pipeline/civil"

// Before returns the ledger as it was on an as-of day: rows of the days before it, the customers
// that have such rows, and those that keep names (accounts that exist without an order). A customer
// whose first line comes later does not exist yet.
func (l *Ledger) Before(workers int, asOf civil.Day, keep func(id string) bool) (*Ledger, error) {
	b := NewBuilder()
	for c, id := range l.ids {
		lo, hi := l.At(asOf).Seen(c)
		if lo == hi && !keep(id) {
			continue
		}
		code := b.Account([]byte(id))
		for i := lo; i < hi; i++ {
			row := l.rows.line(i)
			b.put(code, &row)
		}
		for i := l.catOff[c]; i < l.catOff[c+1]; i++ {
			if l.catFirst[i] < asOf {
				b.extra = append(b.extra, bought{code, b.Category([]byte(l.categories[l.catCode[i]])), l.catFirst[i]})
			}
		}
	}
	return Build(workers, b)
}
