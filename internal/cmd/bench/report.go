package main

import (
	_ "embed"
	"fmt"
	"html"
	"math"
	"os"
	"strings"
	"text/template"
)

// result is a step that was measured, and of what.
type result struct {
	trial *trial
	measurement
}

// results are those of all trials.
type results []result

// requests returns the number of requests of a step, "-" if it was not measured.
func (r results) requests(family string, objects int, variant, step string) string {
	for _, one := range r {
		if one.is(family, objects, variant, step) {
			return fmt.Sprint(one.requests)
		}
	}
	return "-"
}

func (r result) is(family string, objects int, variant, step string) bool {
	return r.trial.family.name == family && r.trial.size == size{objects: objects} && r.trial.variant.name == variant &&
		r.step == step
}

//go:embed guide.md.tmpl
var guideText string

// guide returns the guide with the requests of all families at some number of objects.
func (r results) guide(objects int) (string, error) {
	type row struct{ Objects, Create, Refresh, Single, Change, Destroy string }
	var rows []row
	for _, f := range families {
		of := func(variant, step string) string { return r.requests(f.name, objects, variant, step) }
		rows = append(rows, row{
			f.title(objects), of(bulkOn, "create"), of(bulkOn, "refresh"), of(bulkOff, "refresh"),
			of(bulkOn, "one change"), of(bulkOn, "destroy"),
		})
	}
	var text strings.Builder
	err := template.Must(template.New("guide").Parse(guideText)).Execute(&text, rows)
	return text.String(), err
}

// The size of the chart and of its plots, in pixels.
const (
	chartWidth, chartHeight = 720, 320
	plotWidth, plotHeight   = 260, 200
)

// chart returns an SVG image: requests and time of a refresh of a family over the number of objects, with
// shared reads and without. Both axes are logarithmic.
func (r results) chart(family string) string {
	var image strings.Builder
	fmt.Fprintf(&image, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "+
		"font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n", chartWidth, chartHeight)
	r.plot(&image, family, 70, "Requests of a refresh", func(m measurement) float64 { return float64(m.requests) })
	r.plot(&image, family, 430, "Seconds of a refresh", func(m measurement) float64 { return m.wall.Seconds() })
	image.WriteString("</svg>\n")
	return image.String()
}

// plot draws one plot at a distance from the left edge.
func (r results) plot(to *strings.Builder, family string, left int, title string, value func(measurement) float64) {
	const top = 50
	x := func(objects int) float64 { return float64(left) + plotWidth*math.Log10(float64(objects))/4 }
	y := func(v float64) float64 { return top + plotHeight*(1-math.Log10(max(v, 1))/4) }
	fmt.Fprintf(to, "<text x=\"%d\" y=\"%d\" font-size=\"14\">%s</text>\n", left, top-20, html.EscapeString(title))
	for power := range 5 {
		n := int(math.Pow10(power))
		fmt.Fprintf(to, "<path d=\"M%d %.0fh%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.0f\" "+
			"text-anchor=\"end\">%d</text>\n", left, y(float64(n)), plotWidth, left-6, y(float64(n))+4, n)
		fmt.Fprintf(to, "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">%d</text>\n", x(n), top+plotHeight+18, n)
	}
	fmt.Fprintf(to, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">objects</text>\n", left+plotWidth/2,
		top+plotHeight+38)
	for i, line := range []struct{ variant, color, title string }{
		{bulkOn, "#06c", "shared reads"}, {bulkOff, "#c60", "single reads"},
	} {
		var points []string
		for _, one := range r {
			if one.is(family, one.trial.size.objects, line.variant, "refresh") {
				points = append(points, fmt.Sprintf("%.0f,%.0f", x(one.trial.size.objects), y(value(one.measurement))))
			}
		}
		fmt.Fprintf(to, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n"+
			"<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>\n", strings.Join(points, " "), line.color,
			left+8, top+14+i*16, line.color, line.title)
	}
}

// write writes the guide and the chart where they are wanted.
func (s *settings) write(r results) error {
	if s.guide != "" {
		text, err := r.guide(s.most())
		if err != nil {
			return err
		}
		if err := os.WriteFile(s.guide, []byte(text), 0o600); err != nil {
			return err
		}
	}
	if s.chart == "" {
		return nil
	}
	return os.WriteFile(s.chart, []byte(r.chart(families[0].name)), 0o600)
}

// most is the largest number of objects without others.
func (s *settings) most() (objects int) {
	for _, n := range s.objects {
		if n.others == 0 {
			objects = max(objects, n.objects)
		}
	}
	return objects
}
