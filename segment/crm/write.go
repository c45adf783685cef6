package crm

import (
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/formula"
)

// StateFile is the name of the file that holds the State after the load.
const StateFile = "loaded.state"

// Write writes the files of the target, in a fixed order.
func (b *Batch) Write(create Create) error {
	full := b.parts(create, "full")
	for i := range b.rows {
		if err := full.add(b.appendRow(nil, i)); err != nil {
			return err
		}
	}
	if err := full.flush(); err != nil {
		return err
	}
	delta := b.parts(create, "delta")
	for _, i := range b.delta {
		if err := delta.add(b.appendRow(nil, int(i))); err != nil {
			return err
		}
	}
	if b.s.Left == LeftClear {
		for _, r := range b.left {
			if err := delta.add(b.appendLeft(nil, r)); err != nil {
				return err
			}
		}
	}
	if err := delta.flush(); err != nil {
		return err
	}
	removed, err := b.writeRemoved(create)
	if err != nil {
		return err
	}
	if err := b.writeForPeople(create); err != nil {
		return err
	}
	if err := b.writeCompanions(create, full.names, delta.names, removed); err != nil {
		return err
	}
	return b.writeState(create)
}

func (b *Batch) parts(create Create, stem string) *parts {
	return &parts{create: create, stem: stem, header: b.header(), size: b.maxBytes(), rows: b.maxRows(), zipped: b.d.zipped}
}

func (b *Batch) maxBytes() int64 {
	if b.s.MaxBytes > 0 {
		return b.s.MaxBytes
	}
	return b.d.maxBytes
}

func (b *Batch) maxRows() int {
	if b.s.MaxRows > 0 {
		return b.s.MaxRows
	}
	return b.d.maxRows
}

func (b *Batch) header() []byte {
	var row []byte
	for j, f := range b.s.Fields {
		row = b.appendNext(row, j, f.Name)
	}
	return b.end(row)
}

// appendRow appends row i: a value, nothing, or the mark that clears.
func (b *Batch) appendRow(row []byte, i int) []byte {
	for j := range b.cells {
		cell := b.cells[j].text(i)
		if b.d.clears == clearsByMark && b.clearsCell(i, j) {
			cell = clearMark
		}
		row = b.appendNext(row, j, cell)
	}
	return b.end(row)
}

// appendLeft appends the row that empties what an account that left had.
func (b *Batch) appendLeft(row []byte, r int32) []byte {
	for j, f := range b.s.Fields {
		cell := ""
		if b.prevCell[j] >= 0 {
			was, known := b.prev.cell(r, b.prevCell[j])
			if slices.Contains(b.s.Key, f.Name) {
				cell = was
			} else if known && b.d.clears == clearsByMark {
				cell = clearMark
			}
		}
		row = b.appendNext(row, j, cell)
	}
	return b.end(row)
}

func (b *Batch) appendNext(row []byte, j int, cell string) []byte {
	if j > 0 {
		row = append(row, b.s.Delimiter[0])
	}
	return appendCell(row, cell, b.s.Delimiter[0])
}

func (b *Batch) end(row []byte) []byte {
	if b.s.LineEnd == "CRLF" {
		row = append(row, '\r')
	}
	return append(row, '\n')
}

func (b *Batch) writeState(create Create) error {
	s, err := b.State()
	if err != nil {
		return err
	}
	defer s.t.Release()
	f, err := create(StateFile)
	if err != nil {
		return err
	}
	f.AddRows(int64(s.Rows()))
	err = s.Encode(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// writeForPeople writes what changed, who left, and what has to be emptied by hand. Audiences have
// none: their cells say nothing to people.
func (b *Batch) writeForPeople(create Create) error {
	if err := b.sheet(create, "fields.csv", b.fieldRows()); err != nil {
		return err
	}
	if b.d.keyless {
		return nil
	}
	changes, clears := [][]string{{"key", "field", "before", "after"}}, [][]string{{"key", "field", "before"}}
	for i := range b.rows {
		if b.prevRow[i] < 0 {
			continue
		}
		for j, f := range b.s.Fields {
			if !b.changed(i, j) {
				continue
			}
			was, _ := b.before(i, j)
			changes = append(changes, []string{b.keyText(i), f.Name, was, b.cells[j].text(i)})
			if b.d.clears == clearsNothing && b.clearsCell(i, j) {
				clears = append(clears, []string{b.keyText(i), f.Name, was})
			}
		}
	}
	if err := b.sheet(create, "changes.csv", changes); err != nil {
		return err
	}
	if b.d.clears == clearsNothing {
		if err := b.sheet(create, "clears.csv", clears); err != nil {
			return err
		}
	}
	return b.sheet(create, "left.csv", b.leftRows())
}

// leftRows names the accounts that left with what the target still shows of them.
func (b *Batch) leftRows() [][]string {
	head := []string{"key"}
	for _, f := range b.s.Fields {
		head = append(head, f.Name)
	}
	rows := [][]string{head}
	for _, r := range b.left {
		row := []string{readable(b.prev.key(r))}
		for j := range b.s.Fields {
			v := ""
			if b.prevCell[j] >= 0 {
				v, _ = b.prev.cell(r, b.prevCell[j])
			}
			row = append(row, v)
		}
		rows = append(rows, row)
	}
	return rows
}

// sheet writes a small CSV for people: comma, LF, every cell guarded.
func (b *Batch) sheet(create Create, name string, rows [][]string) error {
	var text []byte
	for _, row := range rows {
		for j, cell := range row {
			if j > 0 {
				text = append(text, ',')
			}
			text = appendCell(text, formula.Guard(cell), ',')
		}
		text = append(text, '\n')
	}
	return put(create, name, text, len(rows)-1)
}
