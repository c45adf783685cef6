package sniff

import (
	"bytes"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
)

// trialRecords bounds how many records of the sample each candidate is tried on.
const trialRecords = 300

// delimiter is a candidate and how likely it is before the file is seen, in percent.
type delimiter struct {
	text  string
	prior float64
}

func delimiters() []delimiter {
	return []delimiter{{",", 1}, {";", 1}, {"\t", 1}, {"|", 1}, {", ", 0.95}, {"; ", 0.95}, {"\t\t", 0.96}, {"||", 0.97},
		{"::", 0.8}, {" | ", 0.96}, {"~", 0.8}, {"^", 0.8}, {"\x01", 1}, {"\x1f", 1}, {":", 0.4}, {" ", 0.55}}
}

// syntaxes are the candidates that the sample could be written in.
func syntaxes(sample []byte) (out []delimited.Syntax, priors []float64) {
	for _, d := range delimiters() {
		if !bytes.Contains(sample, []byte(d.text)) {
			continue
		}
		add := func(s delimited.Syntax, p float64) {
			s.Delimiter = d.text
			out, priors = append(out, s), append(priors, p*d.prior)
		}
		add(delimited.Syntax{}, 1)
		if d.text == " " && bytes.Contains(sample, []byte("  ")) {
			add(delimited.Syntax{Runs: true}, 1)
		}
		for _, esc := range []byte{'\\', 0} {
			if bytes.Contains(sample, []byte{esc, '"'}) {
				add(delimited.Syntax{Escape: esc, HasEscape: true}, 0.99)
			}
		}
		opens := bytes.Contains(sample, []byte(d.text+"'")) || bytes.Contains(sample, []byte("\n'")) || bytes.HasPrefix(sample, []byte("'"))
		if opens && bytes.Contains(sample, []byte("'"+d.text)) {
			add(delimited.Syntax{Quote: '\''}, 0.97)
			if bytes.Contains(sample, []byte(`""`)) {
				add(delimited.Syntax{Quote: '\'', Escape: '"', HasEscape: true}, 0.972)
			}
			if bytes.Contains(sample, []byte(`\'`)) {
				add(delimited.Syntax{Quote: '\'', Escape: '\\', HasEscape: true}, 0.969)
			}
		}
	}
	if len(out) == 0 {
		return []delimited.Syntax{{}}, []float64{1}
	}
	return out, priors
}

// trial is how well a candidate explains the sample.
type trial struct {
	syntax delimited.Syntax
	width  int     // the most frequent number of fields
	share  float64 // of the records that have it
	score  float64 // 0..1
}

// dialect tries every candidate and returns the best and the second best of another delimiter.
func dialect(sample []byte, fixed func(delimited.Syntax) bool) (best, second trial) {
	all, priors := syntaxes(sample)
	best = trial{syntax: delimited.Syntax{Delimiter: ","}, width: 1}
	for i, s := range all {
		if fixed != nil && !fixed(s) {
			continue
		}
		t := try(sample, s)
		t.score *= priors[i]
		switch {
		case t.score > best.score:
			if best.syntax.Delimiter != s.Delimiter {
				second = best
			}
			best = t
		case t.score > second.score && s.Delimiter != best.syntax.Delimiter:
			second = t
		}
	}
	return best, second
}

// try reads the sample with a candidate: the score is high where the records have the same number
// of fields, more than one, and where the values look like values: no other delimiter in unquoted
// text, no quotes left over.
func try(sample []byte, s delimited.Syntax) trial {
	r := delimited.NewMemoryReader(sample, s)
	widths := map[int]int{}
	quality := map[int]float64{}
	records := 0.0
	for n := 0; n < trialRecords; {
		rec, err := r.Next()
		if err != nil {
			break
		}
		if rec.Blank || allEmpty(rec.Fields) {
			continue
		}
		n++
		w := len(rec.Fields)
		if w == 1 {
			records += 0.5 // titles and notes have no delimiter at all
		} else {
			records++
		}
		widths[w]++
		q := 0.0
		for i, f := range rec.Fields {
			q += cellQuality(f, rec.Quoted[i], s)
		}
		q /= float64(w)
		if rec.Fault != delimited.Sound {
			q *= 0.5
		}
		quality[w] += q
	}
	t := trial{syntax: s}
	for w, n := range widths {
		if w > 1 && (n > widths[t.width] || n == widths[t.width] && w > t.width) {
			t.width = w
		}
	}
	if t.width < 2 || records == 0 {
		return trial{syntax: s, width: 1}
	}
	n := float64(widths[t.width])
	t.share = n / max(records, n)
	t.score = t.share * t.share * quality[t.width] / n * float64(t.width) / float64(t.width+1)
	return t
}

func allEmpty(fields [][]byte) bool {
	for _, f := range fields {
		if len(bytes.TrimSpace(f)) > 0 {
			return false
		}
	}
	return true
}

// cellQuality is 0..1: how much a value looks like one that was meant.
func cellQuality(f []byte, quoted bool, s delimited.Syntax) float64 {
	k := KindOf(f)
	switch {
	case quoted:
		if bytes.Contains(f, []byte(`\"`)) || bytes.Contains(f, []byte("\x00")) || s.Quote == '\'' && bytes.Contains(f, []byte(`""`)) {
			return 0.7
		}
		return 1
	case k == Empty:
		return 0.6 // a single tab between doubled ones gives columns of nothing
	case k != Text && k != Code:
		if f[0] == ' ' {
			return 0.9
		}
		return 1
	case strings.ContainsAny(string(f), ",;\t|\"\x00"):
		return 0.2
	case f[0] == '\'' && f[len(f)-1] == '\'' && len(f) > 1:
		return 0.2
	case f[0] == ' ':
		return 0.6
	}
	return 0.85
}
