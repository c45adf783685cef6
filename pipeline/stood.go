package pipeline

import (
	"github.com/vitalfew/vitalfew/pipeline/table"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/segment/lifecycle"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// stood is what the tier of a customer rested on in the run before.
type stood struct {
	known    bool // the run before knew the customer
	cut      tier.Tier
	quadrant keyaccount.Quadrant
	credit   keyaccount.CreditState
	stage    lifecycle.Stage
	sold     bool // net sales in its window above zero
}

// stood of the customer at a place of the memory, -1: not in it.
func (m *memory) stood(at int32) stood {
	if at < 0 {
		return stood{}
	}
	text := func(c *table.Column) string { return c.Text(int(at)) }
	return stood{known: true, sold: m.net.Amounts()[at] > 0, cut: tierNamed(text(m.cut)), quadrant: enumNamed[keyaccount.Quadrant](text(m.quadrant), keyaccount.Quadrants),
		credit: enumNamed[keyaccount.CreditState](text(m.credit), int(keyaccount.CreditBlocked)+1), stage: enumNamed[lifecycle.Stage](text(m.stage), lifecycle.Stages)}
}

// ascent is the first criterion of segment/tier that the customer failed in the run before. Where that is
// unknown it is the one of the present tier that it passes last or most narrowly.
func (s *standing) ascent(border tier.Tier, before stood) decision {
	b := s.bars
	switch core := border == tier.Core; {
	case before.known && before.cut <= s.tier:
		return decision{criterion: "one step a run", value: "the cuts said " + before.cut.String() + " in the run before"}
	case before.known && before.quadrant != keyaccount.Key:
		return s.enteredQuadrant(before)
	case before.known && (b.barred(before.credit) || core && !b.creditGood(before.credit)):
		return s.creditDecision(border, "was "+before.credit.String())
	case before.known && core && !loyal(before.stage):
		return decision{"life stage", s.stage.String(), "loyal", "was " + before.stage.String() + "; " + s.stageText()}
	case core:
		return s.profitDecision()
	}
	return s.quadrantDecision()
}

// enteredQuadrant is what an account of the KEY quadrant lacked before.
func (s *standing) enteredQuadrant(before stood) decision {
	d := s.quadrantDecision()
	switch was := before.quadrant; {
	case s.bars.marginOff: // volume alone decides
	case was == keyaccount.Niche, was == keyaccount.Unknown && !before.sold:
		d, _ = s.volumeDecision()
	case was == keyaccount.VolumeOnly, was == keyaccount.Unknown:
		d, _ = s.marginDecision()
	}
	return d
}

func loyal(s lifecycle.Stage) bool { return s == lifecycle.Loyal || s == lifecycle.Partner }

// creditGood reports whether credit lets an account be core.
func (b *bars) creditGood(c keyaccount.CreditState) bool {
	return b.creditOff || c == keyaccount.CreditGood
}

// barred reports whether credit keeps an account out of key.
func (b *bars) barred(c keyaccount.CreditState) bool {
	return !b.creditOff && (c == keyaccount.CreditBlocked || c == keyaccount.CreditUnknown && b.needCredit)
}
