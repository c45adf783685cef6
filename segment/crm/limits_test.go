package crm_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/segment/crm"
	"github.com/vitalfew/vitalfew/segment/crm/crmtest"
)

// A row is refused exactly where it and the header do not fit a file, quotes and marks counted.
func TestRowAgainstFileSize(t *testing.T) {
	s := crm.Settings{Name: "plain", Key: []string{"id"}, Fields: []crm.Field{{Name: "id", Column: "customer_id"}, {Name: "name", Column: "name"}, {Name: "score", Column: "key_score"}}}
	header := len("id,name,score\n")
	for _, name := range []string{"", "x", `a "quoted", name`, "客户"} {
		row := len(`1,"",` + "\n")
		switch {
		case strings.Contains(name, `"`):
			row += len(name) + strings.Count(name, `"`)
		default:
			row += len(name) - 2
		}
		for _, room := range []int{row - 1, row, row + 1} {
			s.MaxBytes = int64(header + room)
			b, err := crm.Prepare(s, crm.Input{Table: customers(t, person{id: "1", name: name})})
			if (err == nil) != (room >= row) {
				t.Errorf("%q, a row of %d bytes, room for %d: got %v", name, row, room, err)
				continue
			}
			if err != nil {
				if want := fmt.Sprintf("the row takes %d bytes, and beside the header a file of %d bytes has room for %d", row, header+room, room); !strings.Contains(err.Error(), want) || !errors.Is(err, crm.ErrCheck) {
					t.Errorf("got %v, want %q", err, want)
				}
				continue
			}
			d := &folder{files: map[string]*memoryFile{}}
			if err := b.Write(d.create); err != nil {
				t.Fatal(err)
			}
			d.rowsOf(t, "full", rules{Delimiter: ',', LineEnd: "\n", Bytes: header + room, Rows: 1, Columns: 3})
		}
	}
	s.MaxBytes = 3 // less than the header
	if _, err := crm.Prepare(s, crm.Input{Table: customers(t, person{id: "1"})}); err == nil || !strings.Contains(err.Error(), "room for 0") {
		t.Errorf("no room for the header: got %v", err)
	}
}

// The mark that clears and the row of an account that left count too.
func TestClearingRowsAgainstFileSize(t *testing.T) {
	s := account()
	s.Left = crm.LeftClear
	long := person{id: strings.Repeat("L", 50), name: "n", tier: "core", score: number(1), day: "2024-01-01"}
	short := person{id: "S", name: "n", tier: "core", score: number(1), day: "2024-01-01"}
	_, d := write(t, s, crm.Input{Table: customers(t, long, short)})
	state := acked(t, d)
	gone := short
	gone.score, gone.day = nil, "" // two cells of #N/A
	header := len("CustomerNo__c,Tier__c,Name,Score__c,Sales__c,Last__c,Risky__c\n")
	s.MaxBytes = int64(header + len("S,core,n,#N/A,0.00,#N/A,false\n"))
	_, err := crm.Prepare(s, crm.Input{Table: customers(t, gone), State: state})
	if err == nil || !strings.Contains(err.Error(), "the account left") || !strings.Contains(err.Error(), `key "LLLL`) || strings.Contains(err.Error(), "row 1") {
		t.Errorf("got %v, want the row of the account that left refused, and no other", err)
	}
	s.MaxBytes--
	if _, err = crm.Prepare(s, crm.Input{Table: customers(t, gone, long), State: state}); err == nil || !strings.Contains(err.Error(), "row 1, key \"S\"") {
		t.Errorf("got %v, want the row with its marks refused", err)
	}
}

// Characters of a record are counted, not bytes.
func TestRecordLimitCountsCharacters(t *testing.T) {
	s := account()
	s.Fields[2].Length = 0
	for i := range 6 {
		s.Fields = append(s.Fields, crm.Field{Name: fmt.Sprintf("Note%d__c", i), Column: "name"})
	}
	name := strings.Repeat("客", 32_000) // 7 cells of 96,000 bytes are 224,000 characters
	if _, err := crm.Prepare(s, crm.Input{Table: customers(t, person{id: "1", name: name})}); err != nil {
		t.Errorf("got %.200v, want 224,000 characters to fit", err)
	}
}

// The job says of the files what they are, in each form.
func TestJobAgreesWithFiles(t *testing.T) {
	tab := customers(t, person{id: "1", name: "a,b;c|d^e`f\tg", tier: "core"})
	for setting, job := range map[string]string{",": "COMMA", ";": "SEMICOLON", "|": "PIPE", "tab": "TAB", "^": "CARET", "`": "BACKQUOTE"} {
		for end, bytes := range map[string]string{"LF": "\n", "CRLF": "\r\n"} {
			s := account()
			s.Delimiter, s.LineEnd = setting, end
			_, d := write(t, s, crm.Input{Table: tab})
			if got := decode(t, d, "job.json"); got["columnDelimiter"] != job || got["lineEnding"] != end {
				t.Errorf("%q, %s: got %v", setting, end, got)
			}
			delimiter := strings.Replace(setting, "tab", "\t", 1)[0]
			if rows := d.rowsOf(t, "full", rules{Delimiter: delimiter, LineEnd: bytes, Bytes: 1e6, Rows: 1, Columns: 7}); rows[1][2] != "a,b;c|d^e`f\tg" {
				t.Errorf("%q, %s: got %q", setting, end, rows)
			}
		}
	}
}

// Nothing invisible stands before the first header, and cells are UTF-8.
func TestBytesBeforeTheHeader(t *testing.T) {
	s := crm.Settings{Name: "hubspot", Object: "companies", UniqueProperty: true, Key: []string{"\ufeffNumber"}, Fields: []crm.Field{{Name: "\ufeffNumber", Column: "customer_id"}, {Name: "Tier", Column: "tier"}}}
	if err := errors.Join(s.OrDefault().Validate()...); err == nil || !strings.Contains(err.Error(), "byte order mark") {
		t.Errorf("got %v, want the header refused", err)
	}
	s.Key[0], s.Fields[0].Name = "N\xff", "N\xff"
	if err := errors.Join(s.OrDefault().Validate()...); err == nil || !strings.Contains(err.Error(), "a header is UTF-8") {
		t.Errorf("got %v, want the header refused", err)
	}
	_, err := crm.Prepare(account(), crm.Input{Table: customers(t, person{id: "1", name: "a\xffb", tier: "core"})})
	if err == nil || !strings.Contains(err.Error(), "no valid UTF-8") {
		t.Errorf("got %v, want the cell refused", err)
	}
}

// failing is a folder of which one call fails: the n-th, of creating, writing or closing.
type failing struct {
	folder
	left int
}

var errDisk = errors.New("disk full")

func (f *failing) step() error {
	f.left--
	if f.left == 0 {
		return errDisk
	}
	return nil
}

type failingFile struct {
	*memoryFile
	f *failing
}

func (x failingFile) Write(b []byte) (int, error) {
	if err := x.f.step(); err != nil {
		return 0, err
	}
	return x.memoryFile.Write(b)
}

func (x failingFile) Close() error { return errors.Join(x.memoryFile.Close(), x.f.step()) }

// A batch stops at the first fault, says it, and leaves no file open.
func TestEveryFaultClosesItsFile(t *testing.T) {
	for name, target := range targets() {
		b, err := crm.Prepare(target.s, crm.Input{Table: customers(t, person{id: "1", tier: "core"}, person{id: "2"}), Run: "0123456789abcdef"})
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; ; n++ {
			f := &failing{folder{files: map[string]*memoryFile{}}, n}
			err := b.Write(func(file string) (crm.File, error) {
				if err := f.step(); err != nil {
					return nil, err
				}
				made, err := f.create(file)
				if err != nil {
					return nil, err
				}
				return failingFile{made.(*memoryFile), f}, nil
			})
			for file, made := range f.files {
				if !made.closed {
					t.Errorf("%s: call %d failed: %s is left open", name, n, file)
				}
			}
			if err == nil {
				if f.left <= 0 || n < 10 {
					t.Errorf("%s: call %d failed, and nothing was said", name, n)
				}
				break
			}
			if !errors.Is(err, errDisk) {
				t.Errorf("%s: call %d: got %v", name, n, err)
			}
		}
	}
}

func TestUnzipRefuses(t *testing.T) {
	var d folder
	d.files = map[string]*memoryFile{}
	b, err := crm.Prepare(targets()["zoho"].s, crm.Input{Table: customers(t, person{id: "1"}), Run: "0123456789abcdef"})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Write(d.create); err != nil {
		t.Fatal(err)
	}
	content := d.files["full-0001.zip"].Bytes()
	if _, err := crmtest.Unzip(content, "full-0001.csv"); err != nil {
		t.Errorf("got %v", err)
	}
	if _, err := crmtest.Unzip(content, "other.csv"); err == nil {
		t.Error("another name: got no error")
	}
	if _, err := crmtest.Unzip(bytes.Repeat([]byte("x"), 50), "full-0001.csv"); err == nil {
		t.Error("no zip: got no error")
	}
}
