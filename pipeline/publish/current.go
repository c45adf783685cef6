package publish

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// Current returns the directory name of the published run below OUT/runs and the sha256 of its
// manifest. It returns ErrNone where nothing is published, an error matching ErrDamaged where
// CURRENT is not of the form Commit writes, and an *IOError where it cannot be read.
func Current(out string) (id, manifestSHA256 string, err error) {
	d, err := openReader(out)
	if err != nil {
		return "", "", err
	}
	defer d.root.Close()
	return d.current()
}

// openReader opens an output directory for reading, without a lock: what CURRENT names is whole.
func openReader(out string) (*disk, error) {
	root, err := os.OpenRoot(out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: there is no directory %s; run `vitalfew run` first", ErrNone, out)
	}
	if err != nil {
		return nil, &IOError{"open", out, cause(err)}
	}
	return &disk{root: root}, nil
}

func (d *disk) current() (id, sum string, err error) {
	b, err := d.read(currentName, 1<<10)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", fmt.Errorf("%w: there is no file %s; run `vitalfew run` first", ErrNone, currentName)
	}
	if err != nil {
		return "", "", err
	}
	id, sum, ok := parseCurrent(string(b))
	if !ok {
		return "", "", fmt.Errorf("%w: %s is not a run id and a sha256, each on a line: %q", ErrDamaged, currentName, b)
	}
	return id, sum, nil
}

// parseCurrent is strict, so that no flipped byte passes.
func parseCurrent(s string) (id, sum string, ok bool) {
	id, rest, _ := strings.Cut(s, "\n")
	sum, rest, end := strings.Cut(rest, "\n")
	return id, sum, end && rest == "" && checkSegment(id, maxSegment) == nil && isDigest(sum)
}

func isDigest(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

// point moves CURRENT to a run. It says whether CURRENT moved, which it may have although the last
// fsync then failed.
func (s *Store) point(name, sum string) (moved bool, err error) {
	if err := s.writeFile(currentTemp, []byte(name+"\n"+sum+"\n")); err != nil {
		return false, errors.Join(err, s.remove(currentTemp))
	}
	if err := s.rename(currentTemp, currentName); err != nil {
		return false, errors.Join(err, s.remove(currentTemp))
	}
	return true, s.syncDir(".")
}

// read reads a regular file of at most limit bytes. A symlink is refused, not followed.
func (d *disk) read(name string, limit int64) ([]byte, error) {
	info, err := d.root.Lstat(name)
	if err != nil {
		return nil, &IOError{"open", name, cause(err)}
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, fmt.Errorf("%w: %s is no regular file of at most %d bytes", ErrDamaged, name, limit)
	}
	f, err := d.root.Open(name)
	if err != nil {
		return nil, &IOError{"open", name, cause(err)}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit))
	if err != nil {
		return nil, &IOError{"read", name, cause(err)}
	}
	return b, nil
}
