//go:build long

package ingest_test

import "testing"

// TestCorporaOfAllKinds is TestCorporaReconcile on all files, also those of a kind that look alike.
func TestCorporaOfAllKinds(t *testing.T) { corporaReconcile(t, 1) }
