package pipeline_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/publish"
	"github.com/vitalfew/vitalfew/pipeline/synth"
)

// data is a path below the reference data.
func data(t *testing.T, path ...string) string {
	t.Helper()
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is unset: point it at the reference data to run this test")
	}
	return filepath.Join(append([]string{dir}, path...)...)
}

// put writes a file below dir and returns its path.
func put(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// configured reads YAML over a config.
func configured(t *testing.T, yaml string, base pipeline.Config) pipeline.Config {
	t.Helper()
	c, err := pipeline.ParseConfig("test.yaml", []byte(yaml), base)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// runNight works a night through that must end well.
func runNight(t *testing.T, c pipeline.Config, workers int) *pipeline.Outcome {
	t.Helper()
	out, err := pipeline.Run(context.Background(), "test", workers, c, pipeline.Events{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// exports are the demo company's files as bytes.
type exports struct{ orders, crm, products []byte }

// demoExports makes the demo company once for all tests.
var demoExports = sync.OnceValues(func() (exports, error) { return synthesize(synth.Demo(), synth.Options{}) })

func synthesize(p synth.Params, o synth.Options) (e exports, err error) {
	c, err := synth.New(p)
	if err != nil {
		return e, err
	}
	var orders, crm, products bytes.Buffer
	if _, err := c.WriteOrders(context.Background(), &orders, o); err != nil {
		return e, err
	}
	if err := c.WriteCRM(context.Background(), &crm, o.Format); err != nil {
		return e, err
	}
	err = c.WriteProducts(&products, o.Format)
	return exports{orders.Bytes(), crm.Bytes(), products.Bytes()}, err
}

// demo writes the demo company's exports into a fresh directory and returns the config that reads
// them and publishes beside them.
func demo(t *testing.T) pipeline.Config {
	t.Helper()
	e, err := demoExports()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return pipeline.Config{
		Orders: []string{put(t, dir, "orders.csv", string(e.orders))}, CRM: []string{put(t, dir, "crm.csv", string(e.crm))},
		Products: []string{put(t, dir, "products.csv", string(e.products))}, Out: filepath.Join(dir, "out"),
	}
}

// small is a company as four texts; "" leaves an export out.
type small struct{ orders, crm, products, rates string }

// config writes the company's exports into a fresh directory, with the YAML over them.
func (s small) config(t *testing.T, yaml string) pipeline.Config {
	t.Helper()
	dir := t.TempDir()
	c := pipeline.Config{Orders: []string{put(t, dir, "orders.csv", s.orders)}, Out: filepath.Join(dir, "out")}
	if s.crm != "" {
		c.CRM = []string{put(t, dir, "crm.csv", s.crm)}
	}
	if s.products != "" {
		c.Products = []string{put(t, dir, "products.csv", s.products)}
	}
	if s.rates != "" {
		c.Rates = put(t, dir, "rates.csv", s.rates)
	}
	return configured(t, yaml, c)
}

// customers runs the company and reads its customers.parquet.
func (s small) customers(t *testing.T, yaml string) *sheet {
	t.Helper()
	return customersOf(t, runNight(t, s.config(t, yaml), 2))
}

// current is the id of the published run.
func current(t *testing.T, out string) string {
	t.Helper()
	id, _, err := publish.Current(out)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// verified fails unless the published run is whole and no leftover of another stands beside it.
func verified(t *testing.T, out string) {
	t.Helper()
	r, err := publish.Verify(out, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Error(p)
	}
	entries, err := os.ReadDir(filepath.Join(out, "runs"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			t.Errorf("leftover runs/%s", e.Name())
		}
	}
}
