//go:build unix

package publish

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
)

func TestModesWhateverTheUmask(t *testing.T) {
	for _, c := range []struct {
		umask     int
		opts      Options
		file, dir fs.FileMode
	}{
		{0, Options{}, 0o600, 0o700},
		{0o277, Options{}, 0o600, 0o700},
		{0o077, Options{FileMode: 0o640, DirMode: 0o750}, 0o640, 0o750},
	} {
		out := filepath.Join(t.TempDir(), "o")
		old := syscall.Umask(c.umask)
		_, err := run(out, "a", night1, c.opts, nil)
		syscall.Umask(old)
		if err != nil {
			t.Fatal(err)
		}
		filepath.WalkDir(out, func(p string, e fs.DirEntry, walked error) error {
			if walked != nil {
				return walked
			}
			info, err := e.Info()
			want := c.file
			if e.IsDir() {
				want = c.dir
			}
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("umask %o: %s has mode %o, want %o", c.umask, p, info.Mode().Perm(), want)
			}
			return nil
		})
	}
}
