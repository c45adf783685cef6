package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// stateDir holds what the next night needs of the last; it is not pruned with the runs.
const stateDir = "state"

// PutState replaces OUT/state/NAME: written beside, fsynced, renamed, directories fsynced. A crash
// leaves the old bytes or the new ones. NAME is a legal file name with a directory or more.
func (s *Store) PutState(name string, b []byte) error {
	if err := checkName(name); err != nil {
		return err
	}
	path := stateDir + "/" + name
	dirs := append([]string{"."}, parents(path)...)
	for _, dir := range dirs[1:] {
		if err := s.mkdir(dir); err != nil {
			return err
		}
	}
	last := dirs[len(dirs)-1]
	temp := last + "/.tmp" + strings.TrimPrefix(path, last+"/")
	if _, err := s.root.Lstat(temp); !errors.Is(err, fs.ErrNotExist) { // of a killed process
		if err := s.remove(temp); err != nil {
			return err
		}
	}
	if err := s.writeFile(temp, b); err != nil {
		return errors.Join(err, s.remove(temp))
	}
	if err := s.rename(temp, path); err != nil {
		return errors.Join(err, s.remove(temp))
	}
	for i := len(dirs) - 1; i >= 0; i-- {
		if err := s.syncDir(dirs[i]); err != nil {
			return err
		}
	}
	return nil
}

// maxState bounds a state file: what is larger was not written here.
const maxState = 1 << 32

// ReadState reads OUT/state/NAME. Where there is none, also because OUT does not exist, the error
// matches fs.ErrNotExist.
func ReadState(out, name string) ([]byte, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(out)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	defer root.Close()
	return (&disk{root: root}).read(stateDir+"/"+name, maxState)
}

// ReadRunFile reads a file of a run directory, whole.
func ReadRunFile(out, run, name string) ([]byte, error) {
	if err := errors.Join(checkSegment(run, maxSegment), checkName(name)); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(out)
	if err != nil {
		return nil, &IOError{"open", out, cause(err)}
	}
	defer root.Close()
	return (&disk{root: root}).read(runsDir+"/"+run+"/"+name, maxState)
}
