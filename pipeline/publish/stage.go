package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"sort"
	"sync"
)

// bufferSize is what an Output gathers before it writes, in bytes.
const bufferSize = 256 << 10

// File is one file of a run, as its manifest lists it.
type File struct {
	Name   string `json:"name"`  // relative to the run directory, with slashes
	Bytes  int64  `json:"bytes"` // length
	Rows   int64  `json:"rows"`  // data rows, the header not counted; 0 where rows make no sense
	SHA256 string `json:"sha256"`
}

// Stage is a run directory in the making. Create and the Outputs may be used by several goroutines,
// one Output by one at a time; Commit and Abort end the stage.
type Stage struct {
	store *Store
	id    string
	dir   string // runs/.tmp-ID

	mu    sync.Mutex
	dirs  map[string]bool
	open  map[string]*Output
	files []File
	err   error // the first failure; Commit refuses after it
	ended bool
}

// Stage opens a stage for the run id: 1..59 characters of [A-Za-z0-9_.-], no leading dot.
func (s *Store) Stage(id string) (*Stage, error) {
	if err := checkSegment(id, maxID); err != nil {
		return nil, fmt.Errorf("run id: %w", err)
	}
	g := &Stage{store: s, id: id, dir: runsDir + "/" + tempPrefix + id,
		dirs: map[string]bool{}, open: map[string]*Output{}}
	if err := s.remove(g.dir); err != nil {
		return nil, err
	}
	if err := s.mkdir(g.dir); err != nil {
		return nil, err
	}
	return g, nil
}

// Create opens a new file of the run. The name is relative with slashes, each segment 1..64
// characters of [A-Za-z0-9_.-]; a name used before, or one that is not portable, is an error.
func (g *Stage) Create(name string) (*Output, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended {
		panic("publish: Create after Commit or Abort")
	}
	for _, d := range parents(name) {
		if g.dirs[d] {
			continue
		}
		if err := g.store.mkdir(g.dir + "/" + d); err != nil {
			return nil, g.failed(err)
		}
		g.dirs[d] = true
	}
	f, err := g.store.create(g.dir + "/" + name)
	if err != nil {
		return nil, g.failed(err)
	}
	o := &Output{stage: g, name: name, f: f, sum: sha256.New(), buf: make([]byte, 0, bufferSize)}
	g.open[name] = o
	return o, nil
}

// failed remembers the first failure; g.mu is held.
func (g *Stage) failed(err error) error {
	if g.err == nil {
		g.err = err
	}
	return err
}

// Files are the files closed so far, by name.
func (g *Stage) Files() []File {
	g.mu.Lock()
	defer g.mu.Unlock()
	files := append([]File(nil), g.files...)
	sort.Slice(files, func(i, j int) bool { return files[i].Name < files[j].Name })
	return files
}

// Abort closes and removes everything of the stage; the published run is not touched. After Commit
// it does nothing, so it can be deferred.
func (g *Stage) Abort() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended {
		return nil
	}
	g.ended = true
	for _, o := range g.open {
		o.f.Close() // a writer still at work gets an error from here on
	}
	return g.store.remove(g.dir)
}

// Output is one file being written: it counts and hashes what passes.
type Output struct {
	stage *Stage
	name  string
	f     *os.File
	sum   hash.Hash
	buf   []byte
	bytes int64
	rows  int64
	err   error
	done  bool
}

// AddRows adds n to the data rows that the manifest will say.
func (o *Output) AddRows(n int64) { o.rows += n }

// Write takes b into the buffer, or straight to the file where it is large. After a failure every
// Write returns it.
func (o *Output) Write(b []byte) (int, error) {
	if o.err == nil && o.done {
		o.err = fmt.Errorf("write %s: %w", o.name, os.ErrClosed)
	}
	if o.err != nil {
		return 0, o.err
	}
	if len(o.buf)+len(b) > cap(o.buf) {
		o.flush()
	}
	if len(b) >= cap(o.buf) {
		o.put(b)
	} else {
		o.buf = append(o.buf, b...)
	}
	if o.err != nil {
		return 0, o.err
	}
	return len(b), nil
}

func (o *Output) flush() {
	if len(o.buf) > 0 {
		o.put(o.buf)
		o.buf = o.buf[:0]
	}
}

func (o *Output) put(b []byte) {
	if o.err != nil {
		return
	}
	o.sum.Write(b)
	o.bytes += int64(len(b))
	o.err = o.stage.store.write(o.f, o.path(), b)
}

func (o *Output) path() string { return o.stage.dir + "/" + o.name }

// Close flushes, checks the length on disk, fsyncs and closes, and enters the file in the run. Any
// failure, also of an earlier Write, is returned and makes Commit refuse. A second Close does
// nothing.
func (o *Output) Close() error {
	if o.done {
		return nil
	}
	o.flush()
	if o.err == nil {
		o.err = o.checkLength()
	}
	if o.err == nil {
		o.err = o.stage.store.sync(o.f, o.path())
	}
	if o.err == nil {
		o.err = o.stage.store.close(o.f, o.path())
	} else {
		o.f.Close()
	}
	o.done = true
	g := o.stage
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.open, o.name)
	if o.err != nil {
		return g.failed(o.err)
	}
	g.files = append(g.files, File{o.name, o.bytes, o.rows, hex.EncodeToString(o.sum.Sum(nil))})
	return nil
}

func (o *Output) checkLength() error {
	info, err := o.f.Stat()
	if err != nil {
		return &IOError{"stat", o.path(), cause(err)}
	}
	if info.Size() != o.bytes {
		return &IOError{"write", o.path(), fmt.Errorf("the file has %d bytes after %d were written", info.Size(), o.bytes)}
	}
	return nil
}

// ready returns why the stage cannot be committed, or nil.
func (g *Stage) ready() error {
	switch {
	case g.ended:
		return errors.New("commit: the stage has ended")
	case g.err != nil:
		return g.err
	case len(g.open) > 0:
		names := make([]string, 0, len(g.open))
		for n := range g.open {
			names = append(names, n)
		}
		sort.Strings(names)
		return fmt.Errorf("commit: files still open: %v; Close them first", names)
	}
	return nil
}
