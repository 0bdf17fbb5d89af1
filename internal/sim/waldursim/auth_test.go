package waldursim_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

const (
	missingBody = `{"detail": "Authentication credentials were not provided."}`
	invalidBody = `{"detail": "Invalid token."}`
	expiredBody = `{"detail": "Token has expired."}`
	forbidden   = `{"detail": "You do not have permission to perform this action."}`
)

func (w *world) authorized(authorization string) reply {
	w.t.Helper()
	r, err := w.send("GET", "/api/users/me/", http.Header{"Authorization": {authorization}}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func TestCredentials(t *testing.T) {
	w := newWorld(t)
	token := w.tokens["owner"]
	personal := w.sim.AddPersonalAccessToken(w.users["owner"])
	accepted := []string{"Token " + token, "token " + token, "TOKEN  " + token, "Bearer " + personal, "bearer " + personal}
	for _, header := range accepted {
		t.Run(strings.Fields(header)[0], func(t *testing.T) {
			w := w.in(t)
			wantFields(t, w.authorized(header).want(200).object(), object{"username": "ada.kask"})
		})
	}
	for _, test := range []struct {
		name, header, body string
	}{
		{"none", "", missingBody},
		{"another scheme", "Basic YTpi", missingBody},
		{"bare token", token, missingBody},
		{"sign-in service", "Bearer eyJhbGciOi.e30.x", missingBody},
		{"session token as bearer", "Bearer " + token, missingBody},
		{"personal token as session", "Token " + personal, invalidBody},
		{"unknown", "Token " + strings.Repeat("0", 40), invalidBody},
		{"unknown personal", "Bearer w_99999999999_abc", invalidBody},
		{"malformed personal", "Bearer w_", invalidBody},
		{"empty", "Token", `{"detail": "Invalid token header. No credentials provided."}`},
		{"two", "Token a b", `{"detail": "Invalid token header. Token string should not contain spaces."}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := w.in(t)
			r := w.authorized(test.header).want(401)
			r.wantBody(test.body)
			if got := r.header.Get("WWW-Authenticate"); got != "Token" {
				t.Errorf("WWW-Authenticate %q", got)
			}
		})
	}
}

func TestEveryOperationNeedsCredentials(t *testing.T) {
	w := newWorld(t)
	account, key := w.seed(kinds[0], waldursim.ServiceAccount{PreferredIdentifier: "bot"})
	for _, request := range []string{
		"GET " + kinds[0].path, "HEAD " + kinds[0].path, "POST " + kinds[0].path,
		"GET " + kinds[0].one(account), "PUT " + kinds[0].one(account), "PATCH " + kinds[0].one(account),
		"DELETE " + kinds[0].one(account), "POST " + kinds[0].rotate(account),
		"GET " + kinds[1].path, "POST " + kinds[1].path,
		"GET /api/customers/", "GET /api/projects/", "GET /api/users/",
		"GET /api/marketplace-resources/", "GET /api/marketplace-provider-resources/",
		// Neither an unknown nor a malformed UUID is told apart.
		"GET " + kinds[0].one(w.customer), "GET " + kinds[0].one("nonsense"),
	} {
		method, path, _ := strings.Cut(request, " ")
		r := w.do("", method, path, nil).want(401)
		if method != "HEAD" {
			r.wantBody(missingBody)
		}
	}
	if record, _ := w.sim.ServiceAccount(account); record["state"] != "OK" || !w.sim.KeyAlive(key) {
		t.Error("a request without credentials changed something")
	}
}

func TestTokenForms(t *testing.T) {
	w := newWorld(t)
	if !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(w.tokens["owner"]) {
		t.Errorf("token %q is not 40 hex digits", w.tokens["owner"])
	}
	personal := w.sim.AddPersonalAccessToken(w.users["owner"])
	if !regexp.MustCompile(`^w_[0-9]{10}_[0-9a-f]+$`).MatchString(personal) {
		t.Errorf("personal access token %q", personal)
	}
}

func TestExpiry(t *testing.T) {
	w := newWorld(t)
	personal := w.sim.AddPersonalAccessToken(w.users["owner"])
	aging := w.sim.AddPersonalAccessToken(w.users["owner"])

	w.sim.ExpireToken(w.tokens["owner"])
	r := w.authorized("Token " + w.tokens["owner"]).want(401)
	r.wantBody(expiredBody)
	w.authorized("Bearer " + personal).want(200)

	w.sim.ExpireToken(personal)
	w.authorized("Bearer " + personal).want(401).wantBody(invalidBody)

	w.authorized("Bearer " + aging).want(200)
	w.clock.advance(365*24*time.Hour + time.Second)
	w.authorized("Bearer " + aging).want(401).wantBody(invalidBody)
	w.authorized("Token " + w.tokens["staff"]).want(200)

	wantPanic(t, func() { w.sim.ExpireToken("unknown") })
}

func TestInactiveUser(t *testing.T) {
	w := newWorld(t)
	_, token := w.sim.AddUser(waldursim.User{Username: "gone", Inactive: true})
	w.authorized("Token " + token).want(401).wantBody(`{"detail": "User inactive or deleted."}`)
}

// TestServiceAccountRights has one row per caller of the tables on rights.
func TestServiceAccountRights(t *testing.T) {
	type right struct {
		caller              string
		read, write, create int
	}
	tests := map[string][]right{
		"customer": {
			{"staff", 200, 200, 201},
			{"support", 200, 403, 403},
			{"owner", 200, 200, 201},
			{"reader", 404, 404, 403},
			{"manager", 404, 404, 403},
			{"member", 404, 404, 403},
			{"stranger", 404, 404, 403},
		},
		"project": {
			{"staff", 200, 200, 201},
			{"support", 200, 403, 403},
			{"owner", 200, 200, 201},
			{"reader", 404, 404, 403},
			{"manager", 200, 200, 201},
			{"member", 404, 404, 403},
			{"stranger", 404, 404, 403},
		},
	}
	for _, k := range kinds {
		for _, test := range tests[k.scope] {
			t.Run(k.scope+" "+test.caller, func(t *testing.T) {
				w := newWorld(t)
				account, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
				rows := 1
				if test.read == 404 {
					rows = 0
				}
				if got := len(w.do(test.caller, "GET", k.path, nil).want(200).list()); got != rows {
					t.Errorf("the list has %d rows, want %d", got, rows)
				}
				w.do(test.caller, "GET", k.one(account), nil).want(test.read)
				w.do(test.caller, "PATCH", k.one(account), object{}).want(test.write)
				w.do(test.caller, "PUT", k.one(account), object{k.scope: w.scope(k)}).want(test.write)
				if w.do(test.caller, "POST", k.rotate(account), nil).want(test.write); test.write != 200 && !w.sim.KeyAlive(key) {
					t.Error("a refused rotation killed the key")
				}
				body := object{k.scope: w.scope(k), "preferred_identifier": "new"}
				w.do(test.caller, "POST", k.path, body).want(test.create)
				deleted := test.write
				if deleted == 200 {
					deleted = 204
				}
				w.do(test.caller, "DELETE", k.one(account), nil).want(deleted)
				record, _ := w.sim.ServiceAccount(account)
				if closed := record["state"] == "Closed"; closed != (deleted == 204) {
					t.Errorf("after DELETE the state is %v", record["state"])
				}
			})
		}
	}
}

func TestLostRoleLooksLikeDeletion(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		account, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		w.do(k.manager, "GET", k.one(account), nil).want(200)
		w.sim.Revoke(w.users[k.manager], w.scope(k))
		r := w.do(k.manager, "GET", k.one(account), nil).want(404)
		r.wantBody(`{"detail": "No ` + k.model + ` matches the given query."}`)
		w.do(k.manager, "DELETE", k.one(account), nil).want(404)
		w.do("staff", "GET", k.one(account), nil).want(200)
		if !w.sim.KeyAlive(key) {
			t.Error("the key died with the role")
		}
		w.sim.Grant(w.users[k.manager], waldursim.CustomerOwner, w.customer)
		w.do(k.manager, "GET", k.one(account), nil).want(200)
	})
}

func TestRolesOfAnotherScopeGiveNothing(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		account, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		beta := w.sim.AddCustomer(waldursim.Customer{Name: "Beta", MaxServiceAccounts: waldursim.Unlimited})
		twin := w.sim.AddProject(waldursim.Project{Name: "Twin", Customer: w.customer, MaxServiceAccounts: waldursim.Unlimited})
		w.addUser("other owner", waldursim.User{Username: "o"}, grant{waldursim.CustomerOwner, beta})
		w.addUser("other manager", waldursim.User{Username: "m"}, grant{waldursim.ProjectManager, twin})
		for _, caller := range []string{"other owner", "other manager"} {
			w.do(caller, "GET", k.one(account), nil).want(404)
			w.do(caller, "POST", k.path, object{k.scope: w.scope(k), "preferred_identifier": "x"}).want(403).wantBody(forbidden)
			wantStrings(t, w.do(caller, "GET", k.path, nil).want(200).column("uuid"))
		}
		// In their own scope they may.
		if k.scope == "customer" {
			w.do("other owner", "POST", k.path, object{"customer": beta, "preferred_identifier": "x"}).want(201)
			w.do("other manager", "POST", k.path, object{"customer": beta, "preferred_identifier": "x"}).want(403)
		} else {
			w.do("other manager", "POST", k.path, object{"project": twin, "preferred_identifier": "x"}).want(201)
			w.do("other owner", "POST", k.path, object{"project": twin, "preferred_identifier": "x"}).want(403)
		}
	})
}

func TestSupportWithARoleMayWrite(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		account, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		w.sim.Grant(w.users["support"], waldursim.CustomerOwner, w.customer)
		w.do("support", "PATCH", k.one(account), object{}).want(200)
		w.do("support", "DELETE", k.one(account), nil).want(204)
	})
}

func TestForbiddenAndMissingBodies(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		account, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		w.do("support", "DELETE", k.one(account), nil).want(403).wantBody(forbidden)
		w.do("support", "POST", k.rotate(account), nil).want(403).wantBody(forbidden)
		// Permission comes before the body on an object, and after it on create.
		w.do("support", "PATCH", k.one(account), "{not json").want(403).wantBody(forbidden)
		w.do("support", "POST", k.path, "{not json").want(400)
		w.do("stranger", "PATCH", k.one(account), "{not json").want(404)
		unknown := strings.Repeat("0", 32)
		for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
			w.do("staff", method, k.one(unknown), nil).want(404).wantBody(`{"detail": "No ` + k.model + ` matches the given query."}`)
			w.do("staff", method, k.one("nonsense"), nil).want(404).wantBody(`{"detail": "Not found."}`)
		}
		w.do("staff", "POST", k.rotate(unknown), nil).want(404).wantBody(`{"detail": "No ` + k.model + ` matches the given query."}`)
		// An account of the other kind is not found here.
		other := kinds[0]
		if k.scope == "customer" {
			other = kinds[1]
		}
		foreign, _ := w.seed(other, waldursim.ServiceAccount{PreferredIdentifier: "foreign"})
		w.do("staff", "GET", k.one(foreign), nil).want(404)
		w.do("staff", "DELETE", k.one(foreign), nil).want(404)
	})
}
