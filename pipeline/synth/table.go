package synth

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// kind is the type of a column of the small files.
type kind uint8

const (
	text   kind = iota // string; STRING
	whole              // int64; INT64
	real               // float64; DOUBLE
	date               // civil.Day; DATE
	flag               // bool; BOOLEAN
	amount             // money.Amount; DECIMAL(18,4)
)

// field is a column of the small files. Every column may be empty: a nil cell.
type field struct {
	name string
	kind kind
}

// table takes the rows of a small file: a cell of the field's type, or nil, for each field.
type table interface {
	row(cells ...any) error
	close() error
}

func newTable(w io.Writer, f Format, fields []field) (table, error) {
	names := make([]string, len(fields))
	nodes := make([]parquet.Node, len(fields))
	for i, col := range fields {
		names[i], nodes[i] = col.name, parquet.Optional(col.kind.node())
	}
	switch f {
	case CSV:
		t := &csvTable{w: csv.NewWriter(w), record: make([]string, len(fields))}
		return t, t.w.Write(names)
	case Parquet:
		cols, err := newColumnar(w, names, nodes, 0)
		return &parquetTable{cols}, err
	}
	return nil, fmt.Errorf("Format is %v: use CSV or Parquet", f)
}

func (k kind) node() parquet.Node {
	switch k {
	case whole:
		return parquet.Int(64)
	case real:
		return parquet.Leaf(parquet.DoubleType)
	case date:
		return parquet.Date()
	case flag:
		return parquet.Leaf(parquet.BooleanType)
	case amount:
		return parquet.Decimal(4, 18, parquet.Int64Type)
	}
	return parquet.String()
}

type csvTable struct {
	w      *csv.Writer
	record []string
}

func (t *csvTable) row(cells ...any) error {
	for i, cell := range cells {
		switch v := cell.(type) {
		case nil:
			t.record[i] = ""
		case string:
			t.record[i] = v
		case int64:
			t.record[i] = strconv.FormatInt(v, 10)
		case float64:
			t.record[i] = strconv.FormatFloat(v, 'f', -1, 64)
		case civil.Day:
			t.record[i] = v.String()
		case bool:
			t.record[i] = strconv.FormatBool(v)
		case money.Amount:
			t.record[i] = v.String()
		default:
			panic("synth: a cell of no kind")
		}
	}
	return t.w.Write(t.record)
}

func (t *csvTable) close() error {
	t.w.Flush()
	return t.w.Error()
}

type parquetTable struct{ *columnar }

func (t *parquetTable) row(cells ...any) error {
	for i, cell := range cells {
		level := 1
		var v parquet.Value
		switch x := cell.(type) {
		case nil:
			level = 0
		case string:
			v = parquet.ByteArrayValue([]byte(x))
		case int64:
			v = parquet.Int64Value(x)
		case float64:
			v = parquet.DoubleValue(x)
		case civil.Day:
			v = parquet.Int32Value(int32(x))
		case bool:
			v = parquet.BooleanValue(x)
		case money.Amount:
			v = parquet.Int64Value(int64(x))
		default:
			panic("synth: a cell of no kind")
		}
		t.put(i, v.Level(0, level, i))
	}
	return t.endRow()
}
