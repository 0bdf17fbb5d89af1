package waldursim_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestCredentials(t *testing.T) {
	const (
		none    = "Authentication credentials were not provided."
		invalid = "Invalid token."
	)
	w := newWorld(t)
	token, expired := w.tokens["owner"], w.tokens["reader"]
	personal, revoked := w.sim.AddPersonalAccessToken(w.users["owner"]), w.sim.AddPersonalAccessToken(w.users["owner"])
	_, inactive := w.sim.AddUser(waldursim.User{Username: "gone", Inactive: true})
	w.sim.ExpireToken(expired)
	w.sim.ExpireToken(revoked)
	for _, test := range []struct{ name, header, detail string }{
		{"token", "Token " + token, ""},
		{"another case", "tOKEN  " + token, ""},
		{"personal", "Bearer " + personal, ""},
		{"none", "", none},
		{"empty personal", "Bearer", "Invalid token. No credentials provided."},
		{"another scheme", "Basic YTpi", none},
		{"bare token", token, none},
		{"sign-in service", "Bearer eyJhbGciOi.e30.x", none},
		{"session token as bearer", "Bearer " + token, none},
		{"personal token as session", "Token " + personal, invalid},
		{"unknown", "Token " + strings.Repeat("0", 40), invalid},
		{"unknown personal", "Bearer w_99999999999_abc", invalid},
		{"expired", "Token " + expired, "Token has expired."},
		{"expired personal", "Bearer " + revoked, invalid},
		{"inactive", "Token " + inactive, "User inactive or deleted."},
		{"empty", "Token", "Invalid token. No credentials provided."},
		{"two", "Token a b", "Invalid token. Token string should not contain spaces."},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := w.In(t).Send("GET", "/api/users/me/", http.Header{"Authorization": {test.header}}, nil)
			if test.detail == "" {
				r.Want(200).WantFields(object{"username": "owner"})
				return
			}
			r.Want(401).WantFields(object{"detail": test.detail})
			simtest.Equal(t, "WWW-Authenticate", r.Header.Get("WWW-Authenticate"), "Token")
		})
	}
}

// TestServiceAccountRights has one row per caller of the tables on rights.
func TestServiceAccountRights(t *testing.T) {
	type right struct{ read, write, create int }
	all, sees, none := right{200, 200, 201}, right{200, 403, 403}, right{404, 404, 403}
	for _, test := range []struct {
		caller            string
		customer, project right
	}{
		{"staff", all, all},
		{"support", sees, sees},
		{"owner", all, right{404, 404, 201}}, // does not see what it creates
		{"reader", none, none},
		{"manager", none, all},
		{"member", none, none},
		{"provider", none, none},
		{"zed", none, none},
	} {
		t.Run(test.caller, func(t *testing.T) {
			eachKind(t, func(w *world, k kind) {
				want := map[string]right{"customer": test.customer, "project": test.project}[k.scope]
				account, key := w.seed(k, waldursim.ServiceAccount{})
				rows := map[int]int{200: 1, 404: 0}[want.read]
				simtest.Equal(w.T, "rows", len(w.do(test.caller, "GET", k.path, nil).Want(200).List()), rows)
				w.do(test.caller, "GET", k.one(account), nil).Want(want.read)
				w.do(test.caller, "PATCH", k.one(account), object{}).Want(want.write)
				w.do(test.caller, "PUT", k.one(account), object{k.scope: w.scope(k)}).Want(want.write)
				w.do(test.caller, "POST", k.rotate(account), nil).Want(want.write)
				simtest.Equal(w.T, "old key alive", w.sim.KeyAlive(key), want.write != 200)
				w.do(test.caller, "POST", k.path, w.body(k, "new")).Want(want.create)
				deleted := map[int]int{200: 204, 403: 403, 404: 404}[want.write]
				w.do(test.caller, "DELETE", k.one(account), nil).Want(deleted)
				simtest.Equal(w.T, "closed", w.stored(account).State == "Closed", deleted == 204)
			})
		})
	}
}

func TestLostRoleLooksLikeDeletion(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		account, key := w.seed(k, waldursim.ServiceAccount{})
		w.do(k.manager, "GET", k.one(account), nil).Want(200)
		w.sim.Revoke(w.users[k.manager], w.scope(k))
		w.do(k.manager, "GET", k.one(account), nil).Want(404).WantBody(missing(k.model))
		w.do(k.manager, "DELETE", k.one(account), nil).Want(404)
		simtest.Equal(w.T, "alive", w.sim.KeyAlive(key), true)
	})
}

// TestOrderOfChecks removes one fault at a time.
func TestOrderOfChecks(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		account, _ := w.seed(k, waldursim.ServiceAccount{})
		bad := object{k.scope: w.scope(k), "email": ""}
		full := "Maximum number of service accounts reached for this " + k.scope
		w.sim.SetLimit(w.scope(k), 0)
		w.do("zed", "POST", k.path, bad).Want(400).WantBody(only("email", isBlank))
		w.do("zed", "POST", k.path, object{k.scope: w.scope(k)}).Want(403).WantBody(forbidden)
		w.do("staff", "POST", k.path, object{k.scope: w.scope(k)}).Want(400).WantFields(object{"detail": full})
		w.do("zed", "PATCH", k.one(account), "{").Want(404)
		w.do("support", "PATCH", k.one(account), "{").Want(403).WantBody(forbidden)
		w.do("staff", "PATCH", k.one(account), "{").Want(400)
	})
}
