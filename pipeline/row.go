package pipeline

import (
	"math"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
)

// row is a customer as published. A column that the run's version did not have yet is unknown.
type row struct {
	t *table.Table
	i int
}

// cell is the column of a name where it is of the kind and the cell is known.
func (r row) cell(name string, kind table.Kind) (*table.Column, bool) {
	c, ok := r.t.Column(name)
	return c, ok && c.Kind() == kind && c.Valid(r.i)
}

func (r row) text(name string) string {
	if c, ok := r.cell(name, table.String); ok {
		return c.Text(r.i)
	}
	return ""
}

func (r row) amount(name string) (money.Amount, bool) {
	if c, ok := r.cell(name, table.Amount); ok {
		return c.Amounts()[r.i], true
	}
	return 0, false
}

func (r row) float(name string) float64 {
	if c, ok := r.cell(name, table.Float64); ok {
		return c.Floats()[r.i]
	}
	return math.NaN()
}

func (r row) count(name string) (int64, bool) {
	if c, ok := r.cell(name, table.Int64); ok {
		return c.Ints()[r.i], true
	}
	return 0, false
}

func (r row) day(name string) civil.Day {
	if c, ok := r.cell(name, table.Day); ok {
		return c.Days()[r.i]
	}
	return civil.Unknown
}

func (r row) yes(name string) bool {
	c, ok := r.cell(name, table.Bool)
	return ok && c.Bool(r.i)
}

// enumNamed is the value of an enum by its name in the columns; the zero value for any other.
func enumNamed[E interface {
	~uint8
	String() string
}](name string, count int) (e E) {
	for k := range count {
		if E(k).String() == name {
			return E(k)
		}
	}
	return e
}

// standingColumns are what standing reads.
func standingColumns() []string {
	return []string{"tier", "net_sales_window", "gross_profit_window", "margin_rate", "margin_rate_shrunk", "quadrant", "credit_state", "credit_reason", "life_stage", "last_day",
		"frequency", "purchase_quarters", "returned", "tenure_days", "overdue_ratio", "p_alive", "categories"}
}

// standing is that of the row against the bars of its run.
func (r row) standing(b *bars) standing {
	s := standing{
		tier: tierNamed(r.text("tier")), rate: r.float("margin_rate"), shrunk: r.float("margin_rate_shrunk"), quadrant: enumNamed[keyaccount.Quadrant](r.text("quadrant"), keyaccount.Quadrants),
		credit: enumNamed[keyaccount.CreditState](r.text("credit_state"), int(keyaccount.CreditBlocked)+1), creditText: r.text("credit_reason"),
		stage: enumNamed[lifecycle.Stage](r.text("life_stage"), lifecycle.Stages), last: r.day("last_day"), bars: b,
	}
	s.net, _ = r.amount("net_sales_window")
	s.profit, _ = r.amount("gross_profit_window")
	s.stageText = func() string { return r.stageText(b) }
	return s
}

// stageText asks segment/lifecycle again about this one customer, whose stage stands on its own figures
// alone, for the criterion that decided.
func (r row) stageText(b *bars) string {
	purchases, _ := r.count("frequency")
	quarters, _ := r.count("purchase_quarters")
	tenure, ok := r.count("tenure_days")
	if !ok {
		tenure = -1
	}
	returned, _ := r.amount("returned")
	c := lifecycle.Customers{
		Purchases: []int32{int32(purchases)}, Quarters: []int32{int32(quarters)}, Returned: []money.Amount{returned}, TenureDays: []int32{int32(tenure)},
		OverdueRatio: []float64{r.float("overdue_ratio")}, Key: []bool{r.text("quadrant") == keyaccount.Key.String()}, MarginOff: b.marginOff,
	}
	if alive := r.float("p_alive"); !math.IsNaN(alive) {
		c.PAlive = []float64{alive}
	}
	if n, known := r.count("categories"); known {
		c.Breadth = []int32{int32(n)}
	}
	life, err := lifecycle.Assign(c, b.life)
	if err != nil || life.Stage[0].String() != r.text("life_stage") {
		return r.text("life_stage") // a run of a version with other columns
	}
	return string(life.AppendReason(nil, 0))
}
