package pipeline

import (
	"io"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

// The causes of a changed tier.
const (
	causeData        = "data"        // orders of days that both runs know are others
	causeDefinitions = "definitions" // rules, their settings, or which criteria the data can answer
	causeHand        = "by hand"
	causeNew         = "new"
	causeGone        = "gone"
	causeBehaviour   = "behaviour" // the customer's, or that of those it is ranked among
)

// movers lists the customers of another tier with the criterion between the two, as movers.csv does for
// neighbouring runs.
func (c *comparison) movers(d *Diff) error {
	d.Movers = []Mover{}
	var rows []int32
	for i := range c.place {
		if ch := c.change(i); ch != ChangeSame {
			rows = append(rows, int32(i))
		}
	}
	if err := c.describe(d, rows); err != nil {
		return err
	}
	return c.describeGone(d)
}

func (c *comparison) describe(d *Diff, rows []int32) error {
	own, err := c.new.ReadRows([]string{"name", "owner", "parent_id", "reason"}, rows, c.new.workers)
	if err != nil {
		return c.new.run.Damage(customersFile, err)
	}
	defer own.Release()
	roots, err := c.roots(rows)
	if err != nil {
		return err
	}
	judged, err := c.new.ReadRows(c.new.have(standingColumns()), roots, c.new.workers)
	if err != nil {
		return c.new.run.Damage(customersFile, err)
	}
	defer judged.Release()
	for k, r := range rows {
		i := int(r)
		who, change := row{own, k}, c.change(i)
		s := row{judged, k}.standing(c.new.bars)
		dec := s.decision(c.oldTier(i), change, c.before.stood(c.place[roots[k]]))
		m := Mover{ID: c.now.id.Text(i), Name: who.text("name"), Owner: who.text("owner"), Old: state(c.oldTier(i), "(new)"), New: c.now.tier[i].String(),
			Change: change.String(), Criterion: dec.criterion, ByHowMuch: dec.text(), Net: c.now.net.Amounts()[i].String(), Reason: who.text("reason"), netDiff: c.now.netOf(i)}
		if at := c.place[i]; at >= 0 {
			m.NetBefore = c.before.net.Amounts()[at].String()
			m.netDiff -= c.before.netOf(int(at))
		}
		past := c.restatedOf(int(roots[k]))
		if past != 0 {
			m.Past = past.String()
		}
		m.Cause = causeOf(change, past)
		if m.Cause == causeNew {
			m.Criterion = "not in the run before"
		}
		d.Movers = append(d.Movers, m)
	}
	return nil
}

func (c *comparison) restatedOf(i int) money.Amount {
	if c.restated == nil {
		return 0
	}
	return c.restated[i]
}

func causeOf(change Change, past money.Amount) string {
	switch {
	case change == ChangeManual:
		return causeHand
	case change == ChangeRule:
		return causeDefinitions
	case past != 0:
		return causeData
	case change == ChangeNew:
		return causeNew
	}
	return causeBehaviour
}

// roots are the rows that the tiers of the rows rest on.
func (c *comparison) roots(rows []int32) ([]int32, error) {
	roots, family := make([]int32, len(rows)), false
	for k, i := range rows {
		roots[k], family = i, family || c.now.child[i]
	}
	if !family {
		return roots, nil
	}
	t, err := c.new.Read([]string{"parent_id"}, nil, c.new.workers)
	if err != nil {
		return nil, c.new.run.Damage(customersFile, err)
	}
	defer t.Release()
	for k, i := range rows {
		roots[k] = int32(c.root(int(i), &t.Columns()[0]))
	}
	return roots, nil
}

func (c *comparison) describeGone(d *Diff) error {
	t, err := c.old.ReadRows([]string{"name", "owner", "reason"}, c.gone, c.old.workers)
	if err != nil {
		return c.old.run.Damage(customersFile, err)
	}
	defer t.Release()
	for k, at := range c.gone {
		who := row{t, k}
		m := Mover{ID: c.before.id.Text(int(at)), Name: who.text("name"), Owner: who.text("owner"), Old: c.before.tier[at].String(), New: "(gone)", Change: "gone",
			Cause: causeGone, Criterion: "in neither the orders nor the CRM any more", NetBefore: c.before.net.Amounts()[at].String(), Reason: who.text("reason"),
			netDiff: -c.before.netOf(int(at))}
		if c.lost != nil && c.lost[k] != 0 {
			m.Past = c.lost[k].String()
		}
		d.Movers = append(d.Movers, m)
	}
	return nil
}

// WriteCSV writes the movers for people, a row each.
func (d *Diff) WriteCSV(w io.Writer) error {
	texts := []struct {
		name string
		of   func(m *Mover) string
	}{
		{"customer_id", func(m *Mover) string { return m.ID }}, {"name", func(m *Mover) string { return m.Name }}, {"owner", func(m *Mover) string { return m.Owner }},
		{"old_tier", func(m *Mover) string { return m.Old }}, {"new_tier", func(m *Mover) string { return m.New }},
		{"tier_change", func(m *Mover) string { return m.Change }}, {"cause", func(m *Mover) string { return m.Cause }},
		{"criterion", func(m *Mover) string { return m.Criterion }}, {"by_how_much", func(m *Mover) string { return m.ByHowMuch }},
	}
	amounts := []struct {
		name string
		of   func(m *Mover) string
	}{
		{"net_sales_window_before", func(m *Mover) string { return m.NetBefore }}, {"net_sales_window", func(m *Mover) string { return m.Net }},
		{"past_net_sales_change", func(m *Mover) string { return m.Past }},
	}
	n := len(d.Movers)
	var cols []table.Column
	text := func(name string, of func(m *Mover) string) {
		values, known := make([]string, n), make([]bool, n)
		for i := range d.Movers {
			values[i] = of(&d.Movers[i])
			known[i] = values[i] != ""
		}
		cols = append(cols, table.Strings(name, "", values, known))
	}
	for _, c := range texts {
		text(c.name, c.of)
	}
	for _, c := range amounts {
		var r reader
		values, known := make([]money.Amount, n), make([]bool, n)
		for i := range d.Movers {
			cell := c.of(&d.Movers[i])
			values[i], known[i] = r.amount(cell), cell != ""
		}
		cols = append(cols, table.Amounts(c.name, d.unit, values, known))
	}
	text("reason", func(m *Mover) string { return m.Reason })
	t, err := table.New(cols...)
	if err != nil {
		return err
	}
	defer t.Release()
	return table.WriteCSV(w, t, nil, table.CSVOptions{ForPeople: true})
}
