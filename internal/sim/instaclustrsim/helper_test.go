package instaclustrsim_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

// Callers, by user name. Each has the key "key-of-" and the name.
const (
	owner    = "j.owner"
	admin    = "a.smith" // a Cluster Admin, who administers ci
	other    = "o.brown" // another Cluster Admin
	reader   = "r.white"
	billing  = "b.green"
	outsider = "x.black" // an Owner of another account
	robot    = "ci"      // a service user
)

const (
	elsewhere = "00000000-0000-4000-8000-00000000000f" // the account of the outsider

	monitoring = `{"apiKeyType":"MONITORING"}`
	notFound   = `404 {"message":"Resource not found","status":404}`
	noKey      = `400 {"apiKeyType":"there is no API key of this type."}`

	notAdministrator = `403 {"message":"You are not an administrator of this service user."}`
)

// world is a service with callers of every kind, and the service user ci, a Cluster Admin with the
// keys MONITORING and PROVISIONING.
type world struct {
	*simtest.Client
	sim *instaclustrsim.Sim
}

func newWorld(t *testing.T, change ...func(*instaclustrsim.Options)) *world {
	t.Helper()
	var options instaclustrsim.Options
	for _, f := range change {
		f(&options)
	}
	w := &world{sim: instaclustrsim.New(options)}
	w.Client = simtest.Serve(t, w.sim)
	w.sim.AddAccount(elsewhere)
	for name, role := range map[string]string{
		owner: "OWNER", admin: "CLUSTER_ADMIN", other: "CLUSTER_ADMIN", reader: "READ_ONLY", billing: "BILLING",
	} {
		w.sim.AddUser(instaclustrsim.HumanUser{Username: name, Role: role, Key: keyOf(name)})
	}
	w.sim.AddUser(instaclustrsim.HumanUser{Account: elsewhere, Username: outsider, Key: keyOf(outsider)})
	w.sim.AddServiceUser(instaclustrsim.ServiceUser{
		Username: robot, Email: "Ops@example.com", DisplayName: "CI", Role: "CLUSTER_ADMIN",
		Administrators: []string{admin}, Keys: []string{"MONITORING", "PROVISIONING"},
		Secrets: map[string]string{"MONITORING": keyOf(robot)},
	})
	return w
}

func keyOf(name string) string { return "key-of-" + name }

// send sends a request of a user with its own key, or with the key behind a colon. Paths are below
// /v1/service-users, except for paths that begin with two slashes.
func (w *world) send(as, request string, body any) simtest.Reply {
	w.Helper()
	return w.sendWith(as, request, nil, body)
}

func (w *world) sendWith(as, request string, header http.Header, body any) simtest.Reply {
	w.Helper()
	name, key, given := strings.Cut(as, ":")
	if !given {
		key = keyOf(name)
	}
	all := http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+key))}}
	for name, values := range header {
		all[name] = values
	}
	method, path, _ := strings.Cut(request, " ")
	if root, outside := strings.CutPrefix(path, "//"); outside {
		return w.Send(method, "/"+root, all, body)
	}
	return w.Send(method, "/v1/service-users"+path, all, body)
}

// step is a request and the expected values in its response: the values at places with blanks
// between them, or the whole body if there are no places.
type step struct {
	as, request  string
	body         any
	places, want string
}

func (w *world) run(steps ...step) {
	w.Helper()
	for _, s := range steps {
		r := w.send(s.as, s.request, s.body)
		got := r.See(strings.Fields(s.places)...)
		if s.places == "" {
			got = strings.TrimSpace(fmt.Sprint(r.Status, " ", r.Body))
		}
		if got != s.want {
			w.Errorf("%s %s %v: %s is %s, want %s", s.as, s.request, s.body, s.places, got, s.want)
		}
	}
}

// user returns the service user ci.
func (w *world) user() instaclustrsim.ServiceUser {
	found, _ := w.sim.ServiceUser(robot)
	return found
}
