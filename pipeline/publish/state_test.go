package publish

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

const stateName = "crm/target.state"

// Whatever operation fails, the state is the old one or the new one, whole; the next write works.
func TestStateIsOldOrNew(t *testing.T) {
	put := func(out, text string, g gate) error {
		s, err := open(out, Options{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		s.gate = g
		return s.PutState(stateName, []byte(text))
	}
	ops := 0
	if err := put(fastDir(t), "old", gateFunc(func(string, string) error { ops++; return nil })); err != nil || ops < 8 {
		t.Fatalf("got %d operations, %v", ops, err)
	}
	for k := 1; k <= ops; k++ {
		out := fastDir(t)
		if err := put(out, "old", nil); err != nil {
			t.Fatal(err)
		}
		err := put(out, "new state", counted(k, func(string, string) error { return syscall.ENOSPC }))
		got, readErr := ReadState(out, stateName)
		if readErr != nil || string(got) != "old" && string(got) != "new state" || err == nil && string(got) != "new state" {
			t.Errorf("operation %d: got %q, %v after %v", k, got, readErr, err)
		}
		if err != nil && !errors.Is(err, ErrIO) {
			t.Errorf("operation %d: got %v, want %v", k, err, ErrIO)
		}
		if err := put(out, "newer", nil); err != nil {
			t.Errorf("operation %d: then %v", k, err)
		}
	}
}

// A killed write leaves a file beside, which the next replaces; planted links are not followed.
func TestStateReplacesWhatStandsThere(t *testing.T) {
	out := fastDir(t)
	dir := filepath.Join(out, "state", "crm")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(fastDir(t), "victim")
	if err := errors.Join(os.WriteFile(outside, []byte("theirs"), 0o600), os.Symlink(outside, filepath.Join(dir, ".tmptarget.state")), os.Symlink(outside, filepath.Join(dir, "target.state"))); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadState(out, stateName); !errors.Is(err, ErrDamaged) {
		t.Errorf("a link: got %v, want %v", err, ErrDamaged)
	}
	s, err := Open(out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.PutState(stateName, []byte("ours")); err != nil {
		t.Fatal(err)
	}
	got, err := ReadState(out, stateName)
	theirs, _ := os.ReadFile(outside)
	if err != nil || string(got) != "ours" || string(theirs) != "theirs" {
		t.Errorf("got %q, %v, and %q outside", got, err, theirs)
	}
	if err := s.PutState("../x", nil); !errors.Is(err, ErrName) {
		t.Errorf("got %v, want %v", err, ErrName)
	}
}

func TestStateMissing(t *testing.T) {
	for _, out := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if _, err := ReadState(out, stateName); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v, want %v", out, err, fs.ErrNotExist)
		}
	}
	if _, err := ReadRunFile(t.TempDir(), "..", "x"); !errors.Is(err, ErrName) {
		t.Errorf("got %v, want %v", err, ErrName)
	}
}
