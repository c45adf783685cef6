package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	lockName    = ".lock"
	currentName = "CURRENT"
	currentTemp = ".CURRENT.tmp"
	runsDir     = "runs"
	tempPrefix  = ".tmp-"
	defaultKeep = 30
)

// Options say how runs are kept.
type Options struct {
	// Keep is how many runs stay, the published one among them. 0 is 30; below 0 all stay.
	Keep int
	// FileMode and DirMode are the permissions of what is created, whatever the umask. 0 is 0600 and
	// 0700: the files hold personal data.
	FileMode, DirMode fs.FileMode
	// Info is written into the lock file for whoever wonders what runs. It decides nothing.
	Info string
}

// Store is an output directory, locked until Close. Its stages may be filled by several goroutines.
type Store struct {
	disk
	keep int
	lock *os.File
}

// Open creates the directory out where it is missing, takes its lock and removes what an earlier,
// killed run left behind. It returns ErrLocked at once where another run works there, and an
// *IOError where the disk refuses.
func Open(out string, opts Options) (*Store, error) { return open(out, opts, nil) }

func open(out string, opts Options, g gate) (*Store, error) {
	s := &Store{disk: disk{gate: g, file: opts.FileMode, dir: opts.DirMode}, keep: opts.Keep}
	if s.file == 0 {
		s.file = 0o600
	}
	if s.dir == 0 {
		s.dir = 0o700
	}
	if s.keep == 0 {
		s.keep = defaultKeep
	}
	if err := makeOut(out, s.dir); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(out)
	if err != nil {
		return nil, &IOError{"open", out, cause(err)}
	}
	s.root = root
	if err := s.acquire(out, opts.Info); err != nil {
		root.Close()
		return nil, err
	}
	if err := s.sweep(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// makeOut creates out with its parents and makes its directory entry durable. A directory that
// exists keeps its mode: it is the user's.
func makeOut(out string, mode fs.FileMode) error {
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		return nil
	}
	if err := os.MkdirAll(out, mode); err != nil {
		return &IOError{"mkdir", out, cause(err)}
	}
	if err := os.Chmod(out, mode); err != nil {
		return &IOError{"chmod", out, cause(err)}
	}
	parent, err := os.OpenRoot(filepath.Dir(filepath.Clean(out)))
	if err != nil {
		return nil // a parent that may not be read cannot be fsynced; nothing is lost yet
	}
	defer parent.Close()
	return (&disk{root: parent}).syncDir(".")
}

// acquire takes the lock. A symlink in its place is replaced, so that nothing else is locked or
// written.
func (s *Store) acquire(out, info string) error {
	if st, err := s.root.Lstat(lockName); err == nil && !st.Mode().IsRegular() {
		if err := s.remove(lockName); err != nil {
			return err
		}
	}
	f, err := s.root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, s.file)
	if err != nil {
		return &IOError{"open", lockName, cause(err)}
	}
	if err := flock(f); err != nil {
		f.Close()
		if errors.Is(err, ErrLocked) {
			return fmt.Errorf("%w on %s: wait for it to end, or choose another output directory", ErrLocked, out)
		}
		return &IOError{"lock", lockName, err}
	}
	if err := s.mark(f, info); err != nil {
		f.Close()
		return err
	}
	s.lock = f
	return nil
}

// mark checks that the locked file is still the one under the name, and says in it who works here.
func (s *Store) mark(f *os.File, info string) error {
	held, err := f.Stat()
	if err != nil {
		return &IOError{"stat", lockName, cause(err)}
	}
	if named, err := s.root.Lstat(lockName); err != nil || !os.SameFile(held, named) {
		return fmt.Errorf("%w: the lock file was replaced meanwhile; run again", ErrLocked)
	}
	if err := f.Chmod(s.file); err != nil {
		return &IOError{"chmod", lockName, cause(err)}
	}
	if err := f.Truncate(0); err != nil {
		return &IOError{"truncate", lockName, cause(err)}
	}
	if info == "" {
		return nil
	}
	if _, err := f.WriteAt([]byte(info+"\n"), 0); err != nil {
		return &IOError{"write", lockName, cause(err)}
	}
	return nil
}

// sweep removes stages, runs on their way out and a half-written CURRENT.
func (s *Store) sweep() error {
	if err := s.mkdir(runsDir); err != nil {
		return err
	}
	names, err := s.names(runsDir)
	if err != nil {
		return err
	}
	for _, n := range names {
		if strings.HasPrefix(n, tempPrefix) {
			if err := s.remove(runsDir + "/" + n); err != nil {
				return err
			}
		}
	}
	if _, err := s.root.Lstat(currentTemp); err == nil {
		return s.remove(currentTemp)
	}
	return nil
}

// Close releases the lock. Stages still open are left to the next Open; Abort them first.
func (s *Store) Close() error {
	return errors.Join(s.lock.Close(), s.root.Close())
}
