package crm

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The formats.
const (
	Salesforce          = "salesforce"
	HubSpot             = "hubspot"
	Dataverse           = "dataverse"
	Zoho                = "zoho"
	Plain               = "plain"
	GoogleCustomerMatch = "google-customer-match"
)

// Formats lists the formats of targets.
func Formats() []string {
	return []string{Salesforce, HubSpot, Dataverse, Zoho, Plain, GoogleCustomerMatch}
}

// clearing is how a data file empties a field.
type clearing uint8

const (
	clearsNothing clearing = iota // an empty cell is ignored, and there is no mark
	clearsByMark                  // an empty cell is ignored, #N/A empties the field
	clearsByEmpty                 // an empty cell empties the field
)

// clearMark is what Bulk API 2.0 takes for null.
const clearMark = "#N/A"

// dialect is what a format allows. Sizes are decimal megabytes, which are within either reading of
// the documented limits.
type dialect struct {
	maxBytes   int64
	maxRows    int
	maxColumns int
	maxText    int // characters of a cell
	maxRecord  int // characters of a row; 0: no limit
	clears     clearing
	zipped     bool
	manyKeys   bool
	keyless    bool // the key tells customers apart and is not written
	freeForm   bool // delimiter and line end are settings
	fieldName  func(name string) error
	require    func(s Settings, add func(string, ...any)) // what else the format needs
	keyValue   func(s Settings, v string) string          // why a key value is refused, or ""
}

const mega = 1_000_000

func dialectOf(s Settings) (dialect, bool) {
	anyName := func(name string) error {
		if strings.TrimSpace(name) != name || name == "" || strings.ContainsAny(name, "\r\n\t\"") {
			return errors.New("a header is 1 or more characters without quotes, line breaks and spaces around it")
		}
		if strings.HasPrefix(name, "\ufeff") || !utf8.ValidString(name) {
			return errors.New("a header is UTF-8 and does not begin with a byte order mark: the target would look for another field")
		}
		return nil
	}
	base := dialect{maxBytes: 1 << 40, maxRows: 1 << 30, maxColumns: 5000, maxText: 1 << 20, fieldName: anyName,
		require: func(Settings, func(string, ...any)) {}, keyValue: func(Settings, string) string { return "" }}
	switch s.Format {
	case Salesforce:
		return salesforce(base), true
	case HubSpot:
		return hubspot(base, s.Plan), true
	case Dataverse:
		base.maxBytes, base.maxColumns, base.clears, base.manyKeys = 8*mega, 1024, clearsByEmpty, true
		base.fieldName = apiName
		base.require = needObject("the table, such as account")
		return base, true
	case Zoho:
		base.maxBytes, base.maxRows, base.maxColumns, base.clears, base.zipped = 25*mega, 25_000, 200, clearsByEmpty, true
		base.fieldName = apiName // Account_Name.id and the like among them
		base.require = needObject("the module, such as Accounts")
		return base, true
	case Plain:
		base.clears, base.manyKeys, base.freeForm = clearsByEmpty, true, true
		return base, true
	case GoogleCustomerMatch:
		return customerMatch(base), true
	}
	return base, false
}

// salesforce is Bulk API 2.0: 150 MB an upload after base64, so 100 MB a file; 5,000 fields, 32,000
// characters a field, 400,000 a record.
func salesforce(d dialect) dialect {
	d.maxBytes, d.maxRows, d.maxColumns, d.maxText, d.maxRecord = 100*mega, 150*mega, 5000, 32_000, 400_000
	d.clears, d.freeForm = clearsByMark, true
	d.fieldName = apiName
	d.require = func(s Settings, add func(string, ...any)) {
		needObject("the object, such as Account")(s, add)
		byID := slices.Equal(s.Key, []string{"Id"})
		switch {
		case s.Operation == Update && !byID:
			add("operation update finds records by Id only, the key is %q: map Id to a column of record ids, or use upsert, which creates accounts that it does not find", s.Key)
		case s.Operation == Upsert && len(s.Key) == 1 && strings.Contains(s.Key[0], "."):
			add("the key %q is a field of another object: an upsert needs an external id of %s", s.Key[0], s.Object)
		}
	}
	d.keyValue = func(s Settings, v string) string {
		if slices.Equal(s.Key, []string{"Id"}) && ((len(v) != 15 && len(v) != 18) || !alphanumeric(v)) {
			return "a record id has 15 or 18 letters and digits"
		}
		return ""
	}
	return d
}

// hubspot is the import tool: 20 MB and 500,000 rows a day on the free plan, 512 MB and 1,048,576
// rows a file, header included, on paid ones; fewer than 1,000 columns.
func hubspot(d dialect, plan string) dialect {
	d.maxBytes, d.maxRows, d.maxColumns, d.maxText = 20*mega, 500_000, 999, 65_536
	if plan == "paid" {
		d.maxBytes, d.maxRows = 512*mega, 1_048_575
	}
	d.require = func(s Settings, add func(string, ...any)) {
		own := map[string]string{"companies": "Company domain name", "contacts": "Email"}[s.Object]
		if own == "" {
			add("object %q: give companies or contacts", s.Object)
			return
		}
		if slices.Equal(s.Key, []string{"Record ID"}) && s.Operation != Update {
			add("no record can be made at a given Record ID: set `operation: update`, or take another key")
		}
		if len(s.Key) == 1 && s.Key[0] != own && s.Key[0] != "Record ID" && !s.UniqueProperty {
			add("the key of %s is %q or \"Record ID\", not %q: if that is a property made with unique values, say `unique_property: true`", s.Object, own, s.Key[0])
		}
	}
	d.keyValue = func(s Settings, v string) string {
		switch s.Key[0] {
		case "Record ID":
			if strings.Trim(v, "0123456789") != "" {
				return "a record id has digits only"
			}
		case "Email":
			if !emailLike(v) {
				return "no email address"
			}
		case "Company domain name":
			if strings.ContainsAny(v, " /:@") || !strings.Contains(v, ".") {
				return "no domain name, such as example.com"
			}
		}
		return ""
	}
	return d
}

func needObject(what string) func(Settings, func(string, ...any)) {
	return func(s Settings, add func(string, ...any)) {
		if apiName(s.Object) != nil {
			add("object %q: give `object`, %s", s.Object, what)
		}
	}
}

// apiName accepts names as APIs have them, also across a lookup: Parent.CustomerNo__c.
func apiName(name string) error {
	if ok, err := regexp.MatchString(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$`, name); !ok || err != nil {
		return fmt.Errorf("give the API name (letters, digits and _, one dot for a lookup), not the label")
	}
	return nil
}

func alphanumeric(s string) bool {
	for i := range len(s) {
		if c := s[i]; !('0' <= c && c <= '9') && !('a' <= c|0x20 && c|0x20 <= 'z') {
			return false
		}
	}
	return true
}

// emailLike is name@domain.tld without spaces; whether it exists is not for us to say.
func emailLike(s string) bool {
	name, domain, ok := strings.Cut(s, "@")
	return ok && name != "" && !strings.ContainsAny(s, " \t\r\n,;") && strings.Count(s, "@") == 1 &&
		strings.Contains(strings.Trim(domain, "."), ".") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".")
}
