package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/encoding/thrift"
)

// Thrift compact protocol type codes, from the Apache Thrift compact protocol specification.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftI8     = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftStruct = 12
)

// maxThriftDepth bounds nesting. Parquet's deepest structure needs 7; the library recurses without
// bound, and a Go stack overflow cannot be recovered.
const maxThriftDepth = 16

// Memory that one list element takes once decoded, in bytes and rounded up: schema elements, row groups
// and chunks are structures at depths 1 and 2; of what lies deeper only strings are kept. A test holds
// them against the structures' sizes.
const (
	costStruct = 160
	costOther  = 24
)

var (
	errShort = errors.New("ends inside a structure")
	errDepth = fmt.Errorf("nested deeper than %d levels", maxThriftDepth)
)

// walker checks one Thrift compact structure without allocating, so that the library, which allocates
// lists by their declared size, only ever sees input whose cost is known.
type walker struct {
	b    []byte
	pos  int
	cost int64 // memory still allowed for list elements, bytes
}

// structLen returns the length in bytes of the Thrift structure at the start of b. The error is errShort
// if b ends before the structure does.
func structLen(b []byte, memory int64) (int, error) {
	w := walker{b: b, cost: memory}
	if err := w.structure(1); err != nil {
		return 0, err
	}
	return w.pos, nil
}

// decodeStruct decodes the structure that fills b exactly into v.
func decodeStruct(b []byte, v any) error {
	var protocol thrift.CompactProtocol
	r := protocol.NewReaderFromBytes(b)
	if err := thrift.NewDecoder(r).Decode(v); err != nil {
		return err
	}
	if r.BytesRead() != len(b) {
		return fmt.Errorf("structure of %d bytes decoded from %d", len(b), r.BytesRead())
	}
	return nil
}

func (w *walker) structure(depth int) error {
	if depth > maxThriftDepth {
		return errDepth
	}
	for {
		b, err := w.byte()
		if err != nil || b == 0 {
			return err
		}
		if b>>4 == 0 {
			if _, err := w.uvarint(); err != nil {
				return err
			}
		}
		// A boolean field has its value in the type and no bytes of its own.
		if t := b & 0xF; t != thriftTrue && t != thriftFalse {
			if err := w.value(t, depth); err != nil {
				return err
			}
		}
	}
}

func (w *walker) value(t byte, depth int) error {
	switch t {
	case thriftI8:
		return w.skip(1)
	case thriftI16, thriftI32, thriftI64:
		_, err := w.uvarint()
		return err
	case thriftDouble:
		return w.skip(8)
	case thriftBinary:
		n, err := w.uvarint()
		if err != nil {
			return err
		}
		return w.skip(n)
	case thriftList, thriftSet:
		return w.list(depth)
	case thriftStruct:
		return w.structure(depth + 1)
	default:
		// Maps, UUIDs and lists of booleans do not occur in Parquet's metadata.
		return fmt.Errorf("unexpected Thrift type %d", t)
	}
}

func (w *walker) list(depth int) error {
	if depth > maxThriftDepth {
		return errDepth
	}
	b, err := w.byte()
	if err != nil {
		return err
	}
	n, t := uint64(b>>4), b&0xF
	if n == 15 {
		if n, err = w.uvarint(); err != nil {
			return err
		}
	}
	if n > uint64(len(w.b)-w.pos) { // every element takes a byte or more
		return errShort
	}
	each := int64(costOther)
	if t == thriftStruct && depth <= 2 {
		each = costStruct
	}
	if w.cost -= int64(n) * each; w.cost < 0 {
		return errors.New("describes more parts than the memory limit allows")
	}
	if t == thriftList || t == thriftSet {
		depth++
	}
	for range n {
		if err := w.value(t, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) byte() (byte, error) {
	if w.pos >= len(w.b) {
		return 0, errShort
	}
	w.pos++
	return w.b[w.pos-1], nil
}

func (w *walker) skip(n uint64) error {
	if n > uint64(len(w.b)-w.pos) {
		return errShort
	}
	w.pos += int(n)
	return nil
}

func (w *walker) uvarint() (uint64, error) {
	v, n := binary.Uvarint(w.b[w.pos:])
	switch {
	case n > 0:
		w.pos += n
		return v, nil
	case n == 0:
		return 0, errShort
	default:
		return 0, errors.New("variable-length integer overflows 64 bits")
	}
}
