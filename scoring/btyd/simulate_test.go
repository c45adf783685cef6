package btyd

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// life simulates one customer's repeat purchases within time after the first, straight from the story
// that the family tells.
func life(m Model, time float64, src *rand.PCG) []float64 {
	p := m.Theta
	rnd := rand.New(src)
	rate := distuv.Gamma{Alpha: p[0], Beta: p[1], Src: src}.Rand()
	end, leave := math.Inf(1), 0.0
	if m.Family == ParetoNBD {
		end = rnd.ExpFloat64() / distuv.Gamma{Alpha: p[2], Beta: p[3], Src: src}.Rand()
	} else {
		leave = distuv.Beta{Alpha: p[2], Beta: p[3], Src: src}.Rand()
	}
	var at []float64
	gone := m.start() == 1 && m.Family != ParetoNBD && rnd.Float64() < leave
	for t := 0.0; !gone; gone = rnd.Float64() < leave {
		for range m.Family.K() {
			t += rnd.ExpFloat64() / rate
		}
		if t > min(end, time) {
			break
		}
		at = append(at, t)
	}
	return at
}

// company simulates n customers who came on one of the first cohort days and gives them as whole days,
// seen on day cut and on day end.
func company(m Model, n, cohort, cut, end int, seed uint64) (then, now Columns) {
	src := rand.NewPCG(seed, 7)
	rnd := rand.New(src)
	for range n {
		first := rnd.IntN(cohort)
		at := life(m, float64(end-first), src)
		then.add(at, cut-first)
		now.add(at, end-first)
	}
	return then, now
}

// add appends what is known age days after the first purchase, days with several purchases counted once.
func (c *Columns) add(at []float64, age int) {
	x, last := int32(0), int32(0)
	for _, t := range at {
		if day := int32(math.Ceil(t)); day > last && int(day) <= age {
			x, last = x+1, day
		}
	}
	if age < 0 {
		age = -1
	}
	c.X, c.TX, c.T = append(c.X, x), append(c.TX, last), append(c.T, int32(age))
}
