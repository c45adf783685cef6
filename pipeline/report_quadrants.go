package pipeline

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
)

// reportQuadrants is the picture of the quadrants and the table behind it.
type reportQuadrants struct {
	VolumeCut, MarginCut string
	// Picture is rows from high to low margin, each from low to high volume; one row where the margin
	// is off.
	Picture [][]reportBox
	Table   reportTable
}

// reportBox is one quadrant of the picture.
type reportBox struct{ Name, Class, Meaning, Customers, Net, Profit string }

func (r reporter) quadrants(t *reportTally) reportQuadrants {
	out := reportQuadrants{VolumeCut: r.volumeCut(), MarginCut: r.marginCut()}
	box := func(q keyaccount.Quadrant, class, meaning string) reportBox {
		x := t.quadrants[q]
		return reportBox{q.String(), class, meaning, customers(x.Customers), "sales " + cents(x.Net), "profit " + r.profit(x.Profit)}
	}
	if r.f.Key.MarginOff {
		out.Picture = [][]reportBox{{box(keyaccount.Tail, "tail", "low volume"), box(keyaccount.Key, "key", "high volume")}}
	} else {
		out.Picture = [][]reportBox{
			{box(keyaccount.Niche, "niche", "low volume, high margin"), box(keyaccount.Key, "key", "high volume, high margin")},
			{box(keyaccount.Tail, "tail", "low volume, low margin"), box(keyaccount.VolumeOnly, "volume", "high volume, low margin")},
		}
	}
	out.Table = reportTable{
		Caption: "Quadrants: customers and money of the window",
		Columns: numbers("Quadrant", "Customers", "Share of customers", r.inCurrency("Net sales"), r.inCurrency("Gross profit")),
		Note:    fmt.Sprintf("UNKNOWN are %s without an order in the window", customers(t.idle)),
	}
	if n := len(r.f.Key.MissingCost); n > 0 {
		out.Table.Note += fmt.Sprintf(" and %s whose cost is known for too little of the sales", customers(n))
	}
	out.Table.Note += "."
	for _, q := range []keyaccount.Quadrant{keyaccount.Key, keyaccount.VolumeOnly, keyaccount.Niche, keyaccount.Tail, keyaccount.Unknown} {
		out.Table.Rows = append(out.Table.Rows, r.groupLine(q.String(), t.quadrants[q], t.all))
	}
	out.Table.Foot = r.groupLine("all", t.all, t.all)
	return out
}

// volumeCut says from where on volume is high.
func (r reporter) volumeCut() string {
	v := r.f.Key.Settings.Volume
	switch v.By {
	case keyaccount.VolumeAmount:
		return "net sales of " + groupMoney(v.Amount) + after(r.currency) + " or more"
	case keyaccount.VolumePercentile:
		return "net sales at or above percentile " + (v.Percentile * 100).String()
	case keyaccount.VolumeMedian:
		return "net sales at or above the median, " + cents(r.f.Key.VolumeMedian) + after(r.currency)
	}
	return "sales class A, the first " + cut(r.f.Sales.Cuts.A) + " of net sales"
}

// marginCut says from where on the margin is high.
func (r reporter) marginCut() string {
	m := r.f.Key.Settings.Margin
	switch {
	case r.f.Key.MarginOff:
		return "off, because no sales of the window have a known cost"
	case m.By == keyaccount.MarginRate:
		return cut(m.Rate) + " or more"
	case m.By == keyaccount.MarginPercentile:
		return "at or above percentile " + (m.Percentile * 100).String()
	case m.By == keyaccount.MarginMedian:
		return "at or above the median, " + ratio(r.f.Key.MarginMedian)
	}
	return "at or above the company's " + ratio(r.f.Key.CompanyRate())
}

// books is the reconciliation with every digit, so that it balances to the eye as it does to the
// engine.
func (r reporter) books() reportTable {
	b := r.m.Reconciliation
	t := reportTable{Caption: "What became of every line that was read", Columns: numbers("Part", "Order lines", r.inCurrency("Money"))}
	lines := []struct {
		name string
		of   Count
	}{
		{"Used", b.Used}, {"Set aside: no customer", b.NoCustomer}, {"Set aside: cancelled", b.Cancelled}, {"Rejected", b.Rejected},
		{"Read", b.Read}, {"Company total: used and no customer", b.Total}, {"Used before the as-of day", b.Seen}, {"Used on or after the as-of day", b.After},
	}
	amounts := make([]money.Amount, len(lines))
	for i, l := range lines {
		amounts[i] = l.of.amount
	}
	texts := alike(amounts)
	for i, l := range lines {
		row := []string{l.name, group(l.of.Lines), texts[i]}
		if l.name == "Read" {
			row[0] = "Read: the sum of the four above"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (r reporter) booksNotes() []string {
	b := r.m.Reconciliation
	out := []string{"Read = used + set aside + rejected, and used = before + on or after the as-of day, in lines and in money, to the last digit: a run whose books do not balance is not published."}
	if b.RejectedBlind > 0 {
		out = append(out, fmt.Sprintf("%s of the rejected lines have no readable money and are in no money figure.", group(b.RejectedBlind)))
	}
	if b.Children > 0 {
		out = append(out, fmt.Sprintf("%s of the %s are accounts in a parent.", counted(b.Children), customers(b.Customers)))
	}
	if b.Later > 0 {
		out = append(out, fmt.Sprintf("%s came on or after the as-of day and are not in the run.", customers(b.Later)))
	}
	return out
}

// alike prints amounts exactly, all with as many decimals as the one that has most.
func alike(amounts []money.Amount) []string {
	most := 0
	texts := make([]string, len(amounts))
	for i, a := range amounts {
		texts[i] = groupMoney(a)
		most = max(most, decimalsOf(texts[i]))
	}
	for i := range texts {
		for decimalsOf(texts[i]) < most {
			texts[i] += "0"
		}
	}
	return texts
}

func decimalsOf(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return len(s) - 1 - i
		}
	}
	return 0
}

func (r reporter) inputs() (t reportTable, left string) {
	t = reportTable{
		Caption: "The files that this run stands on",
		Columns: []reportColumn{{"File", false}, {"Role", false}, {"Bytes", true}, {"SHA-256", false}},
	}
	for i, in := range r.m.Inputs {
		if i == reportInputs {
			left = fmt.Sprintf("%s more are in manifest.json.", counted(len(r.m.Inputs)-i))
			break
		}
		t.Rows = append(t.Rows, []string{printable(in.Path), in.Role, group(in.Bytes), in.SHA256})
	}
	return t, left
}
