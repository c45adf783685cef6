package charset

import (
	"bytes"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// FuzzReader: whatever the bytes, what comes out is the same in any pieces, is UTF-8 unless it was
// passed through, accounts for every byte, and an error names its cause.
func FuzzReader(f *testing.F) {
	for c, text := range map[Charset]string{
		UTF8: chineseOrders, UTF16LE: "\ufeff" + german, UTF16BE: german, GB18030: splitByPipe, Windows1252: french,
		Windows1250: polish, Windows1251: russian, Big5: taiwanese, ShiftJIS: japaneseText, EUCKR: koreanText,
	} {
		for set := range uint8(count) {
			if set == 0 || Charset(set) == c {
				f.Add(encode(f, c, text), set)
			}
		}
	}
	f.Add([]byte("\xff\xfe\x00\x00"), uint8(0))
	f.Add([]byte("a\x00b\x00,\x00\xd8"), uint8(0))
	f.Add([]byte(chineseOrders+"\xff"), uint8(0))
	f.Fuzz(func(t *testing.T, file []byte, set uint8) {
		o := Options{Charset: Charset(set % uint8(count))}
		got, r, err := readAll(bytes.NewReader(file), o, 1<<16)
		d, s := r.Decision(), r.Stats()
		other, r2, err2 := readAll(iotest.HalfReader(bytes.NewReader(file)), o, 5)
		if (err == nil) != (err2 == nil) || r2.Decision().Charset != d.Charset || s.Damaged != r2.Stats().Damaged || err == nil && got != other {
			t.Fatalf("in pieces: got %q, %v, %+v; whole: %q, %v, %+v", other, err2, r2.Stats(), got, err, s)
		}
		if (d.Err() == nil) != (err == nil) || (d.Confidence == Undecided) != (err != nil) {
			t.Fatalf("got decision %+v with error %v", d, err)
		}
		if s.Out != int64(len(got)) || err == nil && s.In != int64(len(file)) || (s.Damaged > 0) != (s.FirstDamaged >= 0) {
			t.Fatalf("got %+v for %d bytes in and %d out", s, len(file), len(got))
		}
		switch {
		case err != nil:
		case d.Charset == UTF8:
			if got != string(file) || int(s.Damaged) != naiveDamage(file) {
				t.Fatalf("got %q with %d damaged of %q", got, s.Damaged, file)
			}
		default:
			if !utf8.ValidString(got) || int(s.Damaged) > bytes.Count([]byte(got), []byte("\ufffd")) {
				t.Fatalf("got %q with %d damaged", got, s.Damaged)
			}
		}
		FoldCell(nil, file)
	})
}
