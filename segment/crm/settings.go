package crm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Settings say what a target loads. Zero values are the documented defaults.
type Settings struct {
	Name   string `json:"name,omitempty"`   // of the target and its folder: a-z, 0-9, _ and -, at most 40
	Format string `json:"format,omitempty"` // one of Formats
	// Object is what the rows are there: Account (salesforce), companies or contacts (hubspot), a table
	// (dataverse), a module (zoho). plain and google-customer-match have none.
	Object    string `json:"object,omitempty"`
	Operation string `json:"operation,omitempty"` // upsert or update; "": upsert
	// Key are the fields that find a record; all are among Fields. Only dataverse and plain take more
	// than one. For google-customer-match it is the column that tells customers apart, customer_id.
	Key    []string `json:"key,omitempty"`
	Fields []Field  `json:"fields,omitempty"` // in the order of the file's columns

	Clear string `json:"clear,omitempty"` // loaded: clear what an earlier load wrote; always: every unknown value; never; "": loaded
	Left  string `json:"left,omitempty"`  // accounts that left: keep names them, clear also empties their fields; "": keep

	MaxBytes int64 `json:"max_bytes,omitempty"` // of a file, header included; 0: the target's limit
	MaxRows  int   `json:"max_rows,omitempty"`  // of a file, header not counted; 0: the target's limit

	Plan             string `json:"plan,omitempty"`               // hubspot: free or paid; "": free, the narrower limits
	UniqueProperty   bool   `json:"unique_property,omitempty"`    // hubspot: the key is a property made with unique values
	CaseSensitiveKey bool   `json:"case_sensitive_key,omitempty"` // keys that differ in case are different
	Delimiter        string `json:"delimiter,omitempty"`          // salesforce, plain: one of , ; | ^ ` or tab; "": comma
	LineEnd          string `json:"line_end,omitempty"`           // salesforce, plain: LF or CRLF; "": LF

	PersonalData  bool   `json:"personal_data,omitempty"`   // google-customer-match: says that hashed personal data may be written
	CountryCode   string `json:"country_code,omitempty"`    // google-customer-match: of phones without one, such as 49; "": those are left out
	KeepGmailDots bool   `json:"keep_gmail_dots,omitempty"` // google-customer-match: do not drop dots of gmail.com names
}

// Field is one field of a target and where its value comes from.
type Field struct {
	Name     string   `json:"name,omitempty"`     // in the target, as the header has it
	Column   string   `json:"column,omitempty"`   // of the customer table; "" where Constant is set
	Constant string   `json:"constant,omitempty"` // the same value in every row
	Type     string   `json:"type,omitempty"`     // text, number, date, boolean or picklist; "": by the column, picklist with Values
	Values   []string `json:"values,omitempty"`
	// Translate replaces values before anything is checked, such as tier names by choice numbers.
	Translate map[string]string `json:"translate,omitempty"`
	Unknown   string            `json:"unknown,omitempty"`  // the value where the column knows none; "": unknown
	Length    int               `json:"length,omitempty"`   // most characters; 0: the target's limit
	Decimals  *int              `json:"decimals,omitempty"` // 0..8; nil: amounts exact, other real numbers four
	OneLine   bool              `json:"one_line,omitempty"` // line breaks in text become spaces
}

// Settings with only these values are legal.
const (
	Upsert = "upsert"
	Update = "update"

	ClearLoaded = "loaded"
	ClearAlways = "always"
	ClearNever  = "never"

	LeftKeep  = "keep"
	LeftClear = "clear"
)

// Types of fields.
const (
	Text     = "text"
	Number   = "number"
	Date     = "date"
	Boolean  = "boolean"
	Picklist = "picklist"
)

// OrDefault writes the defaults out.
func (s Settings) OrDefault() Settings {
	fill := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	fill(&s.Format, s.Name)
	fill(&s.Operation, Upsert)
	fill(&s.Clear, ClearLoaded)
	fill(&s.Left, LeftKeep)
	fill(&s.Delimiter, ",")
	fill(&s.LineEnd, "LF")
	fill(&s.Plan, "free")
	if s.Delimiter == "tab" {
		s.Delimiter = "\t"
	}
	if s.Format == GoogleCustomerMatch && len(s.Key) == 0 {
		s.Key = []string{"customer_id"}
	}
	s.Fields = slices.Clone(s.Fields)
	for i := range s.Fields {
		if f := &s.Fields[i]; f.Type == "" && len(f.Values) > 0 {
			f.Type = Picklist
		}
	}
	return s
}

// Validate returns every fault of settings with their defaults written out.
func (s Settings) Validate() []error {
	var faults []error
	add := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("crm target %s: "+format, append([]any{s.Name}, args...)...))
	}
	if !plainName(s.Name) {
		add("the name %q is no folder name: use 1..40 of a-z, 0-9, _ and -, a letter first", s.Name)
	}
	d, ok := dialectOf(s)
	if !ok {
		add("no format %q: give `format`, one of %s", s.Format, strings.Join(Formats(), ", "))
		return faults
	}
	for _, c := range []struct {
		key, value string
		legal      []string
	}{
		{"operation", s.Operation, []string{Upsert, Update}}, {"clear", s.Clear, []string{ClearLoaded, ClearAlways, ClearNever}},
		{"left", s.Left, []string{LeftKeep, LeftClear}}, {"plan", s.Plan, []string{"free", "paid"}},
		{"line_end", s.LineEnd, []string{"LF", "CRLF"}}, {"delimiter", s.Delimiter, []string{",", ";", "|", "\t", "^", "`"}},
	} {
		if !slices.Contains(c.legal, c.value) {
			add("%s %q: give one of %q", c.key, c.value, c.legal)
		}
	}
	if (s.Delimiter != "," || s.LineEnd != "LF") && !d.freeForm {
		add("delimiter and line_end are fixed for %s: leave them out", s.Format)
	}
	if s.MaxBytes < 0 || s.MaxBytes > d.maxBytes || s.MaxRows < 0 || s.MaxRows > d.maxRows {
		add("max_bytes %d, max_rows %d: %s takes files of at most %d bytes and %d rows", s.MaxBytes, s.MaxRows, s.Format, d.maxBytes, d.maxRows)
	}
	if s.Left == LeftClear && d.clears == clearsNothing {
		add("left: clear is not possible: %s has no mark that clears a field", s.Format)
	}
	s.validateFields(d, add)
	d.require(s, add)
	return faults
}

// validateFields checks what each field says, and that the key is among them.
func (s Settings) validateFields(d dialect, add func(string, ...any)) {
	if len(s.Fields) == 0 {
		add("nothing is mapped: give `fields`, each a field of the target and its column, such as Tier: tier")
		return
	}
	if len(s.Fields) > d.maxColumns {
		add("%d fields: %s takes at most %d columns", len(s.Fields), s.Format, d.maxColumns)
	}
	seen := map[string]string{}
	for _, f := range s.Fields {
		if err := d.fieldName(f.Name); err != nil {
			add("field %q: %v", f.Name, err)
		}
		fold := strings.ToLower(f.Name)
		if other, twice := seen[fold]; twice {
			add("field %q is mapped twice (%q): a load would take one of them silently", f.Name, other)
		}
		seen[fold] = f.Name
		if err := f.validate(); err != nil {
			add("field %q: %v", f.Name, err)
		}
	}
	if d.keyless {
		return
	}
	if len(s.Key) == 0 {
		add("no key: give `key`, the field that finds a record, else every load makes new records")
	}
	if len(s.Key) > 1 && !d.manyKeys {
		add("key %q: %s takes one key field", s.Key, s.Format)
	}
	for _, k := range s.Key {
		if !slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Name == k }) {
			add("the key field %q is not among `fields`: map it to a column, such as %s: customer_id", k, k)
		}
	}
	if len(s.Fields) == len(s.Key) {
		add("only the key is mapped: add the fields to load")
	}
}

func (f Field) validate() error {
	switch {
	case f.Column == "" && f.Constant == "":
		return errors.New("no column: name the column of customers.parquet it takes")
	case f.Column != "" && f.Constant != "":
		return fmt.Errorf("column %q and constant %q: give one of them", f.Column, f.Constant)
	case f.Type != "" && !slices.Contains([]string{Text, Number, Date, Boolean, Picklist}, f.Type):
		return fmt.Errorf("type %q: give text, number, date, boolean or picklist", f.Type)
	case f.Type == Picklist && len(f.Values) == 0:
		return errors.New("a picklist without values: list the `values` that the target knows")
	case f.Type != Picklist && len(f.Values) > 0:
		return fmt.Errorf("values belong to a picklist, the type is %s", f.Type)
	case f.Length < 0:
		return fmt.Errorf("length %d: give at least 1", f.Length)
	case f.Decimals != nil && (*f.Decimals < 0 || *f.Decimals > 8):
		return fmt.Errorf("decimals %d: give 0..8", *f.Decimals)
	}
	return nil
}

func plainName(s string) bool {
	if len(s) == 0 || len(s) > 40 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}
