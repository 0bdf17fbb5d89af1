package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func measured(requests int, name string, objects int, variantName, step string) result {
	c := &trial{family: family{name: name}, size: size{objects: objects}, variant: variant{name: variantName}}
	return result{c, measurement{step: step, requests: requests, wall: time.Second}}
}

func TestReport(t *testing.T) {
	first := families[0].name
	all := results{
		measured(11, first, 100, bulkOn, "refresh"), measured(100, first, 100, bulkOff, "refresh"),
		measured(106, first, 1000, bulkOn, "refresh"), measured(1000, first, 1000, bulkOff, "refresh"),
		measured(1001, first, 1000, bulkOn, "create"), measured(107, first, 1000, bulkOn, "one change"),
		measured(2040, first, 1000, bulkOn, "destroy"),
	}
	dir := t.TempDir()
	s := settings{objects: []size{{100, 0}, {1000, 0}, {3, 100_000}}, guide: filepath.Join(dir, "guide"),
		chart: filepath.Join(dir, "chart")}
	if err := s.write(all); err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile(s.guide)
	if err != nil {
		t.Fatal(err)
	}
	want := "| 1000 service accounts of a Waldur customer | 1001 | 106 | 1000 | 107 | 2040 |\n" +
		"| 1000 Waldur robot accounts of a project | - | - | - | - | - |\n"
	if !strings.Contains(string(guide), want) {
		t.Errorf("the guide is\n%s", guide)
	}
	chart, err := os.ReadFile(s.chart)
	if err != nil {
		t.Fatal(err)
	}
	if got := polylines(t, string(chart)); got != 4 || !strings.Contains(string(chart), "265,149") {
		t.Errorf("%d lines:\n%s", got, chart)
	}
}

// polylines returns how many lines of measurements an SVG image has.
func polylines(t *testing.T, image string) (n int) {
	t.Helper()
	for decoder := xml.NewDecoder(strings.NewReader(image)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "polyline" {
			n++
		}
	}
}
