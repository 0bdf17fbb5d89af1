package main

import (
	"fmt"
	"strconv"
	"time"
)

// measurement is one step of a trial.
type measurement struct {
	step               string
	requests           int
	wall, cpu          time.Duration // of CLI and provider together
	provider           usage
	unrefreshed        time.Duration // CPU of the plan without a refresh; 0: no ratio
	unrefreshedElapsed time.Duration
}

const startHeader = "Start-up is a plan of an empty provider block, over a plan of nothing.\n\n" +
	"| variant | provider MB | start-up ms |\n| --- | --: | --: |\n"

const header = "\nRatios are to the plan with -refresh=false. CPU is of CLI and provider, memory of the provider.\n\n" +
	"| family | objects | variant | step | requests | per object | wall s | CPU s | provider CPU s | peak MB |" +
	" wall ratio | CPU ratio |\n" +
	"| --- | --: | --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |\n"

// ratios are to the plan without a refresh.
func (m measurement) ratios() (wall, cpu float64) {
	return m.wall.Seconds() / m.unrefreshedElapsed.Seconds(), m.cpu.Seconds() / m.unrefreshed.Seconds()
}

// label is the size as the flags have it.
func (n size) label() string {
	if n.others == 0 {
		return strconv.Itoa(n.objects)
	}
	return fmt.Sprintf("%d/%d", n.objects, n.others)
}

func (m measurement) row(c *trial) string {
	wallRatio, cpuRatio := "", ""
	if m.unrefreshed > 0 {
		wall, cpu := m.ratios()
		wallRatio, cpuRatio = fmt.Sprintf("%.2f", wall), fmt.Sprintf("%.2f", cpu)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %d | %.2f | %.1f | %.1f | %.1f | %d | %s | %s |\n",
		c.family.name, c.size.label(), c.variant.name, m.step, m.requests, float64(m.requests)/float64(c.size.objects),
		m.wall.Seconds(), m.cpu.Seconds(), m.provider.CPU.Seconds(), m.provider.Peak/1e6, wallRatio, cpuRatio)
}
