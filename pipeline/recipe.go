package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"

	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/scoring/keyaccount"
)

// Recipe is everything in a config that the published bytes depend on, as the manifest shows it and
// as the run id digests it. Workers, memory, paths and tolerance are not part of it.
type Recipe struct {
	AsOf       string            `json:"as_of"` // "" for the day after the last order
	Window     string            `json:"window"`
	Currency   string            `json:"currency,omitempty"`
	TimeZone   string            `json:"time_zone,omitempty"`
	Delimiter  string            `json:"delimiter,omitempty"`
	Charset    string            `json:"charset,omitempty"`
	Sheet      string            `json:"sheet,omitempty"`
	Decimal    string            `json:"decimal,omitempty"`
	Thousands  string            `json:"thousands,omitempty"`
	Dates      string            `json:"dates,omitempty"`
	FirstYear  int               `json:"first_year,omitempty"`
	Preset     string            `json:"preset,omitempty"`
	PresetSum  string            `json:"preset_columns_sha256,omitempty"`
	Map        map[string]string `json:"map,omitempty"`
	Settings   settingsRecipe    `json:"settings"`
	Pareto     map[string]string `json:"pareto"`
	KeyAccount map[string]string `json:"key_account"`
	Credit     map[string]string `json:"credit"`
	Segments   map[string]string `json:"segments"`
	Models     map[string]string `json:"models"`
	Lists      map[string]string `json:"lists"`
	Profiles   map[string]string `json:"profiles"`
	CRMTargets []CRMTarget       `json:"crm_targets,omitempty"`
	Duplicates string            `json:"duplicates,omitempty"`
	Arrow      bool              `json:"arrow,omitempty"`
}

type settingsRecipe struct {
	NullValues      []string          `json:"null_values,omitempty"`
	ReturnIDPrefix  []string          `json:"return_id_prefix,omitempty"`
	ReturnStatus    []string          `json:"return_status,omitempty"`
	CancelledStatus []string          `json:"cancelled_status,omitempty"`
	NonProductCodes []string          `json:"non_product_codes,omitempty"`
	FloatIDs        bool              `json:"float_ids,omitempty"`
	OrderPerDay     bool              `json:"order_per_day,omitempty"`
	NoHeader        bool              `json:"no_header,omitempty"`
	CarryDown       bool              `json:"carry_down,omitempty"`
	GroupRows       bool              `json:"group_rows,omitempty"`
	OrderRefund     string            `json:"order_refund,omitempty"`
	OrderDiscount   string            `json:"order_discount,omitempty"`
	AmountFrom      string            `json:"amount_from,omitempty"`
	TaxIncluded     bool              `json:"tax_included,omitempty"`
	TaxStated       bool              `json:"tax_stated,omitempty"`
	IDWidth         int               `json:"id_width,omitempty"`
	IDFoldCase      bool              `json:"id_fold_case,omitempty"`
	TaxRate         string            `json:"tax_rate,omitempty"`
	CategoryMargins map[string]string `json:"category_margins,omitempty"`
}

// recipe writes the recipe of a config with its defaults written out.
func (c Config) recipe() (Recipe, error) {
	r := Recipe{
		Window: c.WindowText(), Currency: c.Currency, TimeZone: c.TimeZone, Delimiter: c.Delimiter, Preset: c.Preset,
		Charset: c.Charset, Sheet: c.Sheet, Decimal: c.Decimal, Thousands: c.Thousands, Dates: c.Dates, FirstYear: c.FirstYear,
		Settings: recipeOf(c.Settings), Arrow: c.Arrow, CRMTargets: c.CRMTargets, Duplicates: string(c.Duplicates),
		Pareto:   map[string]string{"a": c.Pareto.A.String(), "b": c.Pareto.B.String()},
		Segments: c.segmentRecipe(), Models: c.Models.recipe(), Lists: c.listRecipe(), Profiles: c.profileRecipe(),
	}
	if c.AsOfSet {
		r.AsOf = c.AsOf.String()
	}
	for _, a := range c.Map {
		if r.Map == nil {
			r.Map = map[string]string{}
		}
		r.Map[a.Name] = a.Header
	}
	if c.Preset != "" {
		p, err := loadPreset(c.Preset)
		if err != nil {
			return r, err
		}
		r.PresetSum = presetSum(p)
	}
	r.KeyAccount = keyAccountRecipe(c.KeyAccount)
	if c.IgnoreFit {
		r.KeyAccount["fit_weight"] = "0"
	}
	r.Credit = map[string]string{
		"watch_overdue": c.Credit.WatchOverdue.String(), "block_overdue": c.Credit.BlockOverdue.String(),
		"watch_overdue_days": fmt.Sprint(c.Credit.WatchOverdueDays), "block_overdue_days": fmt.Sprint(c.Credit.BlockOverdueDays),
		"watch_days_sales_outstanding": fmt.Sprint(c.Credit.WatchDSO), "block_days_sales_outstanding": fmt.Sprint(c.Credit.BlockDSO),
		"watch_limit_use": c.Credit.WatchLimitUse.String(), "block_limit_use": c.Credit.BlockLimitUse.String(),
	}
	return r, nil
}

func keyAccountRecipe(s keyaccount.Settings) map[string]string {
	volume, margin := string(s.Volume.By), string(s.Margin.By)
	switch s.Volume.By {
	case keyaccount.VolumeAmount:
		volume += " " + s.Volume.Amount.String()
	case keyaccount.VolumePercentile:
		volume += " " + s.Volume.Percentile.String()
	}
	switch s.Margin.By {
	case keyaccount.MarginRate:
		margin += " " + s.Margin.Rate.String()
	case keyaccount.MarginPercentile:
		margin += " " + s.Margin.Percentile.String()
	}
	return map[string]string{"volume": volume, "margin": margin, "raw_margin": fmt.Sprint(s.Margin.Raw),
		"min_cost_coverage": s.MinCoverage.String(), "fit_weight": s.FitWeight.String()}
}

func recipeOf(s layout.Settings) settingsRecipe {
	r := settingsRecipe{
		NullValues: s.NullValues, ReturnIDPrefix: s.ReturnIDPrefix, ReturnStatus: s.ReturnStatus, CancelledStatus: s.CancelledStatus,
		NonProductCodes: s.NonProductCodes, FloatIDs: s.FloatIDs, OrderPerDay: s.OrderPerDay, NoHeader: s.NoHeader,
		CarryDown: s.CarryDown, GroupRows: s.GroupRows, OrderRefund: s.OrderRefund, OrderDiscount: s.OrderDiscount, AmountFrom: string(s.AmountFrom), TaxIncluded: s.TaxIncluded, TaxStated: s.TaxStated, IDWidth: s.IDWidth, IDFoldCase: s.IDFoldCase,
	}
	if s.TaxRate != 0 {
		r.TaxRate = s.TaxRate.String()
	}
	for name, m := range s.CategoryMargins {
		if r.CategoryMargins == nil {
			r.CategoryMargins = map[string]string{}
		}
		r.CategoryMargins[name] = m.String()
	}
	return r
}

// presetSum digests the header candidates of a preset: a copied file that was changed is another
// recipe, whatever its name.
func presetSum(p *layout.Preset) string {
	h := sha256.New()
	var lines []string
	for _, k := range layout.Kinds() {
		for _, col := range k.Columns() {
			if headers, named := p.Candidates(col); named {
				lines = append(lines, fmt.Sprintf("%s.%s=%q\n", k, col, headers))
			}
		}
	}
	sort.Strings(lines)
	for _, l := range lines {
		h.Write([]byte(l))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// segmentRecipe writes the rules of life stages and tiers out.
func (c Config) segmentRecipe() map[string]string {
	return map[string]string{
		"loyal_purchases": fmt.Sprint(c.Life.LoyalPurchases), "loyal_quarters": fmt.Sprint(c.Life.LoyalQuarters),
		"loyal_overdue": fmt.Sprint(c.Life.LoyalOverdue), "lapsed_overdue": fmt.Sprint(c.Life.LapsedOverdue),
		"lapsed_alive": fmt.Sprint(c.Life.LapsedAlive), "partner_tenure_days": fmt.Sprint(c.Life.PartnerTenureDays),
		"partner_breadth": fmt.Sprint(c.Life.PartnerBreadth), "core_share": c.Tier.CoreShare.String(),
		"tier_keep": c.Hysteresis.Keep.String(), "tier_wait": fmt.Sprint(c.Hysteresis.Wait),
		"need_known_credit": fmt.Sprint(c.Tier.NeedKnownCredit),
	}
}

// listRecipe writes the rules of the lists out. They are no definition of tiers.
func (c Config) listRecipe() map[string]string {
	return map[string]string{"rise": c.Lists.Rise.String(), "need_previous": fmt.Sprint(c.Lists.NeedPrevious), "high_fit": fmt.Sprint(c.Lists.HighFit),
		"mix_lines": fmt.Sprint(max(0, c.MixLines))}
}

// profileRecipe writes the cuts of the profiles out.
func (c Config) profileRecipe() map[string]string {
	return map[string]string{"min_customers": fmt.Sprint(c.Profiles.MinCustomers), "false_alarm": c.Profiles.FalseAlarm.String(),
		"lift": c.Profiles.Lift.String(), "values": fmt.Sprint(c.Profiles.Values)}
}
