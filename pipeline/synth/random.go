package synth

import (
	"math"
	"math/rand/v2"
)

// Domains keep the random streams of different things apart.
const (
	domainCatalogue uint64 = iota + 1
	domainCustomer
	domainAccount
	domainNames
	domainGroups
	domainStories
	domainNumbers
)

// Streams of one order: the gap before it, its outline, its lines.
const (
	gapStream uint64 = iota
	outlineStream
	lineStream
	streamsPerOrder
)

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195): it
// turns neighbouring numbers into unrelated ones.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// stream is a random source that is set to a place in the seed's space again and again.
type stream struct {
	pcg rand.PCG
	*rand.Rand
}

func newStream() *stream {
	s := new(stream)
	s.Rand = rand.New(&s.pcg)
	return s
}

// seat starts the stream of item n of a domain.
func (s *stream) seat(seed, domain, n uint64) *stream {
	base := mix(seed ^ mix(domain))
	s.pcg.Seed(mix(base^n), mix(base+mix(n)))
	return s
}

// customerKey is what all order streams of a customer are derived from.
func customerKey(seed uint64, customer int32) uint64 {
	return mix(mix(seed^mix(domainCustomer)) ^ uint64(customer)<<20)
}

// order starts one of the streams of order k of the customer with a key.
func (s *stream) order(key uint64, k uint32, which uint64) *stream {
	s.pcg.Seed(key, mix(key^(uint64(k)*streamsPerOrder+which)))
	return s
}

// uniform draws from [low, high).
func (s *stream) uniform(low, high float64) float64 { return low + (high-low)*s.Float64() }

// in draws from a span.
func (s *stream) in(v span) float64 { return s.uniform(v.low, v.high) }

// gamma draws from Gamma(shape, rate 1), shape above 0 (Marsaglia and Tsang 2000,
// doi:10.1145/358407.358414, with the boost of its section 6 below shape 1).
func (s *stream) gamma(shape float64) float64 {
	if shape < 1 {
		return s.gamma(shape+1) * math.Pow(1-s.Float64(), 1/shape)
	}
	d := shape - 1./3
	c := 1 / math.Sqrt(9*d)
	for {
		x := s.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v *= v * v
		u := 1 - s.Float64() // above 0
		if u < 1-.0331*x*x*x*x || math.Log(u) < .5*x*x+d*(1-v+math.Log(v)) {
			return d * v
		}
	}
}

// erlang draws the mean of k exponentials: Gamma(k, k), mean 1.
func (s *stream) erlang(k uint8) float64 {
	if k == 1 {
		return s.ExpFloat64()
	}
	return s.gamma(float64(k)) / float64(k)
}

// shuffle is a bijection of 0..n-1 with an inverse, without a table: i -> a*i + b mod n.
type shuffle struct{ n, a, b, back uint64 }

func newShuffle(seed, domain uint64, n int) shuffle {
	s := shuffle{n: uint64(n), a: 1, back: 1}
	if n < 3 {
		return s
	}
	h := mix(seed ^ mix(domain))
	s.a, s.b = 1+h%(s.n-1), mix(h)%s.n
	for gcd(s.a, s.n) != 1 {
		s.a = 1 + s.a%(s.n-1)
	}
	s.back = inverse(s.a, s.n)
	return s
}

// at is the place of i. n is below 2^31, so that the product fits.
func (s shuffle) at(i int) int { return int((s.a*uint64(i) + s.b) % s.n) }

// of is the i whose place is j.
func (s shuffle) of(j int) int { return int((uint64(j) + s.n - s.b) % s.n * s.back % s.n) }

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// inverse is a^-1 mod n for a and n without a common divisor (extended Euclid).
func inverse(a, n uint64) uint64 {
	r0, r1, t0, t1 := int64(n), int64(a), int64(0), int64(1)
	for r1 != 0 {
		q := r0 / r1
		r0, r1, t0, t1 = r1, r0-q*r1, t1, t0-q*t1
	}
	if t0 < 0 {
		t0 += int64(n)
	}
	return uint64(t0)
}
