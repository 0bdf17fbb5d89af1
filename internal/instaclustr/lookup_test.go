package instaclustr

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// step is one answer of a scripted server: the request that it belongs to, its status and its body. Status 0 cuts the connection.
type step struct {
	request string
	status  int
	body    string
}

// scripted returns a server that gets these requests, in this order, and no others.
func scripted(t *testing.T, steps ...step) serviceUsers {
	t.Helper()
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		got := strings.TrimSpace(r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v1/service-users") + " " + string(body))
		if len(steps) == 0 || !strings.HasPrefix(strings.ReplaceAll(got, "  ", " "), steps[0].request) {
			t.Errorf("the request %q was not to come", got)
			w.WriteHeader(http.StatusTeapot)
			return
		}
		answer := steps[0]
		steps = steps[1:]
		if answer.status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(answer.status)
		_, _ = w.Write([]byte(answer.body))
	}))
	t.Cleanup(func() {
		server.Close()
		if len(steps) > 0 {
			t.Errorf("%d requests did not come: %+v", len(steps), steps)
		}
	})
	http, err := transport.New(instaclustrapi.Options(transport.Options{Endpoint: server.URL, RetryWait: time.Millisecond}, "ops", "key-of-ops"))
	if err != nil {
		t.Fatal(err)
	}
	return serviceUsers{instaclustrapi.New(http, "ops", "key-of-ops")}
}

// told is a service user on the wire, with keys of some types.
func told(username, role string, kinds ...string) string {
	keys := make([]string, len(kinds))
	for i, kind := range kinds {
		keys[i] = fmt.Sprintf(`{"keyType": %q, "key": "•••••12345"}`, kind)
	}
	return fmt.Sprintf(`{"username": %q, "email": "%s@example.com", "role": %q, "displayName": "CI", "administrators": ["j.doe"], "apiKeys": {"allowedApiKeyTypes": [{"name": "MONITORING"}], "apiKeys": [%s]}}`,
		username, username, role, strings.Join(keys, ", "))
}

const (
	issuedKey  = `{"apiKeyType": "MONITORING", "cidrAllowList": ["0.0.0.0/0"], "key": "new-secret"}`
	absentUser = `{"message": "Resource not found"}`
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

func TestKeyIsReadTwiceBeforeItIsGone(t *testing.T) {
	for name, test := range map[string]struct {
		steps []step
		found bool
		words []string
	}{
		"there":                    {[]step{{"GET /ci", 200, told("ci", "OWNER", "MONITORING")}}, true, nil},
		"there, says the list":     {[]step{{"GET /ci", 200, told("ci", "OWNER")}, {"GET", 200, "[" + told("ci", "OWNER", "MONITORING") + "]"}}, true, nil},
		"nowhere":                  {[]step{{"GET /ci", 200, told("ci", "OWNER", "OTHER")}, {"GET", 200, "[" + told("ci", "OWNER") + "]"}}, false, nil},
		"the list lacks the user":  {[]step{{"GET /ci", 200, told("ci", "OWNER")}, {"GET", 200, "[]"}}, false, []string{"It is not in the list of service users either"}},
		"the user is not there":    {[]step{{"GET /ci", 404, absentUser}, {"GET", 200, "[]"}}, false, []string{"terraform state rm"}},
		"the user may not be seen": {[]step{{"GET /ci", 403, `{"message": "no"}`}}, false, []string{"403 Forbidden: no"}},
	} {
		t.Run(name, func(t *testing.T) {
			key, err := scripted(t, test.steps...).key(t.Context(), "ci", "MONITORING")
			wantError(t, err, test.words...)
			if (key != nil) != test.found {
				t.Errorf("the key is %+v", key)
			}
		})
	}
}

func TestRevoke(t *testing.T) {
	gone, left := told("ci", "OWNER"), told("ci", "OWNER", "A", "B")
	const first, second = `DELETE /ci/api-keys {"apiKeyType":"A"}`, `DELETE /ci/api-keys {"apiKeyType":"B"}`
	for name, test := range map[string]struct {
		steps []step
		words []string
	}{
		"done":                       {[]step{{first, 200, ""}, {second, 204, ""}, {"GET /ci", 200, gone}}, nil},
		"refused, but gone":          {[]step{{first, 400, `{"apiKeyType": "there is none"}`}, {second, 200, ""}, {"GET /ci", 200, gone}}, nil},
		"answered, but not done":     {[]step{{first, 200, ""}, {second, 200, ""}, {"GET /ci", 200, left}}, []string{"reported no failure, but the user still has keys of the types A, B"}},
		"refused":                    {[]step{{first, 200, ""}, {second, 403, `{"message": "no"}`}, {"GET /ci", 200, told("ci", "OWNER", "B")}}, []string{"keys of the types B are still there", "403 Forbidden: no"}},
		"not known":                  {[]step{{first, 403, `{"message": "no"}`}, {second, 200, ""}, {"GET /ci", 401, ""}}, []string{"403 Forbidden: no", "401 Unauthorized"}},
		"the user is gone from view": {[]step{{first, 404, absentUser}, {second, 404, absentUser}, {"GET /ci", 404, absentUser}, {"GET", 200, "[]"}}, []string{"It is not in the list"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scripted(t, test.steps...).revoke(t.Context(), "ci", []string{"A", "B"})
			wantError(t, err, test.words...)
		})
	}
}

func TestCreateServiceUser(t *testing.T) {
	wanted := instaclustrapi.ServiceUserCreate{Username: "ci", Email: "CI@example.com", Role: "OWNER"}
	none := step{"GET", 200, "[" + told("other", "OWNER") + "]"}
	for name, test := range map[string]struct {
		steps []step
		words []string
		hints int
	}{
		"made":                            {[]step{none, {"POST", 201, told("ci", "OWNER")}}, nil, 0},
		"the name exists":                 {[]step{{"GET", 200, "[" + told("ci", "OWNER") + "]"}}, []string{`there is a service user "ci" already, with the e-mail address "ci@example.com"`}, 2},
		"the address exists":              {[]step{{"GET", 200, "[" + strings.Replace(told("ci", "OWNER"), `"ci"`, `"old"`, 1) + "]"}}, []string{`belongs to the service user "old"`}, 1},
		"the list fails":                  {[]step{{"GET", 403, `{"message": "no"}`}}, []string{"no"}, 0},
		"the name is taken elsewhere":     {[]step{none, {"POST", 400, `{"username": "must be unique"}`}}, []string{"must be unique"}, 1},
		"the role is refused":             {[]step{none, {"POST", 400, `{"profile": "above yours"}`}}, []string{"above yours"}, 0},
		"lost, and made":                  {[]step{none, {"POST", 502, ""}, {"GET", 200, "[" + told("ci", "OWNER") + "]"}}, nil, 0},
		"lost, and not made":              {[]step{none, {"POST", 0, ""}, {"GET", 200, "[]"}}, []string{"No service user was found afterwards"}, 0},
		"lost, and not to be found out":   {[]step{none, {"POST", 0, ""}, {"GET", 403, ""}}, []string{"Whether the user was made is not known"}, 0},
		"lost, and made by somebody else": {[]step{none, {"POST", 0, ""}, {"GET", 200, "[" + strings.Replace(told("ci", "OWNER"), "ci@", "x@", 1) + "]"}}, []string{"Meanwhile somebody else made a service user"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			made, hints, err := scripted(t, test.steps...).create(t.Context(), wanted)
			wantError(t, err, test.words...)
			if (made == nil) != (err != nil) || len(hints) != test.hints {
				t.Errorf("made %+v, hints %q", made, hints)
			}
		})
	}
}

func TestUpdateServiceUser(t *testing.T) {
	wanted := instaclustrapi.ServiceUserUpdate{DisplayName: "CI", Role: "READ_ONLY", Administrators: []string{"j.doe"}}
	clean, stranded := told("ci", "READ_ONLY", "MONITORING"), told("ci", "READ_ONLY", "MONITORING", "PROVISIONING")
	const revoke = `DELETE /ci/api-keys {"apiKeyType":"PROVISIONING"}`
	refused := step{"PUT /ci", 400, `{"profile": "does not allow all API keys that exist"}`}
	for name, test := range map[string]struct {
		lowered bool
		steps   []step
		words   []string
		told    bool // the user is known
	}{
		"done":                                {true, []step{{"PUT /ci", 200, clean}}, nil, true},
		"not lowered, keys are let alone":     {false, []step{{"PUT /ci", 200, stranded}}, nil, true},
		"keys are left":                       {true, []step{{"PUT /ci", 200, stranded}, {revoke, 200, ""}, {"GET /ci", 200, clean}}, nil, true},
		"keys are left, and stay":             {true, []step{{"PUT /ci", 200, stranded}, {revoke, 403, ""}, {"GET /ci", 200, stranded}}, []string{"keys of the types PROVISIONING are still there"}, true},
		"refused because of keys":             {true, []step{refused, {"GET /ci", 200, stranded}, {revoke, 200, ""}, {"GET /ci", 200, clean}, {"PUT /ci", 200, clean}}, nil, true},
		"refused for another reason":          {true, []step{refused, {"GET /ci", 200, clean}}, []string{"does not allow all API keys"}, false},
		"refused, and not to be read":         {true, []step{refused, {"GET /ci", 403, ""}}, []string{"does not allow all API keys", "403 Forbidden"}, false},
		"refused, and keys can't be revoked":  {true, []step{refused, {"GET /ci", 200, stranded}, {revoke, 403, ""}, {"GET /ci", 200, stranded}}, []string{"are still there"}, false},
		"unreadable, and carried out":         {false, []step{{"PUT /ci", 200, ""}, {"GET /ci", 200, clean}}, nil, true},
		"unreadable, and not carried out":     {false, []step{{"PUT /ci", 200, ""}, {"GET /ci", 200, told("ci", "OWNER")}}, []string{"not the expected JSON"}, false},
		"unreadable, and not to be found out": {false, []step{{"PUT /ci", 200, ""}, {"GET /ci", 403, ""}}, []string{"not the expected JSON"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			now, err := scripted(t, test.steps...).update(t.Context(), "ci", wanted, test.lowered)
			wantError(t, err, test.words...)
			if (now != nil) != test.told {
				t.Errorf("the user is %+v", now)
			}
		})
	}
}

func TestIssue(t *testing.T) {
	none, there := step{"GET /ci", 200, told("ci", "OWNER")}, step{"GET /ci", 200, told("ci", "OWNER", "MONITORING")}
	noneListed := step{"GET", 200, "[" + told("ci", "OWNER") + "]"}
	const generate, rotate = `POST /ci/api-keys {"apiKeyType":"MONITORING"}`, `POST /ci/api-keys/MONITORING/rotate`
	exists := step{generate, 400, `{"apiKeyType": "exists"}`}
	for name, test := range map[string]struct {
		adopt   bool
		steps   []step
		words   []string
		unknown bool
	}{
		"made":                                {false, []step{none, {generate, 201, issuedKey}}, nil, false},
		"exists":                              {false, []step{there}, []string{errExists.Error()}, false},
		"adopted":                             {true, []step{there, {rotate, 200, issuedKey}}, nil, false},
		"nothing to adopt":                    {true, []step{none, {generate, 200, issuedKey}}, nil, false},
		"not allowed":                         {false, []step{{"GET /ci", 200, strings.Replace(told("ci", "OWNER"), `"MONITORING"`, `"OTHER"`, 1)}}, []string{"the role OWNER of ci allows no API key of type MONITORING"}, false},
		"refused":                             {false, []step{none, {generate, 400, `{"apiKeyType": "not allowed"}`}}, []string{"not allowed"}, false},
		"not to be read":                      {false, []step{{"GET /ci", 503, ""}}, []string{"503"}, false},
		"adopted, and lost":                   {true, []step{there, {rotate, 0, ""}}, []string{errUnknown.Error()}, true},
		"adopted, and refused":                {true, []step{there, {rotate, 403, ""}}, []string{"403"}, false},
		"lost, made, and lost again":          {false, []step{none, {generate, 0, ""}, there, {rotate, 502, ""}}, []string{errUnknown.Error()}, true},
		"no user":                             {false, []step{{"GET /ci", 404, absentUser}, {"GET", 200, "[]"}}, []string{"It is not in the list"}, false},
		"lost, and made":                      {false, []step{none, {generate, 0, ""}, there, {rotate, 200, issuedKey}}, nil, false},
		"lost, and made again":                {false, []step{none, {generate, 0, ""}, none, noneListed, {generate, 200, issuedKey}}, nil, false},
		"lost, and made late":                 {false, []step{none, {generate, 0, ""}, none, noneListed, exists, there, {rotate, 200, issuedKey}}, nil, false},
		"lost, and not to be found out":       {false, []step{none, {generate, 0, ""}, {"GET /ci", 403, ""}}, []string{"Whether the key was made is not known"}, true},
		"lost again and again":                {false, []step{none, {generate, 0, ""}, none, noneListed, {generate, 0, ""}, none, noneListed, {generate, 0, ""}}, []string{"POST /v1/service-users/ci/api-keys"}, true},
		"lost, and refused for another cause": {false, []step{none, {generate, 0, ""}, none, noneListed, {generate, 403, ""}}, []string{"403 Forbidden"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			issued, err := scripted(t, test.steps...).issue(t.Context(), "ci", "MONITORING", test.adopt)
			wantError(t, err, test.words...)
			if (issued == nil) != (err != nil) || errors.Is(err, errUnknown) != test.unknown {
				t.Errorf("issued %v, unknown %t", issued, errors.Is(err, errUnknown))
			}
		})
	}
}

func TestHints(t *testing.T) {
	hint := func(status int, body string) string {
		s := scripted(t, step{"GET /ci", status, body})
		_, err := s.client.ServiceUsers.Get(t.Context(), "ci")
		return hintOn(err, "first")
	}
	for name, test := range map[string]struct {
		status int
		body   string
		words  string
	}{
		"401":           {401, "", "IC_USERNAME and IC_API_KEY"},
		"401, kind":     {401, "", whose},
		"403":           {403, `{"message": "no"}`, "must be an administrator of the service user"},
		"403, kind":     {403, `{"message": "no"}`, whose},
		"a lost body":   {400, `{"resource": "resource cannot be null."}`, "let requests to Instaclustr pass around the proxy"},
		"anything else": {400, `{"username": "no"}`, "first"},
	} {
		if got := hint(test.status, test.body); !strings.HasPrefix(got, "first") || !strings.Contains(got, test.words) {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := createHints(errExists, "ci/X"); len(got) != 2 || !strings.Contains(got[0], `id = "ci/X"`) {
		t.Errorf("%q", got)
	}
	if hints := slices.Concat(createHints(errors.New("x"), "ci/X"), openHints(errors.New("x")), rotateHints(errors.New("x"))); len(hints) > 0 {
		t.Errorf("%q", hints)
	}
	if len(openHints(fmt.Errorf("wrapped: %w", errExists))) != 1 {
		t.Error("no hint on a key that exists")
	}
}
