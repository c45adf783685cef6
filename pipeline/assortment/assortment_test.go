package assortment_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vitalfew/vitalfew/pipeline/assortment"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/margin"
	"pgregory.net/rapid"
)

type line struct {
	Customer, Category string
	Day                civil.Day
	Net, Cost          money.Amount
	Costed, Return     bool
}

func lines() *rapid.Generator[line] {
	return rapid.Custom(func(t *rapid.T) line {
		return line{
			Customer: fmt.Sprint("c", rapid.IntRange(0, 4).Draw(t, "customer")),
			Category: rapid.SampledFrom([]string{"", "nuts", "bolts", "glue"}).Draw(t, "category"),
			Day:      civil.Day(rapid.IntRange(90, 115).Draw(t, "day")), Net: money.Amount(rapid.Int64Range(-1e12, 1e12).Draw(t, "net")),
			Cost: money.Amount(rapid.Int64Range(-1e12, 1e12).Draw(t, "cost")), Costed: rapid.IntRange(0, 3).Draw(t, "costed") > 0, Return: rapid.Bool().Draw(t, "return"),
		}
	})
}

// count gives the lines to a counter in batches of a size; categories nil where nobody names one.
func count(t interface{ Fatal(...any) }, q *assortment.Question, all []line, size int) *assortment.Counter {
	c, names := assortment.NewCounter(q), ledger.NewBuilder()
	for part := range slices.Chunk(all, size) {
		var b ledger.Batch
		for _, l := range part {
			flags, category := uint8(0), ledger.NoCategory
			if l.Costed {
				flags |= ledger.Costed
			}
			if l.Return {
				flags |= ledger.Return
			}
			if l.Category != "" {
				category = names.Category([]byte(l.Category))
			}
			b.Customer, b.Day, b.Flags = append(b.Customer, names.Customer([]byte(l.Customer))), append(b.Day, l.Day), append(b.Flags, flags)
			b.Net, b.Cost, b.Category = append(b.Net, l.Net), append(b.Cost, l.Cost), append(b.Category, category)
		}
		if !slices.ContainsFunc(part, func(l line) bool { return l.Category != "" }) {
			b.Category = nil
		}
		if err := c.Add(names, &b); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// naive sums the lines of a question up, one question at a time.
func naive(all []line, categories []string, in civil.Range, of func(l line) bool, empty bool) (parts []margin.Part) {
	for k, name := range categories {
		p, some := margin.Part{Category: int32(k)}, false
		for _, l := range all {
			if l.Costed && l.Category == name && l.Day >= in.From && l.Day < in.To && of(l) {
				p.Covered, p.Profit, some = p.Covered+l.Net, p.Profit+l.Net-l.Cost, true
			}
		}
		if some || empty {
			parts = append(parts, p)
		}
	}
	return parts
}

func TestNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(lines(), 0, 60).Draw(t, "lines")
		asked := []string{"c1", "c3"}
		q := &assortment.Question{Windows: []civil.Range{{From: 100, To: 110}, {From: 92, To: 100}},
			Place: func(id string) int32 { return int32(slices.Index(asked, id)) }}
		cut := rapid.IntRange(0, len(all)).Draw(t, "cut")
		size := rapid.IntRange(1, 9).Draw(t, "batch")
		s, err := assortment.Join(q, []*assortment.Counter{count(t, q, all[:cut], size), count(t, q, all[cut:], size)})
		if err != nil {
			t.Fatal(err)
		}
		for w, in := range q.Windows {
			everyone := func(line) bool { return true }
			if d := cmp.Diff(naive(all, s.Categories, in, everyone, true), s.Company(w), cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("window %d, company: -want +got\n%s", w, d)
			}
			for place, id := range asked {
				own := func(l line) bool { return l.Customer == id }
				if d := cmp.Diff(naive(all, s.Categories, in, own, false), s.Basket(int32(place), w), cmpopts.EquateEmpty()); d != "" {
					t.Fatalf("window %d, %s: -want +got\n%s", w, id, d)
				}
			}
		}
		for _, l := range all { // no category is lost
			if l.Costed && l.Day >= 92 && l.Day < 110 && !slices.Contains(s.Categories, l.Category) {
				t.Fatalf("got categories %q without %q", s.Categories, l.Category)
			}
		}
		if named := slices.ContainsFunc(s.Categories, func(name string) bool { return name != "" }); s.Named() != named {
			t.Fatalf("got named %v of %q", s.Named(), s.Categories)
		}
	})
}

func TestOverflow(t *testing.T) {
	q := &assortment.Question{Windows: []civil.Range{{From: 0, To: 10}}, Place: func(string) int32 { return -1 }}
	big := line{Customer: "a", Net: math.MaxInt64, Costed: true}
	if _, err := assortment.Join(q, []*assortment.Counter{count(t, q, []line{big}, 1), count(t, q, []line{big}, 1)}); err == nil {
		t.Error("got no error where the sum of two counters does not fit")
	}
	names := ledger.NewBuilder()
	b := ledger.Batch{Customer: []uint32{names.Customer([]byte("a"))}, Day: []civil.Day{1}, Flags: []uint8{ledger.Costed}, Net: []money.Amount{math.MaxInt64}, Cost: []money.Amount{-1}}
	if err := assortment.NewCounter(q).Add(names, &b); err == nil {
		t.Error("got no error for a profit that does not fit")
	}
}
