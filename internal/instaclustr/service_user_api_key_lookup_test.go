package instaclustr

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// A key is read twice before it counts as absent. For a refresh its absence is no error; for
// everything else it is.
func TestReadAPIKey(t *testing.T) {
	without := userJSON("ci", "OWNER", "OTHER")
	bare := incompleteUser
	for name, test := range map[string]struct {
		steps []step
		found bool
		words []string
	}{
		"present": {[]step{{"GET /ci", 200, userJSON("ci", "OWNER", "MONITORING")}}, true, nil},
		"present in the list": {
			[]step{{"GET /ci", 200, without}, {"GET", 200, "[" + userJSON("ci", "OWNER", "MONITORING") + "]"}}, true,
			nil,
		},
		"absent": {[]step{{"GET /ci", 200, without}, {"GET", 200, "[" + without + "]"}}, false, nil},
		"the list lacks the user": {
			[]step{{"GET /ci", 200, without}, {"GET", 200, "[]"}}, false,
			[]string{"It is not in the list of service users either"},
		},
		"the list fails": {
			[]step{{"GET /ci", 200, without}, {"GET", 403, forbidden}}, false, []string{"403 Forbidden"},
		},
		"the user is absent": {
			[]step{{"GET /ci", 404, absentUser}, {"GET", 200, "[]"}}, false, []string{"It is not in the list"},
		},
		"the user is hidden": {[]step{{"GET /ci", 403, forbidden}}, false, []string{"403 Forbidden: no"}},
		"no keys are returned": {
			[]step{{"GET /ci", 200, bare}, {"GET", 200, "[" + bare + "]"}}, false, []string{errKeysNotReturned.Error()},
		},
		"no keys are returned at its path": {
			[]step{{"GET /ci", 200, bare}, {"GET", 200, "[" + userJSON("ci", "OWNER", "MONITORING") + "]"}}, true, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			steps := test.steps
			if len(steps) > 1 && steps[0].status == 200 { // read again: the first read may be one of this run
				steps = slices.Concat(steps[:1], steps)
			}
			key, err := scripted(t, steps...).keys().read(t.Context(), "ci", "MONITORING")
			if absent := !test.found && test.words == nil; absent != errors.Is(err, tfkit.ErrAbsent) {
				t.Errorf("read returns %v", err)
			} else if !absent {
				wantError(t, err, test.words...)
			}
			if (key != nil) != test.found {
				t.Errorf("the key is %+v", key)
			}
			user, key, err := scripted(t, test.steps...).keys().get(t.Context(), "ci", "MONITORING")
			words := test.words
			if !test.found && words == nil {
				words = []string{`the service user "ci" has no API key of type "MONITORING"`}
			}
			wantError(t, err, words...)
			if (key != nil) != test.found || test.found && user.Username != "ci" {
				t.Errorf("the key is %+v of %+v", key, user)
			}
		})
	}
}

func TestCreateAPIKey(t *testing.T) {
	none := step{"GET /ci", 200, userJSON("ci", "OWNER")}
	present := step{"GET /ci", 200, userJSON("ci", "OWNER", "MONITORING")}
	noneListed := step{"GET", 200, "[" + userJSON("ci", "OWNER") + "]"}
	const generate, rotate = `POST /ci/api-keys {"apiKeyType":"MONITORING"}`, "POST /ci/api-keys/MONITORING/rotate"
	disallowed := step{"GET /ci", 200, strings.Replace(userJSON("ci", "OWNER"), `"MONITORING"`, `"OTHER"`, 1)}
	for name, test := range map[string]struct {
		adopt       bool
		steps       []step
		words       []string
		unconfirmed bool
	}{
		"issued":           {false, []step{none, {generate, 201, issuedKey}}, nil, false},
		"exists":           {false, []step{present}, []string{errKeyExists.Error()}, false},
		"adopted":          {true, []step{present, {rotate, 200, issuedKey}}, nil, false},
		"nothing to adopt": {true, []step{none, {generate, 200, issuedKey}}, nil, false},
		"no keys are returned": {
			false, []step{{"GET /ci", 200, incompleteUser}}, []string{errKeysNotReturned.Error()}, false,
		},
		"not allowed": {
			false, []step{disallowed}, []string{"the role OWNER of ci allows no API key of type MONITORING"}, false,
		},
		"refused": {
			false, []step{none, {generate, 400, `{"apiKeyType": "no"}`}}, []string{"apiKeyType: no"}, false,
		},
		"not to be read": {false, []step{{"GET /ci", 503, ""}}, []string{"503"}, false},
		"no user": {
			false, []step{{"GET /ci", 404, absentUser}, {"GET", 200, "[]"}}, []string{"It is not in the list"}, false,
		},
		"adopted, and lost":    {true, []step{present, {rotate, 0, ""}}, []string{"/rotate"}, true},
		"adopted, and refused": {true, []step{present, {rotate, 403, ""}}, []string{"403"}, false},
		"lost, and issued":     {false, []step{none, {generate, 0, ""}, present, {rotate, 200, issuedKey}}, nil, false},
		"masked, and issued": {
			false,
			[]step{none, {generate, 200, `{"key": "•••••12345"}`}, present, {rotate, 200, issuedKey}},
			nil,
			false,
		},
		"lost, and not issued, or not yet": {
			false, []step{none, {generate, 0, ""}, none, noneListed},
			[]string{"the server may still be processing the request"}, true,
		},
		"a gateway's failure, and not issued, or not yet": {
			false, []step{none, {generate, 502, "<html>"}, none, noneListed}, []string{"502 Bad Gateway"}, true,
		},
		"masked, and not issued": {
			false, []step{none, {generate, 200, `{"key": "•••••12345"}`}, none, noneListed},
			[]string{"it has no key in clear"}, true,
		},
		"lost, issued, and lost again": {
			false, []step{none, {generate, 0, ""}, present, {rotate, 502, ""}}, []string{"502"}, true,
		},
		"lost, issued, and not rotated": {
			false, []step{none, {generate, 0, ""}, present, {rotate, 403, ""}}, []string{"403"}, true,
		},
		"lost, and not confirmed": {
			false, []step{none, {generate, 0, ""}, {"GET /ci", 403, ""}},
			[]string{"It is not known whether the key was issued", "403 Forbidden"}, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			issued, err := scripted(t, test.steps...).keys().create(t.Context(), "ci", "MONITORING", test.adopt)
			wantError(t, err, test.words...)
			if (issued == nil) != (err != nil) || errors.Is(err, rotation.ErrUnconfirmed) != test.unconfirmed {
				t.Errorf("issued %v, unconfirmed %t", issued, errors.Is(err, rotation.ErrUnconfirmed))
			}
		})
	}
}

func TestRotateAPIKey(t *testing.T) {
	const rotate = "POST /ci/api-keys/MONITORING/rotate"
	for name, test := range map[string]struct {
		steps       []step
		unconfirmed bool
		words       []string
	}{
		"rotated":    {[]step{{rotate, 200, issuedKey}}, false, nil},
		"refused":    {[]step{{rotate, 400, `{"apiKeyType": "there is none"}`}}, false, []string{"there is none"}},
		"lost":       {[]step{{rotate, 0, ""}}, true, []string{"/rotate"}},
		"an outage":  {[]step{{rotate, 503, ""}}, true, []string{"503"}},
		"throttled":  {[]step{{rotate, 429, ""}, {rotate, 429, ""}}, false, []string{"429"}},
		"unreadable": {[]step{{rotate, 200, `{"key": 12}`}}, true, []string{"/rotate"}},
	} {
		t.Run(name, func(t *testing.T) {
			issued, err := scripted(t, test.steps...).keys().rotate(t.Context(), "ci", "MONITORING")
			wantError(t, err, test.words...)
			if (issued == nil) != (err != nil) || errors.Is(err, rotation.ErrUnconfirmed) != test.unconfirmed {
				t.Errorf("issued %v, error %v", issued, err)
			}
		})
	}
}

// Requests that revoke or restrict a key go on when the run is interrupted.
func TestInterruptedAPIKey(t *testing.T) {
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	const restrict = `PUT /ci/api-keys/A/ip-restrictions {"cidrAllowList":["10.0.0.0/8"]}`
	err := scripted(t, step{restrict, 200, ""}).keys().restrict(interrupted, "ci", "A", []string{"10.0.0.0/8"})
	wantError(t, err)
	gone := step{"GET /ci", 200, userJSON("ci", "OWNER")}
	_, err = scripted(t, step{"DELETE /ci/api-keys", 200, ""}, gone).keys().remove(interrupted, "ci", "A")
	wantError(t, err)
}

func TestRemoveAPIKeys(t *testing.T) {
	gone, left := userJSON("ci", "OWNER"), userJSON("ci", "OWNER", "A", "B")
	const first, second = `DELETE /ci/api-keys {"apiKeyType":"A"}`, `DELETE /ci/api-keys {"apiKeyType":"B"}`
	for name, test := range map[string]struct {
		steps []step
		known bool // the user is returned
		words []string
	}{
		"done": {[]step{{first, 200, ""}, {second, 204, ""}, {"GET /ci", 200, gone}}, true, nil},
		"refused, but gone": {
			[]step{{first, 400, `{"apiKeyType": "there is none"}`}, {second, 200, ""}, {"GET /ci", 200, gone},
				{"GET", 200, "[" + gone + "]"}}, true,
			nil,
		},
		"lost, but gone": {[]step{{first, 502, ""}, {second, 200, ""}, {"GET /ci", 200, gone},
			{"GET", 200, "[" + gone + "]"}}, true, nil},
		"lost, gone for the user, but in the list": {[]step{{first, 502, ""}, {second, 200, ""}, {"GET /ci", 200, gone},
			{"GET", 200, "[" + left + "]"}}, true, []string{"keys of the types A, B are still there", "502"}},
		"lost, and then the user is hidden": { // a gateway's failure proves nothing
			[]step{{first, 502, "<html>"}, {second, 502, "<html>"}, {"GET /ci", 404, absentUser}, {"GET", 200, "[]"}},
			false,
			[]string{"502 Bad Gateway", "It is not in the list"},
		},
		"reported, but not done": {
			[]step{{first, 200, ""}, {second, 200, ""}, {"GET /ci", 200, left}}, true,
			[]string{"reported no failure, but the user still has keys of the types A, B"},
		},
		"refused": {
			[]step{{first, 200, ""}, {second, 403, forbidden}, {"GET /ci", 200, userJSON("ci", "OWNER", "B")}}, true,
			[]string{"keys of the types B are still there", "403 Forbidden: no"},
		},
		"not to be read": {
			[]step{{first, 403, forbidden}, {second, 200, ""}, {"GET /ci", 401, ""}}, false,
			[]string{"403 Forbidden: no", "401 Unauthorized"},
		},
		"no keys are returned": {
			[]step{{first, 200, ""}, {second, 200, ""}, {"GET /ci", 200, `{"username": "ci"}`}}, true,
			[]string{errKeysNotReturned.Error()},
		},
		"the user is absent": {
			[]step{
				{first, 404, absentUser}, {second, 404, absentUser}, {"GET /ci", 404, absentUser}, {"GET", 200, "[]"},
			}, false,
			[]string{"It is not in the list"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			now, err := scripted(t, test.steps...).keys().remove(t.Context(), "ci", "A", "B")
			wantError(t, err, test.words...)
			if (now != nil) != test.known {
				t.Errorf("the user is %+v", now)
			}
		})
	}
}

// A key that ends with other characters belongs to somebody else.
func TestRemoveIssuedAPIKey(t *testing.T) {
	const revoke = `DELETE /ci/api-keys {"apiKeyType":"A"}`
	none, left := step{"GET /ci", 200, userJSON("ci", "OWNER")}, step{"GET /ci", 200, userJSON("ci", "OWNER", "A")}
	maskless := step{"GET /ci", 200, strings.Replace(left.body, `"•••••12345"`, "null", 1)}
	noneListed := step{"GET", 200, "[" + none.body + "]"}
	for name, test := range map[string]struct {
		tail     string
		steps    []step
		replaced bool
		words    []string
	}{
		"the key":                  {"12345", []step{left, {revoke, 200, ""}, none}, false, nil},
		"another key":              {"54321", []step{left}, true, []string{"another API key has taken its place"}},
		"no key":                   {"12345", []step{none, noneListed}, false, nil},
		"a key that nobody knows":  {"", []step{left, {revoke, 200, ""}, none}, false, nil},
		"a key without a mask":     {"12345", []step{maskless, {revoke, 200, ""}, none}, false, nil},
		"a key that stays":         {"12345", []step{left, {revoke, 403, forbidden}, left}, false, []string{"403"}},
		"a key that can't be read": {"12345", []step{{"GET /ci", 403, forbidden}}, false, []string{"403"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := scripted(t, test.steps...).keys().removeIssued(t.Context(), "ci", "A", test.tail)
			wantError(t, err, test.words...)
			if errors.Is(err, errKeyReplaced) != test.replaced {
				t.Error(err)
			}
		})
	}
}

func TestRemoveAllAPIKeys(t *testing.T) {
	const revoke = `DELETE /ci/api-keys {"apiKeyType":"A"}`
	gone, left := step{"GET /ci", 200, userJSON("ci", "OWNER")}, step{"GET /ci", 200, userJSON("ci", "OWNER", "A")}
	for name, test := range map[string]struct {
		steps []step
		words []string
	}{
		"no keys":              {[]step{gone}, nil},
		"a key":                {[]step{left, {revoke, 200, ""}, gone}, nil},
		"a key that stays":     {[]step{left, {revoke, 200, ""}, left}, []string{"keys of the types A"}},
		"no keys are returned": {[]step{{"GET /ci", 200, `{"username": "ci"}`}}, []string{errKeysNotReturned.Error()}},
		"not to be read":       {[]step{{"GET /ci", 403, forbidden}}, []string{"403 Forbidden"}},
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, scripted(t, test.steps...).keys().removeAll(t.Context(), "ci"), test.words...)
		})
	}
}

func TestRemoveAPIKeysOf(t *testing.T) {
	user := &instaclustrapi.ServiceUser{Username: "ci", Keys: []instaclustrapi.Key{{Type: "A"}, {Type: "B"}}}
	const revoke = `DELETE /ci/api-keys {"apiKeyType":"A"}`
	for name, test := range map[string]struct {
		keyTypes []string
		steps    []step
		left     []string
		words    []string
	}{
		"nothing to revoke": {nil, nil, []string{"A", "B"}, nil},
		"revoked": {
			[]string{"A"}, []step{{revoke, 200, ""}, {"GET /ci", 200, userJSON("ci", "OWNER", "B")}},
			[]string{"B"}, nil,
		},
		"not to be read": { // the known list stays
			[]string{"A"}, []step{{revoke, 403, ""}, {"GET /ci", 403, ""}},
			[]string{"A", "B"}, []string{"403 Forbidden"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			now, err := scripted(t, test.steps...).keys().removeOf(t.Context(), user, test.keyTypes)
			wantError(t, err, test.words...)
			wantEqual(t, keyTypesOf(now), test.left)
		})
	}
}
