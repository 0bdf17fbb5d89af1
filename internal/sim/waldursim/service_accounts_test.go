package waldursim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// TestServiceAccountForm has a create and everything that later responses say of the account.
func TestServiceAccountForm(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		r := w.do(k.manager, "POST", k.path, object{
			k.scope: w.scope(k), "preferred_identifier": "bot", "username": "wanted", "description": "Nightly export",
			"email": "bot@acme.example",
		}).Want(201)
		created := r.Object()
		uuid, key := created["uuid"].(string), created["token"].(string)
		want := object{
			"url": w.URL + k.one(uuid), "uuid": uuid, "created": made, "modified": made, "username": "svc-bot",
			"description": "Nightly export", "email": "bot@acme.example", "error_message": "", "error_traceback": "",
			"state": "OK", "preferred_identifier": "bot", k.scope: w.scope(k),
			"customer_uuid": w.customer, "customer_name": "ACME Research",
			"token": key, "expires_at": "2026-04-01T08:15:30Z", // thirty days, cut to whole seconds
		}
		if k.scope == "project" {
			want["project_uuid"], want["project_name"] = w.project, "Climate models"
			want["customer_abbreviation"] = "ACME"
		}
		simtest.Equal(w.T, "create", created, want)
		simtest.Equal(w.T, "Location", r.Header.Get("Location"), w.URL+k.one(uuid))
		simtest.Equal(w.T, "alive", w.sim.KeyAlive(key), true)

		// The key is in no later response, and not stored with the account.
		want["token"], want["expires_at"] = nil, nil
		simtest.Equal(w.T, "read", w.do(k.manager, "GET", k.one(uuid), nil).Want(200).Object(), want)
		simtest.Equal(w.T, "list", w.do(k.manager, "GET", k.path, nil).Want(200).List(), []object{want})
		simtest.Equal(w.T, "PATCH", w.do(k.manager, "PATCH", k.one(uuid), nil).Want(200).Object(), want)
		body := object{k.scope: w.scope(k)}
		simtest.Equal(w.T, "PUT", w.do(k.manager, "PUT", k.one(uuid), body).Want(200).Object(), want)
		simtest.Equal(w.T, "stored key", w.stored(uuid).Key, "")

		// A second create is a second account, under a name that the account service has not given
		// before.
		w.create(k, "bot").WantFields(object{"username": "svc-bot-2", "preferred_identifier": "bot"})
	})
}

func TestScopeField(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		unknown := "Object with uuid=" + hyphened(nobody) + " does not exist."
		for _, test := range []struct {
			value any
			want  string // empty is 403
		}{
			{hyphened(nobody), unknown},
			{"/api/" + k.scope + "s/x/", "Object with uuid=/api/" + k.scope + "s/x/ does not exist."},
			{"xyz", "Object with uuid=xyz does not exist."},
			{[]string{w.scope(k)}, "Invalid value."},
			{nil, ""},
			{"", ""},
		} {
			r := w.do("staff", "POST", k.path, object{k.scope: test.value, "preferred_identifier": "bot"})
			if test.want == "" {
				r.Want(403).WantBody(forbidden)
			} else {
				r.Want(400).WantBody(only(k.scope, test.want))
			}
		}
		w.do(k.manager, "POST", k.path, object{k.other: w.customer}).Want(400).WantBody(only(k.scope, required))
		w.do(k.manager, "POST", k.path, nil).Want(400).WantBody(only(k.scope, required))
		simtest.Equal(w.T, "accounts and keys", len(w.sim.ServiceAccounts())+len(w.sim.Keys()), 0)
	})
}

func TestLimit(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		full := `{"detail": "Maximum number of service accounts reached for this ` + k.scope + `"}`
		fresh := map[string]string{"customer": w.provider, "project": w.otherProject}[k.scope]
		w.do("staff", "POST", k.path, object{k.scope: fresh, "preferred_identifier": "x"}).Want(400).WantBody(full)

		w.sim.SetLimit(w.scope(k), 2)
		first := w.create(k, "bot").Object()["uuid"].(string)
		w.seed(k, waldursim.ServiceAccount{ErrorMessage: "broken"}) // an account in Erred counts
		for _, caller := range []string{k.manager, "staff"} {
			w.do(caller, "POST", k.path, w.body(k, "bot")).Want(400).WantBody(full)
		}
		simtest.Equal(w.T, "keys", len(w.sim.Keys()), 2)
		// Neither a closed account nor one of the other kind counts.
		w.do(k.manager, "DELETE", k.one(first), nil).Want(204)
		w.sim.AddProjectServiceAccount(waldursim.ServiceAccount{Scope: w.otherProject})
		w.create(k, "bot")
		w.do(k.manager, "POST", k.path, w.body(k, "bot")).Want(400)
		w.sim.SetLimit(w.scope(k), waldursim.Unlimited)
		w.create(k, "bot")
	})
}

func TestLimitThatCountsClosed(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		w.sim.SetLimit(w.scope(k), 1)
		uuid := w.create(k, "bot").Object()["uuid"].(string)
		w.do(k.manager, "DELETE", k.one(uuid), nil).Want(204)
		w.do(k.manager, "POST", k.path, w.body(k, "bot")).Want(400)
	}, func(o *waldursim.Options) { o.CountClosed = true })
}

// TestOrderOfLists writes the first of two accounts.
func TestOrderOfLists(t *testing.T) {
	for _, test := range []struct {
		byCreation     bool
		method, action string
		want           string
	}{
		{false, "PATCH", "", "b a"},
		{false, "POST", "rotate_api_key/", "a b"}, // not a write
		{true, "PATCH", "", "a b"},
	} {
		eachKind(t, func(w *world, k kind) {
			first, _ := w.seed(k, waldursim.ServiceAccount{Username: "a"})
			w.seed(k, waldursim.ServiceAccount{Username: "b"})
			w.do(k.manager, test.method, k.one(first)+test.action, object{}).Want(200)
			names := w.do(k.manager, "GET", k.path, nil).Want(200).Column("username")
			simtest.Equal(w.T, test.method, strings.Join(names, " "), test.want)
		}, func(o *waldursim.Options) { o.ListsByCreation = test.byCreation })
	}
}

// TestTracebackThatAClientWrites is an accident of the server.
func TestTracebackThatAClientWrites(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		uuid, _ := w.seed(k, waldursim.ServiceAccount{})
		w.do(k.manager, "PATCH", k.one(uuid), object{"error_traceback": "tb"}).Want(200)
		w.do(k.manager, "PATCH", k.one(uuid), object{}).Want(200).WantFields(object{"error_traceback": "tb"})
	})
}

func TestUpdate(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot", Email: "a@b.example"})
		w.clock.Advance(time.Hour)
		for _, test := range []struct {
			method       string
			change, want object
		}{
			{"PATCH", object{"description": "new"}, object{"description": "new", "email": "a@b.example"}},
			{"PATCH", object{"email": "c@b.example"}, object{"description": "new", "email": "c@b.example"}},
			{"PATCH", object{}, object{"created": made, "modified": hourLater}},
			// A PUT resets nothing that is left out.
			{"PUT", object{k.scope: w.scope(k), "description": ""}, object{"description": "", "email": "c@b.example"}},
			{"PATCH", object{"preferred_identifier": "x"}, object{"preferred_identifier": "x", "username": "svc-bot"}},
		} {
			w.do(k.manager, test.method, k.one(uuid), test.change).Want(200).WantFields(test.want)
		}
		w.do(k.manager, "PUT", k.one(uuid), object{"description": "x"}).Want(400).WantBody(only(k.scope, required))
		simtest.Equal(w.T, "alive", w.sim.KeyAlive(key), true)
	})
}

// TestUsernameChange cuts the link to the account service, which does not learn of the new name.
func TestUsernameChange(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{})
		renamed := object{"username": "renamed"}
		w.do(k.manager, "PATCH", k.one(uuid), renamed).Want(200).WantFields(renamed)
		missed := `{"detail": {"message": "account not found"}}`
		w.do(k.manager, "POST", k.rotate(uuid), nil).Want(400).WantBody(missed)
		w.do(k.manager, "PATCH", k.one(uuid), object{}).Want(400).WantBody(missed)
		w.do(k.manager, "DELETE", k.one(uuid), nil).Want(204)
		w.do(k.manager, "GET", k.one(uuid), nil).Want(404)
		simtest.Equal(w.T, "the real account lives on", w.sim.KeyAlive(key), true)
	})
}

// TestScopeChange checks neither the limit of the new scope nor the rights on it.
func TestScopeChange(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		uuid, _ := w.seed(k, waldursim.ServiceAccount{})
		elsewhere := map[string]string{"customer": w.provider, "project": w.otherProject}[k.scope]
		w.do(k.manager, "PATCH", k.one(uuid), object{k.scope: elsewhere}).Want(200).
			WantFields(object{k.scope: elsewhere, k.scope + "_uuid": elsewhere})
		w.do("zed", "GET", k.one(uuid), nil).Want(404)
		none := object{k.scope: nil}
		orphan := w.do("staff", "PATCH", k.one(uuid), none).Want(200).WantFields(none).Object()
		for _, name := range []string{"customer_uuid", "customer_name", "project_uuid", "project_name"} {
			if got, ok := orphan[name]; ok {
				w.Errorf("%s is %v, want it left out", name, got)
			}
		}
		w.do(k.manager, "GET", k.one(uuid), nil).Want(404)
		w.do("support", "PATCH", k.one(uuid), object{}).Want(403)
		w.do("staff", "PATCH", k.one(uuid), object{k.scope: w.scope(k)}).Want(200)
		w.do(k.manager, "GET", k.one(uuid), nil).Want(200)
	})
}

func TestRotate(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		want := w.create(k, "bot").Object()
		uuid, first := want["uuid"].(string), want["token"].(string)
		w.clock.Advance(24 * time.Hour)
		rotated := w.do(k.manager, "POST", k.rotate(uuid), "{a body is not read").Want(200).Object()
		second := rotated["token"].(string)
		// Nothing else changes, not even modified.
		want["token"], want["expires_at"] = second, "2026-04-02T08:15:30Z"
		simtest.Equal(w.T, "rotated", rotated, want)
		simtest.Equal(w.T, "live keys", w.sim.LiveKeys("svc-bot"), []string{second})
		simtest.Equal(w.T, "keys", w.sim.Keys(), []string{first, second})
	})
}

func TestDelete(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		kept, keptKey := w.seed(k, waldursim.ServiceAccount{})
		simtest.Equal(w.T, "body", w.do(k.manager, "DELETE", k.one(uuid), nil).Want(204).Body, "")
		for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
			w.do("staff", method, k.one(uuid), nil).Want(404).WantBody(missing(k.model))
		}
		w.do("staff", "POST", k.rotate(uuid), nil).Want(404).WantBody(missing(k.model))
		list := w.do("staff", "GET", k.path, nil).Want(200)
		simtest.Equal(w.T, "list", list.Column("uuid"), []string{kept})
		simtest.Equal(w.T, "count", list.Header.Get("X-Result-Count"), "1")
		simtest.Equal(w.T, "state", w.stored(uuid).State, "Closed")
		simtest.Equal(w.T, "keys", []bool{w.sim.KeyAlive(key), w.sim.KeyAlive(keptKey)}, []bool{false, true})
		w.create(k, "bot").WantFields(object{"username": "svc-bot-2"}) // the name is not free again
	})
}

func TestErredAccount(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{ErrorMessage: "directory is read-only"})
		read := w.do(k.manager, "GET", k.one(uuid), nil).Want(200)
		read.WantFields(object{"state": "Erred", "error_message": "directory is read-only"})
		if read.Object()["error_traceback"] == "" {
			w.Error("no traceback")
		}
		modes := []waldursim.BackendMode{waldursim.BackendMock, waldursim.BackendOff, waldursim.BackendAPI}
		for _, mode := range modes {
			w.sim.SetBackend(mode)
			w.do(k.manager, "POST", k.rotate(uuid), nil).Want(409).
				WantBody(`{"detail": "Valid states for operation: UPDATE_SCHEDULED."}`)
		}
		simtest.Equal(w.T, "alive", w.sim.KeyAlive(key), true)
		w.do(k.manager, "PATCH", k.one(uuid), object{}).Want(200).
			WantFields(object{"state": "OK", "error_message": "", "error_traceback": ""})
		w.do(k.manager, "POST", k.rotate(uuid), nil).Want(200)

		other, _ := w.seed(k, waldursim.ServiceAccount{ErrorMessage: "x"})
		w.do(k.manager, "DELETE", k.one(other), nil).Want(204)
		w.do(k.manager, "GET", k.one(other), nil).Want(404)
	})
}
