package table

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// WriteJSON writes the rows as an array of objects, one a line, keys in the order of the columns. Null
// is null. Amounts and quantities are numbers with all their digits: exact for whoever reads them as
// decimals. Other numbers are the shortest that read back the same, days are "YYYY-MM-DD".
func WriteJSON(w io.Writer, t *Table) error {
	keys := make([][]byte, len(t.cols))
	for i := range t.cols {
		keys[i] = append(appendJSON(nil, t.cols[i].Name), ':')
	}
	var line []byte
	for r := range t.Rows() {
		line = append(line[:0], ",\n{"...)
		if r == 0 {
			line = append(line[:0], "[\n{"...)
		}
		for i := range t.cols {
			if i > 0 {
				line = append(line, ',')
			}
			line = t.cols[i].appendJSON(append(line, keys[i]...), r)
		}
		if _, err := w.Write(append(line, '}')); err != nil {
			return err
		}
	}
	end := "\n]"
	if t.Rows() == 0 {
		end = "[]"
	}
	_, err := io.WriteString(w, end)
	return err
}

func (c *Column) appendJSON(dst []byte, i int) []byte {
	if !c.Valid(i) {
		return append(dst, "null"...)
	}
	var to [cellRoom]byte
	switch c.kind {
	case String:
		return appendJSON(dst, c.Text(i))
	case Int64:
		return strconv.AppendInt(dst, c.ints[i], 10)
	case Float64:
		return append(dst, to[:putFloat(&to, c.floats[i])]...)
	case Day:
		return append(c.days[i].Append(append(dst, '"')), '"')
	case Amount:
		return money.Amount(c.ints[i]).Append(dst)
	case Quantity:
		return money.Quantity(c.ints[i]).Append(dst)
	}
	return strconv.AppendBool(dst, c.Bool(i))
}

// appendJSON appends a text as JSON; bytes that are not UTF-8 become U+FFFD.
func appendJSON(dst []byte, s string) []byte {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f || s[i] == '"' || s[i] == '\\' {
			return appendEscaped(dst, s)
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}

func appendEscaped(dst []byte, s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("table: a text is JSON")
	}
	return append(dst, bytes.TrimRight(b.Bytes(), "\n")...)
}
