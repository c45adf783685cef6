package parquetfile

// Limits bound what a file may ask for. The zero value of a field means its default; a limit cannot be
// switched off, only raised.
type Limits struct {
	// Footer is the largest footer in bytes (default 16 MiB). FooterMemory bounds what decoding it may
	// allocate, in bytes (default 64 MiB: some 200,000 column chunks).
	Footer, FooterMemory int64

	// Columns is the largest number of leaf columns (default 16,384).
	Columns int

	// Page is the largest page in bytes, compressed or not, that is read (default 128 MiB).
	Page int64

	// Chunk is the largest uncompressed column chunk in bytes (default 8 GiB).
	Chunk int64

	// Ratio is the largest uncompressed : compressed ratio (default 200). It is judged only on pages
	// above 16 MiB and chunks above 64 MiB, because small constant columns compress without bound.
	Ratio int64

	// RowsPerByte bounds the rows of a file beyond the first 16,777,216, per byte of its size (default
	// 100). A run length of five bytes can stand for two billion rows; this keeps such a file from
	// running for hours.
	RowsPerByte int64
}

// Ratios are judged above these sizes; rows per byte above this count.
const (
	pageRatioFloor  = 16 << 20
	chunkRatioFloor = 64 << 20
	rowsFloor       = 1 << 24
)

// withDefaults returns l with every zero field replaced by its default.
func (l Limits) withDefaults() Limits {
	l.Footer = orElse(l.Footer, 16<<20)
	l.FooterMemory = orElse(l.FooterMemory, 64<<20)
	l.Columns = int(orElse(int64(l.Columns), 16<<10))
	l.Page = min(orElse(l.Page, 128<<20), 1<<31-1)
	l.Chunk = orElse(l.Chunk, 8<<30)
	l.Ratio = orElse(l.Ratio, 200)
	l.RowsPerByte = orElse(l.RowsPerByte, 100)
	return l
}

func orElse(v, fallback int64) int64 {
	if v <= 0 {
		return fallback
	}
	return v
}

// tooDense reports whether out uncompressed bytes from in compressed ones break the ratio, above a floor.
func (l Limits) tooDense(out, in, floor int64) bool {
	return out > floor && out/l.Ratio > in
}
