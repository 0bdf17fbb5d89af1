package waldursim_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func wantMatch(t *testing.T, got any, pattern string) {
	t.Helper()
	if text, _ := got.(string); !regexp.MustCompile("^" + pattern + "$").MatchString(text) {
		t.Errorf("%v does not match %s", got, pattern)
	}
}

func TestMockMode(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		created := w.create(k, "bot").
			WantFields(object{"username": "bot", "expires_at": "2026-05-31T08:15:30.481207"}).Object()
		uuid := created["uuid"].(string)
		wantMatch(w.T, created["token"], "mock-api-key-[0-9a-f]{16}")
		w.create(k, "").WantFields(object{"username": ""})
		unnamed := w.do(k.manager, "POST", k.path, object{k.scope: w.scope(k), "username": "asked"}).Want(201).Object()
		wantMatch(w.T, unnamed["username"], "mock-[0-9a-f]{8}")

		w.clock.Advance(3 * 24 * time.Hour)
		rotated := w.do(k.manager, "POST", k.rotate(uuid), nil).Want(200).
			WantFields(object{"expires_at": "2026-06-03T08:15:30.481207", "modified": made}).Object()
		wantMatch(w.T, rotated["token"], "rotated-mock-api-key-bot-[0-9a-f]{8}")
		w.do(k.manager, "PATCH", k.one(uuid), object{"description": "new"}).Want(200).
			WantFields(object{"description": "new", "token": nil})
		w.do(k.manager, "DELETE", k.one(uuid), nil).Want(204)
		w.do(k.manager, "GET", k.one(uuid), nil).Want(404)
		simtest.Equal(w.T, "keys of the account service", len(w.sim.Keys()), 0)
	}, func(o *waldursim.Options) { o.Backend = waldursim.BackendMock })
}

func TestOffMode(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{Description: "old", ErrorMessage: "x"})
		w.sim.SetBackend(waldursim.BackendOff)
		w.do(k.manager, "POST", k.path, w.body(k, "new")).Want(400).
			WantBody(`{"detail": "Service account creation is disabled or returned no token."}`)
		w.do(k.manager, "PATCH", k.one(uuid), object{"description": "new"}).Want(200).
			WantFields(object{"description": "new", "state": "OK", "error_message": ""})
		wantHTML(w.do(k.manager, "POST", k.rotate(uuid), nil).Want(500))
		before := w.stored(uuid)
		w.do(k.manager, "DELETE", k.one(uuid), nil).Want(204)
		w.do(k.manager, "GET", k.one(uuid), nil).Want(200).WantFields(object{"state": "OK", "modified": made})
		simtest.Equal(w.T, "stored", w.stored(uuid), before)
		simtest.Equal(w.T, "alive", w.sim.KeyAlive(key), true)
	})
}

func wantHTML(r simtest.Reply) {
	r.Helper()
	simtest.Equal(r.T, "Content-Type", r.Header.Get("Content-Type"), "text/html; charset=utf-8")
}

// TestUsernames has the names that the account service chooses.
func TestUsernames(t *testing.T) {
	w := newWorld(t)
	w.sim.SetLimit(w.customer, waldursim.Unlimited)
	long := strings.Repeat("x", 32)
	for _, test := range []struct{ identifier, asked, want string }{
		{"bot", "", "svc-bot"},
		{"bot", "", "svc-bot-2"},
		{"bot", "svc-bot-3", "svc-bot-4"},
		{"ci", "svc-ci", "svc-ci-2"},
		{long, "", "svc-" + long[4:]},
		{long, "", "svc-" + long[6:] + "-2"},
		{"", "", "svc-[0-9a-f]{8}"},
	} {
		body := object{"customer": w.customer, "preferred_identifier": test.identifier, "username": test.asked}
		wantMatch(t, w.do("owner", "POST", kinds[0].path, body).Want(201).Object()["username"], test.want)
	}
	// Without the field the server fails.
	wantHTML(w.do("owner", "POST", kinds[0].path, object{"customer": w.customer}).Want(500))
}

func TestKeyLifetime(t *testing.T) {
	for _, test := range []struct {
		lifetime time.Duration
		want     any
		lives    time.Duration
	}{
		{0, "2026-04-01T08:15:30Z", 30 * 24 * time.Hour},
		{time.Hour, "2026-03-02T09:15:30Z", time.Hour},
		{-1, nil, 10000 * 24 * time.Hour},
	} {
		t.Run(test.lifetime.String(), func(t *testing.T) {
			w := newWorld(t, func(o *waldursim.Options) { o.KeyLifetime = test.lifetime })
			key := w.create(kinds[0], "bot").WantFields(object{"expires_at": test.want}).Object()["token"].(string)
			w.clock.Advance(test.lives - time.Second)
			simtest.Equal(t, "alive before", w.sim.KeyAlive(key), true)
			w.clock.Advance(time.Second)
			simtest.Equal(t, "alive after", w.sim.KeyAlive(key), test.want == nil)
		})
	}
}

// TestProbe tries keys at the account service: they are no tokens of Waldur.
func TestProbe(t *testing.T) {
	w := newWorld(t)
	created := w.create(kinds[0], "bot").Object()
	first := created["token"].(string)
	rotated := w.do("owner", "POST", kinds[0].rotate(created["uuid"].(string)), nil).Want(200).Object()
	second := rotated["token"].(string)
	w.sim.ResetRequests()
	for header, status := range map[string]int{
		"Bearer " + second: 200, "Bearer " + first: 401, "Bearer " + w.tokens["owner"]: 401, "": 401,
	} {
		r := w.Send("GET", "/account-service/whoami", http.Header{"Authorization": {header}}, nil).Want(status)
		if status == 200 {
			r.WantBody(`{"username": "svc-bot"}`)
		}
	}
	simtest.Equal(t, "recorded", w.sim.Count("*"), 0)
	w.Send("GET", "/api/users/me/", http.Header{"Authorization": {"Token " + second}}, nil).Want(401)
}

// TestLostResponses drops the connection after the work.
func TestLostResponses(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		lose := func(operation string) {
			w.sim.Inject("marketplace_"+k.scope+"_service_accounts_"+operation, simkit.Fault{Drop: simkit.DropAfter})
		}
		header := http.Header{"Authorization": {"Token " + w.tokens[k.manager]}}
		lose("create")
		if _, err := w.Try("POST", k.path, header, w.body(k, "bot")); err == nil {
			w.Error("a response")
		}
		uuid := w.do(k.manager, "GET", k.path, nil).Want(200).Column("uuid")[0]
		first := w.sim.LiveKeys("svc-bot")
		lose("rotate_api_key")
		if _, err := w.Try("POST", k.rotate(uuid), header, nil); err == nil {
			w.Error("a response")
		}
		second := w.sim.LiveKeys("svc-bot")
		if len(first) != 1 || len(second) != 1 || first[0] == second[0] {
			w.Errorf("live keys %v, then %v", first, second)
		}
	})
}

// backendFailures are Waldur's responses to a refusal of the account service.
var backendFailures = map[string]struct {
	fault         waldursim.BackendFault
	status        int
	body, message string
}{
	"object": {
		waldursim.BackendFault{Status: 409, Body: `{"code": "taken", "message": "in use"}`},
		400, `{"detail": {"code": "taken", "message": "in use"}}`, `{"code": "taken", "message": "in use"}`,
	},
	"list": {waldursim.BackendFault{Status: 422, Body: `["a"]`}, 400, `{"detail": ["a"]}`, `["a"]`},
	"text": {waldursim.BackendFault{Status: 500, Body: `"read-only"`}, 400, `{"detail": "read-only"}`, "read-only"},
	"empty": {
		waldursim.BackendFault{Status: 503},
		400, `{"detail": "Status code: 503, empty body"}`, "Status code: 503, empty body",
	},
	"leaves": {
		waldursim.BackendFault{Status: 400, Body: `{"a": [17, 1.5, true, null, {"b": false}]}`},
		400, `{"detail": {"a": ["17", "1.5", "True", "None", {"b": "False"}]}}`,
		`{"a": [17, 1.5, true, null, {"b": false}]}`,
	},
	"no JSON": {waldursim.BackendFault{Status: 502, Body: "<html>Bad Gateway</html>"}, 500, "", ""},
}

func TestBackendRefusals(t *testing.T) {
	for name, test := range backendFailures {
		t.Run(name, func(t *testing.T) {
			eachKind(t, func(w *world, k kind) {
				uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot", Description: "old"})
				fails := func(op, method, path string, body any) {
					w.Helper()
					w.sim.FailBackend(op, test.fault)
					if r := w.do(k.manager, method, path, body).Want(test.status); test.status == 500 {
						wantHTML(r)
					} else {
						r.WantBody(test.body)
					}
				}
				unchanged := w.stored(uuid)
				fails("create", "POST", k.path, w.body(k, "new"))
				fails("rotate", "POST", k.rotate(uuid), nil)
				simtest.Equal(w.T, "stored", w.sim.ServiceAccounts(), []waldursim.ServiceAccount{unchanged})

				// A failed close keeps the state and saves the message.
				fails("close", "DELETE", k.one(uuid), nil)
				unchanged.ErrorMessage = test.message
				simtest.Equal(w.T, "stored", w.stored(uuid), unchanged)

				// A failed update that Waldur catches leaves the account in Erred, without the new
				// values.
				fails("update", "PATCH", k.one(uuid), object{"description": "new", "username": "renamed"})
				if test.status == 400 {
					unchanged.State, unchanged.ErrorTraceback = "Erred", "Traceback (most recent call last):\n  ..."
				}
				simtest.Equal(w.T, "stored", w.stored(uuid), unchanged)
				simtest.Equal(w.T, "keys", w.sim.Keys(), []string{key})
				simtest.Equal(w.T, "alive", w.sim.KeyAlive(key), true)
				w.do(k.manager, "PATCH", k.one(uuid), object{"description": "new"}).Want(200).
					WantFields(object{"state": "OK", "error_message": "", "description": "new"})
			})
		})
	}
}

// TestRefusalsOfOtherVersions has servers that keep the state of an account after a refused update, or
// give no reason.
func TestRefusalsOfOtherVersions(t *testing.T) {
	const reason = `{"detail": {"error": "read-only"}}`
	for name, test := range map[string]struct {
		option      func(*waldursim.Options)
		body, state string
	}{
		"none":             {func(*waldursim.Options) {}, reason, "Erred"},
		"UpdatesKeepState": {func(o *waldursim.Options) { o.UpdatesKeepState = true }, reason, "OK"},
		"EmptyErrors":      {func(o *waldursim.Options) { o.EmptyErrors = true }, `{}`, "Erred"},
	} {
		t.Run(name, func(t *testing.T) {
			w, k := newWorld(t, test.option), kinds[0]
			uuid, _ := w.seed(k, waldursim.ServiceAccount{Description: "old"})
			for _, refused := range []struct{ op, method, path string }{
				{"create", "POST", k.path}, {"rotate", "POST", k.rotate(uuid)}, {"update", "PATCH", k.one(uuid)},
			} {
				w.sim.FailBackend(refused.op, waldursim.BackendFault{Status: 500, Body: `{"error": "read-only"}`})
				var body any = object{"description": "new"}
				switch refused.op {
				case "create":
					body = w.body(k, "bot")
				case "rotate":
					body = nil
				}
				w.do(k.manager, refused.method, refused.path, body).Want(400).WantBody(test.body)
			}
			w.do(k.manager, "GET", k.one(uuid), nil).Want(200).
				WantFields(object{"state": test.state, "description": "old"})
			w.do(k.manager, "PATCH", k.one(uuid), object{"description": "new"}).Want(200).
				WantFields(object{"state": "OK", "description": "new"})
		})
	}
}

func TestBackendWithoutAKey(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		w.sim.FailBackend("create", waldursim.BackendFault{NoToken: true})
		w.do(k.manager, "POST", k.path, w.body(k, "bot")).Want(400).
			WantBody(`{"detail": "Service account creation is disabled or returned no token."}`)
		simtest.Equal(w.T, "accounts in Waldur", len(w.sim.ServiceAccounts()), 0)
		// The account service has the account, and its name is taken.
		uuid := w.create(k, "bot").WantFields(object{"username": "svc-bot-2"}).Object()["uuid"].(string)
		keys := w.sim.LiveKeys("svc-bot-2")
		w.sim.FailBackend("rotate", waldursim.BackendFault{NoToken: true})
		w.do(k.manager, "POST", k.rotate(uuid), nil).Want(400).
			WantBody(`{"detail": "API key rotation failed - no token returned"}`)
		simtest.Equal(w.T, "live keys", w.sim.LiveKeys("svc-bot-2"), keys)
		// A close that is only accepted is a 204, and the account stays.
		w.sim.FailBackend("close", waldursim.BackendFault{Accepted: true})
		w.do(k.manager, "DELETE", k.one(uuid), nil).Want(204)
		w.do(k.manager, "GET", k.one(uuid), nil).Want(200).WantFields(object{"state": "OK", "error_message": ""})
		simtest.Equal(w.T, "live keys", w.sim.LiveKeys("svc-bot-2"), keys)
	})
}

// TestBackendFaultsQueue has faults that wait for a call of the account service.
func TestBackendFaultsQueue(t *testing.T) {
	w := newWorld(t)
	k := kinds[0]
	uuid, _ := w.seed(k, waldursim.ServiceAccount{})
	w.sim.FailBackend("rotate", waldursim.BackendFault{Status: 500})
	w.sim.FailBackend("rotate", waldursim.BackendFault{Status: 503})
	w.do("owner", "PATCH", k.one(uuid), object{}).Want(200)
	w.do("support", "POST", k.rotate(uuid), nil).Want(403)
	w.sim.SetBackend(waldursim.BackendMock)
	w.do("owner", "POST", k.rotate(uuid), nil).Want(200)
	w.sim.SetBackend(waldursim.BackendAPI)
	for _, status := range []string{"500", "503"} {
		w.do("owner", "POST", k.rotate(uuid), nil).Want(400).
			WantBody(`{"detail": "Status code: ` + status + `, empty body"}`)
	}
	w.do("owner", "POST", k.rotate(uuid), nil).Want(200)
	simtest.Panics(t, func() { w.sim.FailBackend("delete", waldursim.BackendFault{Status: 500}) })
	simtest.Panics(t, func() { w.sim.FailBackend("create", waldursim.BackendFault{}) })
}

// TestServiceThatDoesNotRespond has the failures for which Waldur gets no response that it
// understands: the account service carries the call out, unless it is not reached.
func TestServiceThatDoesNotRespond(t *testing.T) {
	const refused, gone = "[Errno 111] Connection refused", "Server disconnected without sending a response."
	none := "Service account creation is disabled or returned no token."
	unrotated := "API key rotation failed - no token returned"
	for name, test := range map[string]struct {
		fault waldursim.BackendFault
		// The texts of 400 at a create, a create of 2025 and a rotation; "" is 500.
		create, create2025, rotate string
		done, minted               bool
	}{
		"unreachable":   {waldursim.BackendFault{Unreachable: true}, "", refused, refused, false, false},
		"timed out":     {waldursim.BackendFault{TimedOut: true}, "", "timed out", "timed out", true, true},
		"disconnected":  {waldursim.BackendFault{Disconnected: true}, "", gone, gone, true, true},
		"no JSON":       {waldursim.BackendFault{NotJSON: true}, "", "", "", true, true},
		"no key":        {waldursim.BackendFault{NoToken: true}, none, none, unrotated, true, false},
		"no key, but..": {waldursim.BackendFault{NoToken: true, Minted: true}, none, none, unrotated, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, sources2025 := range []bool{false, true} {
				w := newWorld(t, func(o *waldursim.Options) { o.Sources2025 = sources2025 })
				uuid, key := w.seed(kinds[0], waldursim.ServiceAccount{Username: "old"})
				fails := func(op, method, path string, body any, text string) {
					w.sim.FailBackend(op, test.fault)
					if text == "" {
						wantHTML(w.do("owner", method, path, body).Want(500))
						return
					}
					w.do("owner", method, path, body).Want(400).WantBody(`{"detail": "` + text + `"}`)
				}
				created := map[bool]string{false: test.create, true: test.create2025}[sources2025]
				fails("create", "POST", kinds[0].path, w.body(kinds[0], "new"), created)
				fails("rotate", "POST", kinds[0].rotate(uuid), nil, test.rotate)
				simtest.Equal(t, "accounts of Waldur", len(w.sim.ServiceAccounts()), 1)
				minted := map[bool]int{false: 0, true: 1}[test.minted]
				want := map[string]int{"old": 1, "svc-new": minted}
				if !test.done {
					delete(want, "svc-new")
				}
				simtest.Equal(t, "live keys", w.sim.AllLiveKeys(), want)
				simtest.Equal(t, "old key alive", w.sim.KeyAlive(key), !test.minted)
				if test.fault.NoToken {
					continue
				}
				fails("update", "PATCH", kinds[0].one(uuid), object{"description": "new"}, "")
				_, description := w.sim.Sent("old")
				simtest.Equal(t, "sent", description == "new", test.done)
				fails("close", "DELETE", kinds[0].one(uuid), nil, "")
				_, open := w.sim.AllLiveKeys()["old"]
				simtest.Equal(t, "open at the service", open, !test.done)
				simtest.Equal(t, "stored", w.stored(uuid), waldursim.ServiceAccount{
					UUID: uuid, Scope: w.customer, Username: "old", State: "OK",
				})
			}
		})
	}
}

// TestSlowService lets Waldur give up, in real time.
func TestSlowService(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{Username: "old"})
		w.sim.SetServiceTime(200 * time.Millisecond)
		start := time.Now()
		wantHTML(w.do(k.manager, "POST", k.path, w.body(k, "new")).Want(500))
		w.do(k.manager, "POST", k.rotate(uuid), nil).Want(400).WantBody(`{"detail": "timed out"}`)
		wantHTML(w.do(k.manager, "PATCH", k.one(uuid), object{"description": "new"}).Want(500))
		if passed := time.Since(start); passed < 3*50*time.Millisecond {
			w.Errorf("Waldur waited %s", passed)
		}
		simtest.Equal(w.T, "old key alive", w.sim.KeyAlive(key), true)
		w.sim.WaitForService()
		simtest.Equal(w.T, "old key alive", w.sim.KeyAlive(key), false)
		simtest.Equal(w.T, "live keys", w.sim.AllLiveKeys(), map[string]int{"old": 1, "svc-new": 1})
		_, description := w.sim.Sent("old")
		simtest.Equal(w.T, "sent", description, "new")
		simtest.Equal(w.T, "stored", w.stored(uuid).Description, "")
		simtest.Equal(w.T, "accounts of Waldur", len(w.sim.ServiceAccounts()), 1)
		wantHTML(w.do(k.manager, "DELETE", k.one(uuid), nil).Want(500))
		w.sim.WaitForService()
		simtest.Equal(w.T, "live keys", w.sim.AllLiveKeys(), map[string]int{"svc-new": 1})
		// In time the service is no trouble.
		w.sim.SetServiceTime(time.Millisecond)
		w.create(k, "third")
	}, func(o *waldursim.Options) { o.ServiceWait = 50 * time.Millisecond })
}

// TestServiceTimeBlocksNobodyElse reads while the account service works.
func TestServiceTimeBlocksNobodyElse(t *testing.T) {
	w := newWorld(t, func(o *waldursim.Options) { o.ServiceTime = 500 * time.Millisecond })
	created := make(chan struct{})
	go func() {
		defer close(created)
		w.do("owner", "POST", kinds[0].path, w.body(kinds[0], "bot"))
	}()
	start := time.Now()
	for range 3 {
		w.do("owner", "GET", kinds[0].path, nil).Want(200)
	}
	if passed := time.Since(start); passed > 400*time.Millisecond {
		t.Errorf("reads took %s", passed)
	}
	<-created
	simtest.Equal(t, "accounts", len(w.sim.ServiceAccounts()), 1)
}

// TestSentEmail has the address that the account service gets: that of the customer at a create
// without any, and none after an update.
func TestSentEmail(t *testing.T) {
	w := newWorld(t)
	customer := w.sim.AddCustomer(waldursim.Customer{
		Name: "Beta", Email: "office@beta.example", MaxServiceAccounts: waldursim.Unlimited,
	})
	for _, test := range []struct{ sent, created, updated string }{
		{"", "office@beta.example", ""},
		{"bot@beta.example", "bot@beta.example", "bot@beta.example"},
	} {
		body := object{"customer": customer, "preferred_identifier": "bot"}
		if test.sent != "" {
			body["email"] = test.sent
		}
		made := w.do("staff", "POST", kinds[0].path, body).Want(201).WantFields(object{"email": test.sent}).Object()
		username := made["username"].(string)
		email, _ := w.sim.Sent(username)
		simtest.Equal(t, "created", email, test.created)
		w.do("staff", "PATCH", kinds[0].one(made["uuid"].(string)), object{}).Want(200)
		email, _ = w.sim.Sent(username)
		simtest.Equal(t, "updated", email, test.updated)
	}
	simtest.Panics(t, func() { w.sim.Sent("nobody") })
}

// TestEmptyErrorOf2025 has the text of an error of the account service without a body.
func TestEmptyErrorOf2025(t *testing.T) {
	w := newWorld(t, func(o *waldursim.Options) { o.Sources2025 = true })
	for status, text := range map[int]string{
		503: "Server error '503 Service Unavailable' for url 'http://accounts.internal/'",
		409: "Client error '409 Conflict' for url 'http://accounts.internal/'",
	} {
		w.sim.FailBackend("create", waldursim.BackendFault{Status: status})
		w.do("owner", "POST", kinds[0].path, w.body(kinds[0], "bot")).Want(400).WantFields(object{"detail": text})
	}
}
