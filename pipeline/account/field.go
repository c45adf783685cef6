package account

// field is a Column under construction.
type field interface {
	grow()
	// put says what a cell of row i says. It returns why the cell cannot be read, or that it
	// contradicts what the row said before; then the field of the row is unknown for good.
	put(i int, cell string) (reason string, conflict bool)
	permute(order []int)
}

// known fills a Column by a parser.
type known[T comparable] struct {
	col     *Column[T]
	parse   func(string) (T, string)
	unknown T
	broken  map[int]bool // rows whose field two rows contradict
}

func fill[T comparable](col *Column[T], parse func(string) (T, string), unknown T) *known[T] {
	return &known[T]{col: col, parse: parse, unknown: unknown, broken: map[int]bool{}}
}

func (k *known[T]) grow() {
	k.col.Value = append(k.col.Value, k.unknown)
	k.col.Known = append(k.col.Known, false)
}

func (k *known[T]) put(i int, cell string) (reason string, conflict bool) {
	v, reason := k.parse(cell)
	switch {
	case reason != "" || k.broken[i]:
		return reason, false
	case k.col.Known[i] && k.col.Value[i] != v:
		k.broken[i] = true
		k.col.Value[i], k.col.Known[i] = k.unknown, false
		return "", true
	}
	k.col.Value[i], k.col.Known[i] = v, true
	return "", false
}

func (k *known[T]) permute(order []int) {
	value, state := make([]T, len(order)), make([]bool, len(order))
	for to, from := range order {
		value[to], state[to] = k.col.Value[from], k.col.Known[from]
	}
	k.col.Value, k.col.Known = value, state
}
