package acctest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const thingsDocument = `
openapi: 3.0.3
info: {title: things, version: "1"}
servers: [{url: "https://elsewhere.example.org/base"}]
security: [{key: []}]
paths:
  /api/things/:
    get:
      parameters:
      - {name: page_size, in: query, schema: {type: integer, minimum: 1}}
      responses:
        "200":
          description: all
          headers:
            X-Result-Count: {required: true, schema: {type: integer}}
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Thing"}}}}
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Wish"}}}
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
        "400": {description: refused, content: {application/json: {schema: {type: object}}}}
  /api/things/{uuid}/:
    parameters:
    - {name: uuid, in: path, required: true, schema: {type: string, pattern: "^[0-9a-f]+$"}}
    get:
      responses:
        "200": {description: one, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
    delete:
      responses:
        "204": {description: gone}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: Authorization}
  schemas:
    Wish:
      type: object
      required: [name]
      properties: {name: {type: string, maxLength: 5}}
    Thing:
      type: object
      required: [uuid, name]
      properties: {uuid: {type: string}, name: {type: string, nullable: true}}
`

func writeDocument(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "waldur", "openapi.yaml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// watched serves a handler behind the contract and returns its address and the reports.
func watched(t *testing.T, next http.HandlerFunc) (address string, reports *[]string) {
	t.Helper()
	router, err := loadContract(writeDocument(t, thingsDocument))
	if err != nil {
		t.Fatal(err)
	}
	reports = new([]string)
	report := func(format string, args ...any) { *reports = append(*reports, fmt.Sprintf(format, args...)) }
	server := httptest.NewServer(&contract{report: report, router: router, next: next})
	t.Cleanup(server.Close)
	return server.URL, reports
}

func TestContract(t *testing.T) {
	const (
		thing   = `{"uuid": "abc", "name": "one"}`
		request = "request outside of the API document: "
		answer  = "answer outside of the API document: "
	)
	json := http.Header{"Content-Type": {"application/json"}}
	counted := http.Header{"Content-Type": {"application/json"}, "X-Result-Count": {"1"}}
	with := func(name, value string) http.Header {
		h := json.Clone()
		h.Set(name, value)
		return h
	}
	for _, test := range []struct {
		name, method, path, body string
		status                   int
		header                   http.Header
		answer                   string
		want                     []string // the beginning of each report; the rest must contain the text after " ... "
	}{
		{"a list", "GET", "/api/things/?page_size=300", "", 200, counted, "[" + thing + "]", nil},
		{"an empty list", "GET", "/api/things/", "", 200, counted, "[]", nil},
		{"one", "GET", "/api/things/abc/", "", 200, json, thing, nil},
		{"a value that may be null", "GET", "/api/things/abc/", "", 200, json, `{"uuid": "abc", "name": null}`, nil},
		{"a member more", "GET", "/api/things/abc/", "", 200, json, `{"uuid": "abc", "name": "one", "size": 1}`, nil},
		{"a create", "POST", "/api/things/", `{"name": "one"}`, 201, json, thing, nil},
		{"a refusal", "POST", "/api/things/", `{"name": "one"}`, 400, json, `{"name": ["Taken."]}`, nil},
		{"a delete", "DELETE", "/api/things/abc/", "", 204, nil, "", nil},
		{"a charset", "GET", "/api/things/abc/", "", 200, with("Content-Type", "application/json; charset=utf-8"),
			thing, nil},

		{"no number", "GET", "/api/things/?page_size=many", "", 200, counted, "[]",
			[]string{request + "GET /api/things/?page_size=many: ... page_size"}},
		{"a number too low", "GET", "/api/things/?page_size=0", "", 200, counted, "[]",
			[]string{request + "GET /api/things/?page_size=0: ... minimum"}},
		{"a path that is malformed", "GET", "/api/things/XYZ/", "", 200, json, thing,
			[]string{request + "GET /api/things/XYZ/: ... uuid"}},
		{"a body without a member", "POST", "/api/things/", `{}`, 201, json, thing,
			[]string{request + "POST /api/things/: ... name"}},
		{"a body with a null", "POST", "/api/things/", `{"name": null}`, 201, json, thing,
			[]string{request + "POST /api/things/: ... name"}},
		{"a text too long", "POST", "/api/things/", `{"name": "longer"}`, 201, json, thing,
			[]string{request + "POST /api/things/: ... maximum string length"}},
		{"no body", "POST", "/api/things/", "", 201, json, thing,
			[]string{request + "POST /api/things/: ... request body"}},
		{"no JSON", "POST", "/api/things/", "name=one", 201, json, thing,
			[]string{request + "POST /api/things/: ... decode"}},
		{"a bad request that is refused", "POST", "/api/things/", `{}`, 400, json,
			`{"name": ["This field is required."]}`,
			[]string{request + "POST /api/things/: ... name"}},

		{"an answer of another type", "GET", "/api/things/abc/", "", 200, json, `[]`,
			[]string{answer + "GET /api/things/abc/: ... "}},
		{"an answer without a member", "GET", "/api/things/abc/", "", 200, json, `{"uuid": "abc"}`,
			[]string{answer + "GET /api/things/abc/: ... name"}},
		{"a null", "GET", "/api/things/abc/", "", 200, json, `{"uuid": null, "name": "one"}`,
			[]string{answer + "GET /api/things/abc/: ... uuid"}},
		{"the second of a list", "GET", "/api/things/", "", 200, counted, "[" + thing + ", {}]",
			[]string{answer + "GET /api/things/: ... uuid"}},
		{"no header", "GET", "/api/things/", "", 200, json, "[]",
			[]string{answer + "GET /api/things/: ... X-Result-Count"}},
		{"HTML", "GET", "/api/things/abc/", "", 200, http.Header{"Content-Type": {"text/html"}}, "<p>",
			[]string{answer + "GET /api/things/abc/: ... text/html"}},
		{"a status of no operation", "GET", "/api/things/abc/", "", 404, json, `{}`,
			[]string{answer + "GET /api/things/abc/: ... status"}},
		{"a status of another operation", "POST", "/api/things/", `{"name": "one"}`, 200, json, thing,
			[]string{answer + "POST /api/things/: ... status"}},
		{"too many requests", "GET", "/api/things/abc/", "", 429, json, `{}`,
			[]string{answer + "GET /api/things/abc/: ... status"}},
		{"both", "POST", "/api/things/", `{}`, 201, json, `{}`,
			[]string{request + "POST /api/things/: ... name", answer + "POST /api/things/: ... "}},

		{"a fault of the server", "GET", "/api/things/abc/", "", 500, http.Header{"Content-Type": {"text/html"}},
			"<h1>", nil},
		{"a fault of a proxy", "POST", "/api/things/", `{"name": "one"}`, 503, nil, "", nil},
		{"a bad request that ends in a fault", "POST", "/api/things/", `{}`, 500, nil, "",
			[]string{request + "POST /api/things/: ... name"}},
		{"an injected fault", "GET", "/api/things/abc/", "", 429, with(simkit.FaultHeader, "true"), "", nil},
		{"an injected fault that looks well", "GET", "/api/things/abc/", "", 200, with(simkit.FaultHeader, "true"),
			"[]", nil},
		{"a path that is not in the document", "POST", "/api/others/?page_size=x", "what", 418, nil, "ever", nil},
		{"no slash at the end", "GET", "/api/things", "", 301, nil, "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			address, reports := watched(t, func(w http.ResponseWriter, r *http.Request) {
				if got, err := io.ReadAll(r.Body); string(got) != test.body || err != nil {
					t.Errorf("the handler got %q, %v", got, err)
				}
				for name, values := range test.header {
					w.Header()[name] = values
				}
				if test.status != http.StatusOK {
					w.WriteHeader(test.status)
				}
				for _, part := range strings.SplitAfter(test.answer, ",") { // in several writes
					_, _ = io.WriteString(w, part)
				}
			})
			got := send(t, test.method, address+test.path, test.body)
			defer func() { _ = got.Body.Close() }()
			body, err := io.ReadAll(got.Body)
			if err != nil || got.StatusCode != test.status || string(body) != test.answer {
				t.Errorf("the client got %d %q, %v", got.StatusCode, body, err)
			}
			wantReports(t, *reports, test.want)
		})
	}
}

func send(t *testing.T, method, url, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultTransport.RoundTrip(req) // follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func wantReports(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("reports %q, want %q", got, want)
	}
	for i := range got {
		begin, rest, _ := strings.Cut(want[i], "... ")
		if after, ok := strings.CutPrefix(got[i], begin); !ok || !strings.Contains(after, rest) {
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
}

// A simulator that drops a connection has sent no response.
func TestContractOfADroppedConnection(t *testing.T) {
	address, reports := watched(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("hijack: %s", err)
			return
		}
		_ = connection.Close()
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/api/things/",
		strings.NewReader(`{"name": "one"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if resp, err := http.DefaultTransport.RoundTrip(req); err == nil {
		_ = resp.Body.Close()
		t.Errorf("an answer came: %d", resp.StatusCode)
	}
	wantReports(t, *reports, nil)
}

func TestLoadContract(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		ok   bool
	}{
		"a document":         {thingsDocument, true},
		"no document":        {"openapi: [", false},
		"a broken reference": {strings.Replace(thingsDocument, "schemas/Wish", "schemas/Hope", 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := loadContract(writeDocument(t, test.text)); (err == nil) != test.ok {
				t.Errorf("error %v", err)
			}
		})
	}
	t.Run("no file", func(t *testing.T) {
		if _, err := loadContract(filepath.Join(t.TempDir(), "openapi.yaml")); err == nil {
			t.Error("no error")
		}
	})
}

func TestWaldurContract(t *testing.T) {
	next := http.NewServeMux()
	t.Run("without a document", func(t *testing.T) {
		t.Setenv(contractDirVariable, "")
		if got := UnderContract(t, "waldur", next); got != http.Handler(next) {
			t.Errorf("got %T", got)
		}
	})
	t.Run("with a document", func(t *testing.T) {
		t.Setenv(contractDirVariable, filepath.Dir(filepath.Dir(writeDocument(t, thingsDocument))))
		got, ok := UnderContract(t, "waldur", next).(*contract)
		if !ok || got.next != http.Handler(next) || got.router == nil || got.report == nil {
			t.Errorf("got %+v", got)
		}
	})
}

// A method that the document lacks, on a path that it has, is outside of it.
func TestMethodOutsideOfTheDocument(t *testing.T) {
	address, reports := watched(t,
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) })
	got := send(t, http.MethodPut, address+"/api/things/abc/", `{"name": "one"}`)
	_ = got.Body.Close()
	if len(*reports) != 1 {
		t.Errorf("reports %q", *reports)
	}
}
