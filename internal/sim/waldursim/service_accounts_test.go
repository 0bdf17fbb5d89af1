package waldursim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestCreateAnswer(t *testing.T) {
	common := []string{
		"url", "uuid", "created", "modified", "username", "description", "error_message", "error_traceback",
		"state", "token", "email", "expires_at", "preferred_identifier", "customer_uuid", "customer_name",
	}
	eachKind(t, func(t *testing.T, w *world, k kind) {
		r := w.do(k.manager, "POST", k.path, object{
			k.scope: w.scope(k), "description": "Nightly export", "email": "bot@acme.example",
			"preferred_identifier": "billing-bot", "username": "wanted",
		}).want(201)
		made := r.object()
		wantFields(t, made, object{
			"url":             w.server.URL + k.one(made["uuid"]),
			"created":         "2026-03-02T08:15:30.481207+00:00",
			"modified":        "2026-03-02T08:15:30.481207+00:00",
			"username":        "svc-billing-bot",
			"description":     "Nightly export",
			"email":           "bot@acme.example",
			"error_message":   "",
			"error_traceback": "",
			"state":           "OK",
			// The thirty days are cut to whole seconds.
			"expires_at":           "2026-04-01T08:15:30Z",
			"preferred_identifier": "billing-bot",
			k.scope:                w.scope(k),
			"customer_uuid":        w.customer,
			"customer_name":        "ACME Research",
		})
		if got := r.header.Get("Location"); got != made["url"] {
			t.Errorf("Location %q, want the url", got)
		}
		if k.scope == "customer" {
			wantNames(t, made, append(common, "customer")...)
		} else {
			wantNames(t, made, append(common, "project", "project_uuid", "project_name", "customer_abbreviation")...)
			wantFields(t, made, object{
				"project_uuid": w.project, "project_name": "Climate models", "customer_abbreviation": "ACME",
			})
		}
		token, _ := made["token"].(string)
		if !w.sim.KeyAlive(token) {
			t.Errorf("the token %q opens nothing", token)
		}
	})
}

func TestSecretIsToldOnce(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		made := w.create(k, "bot")
		uuid := made["uuid"]
		hidden := object{"token": nil, "expires_at": nil}
		wantFields(t, w.do(k.manager, "GET", k.one(uuid), nil).want(200).object(), hidden)
		wantFields(t, w.do(k.manager, "GET", k.path, nil).want(200).list()[0], hidden)
		wantFields(t, w.do(k.manager, "PATCH", k.one(uuid), object{}).want(200).object(), hidden)
		wantFields(t, w.do(k.manager, "PUT", k.one(uuid), object{k.scope: w.scope(k)}).want(200).object(), hidden)
		record, ok := w.sim.ServiceAccount(uuid.(string))
		if !ok {
			t.Fatal("the account is not stored")
		}
		for name, value := range record {
			if value == made["token"] || value == made["expires_at"] || name == "token" || name == "expires_at" {
				t.Errorf("the record has %s = %v", name, value)
			}
		}
		// What the client sends for them is ignored.
		body := object{"token": "mine", "expires_at": "2030-01-01", "state": "Closed", "uuid": w.customer, "created": "x", "error_message": "x", "nonsense": 1}
		patched := w.do(k.manager, "PATCH", k.one(uuid), body).want(200).object()
		wantFields(t, patched, object{
			"token": nil, "expires_at": nil, "state": "OK", "uuid": uuid, "created": made["created"], "error_message": "",
		})
	})
}

// TestReadsAgree holds every later answer against the one to create.
func TestReadsAgree(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		made := w.create(k, "bot")
		w.clock.advance(time.Hour)
		want := object{}
		for name, value := range made {
			want[name] = value
		}
		want["token"], want["expires_at"] = nil, nil
		read := w.do(k.manager, "GET", k.one(made["uuid"]), nil).want(200).object()
		wantFields(t, read, want)
		wantFields(t, w.do(k.manager, "GET", k.path, nil).want(200).list()[0], want)
		// Both directions, so that neither has a field that the other lacks.
		wantFields(t, want, read)
	})
}

func TestFieldChecks(t *testing.T) {
	long := strings.Repeat("x", 33)
	const null, blank = "This field may not be null.", "This field may not be blank."
	const noText, noMail = "Not a valid string.", "Enter a valid email address."
	tests := []struct {
		name  string
		field string
		value any
		want  []any // nil is success
	}{
		{"username too long", "username", long, []any{"Ensure this field has no more than 32 characters."}},
		{"username of 32 characters, not bytes", "username", strings.Repeat("õ", 32), nil},
		{"username blank", "username", "", nil},
		{"username null", "username", nil, []any{null}},
		{"identifier too long", "preferred_identifier", long, []any{"Ensure this field has no more than 32 characters."}},
		{"identifier trimmed to 32", "preferred_identifier", " " + long[1:] + "\n", nil},
		{"identifier null", "preferred_identifier", nil, []any{null}},
		{"description long", "description", strings.Repeat(long, 100), nil},
		{"description blank", "description", "", nil},
		{"description null", "description", nil, []any{null}},
		{"description number", "description", 12.5, nil},
		{"description true", "description", true, []any{noText}},
		{"description list", "description", []string{"a"}, []any{noText}},
		{"description object", "description", object{}, []any{noText}},
		{"description with a zero", "description", "a\x00b", []any{"Null characters are not allowed."}},
		{"traceback null", "error_traceback", nil, []any{null}},
		{"traceback", "error_traceback", "text", nil},
		{"email blank", "email", "", []any{blank}},
		{"email of white space", "email", "  ", []any{blank}},
		{"email null", "email", nil, []any{null}},
		{"email without a domain", "email", "bot", []any{noMail}},
		{"email without a dot", "email", "bot@acme", []any{noMail}},
		{"email with a name", "email", "Bot <bot@acme.example>", []any{noMail}},
		{"email at localhost", "email", "bot@localhost", nil},
		{"email trimmed", "email", " bot@acme.example\n", nil},
		{"email with a tag", "email", "bot+x@mail.acme.example", nil},
		{"email too long", "email", strings.Repeat("x", 321-len("@acme.example")) + "@acme.example", []any{"Ensure this field has no more than 320 characters."}},
		{"email at the limit", "email", strings.Repeat("x", 320-len("@acme.example")) + "@acme.example", nil},
		{"email too long and bad", "email", strings.Repeat("x", 321), []any{"Ensure this field has no more than 320 characters.", noMail}},
	}
	eachKind(t, func(t *testing.T, w *world, k kind) {
		w.sim.SetLimit(w.scope(k), waldursim.Unlimited)
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				w := w.in(t)
				account, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "old"})
				body := object{k.scope: w.scope(k), "preferred_identifier": "bot", test.field: test.value}
				created := w.do(k.manager, "POST", k.path, body)
				patched := w.do(k.manager, "PATCH", k.one(account), object{test.field: test.value})
				if test.want == nil {
					created.want(201)
					patched.want(200)
					return
				}
				for _, r := range []reply{created.want(400), patched.want(400)} {
					wantNames(t, r.object(), test.field)
					wantFields(t, r.object(), object{test.field: test.want})
				}
			})
		}
	})
}

func TestTextIsTrimmedAndNumbersBecomeText(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		made := w.do(k.manager, "POST", k.path, `{
			"`+k.scope+`": "`+w.scope(k)+`", "preferred_identifier": "  bot\t", "description": "\n two words \n", "email": " a@b.example "
		}`).want(201).object()
		wantFields(t, made, object{
			"preferred_identifier": "bot", "description": "two words", "email": "a@b.example", "username": "svc-bot",
		})
		patched := w.do(k.manager, "PATCH", k.one(made["uuid"]), `{"description": 1200}`).want(200).object()
		wantFields(t, patched, object{"description": "1200", "email": "a@b.example"})
		wantFields(t, w.do(k.manager, "PATCH", k.one(made["uuid"]), `{"description": "   "}`).want(200).object(), object{"description": ""})
	})
}

func TestScopeField(t *testing.T) {
	unknown := strings.Repeat("ab", 16)
	eachKind(t, func(t *testing.T, w *world, k kind) {
		removed := w.sim.AddProject(waldursim.Project{Name: "old", Customer: w.customer})
		w.sim.RemoveProject(removed)
		absent := "does not exist."
		for _, test := range []struct {
			name   string
			value  any
			status int
			want   string
		}{
			{"unknown", unknown, 400, "Object with uuid=" + unknown + " " + absent},
			{"unknown with hyphens", hyphened(unknown), 400, "Object with uuid=" + hyphened(unknown) + " " + absent},
			{"removed project", removed, 400, "Object with uuid=" + removed + " " + absent},
			{"address", w.server.URL + "/api/" + k.scope + "s/" + w.scope(k) + "/", 400, "Invalid value."},
			{"too short", w.scope(k)[1:], 400, "Invalid value."},
			{"no hex", strings.Repeat("z", 32), 400, "Invalid value."},
			{"list", []string{w.scope(k)}, 400, "Invalid value."},
			{"null", nil, 403, ""},
			{"empty", "", 403, ""},
		} {
			t.Run(test.name, func(t *testing.T) {
				w := w.in(t)
				body := object{k.scope: test.value, "preferred_identifier": "bot"}
				for _, caller := range []string{k.manager, "staff"} {
					r := w.do(caller, "POST", k.path, body).want(test.status)
					if test.status == 400 {
						wantFields(t, r.object(), object{k.scope: []any{test.want}})
					} else {
						r.wantBody(forbidden)
					}
				}
			})
		}
		t.Run("missing", func(t *testing.T) {
			w := w.in(t)
			for _, body := range []any{nil, object{}, object{"preferred_identifier": "bot"}, object{k.other: w.customer}} {
				w.do(k.manager, "POST", k.path, body).want(400).wantBody(`{"` + k.scope + `": ["This field is required."]}`)
			}
		})
		if len(w.sim.ServiceAccounts()) != 0 || len(w.sim.Keys()) != 0 {
			t.Error("a refused create left something behind")
		}
	})
}

func TestAllFaultyFieldsAreReported(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		unknown := strings.Repeat("0", 32)
		w.do(k.manager, "POST", k.path, object{
			k.scope: unknown, "email": "no", "preferred_identifier": strings.Repeat("x", 33),
		}).want(400).wantBody(`{
			"` + k.scope + `": ["Object with uuid=` + unknown + ` does not exist."],
			"email": ["Enter a valid email address."],
			"preferred_identifier": ["Ensure this field has no more than 32 characters."]
		}`)
	})
}

func TestBodyForms(t *testing.T) {
	w := newWorld(t)
	k := kinds[0]
	post := func(contentType, body string) reply {
		header := http.Header{"Authorization": {"Token " + w.tokens["owner"]}}
		if contentType != "" {
			header.Set("Content-Type", contentType)
		}
		r, err := w.send("POST", k.path, header, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	good := `{"customer": "` + w.customer + `", "preferred_identifier": "bot"}`
	multipart := "--b\r\nContent-Disposition: form-data; name=\"customer\"\r\n\r\n" + w.customer +
		"\r\n--b\r\nContent-Disposition: form-data; name=\"preferred_identifier\"\r\n\r\nbot\r\n--b--\r\n"
	for _, test := range []struct {
		name, contentType, body string
		status                  int
		want                    string // start of the text in detail
	}{
		{"json", "application/json", good, 201, ""},
		{"json with charset", "application/json; charset=utf-8", good, 201, ""},
		{"form", "application/x-www-form-urlencoded", "customer=" + w.customer + "&preferred_identifier=bot", 201, ""},
		{"multipart", "multipart/form-data; boundary=b", multipart, 201, ""},
		{"broken form", "application/x-www-form-urlencoded", "customer=%zz", 400, "Malformed request."},
		{"repeated in a form", "application/x-www-form-urlencoded", "customer=x&preferred_identifier=bot&customer=" + w.customer, 201, ""},
		{"broken multipart", "multipart/form-data; boundary=c", multipart, 400, "Multipart form parse error - "},
		{"text", "text/plain", good, 415, `Unsupported media type "text/plain" in request.`},
		{"no type", "", good, 415, `Unsupported media type "" in request.`},
		{"broken", "application/json", `{"customer": `, 400, "JSON parse error - "},
		{"trailing", "application/json", good + "}", 400, "JSON parse error - "},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := post(test.contentType, test.body).want(test.status)
			if test.status != 201 {
				if detail, _ := r.object()["detail"].(string); !strings.HasPrefix(detail, test.want) {
					t.Errorf("detail %q", detail)
				}
			}
		})
	}
	for body, kind := range map[string]string{"[1]": "list", `"x"`: "str", "1": "int", "1.5": "float", "true": "bool"} {
		post("application/json", body).want(400).
			wantBody(`{"non_field_errors": ["Invalid data. Expected a dictionary, but got ` + kind + `."]}`)
	}
	post("application/json", "null").want(400).wantBody(`{"non_field_errors": ["No data provided"]}`)
	// Without a body the type does not matter.
	post("text/plain", "").want(400).wantBody(`{"customer": ["This field is required."]}`)
}

func TestLimit(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		full := `{"detail": "Maximum number of service accounts reached for this ` + k.scope + `"}`
		body := object{k.scope: w.scope(k), "preferred_identifier": "bot"}

		fresh := w.sim.AddCustomer(waldursim.Customer{Name: "fresh"})
		if k.scope == "project" {
			fresh = w.sim.AddProject(waldursim.Project{Name: "fresh", Customer: fresh})
		}
		w.do("staff", "POST", k.path, object{k.scope: fresh, "preferred_identifier": "x"}).want(400).wantBody(full)

		w.sim.SetLimit(w.scope(k), waldursim.LimitOf(2))
		first := w.do(k.manager, "POST", k.path, body).want(201).object()
		erred, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "erred", Erred: "broken"})
		for _, caller := range []string{k.manager, "staff"} {
			w.do(caller, "POST", k.path, body).want(400).wantBody(full)
		}
		if got := len(w.sim.Keys()); got != 2 {
			t.Errorf("%d keys were minted, want 2", got)
		}
		// Neither a closed account nor one of the other kind counts.
		w.do(k.manager, "DELETE", k.one(first["uuid"]), nil).want(204)
		for _, other := range kinds {
			if other.scope != k.scope {
				w.seed(other, waldursim.ServiceAccount{PreferredIdentifier: "other"})
			}
		}
		w.do(k.manager, "POST", k.path, body).want(201)
		w.do(k.manager, "POST", k.path, body).want(400)

		w.sim.SetLimit(w.scope(k), waldursim.LimitOf(0))
		w.do(k.manager, "POST", k.path, body).want(400)
		w.do(k.manager, "PATCH", k.one(erred), object{}).want(200)
		w.sim.SetLimit(w.scope(k), waldursim.Unlimited)
		for range 4 {
			w.do(k.manager, "POST", k.path, body).want(201)
		}
	})
}

func TestChecksBeforeTheLimit(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		w.sim.SetLimit(w.scope(k), waldursim.LimitOf(0))
		w.do(k.manager, "POST", k.path, object{k.scope: w.scope(k), "email": ""}).want(400).
			wantBody(`{"email": ["This field may not be blank."]}`)
		w.do("stranger", "POST", k.path, object{k.scope: w.scope(k), "email": ""}).want(400)
		w.do("stranger", "POST", k.path, object{k.scope: w.scope(k)}).want(403)
	})
}

func TestRepeatedCreateMakesAnotherAccount(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		first, second := w.create(k, "bot"), w.create(k, "bot")
		if first["uuid"] == second["uuid"] || first["token"] == second["token"] {
			t.Error("the second create gave the first account")
		}
		wantFields(t, first, object{"username": "svc-bot", "preferred_identifier": "bot"})
		wantFields(t, second, object{"username": "svc-bot-2", "preferred_identifier": "bot"})
	})
}

func TestUpdate(t *testing.T) {
	for _, method := range []string{"PUT", "PATCH"} {
		t.Run(method, func(t *testing.T) {
			eachKind(t, func(t *testing.T, w *world, k kind) {
				uuid, key := w.seed(k, waldursim.ServiceAccount{
					PreferredIdentifier: "bot", Description: "old", Email: "old@acme.example",
				})
				before, _ := w.sim.ServiceAccount(uuid)
				w.clock.advance(time.Minute)
				send := func(body object) object {
					if method == "PUT" {
						body[k.scope] = w.scope(k)
					}
					return w.do(k.manager, method, k.one(uuid), body).want(200).object()
				}
				// What is left out keeps its value, in PUT as well.
				wantFields(t, send(object{"description": "new"}), object{
					"description": "new", "email": "old@acme.example", "preferred_identifier": "bot",
					"username": "svc-bot", "created": before["created"], "modified": "2026-03-02T08:16:30.481207+00:00",
				})
				wantFields(t, send(object{"email": "new@acme.example"}), object{"description": "new", "email": "new@acme.example"})
				wantFields(t, send(object{"error_traceback": "text"}), object{"error_traceback": "text", "state": "OK"})
				wantFields(t, send(object{"description": ""}), object{"description": ""})
				held, _ := w.sim.BackendAccount("svc-bot")
				wantFields(t, held, object{"email": "new@acme.example", "description": "", "closed": false})
				if !w.sim.KeyAlive(key) {
					t.Error("an update killed the key")
				}
				// An empty update is a write all the same.
				w.clock.advance(time.Minute)
				wantFields(t, send(object{}), object{"modified": "2026-03-02T08:17:30.481207+00:00"})
			})
		})
	}
}

func TestPutNeedsTheScope(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuid, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot", Description: "old"})
		w.do(k.manager, "PUT", k.one(uuid), object{"description": "new"}).want(400).
			wantBody(`{"` + k.scope + `": ["This field is required."]}`)
		record, _ := w.sim.ServiceAccount(uuid)
		wantFields(t, record, object{"description": "old"})
	})
}

func TestIdentifierChangesInWaldurOnly(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		got := w.do(k.manager, "PATCH", k.one(uuid), object{"preferred_identifier": "other"}).want(200).object()
		wantFields(t, got, object{"preferred_identifier": "other", "username": "svc-bot"})
		w.do(k.manager, "POST", k.rotate(uuid), nil).want(200)
		if w.sim.KeyAlive(key) {
			t.Error("the rotation missed the account")
		}
	})
}

func TestUsernameChangeCutsTheLink(t *testing.T) {
	missed := `{"detail": {"message": "account not found"}}`
	eachKind(t, func(t *testing.T, w *world, k kind) {
		rename := func(w *world) (uuid, key string) {
			w.t.Helper()
			uuid, key = w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot", Description: "old"})
			record, _ := w.sim.ServiceAccount(uuid)
			// The request that changes the name still finds the account.
			got := w.do(k.manager, "PATCH", k.one(uuid), object{"username": "renamed", "description": "new"}).want(200).object()
			wantFields(t, got, object{"username": "renamed", "description": "new", "state": "OK"})
			held, _ := w.sim.BackendAccount(record["username"].(string))
			wantFields(t, held, object{"username": record["username"], "description": "new"})
			return uuid, key
		}
		t.Run("rotate", func(t *testing.T) {
			w := w.in(t)
			uuid, key := rename(w)
			w.do(k.manager, "POST", k.rotate(uuid), nil).want(400).wantBody(missed)
			if !w.sim.KeyAlive(key) {
				t.Error("the key died")
			}
		})
		t.Run("update", func(t *testing.T) {
			w := w.in(t)
			uuid, _ := rename(w)
			w.do(k.manager, "PATCH", k.one(uuid), object{}).want(400).wantBody(missed)
			wantFields(t, w.do(k.manager, "GET", k.one(uuid), nil).want(200).object(), object{
				"state": "Erred", "error_message": "{'message': 'account not found'}",
			})
		})
		t.Run("delete", func(t *testing.T) {
			w := w.in(t)
			uuid, key := rename(w)
			w.do(k.manager, "DELETE", k.one(uuid), nil).want(204)
			w.do(k.manager, "GET", k.one(uuid), nil).want(404)
			if !w.sim.KeyAlive(key) {
				t.Error("the real account did not live on")
			}
		})
	})
}

// A record that took the name of another account acts on that account.
func TestUsernameChangeHitsAnotherAccount(t *testing.T) {
	missed := `{"detail": {"message": "account not found"}}`
	eachKind(t, func(t *testing.T, w *world, k kind) {
		thief, thiefKey := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "thief"})
		victim, victimKey := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "victim"})
		w.do(k.manager, "PATCH", k.one(thief), object{"username": "svc-victim"}).want(200)

		w.do(k.manager, "PATCH", k.one(thief), object{"description": "from the thief"}).want(200)
		held, _ := w.sim.BackendAccount("svc-victim")
		wantFields(t, held, object{"description": "from the thief"})

		w.do(k.manager, "DELETE", k.one(thief), nil).want(204)
		if w.sim.KeyAlive(victimKey) || !w.sim.KeyAlive(thiefKey) {
			t.Error("the DELETE did not close the account of that name")
		}
		// Waldur knows nothing of it until it asks the account service again.
		wantFields(t, w.do(k.manager, "GET", k.one(victim), nil).want(200).object(), object{"state": "OK"})
		w.do(k.manager, "POST", k.rotate(victim), nil).want(400).wantBody(missed)
		w.do(k.manager, "PATCH", k.one(victim), object{}).want(400).wantBody(missed)
		w.do(k.manager, "DELETE", k.one(victim), nil).want(204)
		w.do(k.manager, "GET", k.one(victim), nil).want(404)
	})
}

func TestScopeChangeInUpdate(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		// The new scope has the limit 0 and is foreign to the caller: neither is asked.
		foreign := w.sim.AddCustomer(waldursim.Customer{Name: "Foreign"})
		if k.scope == "project" {
			foreign = w.sim.AddProject(waldursim.Project{Name: "Foreign", Customer: foreign})
		}
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		moved := w.do(k.manager, "PATCH", k.one(uuid), object{k.scope: foreign}).want(200).object()
		wantFields(t, moved, object{k.scope: foreign, k.scope + "_uuid": foreign, k.scope + "_name": "Foreign"})
		w.do(k.manager, "GET", k.one(uuid), nil).want(404)
		w.do("staff", "GET", k.one(uuid), nil).want(200)
		if !w.sim.KeyAlive(key) {
			t.Error("the account service was told")
		}
	})
}

func TestAccountWithoutScope(t *testing.T) {
	for _, value := range []any{nil, ""} {
		eachKind(t, func(t *testing.T, w *world, k kind) {
			uuid, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
			orphan := w.do(k.manager, "PATCH", k.one(uuid), object{k.scope: value}).want(200).object()
			wantFields(t, orphan, object{k.scope: nil})
			for _, name := range []string{"customer_uuid", "customer_name", "project_uuid", "project_name", "customer_abbreviation"} {
				if got, ok := orphan[name]; ok {
					t.Errorf("%s is %v, want it left out", name, got)
				}
			}
			w.do(k.manager, "GET", k.one(uuid), nil).want(404)
			w.do("support", "GET", k.one(uuid), nil).want(200)
			w.do("support", "PATCH", k.one(uuid), object{}).want(403)
			w.do("staff", "PATCH", k.one(uuid), object{k.scope: w.scope(k)}).want(200)
			w.do(k.manager, "GET", k.one(uuid), nil).want(200)
		})
	}
}

func TestRotate(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		made := w.create(k, "bot")
		uuid, old := made["uuid"], made["token"].(string)
		before, _ := w.sim.ServiceAccount(uuid.(string))
		w.clock.advance(24 * time.Hour)
		// The body is not looked at, however broken.
		rotated := w.do(k.manager, "POST", k.rotate(uuid), "{broken").want(200).object()
		fresh, _ := rotated["token"].(string)
		if fresh == old || !w.sim.KeyAlive(fresh) || w.sim.KeyAlive(old) {
			t.Errorf("old key %q alive: %v; new key %q alive: %v", old, w.sim.KeyAlive(old), fresh, w.sim.KeyAlive(fresh))
		}
		wantFields(t, rotated, object{"expires_at": "2026-04-02T08:15:30Z", "modified": made["modified"]})
		made["token"], made["expires_at"] = rotated["token"], rotated["expires_at"]
		wantFields(t, rotated, made)
		after, _ := w.sim.ServiceAccount(uuid.(string))
		wantFields(t, after, before)
		wantStrings(t, w.sim.LiveKeys("svc-bot"), fresh)
		wantStrings(t, w.sim.Keys(), old, fresh)
	})
}

func TestDelete(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		made := w.create(k, "bot")
		kept := w.create(k, "kept")
		r := w.do(k.manager, "DELETE", k.one(made["uuid"]), nil).want(204)
		if r.body != "" {
			t.Errorf("body %q", r.body)
		}
		gone := `{"detail": "No ` + k.model + ` matches the given query."}`
		for _, caller := range []string{k.manager, "staff"} {
			for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
				w.do(caller, method, k.one(made["uuid"]), nil).want(404).wantBody(gone)
			}
			w.do(caller, "POST", k.rotate(made["uuid"]), nil).want(404).wantBody(gone)
			list := w.do(caller, "GET", k.path, nil).want(200)
			wantStrings(t, list.column("uuid"), kept["uuid"].(string))
			if got := list.header.Get("X-Result-Count"); got != "1" {
				t.Errorf("X-Result-Count %s", got)
			}
			none := w.do(caller, "GET", k.path+"?state=Closed", nil).want(200)
			wantStrings(t, none.column("uuid"))
		}
		record, ok := w.sim.ServiceAccount(made["uuid"].(string))
		if !ok {
			t.Fatal("the record is gone")
		}
		wantFields(t, record, object{"state": "Closed", "username": "svc-bot"})
		if w.sim.KeyAlive(made["token"].(string)) || !w.sim.KeyAlive(kept["token"].(string)) {
			t.Error("the wrong key died")
		}
		held, _ := w.sim.BackendAccount("svc-bot")
		wantFields(t, held, object{"closed": true})
		// The name is not given away again.
		wantFields(t, w.create(k, "bot"), object{"username": "svc-bot-2"})
	})
}

func TestErredAccount(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuid, key := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot", Erred: "directory is read-only"})
		read := w.do(k.manager, "GET", k.one(uuid), nil).want(200).object()
		wantFields(t, read, object{"state": "Erred", "error_message": "directory is read-only"})
		if read["error_traceback"] == "" {
			t.Error("no traceback")
		}
		for _, mode := range []waldursim.BackendMode{waldursim.BackendAPI, waldursim.BackendMock, waldursim.BackendOff} {
			w.sim.SetBackend(mode)
			w.do(k.manager, "POST", k.rotate(uuid), nil).want(409).
				wantBody(`{"detail": "Valid states for operation: UPDATE_SCHEDULED."}`)
		}
		w.sim.SetBackend(waldursim.BackendAPI)
		if !w.sim.KeyAlive(key) {
			t.Error("a refused rotation killed the key")
		}
		healed := w.do(k.manager, "PATCH", k.one(uuid), object{"error_traceback": "sent"}).want(200).object()
		wantFields(t, healed, object{"state": "OK", "error_message": "", "error_traceback": ""})
		w.do(k.manager, "POST", k.rotate(uuid), nil).want(200)

		other, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "other", Erred: "x"})
		w.do(k.manager, "DELETE", k.one(other), nil).want(204)
		w.do(k.manager, "GET", k.one(other), nil).want(404)
	})
}
