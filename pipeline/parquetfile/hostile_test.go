package parquetfile_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/vitalfew/vitalfew/pipeline/parquetfile"
)

// seeds are small valid files that between them use every code path of the decoders.
func seeds(t testing.TB) [][]byte {
	type row struct {
		ID    string    `parquet:"id,dict"`
		Name  string    `parquet:"name,delta"`
		Alias *string   `parquet:"alias,optional,dict"`
		N     int64     `parquet:"n,delta"`
		Price *float64  `parquet:"price,optional"`
		Rate  float64   `parquet:"rate,split"`
		OK    bool      `parquet:"ok"`
		At    int64     `parquet:"at,timestamp(millisecond)"`
		Cost  int64     `parquet:"cost,decimal(4:18)"`
		Key   [16]byte  `parquet:"key,uuid"`
		Tags  []string  `parquet:"tags"`
		Note  *[]string `parquet:"note,optional"`
	}
	rows := make([]row, 40)
	for i := range rows {
		rows[i] = row{ID: fmt.Sprint(i % 5), N: int64(i * i), OK: i%3 == 0, At: int64(i), Cost: int64(-i), Name: fmt.Sprint("name-", i/3)}
		if i%4 != 0 {
			rows[i].Alias, rows[i].Price = &rows[i].ID, new(float64)
		}
	}
	return [][]byte{
		write(t, rows, parquet.DataPageVersion(1), parquet.PageBufferSize(100)),
		write(t, rows, parquet.DataPageVersion(2), parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(15)),
		write(t, rows, parquet.Compression(&parquet.Zstd), parquet.DictionaryMaxBytes(8), parquet.PageBufferSize(100)),
		write(t, rows, parquet.Compression(&parquet.Gzip)),
	}
}

// checkRead fails the test if reading panics, or delivers other rows than the footer counts without an
// error.
func checkRead(t testing.TB, data []byte, what string) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s: panic escaped: %v", what, p)
		}
	}()
	_, err := readAll(bytes.NewReader(data), int64(len(data)))
	switch {
	case err == nil:
		return true
	case strings.Contains(err.Error(), "silent count") || !strings.HasPrefix(err.Error(), "parquet: "):
		t.Errorf("%s: %v", what, err)
	case strings.Contains(err.Error(), "decoder panic"):
		t.Errorf("%s: a panic was recovered, which a check should have prevented: %v", what, err)
	}
	return false
}

// Mutants of valid files, one to four bytes changed, half of them in the footer, where structure is.
func TestMutants(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	survived := 0
	const each = 1500
	for s, seed := range seeds(t) {
		if !checkRead(t, seed, "seed") {
			t.Fatalf("seed %d cannot be read", s)
		}
		footer := int(binary.LittleEndian.Uint32(seed[len(seed)-8:]))
		for m := range each {
			data := bytes.Clone(seed)
			for range 1 + rng.IntN(4) {
				at := rng.IntN(len(data))
				if m%2 == 0 {
					at = len(data) - 8 - 1 - rng.IntN(footer)
				}
				data[at] = byte(rng.Uint32())
			}
			if checkRead(t, data, fmt.Sprintf("seed %d, mutant %d", s, m)) {
				survived++
			}
		}
	}
	t.Logf("%d of %d mutants were readable", survived, 4*each)
}

func TestTruncated(t *testing.T) {
	for s, seed := range seeds(t) {
		for n := range len(seed) {
			if checkRead(t, seed[:n], fmt.Sprintf("seed %d cut at %d", s, n)) {
				t.Errorf("seed %d cut at %d of %d was read", s, n, len(seed))
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Add(nestedFile(f, []listed{{ID: "1", Lines: []nestedLine{{Qty: 1}, {Qty: 2}}}, {ID: "2"}}, true, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkRead(t, data, "input")
		checkLists(t, data)
	})
}

// forged is a file of one required column with one page, made by hand so that it can lie.
type forged struct {
	physical format.Type
	codec    format.CompressionCodec
	encoding format.Encoding
	size     int32 // uncompressed
	values   int64
	body     []byte
	header   func(*format.PageHeader)
	footer   func(*format.FileMetaData)
}

func (x forged) file(t *testing.T) []byte {
	t.Helper()
	h := format.PageHeader{
		Type: format.DataPage, UncompressedPageSize: x.size, CompressedPageSize: int32(len(x.body)),
		CRC: int32(crc32.ChecksumIEEE(x.body)),
		DataPageHeader: thrift.New(format.DataPageHeader{
			NumValues: int32(x.values), Encoding: x.encoding, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
		}),
	}
	if x.header != nil {
		x.header(&h)
	}
	page, err := thrift.Marshal(new(thrift.CompactProtocol), &h)
	if err != nil {
		t.Fatal(err)
	}
	page = append(page, x.body...)
	m := format.FileMetaData{
		Version: 1, NumRows: x.values,
		Schema: []format.SchemaElement{
			{Name: "root", NumChildren: thrift.New(int32(1))},
			{Name: "a", Type: thrift.New(x.physical), RepetitionType: thrift.New(format.Required)},
		},
		RowGroups: []format.RowGroup{{NumRows: x.values, Columns: []format.ColumnChunk{{MetaData: format.ColumnMetaData{
			Type: x.physical, Codec: x.codec, NumValues: x.values, PathInSchema: []string{"a"}, Encoding: []format.Encoding{x.encoding},
			TotalUncompressedSize: int64(x.size), TotalCompressedSize: int64(len(page)), DataPageOffset: 4,
		}}}}},
	}
	if x.footer != nil {
		x.footer(&m)
	}
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), &m)
	if err != nil {
		t.Fatal(err)
	}
	return frame(page, footer)
}

// frame puts magic and lengths around a body and a footer.
func frame(body, footer []byte) []byte {
	data := append([]byte("PAR1"), body...)
	data = append(data, footer...)
	data = binary.LittleEndian.AppendUint32(data, uint32(len(footer)))
	return append(data, "PAR1"...)
}

// Every forged file is refused, and before it costs memory.
func TestForged(t *testing.T) {
	eight := make([]byte, 8)
	chunk := func(m *format.FileMetaData) *format.ColumnMetaData { return &m.RowGroups[0].Columns[0].MetaData }
	zstdBomb := zstdOf(t, 1<<20)
	for name, c := range map[string]struct {
		forged
		want string
	}{
		"honest":                    {forged{}, ""},
		"rows negative":             {forged{footer: func(m *format.FileMetaData) { m.NumRows = -1 }}, "counts -1 rows"},
		"rows more than groups":     {forged{footer: func(m *format.FileMetaData) { m.NumRows = 2 }}, "row groups count 1 rows, footer 2"},
		"rows less than groups":     {forged{footer: func(m *format.FileMetaData) { m.NumRows = 0 }}, "footer 0 for all"},
		"values more than rows":     {forged{footer: func(m *format.FileMetaData) { chunk(m).NumValues = 2 }}, "2 values for 1 rows"},
		"no chunk":                  {forged{footer: func(m *format.FileMetaData) { m.RowGroups[0].Columns = nil }}, "0 column chunks for 1"},
		"chunk in another file":     {forged{footer: func(m *format.FileMetaData) { m.RowGroups[0].Columns[0].FilePath = "/etc/passwd" }}, "another file"},
		"chunk of another type":     {forged{footer: func(m *format.FileMetaData) { chunk(m).Type = format.Double }}, "chunk of type DOUBLE"},
		"chunk before the file":     {forged{footer: func(m *format.FileMetaData) { chunk(m).DataPageOffset = -4 }}, "outside the data"},
		"chunk in the footer":       {forged{footer: func(m *format.FileMetaData) { chunk(m).DataPageOffset += 1 }}, "outside the data"},
		"chunk offset overflows":    {forged{footer: func(m *format.FileMetaData) { chunk(m).DataPageOffset = 1<<63 - 1 }}, "outside the data"},
		"dictionary offset < 0":     {forged{footer: func(m *format.FileMetaData) { chunk(m).DictionaryPageOffset = -9 }}, "outside the data"},
		"chunk size negative":       {forged{footer: func(m *format.FileMetaData) { chunk(m).TotalCompressedSize = -1 }}, "outside the data"},
		"chunk size huge":           {forged{footer: func(m *format.FileMetaData) { chunk(m).TotalCompressedSize = 1 << 62 }}, "outside the data"},
		"chunk uncompressed size":   {forged{footer: func(m *format.FileMetaData) { chunk(m).TotalUncompressedSize = 1 << 62 }}, "exceeds the limit"},
		"chunk ratio":               {forged{footer: func(m *format.FileMetaData) { chunk(m).TotalUncompressedSize = 1 << 30 }}, "limit of 200:1"},
		"codec":                     {forged{codec: format.Brotli}, "codec BROTLI"},
		"codec unknown":             {forged{codec: 99}, "(99)"},
		"external encryption":       {forged{footer: encrypted}, "encrypted"},
		"page cut off":              {forged{header: func(h *format.PageHeader) { h.CompressedPageSize++ }}, "page of 9 bytes where the chunk has 8"},
		"page size negative":        {forged{header: func(h *format.PageHeader) { h.UncompressedPageSize = -1 }}, "-1 uncompressed"},
		"page checksum":             {forged{header: func(h *format.PageHeader) { h.CRC++ }}, "checksum"},
		"page values negative":      {forged{header: func(h *format.PageHeader) { h.DataPageHeader.V.NumValues = -1 }}, "page of -1 values"},
		"page values too many":      {forged{header: func(h *format.PageHeader) { h.DataPageHeader.V.NumValues = 2 }}, "page of 2 values where 1"},
		"page values too few":       {forged{header: func(h *format.PageHeader) { h.DataPageHeader.V.NumValues = 0 }}, "1 values before its count"},
		"page without a dictionary": {forged{encoding: format.RLEDictionary}, "does not have"},
		"page encoding":             {forged{encoding: 77}, "which is not read"},
		"page size above the limit": {forged{header: func(h *format.PageHeader) { h.UncompressedPageSize = 1<<31 - 1 }}, "exceeds the limit"},
		"plain values missing":      {forged{values: 2}, "ends before its values"},
		"rows out of nothing":       {forged{values: 1 << 40}, "more than the limit of 100 rows a byte"},
		"zstd bomb":                 {forged{codec: format.Zstd, body: zstdBomb, size: 64 << 20}, "limit of 200:1"},
		"zstd longer than it says":  {forged{codec: format.Zstd, body: zstdBomb, size: 8}, "zstd"},
		"zstd shorter than it says": {forged{codec: format.Zstd, body: zstdBomb, size: 2 << 20}, "size its header declares"},
		"snappy of another size":    {forged{codec: format.Snappy, body: []byte{0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0}, size: 8}, "size its header declares"},
		"delta of a billion values": {forged{encoding: format.DeltaBinaryPacked, body: []byte{0x80, 1, 4, 0x80, 0x94, 0xEB, 0xDC, 3, 0}, size: 9}, "at most 1"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.values == 0 {
				c.values = 1
			}
			if c.body == nil {
				c.body, c.size = eight, 8
			}
			c.physical = format.Int64
			data := c.file(t)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), parquetfile.Limits{})
			if err == nil {
				_, err = vectorCells(f, []int{0}, 100)
			}
			runtime.ReadMemStats(&after)
			if spent := after.TotalAlloc - before.TotalAlloc; spent > 16<<20 {
				t.Errorf("allocated %d bytes", spent)
			}
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
			} else if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "parquet: ") {
				t.Errorf("got error %v, want %q", err, c.want)
			}
		})
	}
}

func encrypted(m *format.FileMetaData) {
	m.EncryptionAlgorithm = format.EncryptionAlgorithm{Value: &format.AesGcmV1{}}
}

func zstdOf(t *testing.T, zeros int) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(make([]byte, zeros), nil)
}

// Footers that would overflow the stack or the memory of a decoder that trusts them.
func TestFooterBombs(t *testing.T) {
	longList := append([]byte{0x29, 0xFC}, binary.AppendUvarint(nil, 1<<30)...) // field 2: list of structs
	for name, c := range map[string]struct {
		footer []byte
		want   string
	}{
		"empty":               {nil, "ends inside"},
		"nested structs":      {bytes.Repeat([]byte{0x1C}, 1<<20), "nested deeper"},
		"nested lists":        {bytes.Repeat([]byte{0x19}, 1<<24), "nested deeper"},
		"list of a billion":   {longList, "ends inside"},
		"list of empties":     {append(append([]byte{0x29, 0xFC}, binary.AppendUvarint(nil, 1<<20)...), make([]byte, 1<<20+1)...), "memory limit"},
		"string of a billion": {append([]byte{0x68}, binary.AppendUvarint(nil, 1<<30)...), "ends inside"},
		"map":                 {[]byte{0x1B, 0x01, 0x55, 0x00, 0x00, 0x00}, "unexpected Thrift type"},
		"no fields":           {[]byte{0}, "missing required"},
	} {
		data := frame(nil, c.footer)
		if _, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), parquetfile.Limits{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %q", name, err, c.want)
		}
	}
	good := write(t, lines(10))
	for name, data := range map[string][]byte{
		"nothing": {}, "short": []byte("PAR1PAR1"), "text": []byte("customer_id,order_id\n1,2\n"),
		"no tail":             append(bytes.Clone(good), "more"...),
		"no head":             append([]byte("CSV1"), good[4:]...),
		"footer beyond start": binary.LittleEndian.AppendUint32(bytes.Clone(good[:len(good)-8]), 1<<31),
		"encrypted":           append([]byte("PARE"), good[4:]...),
	} {
		if name == "footer beyond start" {
			data = append(data, "PAR1"...)
		}
		if _, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), parquetfile.Limits{}); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// Limits can be lowered; every one of them bites.
func TestLimits(t *testing.T) {
	data := write(t, lines(1000), parquet.PageBufferSize(1000))
	for name, c := range map[string]struct {
		lim  parquetfile.Limits
		want string
	}{
		"footer":  {parquetfile.Limits{Footer: 100}, "exceeds the limit of 100"},
		"memory":  {parquetfile.Limits{FooterMemory: 100}, "memory limit"},
		"columns": {parquetfile.Limits{Columns: 6}, "more than 6 columns"},
		"page":    {parquetfile.Limits{Page: 500}, "exceeds the limit of 500"},
		"chunk":   {parquetfile.Limits{Chunk: 500}, "exceeds the limit of 500"},
	} {
		f, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), c.lim)
		if err == nil {
			_, err = vectorCells(f, readableOf(f), 100)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %q", name, err, c.want)
		}
	}
}
