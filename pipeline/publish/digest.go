package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
)

// Digest reads r to its end and returns the sha256 in lower-case hex and the number of bytes.
func Digest(r io.Reader) (sum string, bytes int64, err error) {
	h := sha256.New()
	n, err := io.CopyBuffer(h, onlyReader{r}, make([]byte, 64<<10))
	if err != nil {
		return "", n, err
	}
	return hex.EncodeToString(h.Sum(nil)), n, nil
}

// DigestFile is Digest of the file at a path outside or inside an output directory.
func DigestFile(path string) (sum string, bytes int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	return Digest(f)
}

// onlyReader hides WriterTo, so that CopyBuffer uses its large buffer.
type onlyReader struct{ io.Reader }

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
