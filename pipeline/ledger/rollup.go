package ledger

import (
	"fmt"

	"github.com/cespare/xxhash/v2"
)

// RollUp returns the ledger in which every ultimate parent also holds the rows of all accounts
// below it, while the children keep their own. root[c] is the customer of c's ultimate parent, c
// itself where it has none. What is summed over the result must leave the children out, or their
// rows count twice.
func (l *Ledger) RollUp(workers int, root []int) (*Ledger, error) {
	if len(root) != l.Customers() {
		panic(fmt.Sprintf("ledger: %d roots for %d customers", len(root), l.Customers()))
	}
	own := l.builder()
	group := NewBuilder()
	for _, name := range l.categories {
		group.Category([]byte(name))
	}
	for c, r := range root {
		if r == c {
			continue
		}
		code, salt := group.Customer([]byte(l.ids[r])), xxhash.Sum64String(l.ids[c])
		for i := l.off[c]; i < l.off[c+1]; i++ {
			row := l.rows.line(i)
			row.order ^= salt // order numbers count within a customer: the same number of two children is two orders
			group.put(code, &row)
		}
		for i := l.catOff[c]; i < l.catOff[c+1]; i++ {
			group.extra = append(group.extra, bought{code, l.catCode[i], l.catFirst[i]})
		}
	}
	return Build(workers, own, group)
}
