package pipeline

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteText says what was decided, on what evidence, and what became of every record and byte.
func (c *Conversion) WriteText(w io.Writer) error {
	p := &printer{w: w}
	p.head("%s", c.Path)
	switch c.Encoding {
	case "Parquet", "XLSX":
		p.line("  %s, %d columns", c.Encoding, c.Decision.Width)
	default:
		p.line("  %s, line ends %s, %s", c.Encoding, c.Decision.LineEnds, c.Decision.Syntax)
	}
	for _, e := range c.Decision.Evidence {
		p.line("    %s", e)
	}
	p.line("  %s rows of %d columns -> %s", group(c.Rows), c.Decision.Width, c.To)
	for _, t := range c.Tables {
		kind := "another table"
		if t.Copy {
			kind = "the same table again"
		}
		p.line("  set aside: %s at line %d, %s records: %s", kind, t.Line, group(t.Records), strings.Join(t.Header, " | "))
	}
	for _, r := range c.Repairs {
		p.line("  repaired %s", r)
	}
	if n := c.Repaired - int64(len(c.Repairs)); n > 0 {
		p.line("  and %s more repairs", group(n))
	}
	why := make([]string, 0, len(c.Reasons))
	for r := range c.Reasons {
		why = append(why, r)
	}
	slices.Sort(why)
	for _, r := range why {
		p.line("    %8s  %s", group(c.Reasons[r]), r)
	}
	p.line("  records: %s rows (%s tidied, %s repaired) + %s rejected + %s ignored = %s read", group(c.Rows), group(c.Tidied), group(c.Repaired),
		group(c.Rejected), group(c.Ignored), group(c.Records))
	if c.Encoding != "Parquet" {
		p.line("  bytes:   %s + %s + %s = %s of the text as UTF-8", group(c.RowBytes), group(c.RejectedBytes), group(c.IgnoredBytes), group(c.Bytes))
	}
	if c.Rejects != "" {
		p.line("  rejects: %s", c.Rejects)
	}
	if p.err != nil {
		return fmt.Errorf("print the conversion: %w", p.err)
	}
	return nil
}
