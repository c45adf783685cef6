package account

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// sheet is Records of a table in memory: the header, then rows from line 2 on.
type sheet struct {
	file   string
	header []string
	rows   [][]string
	null   [][]bool
	end    error // instead of io.EOF
	at     int
	fields []string
}

var _ Records = (*sheet)(nil)

// parseSheet parses "a,b|1,2|3,4".
func parseSheet(s string) *sheet {
	lines := strings.Split(s, "|")
	sh := &sheet{file: "crm.csv", header: strings.Split(lines[0], ",")}
	for _, l := range lines[1:] {
		sh.rows = append(sh.rows, strings.Split(l, ","))
	}
	return sh
}

func (s *sheet) Header() []string { return s.header }

func (s *sheet) Next() (Record, error) {
	// What the last call returned is overwritten: a reader that keeps the slice shows it here.
	for i := range s.fields {
		s.fields[i] = "overwritten"
	}
	if s.at == len(s.rows) {
		if s.end != nil {
			return Record{}, s.end
		}
		return Record{}, io.EOF
	}
	s.at++
	s.fields = append([]string(nil), s.rows[s.at-1]...)
	r := Record{File: s.file, Line: int64(s.at + 1), Offset: int64(10 * s.at), Fields: s.fields}
	if s.null != nil {
		r.Null = s.null[s.at-1]
	}
	return r, nil
}

func resolve(t interface {
	Helper()
	Fatal(...any)
}, k layout.Kind, header []string, preset string) (layout.Resolved, layout.Settings) {
	t.Helper()
	m := layout.Mapping{}
	if preset != "" {
		p, err := layout.LoadPreset(preset)
		if err != nil {
			t.Fatal(err)
		}
		m.Preset, m.Settings = p, p.Settings
	}
	r, err := layout.Resolve(k, header, m)
	if err != nil {
		t.Fatal(err)
	}
	return r, m.Settings
}

func readAccounts(t *testing.T, s string) (*Accounts, []Reject) {
	t.Helper()
	sh := parseSheet(s)
	r, set := resolve(t, layout.CRM, sh.header, "")
	a, rejects, err := ReadAccounts(sh, r, set)
	if err != nil {
		t.Fatal(err)
	}
	return a, rejects
}

// openCSV reads a real CSV file whole; rows is the number of rows to keep, 0 for all.
func openCSV(t *testing.T, rows int, path ...string) *sheet {
	t.Helper()
	root := os.Getenv("VITALFEW_DATA")
	if root == "" {
		t.Skip("VITALFEW_DATA is not set: no real files to read")
	}
	f, err := os.Open(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	sh := &sheet{file: path[len(path)-1]}
	for rows == 0 || len(sh.rows) < rows {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if sh.header == nil {
			sh.header = rec
			continue
		}
		sh.rows = append(sh.rows, rec)
	}
	return sh
}
