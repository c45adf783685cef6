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

// ownPeak is the largest resident set of this program so far, bytes; 0 where it is not known.
func ownPeak() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return int64(u.Maxrss) << 10
}
