package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/filter"
	"github.com/vitalfew/vitalfew/pipeline/span"
	"github.com/vitalfew/vitalfew/pipeline/table"
)

// query reads rows of one list, or of all customers.
type query struct {
	*published
	list      string
	members   *table.Table // of the list, best first; nil for all customers
	at        []int32      // customer row of each member
	condition *filter.Condition
	keys      []sortKey
	top       int
	shown     []string // columns, as the files write them
}

func newQuery(p *published, o ShortlistOptions, list string) (*query, error) {
	q := &query{published: p, list: list, top: o.Top}
	if list != noList {
		if err := q.readMembers("lists/" + list + ".parquet"); err != nil {
			return nil, err
		}
	}
	var err error
	if q.condition, err = condition(o.Where, q.fields()); err == nil {
		q.keys, err = q.sortKeys(o.Sort)
	}
	if err == nil {
		return q, nil
	}
	q.release()
	if o.List == allLists {
		err = as(ErrConfig, fmt.Errorf("in the list %s: %w", list, err))
	}
	return nil, err
}

func (q *query) release() {
	if q.members != nil {
		q.members.Release()
	}
}

// readMembers reads the list, which is small, and where its customers stand.
func (q *query) readMembers(name string) error {
	if !q.published.run.Has(name) {
		return as(ErrInput, fmt.Errorf("run %s was published by a version that kept no %s; publish again with `vitalfew run --force`", q.published.run.ID, name))
	}
	file, f, err := q.published.table(name)
	if err != nil {
		return err
	}
	defer file.Close() // only read
	if q.members, err = f.Read(nil, nil, q.workers); err != nil {
		return q.published.run.Damage(name, err)
	}
	rows, ok := q.members.Column(rowColumn)
	if !ok || rows.Kind() != table.Int64 {
		q.release()
		return q.published.run.Damage(name, errors.New("it has no column "+rowColumn))
	}
	q.at = make([]int32, rows.Len())
	for i, r := range rows.Ints() {
		if r < 0 || r >= int64(q.Rows()) {
			q.release()
			return q.published.run.Damage(name, fmt.Errorf("it names row %d of %d customers", r, q.Rows()))
		}
		q.at[i] = int32(r)
	}
	return nil
}

// own are the columns that only the list has.
func (q *query) own() (fields []table.Field) {
	if q.members == nil {
		return nil
	}
	for i := range q.members.Columns() {
		c := &q.members.Columns()[i]
		if _, both := q.File.Field(c.Name); !both && c.Name != rowColumn {
			fields = append(fields, table.Field{Name: c.Name, Unit: c.Unit, Kind: c.Kind()})
		}
	}
	return fields
}

// fields are the columns of customers.parquet and of the list.
func (q *query) fields() []table.Field { return slices.Concat(q.File.Fields(), q.own()) }

func (q *query) names() (names []string) {
	for _, f := range q.fields() {
		names = append(names, f.Name)
	}
	return names
}

// field returns the column of a name, in any case.
func (q *query) field(name string) (table.Field, bool) {
	fields := q.fields()
	i := slices.IndexFunc(fields, func(f table.Field) bool { return f.Name == name })
	if i < 0 {
		i = slices.IndexFunc(fields, func(f table.Field) bool { return strings.EqualFold(f.Name, name) })
	}
	if i < 0 {
		return table.Field{}, false
	}
	return fields[i], true
}

// hits are rows that a query keeps: of customers.parquet, and of the list, where there is one.
type hits struct{ rows, members []int32 }

func (h hits) take(order []int32) hits {
	out := hits{rows: pick(order, h.rows)}
	if h.members != nil {
		out.members = pick(order, h.members)
	}
	return out
}

// run reads the rows.
func (q *query) run() (ShortlistPart, error) {
	part := ShortlistPart{List: q.list, Of: q.Rows()}
	if q.members != nil {
		part.Of = q.members.Rows()
	}
	h, err := q.matches()
	if err != nil {
		return part, err
	}
	part.Matches = len(h.rows)
	if h, err = q.order(h); err != nil {
		return part, err
	}
	part.Table, err = q.columns(q.shown, h)
	return part, err
}

// matches finds the rows for which the condition is true, in the order of the list or of ids.
func (q *query) matches() (hits, error) {
	if q.members == nil {
		rows, err := q.customers()
		return hits{rows: rows}, err
	}
	var h hits
	h.members = make([]int32, 0, len(q.at))
	possible := make([]bool, q.Groups())
	for g := range possible {
		possible[g] = q.possible(g)
	}
	for i, r := range q.at {
		if possible[q.group(r)] {
			h.members, h.rows = append(h.members, int32(i)), append(h.rows, r)
		}
	}
	if q.condition == nil {
		return h, nil
	}
	t, err := q.columns(q.condition.Columns(), h)
	if err != nil {
		return hits{}, err
	}
	defer t.Release()
	return h.take(q.condition.Select(nil, t)), nil
}

// customers finds them among all customers, row group by row group.
func (q *query) customers() ([]int32, error) {
	found, errs := make([][]int32, q.Groups()), make([]error, q.Groups())
	span.Each(q.Groups(), 1, q.workers, func(g, _, _ int) {
		lo, hi := q.Span(g)
		if !q.possible(g) {
			return
		}
		if q.condition == nil {
			for r := lo; r < hi; r++ {
				found[g] = append(found[g], int32(r))
			}
			return
		}
		t, err := q.Read(q.condition.Columns(), []int{g}, 1)
		if err != nil {
			errs[g] = err
			return
		}
		defer t.Release()
		found[g] = q.condition.Select(nil, t)
		for i := range found[g] {
			found[g][i] += int32(lo)
		}
	})
	return slices.Concat(found...), q.published.run.Damage(customersFile, errors.Join(errs...))
}

// group is the row group of a customer.
func (q *query) group(row int32) int {
	lo, hi := 0, q.Groups()
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if from, _ := q.Span(mid); int(row) >= from {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// possible reports whether a row group can hold a match. Of a list's own columns no bounds are stated.
func (q *query) possible(group int) bool {
	return q.condition == nil || q.condition.Possible(func(column string) table.Bounds { return q.Bounds(group, column) })
}

// columns reads columns of customers and list for the hits, in their order.
func (q *query) columns(names []string, h hits) (*table.Table, error) {
	var there []string
	for _, name := range names {
		if _, ok := q.File.Field(name); ok {
			there = append(there, name)
		}
	}
	var tables []*table.Table
	defer func() {
		for _, t := range tables {
			t.Release()
		}
	}()
	if len(there) > 0 {
		t, err := q.ReadRows(there, h.rows, q.workers)
		if err != nil {
			return nil, q.published.run.Damage(customersFile, err)
		}
		tables = append(tables, t)
	}
	if len(there) < len(names) {
		t, err := q.members.Take(h.members)
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	cols := make([]table.Column, len(names))
	for k, name := range names {
		for _, t := range slices.Backward(tables) { // the customers' own column, where both have it
			if c, ok := t.Column(name); ok {
				cols[k] = *c
			}
		}
	}
	return table.New(cols...)
}

// usual are the columns that are shown where none are named.
func (q *query) usual(brief bool) (shown []string) {
	names := "place customer_id name owner region tier quadrant key_score net_sales_window gross_profit_window margin_rate credit_state last_day overdue_ratio"
	if brief {
		names = "place customer_id name tier key_score net_sales_window margin_rate"
	}
	for _, name := range strings.Fields(names) {
		if _, ok := q.field(name); ok {
			shown = append(shown, name)
		}
	}
	if q.list == "rescue" {
		shown = append(shown, "value_at_risk")
	}
	if q.members == nil {
		return append(shown, "reason")
	}
	for _, f := range q.own() {
		if f.Name != "place" && (!brief || f.Name == amountName(q.list) || f.Name == listReasonColumn) {
			shown = append(shown, f.Name)
		}
	}
	return shown
}
