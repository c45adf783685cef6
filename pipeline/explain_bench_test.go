package pipeline_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/synth"
)

// BenchmarkExplain opens a published run and explains one customer, by its id, by a part of its name, and by
// a name that nobody has. The company of a million customers takes a minute to make; -short leaves it out.
func BenchmarkExplain(b *testing.B) {
	sizes := []int{10_000, 1_000_000}
	if testing.Short() {
		sizes = sizes[:1]
	}
	for _, customers := range sizes {
		c := scaled(b, customers)
		last := fmt.Sprintf("C%0*d", max(5, len(fmt.Sprint(customers))), customers*9/10)
		e, err := pipeline.Explain(c.Out, "", last, 2)
		if err != nil {
			b.Fatal(err)
		}
		for _, by := range []struct{ how, word string }{{"id", last}, {"name", e.Who.Name}, {"unknown", "Zzyzx Unheard Of"}} {
			b.Run(fmt.Sprintf("customers=%d/by=%s", customers, by.how), func(b *testing.B) {
				for b.Loop() {
					_, err := pipeline.Explain(c.Out, "", by.word, 2)
					if (err == nil) != (by.how == "id") && by.how != "name" { // others may have the name
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// scaled publishes a company of so many customers with three lines each.
func scaled(b *testing.B, customers int) pipeline.Config {
	b.Helper()
	e, err := synthesize(synth.Scale(customers, 3*int64(customers)), synth.Options{Format: synth.Parquet})
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	c := pipeline.Config{Orders: []string{put(b, dir, "orders.parquet", string(e.orders))}, CRM: []string{put(b, dir, "crm.parquet", string(e.crm))},
		Products: []string{put(b, dir, "products.parquet", string(e.products))}, Out: filepath.Join(dir, "out")}
	if _, err := pipeline.Run(b.Context(), "test", 2, c, pipeline.Events{}); err != nil {
		b.Fatal(err)
	}
	return c
}
