package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/scoring"
)

// sortKey is a column that rows are ordered by.
type sortKey struct {
	column string
	desc   bool
}

// sortKeys reads --sort.
func (q *query) sortKeys(s string) (keys []sortKey, err error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	var faults []error
	for _, part := range strings.Split(s, ",") {
		words := strings.Fields(part)
		bad := len(words) == 0 || len(words) > 2
		if !bad && len(words) == 2 {
			bad = !strings.EqualFold(words[1], "desc") && !strings.EqualFold(words[1], "asc")
		}
		if bad {
			faults = append(faults, fmt.Errorf("--sort %q: write \"column\" or \"column desc\", with commas between", strings.TrimSpace(part)))
			continue
		}
		f, ok := q.field(words[0])
		if !ok {
			faults = append(faults, fmt.Errorf("--sort: there is no column %q%s", words[0], nearest(q.names(), words[0])))
			continue
		}
		keys = append(keys, sortKey{f.Name, len(words) == 2 && strings.EqualFold(words[1], "desc")})
	}
	return keys, as(ErrConfig, errors.Join(faults...))
}

// order sorts the hits and cuts them to the top.
func (q *query) order(h hits) (hits, error) {
	order := make([]int32, len(h.rows))
	for i := range order {
		order[i] = int32(i)
	}
	if len(q.keys) > 0 {
		var names []string
		for _, k := range q.keys {
			if !slices.Contains(names, k.column) {
				names = append(names, k.column)
			}
		}
		t, err := q.columns(names, h)
		if err != nil {
			return h, err
		}
		defer t.Release()
		for _, k := range slices.Backward(q.keys) { // the sort is stable, so the first key comes last
			c, _ := t.Column(k.column)
			order = orderBy(order, c, k.desc)
		}
	}
	if q.top > 0 && q.top < len(order) {
		order = order[:q.top]
	}
	return h.take(order), nil
}

// orderBy sorts rows by a column, equal ones as they were, null last.
func orderBy(rows []int32, c *table.Column, desc bool) []int32 {
	all := sortable(c)
	known, unknown := make([]int32, 0, len(rows)), []int32(nil)
	var keys []int64
	for _, r := range rows {
		if !c.Valid(int(r)) {
			unknown = append(unknown, r)
			continue
		}
		key := all(int(r))
		if !desc {
			key = ^key // reverses the order and, unlike negation, always fits
		}
		known, keys = append(known, r), append(keys, key)
	}
	return append(pick(scoring.Descending(keys), known), unknown...)
}

// sortable gives the known cells of a column as integers of the same order.
func sortable(c *table.Column) func(i int) int64 {
	switch c.Kind() {
	case table.Int64:
		return func(i int) int64 { return c.Ints()[i] }
	case table.Float64:
		return func(i int) int64 { return scoring.FloatKey(c.Floats()[i]) }
	case table.Day:
		return func(i int) int64 { return int64(c.Days()[i]) }
	case table.Amount:
		return func(i int) int64 { return int64(c.Amounts()[i]) }
	case table.Quantity:
		return func(i int) int64 { return int64(c.Quantities()[i]) }
	case table.Bool:
		return func(i int) int64 {
			if c.Bool(i) {
				return 1
			}
			return 0
		}
	}
	values := distinct(c)
	slices.Sort(values)
	place := make(map[string]int64, len(values))
	for k, v := range values {
		place[v] = int64(k)
	}
	return func(i int) int64 { return place[c.Text(i)] }
}
