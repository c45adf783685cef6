package lifecycle_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
	"pgregory.net/rapid"
)

// one is a single customer.
type one struct {
	purchases, quarters, tenure, breadth int32
	returned                             money.Amount
	overdue, alive                       float64
	key                                  bool
}

// best passes every criterion of a partner exactly at its cut.
func best() one {
	return one{purchases: 4, quarters: 3, tenure: 730, breadth: 3, overdue: 2, alive: 0.5, key: true}
}

func columns(all ...one) lifecycle.Customers {
	c := lifecycle.Customers{PAlive: []float64{}, Breadth: []int32{}}
	for _, o := range all {
		c.Purchases, c.Quarters, c.TenureDays = append(c.Purchases, o.purchases), append(c.Quarters, o.quarters), append(c.TenureDays, o.tenure)
		c.Returned, c.Key, c.Breadth = append(c.Returned, o.returned), append(c.Key, o.key), append(c.Breadth, o.breadth)
		c.OverdueRatio, c.PAlive = append(c.OverdueRatio, o.overdue), append(c.PAlive, o.alive)
	}
	return c
}

func assign(t interface{ Fatal(...any) }, c lifecycle.Customers, s lifecycle.Settings) *lifecycle.Result {
	r, err := lifecycle.Assign(c, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestStages(t *testing.T) {
	nan := math.NaN()
	with := func(change func(o *one)) one {
		o := best()
		change(&o)
		return o
	}
	nobody := one{tenure: -1, overdue: nan, alive: nan}
	for _, c := range []struct {
		name, want string
		customer   one
	}{
		{"nothing", "prospect: no purchase on record", nobody},
		{"returns only", "lapsed: returns of 12.50 on record, no purchase", one{returned: 125_000, tenure: -1, overdue: nan, alive: nan}},
		{"one purchase", "first: 1 purchase", with(func(o *one) { o.purchases, o.quarters = 1, 1 })},
		{"one purchase, nobody ever came back", "first: 1 purchase, rhythm unknown", with(func(o *one) { o.purchases, o.overdue, o.alive = 1, nan, nan })},
		{"one purchase long ago, BG/NBD sure", "lapsed: overdue ratio 9.0 > 3.0", with(func(o *one) { o.purchases, o.overdue, o.alive = 1, 9, 1 })},
		{"two purchases", "repeat: 2 < 4 purchases", with(func(o *one) { o.purchases = 2 })},
		{"one purchase too few", "repeat: 3 < 4 purchases", with(func(o *one) { o.purchases = 3 })},
		{"one quarter too few", "repeat: 4 purchases; not loyal: 2 < 3 quarters", with(func(o *one) { o.quarters = 2 })},
		{"off rhythm", "repeat: 4 purchases; not loyal: overdue ratio 2.001 > 2.000", with(func(o *one) { o.overdue = 2.001 })},
		{"no rhythm", "repeat: 4 purchases; not loyal: overdue ratio unknown", with(func(o *one) { o.overdue = nan })},
		{"not key", "loyal: 4 purchases in 3 quarters, overdue ratio 2.0 <= 2.0; not partner: outside the KEY quadrant", with(func(o *one) { o.key = false })},
		{"young", "loyal: 4 purchases in 3 quarters, overdue ratio 2.0 <= 2.0; not partner: tenure 729 < 730 days", with(func(o *one) { o.tenure = 729 })},
		{"narrow", "loyal: 4 purchases in 3 quarters, overdue ratio 2.0 <= 2.0; not partner: 2 < 3 categories", with(func(o *one) { o.breadth = 2 })},
		{"categories unknown", "loyal: 4 purchases in 3 quarters, overdue ratio 2.0 <= 2.0; not partner: categories unknown", with(func(o *one) { o.breadth = 0 })},
		{"partner", "partner: 4 purchases in 3 quarters, overdue ratio 2.0 <= 2.0; KEY quadrant; tenure 730 >= 730 days; 3 >= 3 categories", best()},
		{"partner probably gone", "lapsed: p_alive 0.49 < 0.50", with(func(o *one) { o.alive = 0.49 })},
		{"overdue but alive", "repeat: 4 purchases; not loyal: overdue ratio 7.0 > 2.0", with(func(o *one) { o.overdue = 7 })},
		{"overdue at the cut, alive unknown", "repeat: 4 purchases; not loyal: overdue ratio 3.0 > 2.0", with(func(o *one) { o.overdue, o.alive = 3, nan })},
		{"overdue above it", "lapsed: overdue ratio 3.1 > 3.0", with(func(o *one) { o.overdue, o.alive = 3.1, nan })},
	} {
		r := assign(t, columns(c.customer), lifecycle.Settings{})
		if got := string(r.AppendReason(nil, 0)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if want, _, _ := strings.Cut(c.want, ":"); r.Stage[0].String() != want {
			t.Errorf("%s: got %s, want %s", c.name, r.Stage[0], want)
		}
	}
}

func TestAbsentData(t *testing.T) {
	c := columns(best(), best())
	c.Breadth, c.PAlive, c.MarginOff = nil, nil, true
	c.Key[1] = false
	r := assign(t, c, lifecycle.Settings{})
	if r.Stage[0] != lifecycle.Partner || len(r.Warnings) != 2 {
		t.Errorf("got %s and warnings %v, want partner and two", r.Stage[0], r.Warnings)
	}
	for i, parts := range [][]string{{"margin unknown: no sales with a known cost in the window", "categories unknown: none in the data"}, {"outside the KEY quadrant, margin unknown: no sales with a known cost in the window"}} {
		for _, part := range parts {
			if got := string(r.AppendReason(nil, i)); !strings.Contains(got, part) {
				t.Errorf("got %q, want it to name %q", got, part)
			}
		}
	}
	if r := assign(t, columns(), lifecycle.Settings{}); len(r.Stage) != 0 || len(r.Warnings) != 0 {
		t.Errorf("no customers: got %v, %v", r.Stage, r.Warnings)
	}
}

func TestMissingIsListed(t *testing.T) {
	a, b, c, d := best(), best(), best(), best()
	a.overdue = math.NaN()                            // not loyal for want of a rhythm
	b.breadth = 0                                     // not partner for want of categories
	c.breadth, c.key = 0, false                       // not partner anyway
	d.purchases, d.overdue, d.alive = 1, a.overdue, 1 // nothing tells whether lapsed
	r := assign(t, columns(a, b, c, d, best()), lifecycle.Settings{})
	if want := []int32{0, 3}; !cmp.Equal(r.MissingRhythm, want) {
		t.Errorf("rhythm: got %v, want %v", r.MissingRhythm, want)
	}
	if want := []int32{1}; !cmp.Equal(r.MissingCategories, want) {
		t.Errorf("categories: got %v, want %v", r.MissingCategories, want)
	}
}

func TestSettings(t *testing.T) {
	o := best()
	o.purchases, o.quarters, o.overdue, o.tenure, o.breadth, o.alive = 2, 1, 0.5, 30, 1, 0.9
	s := lifecycle.Settings{LoyalPurchases: 2, LoyalQuarters: 1, LoyalOverdue: 0.5, LapsedOverdue: 0.5, LapsedAlive: 0.9, PartnerTenureDays: 30, PartnerBreadth: 1}
	if r := assign(t, columns(o), s); r.Stage[0] != lifecycle.Partner || r.Settings != s {
		t.Errorf("got %s under %+v, want partner", r.Stage[0], r.Settings)
	}
	s = lifecycle.Settings{LoyalPurchases: 1, LoyalQuarters: -1, LoyalOverdue: math.NaN(), LapsedAlive: 2, PartnerTenureDays: -1, PartnerBreadth: -2}
	_, err := lifecycle.Assign(columns(o), s)
	for _, part := range []string{"have 1 purchases", "in -1 quarters", "loyal customers NaN", "lapsed customers 3", "p_alive of lapsed customers 2", "partners -1 days", "partners -2"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("got %v, want all faults, among them %q", err, part)
		}
	}
	if _, err := lifecycle.Assign(columns(o), lifecycle.Settings{LoyalOverdue: 4}); err == nil {
		t.Error("loyal above lapsed: got no error")
	}
	defer func() {
		if recover() == nil {
			t.Error("columns of different length: got no panic")
		}
	}()
	c := columns(o)
	c.Key = nil
	_, _ = lifecycle.Assign(c, lifecycle.Settings{})
}

func customer() *rapid.Generator[one] {
	ratio := rapid.SampledFrom([]float64{0, 0.5, 1.9, 2, 2.1, 3, 3.1, 50, math.NaN()})
	return rapid.Custom(func(t *rapid.T) one {
		return one{
			purchases: rapid.Int32Range(0, 6).Draw(t, "purchases"), quarters: rapid.Int32Range(0, 4).Draw(t, "quarters"),
			tenure: rapid.Int32Range(728, 732).Draw(t, "tenure"), breadth: rapid.Int32Range(0, 4).Draw(t, "breadth"),
			returned: money.Amount(rapid.Int64Range(0, 1).Draw(t, "returned")), overdue: ratio.Draw(t, "overdue"),
			alive: rapid.SampledFrom([]float64{0, 0.49, 0.5, 0.99, 1, math.NaN()}).Draw(t, "alive"), key: rapid.Bool().Draw(t, "key"),
		}
	})
}

// naive states each stage by itself; exactly one must hold.
func naive(o one) (holds []lifecycle.Stage) {
	aliveTells := o.alive < 1
	lapsed := o.purchases == 0 && o.returned > 0 ||
		o.purchases > 0 && (aliveTells && o.alive < 0.5 || !aliveTells && o.overdue > 3)
	loyal := !lapsed && o.purchases >= 4 && o.quarters >= 3 && o.overdue <= 2
	partner := loyal && o.key && o.tenure >= 730 && o.breadth >= 3
	for stage, yes := range map[lifecycle.Stage]bool{
		lifecycle.Prospect: o.purchases == 0 && o.returned == 0,
		lifecycle.Lapsed:   lapsed,
		lifecycle.First:    o.purchases == 1 && !lapsed,
		lifecycle.Repeat:   o.purchases >= 2 && !lapsed && !loyal,
		lifecycle.Loyal:    loyal && !partner,
		lifecycle.Partner:  partner,
	} {
		if yes {
			holds = append(holds, stage)
		}
	}
	return holds
}

func TestNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(customer(), 0, 30).Draw(t, "customers")
		r := assign(t, columns(all...), lifecycle.Settings{})
		var counts [lifecycle.Stages]int
		for i, o := range all {
			if want := naive(o); len(want) != 1 || r.Stage[i] != want[0] {
				t.Fatalf("%+v: got %s, want one of one: %v", o, r.Stage[i], want)
			}
			if (r.Criterion[i] == lifecycle.All) != (r.Stage[i] == lifecycle.Partner) {
				t.Fatalf("%+v: got %s by criterion %d", o, r.Stage[i], r.Criterion[i])
			}
			if reason := string(r.AppendReason(nil, i)); !strings.HasPrefix(reason, r.Stage[i].String()+": ") {
				t.Fatalf("%+v: got %s, reason %q", o, r.Stage[i], reason)
			}
			counts[r.Stage[i]]++
		}
		if counts != r.Customers {
			t.Fatalf("got counts %v, want %v", r.Customers, counts)
		}
	})
}

// Of customers with a purchase, those that are not lapsed climb with everything that is better.
func TestMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := customer().Draw(t, "customer")
		a.purchases = max(1, a.purchases)
		if math.IsNaN(a.overdue) {
			a.overdue = 50
		}
		b := a
		b.purchases += rapid.Int32Range(0, 3).Draw(t, "more purchases")
		b.quarters += rapid.Int32Range(0, 3).Draw(t, "more quarters")
		b.tenure += rapid.Int32Range(0, 3).Draw(t, "more days")
		b.breadth += rapid.Int32Range(0, 3).Draw(t, "more categories")
		b.overdue *= rapid.SampledFrom([]float64{0, 0.1, 0.5, 1}).Draw(t, "sooner")
		b.key = b.key || rapid.Bool().Draw(t, "key now")
		r := assign(t, columns(a, b), lifecycle.Settings{})
		if x, y := r.Stage[0], r.Stage[1]; x != lifecycle.Lapsed && (y == lifecycle.Lapsed || y < x) {
			t.Fatalf("%+v is %s, but the better %+v is %s", a, x, b, y)
		}
	})
}
