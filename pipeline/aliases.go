package pipeline

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
	"github.com/vitalfew/vitalfew/pipeline/source"
)

// aliasRow is one line of an alias file: two ids of the same customer, and which of them stays.
type aliasRow struct {
	to    string
	place string
}

// readAliases reads files with the columns alias and customer_id into customer id -> the id that it
// stands for. Ids are spelled as the settings say, like those of the exports. A chain leads to its
// end; a cycle, an id with two targets and a row without an id are errors with their places.
func readAliases(files []source.File, s layout.Settings) (map[string]string, error) {
	s.Aliases = nil
	rows := map[string]aliasRow{}
	var faults []error
	for _, f := range files {
		recs, err := ingest.OpenRecords(f, 0, parquetfile.Limits{})
		if err != nil {
			return nil, err
		}
		err = aliasTable(rows, recs, s.Rules())
		if err := errors.Join(err, recs.Close()); err != nil {
			faults = append(faults, err)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return endsOf(rows)
}

func aliasTable(rows map[string]aliasRow, recs *ingest.Records, rules *layout.Rules) error {
	place, err := placesOf(recs, "an alias file", "alias", "customer_id")
	if err != nil {
		return err
	}
	return eachRow(recs, func(rec ingest.Record) error { return addAlias(rows, rec, place, rules, recs.Path) })
}

func addAlias(rows map[string]aliasRow, rec ingest.Record, place []int, rules *layout.Rules, path string) error {
	if rec.Fault != "" {
		return errors.New(rec.Fault)
	}
	from, named := rules.ID(rec.Fields[place[0]])
	to, given := rules.ID(rec.Fields[place[1]])
	switch {
	case !named:
		return fmt.Errorf("alias %q is no id: write the id that is to be merged into customer_id %q", rec.Fields[place[0]], to)
	case !given:
		return fmt.Errorf("alias %q has no customer_id (%q): write the id that stays", from, rec.Fields[place[1]])
	}
	row := aliasRow{strings.Clone(to), fmt.Sprintf("%s, line %d", path, rec.Line)}
	if have, again := rows[from]; again && have.to != to {
		return fmt.Errorf("alias %q stands for %q here and for %q in %s: keep one of them", from, to, have.to, have.place)
	}
	rows[strings.Clone(from)] = row
	return nil
}

// endsOf follows every chain to its end. An id that stands for itself, as lists of merged accounts
// hold for the one that stays, is an end. The error names the ids of every cycle.
func endsOf(rows map[string]aliasRow) (map[string]string, error) {
	out := make(map[string]string, len(rows))
	var faults []error
	for _, start := range slices.Sorted(maps.Keys(rows)) {
		var path []string
		id := start
		for {
			if end, done := out[id]; done {
				id = end
				break
			}
			row, ok := rows[id]
			if !ok || row.to == id {
				break
			}
			if i := slices.Index(path, id); i >= 0 {
				faults = append(faults, aliasCycle(rows, path[i:]))
				break
			}
			path = append(path, id)
			id = row.to
		}
		for _, p := range path {
			out[p] = id
		}
	}
	return out, errors.Join(faults...)
}

func aliasCycle(rows map[string]aliasRow, ids []string) error {
	const most = 20
	shown := strings.Join(ids[:min(len(ids), most)], " -> ")
	if n := len(ids) - most; n > 0 {
		shown += fmt.Sprintf(" -> (%d more)", n)
	}
	return fmt.Errorf("%s: the aliases form a cycle: %s -> %s: remove the row of the id that is to stay", rows[ids[0]].place, shown, ids[0])
}

// aliasNote is a warning where aliases lead to customers that nothing in the data names, "" for none.
func (n *night) aliasNote() string {
	unknown, first := 0, ""
	for _, from := range slices.Sorted(maps.Keys(n.aliases)) {
		if _, known := n.ledger.Find(n.aliases[from]); known {
			continue
		}
		if unknown++; unknown == 1 {
			first = fmt.Sprintf("%s for %s", from, n.aliases[from])
		}
	}
	if unknown == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d aliases lead to a customer that neither orders nor CRM name under either id; the first is %s: check the ids of the alias file",
		unknown, len(n.aliases), first)
}
