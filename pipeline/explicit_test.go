package pipeline_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	dayFirst = "Titel;;;\n\nAuftrag;Kunde;Datum;Betrag\n1;A;05/01/2024;1.020,50\n2;B;25/01/2024;20,00\n3;B;x;1,00\n4;00C;26/01/2024;7\nSumme;;;1.048,50\n"
	chinese  = "订单号,客户编号,下单日期,金额,状态\n1,张三,2024年1月5日,20.00,\n2,李四,2024年1月6日,\"1,020.50\",已取消\n3,李四,2024年1月7日,5,\n"
	// Further lines of an order leave its header blank, and the names of two columns are the same.
	carried = "order_id,customer_id,ordered_at,quantity,unit_price,note,note\n1,A,2024-01-05,1,20.00,,\n,,,2,3.00,,\n,,,1,4.00,,\n2,B,2024-01-06,1,5.00,,\n,,,1,6.00,,\n"
	twoDigit = "id,who,01/02/99,5\n1,A,25/02/99,5\n2,B,26/02/01,6\n3,B,27/02/01,8\n"
)

// A run with the config that an inspection wrote reads what a run without it read, to the last reject.
func TestExplicitConfigReadsTheSame(t *testing.T) {
	dir := t.TempDir()
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(chinese)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, config string
		paths        func(t *testing.T) []string
		wants        []string
	}{
		{"dd/mm", "map: {order_id: Auftrag, customer_id: Kunde, ordered_at: Datum, amount: Betrag}\n",
			func(t *testing.T) []string { return []string{put(t, dir, "de.csv", dayFirst)} },
			[]string{"dates: \"dd/mm/yyyy\"\n", "decimal: \",\"\n", "thousands: \".\"\n", "charset: \"utf-8\"\n", "  orders.customer_id: \"Kunde\" # "}},
		{"GBK", "", func(t *testing.T) []string { return []string{put(t, dir, "gbk.csv", gbk)} },
			[]string{"charset: \"gb18030\"\n", "delimiter: \",\"\n", "  orders.customer_id: \"客户编号\" # "}},
		{"carried", "", func(t *testing.T) []string { return []string{put(t, dir, "carried.csv", carried)} }, []string{"  carry_down: true\n"}},
		{"two-digit years, no header", "map: {order_id: '#1', customer_id: '#2', ordered_at: '#3', amount: '#4'}\ndates: dmy\n",
			func(t *testing.T) []string {
				return []string{put(t, dir, "short.csv", strings.SplitAfterN(twoDigit, "\n", 2)[1])}
			}, []string{"  orders.order_id: \"#1\"", "dates: \"dmy\"\n"}},
		{"files that differ", "", func(t *testing.T) []string {
			return []string{put(t, dir, "comma.csv", "order_id,customer_id,ordered_at,amount\n1,A,2024-01-05,20.00\n"),
				put(t, dir, "semicolon.csv", "order_id;customer_id;ordered_at;amount\n2;B;05.02.2024;1.020,00\n3;B;25.02.2024;1.020,00\n")}
		}, []string{"# delimiter: ", "# dates: ", "# decimal: "}},
		{"UCI by day", "preset: uci\n", func(t *testing.T) []string { return []string{data(t, "uci_online_retail", "by-day")} }, []string{"preset: \"uci\"\n", "delimiter: \",\"\n"}},
		{"superstore", "preset: superstore\n", func(t *testing.T) []string { return []string{data(t, "us_superstore_stacked")} }, []string{"preset: \"superstore\"\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			paths := c.paths(t)
			cfg := configured(t, c.config, pipeline.Config{Orders: paths, PublishAnyway: true})
			plain := reconciled(t, cfg)
			var screen bytes.Buffer
			files, err := pipeline.Inspect(context.Background(), &screen, paths, cfg, 2, true)
			if err != nil {
				t.Fatal(err)
			}
			text := pipeline.ExplicitConfig(files, cfg)
			for _, want := range c.wants {
				if !bytes.Contains(text, []byte(want)) {
					t.Errorf("the config lacks %q:\n%s", want, text)
				}
			}
			explicit := reconciled(t, configured(t, string(text), pipeline.Config{PublishAnyway: true}))
			if diff := cmp.Diff(plain, explicit); diff != "" {
				t.Errorf("without the config -, with it +:\n%s\n%s", diff, text)
			}
		})
	}
}

// readings is what a night read: the reconciliation, every reject and the ledger's days.
type readings struct {
	Books   string
	Rejects []string
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
	got := readings{Books: b.String()}
	for _, r := range out.Rejects {
		r.File = filepath.Base(r.File)
		got.Rejects = append(got.Rejects, strings.Join([]string{r.File, r.Column, r.Value, r.Reason}, " "))
	}
	if _, err := os.Stat("vitalfew-out"); err == nil {
		t.Error("something was published")
	}
	return got
}
