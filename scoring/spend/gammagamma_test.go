package spend

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// close reports |got - want| <= tol (1 + |want|).
func closeTo(got, want, tol float64) bool { return math.Abs(got-want) <= tol*(1+math.Abs(want)) }

// cdnow is the published summary in exact days; cents rounds the means half up to two decimals.
func cdnow(t *testing.T, cents bool) Data {
	dir := os.Getenv("VITALFEW_DATA")
	if dir == "" {
		t.Skip("VITALFEW_DATA is not set: the CDNOW summary is not read")
	}
	f, err := os.Open(filepath.Join(dir, "cdnow", "btyd_cdnow_cbs_days.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var d Data
	for _, r := range records[1:] { // cust, x, t_x_days, T_cal_days, x_star, m_x
		x, _ := strconv.Atoi(r[1])
		m, _ := strconv.ParseFloat(r[5], 64)
		if cents {
			m = math.Floor((math.Round(m*1e6)+5000)/10000) / 100
		}
		d.X, d.M = append(d.X, int32(x)), append(d.M, m)
	}
	return d
}

// The wanted figures are those of reference/clv.md and clv_golden.json (independent Newton fits).
func TestCDNOW(t *testing.T) {
	for _, tc := range []struct {
		name    string
		cents   bool
		p, q, v float64
		ll      float64
		se      [3]float64
	}{
		{"two decimals", true, 6.2488025, 3.7445885, 15.447748, -4055.923244, [3]float64{1.18969, .290166, 4.16}},
		{"exact", false, 6.2495723, 3.7442247, 15.443521, -4055.917695, [3]float64{1.190, .290, 4.160}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := Fit(cdnow(t, tc.cents), Options{Workers: 2})
			t.Logf("%+v", f)
			if f.N != 946 || f.Status != Converged {
				t.Fatalf("got %d customers, %v, want 946, converged", f.N, f.Status)
			}
			if math.Abs(f.LL-tc.ll) > 1e-4 {
				t.Errorf("got log-likelihood %.6f, want %.6f", f.LL, tc.ll)
			}
			for i, got := range [3]float64{f.P, f.Q, f.V} {
				want := [3]float64{tc.p, tc.q, tc.v}[i]
				if math.Abs(got/want-1) > 1e-4 {
					t.Errorf("parameter %d: got %.8g, want %.8g", i, got, want)
				}
				if math.Abs(f.SE[i]/tc.se[i]-1) > 1e-3 {
					t.Errorf("standard error %d: got %.6g, want %.6g", i, f.SE[i], tc.se[i])
				}
			}
		})
	}
}

// Published values of E(M) for the first ten customers. They belong to the fitted parameters; at the
// paper's rounded ones (6.25, 3.74, 15.44) the population mean would be 35.22, not 35.17.
func TestConditionalGolden(t *testing.T) {
	d := cdnow(t, true)
	g := Fit(d, Options{})
	for c, want := range []float64{24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17} {
		if got := g.Conditional(d.M[c], float64(d.X[c])); math.Abs(got-want) > 0.0101 { // 2 decimals, from a fit of their own
			t.Errorf("customer %d: got %.4f, want %.2f", c+1, got, want)
		}
	}
}

func TestIndependenceOfCDNOW(t *testing.T) {
	d := cdnow(t, true)
	var x, m []float64
	for c := range d.X {
		if d.usable(c) {
			x, m = append(x, float64(d.X[c])), append(m, d.M[c])
		}
	}
	i := Fit(d, Options{}).Check
	if want := stat.Correlation(x, m, nil); !closeTo(i.Pearson, want, 1e-12) {
		t.Errorf("got correlation %v, want gonum's %v", i.Pearson, want)
	}
	if !(i.PearsonLow < i.Pearson && i.Pearson < i.PearsonHigh && i.RankLow < i.Rank && i.Rank < i.RankHigh) {
		t.Errorf("got %+v: intervals must hold their estimates", i)
	}
	t.Log(i)
}

func draw(t *rapid.T) Data {
	n := rapid.IntRange(1, 60).Draw(t, "n")
	var d Data
	for range n {
		d.X = append(d.X, int32(rapid.IntRange(0, 30).Draw(t, "x")))
		d.M = append(d.M, rapid.Float64Range(-5, 200).Draw(t, "m"))
	}
	return d
}

// The collapsed log-likelihood against its naive twin, its derivatives against differences.
func TestSampleEqualsTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		s := newSample(d, rapid.IntRange(1, 3).Draw(t, "workers"))
		if len(s.x) == 0 {
			return
		}
		u := [3]float64{}
		for i := range u {
			u[i] = rapid.Float64Range(-2, 3).Draw(t, "log-parameter")
		}
		pt, want := s.at(params(u)), 0.0
		for i := range s.x {
			want += params(u).LogLikelihood(s.m[i], s.x[i])
		}
		if !closeTo(pt.ll, want, 1e-10) {
			t.Fatalf("got log-likelihood %v, want %v", pt.ll, want)
		}
		const h = 1e-5
		size := float64(len(s.x)) * 30
		for i := range u {
			up, down := u, u
			up[i] += h
			down[i] -= h
			a, b := s.at(params(up)), s.at(params(down))
			if got := pt.grad[i]; math.Abs(got-(a.ll-b.ll)/(2*h)) > 1e-6*(size+math.Abs(pt.ll)) {
				t.Fatalf("gradient %d: got %v, want %v", i, got, (a.ll-b.ll)/(2*h))
			}
			for j := range u {
				diff := (a.grad[j] - b.grad[j]) / (2 * h)
				if math.Abs(pt.hessian[i][j]-diff) > 1e-5*(size+math.Abs(diff)) {
					t.Fatalf("hessian %d %d: got %v, want %v", i, j, pt.hessian[i][j], diff)
				}
			}
		}
	})
}

// simulate draws customers from the model.
func simulate(g GammaGamma, n int, seed uint64) Data {
	src := rand.NewPCG(seed, 1)
	var d Data
	for range n {
		x := int32(rand.New(src).IntN(8))
		nu := distuv.Gamma{Alpha: g.Q, Beta: g.V, Src: src}.Rand()
		m := math.NaN()
		if x > 0 {
			m = distuv.Gamma{Alpha: g.P * float64(x), Beta: nu * float64(x), Src: src}.Rand()
		}
		d.X, d.M = append(d.X, x), append(d.M, m)
	}
	return d
}

// 95% intervals of the log-parameters must cover about 95% of the truth: of 3 x 100 intervals at
// least 270, which a right fit misses with probability 1e-3 even if the three parameters of a seed
// went wholly together.
func TestRecovery(t *testing.T) {
	truth := GammaGamma{4, 3.5, 60}
	covered := 0
	for seed := range uint64(100) {
		f := Fit(simulate(truth, 600, seed), Options{})
		if f.Status != Converged {
			t.Fatalf("seed %d: %v", seed, f.Status)
		}
		for i, got := range [3]float64{f.P, f.Q, f.V} {
			want := [3]float64{truth.P, truth.Q, truth.V}[i]
			if math.Abs(math.Log(got/want)) <= 1.96*math.Sqrt(f.Cov[i][i]) {
				covered++
			}
		}
	}
	t.Logf("%d of 300 intervals cover the truth", covered)
	if covered < 270 {
		t.Errorf("got %d of 300 intervals with the truth, want 285 or so, 270 at least", covered)
	}
}

func TestWorkersChangeNothing(t *testing.T) {
	d := simulate(GammaGamma{6, 3.7, 15}, 60_000, 3)
	want := *Fit(d, Options{Workers: 1})
	for _, workers := range []int{2, 7} {
		if got := *Fit(d, Options{Workers: workers}); got.GammaGamma != want.GammaGamma || got.LL != want.LL || got.Cov != want.Cov {
			t.Errorf("%d workers: got %v, want %v to the last bit", workers, got, want)
		}
	}
}

func repeat(n int, x int32, m float64) (d Data) {
	for range n {
		d.X, d.M = append(d.X, x), append(d.M, m)
	}
	return d
}

func TestDegenerate(t *testing.T) {
	million := simulate(GammaGamma{6, 3.7, 15}, 1000, 1)
	million.X, million.M = append(million.X, 1), append(million.M, 1e6)
	for _, tc := range []struct {
		name   string
		d      Data
		status Status
		known  bool
	}{
		{"empty", Data{}, NoData, false},
		{"no repeat buyers", repeat(50, 0, math.NaN()), NoData, false},
		{"zero values", repeat(50, 3, 0), NoData, false},
		{"negative values", repeat(50, 3, -4), NoData, false},
		{"NaN", repeat(50, 3, math.NaN()), NoData, false},
		{"Inf", repeat(50, 3, math.Inf(1)), NoData, false},
		{"one", repeat(1, 2, 7), TooFew, true},
		{"few", repeat(29, 2, 7), TooFew, true},
		{"all equal", repeat(50, 2, 7), Boundary, true},
		{"a purchase of a million", million, Converged, true},
		{"tiny", repeat(50, 2, 1e-300), Boundary, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := Fit(tc.d, Options{})
			if f.Status != tc.status {
				t.Errorf("got %v (%+v), want %v", f.Status, f, tc.status)
			}
			if f.Status != Converged && len(f.Warnings()) == 0 {
				t.Errorf("%v without a warning", f.Status)
			}
			checkEstimate(t, f.Expected(tc.d), tc.known)
		})
	}
}

func TestAMillionMovesNobodyElse(t *testing.T) {
	d := simulate(GammaGamma{6, 3.7, 15}, 1000, 1)
	want := Fit(d, Options{})
	d.X, d.M = append(d.X, 1), append(d.M, 1e6)
	f := Fit(d, Options{})
	if f.GammaGamma != want.GammaGamma || f.Pooled != want.Pooled || len(f.Left) != 1 || len(f.Warnings()) == 0 {
		t.Errorf("got %+v, want the fit without the million, %+v, and a word about it", f, want)
	}
	e := f.Expected(d)
	if c := len(d.X) - 1; e.Flags[c] != Outlier || e.SD[c] < math.Abs(e.Mean[c]-f.Pooled) {
		t.Errorf("got %v ± %v (%v), want it flagged and wide", e.Mean[c], e.SD[c], e.Flags[c])
	}
}

// checkEstimate holds that what is not finite is flagged.
func checkEstimate(t interface{ Fatalf(string, ...any) }, e *Estimate, known bool) {
	for c, m := range e.Mean {
		if math.IsInf(m, 0) || known && math.IsNaN(m) {
			t.Fatalf("customer %d: got mean %v (%v)", c, m, e.Flags[c])
		}
		if math.IsInf(e.SD[c], 0) || math.IsInf(e.Within[c], 0) || math.IsNaN(e.SD[c]) != (e.Flags[c]&NoSpread != 0) {
			t.Fatalf("customer %d: got spread %v, %v (%v)", c, e.SD[c], e.Within[c], e.Flags[c])
		}
		if math.IsNaN(e.SD[c]) != math.IsNaN(e.Within[c]) || e.SD[c] < 0 || e.Within[c] < 0 {
			t.Fatalf("customer %d: got spread %v, %v", c, e.SD[c], e.Within[c])
		}
	}
}

// Whatever the data, the fit ends and nothing is silently infinite.
func TestAnyData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		f := Fit(d, Options{MinRepeaters: rapid.IntRange(1, 10).Draw(t, "least")})
		if f.Status < TooFew {
			for _, p := range [3]float64{f.P, f.Q, f.V} {
				if !(p > 0) || math.IsInf(p, 0) {
					t.Fatalf("got %+v", f)
				}
			}
		}
		checkEstimate(t, f.Expected(d), f.Status != NoData)
	})
}

func TestNoPopulationMean(t *testing.T) {
	f := Fit(simulate(GammaGamma{3, 0.6, 5}, 2000, 5), Options{})
	if !(f.Q < 1) || !math.IsNaN(f.Mean()) {
		t.Fatalf("got %+v, want q < 1", f.GammaGamma)
	}
	e := f.Expected(Data{X: []int32{0, 1}, M: []float64{math.NaN(), 20}})
	if e.Mean[0] != f.Pooled || e.Flags[0] != Prior|Fallback {
		t.Errorf("got %v (%v), want the pooled mean %v, prior+fallback", e.Mean[0], e.Flags[0], f.Pooled)
	}
	if want := f.Conditional(20, 1); e.Mean[1] != want || e.Flags[1] != 0 {
		t.Errorf("got %v (%v), want %v", e.Mean[1], e.Flags[1], want)
	}
	if len(f.Warnings()) == 0 {
		t.Error("q <= 1 without a warning")
	}
}

// The posterior moments against draws of the posterior.
func TestMomentsAgainstDraws(t *testing.T) {
	g, src := GammaGamma{6, 4, 15}, rand.NewPCG(7, 7)
	posterior := distuv.Gamma{Alpha: 6*3 + 4, Beta: 15 + 3*30, Src: src}
	means, singles := make([]float64, 400_000), make([]float64, 400_000)
	for i := range means {
		nu := posterior.Rand()
		means[i] = 6 / nu
		singles[i] = distuv.Gamma{Alpha: 6, Beta: nu, Src: src}.Rand() - means[i]
	}
	mean, sd := stat.MeanStdDev(means, nil)
	within := stat.StdDev(singles, nil)
	for _, x := range [][2]float64{{g.Conditional(30, 3), mean}, {g.ConditionalSD(30, 3), sd}, {g.Within(30, 3), within}} {
		if math.Abs(x[0]/x[1]-1) > 0.01 { // Monte Carlo error of 400,000 draws is below 0.3%
			t.Errorf("got %v, want %v", x[0], x[1])
		}
	}
}

func TestVerdicts(t *testing.T) {
	var together, apart Data
	src := rand.New(rand.NewPCG(1, 2))
	for i := range 400 {
		x := int32(1 + i%9)
		together.X, together.M = append(together.X, x), append(together.M, float64(x)+src.Float64())
		apart.X, apart.M = append(apart.X, x), append(apart.M, 1+src.Float64())
	}
	for _, tc := range []struct {
		d    Data
		want Verdict
	}{{together, Dependent}, {apart, Independent}, {repeat(3, 1, 1), Undecided}, {repeat(50, 1, 1), Undecided}} {
		if got := Fit(tc.d, Options{}).Check; got.Verdict() != tc.want {
			t.Errorf("got %v, want verdict %d", got, tc.want)
		}
	}
}

func BenchmarkFit(b *testing.B) {
	d := simulate(GammaGamma{6.25, 3.74, 15.44}, 1_000_000, 1)
	for b.Loop() {
		if f := Fit(d, Options{Workers: 2}); f.Status != Converged {
			b.Fatal(f.Status)
		}
	}
	b.ReportMetric(1e6*float64(b.N)/b.Elapsed().Seconds(), "customers/s")
}
