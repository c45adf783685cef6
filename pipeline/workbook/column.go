package workbook

import (
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/xuri/excelize/v2"
)

// column is a column with the style of its cells.
type column struct {
	*table.Column
	style int
}

func (b *Book) column(c *table.Column) (column, error) {
	format := format(c.Kind(), c.Unit)
	if format == "" {
		return column{c, 0}, nil
	}
	id, err := b.style(format)
	return column{c, id}, err
}

// format is the number format of a kind and unit; "" is the general one, of text and booleans.
func format(k table.Kind, unit string) string {
	switch k {
	case table.String, table.Bool:
		return ""
	case table.Day:
		return "yyyy-mm-dd"
	case table.Amount:
		return "#,##0.00"
	case table.Quantity:
		return "#,##0.####"
	case table.Int64:
		return "#,##0"
	}
	switch unit {
	case "rate", "probability":
		return "0.0%"
	case "score", "percentile", "days", "rating":
		return "0.0"
	}
	return "0.00"
}

// What of days and numbers a spreadsheet holds.
const (
	serialEpoch = 25569                 // serial of 1970-01-01, days since 1899-12-30
	firstDay    = civil.Day(-25508)     // 1900-03-01: before it, spreadsheets count a day that never was
	digits15    = 1_000_000_000_000_000 // beyond it a number has more digits than they keep
)

// cell is a cell as excelize takes it, nil where it is null.
func (c *column) cell(b *Book, i int) any {
	if !c.Valid(i) {
		return nil
	}
	var v any
	switch c.Kind() {
	case table.String:
		v = legible(c.Text(i))
	case table.Bool:
		v = c.Bool(i)
	case table.Day:
		d := c.Days()[i]
		if d < firstDay {
			return d.String()
		}
		v = int64(d) + serialEpoch
	case table.Int64:
		n := c.Ints()[i]
		if n >= digits15 || n <= -digits15 {
			return strconv.FormatInt(n, 10)
		}
		v = n
	case table.Amount:
		v = b.fixed(int64(c.Amounts()[i]))
	case table.Quantity:
		v = b.fixed(int64(c.Quantities()[i]))
	default:
		v = c.Floats()[i]
	}
	if c.style == 0 {
		return v
	}
	return excelize.Cell{StyleID: c.style, Value: v}
}

// fixed is the double next to a number in 1/10,000.
func (b *Book) fixed(v int64) float64 {
	if v >= digits15 || v <= -digits15 {
		b.rounded++
	}
	return float64(v) / 10_000
}

// width fits the header and the first cells, in characters, within bounds.
func (c *column) width() float64 {
	const sample, least, most = 200, 9, 60
	longest := utf8.RuneCountInString(c.Name) + 3 // room for the filter's arrow
	for i := range min(c.Len(), sample) {
		if !c.Valid(i) {
			continue
		}
		n := 11 // of a day, or a yes
		switch c.Kind() {
		case table.String:
			n = utf8.RuneCountInString(c.Text(i)) + 1
		case table.Amount:
			n = separated(c.Amounts()[i].Float()) + 3
		case table.Quantity:
			n = separated(c.Quantities()[i].Float()) + 5
		case table.Int64:
			n = separated(float64(c.Ints()[i]))
		}
		longest = max(longest, n)
	}
	return float64(min(max(longest, least), most))
}

// separated is the width of the whole part of a number with its sign and separators.
func separated(v float64) int {
	digits := 1
	if v = math.Abs(v); v >= 1 {
		digits = int(math.Log10(v)) + 1
	}
	return 2 + digits + (digits-1)/3
}
