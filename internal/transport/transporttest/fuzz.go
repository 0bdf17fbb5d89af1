// Package transporttest has what the tests of the three clients share.
package transporttest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"
)

// Operations are calls of a client by name.
type Operations map[string]func(context.Context) error

// longestError is how many bytes an error may have.
const longestError = 20_000

// FuzzResponses calls each operation of a client with a response of any status, number of rows and body. No
// error has the secret or a control character, and none is long. The function start gets the endpoint of the
// server that sends the responses, and returns the operations and what decodes a body.
func FuzzResponses(f *testing.F, secret string, start func(endpoint string) (Operations, func(body []byte))) {
	f.Helper()
	var status atomic.Int64
	var body, count atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		rows, _ := count.Load().(string)
		content, _ := body.Load().([]byte)
		w.Header().Set("X-Result-Count", rows)
		w.WriteHeader(int(status.Load()))
		_, _ = w.Write(content)
	}))
	f.Cleanup(server.Close)
	operations, decode := start(server.URL)
	statuses := []int64{200, 201, 204, 301, 400, 401, 403, 404, 405, 409, 500}
	f.Fuzz(func(t *testing.T, choice uint8, rows string, content []byte) {
		status.Store(statuses[int(choice)%len(statuses)])
		count.Store(rows)
		body.Store(content)
		decode(content)
		for name, call := range operations {
			err := call(t.Context())
			if err == nil {
				continue
			}
			switch text := err.Error(); {
			case len(text) > longestError, strings.ContainsFunc(text, unicode.IsControl),
				strings.Contains(text, secret):
				t.Errorf("%s: %q", name, text)
			}
		}
	})
}
