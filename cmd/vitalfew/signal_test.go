package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/publish"
)

// stageWatch is a stderr that ends the context when the log names a stage.
type stageWatch struct {
	bytes.Buffer
	stage string
	end   func()
}

func (w *stageWatch) Write(b []byte) (int, error) {
	if strings.Contains(string(b), `"stage":"`+w.stage+`"`) {
		w.end()
	}
	return w.Buffer.Write(b)
}

// A signal at any stage has its exit code, says so in a line, and leaves the run published before.
func TestSignalsAtStages(t *testing.T) {
	dir := t.TempDir()
	orders, out := put(t, dir, "orders.csv", tiny), filepath.Join(dir, "out")
	call("run", "--orders", orders, "--out", out).ok(t)
	id := current(out)
	for _, stage := range []string{"reading orders", "building the ledger", "scoring customers", "writing files", "publishing"} {
		for signal, code := range map[syscall.Signal]int{syscall.SIGINT: exitINT, syscall.SIGTERM: exitTERM} {
			ctx, cancel := context.WithCancelCause(context.Background())
			w := &stageWatch{stage: stage, end: func() { cancel(interrupted{signal}) }}
			var stdout bytes.Buffer
			got := run(ctx, []string{"run", "--orders", orders, "--out", out, "--window", "30", "--log-format", "json"}, &stdout, w)
			cancel(nil)
			if got != code || stdout.Len() > 0 || !strings.Contains(w.String(), "vitalfew: interrupted by "+signal.String()+"\n") {
				t.Errorf("%v at %q: got exit code %d, stdout %q, stderr %q, want %d", signal, stage, got, stdout.String(), w.String(), code)
			}
			whole(t, out, id)
		}
	}
}

// A child process that gets SIGTERM in the middle of a larger run ends with 143; what was published
// stays, and nothing half-done is left.
func TestTerminatedChild(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	call("run", "--orders", put(t, dir, "orders.csv", tiny), "--out", out).ok(t)
	id := current(out)
	for _, lines := range []int{300_000, 1_200_000, 5_000_000} {
		large := filepath.Join(dir, fmt.Sprint(lines))
		call("generate", "--lines", fmt.Sprint(lines), "--columns", "scale", "--out", large).ok(t)
		code, said := terminateWhileReading(t, "run", "--orders", filepath.Join(large, "orders.csv"), "--out", out, "--log-format", "json", "--workers", "1")
		if code == exitOK {
			t.Logf("%d lines were read before the signal came; more of them", lines)
			id = current(out)
			continue
		}
		if code != exitTERM || !strings.Contains(said, "interrupted by terminated") {
			t.Errorf("got exit code %d, stderr %q, want %d", code, said, exitTERM)
		}
		whole(t, out, id)
		return
	}
	t.Error("no run was still reading when the signal came")
}

// terminateWhileReading runs this binary as vitalfew and signals it once it says that it reads orders.
func terminateWhileReading(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	cmd := exec.Command("vitalfew", args...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	for r := bufio.NewReader(stderr); ; {
		line, err := r.ReadString('\n')
		log.WriteString(line)
		if strings.Contains(line, `"stage":"reading orders"`) {
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			break
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), log.String()
}

// A second run in a directory at work is told at once, with its own exit code.
func TestLocked(t *testing.T) {
	dir := t.TempDir()
	orders, out := put(t, dir, "orders.csv", tiny), filepath.Join(dir, "out")
	call("run", "--orders", orders, "--out", out).ok(t)
	id := current(out)
	store, err := publish.Open(out, publish.Options{Info: "another run"})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s := call("run", "--orders", orders, "--out", out, "--force")
	if s.code != exitLocked || !strings.Contains(s.err, "another run holds the lock on "+out+": wait for it to end") {
		t.Errorf("got exit code %d, stderr %q, want %d", s.code, s.err, exitLocked)
	}
	whole(t, out, id)
}

// A ceiling that cannot be kept ends the run with its own exit code, and only then.
func TestMemoryCeiling(t *testing.T) {
	dir := t.TempDir()
	orders, out := put(t, dir, "orders.csv", tiny), filepath.Join(dir, "out")
	s := call("run", "--orders", orders, "--out", out, "--memory", "1MiB")
	if s.code != exitMemory || !strings.Contains(s.err, "1 MiB are allowed; raise --memory") || current(out) != "" {
		t.Errorf("got exit code %d, stderr %q, want %d and nothing published", s.code, s.err, exitMemory)
	}
	call("run", "--orders", orders, "--out", out, "--memory", "64GiB").ok(t)
}

// A disk that is full ends the run with its own exit code, and the run before stays.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	disk := filepath.Join(dir, "disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk).Run(); err != nil {
		t.Skipf("no small disk to fill: mounting a tmpfs takes root: %v", err)
	}
	defer func() {
		if err := exec.Command("umount", disk).Run(); err != nil {
			t.Error(err)
		}
	}()
	out := filepath.Join(disk, "out")
	call("run", "--orders", put(t, dir, "orders.csv", tiny), "--out", out).ok(t)
	id := current(out)
	call("generate", "--lines", "30000", "--customers", "10000", "--out", filepath.Join(dir, "large")).ok(t)
	s := call("run", "--orders", filepath.Join(dir, "large", "orders.csv"), "--out", out)
	if s.code != exitIO || !strings.Contains(s.err, "no space left on device; check space and permissions") {
		t.Errorf("got exit code %d, stderr %q, want %d", s.code, s.err, exitIO)
	}
	whole(t, out, id)
}

// The output directory may not be one at all.
func TestOutIsAFile(t *testing.T) {
	dir := t.TempDir()
	orders := put(t, dir, "orders.csv", tiny)
	if s := call("run", "--orders", orders, "--out", orders); s.code != exitIO || !strings.Contains(s.err, orders) {
		t.Errorf("got exit code %d, stderr %q, want %d", s.code, s.err, exitIO)
	}
}

// In JSON every line of the log parses and the stages end with done; in text nothing is said where
// stderr is no terminal.
func TestLogFormats(t *testing.T) {
	dir := t.TempDir()
	orders := put(t, dir, "orders.csv", tiny)
	s := call("run", "--orders", orders, "--out", filepath.Join(dir, "out"), "--log-format", "json")
	if s.code != exitOK {
		t.Fatalf("got exit code %d, stderr %q", s.code, s.err)
	}
	var stages []string
	for line := range strings.Lines(s.err) {
		var entry struct {
			Stage   string
			Lines   *int64
			Seconds *float64
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Stage == "" || entry.Lines == nil || entry.Seconds == nil {
			t.Errorf("got log line %q, %v", line, err)
		}
		stages = append(stages, entry.Stage)
	}
	if len(stages) < 5 || stages[0] != "reading orders" || stages[len(stages)-1] != "done" {
		t.Errorf("got stages %q", stages)
	}
	call("run", "--orders", orders, "--out", filepath.Join(dir, "text")).ok(t) // ok wants a silent stderr
}
