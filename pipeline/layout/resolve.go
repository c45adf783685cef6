package layout

import (
	"errors"
	"slices"
)

// Rule is what decided the header of a canonical column.
type Rule uint8

// The rules, strongest first.
const (
	RuleNone   Rule = iota // no header
	RuleMap                // --map or the map of a config
	RulePreset             // the preset's candidates
	RuleName               // the header is the canonical name, exactly or folded
	RuleAlias              // the table of common names
)

// String names the rule for inspect.
func (r Rule) String() string {
	switch r {
	case RuleMap:
		return "--map"
	case RulePreset:
		return "preset"
	case RuleName:
		return "canonical name"
	case RuleAlias:
		return "common name"
	}
	return "none"
}

// Mapping is what may decide which header is which column.
type Mapping struct {
	Assignments []Assignment // --map flags and config entries; they win over everything
	Preset      *Preset      // nil: none
	NoAliases   bool         // true: only assignments, the preset and canonical names
	Hidden      []bool       // by position: headers that only an assignment may take; nil: none
	// Settings decide what the file needs (OrderPerDay); the caller merged those of the preset in.
	Settings Settings
}

// Match is one canonical column that has a header.
type Match struct {
	Column Column
	Index  int // position in the header, 0 is the first
	Header string
	Rule   Rule
}

// Resolved says where the canonical columns of a file are. It is read-only.
type Resolved struct {
	Kind     Kind
	Headers  []string // as the file has them
	Matches  []Match  // in canonical order
	Unmapped []string // headers that no column uses, in file order, blank ones included
	index    [columns]int16
}

// Index is the position of a column in the header, or -1. It panics for a column of another kind.
func (r *Resolved) Index(c Column) int {
	if c.Kind() != r.Kind {
		panic("layout: " + c.String() + " is no column of " + r.Kind.String())
	}
	return int(r.index[c]) - 1 // stored from 1 on, so that the zero value maps nothing
}

// Has reports whether a column has a header.
func (r *Resolved) Has(c Column) bool { return r.Index(c) >= 0 }

// maxHeaders is the greatest number of headers; ingest limits a record to 4,096 fields.
const maxHeaders = 1 << 14

// ErrTooWide says that a header has more than 16,384 columns.
var ErrTooWide = errors.New("the header has more than 16384 columns: check the delimiter")

// Resolve decides which header is which canonical column of kind k. Each column takes the strongest
// rule that finds a header for it: an assignment, the preset, the canonical name (exactly written,
// then folded), an alias. A header that a stronger rule gave away is not taken again by a weaker
// one. The result depends on nothing but the arguments.
//
// On error it returns all faults joined: *MissingError, *AmbiguousError, *SharedError,
// *DuplicateHeaderError, *GrossError, *UnknownHeaderError, *UnknownColumnError, ErrTooWide.
func Resolve(k Kind, headers []string, m Mapping) (Resolved, error) {
	if len(headers) > maxHeaders {
		return Resolved{Kind: k}, ErrTooWide
	}
	r := newResolver(k, headers)
	r.assignments(m.Assignments)
	for i := range min(len(m.Hidden), len(headers)) {
		r.used[i] = r.used[i] || m.Hidden[i]
	}
	if m.Preset != nil {
		r.preset(m.Preset)
	}
	r.names()
	if !m.NoAliases {
		r.aliases()
	}
	if !m.NoAliases {
		r.takeGross()
	}
	r.faultGross(m.Settings)
	r.needs(m.Settings)
	return r.result(), errors.Join(r.errs...)
}

// resolver is the state of one Resolve.
type resolver struct {
	kind    Kind
	headers []string
	folded  []string
	used    []bool
	index   [columns]int16 // position + 1
	rule    [columns]Rule
	closed  [columns]bool // decided, kept unmapped by the preset, or faulty
	errs    []error
}

func newResolver(k Kind, headers []string) *resolver {
	r := &resolver{kind: k, headers: slices.Clone(headers), used: make([]bool, len(headers))}
	r.folded = make([]string, len(headers))
	for i, h := range headers {
		r.folded[i] = Fold(h)
	}
	return r
}

// take gives the header at one of the positions to c: more than one is a fault.
func (r *resolver) take(c Column, at []int, rule Rule) {
	r.closed[c] = true
	if len(at) == 1 {
		r.index[c], r.rule[c] = int16(at[0]+1), rule
		r.used[at[0]] = true
		return
	}
	names := make([]string, len(at))
	same := true
	for i, p := range at {
		names[i] = r.headers[p]
		same = same && names[i] == names[0]
		r.used[p] = true // a fault once is enough: weaker rules do not meet it again
	}
	if same {
		r.errs = append(r.errs, &DuplicateHeaderError{Column: c, Header: names[0], Positions: at})
		return
	}
	r.errs = append(r.errs, &AmbiguousError{Column: c, Rule: rule, Headers: names})
}

func (r *resolver) assignments(as []Assignment) {
	var claims [columns][]int
	for _, a := range as {
		c, applies, must, err := a.target(r.kind)
		if err != nil {
			r.errs = append(r.errs, err)
			continue
		}
		if !applies {
			continue
		}
		at := find(r.headers, r.folded, a.Header)
		if at == nil && must {
			e := &UnknownHeaderError{Column: c, Header: a.Header, Headers: r.headers}
			if i := nearest(r.folded, []string{Fold(a.Header)}); i >= 0 {
				e.Nearest = r.headers[i]
			}
			r.errs = append(r.errs, e)
			r.closed[c] = true
		}
		for _, p := range at {
			if !slices.Contains(claims[c], p) {
				claims[c] = append(claims[c], p)
			}
		}
	}
	r.claim(claims, RuleMap)
}

func (r *resolver) preset(p *Preset) {
	var claims [columns][]int
	for _, c := range r.kind.Columns() {
		if r.closed[c] || p.candidates[c] == nil {
			continue
		}
		r.closed[c] = len(p.candidates[c]) == 0
		for _, h := range p.candidates[c] {
			at := r.free(find(r.headers, r.folded, h))
			if at != nil {
				claims[c] = at
				break
			}
		}
	}
	r.claim(claims, RulePreset)
}

// claim takes what assignments or a preset gave, and faults headers given to two columns.
func (r *resolver) claim(claims [columns][]int, rule Rule) {
	owners := map[int][]Column{}
	for _, c := range r.kind.Columns() {
		for _, p := range claims[c] {
			owners[p] = append(owners[p], c)
		}
		if claims[c] != nil {
			r.take(c, claims[c], rule)
		}
	}
	for p := range r.headers {
		if cs := owners[p]; len(cs) > 1 {
			r.errs = append(r.errs, &SharedError{Header: r.headers[p], Columns: cs})
		}
	}
}

// free keeps the positions that no stronger rule gave away.
func (r *resolver) free(at []int) []int {
	var out []int
	for _, p := range at {
		if !r.used[p] {
			out = append(out, p)
		}
	}
	return out
}

// names takes headers that are canonical names: written exactly so, else folded.
func (r *resolver) names() {
	for _, c := range r.kind.Columns() {
		if r.closed[c] {
			continue
		}
		if at := r.free(find(r.headers, r.folded, c.String())); at != nil {
			r.take(c, at, RuleName)
		}
	}
}

func (r *resolver) aliases() {
	table := commonAliases()[r.kind]
	var at [columns][]int
	for i, f := range r.folded {
		if c, ok := table[f]; ok && !r.used[i] && !r.closed[c] {
			at[c] = append(at[c], i)
		}
	}
	for _, c := range r.kind.Columns() {
		if at[c] != nil {
			r.take(c, at[c], RuleAlias)
		}
	}
}

func (r *resolver) result() Resolved {
	out := Resolved{Kind: r.kind, Headers: r.headers, index: r.index}
	for _, c := range r.kind.Columns() {
		if p := int(r.index[c]) - 1; p >= 0 {
			out.Matches = append(out.Matches, Match{c, p, r.headers[p], r.rule[c]})
		}
	}
	for p, h := range r.headers {
		if !slices.ContainsFunc(out.Matches, func(m Match) bool { return m.Index == p }) {
			out.Unmapped = append(out.Unmapped, h)
		}
	}
	return out
}
