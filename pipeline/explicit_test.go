package pipeline_test

import (
	"bytes"
	"context"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"pgregory.net/rapid"
)

// A run with the config that an inspection wrote reads what a run without it read, to the last reject.
func TestExplicitConfigReadsTheSame(t *testing.T) {
	for _, c := range inspected() {
		t.Run(c.name, func(t *testing.T) {
			paths := c.paths(t, t.TempDir())
			cfg := configured(t, c.config, pipeline.Config{Orders: paths, PublishAnyway: true})
			files, err := pipeline.Inspect(context.Background(), &bytes.Buffer{}, paths, cfg, 2)
			if err != nil {
				t.Fatal(err)
			}
			text := pipeline.ExplicitConfig(files, cfg)
			for _, want := range c.wants {
				if !bytes.Contains(text, []byte(want)) {
					t.Errorf("the config lacks %q:\n%s", want, text)
				}
			}
			explicit := configured(t, string(text), pipeline.Config{PublishAnyway: true})
			plain := cfg
			plain.Orders, plain.CRM, plain.Products = explicit.Orders, explicit.CRM, explicit.Products
			if diff := cmp.Diff(reconciled(t, plain), reconciled(t, explicit)); diff != "" {
				t.Errorf("without the config -, with it +:\n%s\n%s", diff, text)
			}
		})
	}
}

// What an inspection says of a file is what a run understands of it.
func TestInspectionIsWhatARunReads(t *testing.T) {
	for _, c := range inspected() {
		t.Run(c.name, func(t *testing.T) {
			paths := c.paths(t, t.TempDir())
			cfg := configured(t, c.config, pipeline.Config{PublishAnyway: true})
			files, err := pipeline.Inspect(context.Background(), &bytes.Buffer{}, paths, cfg, 0)
			if err != nil {
				t.Fatal(err)
			}
			var inspected []ingest.File
			for _, f := range files {
				if f.Orders != nil {
					inspected = append(inspected, decided(*f.Orders, f.Partial))
					cfg.Orders = append(cfg.Orders, f.Path)
				}
			}
			out, err := pipeline.Reconcile(context.Background(), "test", 2, cfg, pipeline.Events{})
			if err != nil {
				t.Fatal(err)
			}
			var read []ingest.File
			for i, f := range out.Read.Files {
				read = append(read, decided(f, inspected[i].Partial))
			}
			if diff := cmp.Diff(inspected, read, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
				t.Errorf("inspected -, read +:\n%s", diff)
			}
		})
	}
}

// decided leaves out of a file what depends on how far it was read.
func decided(f ingest.File, partial bool) ingest.File {
	f.Partial = partial
	if partial {
		f.Books, f.Amounts, f.Aside, f.Tables = ingest.Books{}, nil, nil, nil
	}
	return f
}

// A written key holds any text as it is.
func TestExplicitConfigQuotes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "words")
		for i, w := range words {
			words[i] = strings.ToValidUTF8(w, "?")
		}
		var want pipeline.Config
		want.Settings.NullValues, want.Settings.OrderRefund = words, words[0]
		got, err := pipeline.ParseConfig("test.yaml", pipeline.ExplicitConfig(nil, want), pipeline.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Settings, got.Settings); diff != "" {
			t.Errorf("written -, read +:\n%s", diff)
		}
	})
}

// What a config says against its preset is written too, though it be false, nothing or none.
func TestExplicitConfigAgainstThePreset(t *testing.T) {
	preset := put(t, t.TempDir(), "mine.yaml", `name: mine
description: all that a preset can say
orders: {order_id: [a]}
settings: {no_header: true, id_fold_case: true, null_values: [x], return_id_prefix: [C], return_status: [back], cancelled_status: [off], non_product_codes: [POST], float_ids: true,
  order_per_day: true, carry_down: true, group_rows: true, order_refund: Refunded, order_discount: Off, amount_from: price, tax_included: true, id_width: 5,
  tax_rate: 19%, category_margins: {A: 10%}}
`)
	base := "preset: " + preset + "\n"
	for _, against := range []string{"", `settings: {null_values: [], return_id_prefix: [], return_status: [], cancelled_status: [], non_product_codes: [], float_ids: false,
  order_per_day: false, carry_down: false, group_rows: false, order_refund: "", order_discount: "", amount_from: "", tax_included: false, id_width: 0, tax_rate: 0, no_header: false, id_fold_case: false, category_margins: {}}
`} {
		want := configured(t, base+against, pipeline.Config{})
		for v, i := reflect.ValueOf(want.Settings), 0; i < v.NumField() && against == ""; i++ {
			if name := v.Type().Field(i).Name; v.Field(i).IsZero() && name != "Aliases" { // which come from a file
				t.Fatalf("%s is not in this test: add it, and to the settings that a config writes", name)
			}
		}
		text := pipeline.ExplicitConfig(nil, want)
		got := configured(t, string(text), pipeline.Config{})
		if diff := cmp.Diff(want.Settings, got.Settings); diff != "" {
			t.Errorf("written -, read +:\n%s\n%s", diff, text)
		}
	}
}

// readings is what a night read.
type readings struct {
	Books      string
	Rejects    []string
	Understood []pipeline.Understood
}

func reconciled(t *testing.T, c pipeline.Config) readings {
	t.Helper()
	out, err := pipeline.Reconcile(context.Background(), "test", 2, c, pipeline.Events{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := out.WriteReconciliation(&b); err != nil {
		t.Fatal(err)
	}
	got := readings{Books: b.String(), Understood: out.Manifest.Understood}
	for i := range got.Understood { // how it was known differs, not what
		got.Understood[i].Dialect, got.Understood[i].Evidence = "", nil
	}
	for _, r := range out.Rejects {
		r.File = filepath.Base(r.File)
		got.Rejects = append(got.Rejects, strings.Join([]string{r.File, r.Column, r.Value, r.Reason}, " "))
	}
	return got
}
