package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// The wanted figures are those of reference/retail_numbers.md on UCI Online Retail, computed apart from
// this project.
func TestQualityOfRetail(t *testing.T) {
	cfg := configured(t, "preset: uci\n", pipeline.Config{Orders: []string{data(t, "uci_online_retail", "by-day")}})
	var texts [2]string
	for k, workers := range []int{1, 3} {
		out, err := pipeline.Reconcile(context.Background(), "test", workers, cfg, pipeline.Events{})
		if err != nil {
			t.Fatal(err)
		}
		q := out.Quality
		q.MarkFuture(q.Days.Last - 1)
		got := map[string]string{"lines": fmt.Sprint(q.Lines), "with a customer": fmt.Sprint(q.Customer.Lines), "days": fmt.Sprint(q.Days.With),
			"first": q.Days.First.String(), "future": fmt.Sprint(q.Future > 0 && q.Future == q.Calendar.From(q.Days.Last))}
		for _, c := range q.Columns {
			if c.Name == "customer_id" {
				got["absent customers"], got["customers"] = fmt.Sprint(c.Absent), fmt.Sprint(c.Distinct)
			}
			if c.Name == "unit_price" {
				got["prices"] = fmt.Sprint(c.Numbers.Least, " ", c.Numbers.Greatest, " ", c.Numbers.Zero, " ", c.Numbers.Negative)
			}
			if c.Name == "order_id" && (c.Distinct < 25_900*96/100 || c.Distinct > 25_900*104/100 || !c.Estimated) {
				t.Errorf("about %d orders, want 25,900", c.Distinct)
			}
		}
		want := map[string]string{"lines": "541909", "with a customer": "406829", "days": "305", "first": civil.Day(14944).String(), "future": "true",
			"absent customers": "135080", "customers": "4372", "prices": "-11062.06 38970.00 2515 2"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		var text, machine bytes.Buffer
		if err := out.WriteValidation(&text); err != nil {
			t.Fatal(err)
		}
		if err := out.WriteValidationJSON(&machine); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(machine.Bytes()) {
			t.Errorf("no JSON: %s", machine.Bytes())
		}
		texts[k] = text.String() + machine.String()
	}
	if texts[0] != texts[1] {
		t.Errorf("one worker -, three +:\n%s", cmp.Diff(texts[0], texts[1]))
	}
}
