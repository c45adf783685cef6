package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
)

// overlapping are two exports that share a day: order 2 stands in both, one of its lines changed.
func overlapping(t *testing.T, yaml string) pipeline.Config {
	t.Helper()
	c := small{orders: `order_id,customer_id,ordered_at,product_id,amount
1,A,2024-05-01,P,10
2,A,2024-05-02,P,20
2,A,2024-05-02,Q,1
`}.config(t, yaml)
	c.Orders = append(c.Orders, put(t, t.TempDir(), "overlap.csv", `order_id,customer_id,ordered_at,product_id,amount
2,A,2024-05-02,P,20
2,A,2024-05-02,Q,2
3,A,2024-05-03,P,30
`))
	return c
}

func TestDuplicates(t *testing.T) {
	for yaml, want := range map[string]string{"": "83.00", "duplicates: keep\n": "83.00", "duplicates: set_aside\n": "63.00"} {
		out := runNight(t, overlapping(t, yaml), 2)
		if got := figures(customersOf(t, out), "net_sales")["A"]; got != want {
			t.Errorf("%q: A bought for %s, want %s", yaml, got, want)
		}
		r := out.Manifest.Reconciliation
		if (yaml == "") != (r.Duplicates == nil) {
			t.Errorf("%q: got %+v", yaml, r.Duplicates)
		} else if d := r.Duplicates; d != nil && (d.Lines != 1 || d.LinesAcross != 1 || d.Orders != 1) {
			t.Errorf("%q: got %+v", yaml, d)
		}
		if want := map[bool]int64{true: 1}[strings.Contains(yaml, "aside")]; r.Duplicate.Lines != want || r.Read.Lines != 6 || r.Used.Lines != 6-want {
			t.Errorf("%q: %d read, %d used, %d set aside", yaml, r.Read.Lines, r.Used.Lines, r.Duplicate.Lines)
		}
	}
	_, err := pipeline.Run(context.Background(), "test", 2, overlapping(t, "duplicates: refuse\n"), pipeline.Events{})
	for _, want := range []string{"1 lines repeat others and 1 orders are in several files", "overlap.csv, line 2 repeats ", "orders.csv, line 3", "duplicates: set_aside"} {
		if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	runNight(t, small{orders: "order_id,customer_id,ordered_at,amount\n1,A,2024-05-01,10\n1,A,2024-05-01,11\n"}.config(t, "duplicates: refuse\n"), 1)
}

// validate looks for duplicates whatever the config says, and tells what becomes of them.
func TestValidateReportsDuplicates(t *testing.T) {
	out, err := pipeline.Reconcile(context.Background(), "test", 2, overlapping(t, ""), pipeline.Events{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := out.WriteValidation(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1 lines repeat another in all mapped columns, 1 of them one of another file: they count; duplicates: set_aside leaves them out",
		"overlap.csv, line 2 repeats ", "1 orders are in several files"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	c := overlapping(t, "")
	c.Duplicates = "drop"
	if err := c.OrDefault().Validate(); err == nil || !strings.Contains(err.Error(), `duplicates: "drop": write keep, set_aside or refuse`) {
		t.Errorf("got %v", err)
	}
}

// A run that nobody told to look for repeats still warns of files with the same content, whatever their
// packing, and of orders in several files; not of the order at a cut.
func TestRunWarnsOfOverlap(t *testing.T) {
	const head = "order_id,customer_id,ordered_at,product_id,amount\n"
	const lines = "1,A,2024-05-01,P,10\n2,A,2024-05-02,P,20\n3,B,2024-05-02,Q,1\n"
	for name, c := range map[string]struct {
		files []string
		want  string // in the warnings; "": none
	}{
		"the same, sorted differently and delimited differently": {[]string{head + lines, strings.ReplaceAll(head+"3,B,2024-05-02,Q,1\n1,A,2024-05-01,P,10\n2,A,2024-05-02,P,20\n", ",", ";")},
			"1.csv holds the same 3 lines as "},
		"two orders in both":  {[]string{head + lines, head + "2,A,2024-05-02,R,5\n3,B,2024-05-02,Q,1\n4,B,2024-05-02,Q,1\n"}, "2 orders have lines in several files; the order of "},
		"cut within an order": {[]string{head + lines, head + "3,B,2024-05-02,R,5\n4,B,2024-05-02,Q,1\n"}, ""},
		"nothing in common":   {[]string{head + lines, head + "4,A,2024-05-02,R,5\n"}, ""},
	} {
		cfg := small{orders: c.files[0]}.config(t, "")
		cfg.Orders = append(cfg.Orders, put(t, t.TempDir(), "1.csv", c.files[1]))
		out := runNight(t, cfg, 2)
		found := ""
		for _, w := range out.Manifest.InputWarnings {
			if strings.Contains(w, "set_aside") {
				found += w
			}
		}
		if c.want == "" && found != "" || !strings.Contains(found, c.want) || c.want != "" && !strings.Contains(found, "duplicates: refuse") {
			t.Errorf("%s: got the warning %q, want %q", name, found, c.want)
		}
		var summary bytes.Buffer
		if err := out.WriteSummary(&summary); err != nil || c.want != "" && !strings.Contains(summary.String(), "warning: "+found) {
			t.Errorf("%s: the summary lacks %q: %v", name, found, err)
		}
		if out.Manifest.Reconciliation.Overlap == nil {
			t.Errorf("%s: the manifest says nothing of overlap", name)
		}
	}
}
