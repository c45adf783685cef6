package delimited

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type record struct {
	Line, Offset int64
	Fields       []string
	Fault        Fault
}

// read is the whole path: splitter with blocks of a size, then scanner.
func read(text string, d Dialect, size int) (out []record, err error) {
	return readLimited(text, d, size, MaxRecord)
}

func readLimited(text string, d Dialect, size, limit int) (out []record, err error) {
	sp := newSplitter(strings.NewReader(text), d, size)
	s := NewScanner(d)
	s.limit, sp.walk.limit = limit, limit
	for {
		b, err := sp.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		s.Reset(b.Data, b.Offset, b.Line)
		for s.Next() {
			r := record{Line: s.Line(), Offset: s.Offset(), Fault: s.Fault()}
			for i := range s.Fields() {
				r.Fields = append(r.Fields, string(s.Field(i)))
			}
			out = append(out, r)
		}
		b.Release()
	}
}

func fields(rs []record) (out [][]string) {
	for _, r := range rs {
		out = append(out, r.Fields)
	}
	return out
}

func TestRecords(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []record
	}{
		{"plain", "a,b\n1,2\n", []record{{1, 0, []string{"a", "b"}, Sound}, {2, 4, []string{"1", "2"}, Sound}}},
		{"no line end at the end", "a,b\n1,2", []record{{1, 0, []string{"a", "b"}, Sound}, {2, 4, []string{"1", "2"}, Sound}}},
		{"CRLF", "a,b\r\n1,\r\n", []record{{1, 0, []string{"a", "b"}, Sound}, {2, 5, []string{"1", ""}, Sound}}},
		{"CR belongs to the text inside a line", "a\rb,c\n", []record{{1, 0, []string{"a\rb", "c"}, Sound}}},
		{"blank lines are skipped but counted", "a\n\n\r\nb\n", []record{{1, 0, []string{"a"}, Sound}, {4, 5, []string{"b"}, Sound}}},
		{"quoted newline moves the line", "\"x\ny\",1\nz,2\n", []record{{1, 0, []string{"x\ny", "1"}, Sound}, {3, 8, []string{"z", "2"}, Sound}}},
		{"doubled quotes", `"say ""hi""",2` + "\n", []record{{1, 0, []string{`say "hi"`, "2"}, Sound}}},
		{"empty quoted", `"",""` + "\r\n", []record{{1, 0, []string{"", ""}, Sound}}},
		{"a quoted field before the record's end", "1,\"a,b\"\n2,c\n", []record{{1, 0, []string{"1", "a,b"}, Sound}, {2, 8, []string{"2", "c"}, Sound}}},
		{"inches are plain text", "1,5\" pipe\n2,b\n", []record{{1, 0, []string{"1", "5\" pipe"}, StrayQuote}, {2, 10, []string{"2", "b"}, Sound}}},
		{"an unclosed quote costs its own record", "1,\"a\n2,b\n3,c\n", []record{
			{1, 0, []string{"1", "\"a"}, Unclosed}, {2, 5, []string{"2", "b"}, Sound}, {3, 9, []string{"3", "c"}, Sound}}},
		{"text after a closing quote", "\"a\"x,1\n2,b\n", []record{{1, 0, []string{"\"a\"x", "1"}, AfterQuote}, {2, 7, []string{"2", "b"}, Sound}}},
		{"byte order mark", "\xef\xbb\xbfa,b\n", []record{{1, 3, []string{"a", "b"}, Sound}}},
		{"empty fields", ",,\n", []record{{1, 0, []string{"", "", ""}, Sound}}},
		{"long fields cross the words", "0123456789abcdef,0123456,x\n", []record{{1, 0, []string{"0123456789abcdef", "0123456", "x"}, Sound}}},
	} {
		got, err := read(c.text, Dialect{}, 4*MaxRecord)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

// csvText generates well-formed files: what encoding/csv reads and writes.
func csvText(t *rapid.T, d Dialect) string {
	rows := rapid.SliceOfN(rapid.SliceOfN(rapid.StringMatching(`[a-c,;\t" é\n]{0,12}|[0-9]{1,20}`), 1, 5), 0, 40).Draw(t, "rows")
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = rune(d.Delimiter)
	w.UseCRLF = rapid.Bool().Draw(t, "crlf")
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	if rapid.Bool().Draw(t, "no last line end") {
		text = strings.TrimRight(text, "\r\n")
	}
	return text
}

// encoding/csv is the naive twin on well-formed input, at every block size.
func TestAgreesWithEncodingCSV(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Dialect{Delimiter: rapid.SampledFrom([]byte(",;\t")).Draw(t, "delimiter")}
		text := csvText(t, d)
		twin := csv.NewReader(strings.NewReader(text))
		twin.Comma, twin.FieldsPerRecord = rune(d.Delimiter), -1
		want, err := twin.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(text, d, rapid.IntRange(2*len(text)/3+64, 2*len(text)+64).Draw(t, "block"))
		if err != nil {
			t.Fatal(err)
		}
		// encoding/csv turns CRLF inside quotes into LF; we keep what is written.
		for _, r := range got {
			for i := range r.Fields {
				r.Fields[i] = strings.ReplaceAll(r.Fields[i], "\r\n", "\n")
			}
			if r.Fault != Sound {
				t.Fatalf("line %d: %v in a well-formed file", r.Line, r.Fault)
			}
		}
		if diff := cmp.Diff(want, fields(got)); diff != "" {
			t.Fatalf("%q: -want +got\n%s", text, diff)
		}
	})
}

// Where the blocks are cut must not show, whatever the text: also with stray and unclosed quotes.
func TestBlocksDoNotShow(t *testing.T) {
	line := rapid.StringMatching(`[ab,"\r]{0,9}`)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(line, 1, 60).Draw(t, "lines"), "\n")
		const limit = 24 // so that quotes are decided within small blocks
		want, err := readLimited(text, Dialect{}, 4*len(text)+64, limit)
		if err != nil {
			t.Fatal(err)
		}
		got, err := readLimited(text, Dialect{}, rapid.IntRange(2*limit+16, 4*limit).Draw(t, "block"), limit)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q: -want +got\n%s", text, diff)
		}
	})
}

// Every byte of the text belongs to one record, to a blank line or to the byte order mark.
func TestBytesAreConserved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`(\x{feff})?[a,"\r\n]{0,80}`).Draw(t, "text")
		sp, s := NewSplitter(strings.NewReader(text), Dialect{}), NewScanner(Dialect{})
		total := int64(0)
		for {
			b, err := sp.Next()
			if err != nil {
				break
			}
			if total == 0 {
				total = b.Offset
			}
			s.Reset(b.Data, b.Offset, b.Line)
			for s.Next() {
				total += s.Size()
			}
			total += s.Blank()
		}
		if mark := int64(3); total != int64(len(text)) && !(total == 0 && int64(len(text)) == mark) {
			t.Fatalf("%q: %d bytes accounted for, want %d", text, total, len(text))
		}
	})
}

func TestLoneQuoteInALargeFile(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,text\n1,\"never closed\n")
	for b.Len() < 3*BlockSize {
		b.WriteString("2,plain line of text\n")
	}
	got, err := read(b.String(), Dialect{}, BlockSize)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Count(b.String(), "\n"); len(got) != want {
		t.Errorf("got %d records, want %d: the quote must cost its own line", len(got), want)
	}
	faults := 0
	for _, r := range got {
		if r.Fault != Sound {
			faults++
		}
	}
	if faults != 1 || got[1].Fault != Unclosed {
		t.Errorf("got %d faults, record 1 is %v", faults, got[1].Fault)
	}
}

func TestLimits(t *testing.T) {
	if _, err := read(strings.Repeat("x", 3*BlockSize), Dialect{}, BlockSize); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a file that is one endless record: %v", err)
	}
	long, err := read("a,"+strings.Repeat("x", MaxRecord)+"\nb,c\n", Dialect{}, BlockSize)
	if err != nil || len(long) != 2 || long[0].Fault != TooLong || long[1].Fault != Sound {
		t.Errorf("a record over the limit: %v", err)
	}
	wide, err := read(strings.Repeat(",", MaxFields)+"\n", Dialect{}, BlockSize)
	if err != nil || wide[0].Fault != TooMany {
		t.Errorf("too many fields: %v, %v", wide[0].Fault, err)
	}
}

func TestReadErrorsSurface(t *testing.T) {
	sp := NewSplitter(iotest.ErrReader(io.ErrClosedPipe), Dialect{})
	if _, err := sp.Next(); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

func TestSniff(t *testing.T) {
	for text, want := range map[string]byte{
		"a,b,c\n1,2,3\n":                  ',',
		"a;b;c\n1,5;2,5;3,5\n4,5;5,5;6\n": ';',
		"a\tb\n1,2\t3\n":                  '\t',
		"a|b|c\n1|2|3\n":                  '|',
		"one\n2\n":                        ',',
		"":                                ',',
		"\"a;b\",c\n\"x;y\",z\n":          ',',
		"a,b\n1,2\n3":                     ',',
	} {
		if got := Sniff([]byte(text)); got.Delimiter != want {
			t.Errorf("%q: got %q, want %q", text, got.Delimiter, want)
		}
	}
}

func FuzzRecords(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\nb\",c\r\n", "\"", "a,\"b", "\"a\"\"", "\xef\xbb\xbf\"x\",y", "\r\n\r\n,", "\"a\"b,\"c\"\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, err := read(text, Dialect{}, 4*MaxRecord)
		if err != nil || len(text) < 8 {
			return
		}
		if got, err := read(text, Dialect{}, len(text)); err == nil && !cmp.Equal(want, got) {
			t.Fatalf("%q: %s", text, cmp.Diff(want, got))
		}
	})
}

func BenchmarkScanner(b *testing.B) {
	text := []byte(strings.Repeat("O0001234,1,C0004567,2024-03-05,P00123,Category 7,12,19.95,0.05,11.40\n", 10_000))
	s := NewScanner(Dialect{})
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.Reset(text, 0, 1)
		for s.Next() {
		}
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "row/s")
}
