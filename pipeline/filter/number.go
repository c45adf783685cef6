package filter

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/vitalfew/vitalfew/pipeline/table"
)

// maxExponent bounds the exponent of a literal, beyond that of any double.
const maxExponent = 400

// parseNumber reads [+-]digits[.digits][e[+-]digits], either digits possibly absent.
func parseNumber(s string) (*big.Rat, bool) {
	mantissa, exponent := s, ""
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent = s[:i], s[i+1:]
		if e, err := strconv.Atoi(exponent); err != nil || e > maxExponent || e < -maxExponent {
			return nil, false
		}
	}
	digits := strings.TrimLeft(mantissa, "+-")
	if len(mantissa)-len(digits) > 1 || strings.Trim(digits, "0123456789") != "" && strings.Trim(digits, "0123456789") != "." ||
		strings.Trim(digits, ".") == "" || strings.Count(digits, ".") > 1 {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// units is how many units of the column's integers one is.
func units(k table.Kind) int64 {
	if k == table.Amount || k == table.Quantity {
		return 10_000
	}
	return 1
}

// floorCeil are the integers next to r x scale, on both sides or twice the same; -1 and 1 as over say
// that it lies outside of int64.
func floorCeil(r *big.Rat, scale int64) (floor, ceil int64, over int) {
	v := new(big.Rat).Mul(r, new(big.Rat).SetInt64(scale))
	q, rest := new(big.Int).DivMod(v.Num(), v.Denom(), new(big.Int)) // rounds down: the denominator is positive
	switch {
	case !q.IsInt64() && q.Sign() > 0:
		return math.MaxInt64, math.MaxInt64, 1
	case !q.IsInt64():
		return math.MinInt64, math.MinInt64, -1
	}
	floor = q.Int64()
	ceil = floor
	if rest.Sign() != 0 {
		if floor == math.MaxInt64 {
			return floor, floor, 1
		}
		ceil++
	}
	return floor, ceil, 0
}

// wholeRange are the integers v with v op r x scale, empty where low > high. Op <> is left to the caller.
func wholeRange(op string, r *big.Rat, scale int64) span[int64] {
	const least, most = math.MinInt64, math.MaxInt64
	none := span[int64]{1, 0}
	floor, ceil, over := floorCeil(r, scale)
	if over != 0 {
		if below := op == "<" || op == "<="; below && over > 0 || (op == ">" || op == ">=") && over < 0 {
			return span[int64]{least, most}
		}
		return none
	}
	switch op {
	case "=":
		if floor != ceil {
			return none
		}
		return span[int64]{floor, floor}
	case "<":
		if ceil == least {
			return none
		}
		return span[int64]{least, ceil - 1}
	case "<=":
		return span[int64]{least, floor}
	case ">":
		if floor == most {
			return none
		}
		return span[int64]{floor + 1, most}
	}
	return span[int64]{ceil, most} // >=
}

// doubleRange are the finite doubles v with v op f, as wholeRange.
func doubleRange(op string, f float64) span[float64] {
	least, most := -math.MaxFloat64, math.MaxFloat64
	switch op {
	case "=":
		return span[float64]{f, f}
	case "<":
		return span[float64]{least, math.Nextafter(f, math.Inf(-1))}
	case "<=":
		return span[float64]{least, f}
	case ">":
		return span[float64]{math.Nextafter(f, math.Inf(1)), most}
	}
	return span[float64]{f, most} // >=
}

// double is the double nearest to a number, infinite beyond the largest.
func double(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}
