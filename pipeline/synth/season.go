package synth

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// season maps trade time, in which customers order at a steady rate, to the calendar. Day d of the
// data covers the trade time [clock[d], clock[d+1]), long in a strong month and short in a weak one.
type season struct {
	clock []float64
	first []int32 // first[u] is a day at or before the one that holds trade time u
	ahead []uint8 // days that an order on day d moves on, off a weekend
}

func newSeason(p *Params) season {
	s := season{clock: make([]float64, p.Days+1), ahead: make([]uint8, p.Days)}
	sum := 0.
	for d := range p.Days {
		day := p.From + civil.Day(d)
		sum += monthFactor(p, day)
		s.clock[d+1] = sum
		if w := weekday(day); p.Weekdays && w >= 5 {
			s.ahead[d] = uint8(7 - w)
		}
	}
	for d := range s.clock {
		s.clock[d] *= float64(p.Days) / sum
	}
	s.first = make([]int32, p.Days+1)
	d := 0
	for u := range s.first {
		for d+1 < p.Days && s.clock[d+1] <= float64(u) {
			d++
		}
		s.first[u] = int32(d)
	}
	return s
}

func monthFactor(p *Params, day civil.Day) float64 {
	_, month, _ := day.Date()
	if f := p.Season[month-1]; f > 0 {
		return f
	}
	return 1
}

// weekday is 0 for Monday to 6 for Sunday; day 0, 1970-01-01, was a Thursday.
func weekday(d civil.Day) int { return ((int(d)+3)%7 + 7) % 7 }

// end is the trade time at which the data ends.
func (s *season) end() float64 { return s.clock[len(s.clock)-1] }

// trade is the trade time of a calendar time in days from the start, +Inf after the data.
func (s *season) trade(days float64) float64 {
	if !(days < float64(len(s.clock)-1)) {
		return math.Inf(1)
	}
	d := int(days)
	return s.clock[d] + (days-float64(d))*(s.clock[d+1]-s.clock[d])
}

// hold is the day, from the start, that holds trade time u; false where it is after the data.
func (s *season) hold(u float64) (int32, bool) {
	if !(u < s.end()) {
		return 0, false
	}
	d := s.first[int(u)]
	for s.clock[d+1] <= u {
		d++
	}
	return d, true
}

// day is the day of an order at trade time u: hold, moved off a weekend.
func (s *season) day(u float64) (int32, bool) {
	d, ok := s.hold(u)
	if !ok {
		return 0, false
	}
	return s.move(d)
}

// move takes a day off a weekend.
func (s *season) move(d int32) (int32, bool) {
	if int(d) >= len(s.ahead) {
		return 0, false
	}
	d += int32(s.ahead[d])
	return d, int(d) < len(s.ahead)
}
