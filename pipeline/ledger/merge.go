package ledger

import (
	"errors"
	"fmt"
)

// Merge joins ledgers built apart: the result equals the ledger of all their lines, whatever the
// grouping and order. The same lines in two of the ledgers count twice; keeping shards apart is
// the caller's part.
func Merge(workers int, ledgers ...*Ledger) (*Ledger, error) {
	builders := make([]*Builder, len(ledgers))
	for k, l := range ledgers {
		builders[k] = l.builder()
	}
	return Build(workers, builders...)
}

// builder refills a builder from a finished ledger, so that merging is building.
func (l *Ledger) builder() *Builder {
	b := NewBuilder()
	for _, name := range l.categories {
		b.Category([]byte(name))
	}
	for c := range l.ids {
		code := b.Account([]byte(l.ids[c]))
		for i := l.off[c]; i < l.off[c+1]; i++ {
			row := l.rows.line(i)
			b.put(code, &row)
		}
		for i := l.catOff[c]; i < l.catOff[c+1]; i++ {
			b.extra = append(b.extra, bought{code, l.catCode[i], l.catFirst[i]})
		}
	}
	return b
}

// Validate checks what every reader relies on and returns all faults: ids strictly ascending,
// offsets monotonic, rows strictly ascending by day and order key within a customer, legal days,
// counts that fit each other, returns and categories in order.
func (l *Ledger) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("ledger: "+format, args...)) }
	if n := len(l.ids) + 1; len(l.off) != n || len(l.catOff) != n {
		return fmt.Errorf("ledger: %d customers, but %d row and %d category offsets", len(l.ids), len(l.off), len(l.catOff))
	}
	if l.off[0] != 0 || l.off[len(l.ids)] != l.rows.Len() || l.catOff[len(l.ids)] != len(l.catCode) {
		return errors.New("ledger: offsets do not span the rows")
	}
	for c := range l.ids {
		if c > 0 && l.ids[c-1] >= l.ids[c] {
			fault("id %q does not come after %q", l.ids[c], l.ids[c-1])
		}
		if l.off[c] > l.off[c+1] || l.catOff[c] > l.catOff[c+1] {
			fault("offsets of %q run backwards", l.ids[c])
			continue
		}
		for i := l.off[c]; i < l.off[c+1]; i++ {
			l.validateRow(c, i, fault)
		}
		for i := l.catOff[c]; i < l.catOff[c+1]; i++ {
			if i > l.catOff[c] && l.catCode[i-1] >= l.catCode[i] || int(l.catCode[i]) >= len(l.categories) {
				fault("categories of %q are out of order", l.ids[c])
			}
		}
	}
	return errors.Join(faults...)
}

func (l *Ledger) validateRow(c, i int, fault func(string, ...any)) {
	r := &l.rows
	if !r.Day[i].Known() {
		fault("%q has a row without a legal day", l.ids[c])
	}
	if i > l.off[c] && (r.Day[i-1] > r.Day[i] || (r.Day[i-1] == r.Day[i] && r.Order[i-1] >= r.Order[i])) {
		fault("%q: row of %s is out of order", l.ids[c], r.Day[i])
	}
	if r.Lines[i] < 1 || r.Sales[i] < 0 || r.Sales[i] > r.Lines[i] || r.Costed[i] < 0 || r.Costed[i] > r.Lines[i] {
		fault("%q on %s: %d lines, %d sales, %d with cost", l.ids[c], r.Day[i], r.Lines[i], r.Sales[i], r.Costed[i])
	}
	if r.Costed[i] == 0 && (r.Cost[i] != 0 || r.Covered[i] != 0) {
		fault("%q on %s: a cost without a costed line", l.ids[c], r.Day[i])
	}
}
