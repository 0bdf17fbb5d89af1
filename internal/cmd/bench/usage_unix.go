//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

const measurable = true

func processUsage(state *os.ProcessState) usage {
	u := usage{CPU: state.UserTime() + state.SystemTime()}
	if detail, ok := state.SysUsage().(*syscall.Rusage); ok {
		u.Peak = int64(detail.Maxrss) //nolint:unconvert // it is an int32 on 32-bit systems
		if runtime.GOOS != "darwin" {
			u.Peak *= 1024 // the unit is KiB, except on macOS
		}
	}
	return u
}

// childrenCPU is the CPU time of all children that ended, and of theirs.
func childrenCPU() time.Duration {
	var all syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_CHILDREN, &all) // fails for another first argument only
	return time.Duration(all.Utime.Nano() + all.Stime.Nano())
}
