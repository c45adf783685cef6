package delimited

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Fault says what is wrong with a record.
type Fault uint8

// The faults of a record. Its fields are then what was understood up to there.
const (
	Sound      Fault = iota
	Unclosed         // a quoted field has no closing quote
	AfterQuote       // text between a closing quote and the next delimiter
	TooLong          // longer than MaxRecord
	TooMany          // more than MaxFields fields
	StrayQuote       // a quote inside an unquoted field; taken as it stands, so only a remark
)

// String says it in words.
func (f Fault) String() string {
	switch f {
	case Unclosed:
		return "a quoted field is never closed"
	case AfterQuote:
		return "text follows a closing quote"
	case TooLong:
		return "the record is longer than 1 MiB"
	case TooMany:
		return "the record has more than 4,096 fields"
	case StrayQuote:
		return "a quote inside an unquoted field"
	}
	return "sound"
}

// Scanner walks the records of a block. Fields are ranges of the block and are valid until the
// block's memory is used again. Blank lines are skipped.
type Scanner struct {
	delim, quote byte
	limit        int    // MaxRecord, less in tests
	delims       uint64 // the delimiter in every byte, for the word-wise search
	quotes       uint64

	data      []byte
	next      int   // where the next record starts
	base      int64 // offset of data in the file
	line      int64 // physical line of next
	start     int   // this record
	startLine int64
	starts    []int32
	ends      []int32
	escaped   []bool // the field holds doubled quotes
	anyEscape bool
	fault     Fault
	blank     int64 // bytes of blank lines skipped
}

// NewScanner returns a scanner for a dialect.
func NewScanner(d Dialect) *Scanner {
	s := &Scanner{delim: d.delimiter(), quote: d.quote(), limit: MaxRecord}
	s.delims, s.quotes = ones*uint64(s.delim), ones*uint64(s.quote)
	return s
}

// Reset starts on a block that begins with a record, at a byte offset and physical line (from 1).
func (s *Scanner) Reset(data []byte, offset, line int64) {
	s.data, s.next, s.base, s.line, s.blank = data, 0, offset, line, 0
}

// Fields is the number of fields of the record.
func (s *Scanner) Fields() int { return len(s.starts) }

// Field is field i, unquoted. It allocates only for a field with doubled quotes.
func (s *Scanner) Field(i int) []byte {
	f := s.data[s.starts[i]:s.ends[i]]
	if s.anyEscape && s.escaped[i] {
		q := []byte{s.quote}
		return bytes.ReplaceAll(f, []byte{s.quote, s.quote}, q)
	}
	return f
}

// Range is where field i lies in the block, without its quotes; escaped says that it holds doubled
// quotes, so that Field must be asked for its text.
func (s *Scanner) Range(i int) (start, end int32, escaped bool) {
	return s.starts[i], s.ends[i], s.anyEscape && s.escaped[i]
}

// Line is the physical line on which the record starts, from 1.
func (s *Scanner) Line() int64 { return s.startLine }

// Offset is the byte offset of the record in the file.
func (s *Scanner) Offset() int64 { return s.base + int64(s.start) }

// Base is the byte offset in the file of the block under way.
func (s *Scanner) Base() int64 { return s.base }

// Size is the record's length in bytes with its line end.
func (s *Scanner) Size() int64 { return int64(s.next - s.start) }

// Lines is how many physical lines the record takes.
func (s *Scanner) Lines() int64 { return s.line - s.startLine }

// Blank is the number of bytes of blank lines skipped since Reset.
func (s *Scanner) Blank() int64 { return s.blank }

// Fault says what is wrong with the record.
func (s *Scanner) Fault() Fault { return s.fault }

const (
	ones  = 0x0101010101010101
	lows  = 0x7f7f7f7f7f7f7f7f
	feeds = ones * '\n'
)

// zeros has the high bit of exactly the bytes of x that are zero.
func zeros(x uint64) uint64 { return ^(((x & lows) + lows) | x | lows) }

// Next moves to the next record; false at the end of the block.
func (s *Scanner) Next() bool {
	for s.next < len(s.data) {
		if n := s.lineEndAt(s.next); n > 0 { // a blank line
			s.next += n
			s.line++
			s.blank += int64(n)
			continue
		}
		s.start, s.startLine = s.next, s.line
		s.starts, s.ends, s.anyEscape, s.fault = s.starts[:0], s.ends[:0], false, Sound
		if !s.plain() {
			s.quoted()
		}
		return true
	}
	return false
}

func (s *Scanner) lineEndAt(i int) int {
	if s.data[i] == '\n' {
		return 1
	}
	if s.data[i] == '\r' && i+1 < len(s.data) && s.data[i+1] == '\n' {
		return 2
	}
	return 0
}

// plain scans a record without quotes, eight bytes at a time. It returns false at the first quote.
func (s *Scanner) plain() bool {
	data, field, i := s.data, s.start, s.start
	starts, ends := s.starts[:0], s.ends[:0] // kept in registers; finish needs them in s
	for ; i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		if zeros(w^s.quotes) != 0 {
			// Only a quote before the line's end concerns this record.
			if n := bytes.IndexByte(data[i:i+8], '\n'); n < 0 || bytes.IndexByte(data[i:i+n], s.quote) >= 0 {
				return false
			}
		}
		for hit := zeros(w^s.delims) | zeros(w^feeds); hit != 0; hit &= hit - 1 {
			at := i + bits.TrailingZeros64(hit)>>3
			starts, ends = append(starts, int32(field)), append(ends, int32(at))
			if data[at] == '\n' {
				s.starts, s.ends = starts, ends
				s.finish(at)
				return true
			}
			field = at + 1
		}
	}
	for ; i < len(data); i++ {
		switch data[i] {
		case s.quote:
			return false
		case s.delim, '\n':
			starts, ends = append(starts, int32(field)), append(ends, int32(i))
			if data[i] == '\n' {
				s.starts, s.ends = starts, ends
				s.finish(i)
				return true
			}
			field = i + 1
		}
	}
	s.starts, s.ends = append(starts, int32(field)), append(ends, int32(len(data)))
	s.finish(len(data))
	return true
}

// finish ends a record at its line feed, or at the end of the data.
func (s *Scanner) finish(at int) {
	s.next = min(at+1, len(s.data))
	s.line++
	if last := len(s.ends) - 1; at > s.start && s.data[at-1] == '\r' && int(s.ends[last]) == at && int(s.starts[last]) < at {
		s.ends[last]--
	}
	if s.fault == Sound {
		switch {
		case at-s.start > s.limit:
			s.fault = TooLong
		case len(s.starts) > MaxFields:
			s.fault = TooMany
		}
	}
}

// quoted scans a record with quotes, field by field.
func (s *Scanner) quoted() {
	s.starts, s.ends, s.escaped = s.starts[:0], s.ends[:0], s.escaped[:0]
	i := s.start
	for {
		end, escaped := i, false
		if i < len(s.data) && s.data[i] == s.quote {
			if n, esc := s.closing(i + 1); n >= 0 {
				s.add(i+1, n, esc)
				s.line += int64(bytes.Count(s.data[i+1:n], []byte{'\n'}))
				end = n + 1
				if end < len(s.data) && s.data[end] == '\r' && end+1 < len(s.data) && s.data[end+1] == '\n' {
					end++
				}
				if s.endField(end) {
					return
				}
				i = end + 1
				continue
			}
			s.fault = s.unclosed(i + 1)
		}
		for end < len(s.data) && s.data[end] != s.delim && s.data[end] != '\n' {
			if s.data[end] == s.quote && end > i && s.fault == Sound {
				s.fault = StrayQuote
			}
			end++
		}
		s.add(i, end, escaped)
		if s.endField(end) {
			return
		}
		i = end + 1
	}
}

func (s *Scanner) add(start, end int, escaped bool) {
	s.starts, s.ends = append(s.starts, int32(start)), append(s.ends, int32(end))
	s.escaped = append(s.escaped, escaped)
	s.anyEscape = s.anyEscape || escaped
}

// endField ends the record where the field that stops at i is its last.
func (s *Scanner) endField(i int) bool {
	if i < len(s.data) && s.data[i] == s.delim {
		return false
	}
	s.finish(i)
	return true
}

// closing finds the quote that closes a field whose text starts at i: the first undoubled quote
// followed by a delimiter, a line end or the end of the data. It is -1 where there is none within
// MaxRecord.
func (s *Scanner) closing(i int) (at int, escaped bool) {
	data, delim, quote := s.data, s.delim, s.quote
	limit := min(len(data), i+s.limit)
	for i < limit {
		n := bytes.IndexByte(data[i:limit], quote)
		if n < 0 {
			return -1, false
		}
		i += n
		if i+1 == len(data) {
			return i, escaped
		}
		switch c := data[i+1]; {
		case c == quote:
			escaped = true
			i += 2
		case c == delim || c == '\n' || (c == '\r' && (i+2 == len(data) || data[i+2] == '\n')):
			return i, escaped
		default:
			return -1, false
		}
	}
	return -1, false
}

// unclosed tells a field that is never closed from one whose closing quote is followed by text. It
// looks at the quote's own line only, so that the answer does not depend on where blocks are cut.
func (s *Scanner) unclosed(i int) Fault {
	line := s.data[i:]
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	if bytes.IndexByte(line, s.quote) >= 0 {
		return AfterQuote
	}
	return Unclosed
}
