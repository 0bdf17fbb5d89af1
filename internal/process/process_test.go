package process

import (
	"os"
	"runtime/debug"
	"testing"
)

func TestWantsLogs(t *testing.T) {
	for name, test := range map[string]struct {
		environment []string
		want        bool
	}{
		"nothing":                     {nil, false},
		"all logs":                    {[]string{"PATH=/bin", "TF_LOG=debug"}, true},
		"logs of providers":           {[]string{"TF_LOG_PROVIDER=TRACE"}, true},
		"logs of this provider":       {[]string{"TF_LOG_PROVIDER_SVCACCT=INFO"}, true},
		"logs of the libraries":       {[]string{"TF_LOG_SDK=TRACE"}, true},
		"logs of a library":           {[]string{"TF_LOG_SDK_FRAMEWORK=TRACE"}, true},
		"the data of the protocol":    {[]string{"TF_LOG_SDK_PROTO_DATA_DIR=/tmp"}, true},
		"logs of Terraform alone":     {[]string{"TF_LOG_CORE=TRACE"}, false},
		"a path without a level":      {[]string{"TF_LOG_PATH=/tmp/log"}, false},
		"an empty level":              {[]string{"TF_LOG="}, false},
		"off":                         {[]string{"TF_LOG=off", "TF_LOG_SDK=OFF"}, false},
		"off, but a library's log on": {[]string{"TF_LOG=off", "TF_LOG_SDK_PROTO=debug"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := wantsLogs(test.environment); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func TestPrepare(t *testing.T) {
	growth, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetGCPercent(growth); debug.SetMemoryLimit(limit) })
	for _, test := range []struct {
		name, log, gogc, limit string
		levels                 string // of each log
		growth                 int
		bytes                  int64
	}{
		{"nothing set", "", "", "", "OFF", heapGrowth, memoryLimit},
		{"a log and limits set", "TRACE", "50", "1GiB", "", 100, limit},
	} {
		t.Run(test.name, func(t *testing.T) {
			debug.SetGCPercent(100)
			debug.SetMemoryLimit(limit)
			for _, name := range loggers {
				t.Setenv(name, "")
			}
			t.Setenv("TF_LOG", test.log)
			t.Setenv("GOGC", test.gogc)
			t.Setenv("GOMEMLIMIT", test.limit)
			if quiet := prepare(); quiet != (test.log == "") {
				t.Errorf("quiet: %t", quiet)
			}
			for _, name := range loggers {
				if got := os.Getenv(name); got != test.levels {
					t.Errorf("%s is %q", name, got)
				}
			}
			if got := debug.SetGCPercent(100); got != test.growth {
				t.Errorf("the heap grows by %d %%", got)
			}
			if got := debug.SetMemoryLimit(-1); got != test.bytes {
				t.Errorf("the limit is %d bytes", got)
			}
		})
	}
}
