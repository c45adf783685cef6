package delimited

import "bytes"

// manner is how a reading takes quotes that are not well-formed.
type manner struct {
	oneLine bool // no field goes past its line
	inner   bool // an inner quote is text even where it seems to open the next field
}

// reading is one understanding of the record at the start of some data.
type reading struct {
	fields [][]byte
	quoted []bool
	arena  []byte // text of fields with escapes
	count  int    // fields, also those beyond MaxFields
	n      int    // bytes without the line end
	fault  Fault
	quotes bool // a quote opened a field, or should have
}

func (g *reading) fits(width int) bool {
	return g.count == width && (g.fault == Sound || g.fault == StrayQuote)
}

// read reads the record at the start of data, of which no more is needed.
func (g *reading) read(r *Reader, data []byte, m manner) {
	*g = reading{fields: g.fields[:0], quoted: g.quoted[:0], arena: g.arena[:0]}
	i := r.skip(data, 0)
	for {
		i = g.field(r, data, i, m)
		if !bytes.HasPrefix(data[i:], r.delim) {
			g.n = i
			return
		}
		if i = r.skip(data, i+len(r.delim)); r.syntax.Runs && r.atEnd(data, i) {
			g.n = i
			return
		}
	}
}

// skip passes what is left of a run of delimiters.
func (r *Reader) skip(data []byte, i int) int {
	for r.syntax.Runs && bytes.HasPrefix(data[i:], r.delim) {
		i += len(r.delim)
	}
	return i
}

// field reads the field at i and returns where it ends: at a delimiter, a line end or the data's end.
func (g *reading) field(r *Reader, data []byte, i int, m manner) int {
	if !r.syntax.NoQuote && i < len(data) && data[i] == r.quote {
		g.quotes = true
		if at, after, stray := r.closing(data, i+1, m); at >= 0 {
			if stray {
				g.remark(StrayQuote)
			}
			g.add(r.unescape(g, data[i+1:at]), true)
			return after
		}
		g.remark(StrayQuote)
	}
	start, escaped := i, false
	for i < len(data) {
		c := data[i]
		switch {
		case c == '\r' || c == '\n' || c == r.delim[0] && bytes.HasPrefix(data[i:], r.delim):
			g.add(g.literal(r, data[start:i], escaped), false)
			return i
		case int(c) == r.esc && bytes.HasPrefix(data[i+1:], r.delim):
			escaped = true
			i += len(r.delim)
		case c == r.quote && !r.syntax.NoQuote && i > start:
			g.quotes = true
			g.remark(StrayQuote)
		}
		i++
	}
	g.add(g.literal(r, data[start:i], escaped), false)
	return i
}

func (g *reading) remark(f Fault) {
	if g.fault == Sound {
		g.fault = f
	}
}

func (g *reading) add(f []byte, quoted bool) {
	if g.count++; g.count <= MaxFields {
		g.fields, g.quoted = append(g.fields, f), append(g.quoted, quoted)
	}
}

// literal is the text of an unquoted field: an escape before a delimiter goes.
func (g *reading) literal(r *Reader, f []byte, escaped bool) []byte {
	if !escaped {
		return f
	}
	from := len(g.arena)
	for i := 0; i < len(f); i++ {
		if int(f[i]) == r.esc && bytes.HasPrefix(f[i+1:], r.delim) {
			continue
		}
		g.arena = append(g.arena, f[i])
	}
	return g.arena[from:len(g.arena):len(g.arena)]
}

// unescape is the text of a quoted field: doubled quotes and escapes before a quote or an escape.
func (r *Reader) unescape(g *reading, f []byte) []byte {
	if bytes.IndexByte(f, r.quote) < 0 && (r.esc < 0 || bytes.IndexByte(f, byte(r.esc)) < 0) {
		return f
	}
	from := len(g.arena)
	for i := 0; i < len(f); i++ {
		if i+1 < len(f) && (f[i] == r.quote && f[i+1] == r.quote || int(f[i]) == r.esc && (f[i+1] == r.quote || int(f[i+1]) == r.esc)) {
			i++
		}
		g.arena = append(g.arena, f[i])
	}
	return g.arena[from:len(g.arena):len(g.arena)]
}

// closing finds the quote that closes a field whose text starts at from, and where the field ends:
// blanks between the two are untidy, no more. It is -1 where the opening quote must be a stray one.
func (r *Reader) closing(data []byte, from int, m manner) (at, after int, stray bool) {
	crossed := false // an inner stray quote beyond the field's first line proves nothing
	for i := from; i < len(data); i++ {
		c := data[i]
		switch {
		case c == '\r' || c == '\n':
			if m.oneLine {
				return -1, 0, false
			}
			crossed = true
		case int(c) == r.esc && i+1 < len(data) && (data[i+1] == r.quote || int(data[i+1]) == r.esc):
			i++
		case c != r.quote:
		default:
			end := i + 1
			if r.atEnd(data, end) {
				return i, end, stray
			}
			if data[end] == r.quote {
				i++
				continue
			}
			for end < len(data) && data[end] == ' ' {
				end++
			}
			if end > i+1 && r.atEnd(data, end) {
				return i, end, stray
			}
			if crossed || !m.inner && i > from && bytes.HasSuffix(data[from:i], r.delim) {
				return -1, 0, false
			}
			stray = true
		}
	}
	return -1, 0, false
}

// atEnd says that a field may end at i.
func (r *Reader) atEnd(data []byte, i int) bool {
	return i >= len(data) || data[i] == '\r' || data[i] == '\n' || bytes.HasPrefix(data[i:], r.delim)
}

// Parse reads text that is one record of a width; false where no reading gives it.
func Parse(text []byte, s Syntax, width int) ([][]byte, bool) {
	if s.Validate() != nil || len(text) > MaxRecord {
		return nil, false
	}
	r := &Reader{syntax: s, delim: []byte(s.delimiter()), quote: s.quote(), esc: -1}
	if s.escapes() {
		r.esc = int(s.Escape)
	}
	for _, m := range []manner{{}, {inner: true}} {
		if r.cur.read(r, text, m); r.cur.fits(width) && r.cur.n == len(text) {
			return r.cur.fields, true
		}
	}
	return nil, false
}
