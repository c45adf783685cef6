package backtest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// ErrHistory says that the data do not hold what a backtest needs; the text names it.
var ErrHistory = errors.New("the data do not suffice for this backtest")

func lacking(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrHistory}, args...)...)
}

// Days are the as-of days, oldest first, in data of the days [From, To). Those that are picked have at least a
// horizon of past, those that are given any.
func (o Options) Days(data civil.Range) ([]civil.Day, error) {
	o = o.defaults()
	if data.Empty() {
		return nil, lacking("there is no order line; `vitalfew validate` shows what became of the lines")
	}
	if len(o.AsOf) > 0 {
		return o.given(data)
	}
	span, h := int(data.To-data.From), o.Horizon
	room := span/h - 1 // horizons behind the first, which is past only
	if want := max(1, o.Periods); room < want {
		return nil, lacking("%d %s of %d days, after a past as long, %s %d days; the data hold %d, from %s to %s: shorten the horizon to %d days, or give more history",
			want, plural(want, "period"), h, needs(want), (want+1)*h, span, data.From, data.To-1, span/(want+1))
	}
	n := o.Periods
	if n == 0 {
		n = min(defaultPeriods, room)
	}
	var days []civil.Day
	for k := n; k >= 1; k-- {
		days = append(days, data.To-civil.Day(k*h))
	}
	return days, nil
}

func (o Options) given(data civil.Range) ([]civil.Day, error) {
	days := slices.Compact(slices.Sorted(slices.Values(o.AsOf)))
	for _, d := range days {
		if d <= data.From {
			return nil, lacking("nothing was known on %s, the first order is of %s: take a later as-of day", d, data.From)
		}
		if end := d + civil.Day(o.Horizon); end > data.To {
			return nil, lacking("%d days from %s end on %s, the data on %s: take an as-of day up to %s, or a horizon of %s",
				o.Horizon, d, end-1, data.To-1, data.To-civil.Day(o.Horizon), most(int(data.To-d)))
		}
	}
	return days, nil
}

func most(days int) string {
	if days < 1 {
		return "nothing: it lies after them"
	}
	return fmt.Sprintf("%d days at most", days)
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func needs(n int) string {
	if n == 1 {
		return "needs"
	}
	return "need"
}
