package main

import (
	"fmt"
	"strings"
	"time"
)

// limit is what a step may need at most, with shared reads. Zero is no limit.
type limit struct {
	family   string
	size     size
	step     string
	requests int
	wall     time.Duration
	peak     int64 // bytes of the provider
}

// limits are of numbers of objects that -objects and -existing have by default. A create of robot accounts
// counts without the steps of their states.
var limits = []limit{
	{family: "waldur-service-accounts", size: size{1000, 0}, step: "create", requests: 1010},
	{family: "waldur-service-accounts", size: size{1000, 0}, step: "refresh", requests: 125},
	{family: "waldur-service-accounts", size: size{1000, 0}, step: "destroy", requests: 2050},
	{family: "waldur-service-accounts", size: size{20, 3000}, step: "refresh", requests: 22},
	{family: "waldur-service-accounts", size: size{3, 100_000}, step: "refresh", requests: 4, wall: time.Second},
	{family: "waldur-service-accounts", size: size{10_000, 0}, step: "refresh", requests: 1100, peak: 200e6},
	{family: "waldur-robot-accounts", size: size{1000, 0}, step: "create", requests: 2010},
	{family: "waldur-robot-accounts", size: size{1000, 0}, step: "refresh", requests: 230},
	{family: "waldur-robot-accounts", size: size{20, 3000}, step: "refresh", requests: 22},
	{family: "waldur-robot-accounts", size: size{3, 100_000}, step: "refresh", requests: 4, wall: time.Second},
	{family: "wavefront-accounts", size: size{1000, 0}, step: "create", requests: 1010},
	{family: "wavefront-accounts", size: size{1000, 0}, step: "refresh", requests: 4},
	{family: "wavefront-accounts", size: size{1000, 0}, step: "destroy", requests: 1150},
	{family: "wavefront-accounts", size: size{3, 100_000}, step: "refresh", requests: 4, wall: time.Second},
	{family: "wavefront", size: size{1000, 0}, step: "create", requests: 2010},
	{family: "wavefront", size: size{1000, 0}, step: "refresh", requests: 4},
	{family: "wavefront", size: size{3, 100_000}, step: "refresh", requests: 4, wall: time.Second},
	{family: "instaclustr", size: size{1000, 0}, step: "create", requests: 5010},
	{family: "instaclustr", size: size{1000, 0}, step: "refresh", requests: 4},
	{family: "instaclustr", size: size{3, 100_000}, step: "refresh", requests: 4, wall: time.Second},
}

const (
	longestStart  = 100 * time.Millisecond // over the CLI alone
	largestBinary = 22_000_000             // bytes
	// A plan without a change may need so many times what it needs with -refresh=false.
	largestRatio = 1.35
)

// checks compare what was measured with the limits.
type checks struct {
	rows   []string
	failed int
}

func (c *checks) add(what, measured, most string, ok bool) {
	verdict := "ok"
	if !ok {
		verdict = "**over**"
		c.failed++
	}
	c.rows = append(c.rows, fmt.Sprintf("| %s | %s | %s | %s |\n", what, measured, most, verdict))
}

func (c *checks) program(v variant, bytes int64, started time.Duration) {
	if v.name != bulkOn {
		return
	}
	c.add("provider's program, MB", fmt.Sprintf("%.1f", float64(bytes)/1e6),
		fmt.Sprintf("%.1f", largestBinary/1e6), bytes < largestBinary)
	c.add("start-up, ms", fmt.Sprint(started.Milliseconds()), fmt.Sprint(longestStart.Milliseconds()),
		started < longestStart)
}

func (c *checks) step(of *trial, m measurement) {
	if of.variant.name != bulkOn {
		return
	}
	what := fmt.Sprintf("%s, %s, %s", of.family.name, of.size.label(), m.step)
	for _, l := range limits {
		if l.family != of.family.name || l.size != of.size || l.step != m.step {
			continue
		}
		c.add(what+", requests", fmt.Sprint(m.requests), fmt.Sprint(l.requests), m.requests <= l.requests)
		if l.wall > 0 {
			c.add(what+", seconds", fmt.Sprintf("%.2f", m.wall.Seconds()), fmt.Sprint(l.wall.Seconds()),
				m.wall < l.wall)
		}
		if l.peak > 0 {
			c.add(what+", MB", fmt.Sprint(m.provider.Peak/1e6), fmt.Sprint(l.peak/1e6), m.provider.Peak <= l.peak)
		}
	}
	if m.unrefreshed > 0 && of.size == (size{objects: 1000}) {
		wall, cpu := m.ratios()
		c.add(what+", time as a ratio", fmt.Sprintf("%.2f", wall), fmt.Sprint(largestRatio), wall <= largestRatio)
		c.add(what+", CPU as a ratio", fmt.Sprintf("%.2f", cpu), fmt.Sprint(largestRatio), cpu <= largestRatio)
	}
}

// table is Markdown. It is empty if nothing was compared.
func (c *checks) table() string {
	if len(c.rows) == 0 {
		return ""
	}
	return "\n| limit | measured | at most | |\n| --- | --: | --: | --- |\n" + strings.Join(c.rows, "")
}

func (c *checks) err() error {
	if c.failed == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d limits are exceeded", c.failed, len(c.rows))
}
