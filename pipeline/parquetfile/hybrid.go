package parquetfile

import (
	"encoding/binary"
	"errors"
)

// hybrid reads the RLE / bit-packed hybrid encoding of levels, dictionary codes and booleans in pieces:
// a run may stand for billions of values, so runs are never expanded beyond what was asked for.
type hybrid struct {
	data   []byte // after the current run
	width  uint   // bits of a value, 0..32
	run    uint64 // values left in the current repeated run
	value  uint32 // of the repeated run
	packed []byte // the current bit-packed run
	bit    uint64 // bits of packed that are consumed
	count  uint64 // values left in the bit-packed run
}

var (
	errRunsEnd  = errors.New("runs end before the page's values do")
	errRunValue = errors.New("run holds a value wider than its bit width")
)

func newHybrid(data []byte, width uint) hybrid { return hybrid{data: data, width: width} }

// read fills dst with the next values and returns the largest of them.
func (h *hybrid) read(dst []uint32) (largest uint32, err error) {
	for len(dst) > 0 {
		n := len(dst)
		switch {
		case h.run > 0:
			n = int(min(uint64(n), h.run))
			fill(dst[:n], h.value)
			largest = max(largest, h.value)
			h.run -= uint64(n)
		case h.count > 0:
			n = int(min(uint64(n), h.count))
			m, err := h.unpack(dst[:n])
			if err != nil {
				return 0, err
			}
			largest = max(largest, m)
			h.count -= uint64(n)
		default:
			if err := h.nextRun(); err != nil {
				return 0, err
			}
			continue
		}
		dst = dst[n:]
	}
	return largest, nil
}

// skipEqual skips n values if all of them are v, and reports whether it did. It looks at repeated runs
// only, so false says nothing about the values.
func (h *hybrid) skipEqual(n int, v uint32) (bool, error) {
	if h.run == 0 && h.count == 0 {
		if err := h.nextRun(); err != nil {
			return false, err
		}
	}
	if h.run < uint64(n) || h.value != v {
		return false, nil
	}
	h.run -= uint64(n)
	return true, nil
}

func fill(dst []uint32, v uint32) {
	for i := range dst {
		dst[i] = v
	}
}

// nextRun reads the header of the next run. Empty runs are legal and skipped by read.
func (h *hybrid) nextRun() error {
	header, n := binary.Uvarint(h.data)
	if n <= 0 {
		return errRunsEnd
	}
	h.data = h.data[n:]
	if header&1 == 0 {
		bytes := int(h.width+7) / 8
		if len(h.data) < bytes {
			return errRunsEnd
		}
		h.value = 0
		for i := range bytes {
			h.value |= uint32(h.data[i]) << (8 * i)
		}
		if h.width == 1 && h.value == 0xFF {
			h.value = 1 // parquet-go writes runs of true with all bits set
		}
		if h.width < 32 && h.value>>h.width != 0 {
			return errRunValue
		}
		h.run, h.data = header>>1, h.data[bytes:]
		return nil
	}
	// Groups of 8 values of width bits are width bytes. Writers may cut the last group short, so the
	// run is bounded by the data and unpack finds out.
	groups := header >> 1
	size := uint64(len(h.data))
	if h.width > 0 && groups <= size/uint64(h.width) {
		size = groups * uint64(h.width)
	}
	if h.width == 0 {
		size = 0
	}
	h.packed, h.data = h.data[:size], h.data[size:]
	h.bit, h.count = 0, min(groups, 1<<60)*8
	return nil
}

// unpack reads len(dst) values from the bit-packed run.
func (h *hybrid) unpack(dst []uint32) (largest uint32, err error) {
	w := uint64(h.width)
	if h.bit+w*uint64(len(dst)) > uint64(len(h.packed))*8 {
		return 0, errRunsEnd
	}
	mask := uint64(1)<<w - 1
	bit, data := h.bit, h.packed
	i := 0
	// Eight bytes at the value's first byte hold it whole: 7 bits of offset and 32 of value at most.
	for ; i < len(dst) && bit>>3+8 <= uint64(len(data)); i++ {
		v := uint32(binary.LittleEndian.Uint64(data[bit>>3:]) >> (bit & 7) & mask)
		dst[i] = v
		largest = max(largest, v)
		bit += w
	}
	if i < len(dst) {
		var tail [16]byte
		from := bit >> 3
		copy(tail[:], data[from:])
		for base := from * 8; i < len(dst); i++ {
			at := bit - base
			v := uint32(binary.LittleEndian.Uint64(tail[at>>3:]) >> (at & 7) & mask)
			dst[i] = v
			largest = max(largest, v)
			bit += w
		}
	}
	h.bit = bit
	return largest, nil
}
