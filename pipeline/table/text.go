package table

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// What a column needs in WriteText.
const (
	between   = 2  // spaces between columns
	leastText = 10 // a column of text is not cut below this
)

// WriteText writes the rows for a person at a terminal: a header broken at underscores, numbers to the
// right, text to the left, null as "-". In width columns (0: any number) text is cut, and where that
// is not enough columns are left out from the right, whose names are returned. Numbers are rounded:
// money and ratios to two decimals, rates to a tenth of a percent, scores to one decimal.
func WriteText(w io.Writer, t *Table, width int) (left []string, err error) {
	cols := make([]textColumn, len(t.cols))
	for i := range t.cols {
		cols[i] = newTextColumn(&t.cols[i])
	}
	for n := len(cols); n > 1 && !fit(cols[:n], width); n = len(cols) {
		left = append(left, t.cols[n-1].Name)
		cols = cols[:n-1]
	}
	slices.Reverse(left)
	high := 0
	for i := range cols {
		cols[i].breakHeader()
		high = max(high, len(cols[i].header))
	}
	var line strings.Builder
	put := func(cell func(c *textColumn) string) error {
		line.Reset()
		for i := range cols {
			cols[i].put(&line, cell(&cols[i]), i == len(cols)-1)
		}
		_, err := io.WriteString(w, strings.TrimRight(line.String(), " ")+"\n")
		return err
	}
	for h := range high {
		if err := put(func(c *textColumn) string {
			if k := h - (high - len(c.header)); k >= 0 {
				return c.header[k]
			}
			return ""
		}); err != nil {
			return left, err
		}
	}
	for r := range t.Rows() {
		if err := put(func(c *textColumn) string { return c.cells[r] }); err != nil {
			return left, err
		}
	}
	return left, nil
}

// textColumn is a column as it is printed.
type textColumn struct {
	name   string
	text   bool // to the left, and may be cut
	cells  []string
	width  int
	header []string
}

func newTextColumn(c *Column) textColumn {
	x := textColumn{name: c.Name, text: c.kind == String, cells: make([]string, c.n)}
	for _, word := range strings.SplitAfter(c.Name, "_") {
		x.width = max(x.width, shownWidth(word))
	}
	for i := range x.cells {
		x.cells[i] = c.shown(i)
		x.width = max(x.width, shownWidth(x.cells[i]))
	}
	return x
}

// fit cuts the widest columns of text until all fit; false where they cannot.
func fit(cols []textColumn, width int) bool {
	over := -between - width
	for i := range cols {
		over += cols[i].width + between
	}
	for width > 0 && over > 0 {
		widest := -1
		for i := range cols {
			if cols[i].text && cols[i].width > leastText && (widest < 0 || cols[i].width > cols[widest].width) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		cols[widest].width--
		over--
	}
	return true
}

// breakHeader breaks the name at underscores into lines that are not wider than the column.
func (c *textColumn) breakHeader() {
	line := ""
	for _, word := range strings.SplitAfter(c.name, "_") {
		if line != "" && shownWidth(line+word) > c.width {
			c.header = append(c.header, line)
			line = ""
		}
		line += word
	}
	c.header = append(c.header, line)
}

func (c *textColumn) put(b *strings.Builder, cell string, last bool) {
	cell = cut(cell, c.width)
	pad := strings.Repeat(" ", c.width-shownWidth(cell))
	if c.text {
		cell += pad
	} else {
		cell = pad + cell
	}
	b.WriteString(cell)
	if !last {
		b.WriteString(strings.Repeat(" ", between))
	}
}

// cut shortens a text to a width, with an ellipsis at its end.
func cut(s string, width int) string {
	if shownWidth(s) <= width {
		return s
	}
	used := 1 // the ellipsis
	for i, r := range s {
		if used += runeWidth(r); used > width {
			return s[:i] + "…"
		}
	}
	return s
}

// shownWidth is how many columns of a terminal a text takes.
func shownWidth(s string) (n int) {
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300: // Latin letters
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// shown is a cell for a person, on one line.
func (c *Column) shown(i int) string {
	if !c.Valid(i) {
		return "-"
	}
	switch c.kind {
	case String:
		return strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return ' '
			}
			return r
		}, strings.ToValidUTF8(c.Text(i), "\uFFFD"))
	case Int64:
		return separate(strconv.FormatInt(c.ints[i], 10))
	case Amount, Quantity:
		v := c.ints[i]
		if c.kind == Quantity && v%10_000 == 0 {
			return separate(strconv.FormatInt(v/10_000, 10))
		}
		return separate(twoDecimals(v))
	case Day:
		return c.days[i].String()
	case Bool:
		return strconv.FormatBool(c.Bool(i))
	}
	switch f := c.floats[i]; c.Unit {
	case "rate", "probability":
		return separate(strconv.FormatFloat(100*f, 'f', 1, 64)) + "%"
	case "score", "percentile", "days", "rating":
		return separate(strconv.FormatFloat(f, 'f', 1, 64))
	default:
		return separate(strconv.FormatFloat(f, 'f', 2, 64))
	}
}

// twoDecimals rounds 1/10,000 to two decimals, half to even.
func twoDecimals(v int64) string {
	q, r := v/100, v%100
	switch {
	case r > 50 || r == 50 && q&1 != 0:
		q++
	case r < -50 || r == -50 && q&1 != 0:
		q--
	}
	sign := ""
	if q < 0 {
		sign, q = "-", -q
	}
	s := strconv.FormatInt(q, 10)
	if len(s) < 3 {
		s = strings.Repeat("0", 3-len(s)) + s
	}
	return sign + s[:len(s)-2] + "." + s[len(s)-2:]
}

// separate puts a comma between the thousands of a number.
func separate(s string) string {
	from := strings.IndexFunc(s, unicode.IsDigit)
	end := strings.IndexByte(s, '.')
	if end < 0 {
		end = len(s)
	}
	for at := end - 3; at > from; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
