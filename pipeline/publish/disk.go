package publish

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
	"syscall"
)

// gate is asked before every operation that changes the disk. Tests inject faults and crashes with
// it; a nil gate lets everything pass.
type gate interface {
	pass(op, name string) error
}

// disk does the operations below OUT: each through os.Root, each error an *IOError.
type disk struct {
	root *os.Root
	gate gate
	file fs.FileMode
	dir  fs.FileMode
}

func (d *disk) do(op, name string, f func() error) error {
	if d.gate != nil {
		if err := d.gate.pass(op, name); err != nil {
			return &IOError{op, name, err}
		}
	}
	if err := f(); err != nil {
		return &IOError{op, name, cause(err)}
	}
	return nil
}

// cause drops the operation and path that os already put around an error; IOError says them.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}

// mkdir creates a directory of the set mode, whatever the umask. One that exists is fine; a symlink
// or file in its place is replaced.
func (d *disk) mkdir(name string) error {
	if info, err := d.root.Lstat(name); err == nil {
		if info.IsDir() {
			return nil
		}
		if err := d.remove(name); err != nil {
			return err
		}
	}
	return d.do("mkdir", name, func() error {
		if err := d.root.Mkdir(name, d.dir); err != nil {
			return err
		}
		return d.root.Chmod(name, d.dir)
	})
}

// create opens a new file for writing, of the set mode, whatever the umask.
func (d *disk) create(name string) (f *os.File, err error) {
	err = d.do("create", name, func() error {
		f, err = d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, d.file)
		if err != nil {
			return err
		}
		if err = f.Chmod(d.file); err != nil {
			f.Close()
		}
		return err
	})
	return f, err
}

func (d *disk) write(f *os.File, name string, b []byte) error {
	if d.gate != nil {
		if err := d.gate.pass("write", name); err != nil {
			f.Write(b[:len(b)/2]) // a full disk takes a part first
			return &IOError{"write", name, err}
		}
	}
	n, err := f.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return &IOError{"write", name, cause(err)}
	}
	return nil
}

func (d *disk) sync(f *os.File, name string) error { return d.do("fsync", name, f.Sync) }

// close closes f also where the gate says no, as a failing close(2) does.
func (d *disk) close(f *os.File, name string) error {
	if d.gate != nil {
		if err := d.gate.pass("close", name); err != nil {
			f.Close()
			return &IOError{"close", name, err}
		}
	}
	if err := f.Close(); err != nil {
		return &IOError{"close", name, cause(err)}
	}
	return nil
}

// syncDir makes the entries of a directory durable. Windows and some network file systems have no
// such call and say so; all that can be done there is done.
func (d *disk) syncDir(name string) error {
	return d.do("fsync", name, func() error {
		if runtime.GOOS == "windows" {
			return nil
		}
		f, err := d.root.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		if err = f.Sync(); errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
			return nil
		}
		return err
	})
}

func (d *disk) rename(from, to string) error {
	return d.do("rename", to, func() error { return d.root.Rename(from, to) })
}

// remove removes a file or a whole directory; one that is not there is fine. A symlink is removed,
// not what it points to.
func (d *disk) remove(name string) error {
	return d.do("remove", name, func() error { return d.root.RemoveAll(name) })
}

// names lists a directory in byte order; none where it is missing.
func (d *disk) names(dir string) ([]string, error) {
	entries, err := fs.ReadDir(d.root.FS(), dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &IOError{"list", dir, cause(err)}
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

// writeFile creates a file with these bytes and makes it durable (not yet its directory entry).
func (d *disk) writeFile(name string, b []byte) error {
	f, err := d.create(name)
	if err != nil {
		return err
	}
	if err := d.write(f, name, b); err != nil {
		f.Close()
		return err
	}
	if err := d.sync(f, name); err != nil {
		f.Close()
		return err
	}
	return d.close(f, name)
}
