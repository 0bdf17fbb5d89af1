//go:build !unix

package main

import (
	"os"
	"time"
)

// measurable is false: Windows reports no CPU time of a program's children, and no memory.
const measurable = false

func processUsage(*os.ProcessState) usage { return usage{} }

func childrenCPU() time.Duration { return 0 }
