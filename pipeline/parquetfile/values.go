package parquetfile

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
)

var errPlain = errors.New("page ends before its values do")

// decode reads n values of column c in the PLAIN layout from src into s and returns the bytes they took.
// Booleans, which share bytes, are read by decodeBits. s.raw may alias src.
func (s *Values) decode(c *Column, src []byte, n int) (used int, err error) {
	s.Over, s.spans = nil, s.spans[:0]
	if c.width > 0 {
		if n > len(src)/c.width {
			return 0, errPlain
		}
		used = n * c.width
		src = src[:used]
	}
	switch c.form {
	case formInt32, formUint32, formInt64, formUint64, formInt96:
		s.Ints = sized(s.Ints, n)
		s.decodeInts(c.form, src)
	case formFloat32, formFloat64, formFloat16:
		s.Floats = sized(s.Floats, n)
		s.decodeFloats(c.form, src)
	case formBytes:
		return s.decodeSpans(c, src, n)
	case formUUID:
		s.decodeUUIDs(src, n)
	case formDecimal:
		if used, err = s.decodeSpans(c, src, n); err != nil {
			return 0, err
		}
		s.decodeDecimals(n)
	default:
		return 0, errors.New("values of this type have no PLAIN layout here")
	}
	return used, nil
}

func (s *Values) decodeInts(f form, src []byte) {
	dst := s.Ints
	switch f {
	case formInt32:
		for i := range dst {
			dst[i] = int64(int32(binary.LittleEndian.Uint32(src[i*4:])))
		}
	case formUint32:
		for i := range dst {
			dst[i] = int64(binary.LittleEndian.Uint32(src[i*4:]))
		}
	case formInt64:
		for i := range dst {
			dst[i] = int64(binary.LittleEndian.Uint64(src[i*8:]))
		}
	case formUint64:
		for i := range dst {
			if dst[i] = int64(binary.LittleEndian.Uint64(src[i*8:])); dst[i] < 0 {
				s.setOver(i, len(dst))
			}
		}
	case formInt96:
		for i := range dst {
			nanos := int64(binary.LittleEndian.Uint64(src[i*12:]))
			days := int64(int32(binary.LittleEndian.Uint32(src[i*12+8:]))) - julianEpoch
			if dst[i] = 0; days > maxMicroDays || days < -maxMicroDays {
				s.setOver(i, len(dst))
				continue
			}
			micros, _ := floorDiv(nanos, 1000)
			dst[i] = days*secondsPerDay*int64(Micro) + micros
		}
	}
}

// julianEpoch is the Julian day number of 1970-01-01; maxMicroDays is the number of days (some 273,000
// years) whose microseconds int64 holds with room for any nanoseconds added.
const (
	julianEpoch  = 2440588
	maxMicroDays = 100_000_000
)

func (s *Values) setOver(i, n int) {
	if s.Over == nil {
		s.Over = make([]bool, n)
	}
	s.Over[i] = true
}

func (s *Values) decodeFloats(f form, src []byte) {
	dst := s.Floats
	switch f {
	case formFloat32:
		for i := range dst {
			dst[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(src[i*4:])))
		}
	case formFloat64:
		for i := range dst {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(src[i*8:]))
		}
	case formFloat16:
		for i := range dst {
			dst[i] = float16(binary.LittleEndian.Uint16(src[i*2:]))
		}
	}
}

// float16 returns the value of an IEEE 754 binary16.
func float16(b uint16) float64 {
	sign, exp, frac := 1.0, int(b>>10)&0x1F, float64(b&0x3FF)
	if b>>15 != 0 {
		sign = -1
	}
	switch exp {
	case 0:
		return sign * math.Ldexp(frac, -24)
	case 31:
		if frac != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	default:
		return sign * math.Ldexp(1024+frac, exp-25)
	}
}

// decodeSpans finds n byte strings in src without copying them.
func (s *Values) decodeSpans(c *Column, src []byte, n int) (used int, err error) {
	s.raw = src
	if c.width > 0 {
		s.spans = sized(s.spans, n)
		for i := range s.spans {
			s.spans[i] = span{uint32(i * c.width), uint32((i + 1) * c.width)}
		}
		return n * c.width, nil
	}
	if n > len(src)/4 { // every value has a length of 4 bytes
		return 0, errPlain
	}
	s.spans = sized(s.spans, n)
	at := 0
	for i := range s.spans {
		if len(src)-at < 4 {
			return 0, errPlain
		}
		size := binary.LittleEndian.Uint32(src[at:])
		at += 4
		if uint64(size) > uint64(len(src)-at) {
			return 0, errPlain
		}
		s.spans[i] = span{uint32(at), uint32(at) + size}
		at += int(size)
	}
	return at, nil
}

// decodeDecimals sets Ints from the big-endian bytes at spans.
func (s *Values) decodeDecimals(n int) {
	s.Ints = sized(s.Ints, n)
	for i, at := range s.spans {
		v, ok := bigEndian(s.raw[at.from:at.to])
		s.Ints[i] = v
		if !ok {
			s.setOver(i, n)
		}
	}
}

// bigEndian returns a two's complement integer, and whether int64 holds it. No bytes are zero.
func bigEndian(b []byte) (v int64, ok bool) {
	if len(b) == 0 {
		return 0, true
	}
	sign := byte(int8(b[0]) >> 7) // 0x00 or 0xFF
	for len(b) > 8 {
		if b[0] != sign {
			return 0, false
		}
		b = b[1:]
	}
	v = int64(int8(sign))
	for _, x := range b {
		v = v<<8 | int64(x)
	}
	// Eight bytes left of a longer number: their own sign bit must agree with the number's.
	return v, v < 0 == (sign != 0)
}

const uuidText = 36

// decodeUUIDs writes n UUIDs as text, because that is how every other export names them.
func (s *Values) decodeUUIDs(src []byte, n int) {
	s.spans = sized(s.spans, n)
	s.raw = sized(s.raw, n*uuidText)
	for i := range s.spans {
		u, dst := src[i*16:i*16+16], s.raw[i*uuidText:]
		hex.Encode(dst, u[:4])
		at, from := 8, 4
		for _, to := range [...]int{6, 8, 10, 16} {
			dst[at] = '-'
			hex.Encode(dst[at+1:], u[from:to])
			at, from = at+1+2*(to-from), to
		}
		s.spans[i] = span{uint32(i * uuidText), uint32((i + 1) * uuidText)}
	}
}

// decodeBits reads n booleans from bit offset bit of src.
func (s *Values) decodeBits(src []byte, bit, n int) error {
	if bit+n > len(src)*8 {
		return errPlain
	}
	s.Ints = sized(s.Ints, n)
	for i := range s.Ints {
		at := bit + i
		s.Ints[i] = int64(src[at>>3] >> (at & 7) & 1)
	}
	return nil
}

// gather sets v's numbers from the dictionary. Codes have been checked against its length.
func (v *Vector) gather() {
	d := v.Dict
	v.Over, v.spans = nil, v.spans[:0]
	switch v.Kind {
	case Float:
		v.Floats = sized(v.Floats, len(v.Codes))
		for i, c := range v.Codes {
			v.Floats[i] = d.Floats[c]
		}
	case Bytes:
	default:
		v.Ints = sized(v.Ints, len(v.Codes))
		for i, c := range v.Codes {
			v.Ints[i] = d.Ints[c]
		}
	}
	if d.Over != nil {
		v.Over = make([]bool, len(v.Codes))
		for i, c := range v.Codes {
			v.Over[i] = d.Over[c]
		}
	}
}
