package layout

import (
	"strings"
	"unicode"
)

// Rules is the compiled form of Settings: what one cell means. It is read-only and safe for
// concurrent use. Ingest and CRM share it, so an id is spelled the same on both sides.
type Rules struct {
	nulls, codes        map[string]bool
	returned, cancelled map[string]bool // folded
	prefixes            []string
	floatIDs            bool
}

// Rules compiles the settings.
func (s Settings) Rules() *Rules {
	return &Rules{
		nulls:     set(s.NullValues, trim),
		codes:     set(s.NonProductCodes, trim),
		returned:  set(orDefault(s.ReturnStatus, DefaultReturnStatus), Fold),
		cancelled: set(orDefault(s.CancelledStatus, DefaultCancelledStatus), Fold),
		prefixes:  append([]string(nil), s.ReturnIDPrefix...),
		floatIDs:  s.FloatIDs,
	}
}

// Text is the cell without surrounding space (no-break and ideographic spaces and byte order marks
// included), and false where it means "no value".
func (r *Rules) Text(cell string) (string, bool) {
	t := trim(cell)
	return t, t != "" && !r.nulls[t]
}

// ID is the canonical spelling of an id cell, and false where it means "no value". With FloatIDs,
// digits followed by a point and zeros lose the point and the zeros.
func (r *Rules) ID(cell string) (string, bool) {
	t, ok := r.Text(cell)
	if !ok || !r.floatIDs {
		return t, ok
	}
	whole, zeros, found := strings.Cut(t, ".")
	if found && whole != "" && zeros != "" && strings.Trim(whole, "0123456789") == "" && strings.Trim(zeros, "0") == "" {
		return whole, true
	}
	return t, true
}

// ReturnID reports whether an order id is that of a credit note.
func (r *Rules) ReturnID(id string) bool {
	for _, p := range r.prefixes {
		if strings.HasPrefix(id, p) {
			return true
		}
	}
	return false
}

// ReturnStatus reports whether a status cell marks a return or credit note.
func (r *Rules) ReturnStatus(cell string) bool { return r.returned[Fold(cell)] }

// CancelledStatus reports whether a status cell marks a cancelled order.
func (r *Rules) CancelledStatus(cell string) bool { return r.cancelled[Fold(cell)] }

// NonProduct reports whether a product code is no product: postage, charges, adjustments.
func (r *Rules) NonProduct(code string) bool { return r.codes[trim(code)] }

// trim drops space and byte order marks around a cell.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B' })
}

func set(words []string, form func(string) string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[form(w)] = true
	}
	return m
}
