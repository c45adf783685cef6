package ingest

import (
	"strings"
	"testing"
)

// What is decided on the head of a file costs this once a file, whatever its size: plain is a clean
// export, odd one that has to be sniffed. A clean one of ten million lines takes seconds to read.
func BenchmarkManner(b *testing.B) {
	line := "SO-00012345,C001234,2024-03-01,12,19.99,8.50,Category 7\n"
	clean := "order_id,customer_id,ordered_at,quantity,unit_price,unit_cost,category\n" + strings.Repeat(line, sniffBytes/len(line))
	for name, text := range map[string]string{"plain": clean, "odd": "Sales report\n\n" + clean} {
		b.Run("head="+name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := mannerOf([]byte(text), false, 0, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A head is plain exactly where all its records have one width; the rest is sniffed and still gives the delimiter.
func TestManner(t *testing.T) {
	for _, c := range []struct {
		head      string
		plain     bool
		delimiter string
	}{
		{"a,b\n1,2\n3,4\n", true, ","},
		{"a;b\r\n1;2\r\n", true, ";"},
		{"Report\n\na;b;c\n1;2;3\n4;5;6\n7;8;9\n", true, ";"},
		{"a,b\r1,2\r3,4\r", false, ","},
		{"a||b||c\n1||2||3\n4||5||6\n", false, "||"},
	} {
		m, err := mannerOf([]byte(c.head), true, 0, nil)
		if err != nil || m.plain != c.plain || m.syntax.Delimiter != c.delimiter || len(m.evidence) == 0 {
			t.Errorf("%q: %+v, %v", c.head, m, err)
		}
	}
	if _, err := mannerOf([]byte("\x00\x01\x02\x00\x00"), true, 0, nil); err == nil {
		t.Error("binary: want an error")
	}
}
