package pipeline

import "fmt"

// headline says in sentences who makes the sales and the profit.
func (r reporter) headline() []string {
	f, c := r.f, r.f.Concentration
	if c.Customers == 0 {
		return []string{"Nobody bought in the window."}
	}
	var out []string
	if !f.profitOff() {
		k, _ := f.profitVital()
		if earners := f.Whale.PeakRank; earners > 0 {
			out = append(out, fmt.Sprintf("%s of the customers that earn anything make 80%% of the profit above zero: %s of %s.",
				percent(float64(k)/float64(earners)), counted(k), counted(earners)))
		}
	}
	return append(out, fmt.Sprintf("%s of the customers with net sales make 80%% of net sales: %s of %s.", percent(c.VitalShare), counted(c.Vital), counted(c.Customers)))
}

// cards are the company's own figures.
func (r reporter) cards() []reportCard {
	x, unit := r.f.Features.Company, after(r.currency)
	unknown := func(costed int64, text string) string {
		if costed == 0 {
			return reportUnknown
		}
		return text
	}
	return []reportCard{
		{"Net sales in the window", cents(x.In.Net) + unit, "all days: " + cents(x.All.Net) + unit},
		{"Gross profit in the window", unknown(x.In.Costed, cents(x.In.Profit)+unit), "all days: " + unknown(x.All.Costed, cents(x.All.Profit)+unit)},
		{"Company margin", unknown(x.In.Costed, ratio(r.f.Key.CompanyRate())), "gross profit / net sales whose cost is known"},
		{"Customers", counted(r.m.Reconciliation.Customers), fmt.Sprintf("%s with net sales in the window", counted(r.f.Concentration.Customers))},
		{"Orders in the window", group(x.In.Orders), fmt.Sprintf("%s order lines", group(x.In.Lines))},
		{"Concentration", "top 10% hold " + ratio(r.f.Concentration.Top10), "of net sales; Gini " + gini(r.f.Concentration.Gini) + ", top 1% " + ratio(r.f.Concentration.Top1)},
	}
}

func gini(v float64) string {
	if v != v { // NaN: no two customers to compare
		return reportNone
	}
	return fmt.Sprintf("%.2f", v)
}

// gates are what stood against publishing, or was left out.
func (r reporter) gates() []string {
	var out []string
	g, b := r.m.Gates, r.m.Reconciliation
	if b.Rejected.Lines > 0 {
		text := fmt.Sprintf("%s of %s order lines were rejected and are in no figure; rejects.csv says why (tolerated: %s).", group(b.Rejected.Lines), group(b.Read.Lines), g.MaxRejects)
		if g.RejectsExceeded && g.PublishedAnyway {
			text += " That is more than tolerated: this run is published because it was told to publish anyway."
		}
		out = append(out, text)
	}
	if g.SideTableFindings > 0 {
		out = append(out, fmt.Sprintf("%s rows or cells of CRM and product exports were not used; rejects.csv says why.", counted(g.SideTableFindings)))
	}
	return out
}

func (r reporter) whaleText() string {
	w, unit := r.f.Whale, after(r.currency)
	switch {
	case r.f.profitOff():
		return "Not drawn: no sales of the window have a known cost, so no profit is known."
	case w.Peak == 0 && w.RightOfPeak == 0:
		return "Not drawn: no customer earned or lost anything in the window."
	case !w.HasRatio:
		return fmt.Sprintf("The company makes no profit in the window: %s from %s, less %s lost with %s, leaves %s%s. A share of such a total would mislead, so the curve is in money.",
			cents(w.Peak), customers(w.PeakRank), cents(-w.RightOfPeak), customers(len(w.Losers)), cents(w.Total), unit)
	case len(w.Losers) == 0:
		return fmt.Sprintf("The whole gross profit of %s%s comes from %s; nobody loses any of it again.", cents(w.Total), unit, customers(w.PeakRank))
	}
	return fmt.Sprintf("Profit peaks at %s of its total, %s%s after %s; then %s%s of it is lost again with %s, which leaves %s%s.",
		percent(w.PeakShare), cents(w.Peak), unit, customers(w.PeakRank), cents(-w.RightOfPeak), unit, customers(len(w.Losers)), cents(w.Total), unit)
}
