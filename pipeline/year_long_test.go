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

// TestCRMOnRetail is TestCRMOnResellers on UCI Online Retail: 305 daily files twice, no names.
func TestCRMOnRetail(t *testing.T) {
	realNights(t, configured(t, "preset: uci\n", pipeline.Config{
		Orders: []string{data(t, "uci_online_retail", "by-day")}, Out: filepath.Join(t.TempDir(), "out"),
	}), [2]string{"2011-11-01", "2011-12-01"}, true)
}
