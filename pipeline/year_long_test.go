//go:build long

package pipeline_test

import (
	"path/filepath"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline"
)

// TestYearOfRetail is TestYearOfResellers on UCI Online Retail, twelve times 305 daily files.
func TestYearOfRetail(t *testing.T) {
	year(t, configured(t, "preset: uci\n", pipeline.Config{
		Orders: []string{data(t, "uci_online_retail", "by-day")}, Out: filepath.Join(t.TempDir(), "out"),
	}), 2011)
}
