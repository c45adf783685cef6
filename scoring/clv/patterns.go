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
