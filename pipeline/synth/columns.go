package synth

import (
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

// columnar writes a Parquet file a column at a time: values gather in small batches, which bypasses
// the library's row assembly, its slowest part.
type columnar struct {
	//lint:ignore SA1019 the generic writer wants Go structs; only this one has column writers for a schema made at run time
	w        *parquet.Writer
	columns  []*parquet.ColumnWriter
	values   [][]parquet.Value // by column, up to batch rows
	text     []byte            // bytes that values point into
	rows     int               // of the batch
	group    int               // rows of the row group so far, batch not counted
	rowGroup int
}

// batch is small enough to stay in cache and large enough to amortize a call a column.
const (
	batch    = 2048
	textSize = 1 << 16
)

// schema is a Parquet root whose fields keep their order; parquet.Group sorts its by name.
type schema struct {
	parquet.Group
	fields []parquet.Field
}

// Fields are the columns in the order of the file.
func (s *schema) Fields() []parquet.Field { return s.fields }

func newSchema(names []string, nodes []parquet.Node) *schema {
	s := &schema{Group: parquet.Group{}}
	for i, name := range names {
		s.Group[name] = nodes[i]
	}
	sorted := s.Group.Fields()
	for _, name := range names {
		for _, f := range sorted {
			if f.Name() == name {
				s.fields = append(s.fields, f)
			}
		}
	}
	return s
}

func newColumnar(w io.Writer, names []string, nodes []parquet.Node, rowGroup int) (*columnar, error) {
	if rowGroup == 0 {
		rowGroup = 500_000
	}
	config, err := parquet.NewWriterConfig(
		parquet.NewSchema("vitalfew", newSchema(names, nodes)),
		parquet.Compression(&parquet.Snappy),
		parquet.CreatedBy("vitalfew", "", ""), // no build time: the same bytes from every build
		parquet.PageBufferSize(1<<20),
		parquet.MaxRowsPerRowGroup(int64(rowGroup)),
	)
	if err != nil {
		return nil, fmt.Errorf("set up the Parquet writer: %w", err)
	}
	c := &columnar{w: parquet.NewWriter(w, config), rowGroup: rowGroup}
	c.columns = c.w.ColumnWriters()
	c.values = make([][]parquet.Value, len(names))
	for i := range c.values {
		c.values[i] = make([]parquet.Value, 0, batch)
	}
	return c, nil
}

// put appends a value to a column of the current row.
func (c *columnar) put(column int, v parquet.Value) {
	c.values[column] = append(c.values[column], v)
}

// keep appends text that values may point into. It is never overwritten: the lines of one order may
// fall into several batches.
func (c *columnar) keep(add func(dst []byte) []byte) []byte {
	n := len(c.text)
	c.text = add(c.text)
	return c.text[n:len(c.text):len(c.text)]
}

// endRow closes the current row, which has one value in every column.
func (c *columnar) endRow() error {
	c.rows++
	if c.rows == batch || c.group+c.rows == c.rowGroup {
		return c.flush()
	}
	return nil
}

func (c *columnar) flush() error {
	for i, v := range c.values {
		if len(v) == 0 {
			continue
		}
		if _, err := c.columns[i].WriteRowValues(v); err != nil {
			return err
		}
		c.values[i] = v[:0]
	}
	c.group += c.rows
	c.rows, c.text = 0, make([]byte, 0, textSize)
	if c.group >= c.rowGroup {
		c.group = 0
		return c.w.Flush()
	}
	return nil
}

func (c *columnar) close() error {
	if err := c.flush(); err != nil {
		return err
	}
	return c.w.Close()
}
