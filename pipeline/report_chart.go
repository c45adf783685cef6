package pipeline

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/pareto"
)

// reportChart is the whale curve as the template draws it. Lengths are units of its view box, which
// the page scales to the width there is. float64 places dots here and nothing else.
type reportChart struct {
	Width, Height                   int
	Left, Right, Top, Bottom, Below string // the frame, and the baseline of the labels below it
	Desc                            string
	Curve, Area                     string // points of the line and of what is under it
	YTicks, XTicks                  []reportTick
	Hundred                         reportTick // the line of the total
	Peak                            reportMark
	XLabel, YLabel                  string
}

type reportTick struct{ At, Label string }

// reportMark is a marked point, its label beside it.
type reportMark struct{ X, Y, LabelX, LabelY, Anchor, Label string }

// The view box and the frame in it. The left margin takes amounts in the type of a phone.
const (
	chartWidth, chartHeight          = 580, 340
	chartLeft, chartRight            = 96, 548
	chartTop, chartBottom, chartText = 48, 282, 306
	chartPoints                      = 200
	chartTicks                       = 6
)

// mostShare is the peak, as a share of the total, up to which the axis is in percent: beside a total
// near zero percents say nothing.
const mostShare = 100

// plot places customers and money in the frame.
type plot struct {
	customers int
	low, high float64
}

// The conversions keep the compiler from fusing steps: the same bytes on every machine.
func (p plot) x(n int) float64 {
	return chartLeft + float64(float64(chartRight-chartLeft)*float64(n)/float64(p.customers))
}

func (p plot) y(v float64) float64 {
	return chartBottom - float64(float64(chartBottom-chartTop)*float64(v-p.low)/float64(p.high-p.low))
}

func place(v float64) string { return fmt.Sprintf("%.1f", v) }

// newReportChart draws the curve; nil where there is none.
func newReportChart(f *Figures, currency string) *reportChart {
	w := f.Whale
	if f.profitOff() || (w.Peak == 0 && w.RightOfPeak == 0) {
		return nil
	}
	points := withPeak(w)
	unit := 1.0 // of the ticks
	inShares := w.HasRatio && w.PeakShare <= mostShare
	if inShares {
		unit = w.Total.Float()
	}
	low, high, step := axis(points, unit)
	p := plot{customers: w.Customers, low: low * unit, high: high * unit}
	c := &reportChart{Width: chartWidth, Height: chartHeight, Left: fmt.Sprint(chartLeft), Right: fmt.Sprint(chartRight), Top: fmt.Sprint(chartTop),
		Bottom: fmt.Sprint(chartBottom), Below: fmt.Sprint(chartText)}
	c.Curve = curve(p, points)
	zero := place(p.y(0))
	c.Area = place(p.x(0)) + "," + zero + " " + c.Curve + " " + place(p.x(w.Customers)) + "," + zero
	for k := 0; ; k++ {
		v := low + float64(float64(k)*step)
		if v > high+step/2 {
			break
		}
		c.YTicks = append(c.YTicks, reportTick{place(p.y(v * unit)), tickLabel(v, inShares)})
	}
	for k := 0; k <= 4; k++ {
		c.XTicks = append(c.XTicks, reportTick{place(chartLeft + (chartRight-chartLeft)*float64(k)/4), fmt.Sprintf("%d%%", 25*k)})
	}
	c.Hundred = reportTick{place(p.y(w.Total.Float())), "total"}
	if inShares {
		c.Hundred.Label = "total, 100%"
	}
	c.XLabel = fmt.Sprintf("share of %s, most profitable first", customers(w.Customers))
	c.YLabel = "cumulative gross profit, % of its total"
	if !inShares {
		c.YLabel = "cumulative gross profit" + after(currency)
	}
	c.Peak = peakMark(p, w)
	c.Desc = fmt.Sprintf("Cumulative gross profit over %s, best first. It rises to %s%s after %s and ends at %s%s after all of them.",
		customers(w.Customers), cents(w.Peak), after(currency), customers(w.PeakRank), cents(w.Total), after(currency))
	return c
}

// withPeak adds the peak itself to evenly spaced points of the curve: it lies between two of them as
// a rule.
func withPeak(w *pareto.Whale[money.Amount]) []pareto.Point[money.Amount] {
	points := w.Points(min(chartPoints, max(1, w.Customers)))
	at := sort.Search(len(points), func(i int) bool { return points[i].Customers >= w.PeakRank })
	if at < len(points) && points[at].Customers == w.PeakRank {
		return points
	}
	peak := pareto.Point[money.Amount]{Customers: w.PeakRank, Sum: w.Peak}
	return append(points[:at:at], append([]pareto.Point[money.Amount]{peak}, points[at:]...)...)
}

func curve(p plot, points []pareto.Point[money.Amount]) string {
	var b strings.Builder
	for i, point := range points {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(place(p.x(point.Customers)))
		b.WriteByte(',')
		b.WriteString(place(p.y(point.Sum.Float())))
	}
	return b.String()
}

// axis finds round bounds around the curve and zero, in units, with steps of 1, 2 or 5 times a power
// of ten.
func axis(points []pareto.Point[money.Amount], unit float64) (low, high, step float64) {
	least, most := 0.0, 0.0
	for _, p := range points {
		v := p.Sum.Float() / unit
		least, most = math.Min(least, v), math.Max(most, v)
	}
	raw := (most - least) / chartTicks
	step = math.Pow10(int(math.Floor(math.Log10(raw))))
	for _, by := range []float64{1, 2, 5, 10} {
		if raw <= by*step {
			step *= by
			break
		}
	}
	return math.Floor(least/step) * step, math.Ceil(most/step) * step, step
}

func tickLabel(v float64, share bool) string {
	if share {
		return group(int64(math.Round(100*v))) + "%"
	}
	if a := math.Abs(v); a < 10 && a != math.Trunc(a) {
		return fmt.Sprintf("%.4g", v)
	}
	return group(int64(math.Round(v)))
}

// peakMark puts the label of the peak above it, on the side where there is room.
func peakMark(p plot, w *pareto.Whale[money.Amount]) reportMark {
	x, y := p.x(w.PeakRank), p.y(w.Peak.Float())
	m := reportMark{X: place(x), Y: place(y), LabelX: place(x), LabelY: place(y - 12), Anchor: "middle", Label: "peak: " + cents(w.Peak)}
	if w.HasRatio {
		m.Label = "peak: " + percent(w.PeakShare)
	}
	m.Label += " at " + customers(w.PeakRank)
	const middle = (chartLeft + chartRight) / 2
	switch {
	case x > middle+60:
		m.Anchor, m.LabelX = "end", place(math.Min(x+40, chartRight))
	case x < middle-60:
		m.Anchor, m.LabelX = "start", place(math.Max(x-40, chartLeft+4))
	}
	return m
}
