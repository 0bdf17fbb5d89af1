// Package simtest is shared by the tests of the simulators: a client, checks of responses, a clock,
// and a check of the list of options.
package simtest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Object is a JSON object.
type Object = map[string]any

// Clock moves only when a test says so. The zero value is at a time with microseconds.
type Clock struct {
	mu     sync.Mutex
	passed time.Duration
}

// Now returns the time of the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Date(2026, 3, 2, 8, 15, 30, 481207000, time.UTC).Add(c.passed)
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed += d
}

// Client sends requests to one server. It follows no redirects.
type Client struct {
	*testing.T
	URL string
}

// Serve starts a simulator for one test.
func Serve(t *testing.T, handler http.Handler) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &Client{t, server.URL}
}

// In returns the same client for a subtest, which fails by itself.
func (c *Client) In(t *testing.T) *Client { return &Client{t, c.URL} }

// Send sends one request and fails the test if there is no response. A body that is a string is
// sent as it is, any other as JSON, nil as none; a body has the type application/json unless the
// header names another. The path may be a whole URL.
func (c *Client) Send(method, path string, header http.Header, body any) Reply {
	c.Helper()
	reply, err := c.Try(method, path, header, body)
	if err != nil {
		c.Fatalf("%s %s: %v", method, path, err)
	}
	return reply
}

// Try is Send for requests that may have no response.
func (c *Client) Try(method, path string, header http.Header, body any) (Reply, error) {
	c.Helper()
	text, isText := body.(string)
	if !isText && body != nil {
		text = string(simkit.Encode(body))
	}
	if !strings.HasPrefix(path, "http") {
		path = c.URL + path
	}
	request, err := http.NewRequestWithContext(c.Context(), method, path, strings.NewReader(text))
	if err != nil {
		c.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for name, values := range header {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return Reply{}, err
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	return Reply{c.T, response.StatusCode, response.Header, string(read)}, err
}

// Reply is one response.
type Reply struct {
	*testing.T
	Status int
	Header http.Header
	Body   string
}

// Want fails the test at another status, and returns the reply.
func (r Reply) Want(status int) Reply {
	r.Helper()
	if r.Status != status {
		r.Fatalf("status %d, want %d; body %s", r.Status, status, r.Body)
	}
	return r
}

// WantBody compares the body with JSON text, whatever the order of names.
func (r Reply) WantBody(want string) Reply {
	r.Helper()
	if got, wanted := decode[any](r.T, r.Body), decode[any](r.T, want); !reflect.DeepEqual(got, wanted) {
		r.Errorf("body %s\nwant %s", r.Body, want)
	}
	return r
}

// WantFields compares some fields of the body, which must be a JSON object, with the JSON form of
// what is wanted.
func (r Reply) WantFields(want Object) Reply {
	r.Helper()
	got, wanted := r.Object(), decode[Object](r.T, string(simkit.Encode(want)))
	for name := range wanted {
		if value, ok := got[name]; !ok || !reflect.DeepEqual(value, wanted[name]) {
			r.Errorf("%s is %#v (present: %t), want %#v", name, value, ok, wanted[name])
		}
	}
	return r
}

// WantNames compares the names of all fields of the body, which must be a JSON object.
func (r Reply) WantNames(want ...string) Reply {
	r.Helper()
	if got := slices.Sorted(maps.Keys(r.Object())); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		r.Errorf("fields %v\nwant %v", got, want)
	}
	return r
}

// Object returns the body, which must be a JSON object.
func (r Reply) Object() Object {
	r.Helper()
	return decode[Object](r.T, r.Body)
}

// List returns the body, which must be a JSON array of objects.
func (r Reply) List() []Object {
	r.Helper()
	return decode[[]Object](r.T, r.Body)
}

// Column returns one text of each object in the body.
func (r Reply) Column(name string) []string {
	r.Helper()
	values := []string{}
	for _, row := range r.List() {
		text, ok := row[name].(string)
		if !ok {
			r.Fatalf("no text %s in %v", name, row)
		}
		values = append(values, text)
	}
	return values
}

// See returns the status and the values at some places of a JSON body, as one text: "200 ci [a b]
// <nil>". A place is names and indexes with dots between them; * stands for all elements of an
// array.
func (r Reply) See(places ...string) string {
	r.Helper()
	seen := []string{strconv.Itoa(r.Status)}
	for _, place := range places {
		var body any
		_ = json.Unmarshal([]byte(r.Body), &body) // nothing is seen in another body
		seen = append(seen, fmt.Sprint(at(body, strings.Split(place, "."))))
	}
	return strings.Join(seen, " ")
}

func at(value any, steps []string) any {
	for i, step := range steps {
		switch outer := value.(type) {
		case Object:
			value = outer[step]
		case []any:
			if step == "*" {
				inner := make([]any, len(outer))
				for j := range outer {
					inner[j] = at(outer[j], steps[i+1:])
				}
				return inner
			}
			index, err := strconv.Atoi(step)
			if err != nil || index >= len(outer) {
				return nil
			}
			value = outer[index]
		default:
			return nil
		}
	}
	return value
}

// decode refuses null.
func decode[V any](t *testing.T, text string) (value V) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil || text == "null" {
		t.Fatalf("not %T in JSON: %q", value, text)
	}
	return value
}

// Equal compares with reflect.DeepEqual.
func Equal[V any](t *testing.T, what string, got, want V) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %#v, want %#v", what, got, want)
	}
}

// Panics fails the test if run returns.
func Panics(t *testing.T, run func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	run()
}

// Options checks a simulator's list of options: it has every field of O that is off or on or has a
// text type, once, and each value changes the field of the option's name and no other field.
func Options[O any](t *testing.T, list []simkit.Option[O]) {
	t.Helper()
	listed := map[string]bool{}
	for _, option := range list {
		if listed[option.Name] {
			t.Errorf("%s is listed twice", option.Name)
		}
		listed[option.Name] = true
		for _, value := range option.Values {
			var options O
			option.Set(&options, value)
			fields := reflect.ValueOf(options)
			for i := range fields.NumField() {
				if name := fields.Type().Field(i).Name; fields.Field(i).IsZero() == (name == option.Name) {
					t.Errorf("%s=%s: the field %s is %v", option.Name, value, name, fields.Field(i))
				}
			}
		}
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[O]()) {
		if kind := field.Type.Kind(); (kind == reflect.Bool || kind == reflect.String) && !listed[field.Name] {
			t.Errorf("%s is not listed", field.Name)
		}
	}
}
