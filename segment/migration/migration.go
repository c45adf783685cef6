// Package migration counts who moved between the tiers of two runs.
//
// Tabulate puts every customer of either run into one cell of old tier x new tier. A customer that
// only the new run knows has no old tier, one that only the old run knew no new one: both are state 0,
// so that the rows add up to the old run's tiers and the columns to the new run's.
package migration

import (
	"errors"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Customers are the columns that Tabulate reads, all of one length but Known.
type Customers struct {
	// Old and New are states below States; 0 is none.
	Old, New []uint8
	// Net and Profit are those of the new run, and of the old run where there is no new state. Money of
	// customers whose figures another customer holds too is 0.
	Net, Profit []money.Amount
	// Known marks the customers whose profit is known; nil is all.
	Known []bool
	// States is the number of states, none included.
	States int
}

// Cell is the customers that went one way.
type Cell struct {
	Customers   int
	Net, Profit money.Amount // profit where it is known
}

// Matrix has a cell for each old state (row) and new state (column).
type Matrix struct{ Cells [][]Cell }

// Tabulate counts the customers. It errors on sums that do not fit.
func Tabulate(c Customers) (*Matrix, error) {
	n := len(c.Old)
	if len(c.New) != n || len(c.Net) != n || len(c.Profit) != n || c.Known != nil && len(c.Known) != n {
		panic("migration: columns differ in length")
	}
	m := &Matrix{Cells: make([][]Cell, c.States)}
	for k := range m.Cells {
		m.Cells[k] = make([]Cell, c.States)
	}
	var k money.Checked
	for i := range n {
		cell := &m.Cells[c.Old[i]][c.New[i]]
		cell.Customers++
		cell.Net = money.Amount(k.Add(int64(cell.Net), int64(c.Net[i])))
		if c.Known == nil || c.Known[i] {
			cell.Profit = money.Amount(k.Add(int64(cell.Profit), int64(c.Profit[i])))
		}
	}
	if !k.OK() {
		return nil, errors.New("the sums of the migration matrix do not fit: amounts beyond 922 trillion; check the units of the export")
	}
	return m, nil
}

// Old is the number of customers of an old state, New of a new one.
func (m *Matrix) Old(state int) (n int) {
	for _, c := range m.Cells[state] {
		n += c.Customers
	}
	return n
}

// New is the number of customers of a new state.
func (m *Matrix) New(state int) (n int) {
	for _, row := range m.Cells {
		n += row[state].Customers
	}
	return n
}

// Moved counts the customers that both runs know and whose state changed.
func (m *Matrix) Moved() (n int) {
	for old := 1; old < len(m.Cells); old++ {
		for now := 1; now < len(m.Cells); now++ {
			if old != now {
				n += m.Cells[old][now].Customers
			}
		}
	}
	return n
}

// Flips counts the customers of three runs in a row that left a state for one run and came back.
// States are columns of one length; 0 is none and counts as no state.
func Flips(a, b, c []uint8) (n int) {
	for i := range a {
		if a[i] != 0 && b[i] != 0 && a[i] == c[i] && a[i] != b[i] {
			n++
		}
	}
	return n
}
