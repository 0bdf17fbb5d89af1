package wavefrontsim_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// What is not served gets the front server's page, without a token too, and no operation in the record.
func TestUnrouted(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/", 404}, {"GET", "/api/v2", 404}, {"GET", "/api/v2/", 404}, {"GET", "/api/v1/account", 404},
		{"GET", "/api/v2/alert", 404}, {"GET", servicePath + "/", 404}, {"GET", ci + "/", 404},
		{"GET", "/api/v2/account//sa::ci", 404}, {"POST", ci + "/enable", 404}, {"GET", ci + "/tokens/x", 404},
		{"POST", "/api/v2/search/token", 404}, {"GET", "/api/v2/apitoken", 404},
		{"DELETE", servicePath, 405}, {"DELETE", ci, 405}, {"PATCH", ci, 405}, {"POST", "/api/v2/role", 405},
		{"GET", "/api/v2/search/role", 405}, {"GET", ci + "/activate", 405}, {"PUT", account + "sa::ci", 405},
	} {
		for _, token := range []string{w.token, ""} {
			r := w.sendAs(token, c.method, c.path, nil)
			same(t, c.method+c.path, r.status, c.status)
			if r.header.Get("Content-Type") != "text/html" || !strings.Contains(r.body, "<h1>") {
				t.Errorf("%s %s: not a page: %s", c.method, c.path, r.body)
			}
		}
	}
	for _, r := range w.sim.Requests() {
		same(t, r.Method+r.Path, r.Operation, "")
	}
	same(t, "recorded", w.sim.Count("*"), 38)
	same(t, "account", len(w.sim.Accounts()), 1)
}

// A segment is decoded once and after the split.
func TestSegments(t *testing.T) {
	w := newWorld(t)
	w.send("GET", "/api/v2/account%2Fserviceaccount", nil)
	w.send("GET", account+"sa::ci%2Factivate", nil).refused(404)
	same(t, "message", w.send("GET", account+"sa::a%252Fb", nil).refused(404), "Account sa::a%2fb does not exist")
	requests := w.sim.Requests()
	same(t, "literal", requests[0].Operation, "")
	same(t, "parameter", requests[1].Operation, "getAccount")
}

func TestRecord(t *testing.T) {
	w := newWorld(t)
	w.create("sa::x", nil)
	r := w.request("GET", servicePath+"/sa::x?a=b", nil)
	r.Header.Set("X-Auth-Token", w.token)
	w.do(r)
	w.send("GET", account+"grant/x", nil)
	all := w.sim.Requests()
	same(t, "operations", []string{all[0].Operation, all[1].Operation, all[2].Operation},
		"[createServiceAccount getServiceAccount ]")
	same(t, "query", all[1].RawQuery, "a=b")
	for _, r := range all {
		if r.Header.Get("Authorization") != "" || r.Header.Get("X-Auth-Token") != "" {
			t.Error("the record has a credential")
		}
	}
	w.sim.ResetRequests()
	same(t, "left", w.sim.Count("*"), 0)
}

// Row 27.
func TestThrottled(t *testing.T) {
	w := newWorld(t)
	w.sim.Inject("createServiceAccount", wavefrontsim.Throttled(2))
	for range 2 {
		w.create("sa::x", nil).refused(406)
	}
	same(t, "nothing done", len(w.sim.Accounts()), 1)
	w.create("sa::x", nil).response()
	same(t, "calls", w.sim.Count("createServiceAccount"), 3)
}

func TestBadGateway(t *testing.T) {
	w := newWorld(t)
	w.sim.Inject("getServiceAccount", wavefrontsim.BadGateway(1))
	r := w.send("GET", ci, nil)
	same(t, "status", r.status, 502)
	if !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || !strings.Contains(r.body, "502 Bad Gateway") {
		t.Errorf("not a page: %s", r.body)
	}
	w.send("GET", ci, nil).response()
}

// A lost answer: the token is there, and nobody holds it.
func TestLostAnswer(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		drop simkit.Drop
		left int
	}{{simkit.DropBefore, 0}, {simkit.DropAfter, 1}} {
		w.sim.Inject("generateTokenServiceAccount", simkit.Fault{Drop: c.drop})
		r := w.request("POST", ciTokens, body{"tokenName": "lost"})
		r.Header.Set("Authorization", "Bearer "+w.token)
		answer, err := w.server.Client().Do(r)
		if err == nil {
			_ = answer.Body.Close()
		}
		if !errors.Is(err, io.EOF) {
			t.Fatalf("got %v, want a closed connection", err)
		}
		same(t, "tokens", len(w.sim.LiveTokens("sa::ci")), c.left)
	}
}

// Every operation can be disturbed, and no other name.
func TestOperations(t *testing.T) {
	w := newWorld(t)
	for _, operation := range []string{"deleteAccount", "updateTokenNameServiceAccount", "searchRoleEntities", "*"} {
		w.sim.Inject(operation, wavefrontsim.Throttled(1))
	}
	w.sim.ClearFaults()
	defer func() {
		if recover() == nil {
			t.Error("an unknown operation was taken")
		}
	}()
	w.sim.Inject("deleteServiceAccount", wavefrontsim.Throttled(1))
}

// Twenty at once: all tokens are made, none twice, not one above the limit.
func TestConcurrency(t *testing.T) {
	w := newWorld(t, func(o *wavefrontsim.Options) { o.SearchLag = 1 })
	var all sync.WaitGroup
	statuses := make(chan int, 3*wavefrontsim.TokenLimit)
	for i := range wavefrontsim.TokenLimit + 5 {
		all.Go(func() {
			statuses <- w.send("POST", ciTokens, nil).status
			w.send("GET", ci, nil)
			w.found("serviceaccount", "identifier", "sa::ci")
			_ = w.sim.Accounts()
			w.sim.SetDescription("sa::ci", strings.Repeat("x", i))
		})
	}
	all.Wait()
	close(statuses)
	made := 0
	for status := range statuses {
		if status == http.StatusOK {
			made++
		}
	}
	tokens := w.sim.Tokens()
	slices.Sort(tokens)
	same(t, "made", []int{made, len(slices.Compact(tokens))}, "[20 20]")
}

// Row 29: nothing is written to any log.
func TestSilence(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file.Name(), "_test.go") || !strings.HasSuffix(file.Name(), ".go") {
			continue
		}
		text, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{`"log"`, `"log/slog"`, "fmt.Print", "fmt.Fprint", "os.Std", "println("} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s has %s", file.Name(), word)
			}
		}
	}
}
