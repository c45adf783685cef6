package filter

import (
	"strings"
	"unicode/utf8"
)

// What a condition may take: bytes, and parentheses and nots within each other.
const (
	maxText  = 64 << 10
	maxDepth = 200
)

// expr is a parsed condition.
type expr interface{ isExpr() }

type (
	// logic is a and b, or a or b.
	logic struct {
		and  bool
		a, b expr
	}
	negation struct{ x expr }
	// compare is a predicate of two operands; op is one of = <> < <= > >=.
	compare struct {
		op   string
		a, b token
		at   token // of op
	}
	// within is [not] in.
	within struct {
		not  bool
		col  token
		list []token
	}
	between struct {
		not      bool
		col      token
		low, top token
	}
	like struct {
		not     bool
		col     token
		pattern token
	}
	null struct {
		not bool
		col token
	}
	// bare is a column that is a condition by itself.
	bare struct{ col token }
)

func (*logic) isExpr()    {}
func (*negation) isExpr() {}
func (*compare) isExpr()  {}
func (*within) isExpr()   {}
func (*between) isExpr()  {}
func (*like) isExpr()     {}
func (*null) isExpr()     {}
func (*bare) isExpr()     {}

type parser struct {
	text   string
	tokens []token
	at     int
	depth  int
}

// parse reads a condition.
func parse(s string) (expr, error) {
	if len(s) > maxText {
		return nil, &Error{s, maxText, maxText, "the condition is longer than 64 KiB"}
	}
	if !utf8.ValidString(s) {
		return nil, &Error{s, 0, len(s), "the condition is not UTF-8"}
	}
	tokens, err := lex(s)
	if err != nil {
		return nil, err
	}
	p := &parser{text: s, tokens: tokens}
	if p.peek().kind == end {
		return nil, p.fault(p.peek(), "the condition is empty; write one such as region = 'North'")
	}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		if t.is(")") {
			return nil, p.fault(t, "nothing opens this parenthesis")
		}
		return nil, p.fault(t, "join conditions by and, or")
	}
	return e, nil
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) take() token {
	t := p.tokens[p.at]
	if t.kind != end {
		p.at++
	}
	return t
}

// accept takes the next token if it is the keyword or symbol.
func (p *parser) accept(s string) bool {
	if p.peek().is(s) {
		p.at++
		return true
	}
	return false
}

func (p *parser) fault(t token, message string) error {
	return &Error{p.text, t.at, t.end, message}
}

func (p *parser) or() (expr, error) {
	return p.chain("or", p.and)
}

func (p *parser) and() (expr, error) {
	return p.chain("and", p.not)
}

func (p *parser) chain(word string, part func() (expr, error)) (expr, error) {
	e, err := part()
	for err == nil && p.accept(word) {
		var b expr
		b, err = part()
		e = &logic{word == "and", e, b}
	}
	return e, err
}

func (p *parser) not() (expr, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return nil, p.fault(p.peek(), "this nests too deep")
	}
	if p.accept("not") {
		x, err := p.not()
		return &negation{x}, err
	}
	open := p.peek()
	if !p.accept("(") {
		return p.predicate()
	}
	e, err := p.or()
	if err == nil && !p.accept(")") {
		if p.peek().kind == end {
			return nil, p.fault(open, "nothing closes this parenthesis")
		}
		return nil, p.fault(p.peek(), "close the parenthesis, or join conditions by and, or")
	}
	return e, err
}

func (p *parser) predicate() (expr, error) {
	a := p.take()
	if !a.operand() {
		return nil, p.fault(a, "a column name has to stand here")
	}
	if op := p.peek(); op.kind == symbol && strings.Contains(" = == != <> < <= > >= ", " "+op.text+" ") {
		p.take()
		b := p.take()
		if !b.operand() {
			return nil, p.fault(b, "after "+op.text+" a value has to stand, such as 100 or 'text', or a column")
		}
		name := op.text
		switch name {
		case "==":
			name = "="
		case "!=":
			name = "<>"
		}
		return &compare{name, a, b, op}, nil
	}
	if !a.column() {
		return nil, p.fault(p.peek(), "compare the value with a column: =, <>, <, <=, >, >=")
	}
	return p.suffix(a)
}

// suffix reads what follows a column that no comparison follows.
func (p *parser) suffix(col token) (expr, error) {
	if p.accept("is") {
		not := p.accept("not")
		if !p.accept("null") {
			return nil, p.fault(p.peek(), "after is stands null or not null")
		}
		return &null{not, col}, nil
	}
	not := p.peek()
	negated := p.accept("not")
	switch {
	case p.accept("in"):
		list, err := p.list()
		return &within{negated, col, list}, err
	case p.accept("between"):
		low := p.take()
		if !low.literal() {
			return nil, p.fault(low, "after between stands a value")
		}
		if !p.accept("and") {
			return nil, p.fault(p.peek(), "between two values stands and")
		}
		top := p.take()
		if !top.literal() {
			return nil, p.fault(top, "after between ... and stands a value")
		}
		return &between{negated, col, low, top}, nil
	case p.accept("like"):
		pattern := p.take()
		if pattern.kind != text {
			return nil, p.fault(pattern, "after like stands a pattern in single quotes, such as 'A%'")
		}
		return &like{negated, col, pattern}, nil
	case negated:
		return nil, p.fault(not, "not stands before a condition, or before in, between and like")
	}
	return &bare{col}, nil
}

func (p *parser) list() ([]token, error) {
	open := p.peek()
	if !p.accept("(") {
		return nil, p.fault(open, "after in stands a list, such as ('core', 'key')")
	}
	var list []token
	for {
		t := p.take()
		if !t.literal() {
			return nil, p.fault(t, "a value of the list has to stand here, such as 100 or 'text'")
		}
		list = append(list, t)
		switch {
		case p.accept(")"):
			return list, nil
		case p.peek().kind == end:
			return nil, p.fault(open, "nothing closes this list")
		case !p.accept(","):
			return nil, p.fault(p.peek(), "a comma or ) has to stand here")
		}
	}
}

// keyword reports whether a word cannot be a column; one of that name goes in double quotes.
func (t token) keyword() bool {
	for _, k := range [...]string{"and", "or", "not", "in", "between", "like", "is", "null", "true", "false"} {
		if t.is(k) {
			return true
		}
	}
	return false
}

func (t token) column() bool { return t.kind == quoted || t.kind == word && !t.keyword() }

func (t token) literal() bool {
	return t.kind == text || t.kind == number || t.is("true") || t.is("false") || t.is("null")
}

func (t token) operand() bool { return t.column() || t.literal() }
