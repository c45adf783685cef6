package crm_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/segment/crm"
)

func audience() crm.Settings {
	return crm.Settings{Name: "ads", Format: crm.GoogleCustomerMatch, PersonalData: true, CountryCode: "49", Fields: []crm.Field{
		{Name: "Email", Column: "email"}, {Name: "Phone", Column: "phone"}, {Name: "First Name", Column: "first"}, {Name: "Last Name", Column: "last"},
		{Name: "Country", Column: "country"}, {Name: "Zip", Column: "zip"}}}
}

// contacts makes a table of customer_id, email, phone, first, last, country, zip.
func contacts(t *testing.T, rows ...[7]string) *table.Table {
	t.Helper()
	var cols []table.Column
	for j, name := range []string{"customer_id", "email", "phone", "first", "last", "country", "zip"} {
		values, known := make([]string, len(rows)), make([]bool, len(rows))
		for i, r := range rows {
			values[i], known[i] = r[j], r[j] != ""
		}
		cols = append(cols, table.Strings(name, "", values, known))
	}
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Release)
	return tab
}

func hash(s string) string {
	if s == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

var audienceRules = rules{Delimiter: ',', LineEnd: "\n", Bytes: 1e6, Rows: 100, Columns: 6}

// The hashes are those of the normal forms. The first is the example of SHA-256 that anyone can
// compute: printf test@example.com | sha256sum.
func TestAudienceNormalForms(t *testing.T) {
	if got, want := hash("test@example.com"), "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	for _, tc := range []struct{ in, want [6]string }{
		{[6]string{" Test@Example.COM "}, [6]string{"test@example.com"}},
		{[6]string{"J.o.e@gmail.com"}, [6]string{"joe@gmail.com"}},
		{[6]string{"j.o@googlemail.com"}, [6]string{"jo@googlemail.com"}},
		{[6]string{"a.b@example.com"}, [6]string{"a.b@example.com"}},
		{[6]string{"joe @ example.com"}, [6]string{"joe@example.com"}},
		{[6]string{"jo.e+news@gmail.com"}, [6]string{"joe+news@gmail.com"}},
		{[6]string{"", "", "Anna \u00a0 Maria", " van  der Berg", "NL", "1012"}, [6]string{"", "", "anna maria", "van der berg", "NL", "1012"}},
		{[6]string{"no mail", "+1 (800) 888-8888"}, [6]string{"", "+18008888888"}},
		{[6]string{"", "030 1234567"}, [6]string{"", "+49301234567"}},
		{[6]string{"", "0049 30 1234567"}, [6]string{"", "+49301234567"}},
		{[6]string{"", "+49 (0)30 1234567"}, [6]string{"", "+49301234567"}},
		{[6]string{"a@b.de", "12"}, [6]string{"a@b.de", ""}},
		{[6]string{"a@b.de", "call me"}, [6]string{"a@b.de", ""}},
		{[6]string{"", "", " Zoë ", "Pérez", "sg", " WC2H 8LG "}, [6]string{"", "", "zoë", "pérez", "SG", "wc2h 8lg"}},
		{[6]string{"a@b.de", "", "Zoë", "Pérez", "Singapore", "1"}, [6]string{"a@b.de"}},
		{[6]string{"a@b.de", "", "Zoë", "", "SG", "1"}, [6]string{"a@b.de"}},
	} {
		row := [7]string{"C1"}
		copy(row[1:], tc.in[:])
		_, d := write(t, audience(), crm.Input{Table: contacts(t, row)})
		want := make([]string, 6)
		for j, v := range tc.want {
			if want[j] = v; j < 4 {
				want[j] = hash(v)
			}
		}
		got := d.rowsOf(t, "full", audienceRules)
		if len(got) != 2 || !cmp.Equal(got[1], want) {
			t.Errorf("%q: got %q, want %q", tc.in, got, want)
		}
	}
	s := audience()
	s.KeepGmailDots = true
	_, d := write(t, s, crm.Input{Table: contacts(t, [7]string{"C1", "J.o@gmail.com"})})
	if got := d.rowsOf(t, "full", audienceRules)[1][0]; got != hash("j.o@gmail.com") {
		t.Errorf("kept dots: got %s", got)
	}
}

// No file of an audience, the state among them, holds plain personal data, also of rows that are
// left out.
func TestAudienceIsNeverPlain(t *testing.T) {
	rows := [][7]string{{"C1", "secret@example.com", "+49301234567", "Firstsecret", "Lastsecret", "DE", "10115"}, {"C2", "secretbroken", "", "Firstsecret", "", "", ""}}
	_, d := write(t, audience(), crm.Input{Table: contacts(t, rows...)})
	_, d2 := write(t, audience(), crm.Input{Table: contacts(t, rows[1]), State: acked(t, d)})
	for _, folder := range []*folder{d, d2} {
		for name := range folder.files {
			text := strings.ToLower(folder.text(name))
			for _, plain := range []string{"secret", "301234567"} {
				if strings.Contains(text, plain) {
					t.Errorf("%s holds %q", name, plain)
				}
			}
		}
	}
}

// Who left or changed is removed by the hashes that were loaded.
func TestAudienceRemoves(t *testing.T) {
	a, b, c := [7]string{"C1", "a@example.com"}, [7]string{"C2", "b@example.com"}, [7]string{"C3", "c@example.com"}
	_, d := write(t, audience(), crm.Input{Table: contacts(t, a, b, c)})
	changed := [7]string{"C2", "new@example.com"}
	batch, d := write(t, audience(), crm.Input{Table: contacts(t, a, changed, [7]string{"C4", "unusable"}), State: acked(t, d)})
	first := func(stem string) (out []string) {
		for _, r := range d.rowsOf(t, stem, audienceRules)[1:] {
			out = append(out, r[0])
		}
		return out
	}
	if got, want := first("delta"), []string{hash("new@example.com")}; !cmp.Equal(got, want) {
		t.Errorf("added: got %q, want %q", got, want)
	}
	if got, want := first("remove"), []string{hash("b@example.com"), hash("c@example.com")}; !cmp.Equal(got, want) {
		t.Errorf("removed: got %q, want %q", got, want)
	}
	if n := batch.Counts(); n.Skipped != 1 || n.Full != 2 || n.Left != 1 || len(batch.Warnings()) != 1 {
		t.Errorf("got %+v, %v", n, batch.Warnings())
	}
}

// A removal takes out whoever any of its identifiers finds: what a current row holds is not among them.
func TestAudienceKeepsWhoStays(t *testing.T) {
	row := func(id, mail, phone string, address ...string) (r [7]string) {
		r[0], r[1], r[2] = id, mail, phone
		copy(r[3:], address)
		return r
	}
	home := []string{"Anna", "Berg", "DE", "10115"}
	const shared, one, two = "info@example.com", "+49301111111", "+49302222222"
	for _, c := range []struct {
		name          string
		before, after [][7]string
		delta, remove [][]string // email, phone, first name
	}{
		{"a shared e-mail", [][7]string{row("C1", shared, ""), row("C2", shared, "")}, [][7]string{row("C1", shared, "")}, nil, nil},
		{"a shared e-mail in another spelling", [][7]string{row("C1", shared, ""), row("C2", "Info@Example.com ", "")}, [][7]string{row("C1", shared, "")}, nil, nil},
		{"the last one who shared", [][7]string{row("C1", shared, ""), row("C2", shared, "")}, [][7]string{row("C3", "c@example.com", "")},
			[][]string{{"c@example.com", "", ""}}, [][]string{{shared, "", ""}, {shared, "", ""}}},
		{"a shared e-mail, a phone of its own", [][7]string{row("C1", shared, one), row("C2", shared, two)}, [][7]string{row("C1", shared, one)},
			nil, [][]string{{"", two, ""}}},
		{"a new phone, the e-mail as before", [][7]string{row("C1", shared, one)}, [][7]string{row("C1", shared, two)},
			[][]string{{shared, two, ""}}, [][]string{{"", one, ""}}},
		{"an e-mail that went to another", [][7]string{row("C1", shared, ""), row("C2", "b@example.com", "")}, [][7]string{row("C2", shared, "")},
			[][]string{{shared, "", ""}}, [][]string{{"b@example.com", "", ""}}},
		{"a shared address", [][7]string{row("C1", "", "", home...), row("C2", shared, "", home...)}, [][7]string{row("C1", "", "", home...)},
			nil, [][]string{{shared, "", ""}}},
		{"another address of the same name", [][7]string{row("C1", "", "", home...), row("C2", "", "", "Anna", "Berg", "DE", "20095")}, [][7]string{row("C1", "", "", home...)},
			nil, [][]string{{"", "", "anna"}}},
		{"only added to", [][7]string{row("C1", shared, "")}, [][7]string{row("C1", shared, one)}, [][]string{{shared, one, ""}}, nil},
	} {
		_, d := write(t, audience(), crm.Input{Table: contacts(t, c.before...)})
		_, d = write(t, audience(), crm.Input{Table: contacts(t, c.after...), State: acked(t, d)})
		for stem, want := range map[string][][]string{"delta": c.delta, "remove": c.remove} {
			var got [][]string
			for i, r := range d.rowsOf(t, stem, audienceRules) {
				if i > 0 { // the header
					got = append(got, r[:3])
				}
			}
			var hashed [][]string
			for _, r := range want {
				hashed = append(hashed, []string{hash(r[0]), hash(r[1]), hash(r[2])})
			}
			if !cmp.Equal(got, hashed) {
				t.Errorf("%s: %s: got %q, want %q of %q", c.name, stem, got, hashed, want)
			}
		}
	}
}

// An audience needs consent to be said, headers that Google knows, and something to match by.
func TestAudienceFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*crm.Settings)
		want   string
	}{
		"off by default":  {func(s *crm.Settings) { s.PersonalData = false }, "personal_data: true"},
		"header":          {func(s *crm.Settings) { s.Fields[0].Name = "E-Mail" }, "the headers are Email, Phone"},
		"half an address": {func(s *crm.Settings) { s.Fields = s.Fields[:4] }, "an address needs all of"},
		"nothing":         {func(s *crm.Settings) { s.Fields = s.Fields[2:5] }, "nothing to match by"},
		"country code":    {func(s *crm.Settings) { s.CountryCode = "+49" }, "1 to 3 digits"},
	} {
		s := audience()
		tc.change(&s)
		if err := errors.Join(s.OrDefault().Validate()...); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}
