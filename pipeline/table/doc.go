// Package table provides the immutable customer table and its files.
//
//  1. A constructor per type (Strings, Coded, Ints, Floats, Days, Amounts, Quantities, Bools) makes a
//     Column from a Go slice, without a copy where the memory layouts agree. Missing is null, and null
//     means unknown.
//  2. New checks the columns and makes the Table: equal lengths, unique names, values that every
//     output format can hold. With adds columns and shares all buffers.
//  3. WriteParquet, WriteCSV and WriteArrow write the rows of a selection, in its order. Their bytes
//     depend on the table and the options only, not on the number of workers. WriteJSON writes rows for
//     programs, exactly, and WriteText for a person at a terminal, rounded.
//  4. Open reads the footer of a file that WriteParquet wrote; Read, ReadRows and Find then read no more
//     than the columns and row groups they need, by the bounds that the file states.
//
// In memory every column is an Arrow array (Table.Record). Amounts and quantities stay int64 in
// 1/10,000 there, which costs no copy; their fields say "decimal" = "18,4", and files carry real
// DECIMAL(18,4). Strings of few distinct values are best given as Coded: they are Arrow dictionary
// arrays in memory and in IPC files, dictionary pages in Parquet, and in CSV each distinct value is
// quoted once for the whole file.
package table
