package pipeline

import (
	"fmt"
	"math"
	"strconv"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// standing is what the tier of a customer rests on: of a run under way, or of one as published. Of a
// child it is its ultimate parent's.
type standing struct {
	tier        tier.Tier // as published
	net, profit money.Amount
	rate        float64 // margin rate; NaN unknown, as shrunk
	shrunk      float64
	quadrant    keyaccount.Quadrant
	credit      keyaccount.CreditState
	creditText  string // why it is not good
	stage       lifecycle.Stage
	stageText   func() string
	last        civil.Day // last purchase
	bars        *bars
}

// standing of customer i, or of its ultimate parent, against the bars of the run.
func (f *Figures) standing(i int, b *bars) standing {
	root := f.Root[i]
	s := standing{
		tier: f.Tiers[root], net: f.Features.In.Net[root], profit: f.Features.In.Profit[root], rate: f.Key.MarginRate[root], shrunk: f.Key.MarginRateShrunk[root], quadrant: f.Key.Quadrant[root],
		stage: f.Life.Stage[root], stageText: func() string { return string(f.Life.AppendReason(nil, root)) }, last: f.Features.LastDay[root], bars: b,
	}
	if f.Credit != nil {
		s.credit, s.creditText = f.Credit.Verdicts[root].State, string(f.Credit.AppendReason(nil, root))
	}
	return s
}

// decision is the criterion that stands between two tiers, the customer's value, its cut and how far
// apart they are.
type decision struct{ criterion, value, cut, by string }

// text is the customer's value against its cut and how far apart they are; "" without a value.
func (d decision) text() string {
	text := d.value
	if d.cut != "" {
		text += " against " + d.cut
	}
	if d.by != "" {
		text += ": " + d.by
	}
	return text
}

// decision finds the criterion between the old and the present tier: going down the first that the
// customer fails, going up the first that it failed in the run before.
func (s *standing) decision(was tier.Tier, change Change, before stood) decision {
	switch change {
	case ChangeManual:
		return decision{criterion: "set by hand, or no longer"}
	case ChangeRule:
		return decision{criterion: "definitions changed"}
	case ChangeNew:
		return decision{criterion: "not in the previous run"}
	}
	up := s.tier < was
	switch border := min(s.tier, was); {
	case border <= tier.Key && up:
		return s.ascent(border, before)
	case border <= tier.Key && s.quadrant == keyaccount.Key:
		return s.keyDecision(border)
	case border <= tier.Key:
		return s.quadrantDecision()
	case up && was == tier.Prospect && !s.last.Known():
		return decision{criterion: "return on record"}
	case up && was == tier.Prospect:
		return decision{criterion: "first purchase", value: s.last.String()}
	}
	return s.lastDecision()
}

// keyDecision is what keeps an account of the KEY quadrant from the tier, asked in the order of
// segment/tier.
func (s *standing) keyDecision(border tier.Tier) decision {
	switch {
	case s.barred(), border == tier.Core && !s.creditGood():
		return s.creditDecision(border, s.creditText)
	case border == tier.Core && !s.loyal():
		return decision{"life stage", s.stage.String(), "loyal", s.stageText()}
	case border == tier.Core:
		return s.profitDecision()
	}
	return s.quadrantDecision()
}

func (s *standing) loyal() bool { return loyal(s.stage) }

func (s *standing) creditGood() bool { return s.bars.creditGood(s.credit) }

// barred reports whether credit keeps the customer out of key.
func (s *standing) barred() bool { return s.bars.barred(s.credit) }

func (s *standing) creditDecision(border tier.Tier, by string) decision {
	cut := "not BLOCKED"
	switch {
	case border == tier.Core:
		cut = "GOOD"
	case s.bars.needCredit:
		cut = "known and not BLOCKED"
	}
	return decision{"credit", s.credit.String(), cut, by}
}

func (s *standing) profitDecision() decision {
	if s.bars.marginOff {
		return s.quadrantDecision()
	}
	return decision{"gross profit among KEY accounts", s.profit.String(), s.bars.core.String(), (s.profit - s.bars.core).String()}
}

// quadrantDecision is what the quadrant turns on: volume or margin, the one failed; of both failed or both
// passed the one that lies lower against its cut, as parts of the cut.
func (s *standing) quadrantDecision() decision {
	volume, above := s.volumeDecision()
	margin, over := s.marginDecision()
	switch {
	case s.quadrant == keyaccount.Unknown && s.net <= 0 && !(s.last >= s.bars.from):
		return s.lastDecision()
	case s.bars.marginOff, s.quadrant == keyaccount.Niche, s.quadrant == keyaccount.Unknown && s.net <= 0:
		return volume
	case s.quadrant == keyaccount.VolumeOnly, s.quadrant == keyaccount.Unknown, over < above:
		return margin
	}
	return volume
}

// volumeDecision comes with the distance from the cut as a part of it.
func (s *standing) volumeDecision() (d decision, above float64) {
	d = decision{criterion: "volume", value: s.net.String()}
	if p := &s.bars.cuts; p.VolumeKnown {
		d.cut, d.by = p.Net.String(), (s.net - p.Net).String()
		above = (s.net.Float() - p.Net.Float()) / max(1, math.Abs(p.Net.Float()))
	}
	return d, above
}

// marginDecision likewise; a cut that is a percentile has no rate, and no distance from it.
func (s *standing) marginDecision() (d decision, over float64) {
	cut, rate := s.bars.cuts.Margin, s.judged()
	d = decision{criterion: "margin", value: "unknown"}
	if !math.IsNaN(rate) {
		d.value = percent(rate)
	}
	if math.IsNaN(cut) {
		return d, 0
	}
	if d.cut = percent(cut); math.IsNaN(rate) {
		return d, math.Inf(-1)
	}
	d.by = strconv.FormatFloat(100*(rate-cut), 'f', 2, 64) + " points"
	return d, (rate - cut) / max(1e-9, math.Abs(cut))
}

// judged is the margin rate that decides: against the company's and where raw rates are set that of the
// figures as they are, else the shrunk one (see scoring/keyaccount).
func (s *standing) judged() float64 {
	if s.bars.byCompany || s.bars.raw {
		return s.rate
	}
	return s.shrunk
}

func (s *standing) lastDecision() decision {
	d := decision{criterion: "last purchase", value: "none", cut: s.bars.from.String()}
	if s.last.Known() {
		d.value, d.by = s.last.String(), fmt.Sprintf("%d days", int(s.last)-int(s.bars.from))
	}
	return d
}
