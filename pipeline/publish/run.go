package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// Run is a run as readers see it, between OpenRun and Close. It needs no lock: what CURRENT names is
// whole, and a run that is pruned meanwhile stays readable through files that are open.
type Run struct {
	ID       string // directory name below OUT/runs
	Current  bool   // whether CURRENT names it
	Manifest []byte // manifest.json, right by its digest
	files    []File
	disk     *disk
}

// OpenRun opens a run, "" for the published one. Its manifest is held against its digest, which is
// cheap; the other files are not (that is Verify). It returns ErrNone where nothing is published or
// there is no such run, naming those that there are, an error matching ErrDamaged where CURRENT or the
// manifest is not what was written, and an *IOError.
func OpenRun(out, id string) (*Run, error) {
	d, err := openReader(out)
	if err != nil {
		return nil, err
	}
	r, err := d.openRun(out, id)
	if err != nil {
		return nil, errors.Join(err, d.root.Close())
	}
	return r, nil
}

func (d *disk) openRun(out, id string) (*Run, error) {
	current, sum, err := d.current()
	if err != nil && (id == "" || !errors.Is(err, ErrNone) && !errors.Is(err, ErrDamaged)) {
		return nil, err // an older run can be read although CURRENT is lost
	}
	r := &Run{ID: id, disk: d}
	if id == "" {
		r.ID = current
	}
	r.Current = r.ID == current
	if checkSegment(r.ID, maxSegment) != nil {
		return nil, fmt.Errorf("%w: %q is no run id", ErrNone, r.ID)
	}
	if info, err := d.root.Lstat(runsDir + "/" + r.ID); err != nil || !info.IsDir() {
		if r.Current {
			return nil, fmt.Errorf("%w: %s names the run %s, which does not exist; %s", ErrDamaged, currentName, r.ID, fixPointer)
		}
		return nil, fmt.Errorf("%w: there is no run %s in %s; %s", ErrNone, r.ID, out, d.list())
	}
	return r, r.readManifest(sum)
}

// readManifest holds the manifest against the digest in CURRENT, or the one beside it.
func (r *Run) readManifest(sum string) (err error) {
	name := runsDir + "/" + r.ID + "/" + manifest
	if r.Manifest, err = r.disk.read(name, maxManifest); err != nil {
		return r.gone(manifest, err)
	}
	have := digestOf(r.Manifest)
	if !r.Current {
		beside, err := r.disk.read(runsDir+"/"+r.ID+"/"+manifestSum, 1<<10)
		if err != nil {
			return r.gone(manifestSum, err)
		}
		sum = have
		if string(beside) != sumLine(have) {
			sum = ""
		}
	}
	if have != sum {
		return r.damage(manifest, errors.New("its digest is not the one that was written"))
	}
	var said entries
	if err := json.Unmarshal(r.Manifest, &said); err != nil {
		return r.damage(manifest, err)
	}
	r.files = said.Files
	return nil
}

// gone makes a file that is missing a damage; other trouble stays what it is.
func (r *Run) gone(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return r.damage(name, errors.New("it is missing"))
	}
	return err
}

// damage is the error of a file of the run that is not what was written.
func (r *Run) damage(name string, err error) error {
	return fmt.Errorf("%w: %s/%s/%s: %w; `vitalfew verify` shows what else is, and what to do", ErrDamaged, runsDir, r.ID, name, err)
}

// Damage makes err, which reading a file of the run came to, one that matches ErrDamaged, names the
// file and says what to do. It returns nil for nil.
func (r *Run) Damage(name string, err error) error {
	if err == nil {
		return nil
	}
	return r.damage(name, err)
}

// Has reports whether the manifest lists a file.
func (r *Run) Has(name string) bool { return r.entry(name) != nil }

func (r *Run) entry(name string) *File {
	i := slices.IndexFunc(r.files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &r.files[i]
}

// Open opens a file of the run, such as customers.parquet, and returns its length and the sha256 that
// the manifest gives it. A file of another length is damaged; its digest is left to the caller. The
// caller closes the file, which stays readable after Close of the run. A file that the manifest does
// not list is an error matching fs.ErrNotExist.
func (r *Run) Open(name string) (f *os.File, size int64, sha256 string, err error) {
	e := r.entry(name)
	if e == nil {
		return nil, 0, "", fmt.Errorf("run %s has no file %s: %w", r.ID, name, fs.ErrNotExist)
	}
	path := runsDir + "/" + r.ID + "/" + name
	info, err := r.disk.root.Lstat(path)
	if err != nil {
		return nil, 0, "", r.gone(name, &IOError{"open", path, cause(err)})
	}
	if !info.Mode().IsRegular() || info.Size() != e.Bytes {
		return nil, 0, "", r.damage(name, fmt.Errorf("it has %d bytes, %d were written", info.Size(), e.Bytes))
	}
	if f, err = r.disk.root.Open(path); err != nil {
		return nil, 0, "", &IOError{"open", path, cause(err)}
	}
	return f, e.Bytes, e.SHA256, nil
}

// Close ends the reading.
func (r *Run) Close() error { return r.disk.root.Close() }

// list names the newest runs, for an error.
func (d *disk) list() string {
	names, err := d.runs()
	switch {
	case err != nil || len(names) == 0:
		return "there are none"
	case len(names) > 5:
		names = names[:5]
	}
	return "the newest are " + strings.Join(names, ", ")
}
