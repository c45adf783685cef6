package pipeline

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

// Setting is a value that differs between two runs; "" where one has none.
type Setting struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// DefinitionChange says whether tiers of the two runs mean the same.
type DefinitionChange struct {
	// Same says that rules, their settings and the criteria that the data can answer are equal: a
	// change of tier is a movement.
	Same     bool      `json:"same"`
	Settings []Setting `json:"settings"` // of the recipe, of tiers or not
	Off      []Setting `json:"switched_off"`
	Version  *Setting  `json:"version,omitempty"`
}

// DataChange says what the two runs read, and whether they agree about the days that both know.
type DataChange struct {
	Inputs []Setting `json:"inputs"` // that are not in both, by role and path, with the beginning of their sha256
	Same   int       `json:"inputs_in_both"`
	// Before is the day up to which the past was compared; "" where it could not be, as Note says. It
	// is the day after the last whole calendar quarter that both runs know, or their as-of day.
	Before    string     `json:"past_before"`
	Customers int        `json:"customers_with_another_past"`
	Net       string     `json:"past_net_sales_change"`
	First     []Restated `json:"first"`
	Note      string     `json:"note,omitempty"`
}

// Restated is a customer whose net sales of days that both runs know differ.
type Restated struct {
	ID  string `json:"customer_id"`
	Net string `json:"past_net_sales_change"`
}

// definitions compares how the two runs judged.
func (c *comparison) definitions() DefinitionChange {
	a, b := &c.old.manifest, &c.new.manifest
	recipes := [2]Recipe{a.Recipe, b.Recipe}
	recipes[0].AsOf, recipes[1].AsOf = "", "" // the runs' own lines say it
	d := DefinitionChange{Same: !c.redefined, Settings: changed(recipes[0], recipes[1]), Off: []Setting{}}
	for _, off := range a.Off {
		if !slices.Contains(b.Off, off) {
			d.Off = append(d.Off, Setting{Name: "off", Old: off})
		}
	}
	for _, off := range b.Off {
		if !slices.Contains(a.Off, off) {
			d.Off = append(d.Off, Setting{Name: "off", New: off})
		}
	}
	if a.Version != b.Version {
		d.Version = &Setting{"version", a.Version, b.Version}
	}
	return d
}

// changed lists the leaves of two values, as JSON has them, that differ.
func changed(a, b any) []Setting {
	old, now := leaves(a), leaves(b)
	names := map[string]bool{}
	for _, m := range []map[string]string{old, now} {
		for name := range m {
			names[name] = true
		}
	}
	out := []Setting{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if old[name] != now[name] {
			out = append(out, Setting{name, old[name], now[name]})
		}
	}
	return out
}

func leaves(v any) map[string]string {
	out := map[string]string{}
	b, err := json.Marshal(v)
	var tree any
	if err == nil {
		err = json.Unmarshal(b, &tree)
	}
	if err != nil {
		panic("pipeline: a manifest is JSON: " + err.Error())
	}
	var walk func(name string, v any)
	walk = func(name string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				walk(joined(name, k), inner)
			}
		case []any:
			for k, inner := range v {
				walk(joined(name, fmt.Sprint(k)), inner)
			}
		case nil:
		default:
			out[name] = fmt.Sprint(v)
		}
	}
	walk("", tree)
	return out
}

func joined(name, key string) string {
	if name == "" {
		return key
	}
	return name + "." + key
}

// past compares what was read, and the net sales of the days that both runs know.
func (c *comparison) past(d *Diff) error {
	d.Data = c.inputs()
	from, to, err := c.pasts(&d.Data)
	if err != nil || d.Data.Before == "" {
		return err
	}
	var sum money.Checked
	var net money.Amount
	note := func(id string, by money.Amount) {
		if by == 0 {
			return
		}
		d.Data.Customers++
		net = money.Amount(sum.Add(int64(net), int64(by)))
		if len(d.Data.First) < shownCandidates {
			d.Data.First = append(d.Data.First, Restated{id, by.String()})
		}
	}
	c.restated, c.lost = make([]money.Amount, len(c.place)), make([]money.Amount, len(c.gone))
	for i, at := range c.place {
		c.restated[i] = to[i]
		if at >= 0 {
			c.restated[i] -= from[at]
		}
		if !c.now.child[i] {
			note(c.now.id.Text(i), c.restated[i])
		}
	}
	for k, at := range c.gone {
		c.lost[k] = -from[at]
		if !c.before.child[at] {
			note(c.before.id.Text(int(at)), c.lost[k])
		}
	}
	if d.Data.Net = net.String(); !sum.OK() {
		d.Data.Net = ""
	}
	return nil
}

// inputs compares the files by role, path and digest.
func (c *comparison) inputs() DataChange {
	files := func(m *Manifest) map[string]string {
		out := map[string]string{}
		for _, f := range m.Inputs {
			out[f.Role+" "+f.Path] = f.SHA256[:min(12, len(f.SHA256))]
		}
		return out
	}
	old, now := files(&c.old.manifest), files(&c.new.manifest)
	d := DataChange{Inputs: []Setting{}, First: []Restated{}}
	for name, sum := range old {
		if now[name] == sum {
			d.Same++
			delete(now, name)
			continue
		}
		d.Inputs = append(d.Inputs, Setting{name, sum, now[name]})
		delete(now, name)
	}
	for name, sum := range now {
		d.Inputs = append(d.Inputs, Setting{Name: name, New: sum})
	}
	slices.SortFunc(d.Inputs, func(a, b Setting) int { return cmp.Compare(a.Name, b.Name) })
	return d
}

// pasts are the net sales before a day, by customer of each run. With equal as-of days those are all net
// sales; else those before the quarter of the earlier as-of day, which quarters.parquet allows: net sales
// less those of the quarters from there on.
func (c *comparison) pasts(d *DataChange) (from, to []money.Amount, err error) {
	a, err1 := civil.Parse(c.old.manifest.AsOf)
	b, err2 := civil.Parse(c.new.manifest.AsOf)
	if err1 != nil || err2 != nil {
		d.Note = "a run without an as-of day: the past is not compared"
		return nil, nil, nil
	}
	cut := quarter(min(a, b).Quarter())
	if d.Before = cut.from().String(); a == b {
		cut, d.Before = quarter(a.Quarter())+1, a.String()
	}
	for k, p := range []*published{c.old, c.new} {
		net, ok, err := p.before(cut)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			d.Before, d.Note = "", fmt.Sprintf("run %s keeps no quarters back to %s: whether data of the past changed is unknown", p.run.ID, cut)
			return nil, nil, nil
		}
		*[]*[]money.Amount{&from, &to}[k] = net
	}
	return from, to, nil
}

// before is the net sales of each customer before a quarter; false where the run does not keep the
// quarters from there on.
func (p *published) before(cut quarter) (net []money.Amount, ok bool, err error) {
	all, err := p.Read([]string{"net_sales"}, nil, p.workers)
	if err != nil {
		return nil, false, p.run.Damage(customersFile, err)
	}
	net = slices.Clone(all.Columns()[0].Amounts())
	all.Release()
	asOf, err := civil.Parse(p.manifest.AsOf)
	if err != nil || quarter((asOf-1).Quarter()) < cut {
		return net, err == nil, nil // everything lies before it
	}
	if !p.run.Has(quartersFile) {
		return nil, false, nil
	}
	f, t, err := p.table(quartersFile)
	if err != nil {
		return nil, false, err
	}
	defer f.Close() // only read
	var columns []string
	first := quarter(-1)
	for q := range keptQuarters(t) {
		if first < 0 {
			first = q
		}
		if q >= cut {
			name, _ := quarterColumns(q)
			columns = append(columns, name)
		}
	}
	full := quarter((asOf-1).Quarter())-quartersKept+1 == first // the file starts where it must, not where the data do
	if first < 0 || first > cut && full || t.Rows() != len(net) {
		return nil, false, nil
	}
	return net, true, p.subtract(net, t, columns)
}

func (p *published) subtract(net []money.Amount, t *table.File, columns []string) error {
	q, err := t.Read(columns, nil, p.workers)
	if err != nil {
		return p.run.Damage(quartersFile, err)
	}
	defer q.Release()
	for k := range q.Columns() {
		col := &q.Columns()[k]
		for i, v := range col.Amounts() {
			if col.Valid(i) {
				net[i] -= v
			}
		}
	}
	return nil
}
