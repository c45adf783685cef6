package ingest

import (
	"fmt"
	"sort"

	"github.com/vitalfew/vitalfew/pipeline/civil"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// Rates is a dated table of conversion rates into the reporting currency.
type Rates struct {
	byCurrency map[string][]dated
}

type dated struct {
	day  civil.Day
	rate money.Rate
}

// Add says that from a day on one unit of currency is worth rate units of the reporting currency,
// until the currency's next day. Rates must be positive, one for each day.
func (r *Rates) Add(currency string, from civil.Day, rate money.Rate) error {
	if rate <= 0 {
		return fmt.Errorf("rate of %s from %s is %s: it must be above zero", currency, from, rate)
	}
	if r.byCurrency == nil {
		r.byCurrency = map[string][]dated{}
	}
	ds := r.byCurrency[currency]
	i := sort.Search(len(ds), func(i int) bool { return ds[i].day >= from })
	if i < len(ds) && ds[i].day == from {
		if ds[i].rate == rate {
			return nil
		}
		return fmt.Errorf("two rates of %s from %s: %s and %s", currency, from, ds[i].rate, rate)
	}
	ds = append(ds, dated{})
	copy(ds[i+1:], ds[i:])
	ds[i] = dated{from, rate}
	r.byCurrency[currency] = ds
	return nil
}

// On is the rate of a currency on a day: the latest one not after it.
func (r *Rates) On(currency string, day civil.Day) (money.Rate, bool) {
	ds := r.byCurrency[currency]
	i := sort.Search(len(ds), func(i int) bool { return ds[i].day > day })
	if i == 0 {
		return 0, false
	}
	return ds[i-1].rate, true
}
