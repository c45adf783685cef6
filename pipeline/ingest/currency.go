package ingest

import (
	"fmt"
	"slices"
	"strings"
)

// MixedCurrenciesError says that amounts of several currencies would be added up.
type MixedCurrenciesError struct {
	Reporting string   // "" where none is set
	Found     []string // "USD (1,204 lines, first in orders.csv, line 17)"
}

func (e *MixedCurrenciesError) Error() string {
	want := "set `currency` to the reporting currency and `rates` to a table of currency, day, rate"
	if e.Reporting != "" {
		want = fmt.Sprintf("give `rates`: a table of currency, day, rate into %s", e.Reporting)
	}
	return fmt.Sprintf("the orders are in more than one currency, and there is no rate table: %s; %s", strings.Join(e.Found, ", "), want)
}

// mostNamed is how many currencies an error lists.
const mostNamed = 10

// currency is the reporting currency, or an error where others cannot be converted into it.
func (r *reader) currency() (string, error) {
	uses := map[string]currencyUse{}
	for _, w := range r.workers {
		for code, u := range w.seen {
			name := string(w.currencies.Value(uint32(code)))
			have, ok := uses[name]
			if !ok || u.file < have.file || (u.file == have.file && u.line < have.line) {
				u.lines += have.lines
				uses[name] = u
				continue
			}
			have.lines += u.lines
			uses[name] = have
		}
	}
	names := make([]string, 0, len(uses))
	for name := range uses {
		names = append(names, name)
	}
	slices.Sort(names)
	want := r.options.Currency
	if want == "" && len(names) == 1 {
		return names[0], nil
	}
	foreign := slices.ContainsFunc(names, func(n string) bool { return n != want })
	if !foreign || (r.options.Rates != nil && want != "") {
		return want, nil
	}
	e := &MixedCurrenciesError{Reporting: want}
	for i, name := range names {
		if i == mostNamed {
			e.Found = append(e.Found, fmt.Sprintf("and %d more", len(names)-i))
			break
		}
		u := uses[name]
		e.Found = append(e.Found, fmt.Sprintf("%s (%d lines, first in %s, line %d)", name, u.lines, r.files[u.file].Path, u.line))
	}
	return "", e
}
