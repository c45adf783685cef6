package ingest

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/money"
)

// fewest is how many lines make a system where others agree: one or two are slips of a hand.
const fewest = 3

// findings names what the comparisons came to; nil where no line could be compared.
func (t *agreement) findings(files []File) *Amounts {
	if t == nil || t.compared == 0 {
		return nil
	}
	a := &Amounts{Compared: t.compared}
	words := map[comparison]string{
		times10: "10", times100: "100", times1000: "1000", tenth: "0.1", hundredth: "0.01", thousandth: "0.001",
	}
	for c := times10; c <= thousandth; c++ {
		a.add(t, files, Mismatch{Factor: words[c], Lines: t.lines[c],
			What: "the amount is " + words[c] + " times quantity x unit_price, as where decimals are lost"}, t.examples[c])
	}
	rest := t.lines[aside]
	rest -= a.constant(t, t.above, files, true)
	rest -= a.constant(t, t.below, files, false)
	if t.lines[beforeDiscount] > 0 {
		a.Findings = append(a.Findings, Mismatch{Lines: t.lines[beforeDiscount], Examples: shown(t.examples[beforeDiscount], files),
			What: "the amount is quantity x unit_price with no discount taken off"})
	}
	if rest > 0 {
		a.Findings = append(a.Findings, Mismatch{Lines: rest, Examples: shown(a.unexplained(t), files),
			What: "the amount is not quantity x unit_price less the discounts, by no common factor"})
	}
	return a
}

// add adds a mismatch with a constant factor.
func (a *Amounts) add(t *agreement, files []File, m Mismatch, examples []example) {
	if m.Lines == 0 {
		return
	}
	m.Systematic = m.Lines >= fewest || m.Lines == t.compared
	m.Examples = shown(examples, files)
	a.Findings = append(a.Findings, m)
}

// constant adds the lines that one tax rate explains, where it explains most of those on its side, and
// returns how many they are.
func (a *Amounts) constant(t *agreement, r *rates, files []File, above bool) int64 {
	if r == nil {
		return 0
	}
	step, lines := r.best()
	if 2*lines < r.lines || lines < fewest && lines < t.compared {
		return 0
	}
	tax := money.OneRate / stepsPerOne * money.Rate(step)
	m := Mismatch{Tax: tax, Lines: lines, Factor: (money.OneRate + tax).String(),
		What: fmt.Sprintf("the amount is %s times quantity x unit_price, as with tax of %s%%", money.OneRate+tax, 100*tax)}
	if !above {
		m.Factor = "1/" + m.Factor
		m.What = fmt.Sprintf("the amount is quantity x unit_price / %s, as with tax of %s%% in the price", money.OneRate+tax, 100*tax)
	}
	a.add(t, files, m, explained(r.firsts, step))
	return lines
}

// explained are the examples that a rate explains.
func explained(es []example, step int) (out []example) {
	for _, e := range es {
		if from, to, _, ok := e.steps(); ok && from <= step && step <= to {
			out = append(out, e)
		}
	}
	return out
}

// unexplained are the kept examples of lines that no constant factor took.
func (a *Amounts) unexplained(t *agreement) (out []example) {
	for _, e := range t.examples[aside] {
		_, _, above, ok := e.steps()
		taken := false
		for _, m := range a.Findings {
			if step := int(m.Tax * stepsPerOne / money.OneRate); ok && m.Tax > 0 && above == (m.Factor[:2] != "1/") {
				taken = taken || len(explained([]example{e}, step)) > 0
			}
		}
		if !taken {
			out = append(out, e)
		}
	}
	return out
}

func shown(es []example, files []File) []AmountExample {
	out := []AmountExample{}
	for _, e := range es[:min(len(es), shownExamples)] {
		out = append(out, AmountExample{File: files[e.file].Path, Line: e.line, Amount: e.amount.String(), Computed: e.value.String()})
	}
	return out
}

// compareAll joins the comparisons of the workers, by file and over all files.
func (r *reader) compareAll() *Amounts {
	all := &agreement{}
	for i := range r.files {
		of := &agreement{}
		for _, w := range r.workers {
			if t := w.agreements[i]; t != nil {
				of.add(t)
			}
		}
		r.files[i].Amounts = of.findings(r.files)
		all.add(of)
	}
	return all.findings(r.files)
}
