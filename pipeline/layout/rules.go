package layout

import (
	"bytes"
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
	width               int
	foldCase            bool
	aliases             map[string]string
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
		width:     s.IDWidth,
		foldCase:  s.IDFoldCase,
		aliases:   s.Aliases,
	}
}

// Text is the cell without surrounding space (no-break and ideographic spaces and byte order marks
// included), and false where it means "no value".
func (r *Rules) Text(cell string) (string, bool) {
	t := trim(cell)
	return t, t != "" && !r.nulls[t]
}

// ID is the canonical spelling of an id cell, and false where it means "no value". An apostrophe that
// marks text for a spreadsheet goes ('85004), as do the point and the zeros of an id that was written as
// a float: of three or more digits (17850.0), with FloatIDs of any. IDWidth restores leading zeros, IDFoldCase writes lower case.
func (r *Rules) ID(cell string) (string, bool) {
	t, ok := r.Text(cell)
	if !ok {
		return t, ok
	}
	if len(t) > 1 && t[0] == '\'' && '0' <= t[1] && t[1] <= '9' {
		t = t[1:]
	}
	whole, zeros, found := strings.Cut(t, ".")
	if found && (r.floatIDs && whole != "" || len(whole) >= floatDigits) && zeros != "" && digits(whole) && strings.Trim(zeros, "0") == "" {
		t = whole
	}
	if len(t) < r.width && digits(t) {
		t = strings.Repeat("0", r.width-len(t)) + t
	}
	if r.foldCase {
		t = strings.ToLower(t)
	}
	return t, true
}

// floatDigits is from how many digits on 17850.0 is an id that was read as a float; 1.0 may be a version.
const floatDigits = 3

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// CustomerID is ID of a customer: an alias gives the id that it stands for.
func (r *Rules) CustomerID(cell string) (string, bool) {
	id, ok := r.ID(cell)
	if ok && r.aliases != nil {
		if other, named := r.aliases[id]; named {
			return other, true
		}
	}
	return id, ok
}

// AsIs reports whether a cell of visible ASCII is its own id by these rules.
func (r *Rules) AsIs(cell []byte) bool {
	if len(cell) == 0 || cell[0] == '\'' || r.foldCase {
		return false
	}
	return cell[len(cell)-1] != '0' || bytes.IndexByte(cell, '.') < 0
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
