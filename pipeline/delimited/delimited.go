// Package delimited provides the records of delimited text: RFC 4180 and its everyday relatives.
//
// It works in two steps, so that one goroutine can read while others parse:
//
//  1. A Splitter cuts the stream into blocks of whole records, with their byte offset and line.
//  2. A Scanner walks the records of a block and gives fields as byte ranges of it, without copying.
//
// A quote opens a quoted field only at the start of a field, and only where a closing quote
// followed by a delimiter or a line end exists within MaxRecord; elsewhere it is a plain byte. So a
// stray quote costs its own record and never swallows the file. LF and CRLF end records.
//
// A Reader is their general twin for any Syntax: delimiters of several bytes, other quotes, escapes,
// CR alone, record by record in one goroutine. It uses the Scanner wherever a line is plain.
package delimited

import (
	"bytes"
	"errors"
)

// Dialect is how a file separates and quotes. The zero value is comma and double quote.
type Dialect struct {
	Delimiter byte // ',' when zero; any ASCII byte but a quote, CR or LF
	Quote     byte // '"' when zero
}

func (d Dialect) delimiter() byte {
	if d.Delimiter == 0 {
		return ','
	}
	return d.Delimiter
}

func (d Dialect) quote() byte {
	if d.Quote == 0 {
		return '"'
	}
	return d.Quote
}

// Limits of what one record may be, so that no file can exhaust memory.
const (
	MaxRecord = 1 << 20 // bytes
	MaxFields = 4096
)

// ErrNoRecord says that a file holds no record at all.
var ErrNoRecord = errors.New("the file is empty")

// bom is the UTF-8 byte order mark.
var bom = []byte("\xef\xbb\xbf")

// candidates are the delimiters Sniff chooses from, in order of preference.
const candidates = ",;\t|"

// Sniff finds the delimiter of a sample from the start of a file: the candidate that gives every
// record of the sample the same number of fields, and the most of them; failing that, the one
// that gives the header the most fields. The sample may end anywhere.
func Sniff(sample []byte) Dialect {
	best, bestScore := Dialect{Delimiter: ','}, 0
	for _, c := range []byte(candidates) {
		d := Dialect{Delimiter: c}
		if s := score(sample, d); s > bestScore {
			best, bestScore = d, s
		}
	}
	return best
}

// score is the header's number of fields, weighted by the share of records that agree with it.
func score(sample []byte, d Dialect) int {
	sample = bytes.TrimPrefix(sample, bom)
	if cut := bytes.LastIndexByte(sample, '\n'); cut >= 0 {
		sample = sample[:cut+1]
	}
	s := NewScanner(d)
	s.Reset(sample, 0, 1)
	width, records, same := 0, 0, 0
	for s.Next() && records < 1000 {
		if records == 0 {
			width = s.Fields()
		}
		records++
		if s.Fields() == width {
			same++
		}
	}
	if width < 2 {
		return 0
	}
	return width * 1000 * same / records
}
