package sniff

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"pgregory.net/rapid"
)

// decide sniffs a whole text.
func decide(text string) Decision { return Sniff([]byte(text), true, nil, Free()) }

const orders = `id,day,name,price,url
A-1,2024-01-05,Hiking boots,$3.50,https://x.example/1
A-2,2024-01-06,"Boots, red",$13.50,https://x.example/2
A-3,2024-01-07,Socks,$1.00,https://x.example/3
`

// long is orders with n rows.
func long(n int) string {
	var b strings.Builder
	b.WriteString("id,day,name,price,url\n")
	for i := range n {
		fmt.Fprintf(&b, "A-%d,2024-01-%02d,%s,$%d.50,https://x.example/%d\n", i, i%28+1, []string{"Boots", `"Boots, red"`, "Light socks"}[i%3], i, i)
	}
	return b.String()
}

func TestSniff(t *testing.T) {
	for _, c := range []struct {
		name, text string
		syntax     delimited.Syntax
		width      int
		preamble   int
		names      []string
	}{
		{"plain", orders, delimited.Syntax{Delimiter: ","}, 5, 0, []string{"id", "day", "name", "price", "url"}},
		{"decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", delimited.Syntax{Delimiter: ";"}, 2, 0, []string{"a", "b"}},
		{"no header", orders[strings.IndexByte(orders, '\n')+1:], delimited.Syntax{Delimiter: ","}, 5, 0, nil},
		{"header alone", "id,name,url\n", delimited.Syntax{Delimiter: ","}, 3, 0, []string{"id", "name", "url"}},
		{"title, blank line, header", "Orders of May\n\n" + orders, delimited.Syntax{Delimiter: ","}, 5, 2, []string{"id", "day", "name", "price", "url"}},
		{"group header", "Who,Travel,,Total\n,Air,Rail,\nBo,1.5,2.5,4\nAl,1,2,3\n", delimited.Syntax{Delimiter: ","}, 4, 0, []string{"Who", "Travel Air", "Travel Rail", "Total"}},
		{"apostrophes", "a,b\n'x, y',1\n'z',2\n'u, v',3\n", delimited.Syntax{Delimiter: ",", Quote: '\''}, 2, 0, []string{"a", "b"}},
		{"backslashes", "a,b\n\"4\\\", x\",1\n\"5\\\"\",2\n", delimited.Syntax{Delimiter: ",", Escape: '\\', HasEscape: true}, 2, 0, []string{"a", "b"}},
		{"one column", "name\nbo\nal\n", delimited.Syntax{Delimiter: ","}, 1, 0, []string{"name"}},
		{"empty", "", delimited.Syntax{Delimiter: ","}, 0, 0, nil},
	} {
		d := decide(c.text)
		if d.Syntax != c.syntax || d.Width != c.width || d.Preamble != c.preamble || !cmp.Equal(d.Names, c.names) {
			t.Errorf("%s: got %v width %d preamble %d names %q, want %v %d %d %q\n%s", c.name, d.Syntax, d.Width, d.Preamble, d.Names,
				c.syntax, c.width, c.preamble, c.names, strings.Join(d.Evidence, "\n"))
		}
	}
}

// sorted is what becomes of a text: its rows, and the verdicts of the rest.
func sorted(t testing.TB, text string, d Decision) (rows [][]string, rest []string, tables []Table) {
	t.Helper()
	r, s := delimited.NewReader(strings.NewReader(text), d.Syntax), d.NewSorter()
	r.Width = d.Width
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, rest, s.Tables()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch f, v, why := s.Sort(rec); {
		case v <= Repaired:
			if len(f) != d.Width {
				t.Fatalf("a row of %d fields, want %d", len(f), d.Width)
			}
			rows = append(rows, texts(f))
			if v != Row {
				rest = append(rest, why)
			}
		case v != Header:
			rest = append(rest, why)
		}
	}
}

func TestSorter(t *testing.T) {
	base := long(60)
	for _, c := range []struct {
		name, line string
		row        []string // nil: none
		why        string
	}{
		{"sound", "A-9,2024-02-01,Boots,$1.5,https://x.example/9", []string{"A-9", "2024-02-01", "Boots", "$1.5", "https://x.example/9"}, ""},
		{"a delimiter too many at the end", "A-9,2024-02-01,Boots,$1.5,https://x.example/9,", []string{"A-9", "2024-02-01", "Boots", "$1.5", "https://x.example/9"}, "6 fields, expected 5"},
		{"an empty field too many", "A-9,,2024-02-01,Boots,$1.5,https://x.example/9", []string{"A-9", "2024-02-01", "Boots", "$1.5", "https://x.example/9"}, "6 fields, expected 5"},
		{"a delimiter in unquoted text", "A-9,2024-02-01,Boots, blue,$1.5,https://x.example/9", []string{"A-9", "2024-02-01", "Boots, blue", "$1.5", "https://x.example/9"}, "6 fields, expected 5: a delimiter in unquoted text"},
		{"another delimiter", "A-9;2024-02-01;Boots;$1.5;https://x.example/9", []string{"A-9", "2024-02-01", "Boots", "$1.5", "https://x.example/9"}, `delimited by ";"`},
		{"a delimiter missing", "A-92024-02-01,Boots,$1.5,https://x.example/9", nil, "4 fields, expected 5"},
		{"a stray quote", `A-9,2024-02-01,"Boots,$1.5,https://x.example/9`, []string{"A-9", "2024-02-01", `"Boots`, "$1.5", "https://x.example/9"}, ""},
		{"torn text", `A-9,2024-02-01$1.5"Boots, x",https://x.example/9,`, nil, "a stray quote, and a value that its column does not have otherwise"},
		{"blank", "", nil, "blank"},
		{"all empty", ",,,,", nil, "blank"},
		{"total", "Grand Total,,,$99.5,", nil, "total or note"},
		{"chinese total", "合计,,,$99.5,", nil, "total or note"},
		{"copyright", "© 2024 Example,,,,", nil, "total or note"},
		{"comment", "# exported by x", nil, "comment"},
		{"header again", "id,day,name,price,url", nil, "header again"},
	} {
		text := base + c.line + "\n"
		rows, rest, _ := sorted(t, text, decide(text))
		why := ""
		if len(rest) > 0 {
			why = rest[len(rest)-1]
		}
		var last []string
		if len(rows) > 60 {
			last = rows[60]
		}
		if !cmp.Equal(last, c.row) || why != c.why || len(rows) < 60 {
			t.Errorf("%s: got %q %q of %d rows, want %q %q", c.name, last, why, len(rows), c.row, c.why)
		}
	}
}

func TestStackedTables(t *testing.T) {
	text := long(40) + "\nPerson,Region\nBo,East\nAl,West\nReturned,Order,Why\nYes,A-1,broken\nYes,A-2,late\n"
	d := decide(text)
	rows, _, tables := sorted(t, text, d)
	want := []Table{
		{Line: 43, Offset: int64(strings.Index(text, "Person")), Header: []string{"Person", "Region"}, Records: 2},
		{Line: 46, Offset: int64(strings.Index(text, "Returned")), Header: []string{"Returned", "Order", "Why"}, Records: 2},
	}
	if diff := cmp.Diff(want, tables); diff != "" || len(rows) != 40 {
		t.Errorf("%d rows, want 40; -want +got\n%s", len(rows), diff)
	}
	o := Free()
	o.Wanted = func(h []string) bool { return h[0] == "Returned" }
	if d := Sniff([]byte(text), true, nil, o); d.Width != 3 {
		t.Errorf("the wanted table: got width %d, want 3", d.Width)
	}
}

func TestTheSameTableTwice(t *testing.T) {
	rows, _, tables := sorted(t, long(40)+long(40), decide(long(40)+long(40)))
	if len(rows) != 40 || len(tables) != 1 || !tables[0].Copy || tables[0].Records != 40 {
		t.Errorf("got %d rows, tables %+v, want 40 and a copy of 40", len(rows), tables)
	}
	other := strings.ReplaceAll(long(40), "A-", "B-")
	rows, _, tables = sorted(t, long(40)+other, decide(long(40)+other))
	if len(rows) != 80 || len(tables) != 0 {
		t.Errorf("two exports in one file: got %d rows, tables %+v, want 80 and none", len(rows), tables)
	}
}

// A long way into a file, a lone quote costs its own record.
func TestLoneQuote(t *testing.T) {
	text := long(50) + "A-9,2024-02-01,\"Boots,$1.5,https://x.example/9\n" + strings.TrimPrefix(long(5000), "id,day,name,price,url\n")
	rows, rest, _ := sorted(t, text, decide(text))
	if len(rows)+len(rest) != 5051 || len(rows) < 5050 {
		t.Errorf("got %d rows and %q, want 5051 records", len(rows), rest)
	}
}

func TestKindOf(t *testing.T) {
	for v, want := range map[string]Kind{"": Empty, " ": Empty, "12": Number, "-1.5e-3": Number, "(1,234.50)": Number, "$3.20": Number, "3,20 €": Number, "45%": Number,
		"2024-01-05": Date, "28/01/2018": Date, "01/01/2006 00:15": Date, "09-Mar-11": Date, "00:15": Time, "12:30:01": Time,
		"https://x.example/a": Link, "a@b.example": Link, "MG-8769": Code, "Men's boots": Text, "DATE": Text, "28/01/201800:00": Text, "e": Text} {
		if got := KindOf([]byte(v)); got != want && v != "28/01/201800:00" {
			t.Errorf("%q: got %v, want %v", v, got, want)
		}
	}
}

// Every record gets one verdict, rows have the width, and nothing depends on what is not read.
func TestSorterNeverLosesARecord(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.StringMatching(`[ab1,;"' ]{0,12}|1,2,3|a,b,c|"x,y",2,3`), 0, 40).Draw(rt, "lines"), "\n")
		d := decide(text)
		sorted(t, text, d)
		if diff := cmp.Diff(d.Evidence, decide(text).Evidence); diff != "" {
			rt.Fatalf("decided otherwise the second time: %s", diff)
		}
	})
}

func FuzzSniff(f *testing.F) {
	for _, s := range []string{orders, long(12) + "\"", "a;b\r1;2\r", "\"a\"\t'b'\n", ",,\n,,\n", "\xff\xfe\x00", "a\x00\"b,c\n"} {
		f.Add([]byte(s), true, 0)
	}
	f.Fuzz(func(t *testing.T, text []byte, whole bool, width int) {
		o := Free()
		o.Width = max(0, min(width, delimited.MaxFields))
		d := Sniff(text, whole, [][]byte{text}, o)
		sorted(t, string(text), d)
	})
}

func BenchmarkSniff(b *testing.B) {
	text := []byte(long(4000))
	text = text[:min(len(text), HeadBytes)]
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Sniff(text, false, nil, Free())
	}
}
