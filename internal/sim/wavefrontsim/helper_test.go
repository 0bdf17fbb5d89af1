package wavefrontsim_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

const (
	accounts = "account/serviceaccount"
	ci       = accounts + "/sa::ci"
	ciTokens = "apitoken/serviceaccount/sa::ci"

	blue   = "b1000000-0000-4000-8000-000000000001" // a token of sa::ci
	fresh  = "b1000000-0000-4000-8000-000000000002" // a token that the server does not know
	proxy  = "role-proxies"
	alerts = "role-alerts"
	fleet  = "group-fleet"
)

type object = simtest.Object

// world is a tenant with two roles, a group that has one of them, and the account sa::ci with one
// token.
type world struct {
	*simtest.Client
	sim   *wavefrontsim.Sim
	clock *simtest.Clock
	token string // of the caller
}

// everything has all members that a write can change, except for active.
const everything = "response.description response.groups response.roles.*.id response.userGroups.*.name " +
	"response.tokens.*.tokenName"

func newWorld(t *testing.T, change ...func(*wavefrontsim.Options)) *world {
	t.Helper()
	w := &world{clock: &simtest.Clock{}}
	options := wavefrontsim.Options{Now: w.clock.Now}
	for _, f := range change {
		f(&options)
	}
	w.sim = wavefrontsim.New(options)
	w.Client, w.token = simtest.Serve(t, w.sim), w.sim.Token()
	w.sim.AddRole(wavefrontsim.Role{
		ID: proxy, Name: "Proxies", Description: "May manage proxies",
		Permissions: []string{"ingestion", "agent_management"},
	})
	w.sim.AddRole(wavefrontsim.Role{ID: alerts, Name: "Alerts", Permissions: []string{"alerts_management"}})
	w.sim.AddUserGroup(wavefrontsim.UserGroup{
		ID: fleet, Name: "Fleet", Description: "Accounts of proxies", Roles: []string{proxy},
	})
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{
		Identifier: "sa::ci", Tokens: []wavefrontsim.Token{{ID: blue, Name: "blue"}},
	})
	return w
}

// send sends a request with the caller's token. Paths are below /api/v2.
func (w *world) send(request string, body any) simtest.Reply {
	w.Helper()
	return w.as(w.token, request, body)
}

func (w *world) as(token, request string, body any) simtest.Reply {
	w.Helper()
	method, path, _ := strings.Cut(request, " ")
	return w.Send(method, "/api/v2/"+path, http.Header{"Authorization": {"Bearer " + token}}, body)
}

// write is a complete body of create and PUT with changes.
func write(identifier string, changes ...object) object {
	none := []string{}
	body := object{
		"identifier": identifier, "active": true, "description": "", "tokens": none, "userGroups": none, "groups": none,
		"roles": none,
	}
	for _, change := range changes {
		maps.Copy(body, change)
	}
	return body
}

// step is a request and the expected values in its response.
type step struct {
	request string
	body    any
	places  string // with blanks between them
	want    string
}

func (w *world) run(steps ...step) {
	w.Helper()
	for _, s := range steps {
		if got := w.send(s.request, s.body).See(strings.Fields(s.places)...); got != s.want {
			w.Errorf("%s %v: %s is %s, want %s", s.request, s.body, s.places, got, s.want)
		}
	}
}
