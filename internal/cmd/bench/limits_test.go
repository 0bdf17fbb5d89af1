package main

import (
	"strings"
	"testing"
	"time"
)

func TestChecks(t *testing.T) {
	on, off := variant{name: bulkOn}, variant{name: bulkOff}
	of := func(name string, n size, v variant) *trial {
		return &trial{family: family{name: name}, size: n, variant: v}
	}
	refresh := func(requests int, wall time.Duration) measurement {
		return measurement{step: "refresh", requests: requests, wall: wall}
	}
	ratio := measurement{step: "refresh", requests: 1, wall: 13 * time.Second, cpu: 14 * time.Second,
		unrefreshed: 10 * time.Second, unrefreshedElapsed: 10 * time.Second}
	large := refresh(1101, 0)
	large.provider.Peak = 201e6
	for name, test := range map[string]struct {
		check          func(*checks)
		rows, exceeded int
	}{
		"program":        {func(c *checks) { c.program(on, 21_900_000, 99*time.Millisecond) }, 2, 0},
		"large and slow": {func(c *checks) { c.program(on, 22_000_000, 100*time.Millisecond) }, 2, 2},
		"single reads":   {func(c *checks) { c.program(off, 22_000_000, time.Second) }, 0, 0},
		"few requests":   {func(c *checks) { c.step(of("wavefront", size{1000, 0}, on), refresh(4, 0)) }, 1, 0},
		"too many":       {func(c *checks) { c.step(of("wavefront", size{1000, 0}, on), refresh(5, 0)) }, 1, 1},
		"without limits": {func(c *checks) { c.step(of("wavefront", size{999, 0}, on), refresh(5, 0)) }, 0, 0},
		"singly":         {func(c *checks) { c.step(of("wavefront", size{1000, 0}, off), refresh(1000, 0)) }, 0, 0},
		"too long": {
			func(c *checks) { c.step(of("wavefront", size{3, 100_000}, on), refresh(3, time.Second)) }, 2, 1,
		},
		"too large": {
			func(c *checks) { c.step(of("waldur-service-accounts", size{10_000, 0}, on), large) }, 2, 2,
		},
		"ratios": {func(c *checks) { c.step(of("instaclustr", size{1000, 0}, on), ratio) }, 3, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var c checks
			test.check(&c)
			if len(c.rows) != test.rows || c.failed != test.exceeded || (c.err() != nil) != (test.exceeded > 0) {
				t.Errorf("%d exceeded, error %v\n%s", c.failed, c.err(), c.table())
			}
			if got := strings.Count(c.table(), "**over**"); got != test.exceeded {
				t.Errorf("%d rows are marked", got)
			}
		})
	}
}

// A limit of a family that does not exist is never checked.
func TestLimits(t *testing.T) {
	for _, l := range limits {
		known := false
		for _, f := range families {
			known = known || f.name == l.family
		}
		if !known || l.requests == 0 {
			t.Errorf("%+v", l)
		}
	}
}
