package pipeline

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
)

// Explanation is everything a published run says of one customer, and what follows from it. Amounts are
// exact texts, rates fractions; what is unknown is "", null or left out.
type Explanation struct {
	Run        string `json:"run"`
	AsOf       string `json:"as_of"`
	WindowFrom string `json:"window_from"`
	WindowTo   string `json:"window_to"` // the first day after the window
	Currency   string `json:"currency,omitempty"`

	Who      Who               `json:"customer"`
	Tier     TierStanding      `json:"tier"`
	Quarters []QuarterFigures  `json:"quarters"` // oldest first; null: the run keeps none
	Criteria []CriterionFigure `json:"criteria"`
	Models   []ModelFigure     `json:"models"`
	Lists    []ListStanding    `json:"lists"`
	Next     Ascent            `json:"next_tier_up"`
	History  []TierAt          `json:"history"` // newest first
	// HistoryEnd says why the history does not go back further.
	HistoryEnd string `json:"history_end"`
}

// Who is the account.
type Who struct {
	ID         string   `json:"customer_id"`
	Name       string   `json:"name,omitempty"`
	Role       string   `json:"account_role,omitempty"` // standalone, parent or child
	ParentID   string   `json:"parent_id,omitempty"`
	ParentName string   `json:"parent_name,omitempty"`
	RootID     string   `json:"ultimate_parent_id,omitempty"` // of a child
	Children   []string `json:"children,omitempty"`           // the first of them
	ChildCount int      `json:"children_count,omitempty"`
	Region     string   `json:"region,omitempty"`
	Owner      string   `json:"owner,omitempty"`
	Industry   string   `json:"industry,omitempty"`
	Segment    string   `json:"segment,omitempty"`
	Channel    string   `json:"channel,omitempty"`
	FirstDay   string   `json:"first_day,omitempty"`
	LastDay    string   `json:"last_day,omitempty"`
	Purchases  int64    `json:"purchases"`
}

// TierStanding is the tier and how it came about.
type TierStanding struct {
	Tier      string `json:"tier"`
	ByHand    bool   `json:"by_hand"`
	Rule      string `json:"rule_tier,omitempty"`
	Cut       string `json:"cut_tier,omitempty"` // by the cuts alone, without the previous run
	RunsBelow int64  `json:"runs_below"`
	Previous  string `json:"previous_tier,omitempty"`
	Change    string `json:"tier_change,omitempty"`
	Reason    string `json:"reason"`
}

// CriterionFigure is a criterion with the customer's value and the cut. Passes is yes, no, unknown or off.
type CriterionFigure struct {
	Criterion string `json:"criterion"`
	Value     string `json:"value"`
	Cut       string `json:"cut,omitempty"`
	Passes    string `json:"passes"`
}

// ModelFigure is an output of a model with its interval, where it has one; null where it is not computed.
type ModelFigure struct {
	Name  string   `json:"name"`
	Value *float64 `json:"value"`
	Low   *float64 `json:"low,omitempty"`
	High  *float64 `json:"high,omitempty"`
	Text  string   `json:"text,omitempty"`
	unit  string
}

// Explain finds a customer of a published run, "" for the one that CURRENT names, and explains it. Only
// the row groups and columns that it needs are read, so a million customers take a fraction of a second.
// The error is ErrConfig where the word means nobody or several, as FindRun has it for the run, and
// matches publish.ErrDamaged where the run's files cannot be read.
func Explain(out, run, customer string, workers int) (*Explanation, error) {
	out, id, err := FindRun(out, run)
	if err != nil {
		return nil, err
	}
	p, err := openPublished(out, id, workers)
	if err != nil {
		return nil, err
	}
	defer p.Close() // only read
	at, err := p.whoIs(customer)
	if err != nil {
		return nil, err
	}
	return p.explain(at)
}

func (p *published) explain(at int32) (*Explanation, error) {
	r, err := p.row(at)
	if err != nil {
		return nil, err
	}
	m := &p.manifest
	e := &Explanation{Run: p.run.ID, AsOf: m.AsOf, WindowFrom: m.WindowFrom, WindowTo: m.WindowTo, Currency: m.Currency, Models: r.models()}
	e.Tier = TierStanding{Tier: r.text("tier"), ByHand: r.yes("tier_by_hand"), Rule: r.text("rule_tier"), Cut: r.text("cut_tier"),
		Previous: r.text("previous_tier"), Change: r.text("tier_change"), Reason: r.text("reason")}
	e.Tier.RunsBelow, _ = r.count("runs_below")
	if e.Who, err = p.who(r); err != nil {
		return nil, err
	}
	e.Criteria = r.criteria(m, p.bars)
	if e.Who.RootID != "" {
		e.Next = Ascent{Needs: []Need{}, Note: "a child has the tier of its ultimate parent: vitalfew explain " + e.Who.RootID}
	} else {
		c := r.climber(p.bars, m.Recipe.KeyAccount["min_cost_coverage"])
		e.Next = c.ascent()
	}
	if e.Quarters, err = p.quarters(at); err != nil {
		return nil, err
	}
	if e.Lists, err = p.lists(e.Who.ID); err != nil {
		return nil, err
	}
	return e, p.history(e)
}

// who reads the account and its family.
func (p *published) who(r row) (Who, error) {
	w := Who{ID: r.text("customer_id"), Name: r.text("name"), Role: r.text("account_role"), ParentID: r.text("parent_id"), Region: r.text("region"),
		Owner: r.text("owner"), Industry: r.text("industry"), Segment: r.text("segment"), Channel: r.text("channel"),
		FirstDay: r.day("first_day").String(), LastDay: r.day("last_day").String()}
	w.Purchases, _ = r.count("frequency")
	if w.ParentID == w.ID { // how some CRMs write that there is none
		w.ParentID = ""
	}
	if w.Role == "parent" {
		if err := p.children(&w); err != nil {
			return w, err
		}
	}
	up := w.ParentID
	for steps := 0; up != "" && steps < maxFamily; steps++ { // a run refuses cycles, a damaged file may hold one
		at, err := p.place(up)
		if err != nil || at < 0 {
			return w, err
		}
		t, err := p.ReadRows([]string{"name", "parent_id", "account_role"}, []int32{at}, p.workers)
		if err != nil {
			return w, p.run.Damage(customersFile, err)
		}
		parent := row{t: t}
		if up == w.ParentID {
			w.ParentName = parent.text("name")
		}
		if w.Role == "child" {
			w.RootID = up
		}
		if up = parent.text("parent_id"); parent.text("account_role") != "child" {
			up = ""
		}
	}
	return w, nil
}

const (
	maxFamily     = 1000 // generations
	shownChildren = 8
)

// children finds the accounts that name the customer as their parent.
func (p *published) children(w *Who) error {
	rows, err := p.Find("parent_id", w.ID, p.workers)
	if err != nil {
		return p.run.Damage(customersFile, err)
	}
	own, err := p.place(w.ID)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(at int32) bool { return at == own })
	w.ChildCount = len(rows)
	t, err := p.ReadRows([]string{"customer_id", "name"}, rows[:min(len(rows), shownChildren)], p.workers)
	if err != nil {
		return p.run.Damage(customersFile, err)
	}
	defer t.Release()
	for i := range t.Rows() {
		child := row{t, i}
		w.Children = append(w.Children, candidate{id: child.text("customer_id"), name: child.text("name")}.String())
	}
	return nil
}

// models are the outputs of models, computed or not.
func (r row) models() []ModelFigure {
	one := func(name string) *float64 {
		if a, known := r.amount(name); known {
			v := a.Float()
			return &v
		}
		if v := r.float(name); !math.IsNaN(v) {
			return &v
		}
		return nil
	}
	out := []ModelFigure{}
	for _, name := range []string{"p_alive", "expected_purchases_12m", "expected_profit_per_purchase", "clv_12m", "clv_36m", "overdue_ratio", "buying_less",
		"churn_probability", "value_at_risk"} {
		f := ModelFigure{Name: name, Value: one(name), Low: one(name + "_low"), High: one(name + "_high")}
		if c, ok := r.t.Column(name); ok {
			f.unit = c.Unit
		}
		if name == "churn_probability" {
			f.Text = r.text("churn_reasons")
		}
		out = append(out, f)
	}
	return out
}

// WriteJSON writes the explanation as JSON.
func (e *Explanation) WriteJSON(w io.Writer) error { return writeJSON(w, e) }

func writeJSON(w io.Writer, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	_, err = w.Write(append(b, '\n'))
	return err
}
