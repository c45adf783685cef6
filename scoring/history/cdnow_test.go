package history_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ledger/ledgertest"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// TestCDNOW holds the columns against the published summary of the same log, customer by customer.
// The summary counts days without any spend as purchases, which this project does not, so customers
// that have such a day are left out.
func TestCDNOW(t *testing.T) {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is not set: the CDNOW log is not read")
	}
	log, err := os.ReadFile(filepath.Join(dir, "cdnow", "CDNOW_sample.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []ledgertest.Line
	free := map[int]bool{}
	for i, s := range strings.Split(strings.TrimSpace(string(log)), "\n") {
		f := strings.Fields(s) // master id, sample id, yyyymmdd, CDs, amount
		id, _ := strconv.Atoi(f[1])
		day, err := civil.Parse(f[2][:4] + "-" + f[2][4:6] + "-" + f[2][6:])
		net, ok := money.Parse([]byte(f[4]), money.AmountScale)
		if err != nil || !ok {
			t.Fatalf("unreadable line %d: %q", i+1, s)
		}
		free[id] = free[id] || net == 0
		lines = append(lines, ledgertest.Line{Customer: strconv.Itoa(id), Day: day, Order: uint64(i), Net: money.Amount(net)})
	}
	end, _ := civil.Parse("1997-10-01")
	l, h := of(t, lines, end, 2)

	f, err := os.Open(filepath.Join(dir, "cdnow", "btyd_cdnow_cbs_days.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, r := range records[1:] { // cust, x, t_x_days, T_cal_days, x_star, m_x
		id, _ := strconv.Atoi(r[0])
		c, ok := l.Find(strconv.Itoa(id))
		if !ok {
			t.Fatalf("customer %s is not in the log", r[0])
		}
		if free[id] {
			continue
		}
		compared++
		want := [3]string{r[1], r[2], r[3]}
		got := [3]string{strconv.Itoa(int(h.X[c])), strconv.Itoa(int(h.TX[c])), strconv.Itoa(int(h.T[c]))}
		m, _ := strconv.ParseFloat(r[5], 64)
		if got != want || h.X[c] > 0 && math.Abs(h.MeanValue(c)-m) > 1e-6 {
			t.Errorf("customer %s: got x, t_x, T %v, m %v, want %v and %s", r[0], got, h.MeanValue(c), want, r[5])
		}
	}
	if len(records) != 2358 || compared < 2300 {
		t.Errorf("got %d rows and %d compared, want 2357 customers and nearly all compared", len(records)-1, compared)
	}
	t.Logf("%d customers compared", compared)
}
