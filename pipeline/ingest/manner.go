package ingest

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/sniff"
)

// manner is how a text file is written, as its start shows.
type manner struct {
	plain    bool              // the fast scanner reads it
	dialect  delimited.Dialect // where plain
	syntax   delimited.Syntax
	evidence []string
	settable bool   // setting the delimiter gives the same records
	name     string // for people, where the syntax does not say it
	// continued says that an order's header stands on its first line only.
	continued bool
	from1904  bool // serial numbers of days count from 1904, as the workbook says
}

// mannerOf decides on the head of a text. A head whose records all have one width, as nearly all exports
// do, needs no more; others are sniffed. wanted knows a header that will do.
func mannerOf(head []byte, whole bool, delimiter byte, wanted func([]string) bool) (manner, error) {
	first, _, _ := bytes.Cut(head, []byte{'\n'})
	if n := bytes.Count(head, []byte{0}); n*10 > len(head) || bytes.IndexByte(first, 0) >= 0 {
		return manner{}, errors.New("NUL bytes: a binary file and neither text, XLSX nor Parquet; check what the file is")
	}
	d := delimited.Sniff(head)
	if delimiter != 0 {
		d.Delimiter = delimiter
	}
	records, width := uniform(head, d)
	if delimiter == 0 && bytes.Contains(first, []byte{d.Delimiter, d.Delimiter}) {
		width = 0 // columns without a name, or a delimiter of two bytes
	}
	if width > 1 || delimiter != 0 && !bareReturns(head) {
		m := manner{plain: true, settable: true, dialect: d, syntax: delimited.Syntax{Delimiter: string(d.Delimiter)}}
		if width > 1 {
			m.evidence = []string{fmt.Sprintf("delimiter %q: all %d records of the sample have %d fields", d.Delimiter, records, width)}
		} else {
			m.evidence = []string{fmt.Sprintf("delimiter %q: as given", d.Delimiter)}
		}
		return m, nil
	}
	o := sniff.Free()
	o.Wanted = wanted
	if delimiter != 0 {
		o.Syntax = &delimited.Syntax{Delimiter: string(delimiter)}
	}
	decision := sniff.Sniff(head, whole, nil, o)
	m := manner{syntax: decision.Syntax, evidence: decision.Evidence[:min(2, len(decision.Evidence))]}
	m.dialect, m.plain = decision.Syntax.Dialect()
	m.plain = m.plain && !bareReturns(head)
	m.settable = m.plain && m.dialect.Quote == '"' // which a set delimiter comes with
	return m, nil
}

// uniform is how many records of a sample there are and their fields, 0 where they differ or are faulty.
func uniform(head []byte, d delimited.Dialect) (records, width int) {
	if bareReturns(head) {
		return 0, 0
	}
	if n := bytes.LastIndexByte(head, '\n'); n >= 0 {
		head = head[:n+1]
	}
	s := delimited.NewScanner(d)
	s.Reset(head, 0, 1)
	for s.Next() {
		if s.Fault() != delimited.Sound || records > 0 && s.Fields() != width {
			return 0, 0
		}
		width = s.Fields()
		records++
	}
	return records, width
}

// bareReturns says that carriage returns alone end lines.
func bareReturns(head []byte) bool {
	cr := bytes.IndexByte(head, '\r')
	return cr >= 0 && cr+1 < len(head) && head[cr+1] != '\n' && bytes.IndexByte(head, '\n') < 0
}
