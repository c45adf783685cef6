package charset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// readAll reads a file in pieces of at most size bytes.
func readAll(src io.Reader, o Options, size int) (string, *Reader, error) {
	r := NewReader(src, o)
	var out bytes.Buffer
	_, err := io.CopyBuffer(onlyWriter{&out}, r, make([]byte, size))
	return out.String(), r, err
}

type onlyWriter struct{ io.Writer } // hides ReadFrom, so that the copy uses its buffer

// sources give a file in different pieces.
func sources(b []byte) map[string]io.Reader {
	return map[string]io.Reader{
		"whole":    bytes.NewReader(b),
		"bytes":    iotest.OneByteReader(bytes.NewReader(b)),
		"halves":   iotest.HalfReader(bytes.NewReader(b)),
		"data+EOF": iotest.DataErrReader(bytes.NewReader(b)),
		"stutter":  &stutter{r: bytes.NewReader(b)},
	}
}

// stutter gives nothing every other time.
type stutter struct {
	r    io.Reader
	turn bool
}

func (s *stutter) Read(p []byte) (int, error) {
	if s.turn = !s.turn; s.turn {
		return 0, nil
	}
	return s.r.Read(p[:min(len(p), 5)])
}

// checkRead wants the same text, decision and stats from every source and every size of Read.
func checkRead(t rapid.TB, file []byte, o Options, want string, charset Charset) {
	t.Helper()
	var first *Reader
	for _, size := range []int{1, 3, 4096, 1 << 20} {
		for name, src := range sources(file) {
			r := checkOne(t, file, src, o, size, want, charset)
			if first == nil {
				first = r
			}
			if d := cmp.Diff(first.decision, r.decision, cmp.Comparer(func(a, b error) bool { return a == b }), cmp.AllowUnexported(Decision{})); d != "" {
				t.Fatalf("%s, reads of %d: decision depends on the pieces:\n%s", name, size, d)
			}
			if r.Stats() != first.Stats() {
				t.Fatalf("%s, reads of %d: got stats %+v, want %+v", name, size, r.Stats(), first.Stats())
			}
		}
	}
}

// checkDrawn does it for one source and size that rapid draws.
func checkDrawn(t *rapid.T, file []byte, o Options, want string, charset Charset) {
	t.Helper()
	name := rapid.SampledFrom([]string{"whole", "bytes", "halves", "data+EOF", "stutter"}).Draw(t, "source")
	checkOne(t, file, sources(file)[name], o, rapid.SampledFrom([]int{1, 2, 3, 7, 4096}).Draw(t, "size"), want, charset)
}

func checkOne(t rapid.TB, file []byte, src io.Reader, o Options, size int, want string, charset Charset) *Reader {
	t.Helper()
	got, r, err := readAll(src, o, size)
	if err != nil {
		t.Fatalf("reads of %d: got error %v", size, err)
	}
	if got != want {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		t.Fatalf("reads of %d: got %d bytes, want %d, the first difference at %d: %.40q, want %.40q; %s",
			size, len(got), len(want), at, got[at:], want[at:], r.Decision().Evidence)
	}
	if r.Decision().Charset != charset {
		t.Fatalf("reads of %d: got %s, want %s; %s", size, r.Decision().Charset, charset, r.Decision().Evidence)
	}
	if s := r.Stats(); s.In != int64(len(file)) || s.Out != int64(len(want)) {
		t.Fatalf("reads of %d: got %d bytes in and %d out, want %d and %d", size, s.In, s.Out, len(file), len(want))
	}
	return r
}

// alphabets are characters that a charset can write, by which its text is recognised.
func alphabets() map[Charset][]rune {
	return map[Charset][]rune{
		UTF8:        []rune("客户订单äöüß€🙂\u00a0"),
		UTF16LE:     []rune("客户订单äöüß€🙂\u00a0\ufffd"),
		UTF16BE:     []rune("客户订单äöüß€🙂\u00a0\ufffd"),
		GB18030:     []rune("客户订单日期東西镕Äß🙂（）。１\ufffd"),
		Windows1252: []rune("äöüßéèñçÄÉ"),
		Windows1250: []rune("łąęčřőĂ"),
		Windows1251: []rune("ЖдуПисьма"),
		Windows1254: []rune("ğışİ"),
		Windows1257: []rune("ąčęėįšųūž"),
		ISO885915:   []rune("€äéŠœ"),
		Macintosh:   []rune("äöüß†∞"),
		IBM850:      []rune("äöüß░█"),
		Big5:        []rune("客戶訂單日期功許"),
		ShiftJIS:    []rune("顧客ソ表カｶひ"),
		EUCJP:       []rune("顧客ソ表カｶひ"),
		EUCKR:       []rune("고객주문똠"),
	}
}

// TestRoundTripSet: what a charset can write, a Reader set to it gives back.
func TestRoundTripSet(t *testing.T) {
	for c, alphabet := range alphabets() {
		t.Run(c.String(), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				letters := rapid.SampledFrom(append(alphabet, []rune("aZ0,;|\"\\\t\r\n ")...))
				text := string(rapid.SliceOfN(letters, 0, 60).Draw(rt, "text"))
				checkDrawn(rt, encode(t, c, text), Options{Charset: c}, text, c)
			})
		})
	}
}

// TestRoundTripAuto: the same by evidence, with enough of it.
func TestRoundTripAuto(t *testing.T) {
	for c, start := range map[Charset]string{
		UTF8: chineseOrders, UTF16LE: chineseOrders, UTF16BE: "\ufeff" + german, GB18030: chineseOrders, Windows1252: german,
	} {
		alphabet := alphabets()[c]
		if c == Windows1252 {
			alphabet = []rune("fühlenKönig") // letters in words; loose ones are no evidence
		}
		t.Run(c.String(), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				letters := rapid.SampledFrom(append([]rune("aZ0,;|\"\\\t\r\n "), alphabet...))
				text := start + string(rapid.SliceOfN(letters, 0, 60).Draw(rt, "text"))
				if c == Windows1252 {
					text = start + strings.Repeat(german, 4) + text
				}
				checkDrawn(rt, encode(t, c, text), Options{}, strings.TrimPrefix(text, "\ufeff"), c)
			})
		})
	}
}

// TestWindowBorders moves characters across every border: of the first window, of the window that
// opens at the first byte beyond ASCII, and of what is decoded at once.
func TestWindowBorders(t *testing.T) {
	for c, line := range map[Charset]string{UTF8: "客户🙂ä,1\n", GB18030: "客户订单日期東🙂,1\n", Windows1252: "Müller für Söhne,1\n"} {
		for lead := range 9 {
			text := strings.Repeat("x", lead) + "\n" + strings.Repeat(line, 3*windowSize/len(line))
			file := encode(t, c, text)
			for _, size := range []int{windowSize - 1, windowSize, windowSize + 1} {
				got, r, err := readAll(bytes.NewReader(file), Options{}, size)
				if err != nil || got != text || r.Decision().Charset != c || r.Stats().Damaged != 0 {
					t.Fatalf("%s, %d before, reads of %d: got %d bytes of %d, %s, %+v, %v", c, lead, size, len(got), len(text), r.Decision().Charset, r.Stats(), err)
				}
			}
		}
	}
	for _, n := range []int{windowSize - 3, windowSize - 2, windowSize - 1, windowSize, windowSize + 1} {
		text := strings.Repeat("x", n) + chineseOrders
		for _, c := range []Charset{UTF8, GB18030} {
			got, r, err := readAll(bytes.NewReader(encode(t, c, text)), Options{}, 1000)
			if err != nil || got != text || r.Decision().Charset != c || r.Decision().Offset != int64(n) {
				t.Fatalf("%s after %d bytes: got %s, %+v, %v", c, n, r.Decision().Charset, r.Stats(), err)
			}
		}
	}
}

// TestLate: the first byte beyond ASCII comes after two million lines.
func TestLate(t *testing.T) {
	ascii := strings.Repeat("1,Smith,2\n", 2_000_000)
	for c, end := range map[Charset]string{UTF8: chineseOrders, GB18030: chineseOrders, Windows1252: french} {
		got, r, err := readAll(io.MultiReader(strings.NewReader(ascii), bytes.NewReader(encode(t, c, end))), Options{}, 1<<20)
		if err != nil || got != ascii+end || r.Decision().Charset != c || r.Decision().Offset < int64(len(ascii)) {
			t.Errorf("got %d bytes of %d, %s, offset %d, error %v; want %s", len(got), len(ascii+end), r.Decision().Charset, r.Decision().Offset, err, c)
		}
	}
	got, r, err := readAll(strings.NewReader(ascii+"\xc4\xe3\n"), Options{}, 1<<20)
	if !errors.Is(err, ErrUndecided) || got != ascii || r.Decision().Offset != int64(len(ascii)) {
		t.Errorf("got %d bytes, %+v, %v; want all ASCII, then that it is undecided", len(got), r.Decision(), err)
	}
}

// TestThinEvidence: where the first window leaves it open, more of the file is looked at.
func TestThinEvidence(t *testing.T) {
	text := "id,name\n1,你好\n" + strings.Repeat("2,Smith\n", 20_000) + chineseNames
	got, r, err := readAll(bytes.NewReader(encode(t, GB18030, text)), Options{}, 4096)
	if err != nil || got != text || r.Decision().Charset != GB18030 {
		t.Errorf("got %s, %v; want gb18030 by what stands beyond the first window", r.Decision().Charset, err)
	}
}

// TestPipe: splitting before decoding would tear 東 apart.
func TestPipe(t *testing.T) {
	file := encode(t, GB18030, splitByPipe)
	if n := bytes.Count(file, []byte("|")); n != strings.Count(splitByPipe, "|")+1 {
		t.Fatalf("got %d bytes 0x7C, want one in a character", n)
	}
	checkRead(t, file, Options{}, splitByPipe, GB18030)
}

func TestDamage(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		set        Charset
		want       string
		count      int64
		first      int64
	}{
		{"gb18030 lead before a comma", "\xbf\xcd\xbb\xa7,\xc9,1\n\xff", GB18030, "客户,\ufffd,1\n\ufffd", 2, 5},
		{"gb18030 genuine replacement", "\x84\x31\xa4\x37,\xff", GB18030, "\ufffd,\ufffd", 1, 5},
		{"gb18030 cut off", "\xbf\xcd\xbb", GB18030, "客\ufffd", 1, 2},
		{"windows-1252 undefined", "caf\xe9 \x81\x9d", Windows1252, "café \ufffd\ufffd", 2, 5},
		{"utf-16le lone surrogate", "a\x00\x00\xd8b\x00", UTF16LE, "a\ufffdb", 1, 2},
		{"utf-16le odd byte", "a\x00b", UTF16LE, "a\ufffd", 1, 2},
		{"utf-16be genuine replacement", "\xff\xfd\x00a", UTF16BE, "\ufffda", 0, -1},
		{"shift_jis", "\x83\x5c\xff", ShiftJIS, "ソ\ufffd", 1, 2},
		{"utf-8 as it is", "客\xff户\xe5", UTF8, "客\xff户\xe5", 2, 3},
		{"none", "caf\xe9", Windows1252, "café", 0, -1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			checkRead(t, []byte(tc.file), Options{Charset: tc.set}, tc.want, tc.set)
			_, r, _ := readAll(strings.NewReader(tc.file), Options{Charset: tc.set}, 2)
			if s := r.Stats(); s.Damaged != tc.count || s.FirstDamaged != tc.first {
				t.Errorf("got %d damaged from %d on, want %d from %d", s.Damaged, s.FirstDamaged, tc.count, tc.first)
			}
		})
	}
}

// TestDamagedByEvidence: a few broken bytes do not hide what the rest is.
func TestDamagedByEvidence(t *testing.T) {
	file := append(encode(t, GB18030, strings.Repeat(chineseOrders, 20)), "\xff\r\n"...)
	got, r, err := readAll(bytes.NewReader(file), Options{}, 100)
	if err != nil || got != strings.Repeat(chineseOrders, 20)+"\ufffd\r\n" || r.Stats().Damaged != 1 || r.Stats().FirstDamaged != int64(len(file)-3) {
		t.Errorf("got %s, %+v, %v; want gb18030 with one damaged byte", r.Decision().Charset, r.Stats(), err)
	}
}

// TestMixed: UTF-8 with a damaged line far behind the window.
func TestMixed(t *testing.T) {
	sound := strings.Repeat(chineseOrders, 2*windowSize/len(chineseOrders))
	for _, bad := range []string{"S\xf6hne\n", "\xe5\xae\n", string(encode(t, GB18030, chineseOrders))} {
		file := sound + bad + sound
		at := len(sound) + strings.IndexFunc(bad, func(r rune) bool { return r >= 0x80 })
		for _, size := range []int{1, 2, 3, 1000, windowSize, 1 << 20} {
			got, r, err := readAll(strings.NewReader(file), Options{}, size)
			if !errors.Is(err, ErrMixed) || r.Decision().Offset != int64(at) || r.Decision().Charset != Auto {
				t.Fatalf("%q, reads of %d: got %v, offset %d; want ErrMixed at %d", bad[:4], size, err, r.Decision().Offset, at)
			}
			if got = got[:min(len(got), at)]; got != file[:at] {
				t.Fatalf("%q, reads of %d: got %d bytes before the error, want the %d before the damage", bad[:4], size, len(got), at)
			}
			if n, again := r.Read(make([]byte, 10)); n != 0 || again != err {
				t.Fatalf("got %d, %v after the error, want it again", n, again)
			}
		}
		checkRead(t, []byte(file), Options{KeepDamage: true}, file, UTF8)
		_, r, _ := readAll(strings.NewReader(file), Options{KeepDamage: true}, 1000)
		if s := r.Stats(); s.FirstDamaged != int64(at) || s.Damaged != int64(naiveDamage([]byte(file))) || r.Decision().Confidence != Likely {
			t.Errorf("%q: got %+v, %s; want %d damaged from %d on", bad[:4], s, r.Decision().Confidence, naiveDamage([]byte(file)), at)
		}
	}
	_, r, _ := readAll(strings.NewReader(sound+string(encode(t, GB18030, chineseOrders))), Options{}, 1000)
	if c := fmt.Sprint(r.Decision().Candidates); c != "[utf-8 gb18030]" {
		t.Errorf("got candidates %s, want gb18030 named by what follows", c)
	}
}

func naiveDamage(b []byte) int {
	n := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			n++
		}
		b = b[size:]
	}
	return n
}

func TestSettings(t *testing.T) {
	_, _, err := readAll(strings.NewReader("\xef\xbb\xbfa,b\n"), Options{Charset: GB18030}, 10)
	if !errors.Is(err, ErrContradiction) || !strings.Contains(err.Error(), "set charset: utf-8") {
		t.Errorf("got %v, want gb18030 to contradict the mark of utf-8", err)
	}
	checkRead(t, encode(t, UTF16LE, "\ufeffa,b\n"), Options{Charset: UTF16LE}, "a,b\n", UTF16LE)
	checkRead(t, []byte("\xef\xbb\xbfa,b\n"), Options{Charset: UTF8}, "\ufeffa,b\n", UTF8)
	_, r, err := readAll(strings.NewReader(chineseOrders), Options{Charset: GB18030}, 10)
	if err != nil || !strings.Contains(r.Decision().Warning, "strict UTF-8") {
		t.Errorf("got warning %q, %v; want that the bytes are UTF-8", r.Decision().Warning, err)
	}
	_, r, err = readAll(bytes.NewReader(encode(t, GB18030, chineseOrders)), Options{Charset: GB18030}, 10)
	if err != nil || r.Decision().Warning != "" || r.Decision().Confidence != Certain {
		t.Errorf("got %+v, %v; want a setting without a warning", r.Decision(), err)
	}
}

func TestSourceErrors(t *testing.T) {
	broken := errors.New("broken disk")
	for c, text := range map[Charset]string{UTF8: chineseOrders, GB18030: chineseOrders, Windows1252: german} {
		file := encode(t, c, text)
		got, _, err := readAll(io.MultiReader(bytes.NewReader(file), iotest.ErrReader(broken)), Options{}, 7)
		if !errors.Is(err, broken) || got != text {
			t.Errorf("%s: got %d bytes of %d, %v; want all, then the source's error", c, len(got), len(text), err)
		}
		if c == GB18030 {
			got, r, err := readAll(io.MultiReader(bytes.NewReader(file[:len(file)-1]), bytes.NewReader([]byte{0xc9}), iotest.ErrReader(broken)), Options{}, 7)
			if !errors.Is(err, broken) || r.Stats().Damaged != 0 || !strings.HasSuffix(got, "\r") {
				t.Errorf("got %q..., %+v, %v; want no damage where the source broke off", got[len(got)-5:], r.Stats(), err)
			}
		}
	}
	if _, _, err := readAll(nothing{}, Options{}, 7); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("got %v of a source that gives nothing, want io.ErrNoProgress", err)
	}
	if got, r, err := readAll(strings.NewReader(""), Options{}, 7); err != nil || got != "" || r.Decision().Charset != UTF8 {
		t.Errorf("got %q, %v of an empty file", got, err)
	}
}

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, nil }

// TestDecideAgrees: Decide on a whole file says what a Reader does.
func TestDecideAgrees(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := rapid.SliceOfN(rapid.SampledFrom([]byte("ab,\n\x00\x81\x92\xa0\xbf\xcd\xe9\xf6\xff\xe5\xae\xa2")), 0, 40).Draw(rt, "file")
		d := Decide(b, true)
		_, r, err := readAll(bytes.NewReader(b), Options{}, 3)
		if (d.Err() == nil) != (err == nil) || d.Charset != r.Decision().Charset || d.Offset != r.Decision().Offset {
			rt.Fatalf("got %+v, the reader %+v, %v", d, r.Decision(), err)
		}
	})
}
