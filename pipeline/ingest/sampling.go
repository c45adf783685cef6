package ingest

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/calendar"
	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/numeral"
)

// Sampling bounds a Read to the start of each file, for who wants to see what a whole one would do. Every
// decision is made by the same code on the same evidence: text is decoded to its end, for a start in ASCII
// does not show its charset.
type Sampling struct {
	Bytes int64 // of text; a file ends with the block that passes it, of Parquet with its row group
	Cells int   // cells of each column kept in Column.Cells
}

// parquetSample is how many rows of a Parquet file a sample has at least.
const parquetSample = 20_000

// Column is what was decided about a mapped column of a file.
type Column struct {
	Column  layout.Column
	Cells   []string // the first of them, with a Sampling
	Decided bool     // it writes numbers or days in text, and How is set
	Number  numeral.Format
	Days    calendar.Format
	Format  string // in words
	How     string // the evidence
	Values  int64  // numbers or days looked at; 0: nothing to decide on
}

func (e *evidence) note(c Column) {
	e.decided = append(e.decided, c)
}

func (e *evidence) noteNumber(c layout.Column, d numeral.Decision, how string) {
	e.note(Column{Column: c, Decided: true, Number: d.Format, Format: d.Format.String(), Values: d.Cells,
		How: howDecided(d.Cells, d.Witness, how, d.Strays, d.Stray, d.Bad, d.BadCell)})
}

func (e *evidence) noteDays(c layout.Column, d calendar.Decision, how string) {
	e.note(Column{Column: c, Decided: true, Days: d.Format, Format: d.Format.String(), Values: d.Cells,
		How: howDecided(d.Cells, d.Witness, how, d.Strays, d.Stray, d.Bad, d.BadCell)})
}

// howDecided says on what evidence and how surely: set, by a witness, or because no cell reads another way.
func howDecided(cells int64, witness, set string, strays int64, stray string, bad int64, badCell string) string {
	how := fmt.Sprintf("certain: all %d cells read one way", cells)
	switch {
	case set != "":
		how = set
	case cells == 0:
		how = "open: no value in the sample"
	case witness != "":
		how = fmt.Sprintf("certain: %q fits no other way, one of %d cells", witness, cells)
	}
	if strays > 0 {
		how += fmt.Sprintf("; %d do not fit, such as %q", strays, stray)
	}
	if bad > 0 {
		how += fmt.Sprintf("; %d are none, such as %q", bad, badCell)
	}
	return how
}

// columnsOf joins what was decided with the samples, in the order of the mapping.
func (f *formats) columnsOf(r layout.Resolved) (out []Column) {
	for _, m := range r.Matches {
		c := Column{Column: m.Column}
		for _, d := range f.decided {
			if d.Column == m.Column {
				c = d
			}
		}
		c.Cells = f.samples[m.Column]
		out = append(out, c)
	}
	return out
}

// sample keeps the first cells of each column, those that no figure needs among them.
func (e *evidence) sample(t *textFile, s *delimited.Scanner) {
	if e.samples == nil {
		e.samples = map[layout.Column][]string{}
	}
	for _, m := range t.resolved.Matches {
		if have := e.samples[m.Column]; len(have) < e.cells {
			e.samples[m.Column] = append(have, strings.ToValidUTF8(string(s.Field(m.Index)), "\uFFFD"))
		}
	}
}

// enough says that the sample of a file ends at this many bytes.
func (r *reader) enough(index int, bytes int64) bool {
	s := r.options.Sampling
	if s == nil || bytes < s.Bytes {
		return false
	}
	r.files[index].Partial = true
	return true
}

// settleCharset reads the rest of a text file that was sampled.
func (r *reader) settleCharset(in io.Reader, path string) error {
	if r.options.Sampling == nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, in); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
