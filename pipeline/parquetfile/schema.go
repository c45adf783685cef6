package parquetfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// Kind is how the values of a column are delivered in a Vector.
type Kind uint8

// The kinds, with the Vector field that holds the values.
const (
	Unreadable Kind = iota // none: see Column.Refusal
	Bool                   // Ints: 0 or 1
	Int                    // Ints
	Uint                   // Ints; above MaxInt64 Over is set and Ints holds the 64 bits
	Decimal                // Ints: the mantissa, value x 10^Scale; Over where it does not fit
	Float                  // Floats
	Bytes                  // Bytes: text or binary as stored; a UUID as its 36-character text
	Day                    // Ints: days since 1970-01-01
	TimeOfDay              // Ints: Units since midnight
	Timestamp              // Ints: Units since 1970-01-01T00:00:00
)

// String returns the name of the kind, in lower case.
func (k Kind) String() string {
	names := [...]string{"unreadable", "bool", "int", "uint", "decimal", "float", "bytes", "day", "time", "timestamp"}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Unit is the number of steps a second has: the resolution of a Timestamp or TimeOfDay.
type Unit int64

// The units of the format.
const (
	Milli Unit = 1e3
	Micro Unit = 1e6
	Nano  Unit = 1e9
)

// Column is a leaf of the schema.
type Column struct {
	Name  string   // path joined by dots
	Path  []string // path from below the root
	Kind  Kind
	Scale int    // decimal places of a Decimal, 0..76
	Unit  Unit   // of a Timestamp or TimeOfDay
	UTC   bool   // the timestamps are instants; otherwise wall-clock times
	Type  string // physical and logical type, for people: "INT64 TIMESTAMP(...)"

	Optional bool // may hold nulls
	Repeated bool // lies inside a list or map
	// List is the path of the list or map that the column lies inside, "" for none. Reading such a column
	// gives a row for each of its elements; see GroupReader.
	List string

	// Refusal says why the column cannot be read and what to do; empty if it can.
	Refusal string

	physical format.Type
	form     form
	width    int // bytes of a plain value; 0 if it varies
	maxDef   int // definition level of a present value
	listDef  int // of an element of List, null or not; below it the list is empty or null
}

// form is how a plain value is laid out and converted.
type form uint8

const (
	formBits form = iota
	formInt32
	formUint32
	formInt64
	formUint64
	formInt96
	formFloat32
	formFloat64
	formFloat16
	formBytes
	formUUID
	formDecimal // big-endian two's complement, fixed or variable length
)

// maxNesting bounds the depth of the schema tree.
const maxNesting = 64

// schemaReader walks the schema elements, which are a tree in depth-first order.
type schemaReader struct {
	elements []format.SchemaElement
	next     int
	limit    int
	columns  []Column
}

// nest is what a leaf inherits from its groups.
type nest struct {
	path               []string
	def                int
	optional, repeated bool
	refusal            string
	lists              int    // lists and maps around
	list               string // path of the outermost
	listDef            int    // definition level of its elements
}

// leaves returns the leaf columns of a schema.
func leaves(elements []format.SchemaElement, limit int) ([]Column, error) {
	if len(elements) == 0 {
		return nil, errors.New("it is empty")
	}
	r := schemaReader{elements: elements, limit: limit, next: 1}
	for range elements[0].NumChildren.V {
		if err := r.element(nest{}); err != nil {
			return nil, err
		}
	}
	if r.next != len(elements) {
		return nil, fmt.Errorf("%d of its %d elements belong to no group", len(elements)-r.next, len(elements))
	}
	return r.columns, nil
}

func (r *schemaReader) element(in nest) error {
	if r.next >= len(r.elements) {
		return errors.New("a group has fewer elements than it says")
	}
	if len(in.path) >= maxNesting {
		return fmt.Errorf("nested deeper than %d groups", maxNesting)
	}
	e := &r.elements[r.next]
	r.next++
	in.path = append(in.path[:len(in.path):len(in.path)], e.Name)
	if e.RepetitionType.Valid {
		switch e.RepetitionType.V {
		case format.Required:
		case format.Optional:
			in.def, in.optional = in.def+1, true
		case format.Repeated:
			in.def, in.repeated, in.lists = in.def+1, true, in.lists+1
			if in.list == "" {
				in.list, in.listDef = strings.Join(in.path, "."), in.def
			}
		default:
			return fmt.Errorf("element %q has repetition %d", e.Name, e.RepetitionType.V)
		}
	}
	if !e.NumChildren.Valid || (e.NumChildren.V == 0 && e.Type.Valid) {
		return r.leaf(e, in)
	}
	if e.NumChildren.V < 0 || e.Type.Valid {
		return fmt.Errorf("element %q is a group of %d and has a type", e.Name, e.NumChildren.V)
	}
	if _, ok := e.LogicalType.Value.(*format.VariantType); ok {
		in.refusal = "part of a VARIANT; export it as plain columns"
	}
	for range e.NumChildren.V {
		if err := r.element(in); err != nil {
			return err
		}
	}
	return nil
}

func (r *schemaReader) leaf(e *format.SchemaElement, in nest) error {
	if !e.Type.Valid {
		return fmt.Errorf("element %q has neither type nor children", e.Name)
	}
	if len(r.columns) >= r.limit {
		return fmt.Errorf("more than %d columns", r.limit)
	}
	c := Column{
		Name: strings.Join(in.path, "."), Path: in.path,
		Type: typeName(e), Optional: in.optional, Repeated: in.repeated, List: in.list,
		physical: e.Type.V, maxDef: in.def, listDef: in.listDef, Refusal: in.refusal,
	}
	if in.lists > 1 {
		c.Refusal = "in a list or map inside another; export it as one row per innermost element"
	}
	if c.Refusal == "" {
		c.Refusal = c.resolve(e)
	}
	if c.Refusal != "" {
		c.Kind = Unreadable
	}
	r.columns = append(r.columns, c)
	return nil
}

func typeName(e *format.SchemaElement) string {
	name := e.Type.V.String()
	if e.Type.V == format.FixedLenByteArray {
		name = fmt.Sprintf("%s(%d)", name, e.TypeLength.V)
	}
	if e.LogicalType.Value != nil {
		return name + " " + e.LogicalType.Value.String()
	}
	if e.ConvertedType.Valid {
		if t := logicalOf(e); t != nil {
			return name + " " + t.String()
		}
		return fmt.Sprintf("%s converted type %d", name, e.ConvertedType.V)
	}
	return name
}

// resolve sets kind, form and width, and returns a refusal or "". An annotation that does not fit the
// physical type is refused; one that is not known leaves the physical type.
func (c *Column) resolve(e *format.SchemaElement) string {
	if refusal := c.resolvePhysical(int(e.TypeLength.V)); refusal != "" {
		return refusal
	}
	switch t := logicalOf(e).(type) {
	case *format.DecimalType:
		return c.resolveDecimal(t)
	case *format.DateType:
		return c.as(Day, format.Int32)
	case *format.TimeType:
		c.Unit, c.UTC = unitOf(t.Unit), t.IsAdjustedToUTC
		if c.Unit == Milli {
			return c.as(TimeOfDay, format.Int32)
		}
		return c.as(TimeOfDay, format.Int64)
	case *format.TimestampType:
		c.Unit, c.UTC = unitOf(t.Unit), t.IsAdjustedToUTC
		return c.as(Timestamp, format.Int64)
	case *format.IntType:
		return c.resolveInt(t)
	case *format.StringType, *format.EnumType, *format.JsonType:
		if c.Kind != Bytes {
			return "text annotation on a column of type " + c.Type
		}
	case *format.UUIDType:
		c.form = formUUID
		if c.width != 16 {
			return "UUID annotation on a column of type " + c.Type
		}
	case *format.Float16Type:
		c.form, c.Kind = formFloat16, Float
		if c.physical != format.FixedLenByteArray || c.width != 2 {
			return "FLOAT16 annotation on a column of type " + c.Type
		}
	case *format.BsonType, *format.GeometryType, *format.GeographyType, *format.VariantType, *format.MapType, *format.ListType:
		return "of type " + c.Type + "; export it as text or numbers"
	}
	if e.ConvertedType.Valid && e.ConvertedType.V == deprecated.Interval {
		return "of type INTERVAL; export it as a number of days or seconds"
	}
	return ""
}

// as sets the kind if the physical type is the one that the annotation allows.
func (c *Column) as(k Kind, want format.Type) string {
	if c.physical != want || (c.Unit == 0 && k != Day) {
		return fmt.Sprintf("annotation %s on a column of type %s", k, c.Type)
	}
	c.Kind = k
	return ""
}

func (c *Column) resolvePhysical(length int) string {
	switch c.physical {
	case format.Boolean:
		c.Kind, c.form = Bool, formBits
	case format.Int32:
		c.Kind, c.form, c.width = Int, formInt32, 4
	case format.Int64:
		c.Kind, c.form, c.width = Int, formInt64, 8
	case format.Int96:
		// Spark and Hive store instants; nanoseconds of the years beyond 2262 do not fit 64 bits, so
		// the value is floored to microseconds.
		c.Kind, c.form, c.width, c.Unit, c.UTC = Timestamp, formInt96, 12, Micro, true
	case format.Float:
		c.Kind, c.form, c.width = Float, formFloat32, 4
	case format.Double:
		c.Kind, c.form, c.width = Float, formFloat64, 8
	case format.ByteArray:
		c.Kind, c.form = Bytes, formBytes
	case format.FixedLenByteArray:
		c.Kind, c.form, c.width = Bytes, formBytes, length
		if length <= 0 || length > 1<<20 {
			return fmt.Sprintf("FIXED_LEN_BYTE_ARRAY of length %d", length)
		}
	default:
		return fmt.Sprintf("of unknown physical type %d", int32(c.physical))
	}
	return ""
}

func (c *Column) resolveDecimal(t *format.DecimalType) string {
	// 76 digits are the most that any engine writes (256-bit decimals).
	if t.Scale < 0 || t.Scale > 76 || t.Precision < 1 || t.Scale > t.Precision {
		return fmt.Sprintf("DECIMAL(%d,%d) is not a legal decimal", t.Precision, t.Scale)
	}
	switch c.physical {
	case format.Int32, format.Int64:
	case format.ByteArray, format.FixedLenByteArray:
		c.form = formDecimal
	default:
		return "DECIMAL annotation on a column of type " + c.Type
	}
	c.Kind, c.Scale = Decimal, int(t.Scale)
	return ""
}

func (c *Column) resolveInt(t *format.IntType) string {
	if c.physical != format.Int32 && c.physical != format.Int64 {
		return "integer annotation on a column of type " + c.Type
	}
	if !t.IsSigned {
		c.Kind = Uint
		if c.form = formUint64; c.physical == format.Int32 {
			c.form = formUint32
		}
	}
	return ""
}

// logicalOf returns the logical type, from the deprecated converted type where the writer is old.
func logicalOf(e *format.SchemaElement) format.LogicalTypeValue {
	if e.LogicalType.Value != nil || !e.ConvertedType.Valid {
		return e.LogicalType.Value
	}
	milli := format.TimeUnit{Value: &format.MilliSeconds{}}
	micro := format.TimeUnit{Value: &format.MicroSeconds{}}
	switch ct := e.ConvertedType.V; ct {
	case deprecated.UTF8, deprecated.Enum, deprecated.Json:
		return &format.StringType{}
	case deprecated.Bson:
		return &format.BsonType{}
	case deprecated.Decimal:
		return &format.DecimalType{Scale: e.Scale.V, Precision: e.Precision.V}
	case deprecated.Date:
		return &format.DateType{}
	case deprecated.TimeMillis:
		return &format.TimeType{IsAdjustedToUTC: true, Unit: milli}
	case deprecated.TimeMicros:
		return &format.TimeType{IsAdjustedToUTC: true, Unit: micro}
	case deprecated.TimestampMillis:
		return &format.TimestampType{IsAdjustedToUTC: true, Unit: milli}
	case deprecated.TimestampMicros:
		return &format.TimestampType{IsAdjustedToUTC: true, Unit: micro}
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
		return &format.IntType{BitWidth: 8 << (ct - deprecated.Uint8)}
	}
	return nil
}

func unitOf(u format.TimeUnit) Unit {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return Milli
	case *format.MicroSeconds:
		return Micro
	case *format.NanoSeconds:
		return Nano
	}
	return 0
}
