package ingest

import (
	"errors"
	"io"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/numeral"
)

// decide decides the formats on the first block, or, where that leaves a column open and is not all, on all
// rows. Cells are looked at as they stand in the file.
func (m *maker) decide(all bool) (err error) {
	e := m.reader.evidenceOf(m.file.columns)
	s := delimited.NewScanner(made())
	s.Reset(m.data, 0, 1)
	e.gather(m.file, s, sampleRecords)
	m.wholeEvidence(e)
	for _, r := range m.runs {
		for _, row := range r.rows {
			e.addWhole(row.discount)
		}
	}
	m.file.formats, err = e.decide(&m.reader.options, m.file.resolved.header)
	if all && len(m.places) <= sampleRecords || err == nil && !m.file.formats.hinted {
		return err
	}
	samples := e.samples
	if e, err = m.allEvidence(); err != nil {
		return err
	}
	e.samples = samples
	m.file.formats, err = e.decide(&m.reader.options, m.file.resolved.header)
	return err
}

// allEvidence reads the rows once more.
func (m *maker) allEvidence() (e *evidence, err error) {
	rows, err := m.again()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	find := &search{path: m.source.Path, index: m.file.index, mapping: m.reader.options.Mapping}
	var books Books
	if _, _, err := find.rows(rows, &books); err != nil {
		return nil, err
	}
	if w, ok := rows.(interface{ Width(int) }); ok {
		w.Width(m.file.width)
	}
	e = m.reader.evidenceOf(m.file.columns)
	m.wholeEvidence(e)
	shape := newShape(m.file, m.reader.plan.settings)
	if find.value != nil {
		e.addRow(m.file, shape, *find.value)
	}
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return e, nil
		}
		if err != nil {
			return nil, err
		}
		e.addRow(m.file, shape, row)
	}
}

// addRow takes a row that is a line.
func (e *evidence) addRow(t *textFile, h *shape, row gridRow) {
	if row.blank || row.fault != "" {
		return
	}
	t.trim(&row)
	if h.row(&row) != "" || len(row.fields) != t.width {
		return
	}
	refund := h.refunded(row.fields)
	for k, field := range t.fields {
		e.add(k, row.fields[field])
		if c := t.columns[k]; c == layout.UnitPrice || c == layout.Amount { // one of them takes it
			e.add(k, refund)
		}
	}
	if h.discount >= 0 {
		e.addWhole(row.fields[h.discount])
	}
}

// wholeEvidence makes room for the discount of whole orders, where it is no column by itself.
func (m *maker) wholeEvidence(e *evidence) {
	if m.shape.discount >= 0 && m.shape.discount != m.shape.off {
		e.whole, e.header = &numeral.Evidence{}, m.file.resolved.Headers[m.shape.discount]
	}
}

// addWhole takes a cell of it.
func (e *evidence) addWhole(cell []byte) {
	if e.whole == nil {
		return
	}
	if text, ok := e.rules.Text(string(cell)); ok {
		e.whole.Add([]byte(text))
	}
}
