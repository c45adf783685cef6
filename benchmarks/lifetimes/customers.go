package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"gonum.org/v1/gonum/stat/distuv"
)

// customers are what both sides read: repeat purchase days, recency and age in days, and the mean value
// of the repeat purchases.
type customers struct {
	x, tx, t []int32
	m        []float64
}

// The truth: CDNOW's parameters in weeks, so that a fit has to find what is known.
func truth(pareto bool) [4]float64 {
	if pareto {
		return [4]float64{.55, 10.6, .6, 11.7}
	}
	return [4]float64{.25, 4.4, .8, 2.4}
}

// spendTruth is p, q and v of the Gamma-Gamma model.
func spendTruth() [3]float64 { return [3]float64{6.25, 3.74, 15.44} }

// simulate makes n customers who came within twelve weeks and were seen for 27 to 39.
func simulate(n int, pareto bool) customers {
	src := rand.NewPCG(1, uint64(n))
	rnd := rand.New(src)
	p, s := truth(pareto), spendTruth()
	var c customers
	for range n {
		age := float64(27*7 + rnd.IntN(12*7))
		rate := distuv.Gamma{Alpha: p[0], Beta: p[1] * 7, Src: src}.Rand()
		end, leave := math.Inf(1), 0.0
		if pareto {
			end = rnd.ExpFloat64() / distuv.Gamma{Alpha: p[2], Beta: p[3] * 7, Src: src}.Rand()
		} else {
			leave = distuv.Beta{Alpha: p[2], Beta: p[3], Src: src}.Rand()
		}
		x, last := int32(0), int32(0)
		for at := rnd.ExpFloat64() / rate; at <= min(end, age); at += rnd.ExpFloat64() / rate {
			if day := int32(math.Ceil(at)); day > last {
				x, last = x+1, day
			}
			if rnd.Float64() < leave {
				break
			}
		}
		m := 0.0
		if x > 0 {
			own := distuv.Gamma{Alpha: s[1], Beta: s[2], Src: src}.Rand()
			m = distuv.Gamma{Alpha: s[0] * float64(x), Beta: own * float64(x), Src: src}.Rand()
		}
		c.x, c.tx, c.t, c.m = append(c.x, x), append(c.tx, last), append(c.t, int32(age)), append(c.m, m)
	}
	return c
}

func (o *options) file(task string) string {
	name := "bg"
	if task == "pareto" {
		name = "pareto"
	}
	return filepath.Join(o.dir, fmt.Sprintf("customers-%d-%s.bin", o.customers, name))
}

// write puts the columns one after the other, little endian: x, t_x, T as 32-bit integers, m as doubles.
func (c *customers) write(path string) error {
	var b []byte
	for _, column := range [][]int32{c.x, c.tx, c.t} {
		for _, v := range column {
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		}
	}
	for _, v := range c.m {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}

// read is the other way; n is the number of customers.
func read(path string, n int, spend bool) (customers, error) {
	f, err := os.Open(path)
	if err != nil {
		return customers{}, err
	}
	defer f.Close()
	c := customers{x: make([]int32, n), tx: make([]int32, n), t: make([]int32, n)}
	for _, column := range [][]int32{c.x, c.tx, c.t} {
		if err := binary.Read(f, binary.LittleEndian, column); err != nil {
			return c, fmt.Errorf("read %s: %w", path, err)
		}
	}
	if !spend {
		return c, nil
	}
	c.m = make([]float64, n)
	return c, binary.Read(f, binary.LittleEndian, c.m)
}
