package publish

import (
	"errors"
	"fmt"
)

// Conditions that callers branch on, with errors.Is.
var (
	// ErrLocked says that another run works in the output directory (exit 6).
	ErrLocked = errors.New("another run holds the lock")
	// ErrNone says that nothing is published yet.
	ErrNone = errors.New("no run is published")
	// ErrIO matches every *IOError: the disk failed or is full (exit 7).
	ErrIO = errors.New("disk or I/O trouble")
	// ErrDamaged says that a published file is not what was written.
	ErrDamaged = errors.New("damaged")
	// ErrName matches every refused file name or run id.
	ErrName = errors.New("name not allowed")
)

// IOError is a failed operation on a file below the output directory. It matches ErrIO and wraps
// the cause, so errors.Is(err, syscall.ENOSPC) works.
type IOError struct {
	Op   string // what was tried: create, write, fsync, rename, ...
	Path string // relative to the output directory
	Err  error
}

// Error says what was tried, on what, and what to do.
func (e *IOError) Error() string {
	return fmt.Sprintf("%s %s: %v; check space and permissions of the output directory and run again", e.Op, e.Path, e.Err)
}

// Unwrap returns the cause.
func (e *IOError) Unwrap() error { return e.Err }

// Is reports whether target is ErrIO.
func (e *IOError) Is(target error) bool { return target == ErrIO }
