package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"pgregory.net/rapid"
)

// The cells of customers.parquet are those of a recount with maps and exact fractions, for any small
// company, as-of day and window.
func TestRunAgreesWithRecount(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	night := 0
	rapid.Check(t, func(r *rapid.T) {
		lines := drawLines(r)
		window := rapid.SampledFrom([]int{1, 89, 90, 365, 366}).Draw(r, "window")
		night++
		base := filepath.Join(dir, fmt.Sprint(night))
		c := configured(t, "settings: {return_id_prefix: [R]}\nkeep_runs: 1\n", pipeline.Config{
			Orders: []string{put(t, base, "orders.csv", exported(lines))}, Products: []string{put(t, base, "products.csv", catalogue)},
			Out: filepath.Join(base, "out"), Window: window,
		})
		asOf := asOfDefault(lines)
		if rapid.Bool().Draw(r, "as of given") {
			asOf = lines[0].day + 1
			c.AsOf, c.AsOfSet = asOf, true
		}
		out, err := pipeline.Run(context.Background(), "test", 1+night%3, c, pipeline.Events{})
		if asOf == civil.Unknown || !usedBefore(lines, asOf) {
			if !errors.Is(err, pipeline.ErrInput) {
				r.Fatalf("without a usable line: got %v, want %v", err, pipeline.ErrInput)
			}
			return
		}
		if err != nil {
			r.Fatal(err)
		}
		all, in := recount(lines, civil.Min, asOf), recount(lines, asOf-civil.Day(window), asOf)
		if diff := cmp.Diff(naive(all, in, asOf), cells(customersOf(t, out))); diff != "" {
			r.Errorf("customers.parquet: -recount +got\n%s", diff)
		}
		later := 0
		for _, a := range all {
			if a.lines == 0 {
				later++
			}
		}
		if r2 := out.Manifest.Reconciliation; r2.Later != later || r2.Customers != len(all)-later {
			r.Errorf("got %d customers and %d later, want %d and %d", r2.Customers, r2.Later, len(all)-later, later)
		}
		if diff := cmp.Diff(naiveBooks(lines), books(out.Manifest.Reconciliation)); diff != "" {
			r.Errorf("reconciliation: -recount +got\n%s", diff)
		}
	})
}

// asOfDefault is the day after the last usable line, Unknown without one.
func asOfDefault(lines []saleLine) civil.Day {
	last := civil.Unknown
	for _, l := range lines {
		if l.customer != "" && l.status != "cancelled" && (last == civil.Unknown || l.day > last) {
			last = l.day
		}
	}
	if last == civil.Unknown {
		return last
	}
	return last + 1
}

// naive prints the cells that a recount says, by customer and column; "-" is null.
func naive(all, in map[string]*tally, asOf civil.Day) map[string]map[string]string {
	companyCosted, windowCosted := int64(0), int64(0)
	for id := range all {
		companyCosted += all[id].costed
		windowCosted += in[id].costed
	}
	out := map[string]map[string]string{}
	for id, a := range all {
		if a.lines == 0 {
			continue // came after the as-of day
		}
		w := in[id]
		cells := map[string]string{
			"net_sales": amountText(a.net), "returned": amountText(a.returned), "discount": amountText(a.discount), "units": amountText(a.units),
			"orders": fmt.Sprint(len(a.orders)), "frequency": fmt.Sprint(len(a.purchases)), "purchase_days": fmt.Sprint(len(a.purchaseDays)),
			"lines": fmt.Sprint(a.lines), "net_sales_window": amountText(w.net), "orders_window": fmt.Sprint(len(w.orders)),
			"gross_profit": profitText(a, companyCosted), "gross_profit_window": profitText(w, windowCosted),
			"first_day": "-", "last_day": "-", "recency_days": "-", "tenure_days": "-",
		}
		if a.firstPurchase != civil.Unknown {
			cells["first_day"], cells["last_day"] = a.firstPurchase.String(), a.lastPurchase.String()
			cells["recency_days"], cells["tenure_days"] = fmt.Sprint(int32(asOf-a.lastPurchase)), fmt.Sprint(int32(asOf-a.firstPurchase))
		}
		out[id] = cells
	}
	return out
}

func amountText(v int64) string { return money.Amount(v).String() }

// profitText is null where no line of the customer has a cost, unless it has no line: then it made
// a known zero, as long as anybody's cost is known.
func profitText(t *tally, anyCosted int64) string {
	if anyCosted == 0 || (t.costed == 0 && t.lines > 0) {
		return "-"
	}
	return amountText(t.covered - t.cost)
}

// cells prints the same columns of customers.parquet.
func cells(s *sheet) map[string]map[string]string {
	out := map[string]map[string]string{}
	print := map[string]func(i int, column string) string{}
	for _, c := range []string{"net_sales", "returned", "discount", "units", "net_sales_window", "gross_profit", "gross_profit_window"} {
		print[c] = func(i int, c string) string { return s.amount(i, c).String() }
	}
	for _, c := range []string{"orders", "frequency", "purchase_days", "lines", "orders_window", "recency_days", "tenure_days"} {
		print[c] = func(i int, c string) string { return fmt.Sprint(s.whole(i, c)) }
	}
	for _, c := range []string{"first_day", "last_day"} {
		print[c] = func(i int, c string) string { return s.day(i, c).String() }
	}
	for i := range s.rows {
		row := map[string]string{}
		for column, text := range print {
			row[column] = "-"
			if !s.null(i, column) {
				row[column] = text(i, column)
			}
		}
		out[s.text(i, "customer_id")] = row
	}
	return out
}

// naiveBooks counts lines by what became of them. No line of these companies is rejected.
func naiveBooks(lines []saleLine) map[string]int64 {
	out := map[string]int64{"read": 0, "used": 0, "no customer": 0, "cancelled": 0, "rejected": 0}
	for _, l := range lines {
		out["read"]++
		switch {
		case l.status == "cancelled":
			out["cancelled"]++
		case l.customer == "":
			out["no customer"]++
		default:
			out["used"]++
		}
	}
	return out
}

func books(r *pipeline.Reconciliation) map[string]int64 {
	return map[string]int64{"read": r.Read.Lines, "used": r.Used.Lines, "no customer": r.NoCustomer.Lines, "cancelled": r.Cancelled.Lines, "rejected": r.Rejected.Lines}
}

// usedBefore reports whether a used line lies before a day: without one there is no night to publish.
func usedBefore(lines []saleLine, asOf civil.Day) bool {
	for _, a := range recount(lines, civil.Min, asOf) {
		if a.lines > 0 {
			return true
		}
	}
	return false
}
