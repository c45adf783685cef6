package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
)

// maxManifest bounds the manifest that Verify reads, in bytes.
const maxManifest = 256 << 20

// Problem is one damaged, missing or extra file.
type Problem struct {
	File  string // relative to the output directory
	Fault string // what is wrong with it
	Fix   string // what to do
}

// String is one line for a report.
func (p Problem) String() string { return p.File + ": " + p.Fault + "; " + p.Fix }

// Report is what Verify found.
type Report struct {
	ID      string // directory name of the run; "" where CURRENT names none
	Current bool   // whether CURRENT names it
	Files   int    // files of the manifest that were read and are right
	Bytes   int64  // their length
	// Problems are the faults by file; none where every byte is as written.
	Problems []Problem
}

// OK reports whether nothing is wrong.
func (r Report) OK() bool { return len(r.Problems) == 0 }

const (
	fixRun     = "restore it from a backup, or recompute the run with `vitalfew run --force`"
	fixExtra   = "move it elsewhere; it is not part of the run"
	fixPointer = "restore it from a backup, or publish again with `vitalfew run --force`"
)

// Verify reads every byte of a run ("" for the published one) and of CURRENT and compares them with
// what was written: the manifest with its own digest and with the one in CURRENT, each file with its
// length and sha256, the files present with the files listed. What is wrong is in the report; the
// error is ErrNone where nothing is published or no such run exists, or an *IOError.
func Verify(out, id string) (Report, error) {
	d, err := openReader(out)
	if err != nil {
		return Report{}, err
	}
	defer d.root.Close()
	return d.verify(id)
}

func (d *disk) verify(id string) (Report, error) {
	r := Report{ID: id}
	current, sum, err := d.current()
	switch {
	case errors.Is(err, ErrDamaged):
		r.add(currentName, err.Error(), fixPointer)
	case errors.Is(err, ErrNone) && id != "":
		// An older run can be checked although nothing is published.
	case err != nil:
		return r, err
	case id != "" && id != current:
		d.checkPointer(&r, current, sum)
	}
	if id == "" {
		r.ID = current
	}
	if r.ID == "" {
		return r, nil
	}
	r.Current = r.ID == current
	if checkSegment(r.ID, maxSegment) != nil {
		return r, fmt.Errorf("%w: %q is no run id", ErrNone, r.ID)
	}
	if info, err := d.root.Lstat(runsDir + "/" + r.ID); err != nil || !info.IsDir() {
		if r.Current {
			r.add(currentName, fmt.Sprintf("names the run %s, which does not exist", r.ID), fixPointer)
			return r, nil
		}
		return r, fmt.Errorf("%w: there is no run %s", ErrNone, r.ID)
	}
	if !r.Current {
		sum = ""
	}
	err = d.verifyRun(&r, sum)
	return r, err
}

// checkPointer checks CURRENT while another run is verified: a flipped byte may have made its id
// that of another run, but not its digest.
func (d *disk) checkPointer(r *Report, current, sum string) {
	b, err := d.read(runsDir+"/"+current+"/"+manifest, maxManifest)
	if err != nil || digestOf(b) != sum {
		r.add(currentName, fmt.Sprintf("or the manifest of the run %s that it names is damaged", current), fixPointer)
	}
}

// verifyRun checks the run r.ID against its manifest, and the manifest against the digest in
// CURRENT unless that is "".
func (d *disk) verifyRun(r *Report, currentSum string) error {
	dir := runsDir + "/" + r.ID
	present, err := d.walk(r, dir)
	if err != nil {
		return err
	}
	listed := d.verifyManifest(r, dir, currentSum, present)
	delete(present, manifest)
	delete(present, manifestSum)
	for _, f := range listed {
		name := dir + "/" + f.Name
		if !present[f.Name] {
			r.add(name, "missing", fixRun)
			continue
		}
		delete(present, f.Name)
		sum, n, err := d.digest(name)
		switch {
		case err != nil:
			r.add(name, "cannot be read: "+err.Error(), fixRun)
		case n != f.Bytes:
			r.add(name, fmt.Sprintf("has %d bytes, want %d", n, f.Bytes), fixRun)
		case sum != f.SHA256:
			r.add(name, fmt.Sprintf("damaged: sha256 is %s, want %s", sum, f.SHA256), fixRun)
		default:
			r.Files++
			r.Bytes += n
		}
	}
	if listed != nil {
		for extra := range present {
			r.add(dir+"/"+extra, "not in the manifest", fixExtra)
		}
	}
	sort.SliceStable(r.Problems, func(i, j int) bool { return r.Problems[i].File < r.Problems[j].File })
	return nil
}

// verifyManifest returns the files listed, or nil where the manifest cannot be believed.
func (d *disk) verifyManifest(r *Report, dir, currentSum string, present map[string]bool) []File {
	name := dir + "/" + manifest
	if !present[manifest] {
		r.add(name, "missing", fixRun)
		return nil
	}
	b, err := d.read(name, maxManifest)
	if err != nil {
		r.add(name, "cannot be read: "+err.Error(), fixRun)
		return nil
	}
	sum := digestOf(b)
	beside, err := d.read(dir+"/"+manifestSum, 1<<10)
	ownOK := err == nil && string(beside) == sumLine(sum)
	currentOK := currentSum == "" || currentSum == sum
	switch { // two of the three outvote the third
	case ownOK && !currentOK:
		r.add(currentName, fmt.Sprintf("holds the digest %s, the manifest of %s has %s", currentSum, r.ID, sum), fixPointer)
	case !ownOK && currentOK && currentSum != "":
		r.add(dir+"/"+manifestSum, "missing or damaged: it is not the digest of "+manifest, fixRun)
	case !ownOK:
		r.add(name, "damaged: its digest is not the one written beside it", fixRun)
	}
	var said entries
	if err := json.Unmarshal(b, &said); err != nil {
		r.add(name, "damaged: "+err.Error(), fixRun)
		return nil
	}
	if !revisionOf(r.ID, said.RunID) {
		r.add(name, fmt.Sprintf("belongs to the run %q", said.RunID), fixRun)
	}
	if said.Files == nil {
		said.Files = []File{}
	}
	return said.Files
}

// walk lists the regular files below dir, relative to it, and reports all else but the directories
// that hold some.
func (d *disk) walk(r *Report, dir string) (map[string]bool, error) {
	files, dirs := map[string]bool{}, map[string]bool{}
	err := fs.WalkDir(d.root.FS(), dir, func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return &IOError{"list", p, cause(err)}
		case p == dir:
		case e.IsDir():
			dirs[p[len(dir)+1:]] = true
		case !e.Type().IsRegular():
			r.add(p, "not a regular file but "+e.Type().String(), fixExtra)
		default:
			files[p[len(dir)+1:]] = true
		}
		return nil
	})
	for f := range files {
		for up := path.Dir(f); up != "."; up = path.Dir(up) {
			delete(dirs, up)
		}
	}
	for empty := range dirs {
		r.add(dir+"/"+empty, "a directory that holds no file", fixExtra)
	}
	return files, err
}

func (d *disk) digest(name string) (sum string, n int64, err error) {
	f, err := d.root.Open(name)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	return Digest(f)
}

func (r *Report) add(file, fault, fix string) {
	r.Problems = append(r.Problems, Problem{file, fault, fix})
}
