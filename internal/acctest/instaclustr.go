package acctest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// Instaclustr is the server that a test runs against. On a real server all tests use one service user:
// no request deletes a user, and each new user would use up a name and an address for ever.
type Instaclustr struct {
	Server
	Username, Email string   // of this user, "" for a simulator
	AllowList       []string // of its keys, nil for a simulator

	Sim *instaclustrsim.Sim // nil for a real server
}

// NewInstaclustr returns a simulator for one test, or the real server that the environment names. The
// provider signs in to a simulator as the Owner of its account.
func NewInstaclustr(t *testing.T, options instaclustrsim.Options) *Instaclustr {
	t.Helper()
	server := liveServer("instaclustr", os.Getenv)
	w := &Instaclustr{Server: server}
	if server.Real {
		w.Username, w.Email = os.Getenv(usernameVariable), os.Getenv(emailVariable)
		w.AllowList = strings.Split(os.Getenv(allowListVariable), ",")
		return w
	}
	w.Sim = instaclustrsim.New(options)
	var handler http.Handler = w.Sim
	if options.ListWhenNone == "" && options.GetUser == "" { // the document has no other value
		handler = UnderContract(t, "instaclustr", w.Sim)
	}
	listening := httptest.NewServer(handler)
	t.Cleanup(listening.Close)
	username, key := w.Sim.Owner()
	w.Settings = map[string]string{"endpoint": listening.URL, "username": username, "api_key": key}
	return w
}
