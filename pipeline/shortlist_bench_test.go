package pipeline_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

// BenchmarkShortlist answers questions to a published run of a million customers, from opening the
// output directory to the last byte printed. The figures are random; the columns beside those that the
// questions name stand for the others of customers.parquet.
func BenchmarkShortlist(b *testing.B) {
	const n = 1_000_000
	out := filepath.Join(b.TempDir(), "out")
	publishMillion(b, out, n)
	for _, q := range []struct {
		name string
		o    pipeline.ShortlistOptions
	}{
		{"list/top=20", pipeline.ShortlistOptions{List: "develop", Top: 20}},
		{"list/where/top=20", pipeline.ShortlistOptions{List: "develop", Where: "region = 'North' and key_score > 80", Top: 20}},
		{"all/where", pipeline.ShortlistOptions{List: "none", Where: "region = 'North' and key_score > 99"}},
		{"all/sort/top=20", pipeline.ShortlistOptions{List: "none", Sort: "net_sales_window desc", Top: 20}},
		{"all/id", pipeline.ShortlistOptions{List: "none", Where: "customer_id = 'C0471147'"}},
		{"all/name", pipeline.ShortlistOptions{List: "none", Where: "name like '%4711%'"}},
	} {
		b.Run("customers=1M/"+q.name, func(b *testing.B) {
			q.o.Out, q.o.Workers = out, 2
			for b.Loop() {
				s, err := pipeline.ReadShortlist(q.o)
				if err != nil {
					b.Fatal(err)
				}
				if err := s.WriteJSON(io.Discard); err != nil {
					b.Fatal(err)
				}
				s.Release()
			}
		})
	}
}

func publishMillion(b *testing.B, out string, n int) {
	rng := rand.New(rand.NewPCG(1, 2))
	floats := func() []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = 100 * rng.Float64()
		}
		return v
	}
	amounts := func() []money.Amount {
		v := make([]money.Amount, n)
		for i := range v {
			v[i] = money.Amount(rng.Int64N(1e10))
		}
		return v
	}
	ids, names, reasons, codes := make([]string, n), make([]string, n), make([]string, n), make([]uint8, n)
	for i := range ids {
		ids[i], names[i], codes[i] = fmt.Sprintf("C%07d", i), fmt.Sprintf("Customer %d of Somewhere Ltd", rng.IntN(n)), uint8(rng.IntN(4))
		reasons[i] = fmt.Sprintf("core: sales rank %d, class A; margin 41.5%% >= 24.2%%: key account; credit GOOD", i)
	}
	cols := []table.Column{table.Strings("customer_id", "", ids, nil), table.Strings("name", "", names, nil), table.Strings("reason", "", reasons, nil),
		table.Coded("region", "class", codes, []string{"North", "South", "East", "West"}, nil), table.Coded("tier", "class", codes, []string{"core", "key", "general", "dormant"}, nil),
		table.Floats("key_score", "score", floats(), nil), table.Amounts("net_sales_window", "money", amounts(), nil), table.Floats("margin_rate", "rate", floats(), nil)}
	for i := range 12 {
		cols = append(cols, table.Floats(fmt.Sprintf("rate_%d", i), "rate", floats(), nil), table.Amounts(fmt.Sprintf("amount_%d", i), "money", amounts(), nil))
	}
	customers, err := table.New(cols...)
	if err != nil {
		b.Fatal(err)
	}
	defer customers.Release()
	const members = 70_000
	place, rows, why := make([]int64, members), make([]int64, members), make([]string, members)
	for i, r := range rng.Perm(n)[:members] {
		place[i], rows[i], why[i] = int64(i+1), int64(r), reasons[r]
	}
	list, err := table.New(table.Ints("place", "rank", place, nil), table.Ints("customer_row", "row", rows, nil), table.Strings("list_reason", "", why, nil))
	if err != nil {
		b.Fatal(err)
	}
	defer list.Release()
	m := pipeline.Manifest{RunID: "0123456789abcdef", AsOf: "2026-01-01", Lists: []pipeline.ListLine{{List: "develop", Rows: members}}}
	m.Recipe.Segments = map[string]string{"loyal_purchases": "4", "loyal_quarters": "3", "loyal_overdue": "2", "lapsed_overdue": "3", "partner_tenure_days": "730", "partner_breadth": "3"}
	publishTables(b, out, m, 0, map[string]*table.Table{"customers.parquet": customers, "lists/develop.parquet": list})
	info, err := os.Stat(filepath.Join(out, "runs", m.RunID, "customers.parquet"))
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("customers.parquet has %d bytes", info.Size())
}
