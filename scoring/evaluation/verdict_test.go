package evaluation_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/scoring/evaluation"
)

// drawn is a population whose event follows a hidden need; each score sees it through noise.
func drawn(seed uint64, n int, noise ...float64) (event []bool, scores []evaluation.Score) {
	r := rand.New(rand.NewPCG(seed, 1))
	scores = make([]evaluation.Score, len(noise))
	for range n {
		need := r.NormFloat64()
		event = append(event, need+r.NormFloat64() > 0)
		for k, s := range noise {
			scores[k].Values = append(scores[k].Values, need+s*r.NormFloat64())
		}
	}
	return event, scores
}

// The jackknife is another road to the variance of a difference of AUCs.
func TestDeLongAgreesWithTheJackknife(t *testing.T) {
	event, s := drawn(3, 400, 0.5, 1)
	got := evaluation.CompareAUC(s[0], s[1], event)
	without := func(x []float64, i int) []float64 { return append(append([]float64{}, x[:i]...), x[i+1:]...) }
	var sum, squares float64
	for i := range event {
		e := append(append([]bool{}, event[:i]...), event[i+1:]...)
		d := naiveAUC(without(s[0].Values, i), e) - naiveAUC(without(s[1].Values, i), e)
		sum += d
		squares += d * d
	}
	n := float64(len(event))
	want := math.Sqrt((n - 1) / n * (squares - sum*sum/n))
	if math.Abs(float64(got.Error)/want-1) > 0.02 {
		t.Errorf("got standard error %v, the jackknife has %v", got.Error, want)
	}
}

// Two equally good scores are called different about 5 times in 100.
func TestLevelOfTheComparison(t *testing.T) {
	wrong := 0
	const trials = 400
	for seed := range uint64(trials) {
		event, s := drawn(seed, 150, 0.7, 0.7)
		if w := evaluation.CompareAUC(s[0], s[1], event).Word; w != evaluation.Even {
			wrong++
		}
	}
	if share := float64(wrong) / trials; share < 0.02 || share > 0.085 { // 3 binomial errors are 0.033
		t.Errorf("got %v of equal pairs called different, want about 0.05", share)
	}
}

func TestVerdictInWords(t *testing.T) {
	event, s := drawn(1, 2000, 0.2, 0.2, 3)
	for i, name := range []string{"model", "twin", "noise"} {
		s[i].Name = name
	}
	better, even := evaluation.CompareAUC(s[0], s[2], event), evaluation.CompareAUC(s[0], s[1], event)
	worse := evaluation.CompareAUC(s[2], s[0], event)
	none := evaluation.CompareAUC(s[0], s[2], make([]bool, len(event)))
	none.Baseline = "nothing"
	for _, c := range []struct {
		given []evaluation.Comparison
		word  evaluation.Word
		text  string
	}{
		{[]evaluation.Comparison{better}, evaluation.Better, "m beats noise"},
		{[]evaluation.Comparison{better, even}, evaluation.Even, "m beats noise; it is no better than twin"},
		{[]evaluation.Comparison{better, worse}, evaluation.Worse, "m beats noise; it is worse than model"},
		{[]evaluation.Comparison{better, none}, evaluation.Unclear, "m beats noise; it cannot be compared with nothing"},
		{nil, evaluation.Unclear, "m has no baseline to be judged by"},
	} {
		v := evaluation.Against("m", c.given...)
		if v.Word != c.word || v.Text != c.text {
			t.Errorf("got %s, %q; want %s, %q", v.Word, v.Text, c.word, c.text)
		}
	}
	for c, want := range map[*evaluation.Comparison]string{
		&better: "model is better than noise: AUC 0.", &even: "model is not distinguishable from twin", &none: "unknown",
	} {
		if got := c.String(); !strings.Contains(got, want) {
			t.Errorf("got %q, want it to say %q", got, want)
		}
	}
	if math.Abs(float64(better.Low+better.High)/2-float64(better.Difference)) > 1e-12 || better.P > 0.05 || even.P < 0.05 {
		t.Errorf("got %+v and %+v: interval and P contradict the words", better, even)
	}
}

func TestCompareErrors(t *testing.T) {
	actual := []float64{0, 1, 2, 3, 4, 5, 6, 7}
	near := []float64{0.1, 1.2, 1.9, 3.1, 4.2, 4.9, 6.1, 6.8}
	far := []float64{2, 3, 0, 5, 1, 7, 3, 9}
	c := evaluation.CompareErrors("near", near, "far", far, actual)
	if c.Word != evaluation.Better || math.Abs(float64(c.Value)-1.1/8) > 1e-12 || math.Abs(float64(c.Other)-18./8) > 1e-12 {
		t.Errorf("got %+v, want near better with MAE 0.1375 against 2.25", c)
	}
	if c = evaluation.CompareErrors("a", actual, "b", actual, actual); c.Word != evaluation.Even {
		t.Errorf("the same forecast twice: got %s, want even", c.Word)
	}
}
