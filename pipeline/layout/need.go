package layout

// needs faults what the file must have and has not, with the nearest header as a suggestion.
func (r *resolver) needs(s Settings) {
	further := false
	for _, need := range r.kind.Needs(s) {
		if r.met(need) {
			continue
		}
		e := &MissingError{Need: need, Headers: r.headers, Further: further}
		further = true
		fewest := int(columns)
		for _, all := range need.Any {
			missing := r.missing(all)
			// The alternative closest to complete is asked for; of equals, one that a header is near to.
			near := r.suggest(missing[0])
			if len(missing) < fewest || (len(missing) == fewest && e.Nearest == "" && near != "") {
				fewest, e.Column, e.Nearest = len(missing), missing[0], near
			}
		}
		r.errs = append(r.errs, e)
	}
}

// met reports whether an alternative of the need is complete, or will be once a fault that is
// already told about one of its columns is cured.
func (r *resolver) met(need Need) bool {
	for _, all := range need.Any {
		missing := r.missing(all)
		if len(missing) == 0 {
			return true
		}
		for _, c := range missing {
			if r.faulty(c) {
				return true
			}
		}
	}
	return false
}

func (r *resolver) missing(all []Column) []Column {
	var out []Column
	for _, c := range all {
		if r.index[c] == 0 {
			out = append(out, c)
		}
	}
	return out
}

// faulty reports whether a fault about c is already among the errors.
func (r *resolver) faulty(c Column) bool {
	for _, err := range r.errs {
		switch e := err.(type) {
		case *AmbiguousError:
			if e.Column == c {
				return true
			}
		case *DuplicateHeaderError:
			if e.Column == c {
				return true
			}
		case *UnknownHeaderError:
			if e.Column == c {
				return true
			}
		}
	}
	return false
}

// suggest is the unmapped header nearest to any name of c, or "".
func (r *resolver) suggest(c Column) string {
	var wanted []string
	for name, col := range commonAliases()[r.kind] {
		if col == c {
			wanted = append(wanted, name) // their order is no matter: nearest takes the least distance
		}
	}
	free := make([]string, len(r.folded))
	for i, f := range r.folded {
		if !r.used[i] {
			free[i] = f
		}
	}
	if i := nearest(free, wanted); i >= 0 {
		return r.headers[i]
	}
	return ""
}
