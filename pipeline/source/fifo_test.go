//go:build unix

package source_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/source"
)

// Opening a pipe would wait for a writer that may never come.
func TestPipesAreRefused(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "orders.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	_, err := source.Expand([]string{pipe})
	if err == nil || !strings.Contains(err.Error(), pipe+": not a regular file") {
		t.Fatalf("got %v", err)
	}
}
