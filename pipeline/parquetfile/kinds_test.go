package parquetfile

import (
	"math"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/vitalfew/vitalfew/pipeline/civil"
)

func logical(v format.LogicalTypeValue) format.LogicalType { return format.LogicalType{Value: v} }

func TestResolve(t *testing.T) {
	type want struct {
		Kind  Kind
		Scale int
		Unit  Unit
		UTC   bool
	}
	no := want{}
	micro := format.TimeUnit{Value: &format.MicroSeconds{}}
	for name, c := range map[string]struct {
		physical format.Type
		length   int32
		logical  format.LogicalTypeValue
		old      *deprecated.ConvertedType
		want     want
	}{
		"bool":                  {format.Boolean, 0, nil, nil, want{Kind: Bool}},
		"int32":                 {format.Int32, 0, nil, nil, want{Kind: Int}},
		"int8":                  {format.Int32, 0, &format.IntType{BitWidth: 8, IsSigned: true}, nil, want{Kind: Int}},
		"uint64":                {format.Int64, 0, &format.IntType{BitWidth: 64}, nil, want{Kind: Uint}},
		"old uint16":            {format.Int32, 0, nil, converted(deprecated.Uint16), want{Kind: Uint}},
		"old int16":             {format.Int32, 0, nil, converted(deprecated.Int16), want{Kind: Int}},
		"unsigned double":       {format.Double, 0, &format.IntType{BitWidth: 64}, nil, no},
		"int96":                 {format.Int96, 0, nil, nil, want{Kind: Timestamp, Unit: Micro, UTC: true}},
		"double":                {format.Double, 0, nil, nil, want{Kind: Float}},
		"float16":               {format.FixedLenByteArray, 2, &format.Float16Type{}, nil, want{Kind: Float}},
		"float16 of 3 bytes":    {format.FixedLenByteArray, 3, &format.Float16Type{}, nil, no},
		"fixed of no length":    {format.FixedLenByteArray, 0, nil, nil, no},
		"uuid":                  {format.FixedLenByteArray, 16, &format.UUIDType{}, nil, want{Kind: Bytes}},
		"uuid of 15 bytes":      {format.FixedLenByteArray, 15, &format.UUIDType{}, nil, no},
		"string":                {format.ByteArray, 0, &format.StringType{}, nil, want{Kind: Bytes}},
		"string of int64":       {format.Int64, 0, &format.StringType{}, nil, no},
		"decimal":               {format.Int64, 0, &format.DecimalType{Scale: 4, Precision: 18}, nil, want{Kind: Decimal, Scale: 4}},
		"decimal, scale > prec": {format.Int64, 0, &format.DecimalType{Scale: 4, Precision: 3}, nil, no},
		"decimal, scale < 0":    {format.Int64, 0, &format.DecimalType{Scale: -1, Precision: 3}, nil, no},
		"decimal of double":     {format.Double, 0, &format.DecimalType{Scale: 1, Precision: 3}, nil, no},
		"date":                  {format.Int32, 0, &format.DateType{}, nil, want{Kind: Day}},
		"date of int64":         {format.Int64, 0, &format.DateType{}, nil, no},
		"timestamp":             {format.Int64, 0, &format.TimestampType{Unit: micro}, nil, want{Kind: Timestamp, Unit: Micro}},
		"timestamp, no unit":    {format.Int64, 0, &format.TimestampType{}, nil, no},
		"old timestamp":         {format.Int64, 0, nil, converted(deprecated.TimestampMillis), want{Kind: Timestamp, Unit: Milli, UTC: true}},
		"time":                  {format.Int64, 0, &format.TimeType{Unit: micro}, nil, want{Kind: TimeOfDay, Unit: Micro}},
		"bson":                  {format.ByteArray, 0, &format.BsonType{}, nil, no},
		"geometry":              {format.ByteArray, 0, &format.GeometryType{}, nil, no},
		"interval":              {format.FixedLenByteArray, 12, nil, converted(deprecated.Interval), no},
		"unknown physical":      {format.Type(-7), 0, nil, nil, no},
	} {
		e := format.SchemaElement{Name: name, Type: thrift.New(c.physical), LogicalType: logical(c.logical), TypeLength: thrift.New(c.length)}
		if c.old != nil {
			e.ConvertedType = thrift.New(*c.old)
		}
		root := format.SchemaElement{Name: "root", NumChildren: thrift.New(int32(1))}
		columns, err := leaves([]format.SchemaElement{root, e}, 1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		col := columns[0]
		got := want{col.Kind, col.Scale, col.Unit, col.UTC}
		if c.want == no {
			got = want{Kind: col.Kind}
		}
		if got != c.want || (col.Refusal != "") != (c.want == no) {
			t.Errorf("%s: got %v, refusal %q, want %v", name, got, col.Refusal, c.want)
		}
	}
}

func TestLeaves(t *testing.T) {
	group := func(name string, n int32, rep format.FieldRepetitionType) format.SchemaElement {
		return format.SchemaElement{Name: name, NumChildren: thrift.New(n), RepetitionType: thrift.New(rep)}
	}
	leaf := func(name string, rep format.FieldRepetitionType) format.SchemaElement {
		return format.SchemaElement{Name: name, Type: thrift.New(format.Int32), RepetitionType: thrift.New(rep)}
	}
	columns, err := leaves([]format.SchemaElement{
		group("root", 4, format.Required),
		group("a", 2, format.Optional), leaf("b", format.Optional), leaf("c", format.Required),
		leaf("d", format.Repeated),
		group("e", 1, format.Repeated), leaf("f", format.Required),
		group("g", 1, format.Repeated), leaf("h", format.Repeated),
	}, 10)
	if err != nil {
		t.Fatal(err)
	}
	type shape struct {
		Name, List         string
		MaxDef             int
		Optional, Repeated bool
	}
	var got []shape
	for _, c := range columns {
		got = append(got, shape{c.Name, c.List, c.maxDef, c.Optional, c.Repeated})
		if (c.Name == "g.h") != (c.Refusal != "") {
			t.Errorf("%s: refusal %q", c.Name, c.Refusal)
		}
	}
	want := []shape{{"a.b", "", 2, true, false}, {"a.c", "", 1, true, false}, {"d", "d", 1, false, true}, {"e.f", "e", 1, false, true}, {"g.h", "g", 2, false, true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for name, elements := range map[string][]format.SchemaElement{
		"empty":             {},
		"too few elements":  {group("root", 2, 0), leaf("a", 0)},
		"too many elements": {group("root", 1, 0), leaf("a", 0), leaf("b", 0)},
		"too many columns":  {group("root", 2, 0), leaf("a", 0), leaf("b", 0)},
		"bad repetition":    {group("root", 1, 0), leaf("a", 7)},
		"neither":           {group("root", 1, 0), {Name: "a"}},
		"negative children": {group("root", 1, 0), group("a", -1, 0)},
	} {
		if _, err := leaves(elements, 1); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	deep := []format.SchemaElement{group("root", 1, 0)}
	for range maxNesting + 1 {
		deep = append(deep, group("g", 1, 0))
	}
	if _, err := leaves(append(deep, leaf("a", 0)), 1); err == nil {
		t.Error("deep nesting: got no error")
	}
}

func TestBigEndian(t *testing.T) {
	for _, c := range []struct {
		b    []byte
		want int64
		ok   bool
	}{
		{nil, 0, true}, {[]byte{0}, 0, true}, {[]byte{0xFF}, -1, true}, {[]byte{0x80}, -128, true}, {[]byte{0, 0x80}, 128, true},
		{[]byte{0x7F, 255, 255, 255, 255, 255, 255, 255}, math.MaxInt64, true},
		{[]byte{0x80, 0, 0, 0, 0, 0, 0, 0}, math.MinInt64, true},
		{[]byte{0, 0x7F, 255, 255, 255, 255, 255, 255, 255}, math.MaxInt64, true},
		{[]byte{0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0}, math.MinInt64, true},
		{[]byte{0, 0x80, 0, 0, 0, 0, 0, 0, 0}, 0, false}, // MaxInt64 + 1
		{[]byte{0xFF, 0x7F, 255, 255, 255, 255, 255, 255, 255}, 0, false},
		{[]byte{1, 0, 0, 0, 0, 0, 0, 0, 0}, 0, false},
	} {
		if got, ok := bigEndian(c.b); ok != c.ok || (ok && got != c.want) {
			t.Errorf("%x: got %d, %v, want %d, %v", c.b, got, ok, c.want, c.ok)
		}
	}
}

func TestFloat16(t *testing.T) {
	for bits, want := range map[uint16]float64{
		0: 0, 0x3C00: 1, 0xC000: -2, 0x7BFF: 65504, 0x0001: math.Ldexp(1, -24), 0x0400: math.Ldexp(1, -14),
		0x7C00: math.Inf(1), 0xFC00: math.Inf(-1), 0x3555: 0.333251953125,
	} {
		if got := float16(bits); got != want {
			t.Errorf("%04x: got %v, want %v", bits, got, want)
		}
	}
	if !math.IsNaN(float16(0x7E00)) {
		t.Error("7e00: want NaN")
	}
}

func TestDayAndSeconds(t *testing.T) {
	for _, c := range []struct {
		kind    Kind
		unit    Unit
		value   int64
		day     civil.Day
		ok      bool
		seconds int
		text    string
	}{
		{Day, 0, -1, -1, true, 0, "1969-12-31"},
		{Day, 0, int64(civil.Max) + 1, civil.Unknown, false, 0, "10000-01-01"},
		{Day, 0, int64(civil.Min) - 366, civil.Unknown, false, 0, "0-01-01"},
		{Timestamp, Milli, -1, -1, true, 86399, "1969-12-31T23:59:59.999"},
		{Timestamp, Micro, 0, 0, true, 0, "1970-01-01T00:00:00"},
		{Timestamp, Nano, 86_400_000_000_001, 1, true, 0, "1970-01-02T00:00:00.000000001"},
		{Timestamp, Milli, math.MaxInt64, civil.Unknown, false, 25975, "292278994-08-17T07:12:55.807"},
		{TimeOfDay, Micro, 86_399_000_001, 0, false, 86399, "23:59:59.000001"},
	} {
		v := Vector{Kind: c.kind, Unit: c.unit, Len: 1, Values: Values{Ints: []int64{c.value}}}
		if got := string(v.Append(nil, 0)); got != c.text {
			t.Errorf("%s %d: got %s, want %s", c.kind, c.value, got, c.text)
		}
		if day, ok := v.Day(0); c.kind != TimeOfDay && (day != c.day || ok != c.ok) {
			t.Errorf("%s: got day %d, %v, want %d, %v", c.text, day, ok, c.day, c.ok)
		}
		if c.unit != 0 && v.Seconds(0) != c.seconds {
			t.Errorf("%s: got second %d, want %d", c.text, v.Seconds(0), c.seconds)
		}
	}
	v := Vector{Kind: Day, Len: 1, Valid: []bool{false}, Values: Values{Ints: []int64{0}}}
	if day, ok := v.Day(0); ok || day != civil.Unknown {
		t.Errorf("null: got day %d, %v", day, ok)
	}
}

// The footer's memory budget counts what the decoded structures really take.
func TestStructCost(t *testing.T) {
	for name, size := range map[string]uintptr{
		"chunk": unsafe.Sizeof(chunkMeta{}), "row group": unsafe.Sizeof(rowGroupMeta{}),
		"element": unsafe.Sizeof(format.SchemaElement{}) + unsafe.Sizeof(format.TimestampType{}),
	} {
		if size > costStruct {
			t.Errorf("%s takes %d bytes, budgeted %d", name, size, costStruct)
		}
	}
}

func converted(t deprecated.ConvertedType) *deprecated.ConvertedType { return &t }
