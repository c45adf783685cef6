//go:build long

package churn_test

import (
	"testing"

	"github.com/vitalfew/vitalfew/scoring/btyd"
)

// Pareto/NBD on the short slices lies on a ridge, where its fit takes thousands of evaluations.
func TestCDNOWBacktestOfParetoNBD(t *testing.T) { reference(t, btyd.ParetoNBD) }
