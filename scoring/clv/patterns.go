package clv

// Patterns are the distinct (x, t_x, T) of customers, numbered as they first appear.
type Patterns struct {
	X, TX, T []int32
	// Of is the pattern of each customer; -1 for one without a purchase (T < 0).
	Of []int32
}

// Len is the number of patterns.
func (p *Patterns) Len() int { return len(p.X) }

// Collapse finds the patterns of customers.
func Collapse(x, tx, t []int32) Patterns {
	p := Patterns{Of: make([]int32, len(x))}
	number := map[[3]int32]int32{}
	for c := range x {
		if t[c] < 0 {
			p.Of[c] = -1
			continue
		}
		key := [3]int32{x[c], tx[c], t[c]}
		k, ok := number[key]
		if !ok {
			k = int32(len(p.X))
			number[key] = k
			p.X, p.TX, p.T = append(p.X, x[c]), append(p.TX, tx[c]), append(p.T, t[c])
		}
		p.Of[c] = k
	}
	return p
}

// mostCells bounds the cells that the parameters' uncertainty is computed for.
const mostCells = 1 << 15

// cells are patterns alike: the same x, and t_x and T within some days of each other. How far expected
// purchases move with the parameters, as a ratio, is that of the first pattern of a cell. Few patterns
// are each a cell of their own.
type cells struct {
	cell  []int32 // of each pattern
	first []int32 // pattern of each cell
}

func (c *cells) len() int { return len(c.first) }

// of gathers the first patterns of cells [lo, hi).
func (c *cells) of(p *Patterns, lo, hi int) (x, tx, t []int32) {
	for _, k := range c.first[lo:hi] {
		x, tx, t = append(x, p.X[k]), append(tx, p.TX[k]), append(t, p.T[k])
	}
	return x, tx, t
}

// newCells finds at most most cells, as narrow as that allows: 1, 8, 16, 32, ... days wide. Customers
// with more distinct x than most have more.
func newCells(p *Patterns, most int) *cells {
	width := int32(1)
	for p.Len() > most {
		width = max(8, 2*width)
		if c := cellsOf(p, width); c.len() <= most || width >= 1<<20 {
			return c
		}
	}
	return cellsOf(p, 1)
}

func cellsOf(p *Patterns, width int32) *cells {
	c := &cells{cell: make([]int32, p.Len())}
	number := make(map[[3]int32]int32, min(p.Len(), 2*mostCells))
	for k := range c.cell {
		key := [3]int32{p.X[k], p.TX[k] / width, p.T[k] / width}
		at, ok := number[key]
		if !ok {
			at = int32(len(c.first))
			number[key] = at
			c.first = append(c.first, int32(k))
		}
		c.cell[k] = at
	}
	return c
}
