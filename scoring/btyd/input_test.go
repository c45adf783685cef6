package btyd

import (
	"errors"
	"math"
	"testing"
)

// Whatever the histories are, a fit says what they lack or every figure of every customer is a number.
func TestBadInput(t *testing.T) {
	many := func(n int, h ...[3]int32) (c Columns) {
		for range n {
			for _, v := range h {
				c.X, c.TX, c.T = append(c.X, v[0]), append(c.TX, v[1]), append(c.T, v[2])
			}
		}
		return c
	}
	for _, c := range []struct {
		name string
		data Columns
		want error // of Collapse or of the fit; nil: a model
	}{
		{"nobody", many(0), ErrNoCustomers},
		{"one customer", many(1, [3]int32{2, 40, 90}), ErrOneCustomer},
		{"no repeat buyers", many(50, [3]int32{0, 0, 90}, [3]int32{0, 0, 9}), ErrNoRepeat},
		{"all on one day", many(50, [3]int32{0, 0, 0}), ErrNoTime},
		{"t_x > T", many(50, [3]int32{1, 91, 90}), &HistoryError{}},
		{"below zero", many(50, [3]int32{-1, 0, 90}), &HistoryError{}},
		{"a repeat purchase on the first day", many(50, [3]int32{1, 0, 90}), &HistoryError{}},
		{"two customers", many(1, [3]int32{2, 40, 90}, [3]int32{0, 0, 80}), nil},
		{"everybody the same", many(100, [3]int32{3, 60, 90}), nil},
		{"a year with no purchase", many(100, [3]int32{3, 60, 425}, [3]int32{1, 20, 425}, [3]int32{0, 0, 425}), nil},
		{"everybody bought today", many(100, [3]int32{3, 90, 90}, [3]int32{1, 30, 30}), nil},
		{"every day for ten years, beside one-time buyers", many(20, [3]int32{3650, 3650, 3650}, [3]int32{0, 0, 3650}), nil},
		{"one repeat buyer", many(1, append([][3]int32{{1, 5, 60}}, make([][3]int32, 200)...)...), nil},
	} {
		for _, f := range []Family{BGNBD, MBGNBD, ParetoNBD, MBGCNBD(3), BGBB} {
			p, err := Collapse(c.data.X, c.data.TX, c.data.T)
			var got *Fitted
			if err == nil {
				got, err = Fit(f, p, 2)
			}
			var fault *HistoryError
			if wanted, ok := c.want.(*HistoryError); ok && wanted != nil {
				if !errors.As(err, &fault) {
					t.Errorf("%s, %v: got %v, want the customer at fault", c.name, f, err)
				}
				continue
			}
			if err != c.want {
				t.Errorf("%s, %v: got %v, want %v", c.name, f, err, c.want)
			}
			if err == nil {
				sane(t, c.name, got, p)
			}
		}
	}
}

// sane holds every figure to its range.
func sane(t *testing.T, name string, f *Fitted, p *Patterns) {
	t.Helper()
	if f.Validate() != nil || math.IsNaN(f.LL) || f.Status == 0 {
		t.Errorf("%s, %v: %+v", name, f.Family, f)
	}
	for i := range f.SE {
		if (f.Status == Converged) != (f.SE[i] > 0) {
			t.Errorf("%s, %v %v: standard error %g", name, f.Family, f.Status, f.SE[i])
		}
	}
	for _, h := range append([]History{{}, {T: 1e4}}, p.Histories...) {
		u := f.Given(h)
		for _, days := range []float64{0, 365} {
			for what, v := range map[string]float64{"Alive": u.Alive, "AliveAfter": u.AliveAfter(days), "Silent": u.Silent(days), "Count": u.Count(2, days)} {
				if !(v >= 0 && v <= 1) {
					t.Errorf("%s, %v %v, %v: %s %g in %g days", name, f.Family, f.Theta, h, what, v, days)
				}
			}
			for what, v := range map[string]float64{"Expected": u.Expected(days), "DiscountedUntil": u.DiscountedUntil(.0003, days)} {
				if !(v >= 0 && v <= 2*days+1) {
					t.Errorf("%s, %v %v, %v: %s %g in %g days", name, f.Family, f.Theta, h, what, v, days)
				}
			}
		}
		if v := u.Discounted(.0003); !(v >= 0) || math.IsInf(v, 0) {
			t.Errorf("%s, %v, %v: Discounted %g", name, f.Family, h, v)
		}
	}
}
