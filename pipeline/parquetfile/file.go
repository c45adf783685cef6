package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// File is an opened Parquet file. It is immutable and may be used from several goroutines at once if
// its io.ReaderAt may (as os.File and bytes.Reader may).
type File struct {
	r       io.ReaderAt
	size    int64
	body    int64 // offset of the footer: no page reaches beyond it
	lim     Limits
	meta    fileMeta
	columns []Column
	footer  []byte

	// Buffers of closed groups, taken over by the next: chunk and inflater.
	chunks, inflaters sync.Pool
}

// ErrEncrypted is wrapped by the error of Open for a file that is encrypted in part or whole.
var ErrEncrypted = errors.New("the file is encrypted; export it without encryption")

const magicLen = 4

// Open checks the footer of the file of size bytes and returns the file. The zero Limits are the
// defaults. Every error begins with "parquet: " and says what is wrong with the file.
func Open(r io.ReaderAt, size int64, lim Limits) (f *File, err error) {
	defer recoverTo(&err, "footer")
	f = &File{r: r, size: size, lim: lim.withDefaults()}
	footer, err := readFooter(r, size, f.lim)
	if err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	f.body = size - 2*magicLen - int64(len(footer))
	if err := f.decodeFooter(footer); err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	if f.columns, err = leaves(f.meta.Schema, f.lim.Columns); err != nil {
		return nil, fmt.Errorf("parquet: schema: %w", err)
	}
	if err := f.checkRows(size); err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	for i := range f.meta.RowGroups {
		if err := f.checkGroup(i); err != nil {
			return nil, fmt.Errorf("parquet: row group %d: %w", i, err)
		}
	}
	if err := f.checkElements(); err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	return f, nil
}

// recoverTo turns a panic of a decoder into the error of the file it happened in.
func recoverTo(err *error, what string) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("parquet: %s: decoder panic: %v", what, p)
	}
}

func readFooter(r io.ReaderAt, size int64, lim Limits) ([]byte, error) {
	if size < 3*magicLen {
		return nil, fmt.Errorf("%d bytes are too few for a Parquet file", size)
	}
	var head [magicLen]byte
	if err := readAt(r, head[:], 0); err != nil {
		return nil, err
	}
	var tail [2 * magicLen]byte
	if err := readAt(r, tail[:], size-2*magicLen); err != nil {
		return nil, err
	}
	if string(head[:]) == "PARE" || string(tail[magicLen:]) == "PARE" {
		return nil, ErrEncrypted
	}
	if string(head[:]) != "PAR1" {
		return nil, fmt.Errorf("begins with %q, not PAR1: not a Parquet file", head[:])
	}
	if string(tail[magicLen:]) != "PAR1" {
		return nil, fmt.Errorf("ends with %q, not PAR1: the file is cut off or was never finished", tail[magicLen:])
	}
	n := int64(binary.LittleEndian.Uint32(tail[:]))
	if n > size-3*magicLen {
		return nil, fmt.Errorf("footer of %d bytes in a file of %d: the file is cut off or corrupt", n, size)
	}
	if n > lim.Footer {
		return nil, fmt.Errorf("footer of %d bytes exceeds the limit of %d", n, lim.Footer)
	}
	footer := make([]byte, n)
	return footer, readAt(r, footer, size-2*magicLen-n)
}

// readAt fills b from offset off.
func readAt(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read %d bytes at %d: %w", len(b), off, err)
}

func (f *File) decodeFooter(footer []byte) error {
	n, err := structLen(footer, f.lim.FooterMemory)
	if err != nil {
		return fmt.Errorf("footer: %w", err)
	}
	if err := decodeStruct(footer[:n], &f.meta); err != nil {
		return fmt.Errorf("footer: %w", err)
	}
	f.footer = footer
	if f.meta.EncryptionAlgorithm.Value != nil {
		return ErrEncrypted
	}
	if n != len(footer) {
		return fmt.Errorf("footer: %d bytes follow its end", len(footer)-n)
	}
	return nil
}

// checkRows holds the footer's row count against its row groups and against the size of the file.
func (f *File) checkRows(size int64) error {
	rows := f.meta.NumRows
	if rows < 0 {
		return fmt.Errorf("footer counts %d rows", rows)
	}
	if over := rows - rowsFloor; over > 0 && over/f.lim.RowsPerByte > size {
		return fmt.Errorf("footer counts %d rows in %d bytes: more than the limit of %d rows a byte",
			rows, size, f.lim.RowsPerByte)
	}
	var sum int64
	for i := range f.meta.RowGroups {
		n := f.meta.RowGroups[i].NumRows
		if n < 0 || n > rows-sum {
			return fmt.Errorf("row group %d counts %d rows, footer %d for all", i, n, rows)
		}
		sum += n
	}
	if sum != rows {
		return fmt.Errorf("row groups count %d rows, footer %d", sum, rows)
	}
	return nil
}

func (f *File) checkGroup(i int) error {
	group := &f.meta.RowGroups[i]
	if len(group.Columns) != len(f.columns) {
		return fmt.Errorf("%d column chunks for %d columns", len(group.Columns), len(f.columns))
	}
	for k := range group.Columns {
		col := &f.columns[k]
		if err := f.checkChunk(&group.Columns[k], col, group.NumRows); err != nil {
			return fmt.Errorf("column %q: %w", col.Name, err)
		}
	}
	return nil
}

// checkChunk checks one chunk's place, size and counts. A codec that is not read refuses the column.
func (f *File) checkChunk(c *chunkMeta, col *Column, rows int64) error {
	m := &c.MetaData
	if c.CryptoMetadata.Value != nil || len(c.EncryptedColumnMetadata) > 0 {
		return ErrEncrypted
	}
	if c.FilePath != "" {
		return fmt.Errorf("its data is in another file, %q", c.FilePath)
	}
	if m.Type != col.physical {
		return fmt.Errorf("chunk of type %s for a column of type %s", m.Type, col.physical)
	}
	if m.NumValues < 0 || !col.Repeated && m.NumValues != rows || col.Repeated && m.NumValues < rows {
		return fmt.Errorf("chunk counts %d values for %d rows", m.NumValues, rows)
	}
	if !readable(m.Codec) && col.Refusal == "" {
		col.Refusal = fmt.Sprintf("compressed with codec %s (%d); write it with SNAPPY, GZIP or ZSTD", m.Codec, int32(m.Codec))
	}
	if m.NumValues == 0 {
		return nil // nothing is read, and writers put any offset here
	}
	start := chunkStart(m)
	if start < magicLen || m.DataPageOffset < magicLen || m.DataPageOffset > f.body || m.DictionaryPageOffset < 0 ||
		m.TotalCompressedSize <= 0 || m.TotalCompressedSize > f.body-start {
		return fmt.Errorf("chunk of %d bytes at %d lies outside the data of the file, [%d, %d)",
			m.TotalCompressedSize, start, magicLen, f.body)
	}
	if m.TotalUncompressedSize < 0 || m.TotalUncompressedSize > f.lim.Chunk {
		return fmt.Errorf("chunk of %d uncompressed bytes exceeds the limit of %d", m.TotalUncompressedSize, f.lim.Chunk)
	}
	if f.lim.tooDense(m.TotalUncompressedSize, m.TotalCompressedSize, chunkRatioFloor) {
		return fmt.Errorf("chunk expands from %d to %d bytes: more than the limit of %d:1",
			m.TotalCompressedSize, m.TotalUncompressedSize, f.lim.Ratio)
	}
	return nil
}

// chunkStart returns the offset of the first page. Some writers leave the dictionary's offset at zero
// and put the dictionary where the data offset points.
func chunkStart(m *columnMeta) int64 {
	if m.DictionaryPageOffset > 0 && m.DictionaryPageOffset < m.DataPageOffset {
		return m.DictionaryPageOffset
	}
	return m.DataPageOffset
}

// Columns returns the leaf columns in file order. The caller must not change them.
func (f *File) Columns() []Column { return f.columns }

// Rows returns the number of rows in the file.
func (f *File) Rows() int64 { return f.meta.NumRows }

// RowGroups returns the number of row groups.
func (f *File) RowGroups() int { return len(f.meta.RowGroups) }

// GroupRows returns the number of rows of row group i, 0 <= i < RowGroups().
func (f *File) GroupRows(i int) int64 { return f.meta.RowGroups[i].NumRows }

// Footer returns the footer, a FileMetaData of parquet.thrift in the compact protocol, for whoever needs
// parts that this package has no use for. Its structure is checked: lists are not longer than they are.
// The caller must not change it.
func (f *File) Footer() []byte { return f.footer }

// CreatedBy returns the name and version of the program that wrote the file, as it states them.
func (f *File) CreatedBy() string { return f.meta.CreatedBy }
