package acctest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// Instaclustr is a simulator that a test runs against. Tests do not use a real account: no request
// deletes a service user, so each run would use up names and addresses.
type Instaclustr struct {
	Server
	Sim *instaclustrsim.Sim
}

// NewInstaclustr returns a simulator for one test. The provider signs in as the Owner of its account.
func NewInstaclustr(t *testing.T, options instaclustrsim.Options) *Instaclustr {
	t.Helper()
	w := &Instaclustr{Server: Server{
		Clock: &Clock{}, System: instaclustr.System(),
	}}
	w.Sim = instaclustrsim.New(options)
	var handler http.Handler = w.Sim
	if options.ListWhenNone == "" && options.GetUser == "" { // the document has no other value
		handler = UnderContract(t, "instaclustr", w.Sim)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	username, key := w.Sim.Owner()
	w.Settings = map[string]string{"endpoint": server.URL, "username": username, "api_key": key}
	return w
}
