//go:build long

package pipeline_test

import "testing"

// TestEveryFileOfAllKinds is TestEveryFile on all files, also those of a kind that look alike.
func TestEveryFileOfAllKinds(t *testing.T) { everyFile(t, 1) }
