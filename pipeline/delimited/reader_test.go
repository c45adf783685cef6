package delimited

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type general struct {
	Line, Offset, Size int64
	Fields             []string
	Fault              Fault
	Blank              bool
}

func readAll(r *Reader) (out []general, err error) {
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		g := general{Line: rec.Line, Offset: rec.Offset, Size: rec.Size, Fault: rec.Fault, Blank: rec.Blank}
		for _, f := range rec.Fields {
			g.Fields = append(g.Fields, string(f))
		}
		out = append(out, g)
	}
}

func TestReader(t *testing.T) {
	for _, c := range []struct {
		name   string
		syntax Syntax
		width  int
		text   string
		want   [][]string
	}{
		{"LF, CRLF and CR", Syntax{}, 0, "a,b\nc,d\r\ne,f\rg,h", [][]string{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}}},
		{"two bytes", Syntax{Delimiter: ", "}, 0, "a, b,c, \"d, e\"\n", [][]string{{"a", "b,c", "d, e"}}},
		{"two tabs", Syntax{Delimiter: "\t\t"}, 0, "a\t\tb\tc\n", [][]string{{"a", "b\tc"}}},
		{"apostrophe", Syntax{Quote: '\''}, 0, "'Men's, boots',2\n", [][]string{{"Men's, boots", "2"}}},
		{"another escape than the quote", Syntax{Quote: '\'', Escape: '"', HasEscape: true}, 0, "'10\"\" x','a\"'b'\n", [][]string{{`10" x`, "a'b"}}},
		{"backslash", Syntax{Escape: '\\', HasEscape: true}, 0, `"48\"","a\\",x\,y,8\'9` + "\n", [][]string{{`48"`, `a\`, "x,y", `8\'9`}}},
		{"NUL", Syntax{Escape: 0, HasEscape: true}, 0, "\"48\x00\"\",x\n", [][]string{{`48"`, "x"}}},
		{"no quotes", Syntax{NoQuote: true}, 0, "\"a,b\"\n", [][]string{{`"a`, `b"`}}},
		{"blanks after a closing quote", Syntax{}, 0, "\"a\" ,b\n", [][]string{{"a", "b"}}},
		{"a quote too many at the start", Syntax{}, 0, "\"\"URL\",x\n", [][]string{{`"URL`, "x"}}},
		{"a stray quote before a quoted field", Syntax{}, 0, "\"1,b,\"c d\",e\n", [][]string{{`"1`, "b", "c d", "e"}}},
		{"a stray quote at the line's end", Syntax{}, 0, "a,\"\nb,\"c\"\n", [][]string{{"a", `"`}, {"b", "c"}}},
		{"inner quotes", Syntax{}, 0, "\"say \"hi\" now\",x\n", [][]string{{`say "hi" now`, "x"}}},
		{"never closed", Syntax{}, 0, "a,\"b\nc,d\n", [][]string{{"a", "\"b"}, {"c", "d"}}},
		{"newline in quotes", Syntax{}, 0, "\"a\r\nb\",c\n", [][]string{{"a\r\nb", "c"}}},
		{"byte order mark", Syntax{}, 0, "\xef\xbb\xbf\"a\",b", [][]string{{"a", "b"}}},
	} {
		r := NewReader(strings.NewReader(c.text), c.syntax)
		r.Width = c.width
		got, err := readAll(r)
		if err != nil {
			t.Fatal(err)
		}
		var fields [][]string
		for _, g := range got {
			fields = append(fields, g.Fields)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

// The first reading swallows two lines and has one field too few; the second gives the width.
func TestReaderChoosesByWidth(t *testing.T) {
	const text = "a,b,\"\n1,2,\",3\n"
	for width, want := range map[int]int{0: 1, 3: 2, 4: 1} {
		r := NewReader(strings.NewReader(text), Syntax{})
		r.Width = width
		got, err := readAll(r)
		if err != nil || len(got) != want {
			t.Errorf("width %d: got %d records, %v, want %d", width, len(got), err, want)
		}
	}
}

// On well-formed text without a lone CR the fast pair and the general reader are twins.
func TestReaderAgreesWithScanner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Dialect{Delimiter: rapid.SampledFrom([]byte(",;\t")).Draw(t, "delimiter")}
		text := csvText(t, d)
		want, err := read(text, d, 2*len(text)+64)
		if err != nil {
			t.Fatal(err)
		}
		all, err := readAll(NewReader(strings.NewReader(text), Syntax{Delimiter: string(d.Delimiter)}))
		if err != nil {
			t.Fatal(err)
		}
		var got []record
		for _, g := range all {
			if !g.Blank {
				got = append(got, record{g.Line, g.Offset, g.Fields, g.Fault})
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q: -want +got\n%s", text, diff)
		}
	})
}

func drawSyntax(t *rapid.T) Syntax {
	return Syntax{
		Delimiter: rapid.SampledFrom([]string{",", ";", ", ", "||"}).Draw(t, "delimiter"),
		Quote:     rapid.SampledFrom([]byte{0, '\''}).Draw(t, "quote"),
		Escape:    '\\', HasEscape: rapid.Bool().Draw(t, "escape"),
		NoQuote: rapid.Bool().Draw(t, "no quote"),
	}
}

// Without the fast scanner nothing changes: it is an accelerator only.
func TestReaderFastPathDoesNotShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-c,;" \r\n]{0,120}`).Draw(t, "text")
		fast, slow := NewReader(strings.NewReader(text), Syntax{}), NewReader(strings.NewReader(text), Syntax{})
		slow.fast = nil
		fast.Width = rapid.IntRange(0, 3).Draw(t, "width")
		slow.Width = fast.Width
		want, _ := readAll(slow)
		got, err := readAll(fast)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q: -want +got\n%s", text, diff)
		}
	})
}

// Where the buffer ends does not show, offsets are contiguous, and no byte is lost.
func TestReaderConservesBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`(\x{feff})?[a,;|'"\\ \r\n]{0,200}`).Draw(t, "text")
		s := drawSyntax(t)
		const limit = 20
		whole := newReader(nil, s, limit)
		whole.buf, whole.end, whole.eof = []byte(text), len(text), true
		if strings.HasPrefix(text, string(bom)) {
			whole.pos, whole.offset = len(bom), int64(len(bom))
		}
		want, err := readAll(whole)
		if err != nil {
			t.Fatal(err)
		}
		small := newReader(iotest.OneByteReader(strings.NewReader(text)), s, limit)
		small.buf = make([]byte, limit+rapid.IntRange(20, 60).Draw(t, "buffer"))
		got, err := readAll(small)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q: -whole +small buffer\n%s", text, diff)
		}
		at := int64(0)
		if strings.HasPrefix(text, string(bom)) {
			at = int64(len(bom))
		}
		line := int64(1)
		for _, g := range got {
			if g.Offset != at || g.Line != line {
				t.Fatalf("%q: record at byte %d line %d, want %d and %d", text, g.Offset, g.Line, at, line)
			}
			line += lines([]byte(text[at : at+g.Size]))
			at += g.Size
		}
		if at != int64(len(text)) {
			t.Fatalf("%q: %d bytes accounted for, want %d", text, at, len(text))
		}
	})
}

func TestReaderLimits(t *testing.T) {
	for _, n := range []int{MaxRecord - 1, MaxRecord, MaxRecord + 1, 3 * MaxRecord} {
		got, err := readAll(NewReader(strings.NewReader("a\n"+strings.Repeat("x", n)+"\r\nb\n"), Syntax{Delimiter: ";;"}))
		want := map[bool]Fault{true: TooLong, false: Sound}[n > MaxRecord]
		if err != nil || len(got) != 3 || got[1].Fault != want || got[2].Offset != int64(n+4) {
			t.Errorf("%d bytes: %d records, %v, %v", n, len(got), got[1].Fault, err)
		}
	}
	wide, err := readAll(NewReader(strings.NewReader(strings.Repeat(",", MaxFields)+"\n"+strings.Repeat(",", MaxFields-1)+"\n"), Syntax{}))
	if err != nil || wide[0].Fault != TooMany || wide[1].Fault != Sound {
		t.Errorf("too many fields: %v %v, %v", wide[0].Fault, wide[1].Fault, err)
	}
	if _, err := NewReader(iotest.ErrReader(io.ErrClosedPipe), Syntax{}).Next(); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

func TestSyntaxValidate(t *testing.T) {
	for _, c := range []struct {
		s    Syntax
		want string
	}{
		{Syntax{}, ""},
		{Syntax{Delimiter: "123456789"}, "at most 8"},
		{Syntax{Delimiter: "\n"}, "line end"},
		{Syntax{Delimiter: `"`}, "quote"},
		{Syntax{Delimiter: `"`, NoQuote: true}, ""},
		{Syntax{Delimiter: `\`, Escape: '\\', HasEscape: true}, "escape"},
		{Syntax{Quote: '\r'}, "neither"},
	} {
		err := c.s.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: got %v, want %q", c.s, err, c.want)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add("a,b\n1,\"2\n", ",", byte('"'), byte('\\'), true, 2)
	f.Add("a||'b''\r", "||", byte('\''), byte(0), true, 0)
	f.Add("\xef\xbb\xbf\"\"x\",", ",", byte(0), byte(0), false, 3)
	f.Fuzz(func(t *testing.T, text, delim string, quote, escape byte, has bool, width int) {
		s := Syntax{Delimiter: delim, Quote: quote, Escape: escape, HasEscape: has}
		if s.Validate() != nil {
			return
		}
		r := NewReader(strings.NewReader(text), s)
		r.Width = width
		got, err := readAll(r)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, g := range got {
			total += int(g.Size)
		}
		if rest := len(text) - total; rest != 0 && rest != len(bom) {
			t.Fatalf("%d of %d bytes", total, len(text))
		}
	})
}
