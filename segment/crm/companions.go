package crm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// writeCompanions writes what loading needs beside the data: mapping, job, README. The data files are
// named in the order of their parts.
func (b *Batch) writeCompanions(create Create, full, delta, removed []string) error {
	var err error
	text := func(name string, content []byte) {
		if err == nil {
			err = put(create, name, content, 0)
		}
	}
	asJSON := func(name string, v any) {
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false) // headers as they are
		e.SetIndent("", "  ")
		if err == nil {
			err = e.Encode(v)
		}
		text(name, out.Bytes())
	}
	switch b.s.Format {
	case Salesforce:
		asJSON("job.json", b.salesforceJob())
		text("mapping.sdl", b.dataLoaderMapping())
	case HubSpot:
		if err == nil {
			err = b.sheet(create, "properties.csv", b.hubspotProperties())
		}
		asJSON("import-full.json", b.hubspotImport("full", full))
		if len(delta) > 0 {
			asJSON("import-delta.json", b.hubspotImport("delta", delta))
		}
	case Zoho:
		asJSON("job.json", b.zohoJob())
	}
	text("README.md", b.readme(full, delta, removed))
	return err
}

// salesforceJob is the body that creates a Bulk API 2.0 job. Line end and delimiter are those of the
// files; a mismatch fails the job.
func (b *Batch) salesforceJob() any {
	job := struct {
		Object          string `json:"object"`
		Operation       string `json:"operation"`
		ExternalID      string `json:"externalIdFieldName,omitempty"`
		ContentType     string `json:"contentType"`
		LineEnding      string `json:"lineEnding"`
		ColumnDelimiter string `json:"columnDelimiter"`
	}{b.s.Object, b.s.Operation, b.s.Key[0], "CSV", b.s.LineEnd, delimiterName(b.s.Delimiter)}
	if b.s.Operation == Update {
		job.ExternalID = ""
	}
	return job
}

func delimiterName(d string) string {
	switch d {
	case ";":
		return "SEMICOLON"
	case "|":
		return "PIPE"
	case "\t":
		return "TAB"
	case "^":
		return "CARET"
	case "`":
		return "BACKQUOTE"
	}
	return "COMMA"
}

// dataLoaderMapping is an .sdl file: a line SOURCE=Target a field, spaces of the source escaped.
func (b *Batch) dataLoaderMapping() []byte {
	var out []byte
	for _, f := range b.s.Fields {
		source := strings.NewReplacer(" ", `\ `, ":", `\:`, "=", `\=`).Replace(f.Name)
		target := strings.ReplaceAll(f.Name, ".", `\:`) // a lookup is written Relation\:Field there
		out = fmt.Appendf(out, "%s=%s\n", source, target)
	}
	return out
}

// hubspotProperties lists the properties to create before the first import.
func (b *Batch) hubspotProperties() [][]string {
	rows := [][]string{{"name", "label", "type", "field_type", "options", "unique"}}
	for j, f := range b.s.Fields {
		name, built := hubspotName(f.Name)
		if built {
			continue
		}
		kind, field := "string", "text"
		switch b.cells[j].kind {
		case Number:
			kind, field = "number", "number"
		case Date:
			kind, field = "date", "date"
		case Boolean:
			kind, field = "bool", "booleancheckbox"
		case Picklist:
			kind, field = "enumeration", "select"
		}
		rows = append(rows, []string{name, f.Name, kind, field, strings.Join(f.Values, ";"), strconv.FormatBool(slices.Contains(b.s.Key, f.Name))})
	}
	return rows
}

// hubspotName is the internal name of a property, and whether every portal has it.
func hubspotName(header string) (name string, built bool) {
	switch header {
	case "Record ID":
		return "hs_object_id", true
	case "Email":
		return "email", true
	case "Company domain name":
		return "domain", true
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '_':
			return r
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '_'
	}, header)
	return name, false
}

// hubspotImport is the importRequest of POST /crm/v3/imports.
func (b *Batch) hubspotImport(what string, files []string) any {
	type column struct {
		Object   string `json:"columnObjectTypeId"`
		Name     string `json:"columnName"`
		Property string `json:"propertyName"`
		Type     string `json:"columnType"`
	}
	type page struct {
		HasHeader bool     `json:"hasHeader"`
		Columns   []column `json:"columnMappings"`
	}
	type file struct {
		Name   string `json:"fileName"`
		Format string `json:"fileFormat"`
		Page   page   `json:"fileImportPage"`
	}
	object := map[string]string{"contacts": "0-1", "companies": "0-2"}[b.s.Object]
	p := page{HasHeader: true}
	for _, f := range b.s.Fields {
		c := column{object, f.Name, "", "STANDARD"}
		c.Property, _ = hubspotName(f.Name)
		if slices.Contains(b.s.Key, f.Name) {
			c.Type = "HUBSPOT_ALTERNATE_ID"
			if f.Name == "Record ID" {
				c.Type = "HUBSPOT_OBJECT_ID"
			}
		}
		p.Columns = append(p.Columns, c)
	}
	request := struct {
		Name       string            `json:"name"`
		Operations map[string]string `json:"importOperations"`
		DateFormat string            `json:"dateFormat"`
		Files      []file            `json:"files"`
	}{"vitalfew " + b.run + " " + what, map[string]string{object: strings.ToUpper(b.s.Operation)}, "YEAR_MONTH_DAY", []file{}}
	for _, name := range files {
		request.Files = append(request.Files, file{name, "CSV", p})
	}
	return request
}

// zohoJob is the body of a bulk write; file_id comes from the upload of a part.
func (b *Batch) zohoJob() any {
	type field struct {
		API    string `json:"api_name"`
		Index  int    `json:"index"`
		FindBy string `json:"find_by,omitempty"`
	}
	type module struct {
		API string `json:"api_name"`
	}
	type resource struct {
		Type        string  `json:"type"`
		Module      module  `json:"module"`
		FileID      string  `json:"file_id"`
		IgnoreEmpty bool    `json:"ignore_empty"`
		FindBy      string  `json:"find_by"`
		Fields      []field `json:"field_mappings"`
	}
	r := resource{Type: "data", Module: module{b.s.Object}, FileID: "ID-OF-THE-UPLOADED-ZIP", FindBy: b.s.Key[0]}
	for j, f := range b.s.Fields {
		m := field{API: f.Name, Index: j}
		if relation, by, lookup := strings.Cut(f.Name, "."); lookup {
			m.API, m.FindBy = relation, by
		}
		r.Fields = append(r.Fields, m)
	}
	return struct {
		Operation string     `json:"operation"`
		Encoding  string     `json:"character_encoding"`
		Resource  []resource `json:"resource"`
	}{b.s.Operation, "UTF-8", []resource{r}}
}

// fieldRows is the sheet of the fields that the target must have.
func (b *Batch) fieldRows() [][]string {
	rows := [][]string{{"field", "column", "type", "length", "values", "key"}}
	for j, f := range b.s.Fields {
		source := f.Column
		if source == "" {
			source = "always " + f.Constant
		}
		length := 0
		for _, v := range b.cells[j].values {
			length = max(length, len([]rune(v)))
		}
		if f.Length > 0 {
			length = f.Length
		}
		rows = append(rows, []string{f.Name, source, b.cells[j].kind, strconv.Itoa(length), strings.Join(f.Values, ";"),
			strconv.FormatBool(slices.Contains(b.s.Key, f.Name))})
	}
	return rows
}
