package btyd

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func cdnow(t *testing.T, file string, first int, divide float64) *Patterns {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is not set: CDNOW is not read")
	}
	f, err := os.Open(filepath.Join(dir, "cdnow", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var x []int
	var tx, age []float64
	for _, r := range records[1:] {
		var v [3]float64
		for i := range v {
			if v[i], err = strconv.ParseFloat(r[first+i], 64); err != nil {
				t.Fatal(err)
			}
		}
		x, tx, age = append(x, int(v[0])), append(tx, v[1]/divide), append(age, v[2]/divide)
	}
	p, err := CollapseTimes(x, tx, age)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Independent maximum-likelihood fits, clv_golden.json.
func TestFitCDNOW(t *testing.T) {
	rounded := cdnow(t, "cdnow_customers_summary.csv", 1, 1)
	exact := cdnow(t, "btyd_cdnow_cbs_days.csv", 1, 7)
	for _, c := range []struct {
		name  string
		p     *Patterns
		f     Family
		theta [4]float64
		ll    float64
		se    [4]float64
	}{
		{"2 decimals", rounded, BGNBD, [4]float64{.24259291, 4.4135316, .79288615, 2.4257534}, -9582.425561, [4]float64{.0125573, .378221, .185719, .705346}},
		{"2 decimals", rounded, MBGNBD, [4]float64{.52483798, 6.182992, .89135616, 1.6139993}, -9582.132685, [4]float64{.083264, .695598, .154785, .537472}},
		{"2 decimals", rounded, ParetoNBD, [4]float64{.55327551, 10.577612, .60621357, 11.667911}, -9594.97393, [4]float64{.0476287, .842724, .18728, 6.21103}},
		{"exact", exact, BGNBD, [4]float64{.24259452, 4.413602, .79292202, 2.4259068}, -9582.429207, [4]float64{.0125574, .378224, .185734, .705414}},
		{"exact", exact, MBGNBD, [4]float64{.52484316, 6.1830853, .89135939, 1.6140022}, -9582.135716, [4]float64{}},
		{"exact", exact, ParetoNBD, [4]float64{.55327705, 10.577683, .60623999, 11.668735}, -9594.976179, [4]float64{.0476279, .842723, .187282, 6.21113}},
	} {
		t.Run(c.f.String()+" "+c.name, func(t *testing.T) {
			got, err := Fit(c.f, c.p, 2)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v LL %.6f %v se %.6v, %d evaluations", got.Status, got.LL, got.Theta, got.SE, got.Evaluations)
			if got.Status != Converged || math.Abs(got.LL-c.ll) > 1e-4 {
				t.Errorf("got %v with LL %.6f, want %.6f", got.Status, got.LL, c.ll)
			}
			for i, want := range c.theta {
				near(t, "parameter", got.Theta[i], want, [4]float64{1e-4, 1e-4, 1e-3, 1e-3}[i])
				if c.se[i] > 0 {
					near(t, "standard error", got.SE[i], c.se[i], 1e-3)
				}
			}
			for _, workers := range []int{1, 7} {
				if again, err := Fit(c.f, c.p, workers); err != nil || *again != *got {
					t.Errorf("%d workers: %+v, %v; 2 workers: %+v", workers, again, err, got)
				}
			}
		})
	}
}

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*math.Abs(want)) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

// Sums over several blocks have the same bits for any number of workers.
func TestWorkersChangeNothing(t *testing.T) {
	var x []int
	var tx, age []float64
	for i := range 5 * block { // distinct histories, some of each number of purchases
		x, age = append(x, i%7), append(age, 20+float64(i)/100)
		tx = append(tx, min(1, float64(i%7))*age[i]*float64(1+i%90)/100)
	}
	p, err := CollapseTimes(x, tx, age)
	if err != nil {
		t.Fatal(err)
	}
	if p.Len() < 4*block {
		t.Fatalf("%d patterns are too few for several blocks", p.Len())
	}
	for f := BGNBD; f <= ParetoNBD; f++ {
		m := Model{f, [4]float64{.5, 8, .7, 3}}
		want, grad := m.LogLikelihood(p, 1)
		alive, count := make([]float64, p.Len()), make([]float64, p.Len())
		Outlook{Model: m, Patterns: p, Workers: 1}.Alive(alive, 0)
		for _, workers := range []int{2, 7} {
			ll, g := m.LogLikelihood(p, workers)
			if ll != want || g != grad {
				t.Errorf("%v, %d workers: %v %v, with one %v %v", f, workers, ll, g, want, grad)
			}
			Outlook{Model: m, Patterns: p, Workers: workers}.Alive(count, 0)
			for i := range count {
				if count[i] != alive[i] {
					t.Fatalf("%v, %d workers: pattern %d is alive with %v, with one %v", f, workers, i, count[i], alive[i])
				}
			}
		}
	}
}

// clv_golden.json and clv.md; the hard ones are where plain powers overflow or cancel.
func TestHardPoints(t *testing.T) {
	bg := Model{BGNBD, [4]float64{.24259291, 4.4135316, .79288615, 2.4257534}}
	for _, c := range []struct {
		h    History
		t    float64
		want float64
	}{
		{History{26, 30.86, 31}, 52, 25.759473090527}, {History{100, 38, 38.86}, 39, 65.3494571927},
		{History{300, 38.8, 38.86}, 39, 205.797419528}, {History{1000, 38.86, 38.86}, 520, 3388.6709246203},
	} {
		u := bg.Given(c.h)
		near(t, "CET", u.Expected(c.t), c.want, 1e-8)
	}
	keen := bg.Given(History{26, 30.86, 31})
	near(t, "PA", keen.Alive, .968919710058, 1e-8)
	one := Model{BGNBD, [4]float64{.24, 4.4, 1, 2.4}}.Given(History{10, 30, 38.86})
	near(t, "CET at a=1", one.Expected(520), 15.42294379963, 1e-8)
	for _, c := range []struct {
		theta [4]float64
		h     History
		ll    float64 // 0: not given
		alive float64
	}{
		{[4]float64{.55327551, 10.577612, .60621357, 11.667911}, History{T: 38.86}, -.5212017968906, .295097152661},
		{[4]float64{.55327551, 10.577612, .60621357, 11.667911}, History{1000, 30, 38.86}, 2196.399919834, 2.29172250362e-83},
		{[4]float64{10.465, .00798565181, 3.0516, 2.82}, History{400, 5, 6}, 1323.188930968, 5.13745811332e-31},
		{[4]float64{10.465, .00798565181, 3.0516, 2.82}, History{500, 1, 37}, 2594.404454623, -1},
		{[4]float64{.5143, 2.8845, .2856, 14.1087}, History{221, 103.42857, 103.57143}, 0, .9995960523},
		{[4]float64{.5143, 2.8845, .2856, 14.1087}, History{161, 94.71429, 98}, -87.42925486331, .749487752258},
	} {
		m := Model{ParetoNBD, c.theta}
		u := m.Given(c.h)
		if c.alive >= 0 {
			near(t, "PA", u.Alive, c.alive, 1e-8)
		}
		if c.ll != 0 {
			ll, _ := m.LogLikelihood(&Patterns{Histories: []History{c.h}, Weight: []float64{1}}, 1)
			near(t, "LL", ll, c.ll, 1e-8)
		}
	}
}

// One golden point belongs to the parameters before they were rounded to print: at those of our own fit it
// holds to the digits given.
func TestPointsAtTheFit(t *testing.T) {
	p := cdnow(t, "cdnow_customers_summary.csv", 1, 1)
	bg, err := Fit(BGNBD, p, 2)
	if err != nil {
		t.Fatal(err)
	}
	prior := bg.Given(History{})
	near(t, "P(X(39)=1)", prior.Count(1, 39), .1991930425, 1e-8)
}

// clv_golden.json: 60-80 digit mpmath.
func TestPointValues(t *testing.T) {
	bg := Model{BGNBD, [4]float64{.24259291, 4.4135316, .79288615, 2.4257534}}
	u, zero, keen := bg.Given(History{2, 30.43, 38.86}), bg.Given(History{T: 38.86}), bg.Given(History{26, 38, 38.86})
	near(t, "CET", u.Expected(39), 1.2259104463557, 1e-8)
	near(t, "PA", u.Alive, .726609148934, 1e-8)
	near(t, "CET of x=0", zero.Expected(39), .194780848778, 1e-8)
	near(t, "DERT", u.Discounted(.0027), 5.156461362746, 1e-8)
	near(t, "DERT of x=0", zero.Discounted(.0027), 1.014210460782, 1e-8)
	near(t, "DERT of x=26", keen.Discounted(.0027), 63.14119546893, 1e-8)
	u = bg.Given(History{5000, 38.86, 38.86})
	near(t, "CET of x=5000", u.Expected(39), 3436.0068897029, 1e-8)
	prior := bg.Given(History{})
	near(t, "E[X(39)]", prior.Expected(39), 1.1950162977, 1e-8)
	for n, want := range []float64{.5743072911, .1991930425, .0853224084, .0457971937} {
		if n == 1 { // see TestPointsAtTheFit; this is the closed form in Python
			want = .199193044714
		}
		near(t, "P(X(39)=n)", prior.Count(n, 39), want, 1e-8)
	}
	for _, c := range []struct {
		theta [4]float64
		h     History
		t     float64
		want  float64
	}{
		{[4]float64{.11, 2.24, .31, .5}, History{T: 1}, 30, .56458861553278},
		{[4]float64{.5, 5, 1, 2}, History{3, 20, 38}, 39, .9104192373293},
		{[4]float64{.5, 5, .3, .7}, History{T: 38}, 39, .38969465333},
		{[4]float64{.1, 50, .02, .9}, History{1, 200, 700}, 365, .49598017186444},
		{[4]float64{.24, 4.4, 500, 3000}, History{2, 30, 38}, 39, 1.3359189553153},
	} {
		u := Model{BGNBD, c.theta}.Given(c.h)
		near(t, "CET at the edge", u.Expected(c.t), c.want, 1e-8)
	}
	mbg := Model{MBGNBD, [4]float64{.52483798, 6.182992, .89135616, 1.6139993}}.Given(History{2, 30.43, 38.86})
	near(t, "MBG CET", mbg.Expected(39), 1.2626708, 1e-7) // seven decimals are given
	near(t, "MBG PA", mbg.Alive, .7061262, 1e-7)
	pareto := Model{ParetoNBD, [4]float64{.55327551, 10.577612, .60621357, 11.667911}}
	p := pareto.Given(History{2, 30.43, 38.86})
	near(t, "Pareto PA", p.Alive, .869118717109, 1e-8)
	// mpmath 1.4.1 with 40 digits, the integrals of the likelihood and of the mean by quadrature:
	near(t, "Pareto CET", p.Expected(39), 1.455112959413999825, 1e-12)
	keenest := pareto.Given(History{26, 30.86, 31})
	near(t, "Pareto CET of x=26", keenest.Expected(52), 25.4565470568056668, 1e-12)
	// The golden figures 1.4551130035 and 25.4565473297 belong to parameters of another fit: moving the
	// four printed ones by half a unit of their last digit moves the first by 1.73e-8 of it at most (mpmath,
	// the same integrals), and it is 3.03e-8 away; at the parameters of our own fit it is 1.44e-8 away on the
	// other side. The ridge of s and beta is flat: all these have one likelihood to 1e-9.
	near(t, "Pareto CET", p.Expected(39), 1.4551130035, 3.1e-8)
	near(t, "Pareto CET of x=26", keenest.Expected(52), 25.4565473297, 1.1e-8)
	for h, want := range map[History]float64{{2, 30.43, 38.86}: -9.554333173453, {T: 38.86}: -.5212017968906, {1000, 30, 38.86}: 2196.399919834} {
		ll, _ := pareto.LogLikelihood(&Patterns{Histories: []History{h}, Weight: []float64{1}}, 1)
		near(t, "Pareto LL", ll, want, 1e-8)
	}
	dert := Model{ParetoNBD, [4]float64{.5629966, 12.5590370, .4081095, 10.5148048}}
	for h, want := range map[History]float64{{7, 35, 77.86}: 1.86418332807, {10, 30, 77.86}: .167927508566, {T: 77.86}: .36475592809} {
		u := dert.Given(h)
		near(t, "Pareto DERT", u.Discounted(.0027), want, 1e-8)
	}
}

func TestGradientAndFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Model{Family: rapid.SampledFrom([]Family{BGNBD, MBGNBD, ParetoNBD, BGBB, MBGCNBD(1), MBGCNBD(2), MBGCNBD(5), MBGCNBD(MaxK)}).Draw(t, "family")}
		for i := range m.Theta {
			m.Theta[i] = math.Exp(rapid.Float64Range(-2, 3).Draw(t, "ln θ"))
		}
		x := rapid.IntRange(0, 60).Draw(t, "x")
		h := History{X: x, T: rapid.Float64Range(1, 100).Draw(t, "T")}
		if x > 0 {
			h.TX = h.T * rapid.Float64Range(.01, 1).Draw(t, "t_x/T")
		}
		if m.Family == BGBB {
			h.T = math.Floor(h.T)
			h.TX = math.Ceil(h.TX)
			h.TX = min(h.TX, h.T)
			h.X = min(h.X, int(h.TX))
		}
		p := &Patterns{Histories: []History{h}, Weight: []float64{2}}
		_, g := m.LogLikelihood(p, 1)
		for i, v := range m.Theta {
			lo, hi := m, m
			lo.Theta[i], hi.Theta[i] = v*(1-1e-5), v*(1+1e-5)
			a, _ := lo.LogLikelihood(p, 1)
			b, _ := hi.LogLikelihood(p, 1)
			if want := (b - a) / 2e-5; !(math.Abs(g[i]*v-want) <= 1e-5*(1+math.Abs(want)+math.Abs(a)/100)) {
				t.Errorf("%v %v: ∂/∂ln %s %g, by differences %g", m, h, m.Family.Parameters()[i], g[i]*v, want)
			}
		}
		u := m.Given(h)
		e, s := u.Expected(39), u.Silent(39)
		if !(u.Alive >= 0 && u.Alive <= 1 && e >= 0 && !math.IsInf(e, 0) && s >= 0 && s <= 1 && 1-s <= e*(1+1e-9)+1e-12) {
			t.Errorf("%v %v: alive %g, expected %g, silent %g", m, h, u.Alive, e, s)
		}
	})
}

func TestDegenerate(t *testing.T) {
	for want, c := range map[error][3][]int32{
		ErrNoCustomers: {}, ErrOneCustomer: {{1}, {2}, {3}},
		ErrNoRepeat: {{0, 0}, {0, 0}, {5, 9}}, ErrNoTime: {{0, 0}, {0, 0}, {0, 0}},
	} {
		p, err := Collapse(c[0], c[1], c[2])
		if err != nil {
			t.Fatal(err)
		}
		for f := BGNBD; f <= ParetoNBD; f++ {
			if _, err := Fit(f, p, 1); err != want {
				t.Errorf("%v: got %v, want %v", f, err, want)
			}
		}
	}
	if _, err := Collapse([]int32{1}, []int32{4}, []int32{3}); err == nil {
		t.Error("t_x > T was taken")
	}
}
