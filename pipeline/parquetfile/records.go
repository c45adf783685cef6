package parquetfile

import (
	"io"
	"math"
	"math/big"
	"strconv"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

// recordBatch is the rows read at a time: few, because records are for small files and samples.
const recordBatch = 1024

// Records reads rows as text, for small files and for people. Its values are what Append writes.
type Records struct {
	file  *File
	cols  []int
	group int
	open  *GroupReader
	n, at int
	cells []string
	null  []bool
	text  []byte
	err   error
}

// Records starts reading the columns at indices cols over all row groups.
func (f *File) Records(cols []int) *Records {
	return &Records{file: f, cols: cols, cells: make([]string, len(cols)), null: make([]bool, len(cols))}
}

// Next returns the next row: the text of each wanted column, and whether it is null (the text is then
// empty). Both slices are reused by the next call. After the last row the error is io.EOF.
func (r *Records) Next() (cells []string, null []bool, err error) {
	if r.err == nil && r.at == r.n {
		r.err = r.advance()
	}
	if r.err != nil {
		return nil, nil, r.err
	}
	for k := range r.cols {
		v := r.open.Vec(k)
		r.null[k] = v.Null(r.at)
		r.text = v.Append(r.text[:0], r.at)
		r.cells[k] = string(r.text)
	}
	r.at++
	return r.cells, r.null, nil
}

// advance reads the next batch, from the next row group where one ends.
func (r *Records) advance() (err error) {
	for {
		if r.open == nil {
			if r.group == r.file.RowGroups() {
				return io.EOF
			}
			if r.open, err = r.file.Group(r.group, r.cols); err != nil {
				return err
			}
			r.group++
		}
		r.at = 0
		r.n, err = r.open.Next(recordBatch)
		if err != io.EOF {
			return err
		}
		r.open.Close()
		r.open = nil
	}
}

// Close ends the reading.
func (r *Records) Close() {
	if r.open != nil {
		r.open.Close()
		r.open = nil
	}
	r.n, r.at, r.err = 0, 0, errClosed
}

// Append appends the canonical text of row i to dst, nothing for a null: true or false; integers plain;
// decimals with all their decimal places; floats in the fewest digits that read back the same; bytes as
// they are; 2006-01-02 for days, with a leading minus or more digits outside the years 1 to 9999;
// 15:04:05 for times of day; 2006-01-02T15:04:05 for timestamps, with Z for instants. Fractions of a
// second follow where they are not zero, in the digits of the unit.
func (v *Vector) Append(dst []byte, i int) []byte {
	if v.Null(i) {
		return dst
	}
	switch v.Kind {
	case Bool:
		return strconv.AppendBool(dst, v.Ints[i] != 0)
	case Int:
		return strconv.AppendInt(dst, v.Ints[i], 10)
	case Uint:
		return strconv.AppendUint(dst, uint64(v.Ints[i]), 10)
	case Decimal:
		return v.appendDecimal(dst, i)
	case Float:
		return appendFloat(dst, v.Floats[i], v.floatBits)
	case Day:
		return appendDay(dst, v.Ints[i])
	case TimeOfDay:
		return v.appendClock(dst, v.Ints[i])
	case Timestamp:
		if v.IsOver(i) {
			return append(dst, "out of range"...)
		}
		days, within := floorDiv(v.Ints[i], int64(v.Unit)*secondsPerDay)
		dst = append(appendDay(dst, days), 'T')
		dst = v.appendClock(dst, within)
		if v.UTC {
			dst = append(dst, 'Z')
		}
		return dst
	default:
		return append(dst, v.Bytes(i)...)
	}
}

func (v *Vector) appendDecimal(dst []byte, i int) []byte {
	digits := strconv.AppendInt(nil, v.Ints[i], 10)
	if v.IsOver(i) {
		digits = wideInt(v.Bytes(i)).Append(nil, 10)
	}
	if digits[0] == '-' {
		dst, digits = append(dst, '-'), digits[1:]
	}
	for len(digits) <= v.Scale {
		digits = append([]byte{'0'}, digits...)
	}
	point := len(digits) - v.Scale
	dst = append(dst, digits[:point]...)
	if v.Scale > 0 {
		dst = append(append(dst, '.'), digits[point:]...)
	}
	return dst
}

// wideInt returns a big-endian two's complement integer of any length.
func wideInt(b []byte) *big.Int {
	x := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(len(b))*8))
	}
	return x
}

// appendFloat writes plain digits where people would, an exponent elsewhere.
func appendFloat(dst []byte, x float64, bits int) []byte {
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.AppendFloat(dst, x, 'e', -1, bits)
	}
	return strconv.AppendFloat(dst, x, 'f', -1, bits)
}

func appendDay(dst []byte, days int64) []byte {
	if days >= int64(civil.Min) && days <= int64(civil.Max) {
		return civil.Day(days).Append(dst)
	}
	// The calendar repeats every 400 years of 146,097 days: shift into the legal years and back.
	era, within := floorDiv(days, 146097)
	year, month, day := civil.Day(within).Date()
	dst = strconv.AppendInt(dst, int64(year)+era*400, 10)
	dst = appendPadded(append(dst, '-'), int64(month), 2)
	return appendPadded(append(dst, '-'), int64(day), 2)
}

// appendClock writes t units since midnight.
func (v *Vector) appendClock(dst []byte, t int64) []byte {
	seconds, fraction := floorDiv(t, int64(v.Unit))
	dst = appendPadded(dst, seconds/3600, 2)
	dst = appendPadded(append(dst, ':'), seconds/60%60, 2)
	dst = appendPadded(append(dst, ':'), seconds%60, 2)
	if fraction != 0 {
		digits := map[Unit]int{Milli: 3, Micro: 6, Nano: 9}[v.Unit]
		dst = appendPadded(append(dst, '.'), fraction, digits)
	}
	return dst
}

// appendPadded writes n with at least width digits.
func appendPadded(dst []byte, n int64, width int) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	least := int64(1)
	for range width - 1 {
		least *= 10
	}
	for ; least > n && least > 1; least /= 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, n, 10)
}
