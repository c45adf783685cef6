package retention

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*math.Abs(want)) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

// clv_golden.json, sbg: own maximum-likelihood fit to the first seven years of Fader and Hardie's table 1,
// as 1000 customers.
func TestTable1(t *testing.T) {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is not set: the table is not read")
	}
	f, err := os.Open(filepath.Join(dir, "cdnow", "sbg_fader_hardie_2007_table1.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for column, want := range map[int][3]float64{1: {.7040773, 1.182043, -1680.265188}, 2: {.66808835, 3.806095, -1611.158147}} {
		var all Cohort
		for _, r := range records[1:] {
			percent, err := strconv.ParseFloat(r[column], 64)
			if err != nil {
				t.Fatal(err)
			}
			all.Active = append(all.Active, math.Round(10*percent))
		}
		got, err := Fit([]Cohort{{all.Active[:8]}})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: alpha %.8g beta %.8g LL %.6f se %.4g, %d evaluations", records[0][column], got.Alpha, got.Beta, got.LL, got.SE, got.Evaluations)
		near(t, "alpha", got.Alpha, want[0], 1e-4)
		near(t, "beta", got.Beta, want[1], 1e-4)
		if math.Abs(got.LL-want[2]) > 1e-4 {
			t.Errorf("LL: got %.6f, want %.6f", got.LL, want[2])
		}
		// The paper's point: the years that the fit did not see.
		for year := 8; year <= 12; year++ {
			if p := got.Survival(year); math.Abs(p-all.Active[year]/1000) > .025 {
				t.Errorf("year %d: survival %.3f, came %.3f", year, p, all.Active[year]/1000)
			}
		}
	}
}

// Published to two decimals (clv.md 2.1), here with the five of clv_golden.json.
func TestResidual(t *testing.T) {
	for m, want := range map[Model][]float64{
		{3.80, 15.20}: {3.30982, 3.451, 3.58654, 3.71681, 3.84213},
		{.067, .267}:  {7.67084, 9.4553, 9.85083, 10.0562, 10.1886},
	} {
		for i, w := range want {
			near(t, "DERL", m.Residual(i, .1), w, 6e-6) // half of the last digit given
		}
	}
}

// Everything against sums of the renewal rates.
func TestAgainstRetention(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Model{math.Exp(rapid.Float64Range(-3, 4).Draw(t, "ln α")), math.Exp(rapid.Float64Range(-3, 4).Draw(t, "ln β"))}
		done, d := rapid.IntRange(0, 30).Draw(t, "done"), rapid.Float64Range(.05, 1).Draw(t, "d")
		same := func(what string, got, want, tol float64) {
			if !(math.Abs(got-want) <= tol*math.Abs(want)) {
				t.Errorf("%v: %s %.15g, want %.15g", m, what, got, want)
			}
		}
		alive := 1.0
		for i := 1; i <= done; i++ {
			same("Churn", m.Churn(i), alive*(1-m.Retention(i)), 1e-10)
			alive *= m.Retention(i)
			same("Survival", m.Survival(i), alive, 1e-11)
		}
		worth, left := 0.0, 1.0
		for i := 0; i < 2000; i++ {
			left *= m.Retention(done + 1 + i)
			worth += left * math.Pow(1+d, -float64(i))
		}
		same("Residual", m.Residual(done, d), worth, 1e-11)
	})
}

// A made cohort gives back the model that made it, cohorts of several ages too; the gradient vanishes
// there by differences.
func TestFitFindsTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Model{math.Exp(rapid.Float64Range(-1.5, 1.5).Draw(t, "ln α")), math.Exp(rapid.Float64Range(-1.5, 2).Draw(t, "ln β"))}
		var cohorts []Cohort
		for age := range rapid.IntRange(1, 4).Draw(t, "cohorts") {
			var c Cohort
			for i := range 6 + age {
				c.Active = append(c.Active, 1e6*m.Survival(i))
			}
			cohorts = append(cohorts, c)
		}
		got, err := Fit(cohorts)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Alpha/m.Alpha-1) > 1e-5 || math.Abs(got.Beta/m.Beta-1) > 1e-5 {
			t.Fatalf("got %+v, want %+v", got, m)
		}
		ll := func(m Model) (sum float64) { // customer by customer, in words of the model
			for _, c := range cohorts {
				last := len(c.Active) - 1
				for i := 1; i <= last; i++ {
					sum += (c.Active[i-1] - c.Active[i]) * math.Log(m.Churn(i))
				}
				sum += c.Active[last] * math.Log(m.Survival(last))
			}
			return sum
		}
		if want := ll(got.Model); math.Abs(got.LL-want) > 1e-9*math.Abs(want) {
			t.Errorf("LL %.12g, want %.12g", got.LL, want)
		}
		const h = 1e-3 // curvature by ln α, against the covariance
		at := func(i, j float64) float64 {
			return ll(Model{got.Alpha * math.Exp(i*h), got.Beta * math.Exp(j*h)})
		}
		aa, bb := -(at(1, 0)-2*got.LL+at(-1, 0))/h/h, -(at(0, 1)-2*got.LL+at(0, -1))/h/h
		ab := -(at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / 4 / h / h
		if want := bb / (aa*bb - ab*ab); math.Abs(got.Cov[0][0]/want-1) > 1e-2 {
			t.Errorf("variance of ln α %g, by differences %g", got.Cov[0][0], want)
		}
	})
}

func TestWhatTheDataLack(t *testing.T) {
	for _, c := range []struct {
		name    string
		cohorts []Cohort
		want    error
	}{
		{"no cohort", nil, ErrNoRenewal},
		{"no renewal yet", []Cohort{{[]float64{100}}}, ErrNoRenewal},
		{"nobody began", []Cohort{{[]float64{0, 0, 0}}}, ErrNoRenewal},
		{"nobody left", []Cohort{{[]float64{100, 100, 100}}}, ErrNobody},
		{"all left at once", []Cohort{{[]float64{100, 0, 0}}}, ErrEverybody},
		{"one renewal", []Cohort{{[]float64{100, 60}}, {[]float64{50, 20}}}, ErrOneAge},
		{"the same rate every year", []Cohort{{[]float64{1000, 500, 250, 125}}}, ErrNoOptimum},
		{"a falling rate", []Cohort{{[]float64{1000, 900, 500, 100}}}, ErrNoOptimum},
	} {
		if f, err := Fit(c.cohorts); err != c.want {
			t.Errorf("%s: got %+v, %v, want %v", c.name, f, err, c.want)
		}
	}
	for _, active := range [][]float64{{100, 110}, {100, -1}, {math.NaN(), 1}, {math.Inf(1), 1}} {
		if _, err := Fit([]Cohort{{[]float64{9, 8, 7}}, {active}}); err == nil || err.(*CohortError).Cohort != 1 {
			t.Errorf("%v: got %v, want an error of cohort 1", active, err)
		}
	}
	one, err := Fit([]Cohort{{[]float64{1, 1, 0}}, {[]float64{1, 0}}})
	if err == nil && !(one.Survival(3) >= 0 && one.Survival(3) <= 1) {
		t.Errorf("two customers: %+v", one)
	}
}
