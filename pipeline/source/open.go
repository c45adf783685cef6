package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Limits on what a packed file may unpack to: a bomb stops here, honest exports do not. Text packs
// about 1:10; a ratio of 200 after the first 64 MiB is no order export.
const (
	bombFree  = 64 << 20
	bombRatio = 200
	// zstdMemory is the largest window the zstd decoder may keep.
	zstdMemory = 128 << 20
)

// ErrBomb says that a packed file unpacks to more than any export would.
var ErrBomb = errors.New("it unpacks to more than 200 times its size; refused")

// OpenAt opens the file itself.
func (f File) OpenAt() (*os.File, error) { return os.Open(f.Path) }

// Open opens the file's text, unpacked.
func (f File) Open() (io.ReadCloser, error) {
	file, err := os.Open(f.Path)
	if err != nil || f.Compression == Plain {
		return file, err
	}
	r := &unpacked{file: file, packed: f.Size}
	switch f.Compression {
	case Gzip: // gzip files may have many members: the reader goes on to the next
		z, err := gzip.NewReader(file)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: not a sound gzip file: %w", f.Path, err), file.Close())
		}
		r.Reader, r.stop = z, func() {}
	case Zstd:
		z, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(zstdMemory))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: not a sound zstd file: %w", f.Path, err), file.Close())
		}
		r.Reader, r.stop = z, z.Close
	}
	return r, nil
}

type unpacked struct {
	io.Reader
	file   *os.File
	stop   func()
	packed int64
	n      int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	u.n += int64(n)
	if u.n > bombFree && u.n > bombRatio*u.packed {
		return n, fmt.Errorf("%s: %w", u.file.Name(), ErrBomb)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		// Not wrapped: readers take io.ErrUnexpectedEOF for the end of a short file.
		err = fmt.Errorf("%s: the packed file is damaged or cut off: %v; export it again", u.file.Name(), err)
	}
	return n, err
}

func (u *unpacked) Close() error {
	u.stop()
	return u.file.Close()
}

// Digest is the SHA-256 of the file's bytes, in hex.
func (f File) Digest(ctx context.Context) (string, error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return "", err
	}
	defer file.Close() // only read
	h := sha256.New()
	n, err := io.CopyBuffer(h, untilDone{ctx, file}, make([]byte, 1<<20))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", f.Path, err)
	}
	if n != f.Size {
		return "", fmt.Errorf("%s: the file changed during the run; run again when the export is finished", f.Path)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// untilDone reads until its context ends. It hides WriterTo, so that the copy uses its buffer.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
