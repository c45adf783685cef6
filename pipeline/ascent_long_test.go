//go:build long

package pipeline_test

import "testing"

// TestEveryAscentIsEnough is TestAscentIsEnough for every customer of more companies.
func TestEveryAscentIsEnough(t *testing.T) { ascend(t, 40, 1<<30) }
