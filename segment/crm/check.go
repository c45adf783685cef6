package crm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// ErrCheck matches every *CheckError.
var ErrCheck = errors.New("the CRM files would not load")

// Fault is a cell that the target would refuse.
type Fault struct {
	Row    int    // of customers.parquet, from 1; 0 for an account that left
	Key    string // of the row
	Field  string
	Value  string // at most 60 characters of it
	Reason string
}

// CheckError holds the cells that keep a target from being written.
type CheckError struct {
	Target string
	Count  int     // of all faults
	Faults []Fault // the first of each field, in the order of fields and rows
}

// shown is how many faults of a field are kept.
const shown = 5

// Error names the rows.
func (e *CheckError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "crm target %s: %d cells would not load, so nothing is written:", e.Target, e.Count)
	for _, f := range e.Faults {
		row := "\n  " // of an account that left: it has no row
		if f.Row > 0 {
			row = fmt.Sprintf("\n  row %d, ", f.Row)
		}
		fmt.Fprintf(&b, "%skey %q, %s = %q: %s", row, f.Key, f.Field, f.Value, f.Reason)
	}
	if rest := e.Count - len(e.Faults); rest > 0 {
		fmt.Fprintf(&b, "\n  and %d more", rest)
	}
	return b.String()
}

// Is reports whether target is ErrCheck.
func (e *CheckError) Is(target error) bool { return target == ErrCheck }

// check is the pre-flight: every cell of every field, before anything is written.
func (b *Batch) check() error {
	e := &CheckError{Target: b.s.Name}
	b.checkKeys(e)
	for j, f := range b.s.Fields {
		b.checkField(e, f, &b.cells[j])
	}
	return e.orNil()
}

func (e *CheckError) orNil() error {
	if e.Count > 0 {
		return e
	}
	return nil
}

// note keeps a fault if its field has not had its share.
func (b *Batch) note(e *CheckError, i int, field, value, reason string) {
	e.Count++
	n := 0
	for _, f := range e.Faults {
		if f.Field == field {
			n++
		}
	}
	if n < shown {
		e.Faults = append(e.Faults, Fault{Row: int(b.rows[i]) + 1, Key: b.keyText(i), Field: field, Value: cut(value), Reason: reason})
	}
}

// checkKeys wants every key present, legal and once. Targets compare keys without case unless
// told otherwise.
func (b *Batch) checkKeys(e *CheckError) {
	name := strings.Join(b.s.Key, "+")
	first := make(map[string]int, len(b.rows))
	for i, key := range b.keys {
		if slices.Contains(strings.Split(key, keyMark), "") {
			b.note(e, i, name, b.keyText(i), "the key is blank: the target would make a new record or refuse the row")
			continue
		}
		if strings.TrimSpace(key) != key {
			b.note(e, i, name, b.keyText(i), "the key has spaces around it, which targets do not trim")
			continue
		}
		if why := b.d.keyValue(b.s, key); why != "" && !b.d.keyless {
			b.note(e, i, name, key, why)
			continue
		}
		fold := b.compared(key)
		if at, twice := first[fold]; twice {
			why := fmt.Sprintf("the key is that of row %d", int(b.rows[at])+1)
			if b.keys[at] != key {
				why += fmt.Sprintf(", %q, but for its case; if the target tells them apart, say `case_sensitive_key: true`", b.keys[at])
			}
			b.note(e, i, name, b.keyText(i), why)
			continue
		}
		first[fold] = i
	}
}

func (b *Batch) checkField(e *CheckError, f Field, l *loaded) {
	limit := b.d.maxText
	if f.Length > 0 {
		limit = min(limit, f.Length)
	}
	listed := map[string]bool{}
	for _, v := range f.Values {
		listed[v] = true
	}
	for i := range l.values {
		v := l.text(i)
		if v == "" {
			continue
		}
		if why := b.fault(f, l.kind, v, limit, listed); why != "" {
			b.note(e, i, f.Name, v, why)
		}
	}
}

// fault is why a cell would not load, or "".
func (b *Batch) fault(f Field, kind, v string, limit int, listed map[string]bool) string {
	switch {
	case !utf8.ValidString(v):
		return "no valid UTF-8"
	case strings.ContainsAny(v, "\r\n"):
		return "a line break, which splits rows in loading clients: set `one_line: true` for the field"
	case strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return "a control character"
	case v == clearMark && b.d.clears == clearsByMark:
		return "this text would empty the field: translate it"
	case len(v) > limit && utf8.RuneCountInString(v) > limit:
		return fmt.Sprintf("%d characters, at most %d fit", utf8.RuneCountInString(v), limit)
	}
	switch kind {
	case Picklist:
		if !listed[v] {
			return fmt.Sprintf("not in the picklist %s: add it there and to `values`, or `translate` it", strings.Join(f.Values, ", "))
		}
	case Number:
		if !plainNumber(v) {
			return "no plain number: want digits, one decimal point, no sign of currency or thousands"
		}
	case Date:
		if _, err := civil.Parse(v); err != nil {
			return "no date YYYY-MM-DD"
		}
	case Boolean:
		if v != "true" && v != "false" {
			return "neither true nor false"
		}
	}
	return ""
}

// checkSizes holds every row of the full and delta files, as it will be written, against the limits
// of a record and of a file, so that no part of a file is over them.
func (b *Batch) checkSizes() error {
	e := &CheckError{Target: b.s.Name}
	room := b.maxBytes() - int64(len(b.header()))
	var row []byte
	for i := range b.rows {
		row = b.appendRow(row[:0], i)
		if why := b.sizeFault(row, room); why != "" {
			b.note(e, i, "record", "", why)
		}
	}
	if b.s.Left == LeftClear {
		for _, r := range b.left {
			row = b.appendLeft(row[:0], r)
			if why := b.sizeFault(row, room); why != "" {
				e.Count++
				e.Faults = append(e.Faults, Fault{Key: readable(b.prev.key(r)), Field: "record", Reason: why + "; the account left, and its row would clear its fields"})
			}
		}
	}
	return e.orNil()
}

// sizeFault is why a whole row would not load, or "". Characters of a record count with what quotes
// and delimits them, which is the stricter reading of the limit.
func (b *Batch) sizeFault(row []byte, room int64) string {
	if limit := b.d.maxRecord; limit > 0 && len(row) > limit {
		if n := utf8.RuneCount(row); n > limit {
			return fmt.Sprintf("%d characters in the row, at most %d fit a record", n, limit)
		}
	}
	if int64(len(row)) > room {
		return fmt.Sprintf("the row takes %d bytes, and beside the header a file of %d bytes has room for %d: raise max_bytes", len(row), b.maxBytes(), max(0, room))
	}
	return ""
}

// plainNumber is [-]digits[.digits].
func plainNumber(s string) bool {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (!point || digits(fraction))
}

// cut keeps an offending value short, and on one line of valid text.
func cut(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}
