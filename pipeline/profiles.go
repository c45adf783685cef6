package pipeline

import (
	"github.com/vitalfew/vitalfew/pipeline/account"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
	"github.com/vitalfew/vitalfew/segment/profile"
	"github.com/vitalfew/vitalfew/segment/rfm"
	"github.com/vitalfew/vitalfew/segment/tier"
)

// profiles says what each tier and RFM segment is like. Children count with their parents.
func (f *Figures) profiles(c Config, _ int) error {
	x := f.Features
	in := profile.Customers{
		In: f.roots(), Net: x.In.Net, Covered: x.In.Covered, Profit: x.In.Profit, ProfitKnown: f.ProfitKnown, Gap: x.MeanGap,
		Groupings: []profile.Grouping{f.byTier(), f.byRFM()}, Attributes: f.attributes(),
	}
	if len(f.Ledger.Categories()) > 0 {
		in.Breadth = x.Breadth
	}
	var err error
	f.Profiles, err = profile.Build(in, c.Profiles)
	return as(ErrInput, err)
}

func (f *Figures) byTier() profile.Grouping {
	g := profile.Grouping{Name: "tier", Groups: make([]string, tier.Tiers), Code: make([]uint8, len(f.Tiers))}
	for k := range g.Groups {
		g.Groups[k] = tier.Tier(k).String()
	}
	for i, t := range f.Tiers {
		g.Code[i] = uint8(t)
	}
	return g
}

func (f *Figures) byRFM() profile.Grouping {
	g := profile.Grouping{Name: "rfm_segment", Groups: make([]string, rfm.Segments), Code: make([]uint8, len(f.RFM.Segment))}
	for k := range g.Groups {
		g.Groups[k] = rfm.Segment(k).String()
	}
	for i, s := range f.RFM.Segment {
		g.Code[i] = uint8(s)
	}
	return g
}

// attributes are what the CRM exports tell of customers, as far as they have the column.
func (f *Figures) attributes() []profile.Attribute {
	var out []profile.Attribute
	if f.Accounts != nil {
		for _, x := range []struct {
			name   string
			column layout.Column
			of     account.Column[string]
		}{
			{"channel", layout.AccountChannel, f.Accounts.Channel}, {"industry", layout.AccountIndustry, f.Accounts.Industry},
			{"region", layout.AccountRegion, f.Accounts.Region}, {"segment", layout.AccountSegment, f.Accounts.Segment},
		} {
			if f.Accounts.Has(x.column) {
				out = append(out, f.attribute(x.name, x.of))
			}
		}
	}
	if f.Credit != nil {
		out = append(out, f.creditAttribute())
	}
	return out
}

func (f *Figures) attribute(name string, of account.Column[string]) profile.Attribute {
	a := profile.Attribute{Name: name, Values: []string{""}, Code: make([]uint32, len(f.AccountRow))}
	codes := map[string]uint32{}
	for i, row := range f.AccountRow {
		if row < 0 {
			continue
		}
		v, known := of.At(row)
		if !known {
			continue
		}
		code, have := codes[v]
		if !have {
			code = uint32(len(a.Values))
			codes[v], a.Values = code, append(a.Values, v)
		}
		a.Code[i] = code
	}
	return a
}

// creditAttribute is the credit state, which decides tiers.
func (f *Figures) creditAttribute() profile.Attribute {
	a := profile.Attribute{Name: "credit_state", Code: make([]uint32, len(f.Credit.Verdicts)), Decides: []string{"tier"}}
	for s := keyaccount.CreditUnknown; s <= keyaccount.CreditBlocked; s++ {
		a.Values = append(a.Values, s.String())
	}
	for i, v := range f.Credit.Verdicts {
		a.Code[i] = uint32(v.State) // UNKNOWN is 0
	}
	return a
}
