package instaclustrapi

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

const username, apiKey = "ops", "key-of-the-provider"

// aUser and aKey are responses about one user and one key.
const (
	aUser = `{"username": "ci", "email": "ci@example.com", "role": "OWNER", "displayName": null,
		"administrators": ["j.doe"], "apiKeys": {
			"allowedApiKeyTypes": [{"name": "MONITORING", "displayName": "Monitoring"}],
			"apiKeys": [{"account": "a",
				"key": "•••••••••••••••••••••••••••7e8f9",
				"keyType": "MONITORING",
				"username": "x"}]
		}}`
	aKey = `{"account": "a", "apiKeyType": "MONITORING", "cidrAllowList": ["0.0.0.0/0"], "key": "s3cret",
		"username": "ci"}`
)

// remote is a server that records requests and returns the responses of its test.
type remote struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string
	response func(method, path string) (status int, body string)
}

// newClient returns a client of a server that returns one response to all requests.
func newClient(t *testing.T, status int, body string) (*Client, *remote) {
	t.Helper()
	return newClientOf(t, func(string, string) (int, string) { return status, body })
}

func newClientOf(t *testing.T, response func(method, path string) (int, string)) (*Client, *remote) {
	t.Helper()
	r := &remote{response: response}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		name, key, ok := req.BasicAuth()
		if !ok || name != username || key != apiKey ||
			req.Header.Get("Instaclustr-Source") != "terraform-provider-svcacct/1.2.3" {
			t.Errorf("the request lacks its credential or says it is %q", req.Header.Get("Instaclustr-Source"))
		}
		if len(body) > 0 &&
			(req.ContentLength != int64(len(body)) || req.Header.Get("Content-Type") != "application/json") {
			t.Errorf("a body of %d bytes of type %q has length %d", len(body), req.Header.Get("Content-Type"),
				req.ContentLength)
		}
		r.mu.Lock()
		r.requests = append(r.requests, strings.TrimSpace(req.Method+" "+req.URL.RequestURI()+" "+string(body)))
		r.mu.Unlock()
		status, text := r.response(req.Method, req.URL.Path)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(r.Close)
	http, err := transport.New(Options(transport.Options{
		Endpoint: r.URL, UserAgent: "terraform-provider-svcacct/1.2.3 Terraform/1.14.0", MaxRetries: 1,
		RetryWait: time.Millisecond, MaxWait: time.Millisecond, // two attempts, after a 429 too
	}, username, apiKey))
	if err != nil {
		t.Fatal(err)
	}
	return New(http, username), r
}

func (r *remote) want(t *testing.T, requests ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if got := strings.Join(r.requests, "\n"); got != strings.Join(requests, "\n") {
		t.Errorf("got the requests\n%s\nwant\n%s", got, strings.Join(requests, "\n"))
	}
	r.requests = nil
}

// drop returns the error alone.
func drop[T any](_ T, err error) error { return err }
