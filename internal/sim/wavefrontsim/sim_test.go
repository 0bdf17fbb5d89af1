package wavefrontsim_test

import (
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// The server in front responds to paths that are not served, with and without a token.
func TestUnrouted(t *testing.T) {
	w := newWorld(t)
	requests := map[string]int{
		"GET ": 404, "GET alert": 404, "GET account": 404, "GET " + ci + "/": 404, "POST " + ci + "/enable": 404,
		"GET account//sa::ci": 404, "GET account%2Fserviceaccount": 404, "POST search/token": 404,
		"DELETE " + accounts: 405, "DELETE " + ci: 405, "PATCH " + ci: 405, "POST role/x": 405, "GET search/role": 405,
		"PUT account/sa::ci": 405,
	}
	for request, status := range requests {
		for _, token := range []string{w.token, ""} {
			r := w.as(token, request, nil).Want(status)
			if r.Header.Get("Content-Type") != "text/html" || !strings.Contains(r.Body, "<h1>") {
				t.Errorf("%s: not a page: %s", request, r.Body)
			}
		}
	}
	for _, r := range w.sim.Requests() {
		simtest.Equal(t, r.Method+" "+r.Path, r.Operation, "")
	}
}

// Row 27.
func TestFaults(t *testing.T) {
	w := newWorld(t)
	w.sim.Inject("createServiceAccount", wavefrontsim.Throttled(2))
	w.sim.Inject("getServiceAccount", wavefrontsim.BadGateway(1))
	w.run(
		step{"POST " + accounts, write("sa::x"), "status.result status.code", "406 ERROR 406"},
		step{"POST " + accounts, write("sa::x"), "status.result status.code", "406 ERROR 406"},
		step{"POST " + accounts, write("sa::x"), "response.identifier", "200 sa::x"},
		step{"GET " + ci, nil, "status", "502 <nil>"},
		step{"GET " + ci, nil, "status.result", "200 OK"},
	)
	simtest.Equal(t, "creates", w.sim.Count("createServiceAccount"), 3)
}

// Row 29: nothing is written to a log.
func TestSilence(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(file.Name(), "_test.go") && strings.Contains(string(text), "\t\"log") {
			t.Errorf("%s has a log", file.Name())
		}
	}
}

// However many requests come at once, no token is created twice and none above the limit.
func TestConcurrency(t *testing.T) {
	w := newWorld(t, func(o *wavefrontsim.Options) { o.SearchLag = 1 })
	var all sync.WaitGroup
	for range wavefrontsim.TokenLimit + 5 {
		all.Go(func() {
			w.send("POST "+ciTokens, nil)
			w.send("POST search/serviceaccount", nil)
			w.sim.SetDescription("sa::ci", w.sim.Accounts()[0].Description+"x")
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, token := range w.sim.Tokens() {
		seen[token] = true
	}
	simtest.Equal(t, "tokens", len(seen), wavefrontsim.TokenLimit)
}

// drive lets every operation succeed once, and some fail, with requests that the API document allows.
func drive() []step {
	return []step{
		{request: "POST " + accounts, body: write("sa::x", object{
			"description": "d", "roles": []string{alerts}, "userGroups": []string{fleet},
		})},
		{request: "POST " + accounts, body: write("sa::y", object{"roles": []string{"gone"}})},
		{request: "POST " + accounts, body: write("sa::x")},
		{request: "PUT " + ci, body: write("sa::ci", object{"userGroups": []string{fleet}})},
		{request: "GET " + accounts},
		{request: "GET " + accounts + "/sa::gone"},
		{request: "POST " + ci + "/deactivate"},
		{request: "GET " + ci},
		{request: "POST " + ci + "/activate"},
		{request: "POST account/sa::ci/grant/ingestion"},
		{request: "POST account/sa::ci/revoke/ingestion"},
		{request: "POST account/sa::ci/addRoles", body: []string{alerts}},
		{request: "POST account/sa::ci/removeRoles", body: []string{alerts}},
		{request: "POST account/sa::ci/addUserGroups", body: []string{fleet}},
		{request: "POST account/sa::ci/removeUserGroups", body: []string{"gone"}},
		{request: "POST account/sa::ci/removeUserGroups", body: []string{fleet}},
		{request: "POST " + ciTokens, body: object{"tokenName": "green"}},
		{request: "GET " + ciTokens},
		{request: "PUT " + ciTokens + "/" + blue, body: object{"tokenID": blue, "tokenName": "green"}},
		{request: "DELETE " + ciTokens + "/" + blue},
		{request: "DELETE " + ciTokens + "/" + blue},
		{request: "GET role/" + alerts},
		{request: "GET role/gone"},
		{request: "GET usergroup/" + fleet},
		{request: "GET usergroup/" + wavefrontsim.EveryoneID},
		{request: "POST search/serviceaccount", body: object{"query": []any{condition("identifier", "sa")}}},
		{request: "POST search/role", body: object{"limit": 1}},
		{request: "POST search/usergroup", body: object{}},
		{request: "DELETE account/sa::ci"},
		{request: "DELETE account/sa::ci"},
		{request: "POST account/deleteAccounts", body: []string{"sa::x"}},
		{request: "POST account/deleteAccounts", body: []string{"sa::x"}},
	}
}

// The API document is checked under all options but WrappedSubActions, which contradicts it, and
// EmptyTokensRevoke, which revokes the token of the drive.
func TestContract(t *testing.T) {
	all := func(o *wavefrontsim.Options) {
		for _, option := range wavefrontsim.AllOptions() {
			if option.Name != "WrappedSubActions" && option.Name != "EmptyTokensRevoke" {
				option.Set(o, option.Values[0])
			}
		}
	}
	for name, change := range map[string]func(*wavefrontsim.Options){
		"by default": func(*wavefrontsim.Options) {}, "all options": all,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, change)
			w.Client = simtest.Serve(t, acctest.UnderContract(t, "wavefront", w.sim))
			succeeded := map[string]bool{}
			for _, s := range drive() {
				w.send(s.request, s.body)
				last := w.sim.Requests()[len(w.sim.Requests())-1]
				succeeded[last.Operation] = succeeded[last.Operation] || last.Status == 200
			}
			for operation, ok := range succeeded {
				if !ok {
					t.Errorf("%s did not succeed", operation)
				}
			}
			simtest.Equal(t, "operations", len(succeeded), 23)
		})
	}
}
