package filter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

// Condition is a compiled condition. It is immutable and may be used from several goroutines.
type Condition struct {
	tree     expr
	root     node
	columns  []string
	mentions []Mention
}

// Mention is a text that a column is compared with for equality, by =, <> or in.
type Mention struct{ Column, Text string }

// Compile reads a condition over columns of these names and kinds. The error is an *Error.
func Compile(condition string, fields []table.Field) (*Condition, error) {
	tree, err := parse(condition)
	if err != nil {
		return nil, err
	}
	c := compiler{text: condition, fields: fields}
	root, err := c.node(tree)
	if err != nil {
		return nil, err
	}
	return &Condition{tree, root, c.used, c.mentions}, nil
}

// Columns are the columns that the condition reads, as the table writes them, each once.
func (c *Condition) Columns() []string { return c.columns }

// Mentions are the texts that columns are compared with, for whoever wants to say that no row has one.
func (c *Condition) Mentions() []Mention { return c.mentions }

type compiler struct {
	text     string
	fields   []table.Field
	used     []string
	mentions []Mention
}

func (c *compiler) fault(t token, format string, args ...any) error {
	return &Error{c.text, t.at, t.end, fmt.Sprintf(format, args...)}
}

// find returns the column of a name. Case counts only where two names differ by nothing else.
func (c *compiler) find(t token) (table.Field, error) {
	at := -1
	for i, f := range c.fields {
		if f.Name == t.text {
			at = i
			break
		}
		if at < 0 && strings.EqualFold(f.Name, t.text) {
			at = i
		}
	}
	if at < 0 {
		names := make([]string, len(c.fields))
		for i, f := range c.fields {
			names[i] = f.Name
		}
		message := fmt.Sprintf("there is no column %q", t.text)
		if near := layout.Nearest(names, t.text, 3); len(near) > 0 {
			message += "; the nearest are " + strings.Join(near, ", ")
		}
		return table.Field{}, c.fault(t, "%s", message)
	}
	f := c.fields[at]
	if !slices.Contains(c.used, f.Name) {
		c.used = append(c.used, f.Name)
	}
	return f, nil
}

// node compiles a condition.
func (c *compiler) node(e expr) (node, error) {
	switch e := e.(type) {
	case *logic:
		a, err := c.node(e.a)
		if err != nil {
			return nil, err
		}
		b, err := c.node(e.b)
		return &logicNode{e.and, a, b}, err
	case *negation:
		x, err := c.node(e.x)
		return &notNode{x}, err
	case *null:
		f, err := c.find(e.col)
		return &nullNode{f.Name, e.not}, err
	case *bare:
		f, err := c.find(e.col)
		if err == nil && f.Kind != table.Bool {
			err = c.fault(e.col, "%s is %s: compare it, such as %s", f.Name, words(f.Kind), example(f))
		}
		return &wholeNode{f.Name, table.Bool, []span[int64]{{1, 1}}, false}, err
	case *within:
		return c.within(e)
	case *between:
		low, err := c.compare(&compare{">=", e.col, e.low, e.col})
		if err != nil {
			return nil, err
		}
		high, err := c.compare(&compare{"<=", e.col, e.top, e.col})
		both := node(&logicNode{true, low, high})
		if e.not {
			both = &notNode{both}
		}
		return both, err
	case *like:
		f, err := c.find(e.col)
		if err == nil && f.Kind != table.String {
			err = c.fault(e.col, "%s is %s: like is for text", f.Name, words(f.Kind))
		}
		return &textNode{f.Name, newPattern(e.pattern.text), e.not}, err
	case *compare:
		return c.compare(e)
	}
	panic("filter: unknown expression")
}

// compare compiles a comparison, with the column to the left.
func (c *compiler) compare(e *compare) (node, error) {
	a, b, op := e.a, e.b, e.op
	if !a.column() {
		if !b.column() {
			return nil, c.fault(token{at: a.at, end: b.end}, "one side of %s has to be a column", e.op)
		}
		a, b = b, a
		op = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}[op]
		if op == "" {
			op = e.op
		}
	}
	f, err := c.find(a)
	if err != nil {
		return nil, err
	}
	if b.column() {
		return c.pair(f, op, b)
	}
	if f.Kind == table.Bool && op != "=" && op != "<>" {
		return nil, c.fault(e.at, "%s is %s: compare it by = or <>", f.Name, words(f.Kind))
	}
	v, err := c.literal(f, b)
	if err != nil {
		return nil, err
	}
	not := op == "<>"
	if not {
		op = "="
	}
	switch f.Kind {
	case table.String:
		if op == "=" {
			c.mentions = append(c.mentions, Mention{f.Name, v.text})
		}
		return &textNode{f.Name, &textOrder{op, v.text}, not}, nil
	case table.Float64:
		return &doubleNode{f.Name, []span[float64]{doubleRange(op, double(v.number))}, not}, nil
	}
	return &wholeNode{f.Name, f.Kind, []span[int64]{wholeRange(op, v.number, units(f.Kind))}, not}, nil
}

// pair compiles the comparison of two columns.
func (c *compiler) pair(a table.Field, op string, t token) (node, error) {
	b, err := c.find(t)
	if err != nil {
		var fault *Error
		if errors.As(err, &fault) && a.Kind == table.String && t.kind == word {
			fault.Message += "; text goes in single quotes: '" + t.text + "'"
		}
		return nil, err
	}
	if a.Kind == table.Bool && op != "=" && op != "<>" {
		return nil, c.fault(t, "%s is %s: compare it by = or <>", a.Name, words(a.Kind))
	}
	if class(a.Kind) != class(b.Kind) {
		return nil, c.fault(t, "%s is %s and %s is %s: they cannot be compared", a.Name, words(a.Kind), b.Name, words(b.Kind))
	}
	return &pairNode{op, a.Name, b.Name}, nil
}

func (c *compiler) within(e *within) (node, error) {
	f, err := c.find(e.col)
	if err != nil {
		return nil, err
	}
	var texts []string
	var doubles []span[float64]
	var wholes []span[int64]
	for _, t := range e.list {
		v, err := c.literal(f, t)
		if err != nil {
			return nil, err
		}
		switch f.Kind {
		case table.String:
			texts = append(texts, v.text)
			c.mentions = append(c.mentions, Mention{f.Name, v.text})
		case table.Float64:
			doubles = append(doubles, doubleRange("=", double(v.number)))
		default:
			if r := wholeRange("=", v.number, units(f.Kind)); r.low <= r.high {
				wholes = append(wholes, r)
			}
		}
	}
	switch f.Kind {
	case table.String:
		slices.Sort(texts)
		return &textNode{f.Name, textSet(slices.Compact(texts)), e.not}, nil
	case table.Float64:
		return &doubleNode{f.Name, sorted(doubles), e.not}, nil
	}
	return &wholeNode{f.Name, f.Kind, sorted(wholes), e.not}, nil
}

// literal holds a literal against the kind of its column.
func (c *compiler) literal(f table.Field, t token) (value, error) {
	if t.is("null") {
		return value{}, c.fault(t, "nothing equals null; write %s is null, or is not null", f.Name)
	}
	v, ok := read(f.Kind, t)
	if ok {
		return v, nil
	}
	switch _, numeric := parseNumber(strings.TrimSpace(t.text)); {
	case f.Kind == table.Day && t.kind == text:
		return v, c.fault(t, "%s is a day, which '%s' is not: write it as 'YYYY-MM-DD'", f.Name, t.text)
	case f.Kind == table.Day:
		return v, c.fault(t, "%s is a day: write it as 'YYYY-MM-DD', in single quotes", f.Name)
	case f.Kind == table.String:
		return v, c.fault(t, "%s is text: put the value in single quotes, '%s'", f.Name, t.text)
	case f.Kind == table.Bool:
		return v, c.fault(t, "%s is yes or no: compare it with true or false", f.Name)
	case t.kind == text && numeric:
		return v, c.fault(t, "%s is %s: write the number without quotes", f.Name, words(f.Kind))
	}
	return v, c.fault(t, "%s is %s: compare it with a number", f.Name, words(f.Kind))
}

// read makes a literal a value of a kind: days are their number, true is 1.
func read(k table.Kind, t token) (v value, ok bool) {
	switch {
	case k == table.String:
		return value{text: t.text}, t.kind == text
	case k == table.Day && t.kind == text:
		day, err := civil.Parse(t.text)
		return whole(int64(day)), err == nil
	case k == table.Bool && t.is("true"):
		return whole(1), true
	case k == table.Bool && t.is("false"):
		return whole(0), true
	case k == table.Bool || k == table.Day || t.kind != number:
		return value{}, false
	}
	v.number, ok = parseNumber(t.text)
	return v, ok
}

// class tells which kinds compare with each other.
func class(k table.Kind) int {
	switch k {
	case table.String, table.Day, table.Bool:
		return int(k)
	}
	return -1 // numbers
}

func words(k table.Kind) string {
	switch k {
	case table.String:
		return "text"
	case table.Day:
		return "a day"
	case table.Bool:
		return "yes or no"
	case table.Amount:
		return "an amount of money"
	case table.Quantity:
		return "a quantity"
	case table.Int64:
		return "a whole number"
	}
	return "a number"
}

func example(f table.Field) string {
	switch f.Kind {
	case table.String:
		return f.Name + " = 'text'"
	case table.Day:
		return f.Name + " >= '2024-06-30'"
	}
	return f.Name + " > 100"
}
