package waldurapi

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// A server or cache that ignores "page" is not asked for further pages without end.
func TestListWithoutEnd(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	reads := 0
	same := counted(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Result-Count", "2")
		writeRows(w, []string{"a"})
	}), &reads)
	_, err := serve(t, same).Customers.ByName(ctx, "any")
	if ctx.Err() != nil {
		t.Errorf("still reading after %d pages: %v", reads, err)
	}
}

func TestHostNamedAPI(t *testing.T) {
	if got := Options(transport.Options{Endpoint: "http://api"}, token).Endpoint; got != "http://api" {
		t.Errorf("endpoint %q", got)
	}
}

func TestEndpointWithSpace(t *testing.T) {
	u, err := transport.ParseEndpoint(Options(transport.Options{Endpoint: "https://h/api/\n"}, token).Endpoint)
	if err != nil || u.String() != "https://h" {
		t.Errorf("endpoint %v, %v", u, err)
	}
}

func TestProblemOrder(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		seen[decodeProblem([]byte(`{"detail":"a","non_field_errors":["b"]}`)).Message] = true
	}
	if len(seen) != 1 {
		t.Errorf("messages %v", seen)
	}
}
