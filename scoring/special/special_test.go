package special_test

import (
	"math"
	"testing"

	"github.com/vitalfew/vitalfew/scoring/special"
	"gonum.org/v1/gonum/floats/scalar"
	"pgregory.net/rapid"
)

// near compares to a relative (below one absolute) tolerance.
func near(got, want, tol float64) bool { return scalar.EqualWithinAbsOrRel(got, want, tol, tol) }

// The tables below were computed by mpmath 1.3 with 60 digits.

func TestLogHyper(t *testing.T) {
	for _, c := range []struct{ a, b, c, z, log, sign float64 }{
		{3000.24, 2.4, 3002.19, 0.999, 15.627197301467213, 1},
		{300.24, 300.79, 302.19, 0.95, 895.25327408240433, 1},
		{5000.24, 5002.4, 5002.2, 0.5, 3466.0408483710078, 1},
		{-0.5, 2.3, 0.1, 0.6, 2.6620001110070524, -1},
		{0.11, 0.5, 0.81, 0.9, 0.129716215880022, 1},
		{500.5, 2, 3, 0.97, 1746.0356064575663, 1},
		{2.5, 1000000.0, 1500000.0, 0.9, 2.2907301109381221, 1},
		{1001.2, 0.79, 1003.2, -20.0, -2.4036700602449627, 1},
		{0.24, 2.4, 3.2, -1000.0, -1.5706361973281904, 1},
		{-300.2, 1.4, 5.5, 0.3, -4.3148334567679074, 1},
		{-2998.0, -0.5, 2.3, 0.02, 1.6992138213843917, 1},
	} {
		log, sign := special.LogHyper(c.a, c.b, c.c, c.z)
		if !near(log, c.log, 1e-11) || sign != c.sign {
			t.Errorf("2F1(%g, %g; %g; %g): got ln %.16g sign %g, want %.16g sign %g", c.a, c.b, c.c, c.z, log, sign, c.log, c.sign)
		}
	}
}

func TestScaledExpInt(t *testing.T) {
	for _, c := range []struct{ s, z, want float64 }{
		{0, 1e-08, 99999999.999999998},
		{0, 0.001, 999.99999999999998},
		{0, 0.2, 4.9999999999999997},
		{0, 0.999, 1.001001001001001},
		{0, 1.5, 0.66666666666666667},
		{0, 10, 0.1},
		{0, 500, 0.002},
		{0.1, 1e-08, 16936622.610829761},
		{0.1, 0.001, 535.00721782555356},
		{0.1, 0.2, 4.3193877576997956},
		{0.1, 0.999, 0.9438376531363244},
		{0.1, 1.5, 0.63780100314302536},
		{0.1, 10, 0.09909207579475762},
		{0.1, 500, 0.0019996008763267292},
		{0.3, 1e-08, 516763.71229841239},
		{0.3, 0.001, 162.14956956187195},
		{0.3, 0.2, 3.281585946586603},
		{0.3, 0.999, 0.84339263734091994},
		{0.3, 1.5, 0.58567745303438942},
		{0.3, 10, 0.097321404540672304},
		{0.3, 500, 0.0019988031057419171},
		{0.5, 1e-08, 17722.538686287213},
		{0.5, 0.001, 54.104656243624254},
		{0.5, 0.2, 2.5515436328200065},
		{0.5, 0.999, 0.75849375473985261},
		{0.5, 1.5, 0.54004630013130779},
		{0.5, 10, 0.095608661293027673},
		{0.5, 500, 0.0019980059702081305},
		{0.99, 1e-08, 19.544260936166984},
		{0.99, 0.001, 6.5514725730889018},
		{0.99, 0.2, 1.5076196668563075},
		{0.99, 0.999, 0.59942399960581028},
		{0.99, 1.5, 0.44983343167050381},
		{0.99, 10, 0.091641099139888333},
		{0.99, 500, 0.0019960556672951103},
		{1, 1e-08, 17.843465267485484},
		{1, 0.001, 6.337874070325488},
		{1, 0.2, 1.4933487469322396},
		{1, 0.999, 0.59675131336868582},
		{1, 1.5, 0.44825666929158295},
		{1, 10, 0.091563333939788082},
		{1, 500, 0.0019960159047604109},
		{1.0000001, 1e-08, 17.843449265785923},
		{1.0000001, 0.001, 6.3378719823056754},
		{1.0000001, 0.2, 1.4933486052416722},
		{1.0000001, 0.999, 0.59675128673907656},
		{1.0000001, 1.5, 0.44825665357019338},
		{1.0000001, 10, 0.091563333162753266},
		{1.0000001, 500, 0.0019960159043627934},
		{1.3, 1e-08, 3.3161078762567191},
		{1.3, 0.001, 2.7928347681270932},
		{1.3, 0.2, 1.1456093689422645},
		{1.3, 0.999, 0.52483585098806994},
		{1.3, 1.5, 0.40494606816138625},
		{1.3, 10, 0.089286515310923196},
		{1.3, 500, 0.0019948237634714863},
		{1.5, 1e-08, 1.9996455492262743},
		{1.5, 0.001, 1.8917906875127515},
		{1.5, 0.2, 0.97938254687199734},
		{1.5, 0.999, 0.48452947802977448},
		{1.5, 1.5, 0.37986109960607664},
		{1.5, 10, 0.087826774139446546},
		{1.5, 500, 0.0019940297918694763},
		{2, 1e-08, 0.99999982156534733},
		{2, 0.001, 0.99366212592967451},
		{2, 0.2, 0.70133025061355207},
		{2, 0.999, 0.40384543794468286},
		{2, 1.5, 0.32761499606262557},
		{2, 10, 0.084366660602119181},
		{2, 500, 0.001992047619794555},
		{2.7, 1e-08, 0.58823528571434852},
		{2.7, 0.001, 0.58741214349020324},
		{2.7, 0.2, 0.48834131736278182},
		{2.7, 0.999, 0.32426911675320457},
		{2.7, 1.5, 0.27294179496842978},
		{2.7, 10, 0.079934012444550579},
		{2.7, 500, 0.0019892791772032037},
		{5.5, 1e-08, 0.22222222158730159},
		{5.5, 0.001, 0.22215875553865637},
		{5.5, 0.2, 0.21043076422560838},
		{5.5, 0.999, 0.17543014207588385},
		{5.5, 1.5, 0.15954364980750498},
		{5.5, 10, 0.065908849006822618},
		{5.5, 500, 0.0019782817815727761},
		{24.9, 1e-08, 0.04184100416582924},
		{24.9, 0.001, 0.041839177149439837},
		{24.9, 0.2, 0.041478886151404951},
		{24.9, 0.999, 0.040095186374939776},
		{24.9, 1.5, 0.039275513238305916},
		{24.9, 10, 0.029241111906688636},
		{24.9, 500, 0.0019052963542976735},
		{26, 1e-08, 0.039999999983333333},
		{26, 0.001, 0.039998333405793808},
		{26, 0.2, 0.039669539115403503},
		{26, 0.999, 0.038404183783988913},
		{26, 1.5, 0.037652665708560169},
		{26, 10, 0.02833736071158379},
		{26, 500, 0.0019013187141032197},
		{100, 1e-08, 0.010101010099979386},
		{100, 0.001, 0.01010090703054104},
		{100, 0.2, 0.010080438210042496},
		{100, 0.999, 0.0099990911892063408},
		{100, 1.5, 0.00994875686183453},
		{100, 10, 0.0091665386144834482},
		{100, 500, 0.0016671284761710275},
		{5000.3, 1e-08, 0.00020002800392014868},
		{5000.3, 0.001, 0.00020002796390134956},
		{5000.3, 0.2, 0.00020002000039939976},
		{5000.3, 0.999, 0.00019998803272300144},
		{5000.3, 1.5, 0.0001999679931225423},
		{5000.3, 10, 0.00019962861106437313},
		{5000.3, 500, 0.00018183831845502575},
	} {
		if got := special.ScaledExpInt(c.s, c.z); !scalar.EqualWithinRel(got, c.want, 1e-13) {
			t.Errorf("e^z E_%g(%g): got %.16g, want %.16g", c.s, c.z, got, c.want)
		}
	}
}

func TestLogBeta(t *testing.T) {
	for _, c := range []struct{ a, b, want float64 }{
		{0.02, 0.9, 3.9155227523353749},
		{1e-08, 3, 18.420680728952366},
		{12, 15, -18.568172732389435},
		{0.8, 5000, -6.6616788750531698},
		{1000000.0, 10000000.0, -3351003.0120031909},
		{100000000.0, 0.5, -8.6379754278014826},
		{9.5, 11, -14.037754980658014},
	} {
		if got := special.LogBeta(c.b, c.a); !near(got, c.want, 1e-14) {
			t.Errorf("ln B(%g, %g): got %.16g, want %.16g", c.a, c.b, got, c.want)
		}
	}
}

func TestRising(t *testing.T) {
	for _, c := range []struct{ a, x, log, psi float64 }{
		{0.24, 0, 0.0, 0.0},
		{0.24, 3, -0.40552911015625182, 5.4195468509984641},
		{0.24, 40, 106.1836272899549, 8.0885449635316228},
		{0.24, 5000, 37583.339244667508, 12.923301537523634},
		{100000000.0, 3, 55.262042261857096, 2.9999999700000005e-8},
		{100000000.0, 40, 736.82723755809359, 3.9999992200002054e-7},
		{50, 20.5, 83.747266299305388, 0.3465140717191671},
		{11, 1000000.0, 12815641.435406176, 11.46376846884247},
		{1e-05, 17, 19.15896844832116, 100003.38071314988},
	} {
		if got := special.LogRising(c.a, c.x); !near(got, c.log, 1e-14) {
			t.Errorf("ln (%g)_%g: got %.16g, want %.16g", c.a, c.x, got, c.log)
		}
		if got := special.DigammaRise(c.a, c.x); !scalar.EqualWithinAbsOrRel(got, c.psi, 1e-14, 1e-13) {
			t.Errorf("psi(%g+%g) - psi: got %.16g, want %.16g", c.a, c.x, got, c.psi)
		}
	}
}

// Legal ranges end with NaN, never with a number that looks right.
func TestOutsideTheRange(t *testing.T) {
	for name, got := range map[string]float64{
		"E_s of z < 0":         special.ScaledExpInt(2, -1),
		"E_s of s < 0":         special.ScaledExpInt(-1, 2),
		"E_1(0), a pole":       special.ScaledExpInt(1, 0),
		"2F1 at its branch":    first(special.LogHyper(1, 2, 3, 1)),
		"2F1 at a pole in c":   first(special.LogHyper(1, 2, -1, 0.5)),
		"a sum without digits": first(special.LogHyper(-60.5, 80, 1, 0.9)),
		"a - b below zero":     special.LogSub(1, 2),
	} {
		if !math.IsNaN(got) {
			t.Errorf("%s: got %g, want NaN", name, got)
		}
	}
}

func first(a, _ float64) float64 { return a }

func TestLogSpaceAgreesWithPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-30, 30).Draw(t, "a"), rapid.Float64Range(-30, 30).Draw(t, "b")
		if got, want := special.LogAdd(a, b), math.Log(math.Exp(a)+math.Exp(b)); !near(got, want, 1e-13) {
			t.Fatalf("LogAdd: got %g, want %g", got, want)
		}
		if got := special.LogSum([]float64{a, b, math.Inf(-1)}); !near(got, special.LogAdd(b, a), 1e-14) {
			t.Fatalf("LogSum: got %g, want LogAdd", got)
		}
		if a > b+1e-3 {
			if got, want := special.LogSub(a, b), math.Log(math.Exp(a)-math.Exp(b)); !near(got, want, 1e-11) {
				t.Fatalf("LogSub: got %g, want %g", got, want)
			}
		}
		if got, want := special.Softplus(a), math.Log1p(math.Exp(a)); !near(got, want, 1e-13) {
			t.Fatalf("Softplus: got %g, want %g", got, want)
		}
		if got, want := special.Logistic(a), 1/(1+math.Exp(-a)); !near(got, want, 1e-14) {
			t.Fatalf("Logistic: got %g, want %g", got, want)
		}
	})
}

// 2F1(a, b; b; z) = (1-z)^-a and 2F1(1, 1; 2; z) = -ln(1-z)/z.
func TestLogHyperElementary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(0.1, 400).Draw(t, "a"), rapid.Float64Range(0.1, 400).Draw(t, "b")
		z := rapid.Float64Range(-5, 0.98).Draw(t, "z")
		if log, sign := special.LogHyper(a, b, b, z); !near(log, -a*math.Log1p(-z), 1e-11) || sign != 1 {
			t.Fatalf("got %g, want %g", log, -a*math.Log1p(-z))
		}
		if z != 0 {
			if log, _ := special.LogHyper(1, 1, 2, z); !near(log, math.Log(-math.Log1p(-z)/z), 1e-12) {
				t.Fatalf("got %g, want -ln(1-z)/z", log)
			}
		}
	})
}

func TestMeans(t *testing.T) {
	for _, a := range []float64{0.02, 0.5, 1, 7, 500, 1e6} {
		for _, b := range []float64{0.3, 2, 5000} {
			flat := 1e-3
			if got, want := special.BetaMean(a, b, flat, func(p float64) float64 { return p }), a/(a+b); !scalar.EqualWithinRel(got, want, 1e-12) {
				t.Errorf("mean of Beta(%g, %g): got %.15g, want %.15g", a, b, got, want)
			}
			want := a * (a + 1) / (a + b) / (a + b + 1)
			if got := special.BetaMean(a, b, flat, func(p float64) float64 { return p * p }); !scalar.EqualWithinRel(got, want, 1e-12) {
				t.Errorf("square of Beta(%g, %g): got %.15g, want %.15g", a, b, got, want)
			}
			sum, norm := 0.0, 0.0
			special.GammaNodes(a, b, flat, func(x, w float64) { sum += w * x * x; norm += w })
			if got, want := sum/norm, a*(a+1)/b/b; !scalar.EqualWithinRel(got, want, 1e-11) {
				t.Errorf("square of Gamma(%g, %g): got %.15g, want %.15g", a, b, got, want)
			}
		}
	}
}

func TestQuadrature(t *testing.T) {
	for _, n := range []int{8, 12, 16, 24, 32, 48, 64} {
		r, sum := special.Legendre(n), 0.0
		for i, x := range r.Node {
			sum += r.Weight[i] * math.Pow(x, float64(2*n-1))
		}
		if want := 1 / float64(2*n); !scalar.EqualWithinRel(sum, want, 1e-12) {
			t.Errorf("%d nodes, degree %d: got %.16g, want %.16g", n, 2*n-1, sum, want)
		}
	}
	peak := func(x float64) float64 { return math.Exp(-1e6 * (x - 0.3) * (x - 0.3)) }
	if got, want := special.Integrate(peak, 0, 1), math.Sqrt(math.Pi)/1e3; !scalar.EqualWithinRel(got, want, 1e-10) {
		t.Errorf("narrow peak: got %.12g, want %.12g", got, want)
	}
}

// Parameters that ran away must not cost millions of terms: each customer has a series.
func BenchmarkSeriesOfRunaways(b *testing.B) {
	for b.Loop() {
		if _, lost := special.Series(-1e6, 1e6, 2e6, 0.9); !math.IsInf(lost, 1) {
			b.Fatalf("%g digits are lost, want a sum that nobody can use", lost)
		}
	}
}
