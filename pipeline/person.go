package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/span"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

// shownCandidates is how many customers of an ambiguous or unknown name are listed.
const shownCandidates = 10

// candidate is a customer that a word may mean.
type candidate struct {
	row      int32
	id, name string
}

func (c candidate) String() string {
	if c.name == "" {
		return c.id
	}
	return c.id + " (" + c.name + ")"
}

// whoIs finds the customer that a word means: by id; else by name; else by id or name without case,
// width, space and punctuation; else by a part of the name. What several customers answer to is an
// ErrConfig that lists them, and so is what nobody does, with the nearest.
func (p *published) whoIs(word string) (int32, error) {
	at, err := p.place(word)
	if at >= 0 || err != nil {
		return at, err
	}
	s, err := p.search(word)
	if err != nil {
		return -1, err
	}
	for _, found := range []matches{s.exact, s.alike, s.part} {
		if found.count == 1 {
			return found.first[0].row, nil
		}
		if found.count > 1 {
			return -1, as(ErrConfig, fmt.Errorf("%q is %d customers: %s; name one by its id", word, found.count, found))
		}
	}
	near, err := p.near(word)
	if err != nil {
		return -1, err
	}
	if len(near) == 0 {
		return -1, as(ErrConfig, fmt.Errorf("run %s has no customer %q, by id or by name, and none like it", p.run.ID, word))
	}
	return -1, as(ErrConfig, fmt.Errorf("run %s has no customer %q, by id or by name; the nearest are %s", p.run.ID, word, strings.Join(near, ", ")))
}

// matches are customers in the order of their ids.
type matches struct {
	count int
	first []candidate // at most shownCandidates
}

func (m *matches) add(c candidate) {
	if m.count++; len(m.first) < shownCandidates {
		m.first = append(m.first, candidate{c.row, strings.Clone(c.id), strings.Clone(c.name)})
	}
}

func (m *matches) join(o matches) {
	m.count += o.count
	m.first = append(m.first, o.first[:min(len(o.first), shownCandidates-len(m.first))]...)
}

func (m matches) String() string {
	var names []string
	for _, c := range m.first {
		names = append(names, c.String())
	}
	text := strings.Join(names, ", ")
	if more := m.count - len(m.first); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// searched is what one pass over ids and names came to.
type searched struct{ exact, alike, part matches }

// eachGroup reads ids and names row group by row group, side by side.
func (p *published) eachGroup(f func(g int, ids, names *table.Column)) error {
	errs := make([]error, p.Groups())
	span.Each(p.Groups(), 1, p.workers, func(g, _, _ int) {
		t, err := p.Read([]string{"customer_id", "name"}, []int{g}, 1)
		if err != nil {
			errs[g] = err
			return
		}
		f(g, &t.Columns()[0], &t.Columns()[1])
		t.Release()
	})
	return p.run.Damage(customersFile, errors.Join(errs...))
}

func (p *published) search(word string) (all searched, err error) {
	folded := foldName(word)
	found := make([]searched, p.Groups())
	err = p.eachGroup(func(g int, ids, names *table.Column) {
		lo, _ := p.Span(g)
		s := &found[g]
		var id, name []byte
		for i := range ids.Len() {
			c := candidate{int32(lo + i), ids.Text(i), names.Text(i)}
			id, name = appendFolded(id[:0], c.id), appendFolded(name[:0], c.name)
			switch {
			case c.name == word:
				s.exact.add(c)
			case folded == "":
			case string(id) == folded, string(name) == folded:
				s.alike.add(c)
			case bytes.Contains(name, []byte(folded)):
				s.part.add(c)
			}
		}
	})
	for g := range found {
		all.exact.join(found[g].exact)
		all.alike.join(found[g].alike)
		all.part.join(found[g].part)
	}
	return all, err
}

// looked is how many customers of a row group are held against an unknown word: those of which letters
// and length say that they may be nearest.
const looked = 250

// near names the nearest customers.
func (p *published) near(word string) (out []string, err error) {
	type close struct {
		least int // edits
		text  string
		who   candidate
	}
	folded := foldName(word)
	found := make([][]close, p.Groups())
	err = p.eachGroup(func(g int, ids, names *table.Column) {
		lo, _ := p.Span(g)
		var buf []byte
		for i := range ids.Len() {
			for _, text := range [2]string{ids.Text(i), names.Text(i)} {
				buf = appendFolded(buf[:0], text)
				if least := leastEdits(string(buf), folded); len(buf) > 0 && least <= max(2, max(len(buf), len(folded))/3) {
					found[g] = append(found[g], close{least, string(buf), candidate{row: int32(lo + i)}})
				}
			}
		}
		slices.SortStableFunc(found[g], func(a, b close) int { return a.least - b.least })
		found[g] = found[g][:min(len(found[g]), looked)]
		for k := range found[g] {
			c := &found[g][k].who
			c.id, c.name = strings.Clone(ids.Text(int(c.row)-lo)), strings.Clone(names.Text(int(c.row)-lo))
		}
	})
	var texts []string
	who := map[string]candidate{}
	for _, c := range slices.Concat(found...) {
		if _, twice := who[c.text]; !twice {
			texts, who[c.text] = append(texts, c.text), c.who
		}
	}
	for _, text := range layout.Nearest(texts, folded, 3) {
		out = append(out, who[text].String())
	}
	return out, err
}

// leastEdits bounds the edit distance of two folded texts from below: by their lengths, and by the letters
// and digits that only one of them has, of which an edit settles at most two.
func leastEdits(a, b string) int {
	var marks [2]uint64
	for k, s := range [2]string{a, b} {
		for i := 0; i < len(s); i++ {
			if s[i] >= utf8.RuneSelf {
				return 0 // bytes say nothing of runes
			}
			marks[k] |= 1 << (s[i] & 63)
		}
	}
	return max(len(a)-len(b), len(b)-len(a), (bits.OnesCount64(marks[0]^marks[1])+1)/2)
}

// foldName is a name without case, width, space and punctuation.
func foldName(name string) string { return string(appendFolded(nil, name)) }

// appendFolded appends nameOf(s); plain ASCII, which most names are, does without tables.
func appendFolded(dst []byte, s string) []byte {
	from := len(dst)
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b >= utf8.RuneSelf:
			return append(dst[:from], nameOf(s)...)
		case 'A' <= b && b <= 'Z':
			dst = append(dst, b+'a'-'A')
		case 'a' <= b && b <= 'z', '0' <= b && b <= '9':
			dst = append(dst, b)
		}
	}
	return dst
}
