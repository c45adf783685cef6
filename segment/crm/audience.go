package crm

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Headers of Google Customer Match.
const (
	email     = "Email"
	phone     = "Phone"
	firstName = "First Name"
	lastName  = "Last Name"
	country   = "Country"
	zipCode   = "Zip"
)

// customerMatch is Google Customer Match: CSV in UTF-8 with English headers. Email, phone and names
// are hashed, country and zip are not (help 7475964, 7476159).
func customerMatch(d dialect) dialect {
	d.maxBytes, d.maxRows, d.maxColumns = 500*mega, 10*mega, 6
	d.keyless = true
	known := []string{email, phone, firstName, lastName, country, zipCode}
	d.fieldName = func(name string) error {
		if !slices.Contains(known, name) {
			return fmt.Errorf("the headers are %s", strings.Join(known, ", "))
		}
		return nil
	}
	d.require = func(s Settings, add func(string, ...any)) {
		if !s.PersonalData {
			add("an audience holds hashed personal data: say `personal_data: true` if the customers agreed to that")
		}
		mapped := func(name string) bool {
			return slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Name == name })
		}
		address := 0
		for _, name := range known[2:] {
			if mapped(name) {
				address++
			}
		}
		if address > 0 && address < 4 {
			add("an address needs all of First Name, Last Name, Country and Zip; %d are mapped", address)
		}
		if !mapped(email) && !mapped(phone) && address < 4 {
			add("nothing to match by: map Email, Phone, or First Name, Last Name, Country and Zip")
		}
		if strings.Trim(s.CountryCode, "0123456789") != "" || len(s.CountryCode) > 3 {
			add("country_code %q: give 1 to 3 digits, such as 49", s.CountryCode)
		}
		if len(s.Key) != 1 {
			add("key %q: name the one column that tells customers apart, customer_id", s.Key)
		}
	}
	return d
}

// anonymise replaces every cell by its normal form and hashes what is personal. Cells that could
// never match become unknown; rows without anything to match are dropped. No plain e-mail, phone or
// name is left in the batch.
func (b *Batch) anonymise() {
	for j, f := range b.s.Fields {
		l := &b.cells[j]
		for i, v := range l.values {
			if !l.known[i] {
				continue
			}
			v = b.s.normal(f.Name, v)
			if v != "" && f.Name != country && f.Name != zipCode {
				sum := sha256.Sum256([]byte(v))
				v = hex.EncodeToString(sum[:])
			}
			l.values[i], l.known[i] = v, v != ""
		}
		l.kind = Text
	}
	b.wholeAddresses()
	b.dropUnmatched()
}

// normal is the form that is hashed, "" where a value can never match. Google's rule for hashed files
// is lower case, no extra spaces before, after or in between (template of help 7476159).
func (s Settings) normal(field, v string) string {
	v = strings.ToLower(strings.Join(strings.Fields(v), " "))
	switch field {
	case email:
		return s.normalEmail(v)
	case phone:
		return s.normalPhone(v)
	case country:
		if v = strings.ToUpper(v); len(v) != 2 || !alphanumeric(v) {
			return ""
		}
	}
	return v
}

// normalEmail is lower case without spaces, and for Gmail, which ignores them, without the dots of
// the name. What follows a + stays: Google's rules name the dots only.
func (s Settings) normalEmail(v string) string {
	v = strings.ReplaceAll(v, " ", "")
	if !emailLike(v) {
		return ""
	}
	name, domain, _ := strings.Cut(v, "@")
	if !s.KeepGmailDots && (domain == "gmail.com" || domain == "googlemail.com") {
		name = strings.ReplaceAll(name, ".", "")
	}
	return name + "@" + domain
}

// normalPhone is E.164: + and 8 to 15 digits. Others are accepted by Google and never match.
func (s Settings) normalPhone(v string) string {
	plus := strings.HasPrefix(v, "+")
	if plus { // +49 (0)30: the 0 is dialled inside the country only
		v = strings.Replace(v, "(0)", "", 1)
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()./+\u00a0", r) {
			return -1
		}
		return r
	}, v)
	switch {
	case plus:
	case strings.HasPrefix(digits, "00"):
		digits = digits[2:]
	case s.CountryCode == "":
		return ""
	default:
		digits = s.CountryCode + strings.TrimPrefix(digits, "0")
	}
	if len(digits) < 8 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" || digits[0] == '0' {
		return ""
	}
	return "+" + digits
}

// wholeAddresses makes the address of a row unknown where a part of it is.
func (b *Batch) wholeAddresses() {
	var parts []int
	for j, f := range b.s.Fields {
		if f.Name != email && f.Name != phone {
			parts = append(parts, j)
		}
	}
	for i := range b.rows {
		if slices.ContainsFunc(parts, func(j int) bool { return !b.cells[j].known[i] }) {
			for _, j := range parts {
				b.cells[j].known[i], b.cells[j].values[i] = false, ""
			}
		}
	}
}

func (b *Batch) dropUnmatched() {
	n := 0
	for i := range b.rows {
		if !slices.ContainsFunc(b.cells, func(l loaded) bool { return l.known[i] }) {
			continue
		}
		b.rows[n], b.keys[n] = b.rows[i], b.keys[i]
		for j := range b.cells {
			b.cells[j].values[n], b.cells[j].known[n] = b.cells[j].values[i], b.cells[j].known[i]
		}
		n++
	}
	b.counts.Skipped = len(b.rows) - n
	b.rows, b.keys = b.rows[:n], b.keys[:n]
	for j := range b.cells {
		b.cells[j].values, b.cells[j].known = b.cells[j].values[:n], b.cells[j].known[:n]
	}
	if b.counts.Skipped > 0 {
		b.warnings = append(b.warnings, fmt.Errorf("crm target %s: %d customers have nothing that an audience could match by and are left out", b.s.Name, b.counts.Skipped))
	}
}
