package btyd

import "testing"

// The columns that package clv asks for are the figures of each customer's own future.
func TestColumnsOfCustomers(t *testing.T) {
	x, tx, age := []int32{0, 2, 9}, []int32{0, 40, 88}, []int32{30, 90, 90}
	for _, f := range Families() {
		m := Model{f, [4]float64{.6, 30, .8, 2.5}}
		expected, none := make([]float64, 3), make([]float64, 3)
		m.Expected(expected, x, tx, age, 120)
		m.None(none, x, tx, age, 120)
		for i := range x {
			u := m.Given(History{int(x[i]), float64(tx[i]), float64(age[i])})
			if expected[i] != u.Expected(120) || none[i] != u.Silent(120) || none[i] == 0 || expected[i] < 1-none[i] {
				t.Errorf("%v, customer %d: expected %g, none %g; its future says %g and %g", f, i, expected[i], none[i], u.Expected(120), u.Silent(120))
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("columns of two lengths were taken")
		}
	}()
	models()[0].Expected(make([]float64, 2), x, tx, age, 1)
}
