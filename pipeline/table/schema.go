package table

import (
	"bytes"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// parquetSchema is a root and its leaves. The converted types are for readers older than logical ones.
func (t *Table) parquetSchema() []format.SchemaElement {
	schema := []format.SchemaElement{{Name: "customers", NumChildren: thrift.New(int32(len(t.cols)))}}
	for i := range t.cols {
		c := &t.cols[i]
		e := format.SchemaElement{Name: c.Name, Type: thrift.New(c.kind.stored()), RepetitionType: thrift.New(format.Optional)}
		switch c.kind {
		case String:
			e.ConvertedType, e.LogicalType.Value = thrift.New(deprecated.UTF8), &format.StringType{}
		case Day:
			e.ConvertedType, e.LogicalType.Value = thrift.New(deprecated.Date), &format.DateType{}
		case Amount, Quantity:
			e.ConvertedType, e.LogicalType.Value = thrift.New(deprecated.Decimal), &format.DecimalType{Scale: 4, Precision: 18}
			e.Scale, e.Precision = thrift.New(int32(4)), thrift.New(int32(18))
		case Int64:
			e.LogicalType.Value = &format.IntType{BitWidth: 64, IsSigned: true}
		}
		schema = append(schema, e)
	}
	return schema
}

// stored is the physical type of a kind.
func (k Kind) stored() format.Type {
	switch k {
	case String:
		return format.ByteArray
	case Float64:
		return format.Double
	case Day:
		return format.Int32
	case Bool:
		return format.Boolean
	}
	return format.Int64
}

// encoding is how the values of a column's data pages are encoded, dictionaries aside.
func (k Kind) encoding() format.Encoding {
	switch k {
	case String, Float64, Bool:
		return format.Plain
	}
	return format.DeltaBinaryPacked
}

// appendThrift appends a structure of the format in the compact protocol.
func appendThrift(dst []byte, v any) []byte {
	b := bytes.NewBuffer(dst)
	if err := thrift.NewEncoder(new(thrift.CompactProtocol).NewWriter(b)).Encode(v); err != nil {
		panic("table: a structure of the format has no encoding: " + err.Error())
	}
	return b.Bytes()
}
