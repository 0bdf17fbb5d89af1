package main

import (
	"strings"
	"testing"
	"time"
)

func TestRow(t *testing.T) {
	c := &trial{family: family{name: "f"}, size: size{20, 3000}, variant: variant{name: "v"}}
	m := measurement{
		step: "refresh", requests: 5, wall: 3 * time.Second, cpu: 2 * time.Second,
		provider: usage{time.Second, 34_500_000},
	}
	const start = "| f | 20/3000 | v | refresh | 5 | 0.25 | 3.0 | 2.0 | 1.0 | 34 | "
	if got, want := m.row(c), start+" |  |\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	m.unrefreshed, m.unrefreshedElapsed = time.Second, 2*time.Second
	if got, want := m.row(c), start+"1.50 | 2.00 |\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for line := range strings.Lines(header) {
		if strings.HasPrefix(line, "|") && strings.Count(line, "|") != strings.Count(m.row(c), "|") {
			t.Errorf("other columns: %s", line)
		}
	}
}
