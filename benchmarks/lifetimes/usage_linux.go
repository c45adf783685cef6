package main

import (
	"fmt"
	"os"
	"syscall"
)

// peakOf is the largest resident set of a process that has ended, bytes. Linux counts in KiB.
func peakOf(ended *os.ProcessState) (int64, error) {
	u, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, fmt.Errorf("no resource usage of %s: %T", ended, ended.SysUsage())
	}
	return int64(u.Maxrss) << 10, nil
}
