package waldursim_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestRecord(t *testing.T) {
	w := newWorld(t)
	k := kinds[1]
	header := http.Header{
		"Authorization": {"Token " + w.tokens["manager"]}, "Content-Type": {"application/json"},
		"User-Agent": {"tester/1"}, "Accept-Language": {"en"},
	}
	body := `{"project": "` + w.project + `", "preferred_identifier": "bot"}`
	if _, err := w.send("POST", k.path, header, []byte(body)); err != nil {
		t.Fatal(err)
	}
	w.do("manager", "GET", k.path+"?state=OK&page=1", nil).want(200)
	w.do("manager", "HEAD", k.path, nil).want(200)
	w.do("", "GET", "/api/users/me/", nil).want(401)
	w.do("manager", "DELETE", k.one(w.project), nil).want(404)
	w.do("manager", "GET", "/api/nothing/?x=y", nil).want(404)
	w.do("manager", "GET", "/api/users/me", nil).want(301)
	w.do("manager", "PUT", k.path, nil).want(405)
	w.sim.Inject("users_list", simkit.Fault{Status: 502})
	w.do("manager", "GET", "/api/users/", nil).want(502)

	want := []simkit.Request{
		{Operation: k.operations + "create", Method: "POST", Path: k.path, Body: body, Status: 201},
		{Operation: k.operations + "list", Method: "GET", Path: k.path, RawQuery: "state=OK&page=1", Status: 200},
		{Operation: k.operations + "count", Method: "HEAD", Path: k.path, Status: 200},
		{Operation: "users_me_retrieve", Method: "GET", Path: "/api/users/me/", Status: 401},
		{Operation: k.operations + "destroy", Method: "DELETE", Path: k.one(w.project), Status: 404},
		{Method: "GET", Path: "/api/nothing/", RawQuery: "x=y", Status: 404},
		{Method: "GET", Path: "/api/users/me", Status: 301},
		{Method: "PUT", Path: k.path, Status: 405},
		{Operation: "users_list", Method: "GET", Path: "/api/users/", Status: 502, Fault: true},
	}
	got := w.sim.Requests()
	if len(got) != len(want) {
		t.Fatalf("%d requests, want %d", len(got), len(want))
	}
	for i, r := range got {
		if r.Operation != want[i].Operation || r.Method != want[i].Method || r.Path != want[i].Path ||
			r.RawQuery != want[i].RawQuery || r.Body != want[i].Body || r.Status != want[i].Status || r.Fault != want[i].Fault {
			t.Errorf("request %d is %+v\nwant %+v", i, r, want[i])
		}
		if r.Header.Get("Authorization") != "" {
			t.Errorf("request %d shows its credentials", i)
		}
	}
	if got[0].Header.Get("User-Agent") != "tester/1" || got[0].Header.Get("Accept-Language") != "en" {
		t.Errorf("header %v", got[0].Header)
	}
	for operation, want := range map[string]int{
		"*": 9, k.operations + "create": 1, k.operations + "list": 1, k.operations + "destroy": 1,
		k.operations + "retrieve": 0, "users_list": 1,
	} {
		if got := w.sim.Count(operation); got != want {
			t.Errorf("%s was counted %d times, want %d", operation, got, want)
		}
	}
	w.sim.ResetRequests()
	if len(w.sim.Requests()) != 0 || w.sim.Count("*") != 0 {
		t.Error("the record is not empty")
	}
}

func TestRecordIsACopy(t *testing.T) {
	w := newWorld(t)
	w.do("staff", "GET", "/api/users/me/", nil).want(200)
	copied := w.sim.Requests()
	copied[0].Path = "changed"
	copied[0].Header.Set("User-Agent", "changed")
	fresh := w.sim.Requests()[0]
	if fresh.Path != "/api/users/me/" || fresh.Header.Get("User-Agent") == "changed" {
		t.Error("a change of the copy reached the record")
	}
}

func TestRecordHasNoSecrets(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		made := w.create(k, "bot")
		w.do(k.manager, "POST", k.rotate(made["uuid"]), nil).want(200)
		text, err := json.Marshal(w.sim.Requests())
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range append(w.sim.Keys(), w.tokens[k.manager]) {
			if strings.Contains(string(text), secret) {
				t.Errorf("the record holds %q", secret)
			}
		}
	})
}

// Run with the race detector.
func TestConcurrentUse(t *testing.T) {
	w := newWorld(t)
	w.sim.SetLimit(w.customer, waldursim.LimitOf(8))
	var group sync.WaitGroup
	statuses := make(chan int, 16)
	for range 16 {
		group.Go(func() {
			r, err := w.try("owner", "POST", kinds[0].path, object{"customer": w.customer, "preferred_identifier": "bot"})
			if err != nil {
				t.Error(err)
				return
			}
			statuses <- r.status
			w.sim.Requests()
			w.sim.ServiceAccounts()
			w.sim.Keys()
			w.sim.Inject("users_list", simkit.Fault{Status: 500})
			w.sim.SetBackend(waldursim.BackendAPI)
		})
	}
	group.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	if count[201] != 8 || count[400] != 8 {
		t.Errorf("answers %v, want eight 201 and eight 400", count)
	}
	names := map[string]bool{}
	for _, record := range w.sim.ServiceAccounts() {
		names[record["username"].(string)] = true
	}
	if len(names) != 8 {
		t.Errorf("%d different usernames, want 8", len(names))
	}
}
