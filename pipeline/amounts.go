package pipeline

import (
	"errors"
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
)

// amountFaults holds the amounts of each file, and of all files together, against the tolerance: what
// differs by one cause on more lines than tolerated was lost or mapped wrong, and only the user can say
// which side is right. Once amount_from says it, nothing is a fault.
func (n *night) amountFaults() error {
	var faults []error
	for _, f := range n.read.Files {
		faults = append(faults, n.cfg.amountFault(f.Path, f.Amounts))
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	return n.cfg.amountFault("all order files", n.read.Amounts)
}

// amountsFault is amountFaults of a published run.
func (c Config) amountsFault(m *Manifest) error {
	var faults []error
	for _, u := range m.Understood {
		faults = append(faults, c.amountFault(u.Path, u.Amounts))
	}
	if m.Reconciliation != nil {
		faults = append(faults, c.amountFault("", m.Reconciliation.Amounts))
	}
	return errors.Join(faults...)
}

func (c Config) amountFault(where string, a *ingest.Amounts) error {
	if a == nil || c.Settings.AmountFrom != "" {
		return nil
	}
	var faults []error
	for _, m := range a.Findings {
		if !m.Systematic || m.Factor == "" || !c.AmountTolerance.Exceeded(m.Lines, a.Compared) {
			continue
		}
		faults = append(faults, fmt.Errorf("%s: %s, on %d of the %d lines that state all three, more than the tolerated %s%s; which is right? mend the export or its mapping, "+
			"or set amount_from: price (below settings) to compute the amounts, amount_from: amount to take them as they stand%s",
			where, m.What, m.Lines, a.Compared, c.AmountTolerance, exampleText(m), taxHint(m)))
	}
	return errors.Join(faults...)
}

func taxHint(m ingest.Mismatch) string {
	switch {
	case m.Tax == 0:
		return ""
	case m.Factor[:2] == "1/":
		return fmt.Sprintf(", or tax_rate: %s if the prices include tax and the amounts do not", m.Tax)
	}
	return fmt.Sprintf(", or tax_rate: %s with tax_included: true if the amounts include tax", m.Tax)
}

// exampleText is the examples of a mismatch as part of a sentence.
func exampleText(m ingest.Mismatch) (text string) {
	for _, e := range m.Examples {
		text += fmt.Sprintf("; %s, line %d: amount %s, computed %s", e.File, e.Line, e.Amount, e.Computed)
	}
	return text
}

// amounts prints how amounts stand against quantity x unit_price.
func (p *printer) amounts(a *ingest.Amounts) {
	if a == nil {
		return
	}
	if len(a.Findings) == 0 {
		p.line("  amounts: all %s lines that state quantity and unit_price agree with them", group(a.Compared))
		return
	}
	for _, m := range a.Findings {
		p.line("  amounts: %s: %s of %s lines", m.What, group(m.Lines), group(a.Compared))
		for _, e := range m.Examples {
			p.line("    %s, line %d: amount %s, computed %s", e.File, e.Line, e.Amount, e.Computed)
		}
	}
}
