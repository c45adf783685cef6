package table

import (
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

const (
	samples    = 4   // stretches of rows that are encoded beforehand to see which columns get smaller
	sampleRows = 512 // of each
	sampleGain = 16  // compression pays if it saves a sixteenth
)

// packer compresses pages.
type packer struct {
	zstd  *zstd.Encoder
	small []byte
}

// compress returns src compressed by the codec; the slice is used again by the next call.
func (p *packer) compress(codec format.CompressionCodec, src []byte) []byte {
	switch codec {
	case format.Zstd:
		if p.zstd == nil {
			z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithZeroFrames(true))
			if err != nil {
				panic("table: zstd refuses its options: " + err.Error())
			}
			p.zstd = z
		}
		p.small = p.zstd.EncodeAll(src, p.small[:0])
		return p.small
	case format.Snappy:
		p.small = s2.EncodeSnappy(p.small[:cap(p.small)], src)
		return p.small
	}
	return src
}

// choose sets the codec of each column by what a sample of the rows gains; packed counts and most
// rates gain nothing. It is one codec for all row groups of a column: the format would allow one each,
// but parquet-go's reader takes that of the first for all.
func (e *groupEncoder) choose(t *Table, rows []int32, want Codec) []format.CompressionCodec {
	codec := [...]format.CompressionCodec{Zstd: format.Zstd, Snappy: format.Snappy, Uncompressed: format.Uncompressed}[want]
	codecs := make([]format.CompressionCodec, len(t.cols))
	n := t.count(rows)
	var sample []int32
	for i, end := 0, 0; i < samples; i++ {
		lo := max(end, n/samples*i)
		end = max(end, min(lo+sampleRows, n))
		sample = append(sample, stretch(rows, lo, end, nil)...)
	}
	e.n, e.rows = len(sample), sample
	for i := range codecs {
		c := &t.cols[i]
		known := e.levels(c)
		if c.nulls == c.n || codec == format.Uncompressed {
			continue // Uncompressed is 0
		}
		codecs[i] = codec
		w := chunkWriter{e: e, c: c, width: -1}
		if c.codes.coded() && len(known) > 0 {
			w.width = e.dictionary(c, known)
		}
		if _, _, err := w.body(known, 0, e.n, 0, len(known)); err != nil || len(known) == 0 {
			continue
		}
		page := e.page
		if w.width >= 0 && len(e.dict) > len(page) {
			page = e.dict
		}
		if len(page)-len(e.compress(codec, page)) <= len(page)/sampleGain {
			codecs[i] = format.Uncompressed
		}
	}
	e.rows = nil // it may be the caller's
	return codecs
}
