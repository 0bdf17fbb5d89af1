// Package process prepares the process of the provider: Terraform starts one for each step of a run, and
// ends it after seconds or minutes.
package process

import (
	"os"
	"runtime/debug"
	"strings"
)

// prepare switches off logs that nobody reads, and returns whether it did, and lets the process collect garbage
// seldom.
func prepare() (quiet bool) {
	if quiet = !wantsLogs(os.Environ()); quiet {
		for _, name := range loggers {
			_ = os.Setenv(name, "OFF") // fails only for a name that is not valid
		}
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	return quiet
}

// loggers are the variables for the levels of the logs that the plugin libraries and the provider write.
// Without them the libraries write every TRACE line to Terraform, which throws it away: about half of the CPU
// time of a plan.
var loggers = []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_SVCACCT"}

// wantsLogs reports whether a variable of the environment asks for a log of providers. The values of
// TF_LOG_CORE and of the paths and masks of logs do not.
func wantsLogs(environment []string) bool {
	for _, variable := range environment {
		name, level, _ := strings.Cut(variable, "=")
		asks := name == "TF_LOG" || strings.HasPrefix(name, "TF_LOG_PROVIDER") || strings.HasPrefix(name, "TF_LOG_SDK")
		if asks && level != "" && !strings.EqualFold(level, "OFF") {
			return true
		}
	}
	return false
}

const (
	// heapGrowth lets the heap grow to five times of what is in use before a collection: the process is short.
	heapGrowth = 400
	// memoryLimit, in bytes, lets collections come more often as the process comes near to it.
	memoryLimit = 160 << 20
)
