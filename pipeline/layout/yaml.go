package layout

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Bounds of a preset. Hand-written files are a few KiB with a bracket for each list; the library takes
// quadratic time and a stack frame for each level of nesting, so megabytes of brackets must not reach it.
const (
	maxPreset   = 1 << 16 // bytes
	maxBrackets = 1 << 10 // [ and { together
)

// decoder walks a YAML tree strictly and keeps every fault with its place. It knows mappings,
// sequences and scalars; anchors, aliases, tags and merges are faults, so no input can grow.
type decoder struct{ errs []error }

// entry is one key of a mapping.
type entry struct {
	key   string
	node  ast.Node // of the key
	value ast.Node
}

// parse reads one YAML document. The library panics on some malformed input; that is a fault of the
// input here.
func (d *decoder) parse(b []byte) (body ast.Node) {
	if len(b) > maxPreset {
		d.errs = append(d.errs, &PresetError{Problem: fmt.Sprintf("%d bytes are too many: a preset has at most %d", len(b), maxPreset)})
		return nil
	}
	if n := bytes.Count(b, []byte("[")) + bytes.Count(b, []byte("{")); n > maxBrackets {
		d.errs = append(d.errs, &PresetError{Problem: fmt.Sprintf("%d brackets are too many: a preset has at most %d", n, maxBrackets)})
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			body = nil
			d.errs = append(d.errs, &PresetError{Problem: fmt.Sprintf("not readable as YAML: %v", r)})
		}
	}()
	f, err := parser.ParseBytes(b, 0)
	if err != nil {
		e := &PresetError{Problem: "not readable as YAML: " + err.Error()}
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) {
			e.Problem = "not readable as YAML: " + syntax.Message
			if t := syntax.Token; t != nil && t.Position != nil {
				e.Line, e.Column = t.Position.Line, t.Position.Column
			}
		}
		d.errs = append(d.errs, e)
		return nil
	}
	for _, doc := range f.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.CommentType:
		case body != nil:
			d.fail(doc.Body, "a second document: a preset is one YAML document")
		default:
			body = doc.Body
		}
	}
	if body == nil {
		d.errs = append(d.errs, &PresetError{Problem: "the preset is empty: give at least orders, crm, products or settings"})
	}
	return body
}

func (d *decoder) fail(n ast.Node, format string, args ...any) {
	e := &PresetError{Problem: fmt.Sprintf(format, args...)}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	d.errs = append(d.errs, e)
}

// mapping returns the entries of a mapping; a null value is an empty mapping.
func (d *decoder) mapping(what string, n ast.Node) []entry {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	case *ast.NullNode:
		return nil
	default:
		d.fail(n, "%s must be a mapping (name: value)", what)
		return nil
	}
	seen := map[string]bool{}
	var out []entry
	for _, v := range values {
		key, ok := scalar(v.Key)
		switch {
		case !ok:
			d.fail(v.Key, "%s: a key must be a plain word", what)
		case seen[key]:
			d.fail(v.Key, "%s: %q is given twice", what, key)
		default:
			seen[key] = true
			out = append(out, entry{key, v.Key, v.Value})
		}
	}
	return out
}

// scalar is the text of a scalar as it is written: 0.10 stays 0.10, 007 stays 007.
func scalar(n ast.Node) (string, bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true
	case *ast.LiteralNode:
		return s.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func (d *decoder) text(what string, n ast.Node) string {
	s, ok := scalar(n)
	if !ok {
		d.fail(n, "%s must be one word or text", what)
	}
	return s
}

// words reads a list of words, or a single one. An empty list is not nil.
func (d *decoder) words(what string, n ast.Node) []string {
	if s, ok := scalar(n); ok {
		return []string{s}
	}
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.fail(n, "%s must be a word or a list of words", what)
		return nil
	}
	out := make([]string, 0, len(seq.Values))
	for _, v := range seq.Values {
		if s, ok := scalar(v); ok {
			out = append(out, s)
		} else {
			d.fail(v, "%s must be a list of words: quote this one", what)
		}
	}
	return out
}

func (d *decoder) boolean(what string, n ast.Node) bool {
	s, _ := scalar(n)
	if s != "true" && s != "false" {
		d.fail(n, "%s must be true or false", what)
	}
	return s == "true"
}

func (d *decoder) number(what string, n ast.Node) int {
	s, _ := scalar(n)
	v, err := strconv.Atoi(s)
	if err != nil {
		d.fail(n, "%s: %q is not a whole number", what, s)
	}
	return v
}

// rate reads 0.19 or 19% exactly.
func (d *decoder) rate(what string, n ast.Node) money.Rate {
	s, _ := scalar(n)
	r, ok := ParseRate(s)
	if !ok {
		d.fail(n, "%s: %q is not a rate: write 0.19 or 19%%", what, s)
	}
	return r
}

// ParseRate reads a rate written as a share (0.19) or in percent (19%, full-width ％ too), half to
// even beyond eight decimals. It returns false for anything else.
func ParseRate(s string) (money.Rate, bool) {
	s = trim(s)
	for _, sign := range []string{"%", "％"} {
		if p, ok := strings.CutSuffix(s, sign); ok {
			v, ok := money.Parse([]byte(trim(p)), money.RateScale-2)
			return money.Rate(v), ok
		}
	}
	v, ok := money.Parse([]byte(s), money.RateScale)
	return money.Rate(v), ok
}
