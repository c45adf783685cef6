package delimited

import (
	"bytes"
	"errors"
	"io"
)

// Record is one record of a Reader, valid until its next call of Next.
type Record struct {
	Line   int64 // physical line on which it starts, from 1; CR, LF and CRLF each end one
	Offset int64 // byte offset in the stream
	Size   int64 // bytes with the line end
	Fields [][]byte
	Quoted []bool // the field stood in quotes
	Fault  Fault
	Blank  bool   // a line without a byte but its end
	Raw    []byte // the record without its line end; its start where the record is TooLong
}

// Reader reads records of any Syntax, one after the other. It is the general twin of Splitter and
// Scanner, which it uses where a line is plain. It differs from them in three ways:
//
//   - CR alone ends a record too.
//   - Inside quotes a quote followed by plain text is text ('Men's boots'), unless it opens the next
//     field, for then the first quote was the stray one.
//   - Where Width is set and the first reading of the quotes does not give that many fields, other
//     readings are tried: no field goes past its line, inner quotes are text. One that fits is taken.
//
// What a quote means is decided within MaxRecord of the record's start, so a stray quote costs its
// own record and where the buffer ends does not show.
type Reader struct {
	Width int // expected number of fields; 0 when unknown. It may be set between calls

	r      io.Reader
	syntax Syntax
	delim  []byte
	quote  byte
	esc    int // the escape byte, or -1
	limit  int
	fast   *Scanner // nil where the syntax takes more than it knows

	buf        []byte
	pos, end   int
	eof        bool
	offset     int64
	line       int64
	rec        Record
	spare, cur reading
}

// NewReader reads r. The byte order mark of UTF-8 is skipped.
func NewReader(r io.Reader, s Syntax) *Reader {
	out := newReader(r, s, MaxRecord)
	out.buf = make([]byte, firstBuffer)
	return out
}

func newReader(r io.Reader, s Syntax, limit int) *Reader {
	out := &Reader{r: r, syntax: s, delim: []byte(s.delimiter()), quote: s.quote(), esc: -1, limit: limit, line: 1}
	if s.escapes() {
		out.esc = int(s.Escape)
	}
	if d, ok := s.Dialect(); ok {
		out.fast = NewScanner(d)
		out.fast.limit = limit
	}
	return out
}

// firstBuffer is the buffer's first size: most files are small.
const firstBuffer = 256 << 10

// NewMemoryReader reads text that is in memory already, without copying it. Records point into it.
func NewMemoryReader(text []byte, s Syntax) *Reader {
	r := newReader(nil, s, MaxRecord)
	r.buf, r.end, r.eof = text, len(text), true
	if bytes.HasPrefix(text, bom) {
		r.pos, r.offset = len(bom), int64(len(bom))
	}
	return r
}

// fill makes the buffer hold a whole longest record, or all that is left.
func (r *Reader) fill() error {
	if r.eof || r.end-r.pos > r.limit+16 {
		return nil
	}
	err := r.refill()
	for err == nil && !r.eof && r.end-r.pos <= r.limit+16 { // only while the buffer is small
		r.buf = append(make([]byte, 0, 2*r.limit+64<<10), r.buf[:r.end]...)
		r.buf = r.buf[:cap(r.buf)]
		err = r.refill()
	}
	if r.offset == 0 && bytes.HasPrefix(r.buf[:r.end], bom) {
		r.pos, r.offset = len(bom), int64(len(bom))
	}
	return err
}

// Next returns the next record, blank lines too, and io.EOF after the last.
func (r *Reader) Next() (*Record, error) {
	if err := r.fill(); err != nil {
		return nil, err
	}
	if r.pos == r.end {
		return nil, io.EOF
	}
	data := r.buf[r.pos:r.end]
	r.rec = Record{Line: r.line, Offset: r.offset, Fields: r.rec.Fields[:0], Quoted: r.rec.Quoted[:0]}
	if n := lineEnd(data, 0); n > 0 {
		r.rec.Blank = true
		r.take(data, 0, n)
		return &r.rec, nil
	}
	if r.plain(data) {
		return &r.rec, nil
	}
	return r.general(data)
}

// take moves past a record whose text is n bytes and whose line end is m.
func (r *Reader) take(data []byte, n, m int) {
	r.rec.Raw, r.rec.Size = data[:n:n], int64(n+m)
	r.line += lines(data[:n+m])
	r.pos += n + m
	r.offset += int64(n + m)
}

// plain reads a line that the fast scanner understands as we do: no quote, no CR but at its end.
func (r *Reader) plain(data []byte) bool {
	if r.fast == nil {
		return false
	}
	n := bytes.IndexByte(data, '\n')
	if n < 0 || n > r.limit {
		return false
	}
	line, text := data[:n+1], data[:n]
	m := 1
	if text[n-1] == '\r' { // never empty: a blank line was taken before
		text, m = text[:n-1], 2
	}
	if bytes.IndexByte(text, r.quote) >= 0 || bytes.IndexByte(text, '\r') >= 0 {
		return false
	}
	r.fast.Reset(line, 0, 1)
	r.fast.Next()
	for i := range min(r.fast.Fields(), MaxFields) {
		start, end, _ := r.fast.Range(i)
		r.rec.Fields, r.rec.Quoted = append(r.rec.Fields, line[start:end:end]), append(r.rec.Quoted, false)
	}
	r.rec.Fault = r.fast.Fault()
	r.take(data, len(text), m)
	return true
}

// general reads a record of any kind.
func (r *Reader) general(data []byte) (*Record, error) {
	data = data[:min(len(data), r.limit+8)]
	r.cur.read(r, data, manner{})
	if r.Width > 0 && !r.cur.fits(r.Width) && r.cur.quotes {
		for _, m := range []manner{{oneLine: true}, {oneLine: true, inner: true}, {inner: true}} {
			if r.spare.read(r, data, m); r.spare.fits(r.Width) {
				r.cur, r.spare = r.spare, r.cur
				break
			}
		}
	}
	if r.cur.n > r.limit {
		return r.tooLong()
	}
	r.rec.Fields, r.rec.Quoted = append(r.rec.Fields, r.cur.fields...), append(r.rec.Quoted, r.cur.quoted...)
	r.rec.Fault = r.cur.fault
	if r.cur.count > MaxFields {
		r.rec.Fault = TooMany
	}
	r.take(data, r.cur.n, lineEnd(data, r.cur.n))
	return &r.rec, nil
}

// tooLong skips the rest of a line that is longer than any record.
func (r *Reader) tooLong() (*Record, error) {
	head := append([]byte(nil), r.buf[r.pos:min(r.end, r.pos+256)]...)
	size := int64(0)
	for {
		data := r.buf[r.pos:r.end]
		n := bytes.IndexAny(data, "\r\n")
		if n >= 0 && (n+2 <= len(data) || r.eof) {
			m := lineEnd(data, n)
			r.pos += n + m
			size += int64(n + m)
			break
		}
		if r.eof {
			r.pos, size = r.end, size+int64(len(data))
			break
		}
		keep := 0
		if n >= 0 {
			keep = 1 // a CR at the very end of the buffer: is there an LF behind it?
		}
		r.pos, size = r.end-keep, size+int64(len(data)-keep)
		if err := r.refill(); err != nil {
			return nil, err
		}
	}
	r.rec.Raw, r.rec.Size, r.rec.Fault = head, size, TooLong
	r.line++
	r.offset += size
	return &r.rec, nil
}

func (r *Reader) refill() error {
	r.end = copy(r.buf, r.buf[r.pos:r.end])
	r.pos = 0
	n, err := io.ReadFull(r.r, r.buf[r.end:])
	r.end += n
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.eof, err = true, nil
	}
	return err
}

// lineEnd is the length of the line end at i, 0 where there is none.
func lineEnd(data []byte, i int) int {
	switch {
	case i >= len(data):
		return 0
	case data[i] == '\n':
		return 1
	case data[i] != '\r':
		return 0
	case i+1 < len(data) && data[i+1] == '\n':
		return 2
	}
	return 1
}

// lines counts line ends: LF, CR and CRLF.
func lines(data []byte) int64 {
	n := int64(bytes.Count(data, []byte{'\n'}))
	for i := 0; ; i++ {
		k := bytes.IndexByte(data[i:], '\r')
		if k < 0 {
			return n
		}
		if i += k; i+1 == len(data) || data[i+1] != '\n' {
			n++
		}
	}
}
