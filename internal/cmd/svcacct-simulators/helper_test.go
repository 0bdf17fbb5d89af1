package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// untilReady reads the output of the command until it says that it is ready.
func untilReady(stdout io.Reader) (exports []string, variables map[string]string) {
	variables = map[string]string{}
	for lines := bufio.NewScanner(stdout); lines.Scan() && lines.Text() != "# ready"; {
		if text, ok := strings.CutPrefix(lines.Text(), "export "); ok {
			exports = append(exports, text)
			name, value, _ := strings.Cut(text, "=")
			variables[name] = value
		}
	}
	return exports, variables
}

// command is a run of the command in this process.
type command struct {
	t         *testing.T
	variables map[string]string
	timeout   time.Duration // of a request; 0: none
}

func start(t *testing.T, args ...string) *command {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan int)
	go func() {
		code := run(ctx, append(args, "-control", "127.0.0.1:0"), in, t.Output())
		_ = in.Close()
		done <- code
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-done; code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
	_, variables := untilReady(out)
	return &command{t: t, variables: variables}
}

// reply is a response. Its status is 0 if there was no response.
type reply struct {
	status int
	header http.Header
	body   string
}

// send sends one request on a new connection: Go's client repeats a GET when a connection that it
// kept breaks.
func (c *command) send(method, url, body string, header ...string) reply {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: c.timeout}
	response, err := client.Do(req)
	if err != nil {
		return reply{body: err.Error()}
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(raw)}
}

// control sends a request to the control port that has to succeed. Into, if it is not nil, gets the
// JSON of the response.
func (c *command) control(method, path, body string, into any) {
	c.t.Helper()
	r := c.send(method, c.variables[controlVariable]+path, body)
	switch {
	case r.status == http.StatusNoContent && into == nil:
	case r.status != http.StatusOK || into == nil:
		c.t.Fatalf("%s %s: %d %s", method, path, r.status, r.body)
	default:
		if err := json.Unmarshal([]byte(r.body), into); err != nil {
			c.t.Fatal(err)
		}
	}
}

const accountsPath = "/api/v2/account/serviceaccount"

// wavefront sends a request to Wavefront as the provider does.
func (c *command) wavefront(method, path, body string) reply {
	c.t.Helper()
	return c.send(method, c.variables["WAVEFRONT_ADDRESS"]+path, body,
		"Authorization", "Bearer "+c.variables["WAVEFRONT_TOKEN"], "Content-Type", "application/json")
}

// wavefrontStatus is the status of a read of all accounts, or of one.
func (c *command) wavefrontStatus(account string) int {
	c.t.Helper()
	return c.wavefront(http.MethodGet, accountsPath+account, "").status
}

func (c *command) requests(query string) (all []shownRequest) {
	c.t.Helper()
	c.control(http.MethodGet, "/requests"+query, "", &all)
	return all
}
