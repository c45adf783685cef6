package charset

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"pgregory.net/rapid"
)

func TestASCIILen(t *testing.T) {
	for _, size := range []int{0, 1, 7, 8, 9, 31, 32, 33, 63, 64, 65, 100} {
		b := bytes.Repeat([]byte("x"), size)
		if got := asciiLen(b); got != size {
			t.Errorf("%d bytes: got %d", size, got)
		}
		for at := range b {
			for _, c := range []byte{0x80, 0xff} {
				b[at] = c
				if got := asciiLen(b); got != at {
					t.Errorf("%#x at %d of %d: got %d", c, at, size, got)
				}
			}
			b[at] = 'x'
		}
	}
}

// TestValidLen: every three bytes, and drawn ones, against a plain loop.
func TestValidLen(t *testing.T) {
	check := func(b []byte) {
		want := 0
		for want < len(b) {
			r, size := utf8.DecodeRune(b[want:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			want += size
		}
		if got := validLen(b); got != want {
			t.Fatalf("% x: got %d, want %d", b, got, want)
		}
	}
	for lead := 0x80; lead < 0x100; lead++ {
		for second := range 0x100 {
			for _, third := range []byte{0x00, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xff} {
				for _, end := range []string{"", "a", "\x80", "\x80aaaaaaa", "客户"} {
					check(append([]byte{byte(lead), byte(second), third}, end...))
				}
			}
		}
	}
	pieces := rapid.SampledFrom([]string{"a", "0123456789abcdef0123456789abcdef0123", "é", "客", "🙂", "\xe5\xae", "\xed\x9f\xbf", "\xe0\xa0\x80", "\xf4\x8f\xbf\xbf", "\xff"})
	rapid.Check(t, func(rt *rapid.T) {
		var b []byte
		for _, p := range rapid.SliceOfN(pieces, 0, 12).Draw(rt, "pieces") {
			b = append(b, p...)
		}
		check(b)
	})
}

// TestValidator: in whatever pieces, it counts what a plain loop counts.
func TestValidator(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"a", "0123456789abcdef0123456789abcdef0123", "é", "客", "🙂", "\xff", "\xe5", "\xe5\xae", "\xf0\x9f", "\xf0\x9f\x99", "\x80", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90"})
	rapid.Check(t, func(rt *rapid.T) {
		var b []byte
		for _, p := range rapid.SliceOfN(pieces, 0, 12).Draw(rt, "pieces") {
			b = append(b, p...)
		}
		v, first := validator{pos: 1000, bad: damage{first: -1}}, validator{pos: 1000, bad: damage{first: -1}}
		stopped := false
		for rest := b; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(rt, "n")
			if !v.write(rest[:n], false) {
				rt.Fatal("stopped without being told to")
			}
			if !stopped {
				stopped = !first.write(rest[:n], true)
			}
			rest = rest[n:]
		}
		v.end()
		if !stopped {
			stopped = !first.end()
		}
		want, at := naiveDamage(b), int64(-1)
		for i := 0; i < len(b); {
			r, size := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && size == 1 {
				at = 1000 + int64(i)
				break
			}
			i += size
		}
		if v.bad != (damage{int64(want), at}) || v.pos != 1000+int64(len(b)) {
			rt.Fatalf("%q: got %+v at %d, want %d from %d", b, v.bad, v.pos, want, at)
		}
		if stopped != (want > 0) || first.bad.first != at {
			rt.Fatalf("%q: stopped %v at %d, want it at %d", b, stopped, first.bad.first, at)
		}
	})
}

// TestDecoders: any bytes, cut anywhere, decode to what the library makes of them at once, and the
// damage counted is the number of U+FFFD that are not genuine.
func TestDecoders(t *testing.T) {
	for c := UTF16LE; c < count; c++ {
		t.Run(c.String(), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				src := rapid.SliceOfN(rapid.SampledFrom([]byte("a,0|\x00\x31\x40\x7f\x80\x81\x84\x8e\x8f\x95\xa1\xa4\xb0\xd8\xdc\xe3\xf5\xfd\xfe\xff")), 0, 24).Draw(rt, "src")
				want, damaged := naiveDecode(t, c, src)
				d := newDecoder(c)
				var got []byte
				dst := make([]byte, rapid.IntRange(8, 40).Draw(rt, "room"))
				for from, to := 0, 0; from < len(src); {
					to = max(to, rapid.IntRange(from, len(src)).Draw(rt, "to"))
					n, m := d.decode(dst, src[from:to], to == len(src))
					got = append(got, dst[:n]...)
					if from += m; m == 0 {
						to = min(to+1, len(src))
					}
				}
				if string(got) != want || d.damage().count != damaged {
					rt.Fatalf("% x: got %q with %d damaged, want %q with %d", src, got, d.damage().count, want, damaged)
				}
			})
		})
	}
}

func naiveDecode(t *testing.T, c Charset, src []byte) (string, int64) {
	if m := c.table(); m != nil {
		var out []rune
		damaged := int64(0)
		for _, b := range src {
			r := m.DecodeByte(b)
			if b >= 0x80 && (r < 0xa0 || r == utf8.RuneError) {
				r = utf8.RuneError
				damaged++
			}
			out = append(out, r)
		}
		return string(out), damaged
	}
	e := c.multibyte()
	out, err := e.NewDecoder().Bytes(src)
	if err != nil {
		t.Fatalf("the library's decoder: %v", err)
	}
	return string(out), int64(bytes.Count(out, []byte("\ufffd"))) - genuine(e, out, src)
}

// genuine counts the U+FFFD that the source itself holds, by decoding it with each of them replaced.
func genuine(e encoding.Encoding, out, src []byte) int64 {
	fffd, err := e.NewEncoder().Bytes([]byte("\ufffd"))
	if err != nil || len(fffd) < 2 {
		return 0
	}
	n := int64(0)
	for i := 0; i+len(fffd) <= len(src); i++ {
		if !bytes.Equal(src[i:i+len(fffd)], fffd) {
			continue
		}
		// One character less before the rest: the sequence is a character and not parts of two.
		before, _ := e.NewDecoder().Bytes(src[:i])
		after, _ := e.NewDecoder().Bytes(src[i+len(fffd):])
		if string(before)+"\ufffd"+string(after) == string(out) {
			n++
			i += len(fffd) - 1
		}
	}
	return n
}
