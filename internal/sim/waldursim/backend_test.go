package waldursim_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func wantMatch(t *testing.T, got any, pattern string) {
	t.Helper()
	if text, _ := got.(string); !regexp.MustCompile("^" + pattern + "$").MatchString(text) {
		t.Errorf("%v does not match %s", got, pattern)
	}
}

func TestMockMode(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.scope, func(t *testing.T) {
			w := newWorld(t, func(o *waldursim.Options) { o.Backend = waldursim.BackendMock })
			made := w.create(k, "bot")
			wantFields(t, made, object{"username": "bot", "expires_at": "2026-05-31T08:15:30.481207", "state": "OK"})
			wantMatch(t, made["token"], "mock-api-key-[0-9a-f]{16}")

			blank := w.create(k, "")
			wantFields(t, blank, object{"username": "", "preferred_identifier": ""})
			unnamed := w.do(k.manager, "POST", k.path, object{k.scope: w.scope(k), "username": "asked"}).want(201).object()
			wantMatch(t, unnamed["username"], "mock-[0-9a-f]{8}")
			wantFields(t, unnamed, object{"preferred_identifier": ""})

			w.clock.advance(3 * 24 * time.Hour)
			rotated := w.do(k.manager, "POST", k.rotate(made["uuid"]), nil).want(200).object()
			wantMatch(t, rotated["token"], "rotated-mock-api-key-bot-[0-9a-f]{8}")
			wantFields(t, rotated, object{"expires_at": "2026-06-03T08:15:30.481207", "modified": made["modified"]})

			got := w.do(k.manager, "PATCH", k.one(made["uuid"]), object{"description": "new"}).want(200).object()
			wantFields(t, got, object{"description": "new", "token": nil, "expires_at": nil})
			w.do(k.manager, "DELETE", k.one(made["uuid"]), nil).want(204)
			w.do(k.manager, "GET", k.one(made["uuid"]), nil).want(404)

			// No account service took part.
			if len(w.sim.Keys()) != 0 || w.sim.KeyAlive(made["token"].(string)) {
				t.Error("the account service knows a mock key")
			}
			if _, ok := w.sim.BackendAccount("bot"); ok {
				t.Error("the account service knows a mock account")
			}
		})
	}
}

func TestMockExpiryLosesAZeroFraction(t *testing.T) {
	w := newWorld(t, func(o *waldursim.Options) { o.Backend = waldursim.BackendMock })
	w.clock.advance(-481207 * time.Microsecond)
	wantFields(t, w.create(kinds[0], "bot"), object{"expires_at": "2026-05-31T08:15:30"})
}

func TestOffMode(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot", Description: "old"})
		w.sim.SetBackend(waldursim.BackendOff)

		disabled := `{"detail": "Service account creation is disabled or returned no token."}`
		body := object{k.scope: w.scope(k), "preferred_identifier": "new"}
		w.do(k.manager, "POST", k.path, body).want(400).wantBody(disabled)
		w.do(k.manager, "POST", k.path, object{k.scope: w.scope(k)}).want(400).wantBody(disabled)
		// The limit comes before the backend.
		w.sim.SetLimit(w.scope(k), waldursim.LimitOf(1))
		w.do(k.manager, "POST", k.path, body).want(400).
			wantBody(`{"detail": "Maximum number of service accounts reached for this ` + k.scope + `"}`)

		got := w.do(k.manager, "PATCH", k.one(uuid), object{"description": "new"}).want(200).object()
		wantFields(t, got, object{"description": "new"})
		held, _ := w.sim.BackendAccount("svc-bot")
		wantFields(t, held, object{"description": "old"})

		w.do(k.manager, "POST", k.rotate(uuid), nil).wantHTML(500)

		before, _ := w.sim.ServiceAccount(uuid)
		w.do(k.manager, "DELETE", k.one(uuid), nil).want(204)
		wantFields(t, w.do(k.manager, "GET", k.one(uuid), nil).want(200).object(), object{"state": "OK"})
		after, _ := w.sim.ServiceAccount(uuid)
		wantFields(t, after, before)
		if !w.sim.KeyAlive(key) {
			t.Error("the key died")
		}
	})
}

func TestOffModeHealsLocally(t *testing.T) {
	w := newWorld(t)
	uuid, _ := w.seed(kinds[0], waldursim.ServiceAccount{PreferredIdentifier: "bot", Erred: "x"})
	w.sim.SetBackend(waldursim.BackendOff)
	got := w.do("owner", "PATCH", kinds[0].one(uuid), object{}).want(200).object()
	wantFields(t, got, object{"state": "OK", "error_message": ""})
}

func TestMissingIdentifierIsAServerFault(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		w.do(k.manager, "POST", k.path, object{k.scope: w.scope(k)}).wantHTML(500)
		if len(w.sim.ServiceAccounts()) != 0 || len(w.sim.Keys()) != 0 {
			t.Error("something was made")
		}
		made := w.create(k, "")
		wantMatch(t, made["username"], "svc-[0-9a-f]{8}")
	})
}

func TestUsernames(t *testing.T) {
	w := newWorld(t)
	w.sim.SetLimit(w.customer, waldursim.Unlimited)
	long := strings.Repeat("x", 32)
	for _, test := range []struct {
		identifier, asked, want string
	}{
		{"bot", "", "svc-bot"},
		{"bot", "", "svc-bot-2"},
		{"bot", "svc-bot-3", "svc-bot-4"},
		{"ci", "svc-ci", "svc-ci-2"},
		{long, "", "svc-" + long[4:]},
		{long, "", "svc-" + long[6:] + "-2"},
	} {
		made := w.do("owner", "POST", kinds[0].path, object{
			"customer": w.customer, "preferred_identifier": test.identifier, "username": test.asked,
		}).want(201).object()
		wantFields(t, made, object{"username": test.want, "preferred_identifier": test.identifier})
	}
}

func TestBackendLearnsTheAccount(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		w.do(k.manager, "POST", k.path, object{
			k.scope: w.scope(k), "preferred_identifier": "own", "email": "own@acme.example", "description": "text",
		}).want(201)
		held, _ := w.sim.BackendAccount("svc-own")
		wantFields(t, held, object{"username": "svc-own", "email": "own@acme.example", "description": "text", "closed": false})
		// Without an address the customer's is told, and Waldur keeps none.
		wantFields(t, w.create(k, "none"), object{"email": ""})
		held, _ = w.sim.BackendAccount("svc-none")
		wantFields(t, held, object{"email": "office@acme.example"})
		if _, ok := w.sim.BackendAccount("svc-unknown"); ok {
			t.Error("an account that was never made")
		}
	})
}

func TestKeyLifetime(t *testing.T) {
	for _, test := range []struct {
		name     string
		lifetime time.Duration
		want     any
		diesIn   time.Duration
	}{
		{"default", 0, "2026-04-01T08:15:30Z", 30 * 24 * time.Hour},
		{"an hour", time.Hour, "2026-03-02T09:15:30Z", time.Hour},
		{"for ever", -1, nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, func(o *waldursim.Options) { o.KeyLifetime = test.lifetime })
			made := w.create(kinds[0], "bot")
			wantFields(t, made, object{"expires_at": test.want})
			key := made["token"].(string)
			if test.diesIn == 0 {
				w.clock.advance(10000 * 24 * time.Hour)
				if !w.sim.KeyAlive(key) {
					t.Error("the key died")
				}
				rotated := w.do("owner", "POST", kinds[0].rotate(made["uuid"]), nil).want(200).object()
				wantFields(t, rotated, object{"expires_at": nil})
				return
			}
			// The last whole second counts: the fraction at which it was made is lost.
			w.clock.advance(test.diesIn - 482*time.Millisecond)
			if !w.sim.KeyAlive(key) {
				t.Error("the key died early")
			}
			w.clock.advance(time.Millisecond)
			if w.sim.KeyAlive(key) || len(w.sim.LiveKeys("svc-bot")) != 0 {
				t.Error("the key outlived its time")
			}
			wantStrings(t, w.sim.Keys(), key)
		})
	}
}

func TestProbe(t *testing.T) {
	w := newWorld(t)
	made := w.create(kinds[0], "bot")
	old := made["token"].(string)
	rotated := w.do("owner", "POST", kinds[0].rotate(made["uuid"]), nil).want(200).object()
	w.sim.ResetRequests()
	for _, test := range []struct {
		name, method, authorization string
		status                      int
	}{
		{"live", "GET", "Bearer " + rotated["token"].(string), 200},
		{"dead", "GET", "Bearer " + old, 401},
		{"unknown", "GET", "Bearer nonsense", 401},
		{"none", "GET", "", 401},
		{"other scheme", "GET", "Token " + rotated["token"].(string), 401},
		{"bare", "GET", rotated["token"].(string), 401},
		{"Waldur's own token", "GET", "Bearer " + w.tokens["owner"], 401},
		{"POST", "POST", "Bearer " + rotated["token"].(string), 405},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := w.in(t)
			r, err := w.send(test.method, "/account-service/whoami", http.Header{"Authorization": {test.authorization}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.want(test.status); test.status == 200 {
				r.wantBody(`{"username": "svc-bot"}`)
			}
		})
	}
	if got := w.sim.Count("*"); got != 0 {
		t.Errorf("%d probes are in Waldur's record", got)
	}
	// The service's key is no key to Waldur.
	w.authorized("Token " + rotated["token"].(string)).want(401)
}

// backendFailures are the answers that Waldur gives to a refusal.
var backendFailures = []struct {
	name    string
	fault   waldursim.BackendFault
	status  int
	body    string
	message string
}{
	{"object", waldursim.BackendFault{Status: 409, Body: `{"code": "identifier_taken", "message": "in use"}`},
		400, `{"detail": {"code": "identifier_taken", "message": "in use"}}`, `{'code': 'identifier_taken', 'message': 'in use'}`},
	{"nested", waldursim.BackendFault{Status: 400, Body: `{"a": [1, 2.5, true, false, null], "b": {"c": "it's"}}`},
		400, `{"detail": {"a": [1, 2.5, true, false, null], "b": {"c": "it's"}}}`, `{'a': [1, 2.5, True, False, None], 'b': {'c': "it's"}}`},
	{"list", waldursim.BackendFault{Status: 422, Body: `["a", "say \"b\""]`},
		400, `{"detail": ["a", "say \"b\""]}`, `['a', 'say "b"']`},
	{"text", waldursim.BackendFault{Status: 500, Body: `"directory is read-only"`},
		400, `{"detail": "directory is read-only"}`, "directory is read-only"},
	{"empty", waldursim.BackendFault{Status: 503},
		400, `{"detail": "Status code: 503, empty body"}`, "Status code: 503, empty body"},
	{"no JSON", waldursim.BackendFault{Status: 502, Body: "<html>Bad Gateway</html>"}, 500, "", ""},
	{"unreachable", waldursim.BackendFault{Unreachable: true}, 500, "", ""},
}

func wantFailure(t *testing.T, r reply, status int, body string) {
	t.Helper()
	if status == 500 {
		r.wantHTML(500)
	} else {
		r.want(status).wantBody(body)
	}
}

func TestBackendRefusesCreate(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		body := object{k.scope: w.scope(k), "preferred_identifier": "bot"}
		for _, test := range backendFailures {
			t.Run(test.name, func(t *testing.T) {
				w := w.in(t)
				w.sim.FailBackend("create", test.fault)
				wantFailure(t, w.do(k.manager, "POST", k.path, body), test.status, test.body)
				if len(w.sim.ServiceAccounts()) != 0 || len(w.sim.Keys()) != 0 {
					t.Error("something was stored")
				}
			})
		}
		wantFields(t, w.do(k.manager, "POST", k.path, body).want(201).object(), object{"username": "svc-bot"})
	})
}

func TestBackendRefusesUpdate(t *testing.T) {
	for _, method := range []string{"PUT", "PATCH"} {
		for _, test := range backendFailures {
			t.Run(method+" "+test.name, func(t *testing.T) {
				eachKind(t, func(t *testing.T, w *world, k kind) {
					uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot", Description: "old"})
					w.sim.FailBackend("update", test.fault)
					w.clock.advance(time.Minute)
					body := object{k.scope: w.scope(k), "description": "new", "username": "renamed"}
					wantFailure(t, w.do(k.manager, method, k.one(uuid), body), test.status, test.body)

					want := object{"state": "OK", "error_message": "", "error_traceback": "", "modified": "2026-03-02T08:15:30.481207+00:00"}
					read := w.do(k.manager, "GET", k.one(uuid), nil).want(200).object()
					if test.status == 400 {
						want = object{"state": "Erred", "error_message": test.message, "modified": "2026-03-02T08:16:30.481207+00:00"}
						if read["error_traceback"] == "" {
							t.Error("no traceback")
						}
					}
					want["description"], want["username"] = "old", "svc-bot"
					wantFields(t, read, want)
					held, _ := w.sim.BackendAccount("svc-bot")
					wantFields(t, held, object{"description": "old"})

					// The next update is good, and heals.
					healed := w.do(k.manager, "PATCH", k.one(uuid), object{"description": "new"}).want(200).object()
					wantFields(t, healed, object{"state": "OK", "error_message": "", "error_traceback": "", "description": "new"})
					if !w.sim.KeyAlive(key) {
						t.Error("the key died")
					}
				})
			})
		}
	}
}

func TestBackendRefusesRotate(t *testing.T) {
	for _, test := range backendFailures {
		t.Run(test.name, func(t *testing.T) {
			eachKind(t, func(t *testing.T, w *world, k kind) {
				uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
				before, _ := w.sim.ServiceAccount(uuid)
				w.sim.FailBackend("rotate", test.fault)
				wantFailure(t, w.do(k.manager, "POST", k.rotate(uuid), nil), test.status, test.body)
				after, _ := w.sim.ServiceAccount(uuid)
				wantFields(t, after, before)
				wantStrings(t, w.sim.LiveKeys("svc-bot"), key)
				w.do(k.manager, "POST", k.rotate(uuid), nil).want(200)
			})
		})
	}
}

func TestBackendRefusesClose(t *testing.T) {
	for _, test := range backendFailures {
		for _, erred := range []string{"", "earlier"} {
			t.Run(test.name+erred, func(t *testing.T) {
				eachKind(t, func(t *testing.T, w *world, k kind) {
					uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot", Erred: erred})
					before, _ := w.sim.ServiceAccount(uuid)
					w.sim.FailBackend("close", test.fault)
					wantFailure(t, w.do(k.manager, "DELETE", k.one(uuid), nil), test.status, test.body)
					if test.status == 400 {
						before["error_message"] = test.message
					}
					after, _ := w.sim.ServiceAccount(uuid)
					wantFields(t, after, before)
					if !w.sim.KeyAlive(key) {
						t.Error("the key died")
					}
					w.do(k.manager, "DELETE", k.one(uuid), nil).want(204)
					w.do(k.manager, "GET", k.one(uuid), nil).want(404)
				})
			})
		}
	}
}

func TestBackendTellsNoKey(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		w.sim.FailBackend("create", waldursim.BackendFault{NoToken: true})
		w.do(k.manager, "POST", k.path, object{k.scope: w.scope(k), "preferred_identifier": "bot"}).want(400).
			wantBody(`{"detail": "Service account creation is disabled or returned no token."}`)
		if len(w.sim.ServiceAccounts()) != 0 {
			t.Error("Waldur stored the account")
		}
		if _, ok := w.sim.BackendAccount("svc-bot"); !ok {
			t.Error("the account service forgot the account")
		}

		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "ci"})
		w.sim.FailBackend("rotate", waldursim.BackendFault{NoToken: true})
		w.do(k.manager, "POST", k.rotate(uuid), nil).want(400).
			wantBody(`{"detail": "API key rotation failed - no token returned"}`)
		wantStrings(t, w.sim.LiveKeys("svc-ci"), key)
	})
}

func TestBackendAcceptsCloseOnly(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		w.sim.FailBackend("close", waldursim.BackendFault{Accepted: true})
		w.do(k.manager, "DELETE", k.one(uuid), nil).want(204)
		wantFields(t, w.do(k.manager, "GET", k.one(uuid), nil).want(200).object(), object{"state": "OK", "error_message": ""})
		if !w.sim.KeyAlive(key) {
			t.Error("the key died")
		}
		w.do(k.manager, "DELETE", k.one(uuid), nil).want(204)
		w.do(k.manager, "GET", k.one(uuid), nil).want(404)
	})
}

func TestBackendFaultsQueue(t *testing.T) {
	w := newWorld(t)
	k := kinds[0]
	uuid, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
	w.sim.FailBackend("rotate", waldursim.BackendFault{Status: 500})
	w.sim.FailBackend("rotate", waldursim.BackendFault{Status: 503})
	w.sim.FailBackend("close", waldursim.BackendFault{Status: 504})
	// Other operations, and requests that Waldur refuses itself, use nothing up.
	w.do("owner", "PATCH", k.one(uuid), object{}).want(200)
	w.do("support", "POST", k.rotate(uuid), nil).want(403)
	w.sim.SetBackend(waldursim.BackendMock)
	w.do("owner", "POST", k.rotate(uuid), nil).want(200)
	w.sim.SetBackend(waldursim.BackendAPI)
	for _, status := range []string{"500", "503"} {
		w.do("owner", "POST", k.rotate(uuid), nil).want(400).wantBody(`{"detail": "Status code: ` + status + `, empty body"}`)
	}
	w.do("owner", "POST", k.rotate(uuid), nil).want(200)
	w.do("owner", "DELETE", k.one(uuid), nil).want(400)
	w.do("owner", "DELETE", k.one(uuid), nil).want(204)
}

func TestBackendFaultsThatCannotActPanic(t *testing.T) {
	sim := waldursim.New(waldursim.Options{})
	for _, test := range []struct {
		name, op string
		fault    waldursim.BackendFault
	}{
		{"unknown operation", "delete", waldursim.BackendFault{Status: 500}},
		{"nothing", "create", waldursim.BackendFault{}},
		{"two", "create", waldursim.BackendFault{Status: 500, Unreachable: true}},
		{"a good status", "create", waldursim.BackendFault{Status: 200}},
		{"update without a key", "update", waldursim.BackendFault{NoToken: true}},
		{"close without a key", "close", waldursim.BackendFault{NoToken: true}},
		{"create accepted", "create", waldursim.BackendFault{Accepted: true}},
		{"update accepted", "update", waldursim.BackendFault{Accepted: true}},
		{"rotate accepted", "rotate", waldursim.BackendFault{Accepted: true}},
	} {
		t.Run(test.name, func(t *testing.T) { wantPanic(t, func() { sim.FailBackend(test.op, test.fault) }) })
	}
}
