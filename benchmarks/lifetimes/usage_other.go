//go:build !linux

package main

import (
	"errors"
	"os"
)

// peakOf is an error: peak memory is read from Linux only, where the figures are made.
func peakOf(*os.ProcessState) (int64, error) {
	return 0, errors.New("peak memory is measured on Linux only: run the comparison there")
}
