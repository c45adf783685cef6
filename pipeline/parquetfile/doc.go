// Package parquetfile reads Parquet files that strangers wrote, column by column and fast.
//
// The steps, each of which trusts nothing the step before has not checked:
//
//  1. Open reads the footer: magic at both ends, length within the file and the limits, structure
//     walked (nesting, list sizes) before anything is allocated for it, then decoded; row groups must
//     add up to the footer's rows and every chunk must lie inside the file. Encrypted files are refused.
//  2. Columns names every leaf with its Kind. A leaf that cannot be read (list in a list, geometry, a codec
//     outside UNCOMPRESSED, SNAPPY, GZIP and ZSTD) carries a Refusal; the file still opens, because most
//     columns of an export are never mapped.
//  3. Group starts on one row group. It walks the pages of each wanted chunk, checks every page header
//     against the limits before the body is read or a buffer is sized by it, and verifies checksums.
//  4. Next fills one Vector per column. A batch never crosses a page of any column, so a vector is either
//     wholly dictionary codes or wholly plain values, and memory is bounded by pages, not by row groups.
//     Where a wanted column lies in a list, a row is an element of it (list.go).
//  5. The end of a group must come for all columns at once, at the row the footer promised.
//
// parquet-go supplies the format's structures and their Thrift decoding. Its page readers are not used:
// they size buffers by what a page claims about itself (run lengths, prefix lengths, a corrupt LZ4
// block), which no check of headers can prevent. Pages are decoded here, with every length known before
// the buffer is made; compression is klauspost/compress, bounded by the size the header declared.
//
// No goroutine is started, and a panic in a decoder becomes an error of the file it happened in.
package parquetfile
