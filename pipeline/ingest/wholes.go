package ingest

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/vitalfew/vitalfew/pipeline/layout"
)

// found remembers which settings that name a header some file has.
type found struct{ refund, discount atomic.Bool }

// usable says why a discount of whole orders cannot take effect on the lines of this file, and notes which
// of the headers set it has.
func (h *shape) usable(r *reader) error {
	f := h.file
	f.wholes = h.wholes()
	for _, s := range []struct {
		key, header string
		at          int
	}{{"order_refund", h.settings.OrderRefund, h.refunds}, {"order_discount", h.settings.OrderDiscount, h.discount}} {
		if s.header != "" && s.at < 0 {
			h.evidence = append(h.evidence, fmt.Sprintf("layout: the file has no %q, which %s names", s.header, s.key))
		}
	}
	if h.refunds >= 0 {
		r.found.refund.Store(true)
	}
	if h.discount < 0 {
		return nil
	}
	r.found.discount.Store(true)
	f.spreads = spreadsRest
	if h.off < 0 || h.off == h.discount {
		f.spreads = spreadsWhole
	}
	set := fmt.Sprintf("settings: order_discount %q", h.settings.OrderDiscount)
	switch {
	case h.quantity < 0 || h.price < 0:
		return fmt.Errorf("%s can only be spread over lines with quantity and unit_price, and the file lacks one: map them, or set order_discount to \"\"", set)
	case h.amount >= 0 && h.settings.AmountFrom != layout.FromPrice:
		return fmt.Errorf("%s has no effect on lines whose amount is stated, in column %q: set amount_from to price, or order_discount to \"\"", set, f.resolved.header(layout.Amount))
	case h.order < 0 && !h.settings.CarryDown && !f.continued:
		return fmt.Errorf("%s needs order_id, which tells the lines of an order: map it, or set order_discount to \"\"", set)
	}
	return nil
}

// absent is the error of headers that the settings name beyond those of the preset and no file has.
func (r *reader) absent() error {
	var errs []error
	s, preset := r.plan.settings, layout.Settings{}
	if p := r.options.Mapping.Preset; p != nil {
		preset = p.Settings
	}
	for _, h := range []struct {
		key, header, preset string
		found               bool
	}{{"order_refund", s.OrderRefund, preset.OrderRefund, r.found.refund.Load()}, {"order_discount", s.OrderDiscount, preset.OrderDiscount, r.found.discount.Load()}} {
		if h.header != "" && h.header != h.preset && !h.found {
			errs = append(errs, fmt.Errorf("settings: %s: no file of orders has a header %q: correct it, or set %s to \"\"", h.key, h.header, h.key))
		}
	}
	return errors.Join(errs...)
}

// refuseWholes fails a Parquet file that has a header which would have to be taken apart.
func (r *reader) refuseWholes(index int, headers []string) {
	s := r.plan.settings
	for _, h := range []struct{ key, header string }{{"order_refund", s.OrderRefund}, {"order_discount", s.OrderDiscount}} {
		for _, name := range headers {
			if h.header != "" && layout.Fold(name) == layout.Fold(h.header) {
				r.fail(index, fmt.Errorf("%s: settings: %s %q is of whole orders, and is read of text and workbooks only: write the file as CSV, or set %s to \"\"", r.files[index].Path, h.key, h.header, h.key))
			}
		}
	}
}

// countDiscounts says in the evidence of the file what became of the discounts of orders.
func (m *maker) countDiscounts() {
	f, c := &m.reader.files[m.file.index], m.counts
	say := func(format string, args ...any) {
		f.Evidence = append(f.Evidence[:len(f.Evidence):len(f.Evidence)], fmt.Sprintf(format, args...))
	}
	if c.spread > 0 {
		say("order_discount: of %d orders; %s that their lines do not state is spread over them", c.spread, c.given)
	}
	if c.covered > 0 {
		what := fmt.Sprintf("order_discount is not used in %d orders, %s in all, whose lines state more than their order: the lines' own count", c.covered, c.unused)
		f.Warnings = append(f.Warnings, what)
		say("%s", what)
	}
	if c.refused > 0 {
		say("orders: what %d state of the whole cannot be used: their lines are rejected, with the reason", c.refused)
	}
}
