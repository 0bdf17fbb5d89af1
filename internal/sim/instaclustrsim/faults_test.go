package instaclustrsim_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

var operations = []string{
	"listServiceUsers", "createServiceUser", "getServiceUser", "updateServiceUser", "generateServiceUserApiKey",
	"revokeServiceUserApiKey", "updateServiceUserApiKeyIpRestrictions", "rotateServiceUserApiKey",
}

func TestFaults(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "READ_ONLY", "MONITORING")
	for _, id := range operations {
		equal(t, id, w.sim.Count(id), 0)
	}
	wantPanic(t, func() { w.sim.Inject("deleteServiceUser", simkit.Fault{Status: 500}) })

	w.sim.Inject("listServiceUsers", simkit.Fault{Status: 429, Body: `{"status":429,"message":"Rate Limit Exceeded"}`})
	w.do(credential{}, "GET", usersPath, nil).wantBody(`{"status":429,"message":"Rate Limit Exceeded"}`)
	w.do(w.owner, "GET", usersPath, nil).want(200)

	w.sim.Inject("revokeServiceUserApiKey", simkit.Fault{StripBody: true})
	w.do(w.owner, "DELETE", keysOf("ci"), of("MONITORING")).want(400).wantBody(`{"resource":"resource cannot be null."}`)
	equal(t, "keys", types(w.do(w.owner, "GET", one("ci"), nil).object()), "MONITORING")

	w.sim.Inject("*", simkit.Fault{Delay: 20 * time.Millisecond})
	start := time.Now()
	w.do(w.owner, "GET", one("ci"), nil).want(200)
	if passed := time.Since(start); passed < 20*time.Millisecond {
		t.Errorf("no delay: %s", passed)
	}
}

func TestDrops(t *testing.T) {
	w := newWorld(t)
	for name, test := range map[string]struct {
		drop  simkit.Drop
		users int
	}{"before": {simkit.DropBefore, 0}, "after": {simkit.DropAfter, 1}} {
		w.sim.Inject("createServiceUser", simkit.Fault{Drop: test.drop})
		if r, err := w.try(w.owner, "POST", usersPath, create(name, "READ_ONLY")); err == nil {
			t.Errorf("%s: an answer %d", name, r.status)
		}
		_, made := w.sim.ServiceUser(name)
		equal(t, name, made, test.users == 1)
	}
	robot := w.robot("ci", "READ_ONLY", "MONITORING")
	w.sim.Inject("rotateServiceUserApiKey", simkit.Fault{Drop: simkit.DropAfter})
	if _, err := w.try(w.owner, "POST", rotate("ci", "MONITORING"), nil); err == nil {
		t.Error("an answer")
	}
	equal(t, "alive", w.sim.KeyAlive("ci", robot["MONITORING"]), false)
}

func TestRecord(t *testing.T) {
	w := newWorld(t)
	w.do(w.owner, "POST", usersPath, create("ci", "READ_ONLY"))
	r := w.sim.Requests()[0]
	equal(t, "record", fmt.Sprint(r.Method, r.Path, r.Operation, r.Status), "POST/v1/service-userscreateServiceUser201")
	equal(t, "body", strings.Contains(r.Body, `"username":"ci"`), true)
	equal(t, "credentials", r.Header.Get("Authorization"), "")
}

// One key of a type, and one user of a name, however many ask at once.
func TestConcurrency(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "READ_ONLY")
	var group sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 8 {
		group.Go(func() {
			made := w.do(w.owner, "POST", usersPath, create("same", "OWNER")).status
			generated := w.do(w.owner, "POST", keysOf("ci"), of("MONITORING")).status
			w.do(w.owner, "POST", rotate("same", "MONITORING"), nil)
			w.do(w.owner, "GET", usersPath, nil)
			w.sim.SetDisplayName("ci", "x")
			w.sim.ServiceUsers()
			w.sim.Keys()
			mu.Lock()
			defer mu.Unlock()
			statuses[made]++
			statuses[generated]++
		})
	}
	group.Wait()
	equal(t, "statuses", statuses, map[int]int{201: 1, 200: 1, 400: 14})
}
