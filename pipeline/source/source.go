// Package source provides the input files of a run: it finds them, tells what they are by their
// first bytes, opens them decompressed within limits, and digests them.
//
//  1. Expand turns what the user named (files, directories, globs) into Files in a fixed order.
//  2. Open gives a file's text, decompressed; OpenAt the file itself, for Parquet.
//  3. Digest and Changed tie a run to the very bytes it read.
package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Format is what a file holds, told by its first bytes and never by its name.
type Format uint8

// The formats a run reads.
const (
	Text Format = iota
	Parquet
	Workbook // XLSX
)

// String is the format's name.
func (f Format) String() string {
	return [...]string{"text", "parquet", "xlsx"}[f]
}

// Compression is how a text file is packed.
type Compression uint8

// The packings a run reads.
const (
	Plain Compression = iota
	Gzip
	Zstd
)

// String is the packing's name.
func (c Compression) String() string { return [...]string{"none", "gzip", "zstd"}[c] }

// File is an input file as it was when the run began.
type File struct {
	Path        string
	Size        int64 // bytes
	Format      Format
	Compression Compression
	modified    int64 // ns; compared, never shown
}

// ErrEmpty says that a file holds no byte.
var ErrEmpty = errors.New("the file is empty")

// endings are what Expand takes from a directory; a file named outright may be called anything.
func endings() []string { return []string{".csv", ".tsv", ".txt", ".parquet", ".pq", ".xlsx"} }

// Expand finds the files that patterns name: a file, a directory (with everything below it that is
// called like an export) or a glob. The result is sorted by path and holds every file once. All
// patterns that give nothing, and all files that cannot be read, are reported together.
func Expand(patterns []string) ([]File, error) {
	var paths []string
	var faults []error
	for _, p := range patterns {
		found, err := expand(p)
		if err != nil {
			faults = append(faults, err)
		}
		paths = append(paths, found...)
	}
	slices.Sort(paths)
	var files []File
	var seen []fs.FileInfo
	for _, p := range slices.Compact(paths) {
		info, err := os.Stat(p)
		if err == nil && slices.ContainsFunc(seen, func(o fs.FileInfo) bool { return os.SameFile(o, info) }) {
			continue // by another name, a link
		}
		f, err := Stat(p)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		files, seen = append(files, f), append(seen, info)
	}
	return files, errors.Join(faults...)
}

func expand(pattern string) ([]string, error) {
	if scheme, _, ok := strings.Cut(pattern, "://"); ok {
		return nil, fmt.Errorf("%s: %s URLs are not read yet; copy the export to a local path", pattern, scheme)
	}
	info, err := os.Stat(pattern)
	switch {
	case err == nil && info.IsDir():
		return walk(pattern)
	case err == nil:
		return []string{filepath.Clean(pattern)}, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case !strings.ContainsAny(pattern, "*?["):
		return nil, fmt.Errorf("%s: no such file or directory; check the path", pattern)
	}
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: not a pattern: %w", pattern, err)
	}
	var out []string
	for _, m := range matches {
		if info, err := os.Stat(m); err == nil && !info.IsDir() {
			out = append(out, filepath.Clean(m))
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no file matches; check the pattern", pattern)
	}
	return out, nil
}

func walk(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && path != dir
		if d.IsDir() && (hidden || publishedHere(path)) {
			return filepath.SkipDir
		}
		if !d.IsDir() && !hidden && looksLikeExport(d.Name()) {
			out = append(out, filepath.Clean(path))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: the directory holds no file ending in %s (or those with .gz, .zst)", dir, strings.Join(endings(), ", "))
	}
	return out, nil
}

// publishedHere tells a directory of published runs, which holds no exports.
func publishedHere(dir string) bool {
	runs, err := os.Stat(filepath.Join(dir, "runs"))
	if err != nil || !runs.IsDir() {
		return false
	}
	_, err = os.Stat(filepath.Join(dir, ".lock"))
	return err == nil
}

func looksLikeExport(name string) bool {
	name = strings.ToLower(name)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	return slices.ContainsFunc(endings(), func(e string) bool { return strings.HasSuffix(name, e) })
}

// Stat looks at a file's size and first bytes.
func Stat(path string) (File, error) {
	// Asked before it is opened: to open a pipe waits for its writer.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return File{}, fmt.Errorf("%s: not a regular file; write its content to a file first", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close() // only read
	info, err := f.Stat()
	if err != nil {
		return File{}, err
	}
	if !info.Mode().IsRegular() { // exchanged since
		return File{}, fmt.Errorf("%s: not a regular file", path)
	}
	if info.Size() == 0 {
		return File{}, fmt.Errorf("%s: %w; export it again", path, ErrEmpty)
	}
	head := make([]byte, headBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	out := File{Path: path, Size: info.Size(), modified: info.ModTime().UnixNano()}
	if err := out.sniff(head[:n]); err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	return out, nil
}

func (f *File) sniff(head []byte) error {
	switch {
	case bytes.HasPrefix(head, []byte("PAR1")):
		f.Format = Parquet
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		f.Compression = Gzip
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		f.Compression = Zstd
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		f.Format = Workbook
	default:
		if what := foreign(head); what != "" {
			return errors.New(what)
		}
	}
	return nil
}

// Changed is an error where the file is no longer what Stat saw: its figures would mix two states.
func (f File) Changed() error {
	info, err := os.Stat(f.Path)
	if err != nil {
		return fmt.Errorf("input vanished during the run: %w", err)
	}
	if info.Size() != f.Size || info.ModTime().UnixNano() != f.modified {
		return fmt.Errorf("%s: the file changed during the run; run again when the export is finished", f.Path)
	}
	return nil
}
