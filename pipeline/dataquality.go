package pipeline

import (
	"fmt"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/quality"
)

// DataQuality is what the order lines hold and lack.
type DataQuality struct {
	*quality.Profile
	// Unreadable counts the rejected lines by the column that cannot be used.
	Unreadable map[string]int64 `json:"unreadable,omitempty"`
	// Shares of the lines read: with a customer, cancelled, repeated, rejected.
	Customer Share `json:"with_customer"`
	// Shares of the lines used: with a known cost, returns.
	Cost      Share  `json:"with_cost"`
	Returns   Share  `json:"returns"`
	Cancelled Share  `json:"cancelled"`
	Repeated  *Share `json:"repeated,omitempty"` // nil: nobody looked
	Rejected  Share  `json:"rejected"`
	// Future counts lines after Today, where that is given.
	Today  string `json:"today,omitempty"`
	Future int64  `json:"lines_after_today"`
}

// Share is a part of lines, and of their money where both are known: net sales, of returns their value.
type Share struct {
	Lines    int64  `json:"lines"`
	Of       int64  `json:"of_lines"`
	Money    string `json:"money,omitempty"`
	OfMoney  string `json:"of_money,omitempty"`
	part, of money.Amount
}

func moneyShare(lines, of int64, part, all money.Amount) Share {
	return Share{lines, of, part.String(), all.String(), part, all}
}

// text is the share in percent of lines and of money.
func (s Share) text() string {
	if s.Of == 0 {
		return "no line"
	}
	text := percent(float64(s.Lines)/float64(s.Of)) + " of lines"
	if s.OfMoney != "" && s.of > 0 {
		text += fmt.Sprintf(", %s of money", percent(s.part.Float()/s.of.Float()))
	}
	return text
}

// quality joins the profile of the columns with what the books and the ledger say.
func (n *night) quality() (*DataQuality, error) {
	b, rows := n.read.Books, n.ledger.Rows()
	var net, covered, returned money.Amount
	var lines, sales, costed int64
	for i := range rows.Len() {
		var fits [3]bool
		net, fits[0] = money.Add(net, rows.Net[i])
		covered, fits[1] = money.Add(covered, rows.Covered[i])
		returned, fits[2] = money.Add(returned, rows.Returned[i])
		if fits != [3]bool{true, true, true} {
			return nil, as(ErrInput, fmt.Errorf("the sum of sales, costed sales or returns does not fit: amounts beyond 922 trillion; check the units of the export"))
		}
		lines, sales, costed = lines+int64(rows.Lines[i]), sales+int64(rows.Sales[i]), costed+int64(rows.Costed[i])
	}
	anonymous, cancelled, rejected := b.Class[ingest.NoCustomer], b.Class[ingest.Cancelled], b.Class[ingest.Rejected]
	all, ok := money.Add(net, anonymous.Money)
	if !ok {
		return nil, as(ErrInput, fmt.Errorf("the company total does not fit"))
	}
	q := &DataQuality{
		Profile:   n.read.Profile,
		Customer:  moneyShare(lines, lines+anonymous.Lines, net, all),
		Cost:      moneyShare(costed, lines, covered, net),
		Returns:   Share{Lines: lines - sales, Of: lines, Money: returned.String(), part: returned},
		Cancelled: Share{Lines: cancelled.Lines, Of: b.Read.Lines},
		Rejected:  Share{Lines: rejected.Lines, Of: b.Read.Lines},
	}
	if d := n.read.Duplicates; d != nil {
		q.Repeated = &Share{Lines: d.Lines, Of: b.Read.Lines}
	}
	for _, r := range n.read.Rejects {
		if q.Unreadable == nil {
			q.Unreadable = map[string]int64{}
		}
		q.Unreadable[r.Column]++
	}
	return q, nil
}

// MarkFuture counts the lines of days after today.
func (q *DataQuality) MarkFuture(today civil.Day) {
	q.Today, q.Future = today.String(), q.Calendar.From(today+1)
}
