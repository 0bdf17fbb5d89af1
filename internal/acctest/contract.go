package acctest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// contractDirVariable names the folder that has, for each system, a folder with its openapi.yaml.
const contractDirVariable = "SVCACCT_OPENAPI_DIR"

// UnderContract checks the requests and responses of a handler against the API document of a
// system, if there is one.
func UnderContract(t *testing.T, system string, next http.Handler) http.Handler {
	t.Helper()
	dir := os.Getenv(contractDirVariable)
	if dir == "" {
		return next
	}
	router, err := loadContract(filepath.Join(dir, system, "openapi.yaml"))
	if err != nil {
		t.Fatalf("%s: %s", contractDirVariable, err)
	}
	return &contract{report: t.Errorf, router: router, next: next}
}

func loadContract(file string) (routers.Router, error) {
	document, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	document.Servers = nil // any host
	return gorillamux.NewRouter(document)
}

// contract reports requests and responses that an API document does not allow. Paths that are not
// in the document pass.
type contract struct {
	report func(format string, args ...any)
	router routers.Router
	next   http.Handler
}

func (c *contract) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route, parameters, err := c.router.FindRoute(r)
	if errors.Is(err, routers.ErrMethodNotAllowed) {
		c.report("request outside of the API document: %s %s: no such method", r.Method, r.URL)
	}
	if err != nil {
		c.next.ServeHTTP(w, r)
		return
	}
	request := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{
			AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
			IncludeResponseStatus: true,
		},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), request); err != nil {
		c.report("request outside of the API document: %s %s: %s", r.Method, r.URL, err)
	}
	answer := &recorder{ResponseWriter: w, status: http.StatusOK}
	c.next.ServeHTTP(answer, r)

	// Faults of the server, of proxies and of networks are in no document.
	if answer.hijacked || answer.status >= 500 || w.Header().Get(simkit.FaultHeader) != "" {
		return
	}
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: answer.status, Header: w.Header(),
		Body: io.NopCloser(bytes.NewReader(answer.body.Bytes())), Options: request.Options,
	})
	if err != nil {
		c.report("answer outside of the API document: %s %s: %s", r.Method, r.URL, err)
	}
}

// recorder keeps a copy of the response that is written through it.
type recorder struct {
	http.ResponseWriter
	status   int
	body     bytes.Buffer
	hijacked bool
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

// Hijack lets a simulator drop a connection.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.hijacked = true
	return http.NewResponseController(r.ResponseWriter).Hijack()
}
