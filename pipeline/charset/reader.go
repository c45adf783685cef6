package charset

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// How much text a decision looks at, in bytes from the first that is not ASCII. Where the first
// window leaves the charset open, it grows to the largest.
const (
	windowSize = 64 << 10
	windowMax  = 1 << 20
)

// Options are how a Reader reads. The zero value decides by evidence and refuses damaged UTF-8.
type Options struct {
	// Charset is the setting that overrides the evidence; Auto decides by it. A byte order mark of
	// the set charset is dropped as without a setting, one of another charset is ErrContradiction.
	// UTF8 includes KeepDamage.
	Charset Charset
	// Words are words of this file's header that the caller expects, such as the names that its
	// columns were mapped to. See Decide.
	Words []string
	// KeepDamage passes the bytes of UTF-8 text that are not UTF-8 through as they are, instead of
	// ErrMixed: the caller then has to reject the lines that hold them, which utf8.Valid finds.
	// Stats counts them. It changes nothing for text that is not UTF-8.
	KeepDamage bool
}

// Stats is what a Reader did so far. After io.EOF, In is the size of the file.
type Stats struct {
	In  int64 // bytes of the file used; of UTF-8 equal to Out
	Out int64 // bytes of UTF-8 given out
	// Damaged is the number of sequences that are no character of the charset: each came out as one
	// U+FFFD. Of UTF-8 text it is the number of bytes in no character, and they came out unchanged.
	Damaged int64
	// FirstDamaged is the offset of the first of them in the file, -1 where there is none.
	FirstDamaged int64
}

// Reader gives a file's text as UTF-8. It is an io.Reader and is not safe for concurrent use.
//
// A file that is UTF-8 comes out byte for byte, its byte order mark included: offsets in the text
// are offsets in the file. Of all other charsets the mark is dropped. What comes out does not depend
// on the sizes in which the source gives its bytes or Read is called, but for ErrMixed: there up to
// three bytes of the damaged character may have come out.
type Reader struct {
	src     io.Reader
	srcErr  error
	options Options
	partial bool // src ends before the file does

	mode     mode
	decision Decision
	stats    Stats
	fault    error // what Read gives once stopped

	buf    []byte // read from src and not used yet: buf[pos:]
	pos    int
	direct bool // take read past buf

	before  byte // the last byte of the ASCII text
	valid   validator
	keep    bool
	decoder decoder
	base    int64 // offset of the first byte decoded
	out     []byte
	given   int // of out
}

type mode uint8

const (
	starting mode = iota // no byte was looked at
	ascii                // nothing but ASCII so far
	text                 // UTF-8
	decoding             // anything else
	stopped
)

// NewReader reads the text of src.
func NewReader(src io.Reader, o Options) *Reader {
	return &Reader{src: src, options: o, keep: o.KeepDamage || o.Charset == UTF8,
		decision: Decision{Offset: -1}, stats: Stats{FirstDamaged: -1}}
}

// Decision is what was decided. It is final once Read has given an error or io.EOF: until then text
// that is ASCII or UTF-8 so far is Likely to be UTF-8.
func (r *Reader) Decision() Decision { return r.decision }

// Stats is what was read so far.
func (r *Reader) Stats() Stats { return r.stats }

// Read gives text as io.Reader does. All that can be read before the charset stops being decided
// comes first; then the error is that of Decision().Err, the source's own, or io.EOF.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		var n int
		var err error
		switch r.mode {
		case starting:
			r.start()
		case ascii:
			n, err = r.readASCII(p)
		case text:
			n, err = r.readText(p)
		case decoding:
			n, err = r.readDecoded(p)
		case stopped:
			return 0, r.fault
		}
		if n > 0 || err != nil {
			r.stats.Out += int64(n)
			return n, err
		}
	}
}

// stop ends the reading with what a decision says.
func (r *Reader) stop(d Decision) {
	r.decision, r.mode, r.fault = d, stopped, d.Err()
}

// start looks at the start of the file.
func (r *Reader) start() {
	head := r.fill(windowSize)
	mark, marked := markOf(head)
	set := r.options.Charset
	switch {
	case marked && mark.charset == Auto:
		r.stop(refused(mark.name, "it begins with its byte order mark"))
	case set != Auto && marked && mark.charset != set:
		r.stop(Decision{cause: ErrContradiction, Candidates: []Charset{mark.charset},
			Evidence: fmt.Sprintf("%s is set, and the file begins with the byte order mark of %s", set, mark.name)})
	case set != Auto:
		d := Decision{Charset: set, Confidence: Certain, Evidence: "set by the user", Offset: firstHigh(head)}
		if set != UTF8 {
			d.Warning = r.doubt(head)
		}
		r.begin(d, len(mark.bytes))
	case marked:
		r.begin(Decision{Charset: mark.charset, Confidence: Certain, Evidence: "byte order mark of " + mark.name}, len(mark.bytes))
	default:
		if d, found := wide(head); found && d.cause != nil {
			r.stop(d)
		} else if found {
			r.begin(d, 0)
		} else {
			r.mode = ascii
			r.decision = Decision{Charset: UTF8, Confidence: Likely, Evidence: "only ASCII so far", Offset: -1}
		}
	}
}

// begin reads on in the charset decided. The mark is the length of its byte order mark.
func (r *Reader) begin(d Decision, mark int) {
	r.decision = d
	if d.Charset == UTF8 {
		r.mode, r.valid = text, validator{pos: r.stats.In, bad: damage{first: -1}}
		return
	}
	r.pos += mark
	r.stats.In += int64(mark)
	r.mode, r.decoder, r.base = decoding, newDecoder(d.Charset), r.stats.In
}

// doubt is what the start of a file says against a charset that was set.
func (r *Reader) doubt(head []byte) string {
	k := asciiLen(head)
	w := window{text: head[k:], offset: int64(k), whole: r.atEnd()}
	if u := w.unicode(); k < len(head) && u.bad == 0 && u.long >= 4 {
		return fmt.Sprintf("%s is set, but the bytes are strict UTF-8: %s beyond ASCII from offset %d on; is the setting right for this file?",
			r.options.Charset, plural(u.runes, "character"), k)
	}
	return ""
}

func firstHigh(b []byte) int64 {
	if k := asciiLen(b); k < len(b) {
		return int64(k)
	}
	return -1
}

// readASCII gives text up to the first byte beyond ASCII.
func (r *Reader) readASCII(p []byte) (int, error) {
	n, err := r.take(p)
	if err != nil {
		if errors.Is(err, io.EOF) && !r.partial {
			r.decision.Confidence = Certain
			r.decision.Evidence = fmt.Sprintf("only ASCII in all %d bytes", r.stats.In)
		}
		return 0, err
	}
	k := asciiLen(p[:n])
	if k > 0 {
		r.before = p[k-1]
	}
	r.stats.In += int64(k)
	if k < n {
		r.giveBack(p[k:n])
		r.settle()
	}
	return k, nil
}

// settle decides on the window that begins here.
func (r *Reader) settle() {
	w := window{before: r.before, offset: r.stats.In, words: r.options.Words}
	var d Decision
	for _, size := range []int{windowSize, windowMax} {
		w.text = r.fill(size)
		w.whole = len(w.text) == len(r.buf)-r.pos && r.atEnd()
		d = w.judge()
		if d.cause != ErrUndecided || len(w.text) < size {
			break
		}
	}
	switch {
	case d.cause == nil:
		r.begin(d, 0)
	case d.cause == ErrMixed && r.keep:
		r.begin(Decision{Charset: UTF8, Confidence: Likely, Evidence: d.Evidence, Offset: d.Offset}, 0)
	default:
		r.stop(d)
	}
}

// readText gives UTF-8 as it is, and looks at it.
func (r *Reader) readText(p []byte) (int, error) {
	n, err := r.take(p)
	if err != nil {
		if errors.Is(err, io.EOF) && !r.partial {
			return 0, r.endText()
		}
		return 0, err
	}
	if !r.valid.write(p[:n], !r.keep) {
		sound := max(0, int(r.valid.bad.first-r.stats.In))
		r.giveBack(p[sound:n])
		r.stats.In += int64(sound)
		r.mixed()
		return sound, nil
	}
	r.stats.In += int64(n)
	r.stats.Damaged, r.stats.FirstDamaged = r.valid.bad.count, r.valid.bad.first
	return n, nil
}

// endText ends UTF-8 text at the file's end.
func (r *Reader) endText() error {
	if !r.valid.end() && !r.keep {
		r.mixed()
		return r.fault
	}
	r.stats.Damaged, r.stats.FirstDamaged = r.valid.bad.count, r.valid.bad.first
	if r.stats.Damaged == 0 && r.decision.Confidence == Likely {
		r.decision.Confidence = Certain
		r.decision.Evidence += fmt.Sprintf(", and all %d bytes hold to it", r.stats.In)
	}
	return io.EOF
}

// mixed stops at bytes that are not UTF-8 within text that was. What follows may tell whether the
// text before only looked like it.
func (r *Reader) mixed() {
	at := r.valid.bad.first
	d := Decision{Candidates: []Charset{UTF8}, Offset: at, cause: ErrMixed,
		Evidence: fmt.Sprintf("%s; from offset %d on it is not UTF-8", r.decision.Evidence, at)}
	rest := r.fill(windowSize)
	if w := (window{text: rest, offset: at, words: r.options.Words}); len(rest) > 0 {
		if other := w.judge(); other.cause == nil && other.Charset != UTF8 {
			d.Candidates = append(d.Candidates, other.Charset)
		}
	}
	r.stop(d)
}

// readDecoded gives decoded text.
func (r *Reader) readDecoded(p []byte) (int, error) {
	for r.given == len(r.out) {
		src := r.fill(windowSize)
		if len(src) == 0 {
			return 0, r.srcErr
		}
		if cap(r.out) == 0 {
			r.out = make([]byte, windowSize)
		}
		last := len(src) == len(r.buf)-r.pos && errors.Is(r.srcErr, io.EOF)
		n, m := r.decoder.decode(r.out[:cap(r.out)], src, last)
		if n+m == 0 && r.srcErr != nil { // the source broke off within a character
			return 0, r.srcErr
		}
		r.out, r.given = r.out[:n], 0
		r.pos += m
		r.stats.In += int64(m)
		bad := r.decoder.damage()
		if r.stats.Damaged = bad.count; bad.count > 0 {
			r.stats.FirstDamaged = r.base + bad.first
		}
	}
	n := copy(p, r.out[r.given:])
	r.given += n
	return n, nil
}

// take reads into p: what was looked at already, else from the source. It gives either bytes or an
// error.
func (r *Reader) take(p []byte) (int, error) {
	if r.pos < len(r.buf) {
		n := copy(p, r.buf[r.pos:])
		r.pos += n
		r.direct = false
		return n, nil
	}
	n := r.pull(p)
	r.direct = true
	if n == 0 {
		return 0, r.srcErr
	}
	return n, nil
}

// giveBack returns the end of what take gave last.
func (r *Reader) giveBack(b []byte) {
	if r.direct {
		r.buf, r.pos = append(r.buf[:0], b...), 0
		return
	}
	r.pos -= len(b)
}

// fill gives the next size bytes without using them; fewer where the source ends.
func (r *Reader) fill(size int) []byte {
	if missing := size - (len(r.buf) - r.pos); missing > 0 && r.srcErr == nil {
		r.buf = append(r.buf[:0], r.buf[r.pos:]...)
		r.pos = 0
		r.buf = slices.Grow(r.buf, missing)
		for len(r.buf) < size && r.srcErr == nil {
			n := r.pull(r.buf[len(r.buf):size])
			r.buf = r.buf[:len(r.buf)+n]
		}
	}
	return r.buf[r.pos:min(len(r.buf), r.pos+size)]
}

// pull reads from the source once, and again where it gives nothing.
func (r *Reader) pull(p []byte) int {
	for range 100 {
		if r.srcErr != nil {
			return 0
		}
		var n int
		if n, r.srcErr = r.src.Read(p); n > 0 {
			return n
		}
	}
	r.srcErr = io.ErrNoProgress
	return 0
}

// atEnd says that the source gave all of the file.
func (r *Reader) atEnd() bool { return !r.partial && errors.Is(r.srcErr, io.EOF) }
