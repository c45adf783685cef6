package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/delimited"
	"github.com/vitalfew/vitalfew/pipeline/formula"
	"github.com/vitalfew/vitalfew/pipeline/publish"
)

// ListStanding is a customer's place on a list.
type ListStanding struct {
	List     string `json:"list"`
	Place    int    `json:"place"`
	Of       int    `json:"of"`
	Reason   string `json:"reason"`
	NextStep string `json:"next_step"`
}

// lists finds the customer on the lists of the run.
func (p *published) lists(id string) ([]ListStanding, error) {
	out := []ListStanding{}
	for _, l := range p.manifest.Lists {
		name := "lists/" + l.List + ".csv"
		if l.Absent != "" || !p.run.Has(name) {
			continue
		}
		text, err := p.text(name)
		if err != nil {
			return nil, err
		}
		header, rec, ok := listRow(text, id)
		if !ok {
			continue
		}
		cell := func(name string) string {
			for i, h := range header {
				if string(h) == name && i < len(rec) {
					return formula.Unguard(string(rec[i]))
				}
			}
			return ""
		}
		s := ListStanding{List: l.List, Of: l.Rows, Reason: cell("reason"), NextStep: cell("next_step")}
		if s.Place, err = strconv.Atoi(cell("place")); err != nil {
			return nil, p.run.Damage(name, fmt.Errorf("place of customer %q: %w", id, err))
		}
		out = append(out, s)
	}
	return out, nil
}

// text reads a file of the run.
func (p *published) text(name string) ([]byte, error) {
	f, size, _, err := p.run.Open(name)
	if err != nil {
		return nil, p.run.Damage(name, err)
	}
	defer f.Close() // only read
	b := make([]byte, size)
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, p.run.Damage(name, err)
	}
	return b, nil
}

// listRow finds the row of a customer id in a list, whose second column it is: only records that can be
// it are parsed, for lists may have hundreds of thousands.
func listRow(text []byte, id string) (header, rec [][]byte, ok bool) {
	syntax := delimited.Syntax{}
	first, err := delimited.NewMemoryReader(text, syntax).Next()
	if err != nil {
		return nil, nil, false
	}
	header = cloned(first.Fields)
	cell := formula.Guard(id)
	if strings.ContainsAny(cell, ",\"\r\n") || cell == "" {
		cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
	}
	wanted := []byte("," + cell + ",")
	for from := 0; ; {
		at := bytes.Index(text[from:], wanted)
		if at < 0 {
			return nil, nil, false
		}
		start := bytes.LastIndexByte(text[:from+at], '\n') + 1
		if r, err := delimited.NewMemoryReader(text[start:], syntax).Next(); err == nil && len(r.Fields) > 1 && formula.Unguard(string(r.Fields[1])) == id {
			return header, cloned(r.Fields), true
		}
		from += at + 1
	}
}

func cloned(fields [][]byte) [][]byte {
	out := make([][]byte, len(fields))
	for i, f := range fields {
		out[i] = bytes.Clone(f)
	}
	return out
}

// TierAt is a customer's tier in a published run.
type TierAt struct {
	Run    string `json:"run"`
	AsOf   string `json:"as_of"`
	Tier   string `json:"tier"` // "" not a customer yet
	ByHand bool   `json:"by_hand,omitempty"`
	Change string `json:"tier_change,omitempty"` // against the run before
	// NetSales is that of the run's window.
	NetSales string `json:"net_sales_window,omitempty"`
}

// history follows the runs that tiers were weighed against, as far as they are kept.
func (p *published) history(e *Explanation) error {
	at, err := p.tierAt(e.Who.ID)
	if err != nil {
		return err
	}
	e.History = []TierAt{at}
	seen := map[string]bool{p.run.ID: true}
	link := p.manifest.Previous
	for link != nil && !seen[link.Run] {
		seen[link.Run] = true
		old, err := openPublished(p.out, link.Run, p.workers)
		switch {
		case errors.Is(err, publish.ErrNone):
			e.HistoryEnd = fmt.Sprintf("run %s as of %s is not kept any more", link.Run, link.AsOf)
			return nil
		case errors.Is(err, publish.ErrDamaged):
			e.HistoryEnd = fmt.Sprintf("run %s as of %s cannot be read: %v", link.Run, link.AsOf, err)
			return nil
		case err != nil:
			return err
		}
		at, err := old.tierAt(e.Who.ID)
		link = old.manifest.Previous
		if err := errors.Join(err, old.Close()); err != nil {
			return err
		}
		e.History = append(e.History, at)
	}
	e.HistoryEnd = "the first run"
	return nil
}

func (p *published) tierAt(id string) (TierAt, error) {
	t := TierAt{Run: p.run.ID, AsOf: p.manifest.AsOf}
	at, err := p.place(id)
	if err != nil || at < 0 {
		return t, err
	}
	rows, err := p.ReadRows(p.have([]string{"tier", "tier_by_hand", "tier_change", "net_sales_window"}), []int32{at}, p.workers)
	if err != nil {
		return t, p.run.Damage(customersFile, err)
	}
	defer rows.Release()
	r := row{t: rows}
	t.Tier, t.ByHand, t.Change = r.text("tier"), r.yes("tier_by_hand"), r.text("tier_change")
	if net, known := r.amount("net_sales_window"); known {
		t.NetSales = net.String()
	}
	return t, nil
}
