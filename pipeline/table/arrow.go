package table

import (
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// ArrowOptions say how an Arrow IPC file is written.
type ArrowOptions struct {
	// Batch is the rows per record batch; 0 is 65,536. It shows in the bytes.
	Batch int
	// Memory allocates what the writer needs; nil is the Go heap.
	Memory memory.Allocator
}

// WriteArrow writes the rows (nil: all) as an Arrow IPC file ("Feather 2"), uncompressed. Amounts and
// quantities are decimal128(18, 4) there, coded strings dictionaries; the fields keep their units.
func WriteArrow(w io.Writer, t *Table, rows []int32, opts ArrowOptions) error {
	if err := t.checkRows(rows); err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	batch, mem := opts.Batch, opts.Memory
	if batch <= 0 {
		batch = defaultRowGroup
	}
	if mem == nil {
		mem = memory.NewGoAllocator()
	}
	fields := make([]arrow.Field, len(t.cols))
	for i := range t.cols {
		fields[i] = t.cols[i].field(t.cols[i].fileType())
	}
	schema := arrow.NewSchema(fields, nil)
	fw, err := ipc.NewFileWriter(&counter{w: w}, ipc.WithSchema(schema), ipc.WithAllocator(mem))
	if err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	n := t.count(rows)
	for lo := 0; lo < n || lo == 0; lo += batch { // one empty batch where there are no rows
		hi := min(lo+batch, n)
		arrays := make([]arrow.Array, len(t.cols))
		for i := range t.cols {
			arrays[i] = t.fileArray(i, rows, lo, hi)
		}
		rec := array.NewRecord(schema, arrays, int64(hi-lo))
		for _, a := range arrays {
			a.Release()
		}
		err := fw.Write(rec)
		rec.Release()
		if err != nil {
			return errors.Join(fmt.Errorf("write Arrow: %w", err), fw.Close())
		}
	}
	if err := fw.Close(); err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	return nil
}

// fileType is the type of the column in files, where decimals are decimals.
func (c *Column) fileType() arrow.DataType {
	if c.kind == Amount || c.kind == Quantity {
		return &arrow.Decimal128Type{Precision: 18, Scale: 4}
	}
	return c.memoryType()
}

// fileArray is column i of output rows [lo, hi): a slice of the table's own array where it can be.
func (t *Table) fileArray(i int, rows []int32, lo, hi int) arrow.Array {
	c := &t.cols[i]
	decimal := c.kind == Amount || c.kind == Quantity
	if rows == nil && !decimal {
		return array.NewSlice(t.rec.Column(i), int64(lo), int64(hi))
	}
	part := c.take(stretch(rows, lo, hi, nil))
	if !decimal {
		return part.array()
	}
	wide := make([]decimal128.Num, part.n)
	for j, v := range part.ints {
		wide[j] = decimal128.FromI64(v)
	}
	return makeArray(c.fileType(), part.n, part.nulls, part.valid, arrow.Decimal128Traits.CastToBytes(wide))
}

// counter lets the IPC writer, which only asks for its position, write to any io.Writer.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// Seek tells the position and cannot move it.
func (c *counter) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return c.n, errors.New("seek: this writer only goes forward")
	}
	return c.n, nil
}
