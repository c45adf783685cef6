package parquetfile_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
)

const null = "\x00null"

// open opens data and returns the file with the columns that can be read.
func open(t fataler, data []byte) (*parquetfile.File, []int) {
	t.Helper()
	f, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), parquetfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return f, readableOf(f)
}

func readableOf(f *parquetfile.File) (cols []int) {
	for i, c := range f.Columns() {
		if c.Refusal == "" && !c.Repeated { // lists have tests of their own
			cols = append(cols, i)
		}
	}
	return cols
}

// vectorCells reads all rows through the vectors, at most batch at a time.
func vectorCells(f *parquetfile.File, cols []int, batch int) (rows [][]string, err error) {
	for i := range f.RowGroups() {
		g, err := f.Group(i, cols)
		if err != nil {
			return nil, err
		}
		defer g.Close()
		for {
			n, err := g.Next(batch)
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, err
			}
			if n < 1 || n > batch {
				return nil, fmt.Errorf("Next(%d) returned %d", batch, n)
			}
			for r := range n {
				row := make([]string, len(cols))
				for k := range cols {
					row[k] = vectorCell(g.Vec(k), r)
				}
				rows = append(rows, row)
			}
		}
	}
	return rows, nil
}

// vectorCell is the text of row r, and checks that a dictionary says the same as the values.
func vectorCell(v *parquetfile.Vector, r int) string {
	if v.Null(r) {
		return null
	}
	if d := v.Dict; d != nil {
		code := int(v.Codes[r])
		switch {
		case code >= d.Len():
			return "code out of range"
		case v.Kind == parquetfile.Bytes && !bytes.Equal(d.Bytes(code), v.Bytes(r)),
			v.Kind == parquetfile.Int && d.Ints[code] != v.Ints[r]:
			return "dictionary and value disagree"
		}
	}
	return string(v.Append(nil, r))
}

// recordCells reads all rows through Records.
func recordCells(f *parquetfile.File, cols []int) (rows [][]string, err error) {
	r := f.Records(cols)
	defer r.Close()
	for {
		cells, nulls, err := r.Next()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		row := make([]string, len(cells))
		for k, s := range cells {
			if row[k] = s; nulls[k] {
				row[k] = null
			}
		}
		rows = append(rows, row)
	}
}

// twinCells reads the same with parquet-go's own row reader, value by value. A panic of the library is
// its error. It stops soon after most rows.
func twinCells(data []byte, columns []parquetfile.Column, cols []int, most int) (rows [][]string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("library panic: %v", p)
		}
	}()
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)),
		parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.FileReadMode(parquet.ReadModeSync))
	if err != nil {
		return nil, err
	}
	for _, group := range f.RowGroups() {
		reader := group.Rows()
		defer reader.Close()
		buf := make([]parquet.Row, 64)
		for {
			n, err := reader.ReadRows(buf)
			for _, row := range buf[:n] {
				cells := make([]string, len(cols))
				for k, c := range cols {
					cells[k] = "missing"
					row.Range(func(i int, values []parquet.Value) bool {
						if i == c && len(values) == 1 {
							cells[k] = twinCell(values[0], columns[c])
						}
						return true
					})
				}
				rows = append(rows, cells)
			}
			if len(rows) >= most {
				return rows, nil
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

const all = math.MaxInt

// twinCell writes a value by other means than the package does: big integers and time.Time.
func twinCell(v parquet.Value, c parquetfile.Column) string {
	if v.IsNull() {
		return null
	}
	var whole int64
	switch v.Kind() {
	case parquet.Int32:
		if whole = int64(v.Int32()); c.Kind == parquetfile.Uint {
			whole = int64(uint32(v.Int32()))
		}
	case parquet.Int64:
		whole = v.Int64()
	}
	switch c.Kind {
	case parquetfile.Bool:
		return strconv.FormatBool(v.Boolean())
	case parquetfile.Int:
		return strconv.FormatInt(whole, 10)
	case parquetfile.Uint:
		return strconv.FormatUint(uint64(whole), 10)
	case parquetfile.Decimal:
		return twinDecimal(v, whole, c.Scale)
	case parquetfile.Float:
		return twinFloat(v)
	case parquetfile.Day:
		return time.Unix(whole*86400, 0).UTC().Format("2006-01-02")
	case parquetfile.TimeOfDay:
		return strings.SplitN(twinTime(whole, c), "T", 2)[1]
	case parquetfile.Timestamp:
		if v.Kind() == parquet.Int96 {
			x := v.Int96()
			nanos := int64(uint64(x[1])<<32 | uint64(x[0]))
			days := int64(int32(x[2])) - 2440588
			if days > 100_000_000 || days < -100_000_000 { // Spark's own overflow in int96_from_spark
				return "out of range"
			}
			at := time.Unix(days*86400, 0).UTC().Add(time.Duration(nanos)).Truncate(time.Microsecond)
			return twinTime(at.UnixMicro(), c)
		}
		return twinTime(whole, c)
	}
	if b := v.ByteArray(); strings.Contains(c.Type, "UUID") {
		return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	}
	return string(v.ByteArray())
}

func twinDecimal(v parquet.Value, whole int64, scale int) string {
	x := big.NewInt(whole)
	if v.Kind() == parquet.ByteArray || v.Kind() == parquet.FixedLenByteArray {
		b := v.ByteArray()
		x.SetBytes(b)
		if len(b) > 0 && b[0]&0x80 != 0 {
			x.Sub(x, new(big.Int).Exp(big.NewInt(256), big.NewInt(int64(len(b))), nil))
		}
	}
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	return new(big.Rat).SetFrac(x, ten).FloatString(scale)
}

func twinFloat(v parquet.Value) string {
	x, size := 0.0, 32
	switch v.Kind() {
	case parquet.Float:
		x = float64(v.Float())
	case parquet.Double:
		x, size = v.Double(), 64
	default: // binary16: rebias the exponent to binary32's
		b := v.ByteArray()
		h := uint32(b[0]) | uint32(b[1])<<8
		x = float64(math.Float32frombits(h&0x7FFF<<13)) * math.Ldexp(1, 112)
		if h>>10&31 == 31 {
			x = float64(math.Float32frombits(0x7F800000 | h&0x3FF<<13))
		}
		if h&0x8000 != 0 {
			x = -x
		}
	}
	form := byte('f')
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	return strconv.FormatFloat(x, form, -1, size)
}

func twinTime(t int64, c parquetfile.Column) string {
	unit := int64(c.Unit)
	second := new(big.Int).Div(big.NewInt(t), big.NewInt(unit)).Int64() // Euclidean: rounds down
	at := time.Unix(second, 0).UTC().Add(time.Duration((t - second*unit) * (1e9 / unit)))
	layout := map[parquetfile.Unit]string{
		parquetfile.Milli: "2006-01-02T15:04:05.000", parquetfile.Micro: "2006-01-02T15:04:05.000000",
		parquetfile.Nano: "2006-01-02T15:04:05.000000000",
	}[c.Unit]
	text := at.Format(layout)
	if t == second*unit {
		text = at.Format("2006-01-02T15:04:05")
	}
	if c.UTC && c.Kind == parquetfile.Timestamp {
		text += "Z"
	}
	return text
}

// sameAsTwin fails the test unless the vectors, in batches of several sizes, and the records all say what
// the library's row reader says.
func sameAsTwin(t fataler, data []byte, batches ...int) {
	t.Helper()
	f, cols := open(t, data)
	want, err := twinCells(data, f.Columns(), cols, all)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(want)) != f.Rows() {
		t.Fatalf("library read %d rows, footer counts %d", len(want), f.Rows())
	}
	for _, batch := range append(batches, 1<<16) {
		got, err := vectorCells(f, cols, batch)
		if err != nil {
			t.Fatalf("batch %d: %v", batch, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("batch %d: -library +vectors\n%.2000s", batch, diff)
		}
	}
	got, err := recordCells(f, cols)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("-library +records\n%.2000s", diff)
	}
}

// fataler is what testing.T and rapid.T share.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}
