package parquetfile
import ("testing";"unsafe";"github.com/parquet-go/parquet-go/format")
func TestSizes(t *testing.T){ t.Log(unsafe.Sizeof(chunkMeta{}), unsafe.Sizeof(rowGroupMeta{}), unsafe.Sizeof(format.SchemaElement{})) }
