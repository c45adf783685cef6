package crm

import (
	"slices"
	"strings"
)

// writeRemoved writes the hashes that are to leave an audience: those of accounts that left, and what
// changed accounts had before, without what somebody who stays is found by.
func (b *Batch) writeRemoved(create Create) ([]string, error) {
	if !b.d.keyless {
		return nil, nil
	}
	p := b.parts(create, "remove")
	for _, cells := range b.removed() {
		var row []byte
		for j, v := range cells {
			row = b.appendNext(row, j, v)
		}
		if err := p.add(b.end(row)); err != nil {
			return nil, err
		}
	}
	err := p.flush()
	return p.names, err
}

// removed are the rows to remove, one cell a field, in the order of the last load. A removal takes out
// whoever any identifier of its row finds, so one that a current row holds is left empty, and a row
// without any is left out.
func (b *Batch) removed() (rows [][]string) {
	held, groups := b.held(), b.identifiers()
	for _, r := range b.replaced() {
		row, any := make([]string, len(b.s.Fields)), false
		for _, g := range groups {
			cells := b.loadedCells(r, g)
			id := strings.Join(cells, keyMark)
			if strings.Trim(id, keyMark) == "" || held[b.s.Fields[g[0]].Name+keyMark+id] {
				continue
			}
			for k, j := range g {
				row[j] = cells[k]
			}
			any = true
		}
		if any {
			rows = append(rows, row)
		}
	}
	return rows
}

// replaced are the rows of the last load that left or changed.
func (b *Batch) replaced() []int32 {
	rows := slices.Clone(b.left)
	for _, i := range b.delta {
		if r := b.prevRow[i]; r >= 0 && !b.prev.gone(r) {
			rows = append(rows, r)
		}
	}
	slices.Sort(rows)
	return rows
}

// identifiers are the fields that find a person together: e-mail and phone each by itself, the parts of
// an address.
func (b *Batch) identifiers() (groups [][]int) {
	var address []int
	for j, f := range b.s.Fields {
		if f.Name == email || f.Name == phone {
			groups = append(groups, []int{j})
		} else {
			address = append(address, j)
		}
	}
	if address != nil {
		groups = append(groups, address)
	}
	return groups
}

// held are the identifiers of the current rows.
func (b *Batch) held() map[string]bool {
	held := map[string]bool{}
	for _, g := range b.identifiers() {
		for i := range b.rows {
			id := b.s.Fields[g[0]].Name
			for _, j := range g {
				id += keyMark + b.cells[j].text(i)
			}
			held[id] = true
		}
	}
	return held
}

// loadedCells are cells of a row of the last load, "" where unknown.
func (b *Batch) loadedCells(r int32, fields []int) []string {
	cells := make([]string, len(fields))
	for k, j := range fields {
		if b.prevCell[j] >= 0 {
			cells[k], _ = b.prev.cell(r, b.prevCell[j])
		}
	}
	return cells
}
