package layout

import "slices"

// nearest is the position of the candidate with the least edit distance to any of the wanted
// folded names, or -1 where none is near: at most a third of its length, and at least within two.
// Of equals the first candidate wins.
func nearest(candidates, wanted []string) int {
	best, at := 0, -1
	for i, c := range candidates {
		cr := []rune(c)
		if len(cr) == 0 || len(cr) > 64 {
			continue // no header name is that long; the table stays small
		}
		for _, w := range wanted {
			wr := []rune(w)
			limit := max(len(cr), len(wr)) / 3
			if limit < 2 {
				limit = min(2, min(len(cr), len(wr))-1) // never all of a short name
			}
			if d := distance(cr, wr); d <= limit && (at < 0 || d < best) {
				best, at = d, i
			}
		}
	}
	return at
}

// distance is the Levenshtein distance in runes.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diag := row[0]
		row[0] = i + 1
		for j := range b {
			d := diag
			if a[i] != b[j] {
				d = 1 + min(diag, row[j], row[j+1])
			}
			diag, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

// Nearest returns up to most of the names, nearest to the wanted one first; names that are not near
// are left out. Case, spaces and underscores do not count.
func Nearest(names []string, wanted string, most int) []string {
	free := slices.Clone(names)
	folded := make([]string, len(free))
	for i, name := range free {
		folded[i] = Fold(name)
	}
	var out []string
	for len(out) < most {
		i := nearest(folded, []string{Fold(wanted)})
		if i < 0 {
			break
		}
		out = append(out, free[i])
		free, folded = slices.Delete(free, i, i+1), slices.Delete(folded, i, i+1)
	}
	return out
}
