package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
)

// profiled runs f and writes its CPU profile to a file; "" writes none.
func profiled(path string, f func() error) (err error) {
	if path == "" {
		return f()
	}
	out, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("--cpu-profile: %w", err)
	}
	defer func() {
		if e := out.Close(); e != nil {
			err = errors.Join(err, fmt.Errorf("--cpu-profile: %w", e))
		}
	}()
	if err := pprof.StartCPUProfile(out); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return f()
}
