package instaclustr

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// step is one request that a scripted server expects, and its response. Status 0 closes the connection.
type step struct {
	request string
	status  int
	body    string
}

// scripted returns a client of a server that gets these requests, in this order, and no others.
func scripted(t *testing.T, steps ...step) *client {
	t.Helper()
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		path := strings.TrimPrefix(r.URL.Path, "/v1/service-users")
		got := strings.Join(strings.Fields(r.Method+" "+path+" "+string(body)), " ")
		if len(steps) == 0 || !strings.HasPrefix(got, steps[0].request) {
			t.Errorf("the request %q was not expected", got)
			w.WriteHeader(http.StatusTeapot)
			return
		}
		response := steps[0]
		steps = steps[1:]
		if response.status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(response.status)
		_, _ = w.Write([]byte(response.body))
	}))
	t.Cleanup(func() {
		server.Close()
		if len(steps) > 0 {
			t.Errorf("%d requests were not sent: %+v", len(steps), steps)
		}
	})
	options := instaclustrapi.Options(transport.Options{ // two attempts if all requests are refused with 429
		Endpoint: server.URL, RetryWait: time.Millisecond, MaxWait: time.Millisecond,
	}, "ops", "key-of-ops")
	http, err := transport.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return newClient(http, "ops", &tfkit.Data{})
}

// userJSON is a service user in a response, with keys of some types.
func userJSON(username, role string, keyTypes ...string) string {
	keys := make([]string, len(keyTypes))
	for i, keyType := range keyTypes {
		keys[i] = fmt.Sprintf(`{"keyType": %q, "key": "•••••12345"}`, keyType)
	}
	return fmt.Sprintf(`{"username": %q, "email": "%s@example.com", "role": %q, "displayName": "CI",
		"administrators": ["j.doe"], "apiKeys": {"allowedApiKeyTypes": [{"name": "MONITORING"}], "apiKeys": [%s]}}`,
		username, username, role, strings.Join(keys, ", "))
}

// incompleteUser is a response without role, administrators and keys.
const incompleteUser = `{"username": "ci"}`

const (
	issuedKey  = `{"apiKeyType": "MONITORING", "cidrAllowList": ["0.0.0.0/0"], "key": "new-secret"}`
	absentUser = `{"status": 404, "message": "Resource not found"}`
	forbidden  = `{"message": "no"}`
)

func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	if len(words) == 0 && err != nil || len(words) > 0 && err == nil {
		t.Errorf("the error is %v, want %q", err, words)
	}
	for _, text := range words {
		if err != nil && !strings.Contains(err.Error(), text) {
			t.Errorf("the error is %v, want %q", err, text)
		}
	}
}

func TestReadServiceUser(t *testing.T) {
	for name, test := range map[string]struct {
		steps []step
		words []string
	}{
		"at its path": {[]step{{"GET /ci", 200, userJSON("ci", "OWNER")}}, nil},
		"in the list": {
			[]step{{"GET /ci", 404, absentUser}, {"GET", 200, "[" + userJSON("ci", "OWNER") + "]"}}, nil,
		},
		"nowhere": {[]step{{"GET /ci", 404, absentUser}, {"GET", 200, "[]"}}, []string{"It is not in the list"}},
		"no list": {
			[]step{{"GET /ci", 404, absentUser}, {"GET", 404, absentUser}}, []string{"It is not in the list"},
		},
		"a gateway's 404": {
			[]step{{"GET /ci", 404, "<html>"}, {"GET", 404, "<html>"}}, []string{"the response is not JSON"},
		},
		"not visible":      {[]step{{"GET /ci", 403, forbidden}}, []string{"403 Forbidden: no"}},
		"wrong credential": {[]step{{"GET /ci", 401, ""}}, []string{"401 Unauthorized"}},
		"an outage":        {[]step{{"GET /ci", 503, ""}}, []string{"503"}},
		"not a user":       {[]step{{"GET /ci", 200, "{}"}}, []string{"username"}},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := scripted(t, test.steps...).users().read(t.Context(), "ci")
			wantError(t, err, test.words...)
			if err == nil && found.Username != "ci" {
				t.Errorf("found %+v", found)
			}
			if strings.Contains(hintOn(err), "state rm") != (name == "nowhere" || name == "no list") {
				t.Errorf("only a confirmed absence may advise to remove the user from the state: %v", err)
			}
		})
	}
}

func TestListServiceUsers(t *testing.T) {
	all := "[" + userJSON("zoe", "OWNER") + "," + userJSON("adam", "OWNER") + "]"
	found, err := scripted(t, step{"GET", 200, all}).users().list(t.Context())
	if err != nil || len(found) != 2 || found[0].Username != "adam" {
		t.Errorf("the list is not sorted: %+v, %v", found, err)
	}
	found, err = scripted(t, step{"GET", 404, absentUser}).users().list(t.Context())
	if err != nil || len(found) != 0 {
		t.Errorf("404 is no empty list: %+v, %v", found, err)
	}
	_, err = scripted(t, step{"GET", 403, forbidden}).users().list(t.Context())
	wantError(t, err, "403 Forbidden")
}

func TestCreateServiceUser(t *testing.T) {
	wanted := instaclustrapi.ServiceUserCreate{Username: "ci", Email: "CI@example.com", Role: "OWNER"}
	none := step{"GET", 200, "[" + userJSON("other", "OWNER") + "]"}
	listed := step{"GET", 200, "[" + userJSON("ci", "OWNER") + "]"}
	sameAddress := step{"GET", 200, "[" + strings.Replace(userJSON("ci", "OWNER"), `"ci"`, `"old"`, 1) + "]"}
	sameName := step{"GET", 200, "[" + strings.Replace(userJSON("ci", "OWNER"), "ci@", "x@", 1) + "]"}
	const body = `POST {"username":"ci","email":"CI@example.com","profile":"OWNER"}`
	for name, test := range map[string]struct {
		steps []step
		words []string
		hint  string
	}{
		"created": {[]step{none, {body, 201, userJSON("ci", "OWNER")}}, nil, ""},
		"created, the rest is read": {
			[]step{none, {body, 201, incompleteUser}, {"GET /ci", 200, userJSON("ci", "OWNER")}}, nil, "",
		},
		"created, the rest can't be read": {
			[]step{none, {body, 201, incompleteUser}, {"GET /ci", 403, forbidden}}, nil, "",
		},
		"the name exists": {
			[]step{listed}, []string{`there is a service user "ci" already, with the address "ci@example.com"`},
			`id = "ci"`,
		},
		"the address exists": {
			[]step{sameAddress}, []string{`belongs to the service user "old"`}, "an alias such as name+2@example.com",
		},
		"the list fails": {[]step{{"GET", 403, forbidden}}, []string{"no"}, "A Cluster Admin"},
		"the name exists elsewhere": {
			[]step{none, {body, 400, `{"username": "must be unique"}`}, none}, []string{"must be unique"},
			"can never be used again",
		},
		"the address exists elsewhere": {
			[]step{none, {body, 400, `{"email": "must be unique"}`}, none}, []string{"must be unique"},
			"can never be used again",
		},
		"another run creates it meanwhile": {
			[]step{none, {body, 400, `{"username": "must be unique"}`}, listed},
			[]string{`there is a service user "ci" already`}, `id = "ci"`,
		},
		"taken, and the list fails": {
			[]step{none, {body, 400, `{"username": "must be unique"}`}, {"GET", 403, forbidden}},
			[]string{"must be unique"}, "can never be used again",
		},
		"the role is refused": {[]step{none, {body, 400, `{"profile": "above yours"}`}}, []string{"above yours"}, ""},
		"lost, and created":   {[]step{none, {body, 502, ""}, listed}, nil, ""},
		"unreadable, created": {[]step{none, {body, 200, "<html>"}, listed}, nil, ""},
		"lost, and not created": {
			[]step{none, {body, 0, ""}, {"GET", 200, "[]"}}, []string{
				"No service user was found afterwards",
				"API keys that came with it, of the types MONITORING, PROVISIONING",
				"initial_api_keys = \"revoke\"", "its api_key is null: apply with keepers, and change one of them",
			}, "",
		},
		"lost, and not confirmed": {
			[]step{none, {body, 0, ""}, {"GET", 403, ""}},
			[]string{
				"It is not known whether the service user was created", "nobody knows them",
			}, "",
		},
		"lost, and somebody else's": {
			[]step{none, {body, 0, ""}, sameName},
			[]string{"Meanwhile somebody else created", "its e-mail address is x@example.com"}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			created, err := scripted(t, test.steps...).users().create(t.Context(), wanted)
			wantError(t, err, test.words...)
			if (created == nil) != (err != nil) {
				t.Errorf("created %+v", created)
			}
			if got := hintOn(err); !strings.Contains(got, test.hint) || test.hint == "" && got != "" {
				t.Errorf("the hint is %q, want %q", got, test.hint)
			}
		})
	}
}

func TestUpdateServiceUser(t *testing.T) {
	wanted := instaclustrapi.ServiceUserUpdate{DisplayName: "CI", Role: "READ_ONLY", Administrators: []string{"j.doe"}}
	unnamed := wanted
	unnamed.DisplayName = ""
	carriedOut := userJSON("ci", "READ_ONLY")
	const body = `PUT /ci {"displayName":"CI","profile":"READ_ONLY","administrators":["j.doe"]}`
	for name, test := range map[string]struct {
		wanted instaclustrapi.ServiceUserUpdate
		steps  []step
		words  []string
	}{
		"done": {wanted, []step{{body, 200, carriedOut}}, nil},
		"done, the rest is read": {
			wanted, []step{{body, 200, incompleteUser}, {"GET /ci", 200, carriedOut}}, nil,
		},
		"refused": {
			wanted, []step{{body, 400, `{"profile": "above yours"}`}}, []string{"above yours"},
		},
		"a display name is demanded": {
			unnamed, []step{
				{`PUT /ci {"profile":"READ_ONLY"`, 400, `{"displayName": "displayName cannot be null."}`},
				{`PUT /ci {"displayName":"ci","profile":"READ_ONLY"`, 200, carriedOut},
			}, nil,
		},
		"lost, and carried out": {wanted, []step{{body, 502, ""}, {"GET /ci", 200, carriedOut}}, nil},
		"lost, with another role": {
			wanted, []step{{body, 502, ""}, {"GET /ci", 200, userJSON("ci", "OWNER")}}, []string{"502"},
		},
		"lost, and not to be read": {
			wanted, []step{{body, 200, ""}, {"GET /ci", 403, ""}}, []string{"not the expected JSON"},
		},
		"lost, with another name": {
			wanted, []step{{body, 502, ""}, {"GET /ci", 200, strings.Replace(carriedOut, `"CI"`, `"X"`, 1)}},
			[]string{"502"},
		},
		"lost, with other administrators": {
			wanted, []step{{body, 502, ""}, {"GET /ci", 200, strings.Replace(carriedOut, "j.doe", "x", 1)}},
			[]string{"502"},
		},
		"lost, without a name to compare": {unnamed, []step{{"PUT /ci", 502, ""}, {"GET /ci", 200, carriedOut}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			now, err := scripted(t, test.steps...).users().update(t.Context(), "ci", test.wanted)
			wantError(t, err, test.words...)
			if (now == nil) != (err != nil) {
				t.Errorf("the user is %+v", now)
			}
		})
	}
}
