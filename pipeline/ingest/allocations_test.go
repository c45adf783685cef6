package ingest_test

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/ledger"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// Guards the hot path against regressions on any machine: not time, but what a further line allocates
// from bytes to ledger. The difference of two sizes leaves out what a file costs by itself.
func TestAllocationsPerLine(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 240,000 lines several times")
	}
	const small, large = 80_000, 160_000
	rows := benchRows(large)
	for _, c := range []struct {
		format        string
		objects, size float64 // at most, per line
	}{
		{"csv", 0.01, 160},
		{"parquet", 0.016, 160},
	} {
		var objects, size [2]float64
		for k, n := range []int{small, large} {
			text := csvOf(t, rows[:n])
			if c.format == "parquet" {
				text = parquetGroups(t, rows[:n], 20_000)
			}
			f := write(t, t.TempDir(), "orders."+c.format, text)
			objects[k], size[k] = allocated(t, f)
		}
		lines := float64(large - small)
		perLine, bytesPerLine := (objects[1]-objects[0])/lines, (size[1]-size[0])/lines
		t.Logf("%s: a further line allocates %.4f objects, %.0f bytes", c.format, perLine, bytesPerLine)
		if perLine > c.objects || bytesPerLine > c.size {
			t.Errorf("%s: a further line allocates %.4f objects and %.0f bytes; at most %.4f and %.0f are expected. "+
				"Find the cause with go test -bench Read -memprofile, or change the limits with a reason",
				c.format, perLine, bytesPerLine, c.objects, c.size)
		}
	}
}

// allocated counts the objects and bytes that reading a file into a ledger allocates.
func allocated(t *testing.T, f source.File) (objects, size float64) {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // pools keep what they have
	var before, after runtime.MemStats
	for range 2 { // the first time fills the pools
		runtime.GC()
		runtime.ReadMemStats(&before)
		r, err := ingest.Read(context.Background(), []source.File{f}, ingest.Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.Build(1, r.Builders...); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
	}
	return float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)
}
