package simtest

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// Recorded is one request to a real server, with what the server returned.
type Recorded struct {
	Case         string
	As           *string // a caller of the world, "token ..." for a literal Authorization, nil for none
	Method, Path string
	Body         any               // text is sent as it is, as is the value of "raw"
	ContentType  string            `json:"content_type"`
	Send         map[string]string // headers
	Save         string            // the name for the uuid of a response below 400
	Status       int
	Headers      map[string]string // of the response
	// Answer is the body from 400 on, "HTML" for a page; below 400 its Shape.
	Answer any
}

// ReadRecorded reads a file of requests, one a line.
func ReadRecorded(t *testing.T, file string) []Recorded {
	t.Helper()
	opened, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	var all []Recorded
	lines := bufio.NewScanner(opened)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		all = append(all, decode[Recorded](t, lines.Text()))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// Replay sends a recorded request to a simulator. The values stand for {name} in the path and the
// body; the value that the recording saves is added to them. Tokens are those of the callers.
func (r Recorded) Replay(c *Client, values, tokens map[string]string) Reply {
	c.Helper()
	fill := func(text string) string {
		for name, value := range values {
			text = strings.ReplaceAll(text, "{"+name+"}", value)
		}
		return text
	}
	header := http.Header{}
	if r.As != nil {
		literal, isLiteral := strings.CutPrefix(*r.As, "token ")
		switch {
		case !isLiteral:
			literal = "Token " + tokens[*r.As]
		case !strings.Contains(literal, " "):
			literal = "Token " + literal
		}
		header.Set("Authorization", literal)
	}
	if r.ContentType != "" {
		header.Set("Content-Type", r.ContentType)
	}
	for name, value := range r.Send {
		header.Set(name, value)
	}
	body := r.Body
	if object, ok := body.(Object); ok && object["raw"] != nil {
		body = object["raw"]
	} else if _, isText := body.(string); !isText && body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			c.Fatal(err)
		}
		body = fill(string(text))
	}
	reply := c.Send(r.Method, fill(r.Path), header, body)
	if r.Save != "" && reply.Status < http.StatusBadRequest {
		values[r.Save], _ = reply.Object()["uuid"].(string)
	}
	return reply
}

// Differences returns what is not as recorded, a line each: status, headers, body or its shape. A
// charset is no difference.
func (r Recorded) Differences(got Reply) (lines []string) {
	differ := func(what string, got, want any) {
		if !reflect.DeepEqual(got, want) {
			lines = append(lines, what+": got "+show(got)+"\nwant "+show(want))
		}
	}
	differ("status", got.Status, r.Status)
	for name, want := range r.Headers {
		value := got.Header.Get(name)
		if value == "application/json; charset=utf-8" {
			value = "application/json"
		}
		differ(name, value, want)
	}
	var body any
	switch {
	case strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") && got.Body != "":
		body = "HTML"
	case json.Unmarshal([]byte(got.Body), &body) != nil:
		body = got.Body
	case got.Status >= http.StatusBadRequest:
		body = decode[any](got.T, hexDigits.ReplaceAllString(got.Body, "<hex>"))
	default:
		body = Shape(body)
	}
	differ("body", body, r.Answer)
	return lines
}

func show(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}

var (
	hexDigits = regexp.MustCompile(`\b[0-9a-f]{32}\b`)
	timeForm  = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?(Z|\+00:00)?$`)
)

// Shape returns JSON with the kinds of its values in their place, and of each list the first
// element.
func Shape(value any) any {
	switch value := value.(type) {
	case Object:
		shape := Object{}
		for name, inner := range value {
			shape[name] = Shape(inner)
		}
		return shape
	case []any:
		if len(value) == 0 {
			return value
		}
		return []any{Shape(value[0])}
	case float64:
		return "<number>"
	case string:
		return shapeOfText(value)
	}
	return value
}

func shapeOfText(text string) string {
	parts := timeForm.FindStringSubmatch(text)
	switch {
	case text == "":
		return ""
	case parts != nil:
		fraction := regexp.MustCompile(`\d`).ReplaceAllString(parts[1], "0")
		return "<time " + fraction + parts[2] + ">"
	case hexDigits.FindString(text) == text:
		return "<hex>"
	case strings.HasPrefix(text, "http://"), strings.HasPrefix(text, "https://"):
		return "<url>"
	}
	return "<text>"
}
