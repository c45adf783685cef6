package btyd

import "testing"

// crowd are the patterns of CDNOW-like customers, in days.
func crowd(b *testing.B, m Model, n int) *Patterns {
	b.Helper()
	_, now := company(m, n, 84, 100, 273, 1)
	p, err := Collapse(now.X, now.TX, now.T)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func models() []Model {
	return []Model{
		{BGNBD, [4]float64{.25, 31, .8, 2.4}}, {MBGNBD, [4]float64{.5, 43, .9, 1.6}},
		{ParetoNBD, [4]float64{.55, 74, .6, 82}}, {MBGCNBD(3), [4]float64{1.2, 28, .9, 2.5}},
	}
}

func BenchmarkLikelihood(b *testing.B) {
	for _, m := range models() {
		b.Run("family="+m.String(), func(b *testing.B) {
			p := crowd(b, m, 50_000)
			for b.Loop() {
				m.LogLikelihood(p, 1)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(p.Len()), "ns/pattern")
		})
	}
}

func BenchmarkExpected(b *testing.B) {
	for _, m := range models() {
		b.Run("family="+m.String(), func(b *testing.B) {
			p := crowd(b, m, 20_000)
			dst := make([]float64, p.Len())
			for b.Loop() {
				Outlook{Model: m, Patterns: p, Workers: 1}.Expected(dst, 365.25)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(p.Len()), "ns/pattern")
		})
	}
}
