package parquetfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// readable reports whether the codec is on the allow-list. LZ4's framing differs between writers, and
// brotli expands without a bound that its header states.
func readable(c format.CompressionCodec) bool {
	switch c {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Zstd:
		return true
	}
	return false
}

// inflater decompresses pages into buffers of exactly the declared size: what would come out longer or
// shorter is an error, so a page cannot allocate more than its header was checked for.
type inflater struct {
	src  bytes.Reader
	gzip *gzip.Reader
	zstd *zstd.Decoder
}

// inflate fills dst, which has the declared size, from src.
func (f *inflater) inflate(dst, src []byte, codec format.CompressionCodec) error {
	if len(dst) == 0 {
		return nil
	}
	switch codec {
	case format.Snappy:
		return inflateSnappy(dst, src)
	case format.Gzip:
		return f.inflateGzip(dst, src)
	case format.Zstd:
		return f.inflateZstd(dst, src)
	default:
		return fmt.Errorf("codec %s is not read", codec)
	}
}

var errSize = errors.New("page does not expand to the size its header declares")

func inflateSnappy(dst, src []byte) error {
	n, err := snappy.DecodedLen(src)
	if err != nil {
		return fmt.Errorf("snappy: %w", err)
	}
	if n != len(dst) {
		return errSize
	}
	if _, err = snappy.Decode(dst, src); err != nil {
		return fmt.Errorf("snappy: %w", err)
	}
	return nil
}

func (f *inflater) inflateGzip(dst, src []byte) (err error) {
	f.src.Reset(src)
	if f.gzip == nil {
		f.gzip, err = gzip.NewReader(&f.src)
	} else {
		err = f.gzip.Reset(&f.src)
	}
	if err != nil {
		return fmt.Errorf("gzip: %w", err)
	}
	if _, err := io.ReadFull(f.gzip, dst); err != nil {
		return fmt.Errorf("gzip: %w", err)
	}
	// The end must be reached for the checksum to be verified.
	var extra [1]byte
	if n, err := io.ReadFull(f.gzip, extra[:]); n > 0 {
		return errSize
	} else if err != io.EOF {
		return fmt.Errorf("gzip: %w", err)
	}
	return nil
}

func (f *inflater) inflateZstd(dst, src []byte) (err error) {
	if f.zstd == nil {
		// Concurrency 1 decodes in this goroutine, so that a panic can be recovered here.
		f.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecodeAllCapLimit(true))
		if err != nil {
			return fmt.Errorf("zstd: %w", err)
		}
	}
	out, err := f.zstd.DecodeAll(src, dst[:0:len(dst)])
	if err != nil {
		return fmt.Errorf("zstd: %w", err)
	}
	if len(out) != len(dst) {
		return errSize
	}
	return nil
}
