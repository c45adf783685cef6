package pipeline

import (
	"fmt"
	"maps"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
)

// groupsOf groups files of which every decision is the same, in the order of their first.
func groupsOf(files []Inspection) (groups [][]Inspection) {
	at := map[string]int{}
	for _, f := range files {
		key := f.decisions()
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// decisions writes out how a file is read and how surely that is known, but no counts of evidence.
func (in *Inspection) decisions() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s%s %q", in.Kind, in.file.Format, in.file.Compression, in.manner(), in.Resolved.Unmapped)
	for _, m := range in.Resolved.Matches {
		fmt.Fprintf(&b, " %s=%q by %s", m.Column, m.Header, m.Rule)
	}
	if in.Orders != nil {
		fmt.Fprintf(&b, " %t", in.Orders.Continued)
		for _, c := range in.Orders.Columns {
			sure, _, _ := strings.Cut(c.How, ":")
			fmt.Fprintf(&b, " %s like %q, %s", c.Column, c.Format, sure)
		}
	}
	return b.String()
}

// sum adds the counts of files read alike to the first of them, whose evidence stands for all.
func sum(g []Inspection) (all Inspection, bytes int64) {
	all = g[0]
	all.Reasons, all.Rejects, all.Warnings = maps.Clone(all.Reasons), nil, nil
	all.Lines, all.Rejected, all.Partial = 0, 0, false
	clear(all.Reasons)
	for _, f := range g {
		bytes += f.file.Size
		all.Lines += f.Lines
		all.Rejected += f.Rejected
		all.Partial = all.Partial || f.Partial
		all.Rejects = append(all.Rejects, f.Rejects...)
		all.Warnings = append(all.Warnings, f.Warnings...)
		for reason, k := range f.Reasons {
			all.Reasons[reason] += k
		}
	}
	return all, bytes
}

// asideOfAll joins what was set aside of files read alike.
func asideOfAll(g []Inspection) (records map[string]int64, tables []string) {
	var files []ingest.File
	for _, f := range g {
		if f.Orders != nil {
			files = append(files, *f.Orders)
		}
	}
	return asideOf(files)
}

// manner is how the text of a file is written.
func (in *Inspection) manner() string {
	switch o := in.Orders; {
	case o != nil && o.Charset != "" && o.Delimiter != 0:
		return fmt.Sprintf(", %s, delimiter %q", o.Charset, o.Delimiter)
	case o != nil && o.Charset != "":
		return fmt.Sprintf(", %s, %s", o.Charset, o.Dialect)
	case o != nil && o.Sheet != "":
		return fmt.Sprintf(", sheet %q", o.Sheet)
	case o == nil && in.dialect != 0:
		return fmt.Sprintf(", delimiter %q", in.dialect)
	}
	return ""
}
