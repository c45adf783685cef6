package sniff

import "bytes"

// Column is what the values of one column look like in a sample.
type Column struct {
	Records int // records that reach the sample, also those too short to have the column
	Kinds   [kinds]int
	shape   string // of its first code
	shaped  int    // codes of that shape
}

// Thresholds of evidence. They are about what a stranger's file may hold: a column is called typed
// where hardly any value differs, and only then is a value that differs held against a row.
const (
	enough  = 8  // values that make a column typed
	typical = 24 // of 25 values
	never   = 20 // records without an empty value that make a column one that is never empty
)

// Kind is the kind that nearly all values of the column have; Text where there is none or too few.
func (c Column) Kind() Kind {
	filled := c.Records - c.Kinds[Empty]
	if filled < enough {
		return Text
	}
	for k := Number; k < kinds; k++ {
		if c.Kinds[k]*25 >= filled*typical && (k != Code || c.shaped*25 >= filled*typical) {
			return k
		}
	}
	return Text
}

// Optional says that the column is empty often enough that one more empty value proves nothing.
func (c Column) Optional() bool {
	return c.Records < enough || (c.Kinds[Empty]-1)*50 >= c.Records
}

// Columns is the evidence of a sample's columns.
type Columns []Column

// Add takes a record of the sample into account; a short one is empty beyond its end.
func (cs Columns) Add(fields [][]byte) {
	var buf [24]byte
	for i := range cs {
		c := &cs[i]
		c.Records++
		k := Empty
		if i < len(fields) {
			k = KindOf(fields[i])
		}
		c.Kinds[k]++
		if k == Code {
			s := shape(buf[:0], fields[i])
			if c.shape == "" {
				c.shape = string(s)
			}
			if c.shape == string(s) {
				c.shaped++
			}
		}
	}
}

// Typed is the number of columns with a kind.
func (cs Columns) Typed() (n int) {
	for _, c := range cs {
		if c.Kind() != Text {
			n++
		}
	}
	return n
}

// Against counts the values of a row that speak for and against it standing where it stands. Quotes
// at the ends of a value are looked through: a stray one is not what tells a column.
func (cs Columns) Against(fields [][]byte) (yes, no int) {
	var buf [24]byte
	for i, c := range cs {
		if i >= len(fields) {
			break
		}
		kind := c.Kind()
		v := bytes.Trim(fields[i], `"`)
		k := KindOf(v)
		switch {
		case k == Empty:
			if c.Records >= never && c.Kinds[Empty] == 0 {
				no++
			}
		case kind == Text:
			if filled := c.Records - c.Kinds[Empty]; filled == 0 && c.Records >= never {
				no++ // the column never holds anything
			}
		case kind == k && (k != Code || string(shape(buf[:0], v)) == c.shape):
			yes++
		default:
			no++
		}
	}
	return yes, no
}
