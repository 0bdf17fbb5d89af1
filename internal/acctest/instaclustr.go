package acctest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// Instaclustr is a simulator that a test runs against. A real account is no place for tests: nothing deletes
// a service user, so that each run would use up names and addresses for good.
type Instaclustr struct {
	Server
	Sim *instaclustrsim.Sim
}

// NewInstaclustr returns a simulator of its own for one test. The provider signs in as the Owner of its account.
func NewInstaclustr(t *testing.T, options instaclustrsim.Options) *Instaclustr {
	t.Helper()
	w := &Instaclustr{Server: Server{
		Clock: &Clock{}, System: "instaclustr",
		env: map[string]string{"endpoint": "IC_API_URL", "username": "IC_USERNAME", "api_key": "IC_API_KEY"},
	}}
	options.Now = w.Clock.Now
	w.Sim = instaclustrsim.New(options)
	var handler http.Handler = w.Sim
	// the document knows no other
	if options.ListWhenNone == instaclustrsim.ListNoneEmpty && options.GetUser == instaclustrsim.GetUserServed {
		handler = underContract(t, "instaclustr", w.Sim)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	username, key := w.Sim.Owner()
	w.Settings = map[string]string{"endpoint": server.URL, "username": username, "api_key": key}
	return w
}
