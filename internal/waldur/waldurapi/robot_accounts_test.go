package waldurapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

const (
	robotPath = "/api/marketplace-robot-accounts/"
	resource  = "e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0"
	ann       = "a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0"
	bo        = "b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0"
)

// A plain response has URLs. A detailed response has objects, and also project, customer and provider.
const plainRobotJSON = `{
	"url": "https://h/api/marketplace-robot-accounts/` + uuid + `/",
	"uuid": "` + uuid + `", "created": "2026-02-04T09:10:08.383795+00:00", "modified": "2026-02-05T09:10:08+00:00",
	"username": "robot", "description": "Builds", "state": "Error", "error_message": "no shell",
	"error_traceback": "Traceback",
	"resource": "https://h/api/marketplace-resources/` + resource + `/", "type": "cicd", "backend_id": "b-1",
	"users": ["https://h/api/users/` + ann + `/", "https://h/api/users/` + bo + `/"],
	"responsible_user": "https://h/api/users/` + ann + `/",
	"keys": ["ssh-ed25519 A", "ssh-ed25519 B"],
	"fingerprints": [{"md5": "00:11", "sha256": "SHA256:a", "sha512": "SHA512:a"},
		{"md5": "22:33", "sha256": "SHA256:b", "sha512": "SHA512:b"}]
}`

var detailedRobotJSON = strings.NewReplacer(
	`"https://h/api/users/`+ann+`/"`,
	`{"url": "https://h/api/users/`+ann+`/", "uuid": "`+ann+`", "username": "ann", "image": null}`,
	`"https://h/api/users/`+bo+`/"`, `{"url": "https://h/api/users/`+bo+`/", "uuid": "`+bo+`", "username": "bo"}`,
	`"type": "cicd"`, `"type": "cicd", "user_keys": [{"uuid": "k"}], "offering_plugin_options": {"a": [1]},
	"resource_name": "Cluster", "resource_uuid": "`+resource+`",
	"project_name": "Apollo", "project_uuid": "`+project+`",
	"customer_name": "Example", "customer_uuid": "`+customer+`", "provider_name": "Centre", "provider_uuid": "p"`,
).Replace(plainRobotJSON)

func plainRobot() RobotAccount {
	return RobotAccount{
		UUID: uuid, Created: "2026-02-04T09:10:08.383795+00:00",
		Modified: "2026-02-05T09:10:08+00:00", Username: ptr("robot"), Description: ptr("Builds"),
		State: "Error", ErrorMessage: ptr("no shell"),
		Resource: resource, Type: "cicd", Users: []Reference{ann, bo}, ResponsibleUser: ResponsibleUser{ann, true},
		Keys:         []string{"ssh-ed25519 A", "ssh-ed25519 B"},
		Fingerprints: []Fingerprint{{"00:11", "SHA256:a", "SHA512:a"}, {"22:33", "SHA256:b", "SHA512:b"}},
		BackendID:    ptr("b-1"),
	}
}

func detailedRobot() RobotAccount {
	robot := plainRobot()
	robot.ResourceName, robot.ProjectUUID, robot.ProjectName, robot.CustomerUUID, robot.CustomerName = "Cluster",
		project, "Apollo", customer, "Example"
	robot.ProviderUUID, robot.ProviderName, robot.ResourceUUID = "p", "Centre", resource
	return robot
}

// robotOperations are all calls about one account.
var robotOperations = []struct {
	name               string
	call               func(context.Context, RobotAccounts) (*RobotAccount, error)
	method, path, body string // the path is below that of the area
	attempts           int    // with two retries
}{
	{"get", func(ctx context.Context, s RobotAccounts) (*RobotAccount, error) { return s.Get(ctx, uuid) }, "GET",
		uuid + "/?" + fieldsQuery(robotAccountFields), "", 3},
	{"get with an id with a slash", func(ctx context.Context, s RobotAccounts) (*RobotAccount, error) {
		return s.Get(ctx, "a/../b?c")
	}, "GET", "a%2F..%2Fb%3Fc/?" + fieldsQuery(robotAccountFields), "", 3},
	{"create", func(ctx context.Context, s RobotAccounts) (*RobotAccount, error) {
		return s.Create(ctx, RobotAccountWrite{
			Resource: ptr(resource), Type: ptr("cicd"), Username: ptr("robot"), Description: ptr("Builds"),
			Users:           &[]string{bo, ann},
			ResponsibleUser: ptr(ann), Keys: &[]string{"B", "A", "B"},
		})
	}, "POST", "", `{"resource":"/api/marketplace-resources/` + resource +
		`/","type":"cicd","username":"robot","description":"Builds",` +
		`"users":["/api/users/` + bo + `/","/api/users/` + ann + `/"],"responsible_user":"/api/users/` + ann +
		`/","keys":["B","A","B"]}`, 1},
	{"create of the least", func(ctx context.Context, s RobotAccounts) (*RobotAccount, error) {
		return s.Create(ctx, RobotAccountWrite{Resource: ptr(resource), Type: ptr("cicd")})
	}, "POST", "", `{"resource":"/api/marketplace-resources/` + resource + `/","type":"cicd"}`, 1},
	{"update", func(ctx context.Context, s RobotAccounts) (*RobotAccount, error) {
		return s.Update(ctx, uuid, RobotAccountWrite{Type: ptr("hpc"), Users: &[]string{bo}, Keys: &[]string{"A"}})
	}, "PATCH", uuid + "/", `{"type":"hpc","users":["/api/users/` + bo + `/"],"keys":["A"]}`, 3},
	{"update to empty", func(ctx context.Context, s RobotAccounts) (*RobotAccount, error) {
		return s.Update(ctx, uuid, RobotAccountWrite{
			Username: ptr(""), Description: ptr(""), Users: new([]string), ResponsibleUser: ptr(""),
			Keys: new([]string),
		})
	}, "PATCH", uuid + "/", `{"username":"","description":"","users":[],"responsible_user":null,"keys":[]}`, 3},
	{"update of nothing", func(ctx context.Context, s RobotAccounts) (*RobotAccount, error) {
		return s.Update(ctx, uuid, RobotAccountWrite{})
	}, "PATCH", uuid + "/", `{}`, 3},
	{"delete", func(ctx context.Context, s RobotAccounts) (*RobotAccount, error) { return nil, s.Delete(ctx, uuid) },
		"DELETE", uuid + "/", "", 3},
	{"creating", setState("set_state_creating", ""), "POST", uuid + "/set_state_creating/", "", 1},
	{"ok", setState("set_state_ok", ""), "POST", uuid + "/set_state_ok/", "", 1},
	{"erred", setState("set_state_erred", ""), "POST", uuid + "/set_state_erred/", "", 1},
	{"erred with a message", setState("set_state_erred", "no shell"), "POST", uuid + "/set_state_erred/",
		`{"error_message":"no shell"}`, 1},
	{"deletion requested", setState("set_state_request_deletion", ""), "POST", uuid + "/set_state_request_deletion/",
		"", 1},
	{"deleted", setState("set_state_deleted", ""), "POST", uuid + "/set_state_deleted/", "", 1},
}

func setState(operation, message string) func(context.Context, RobotAccounts) (*RobotAccount, error) {
	return func(ctx context.Context, s RobotAccounts) (*RobotAccount, error) {
		return s.SetState(ctx, uuid, operation, message)
	}
}

func TestRobotAccountOperations(t *testing.T) {
	for _, o := range robotOperations {
		t.Run(o.name, func(t *testing.T) {
			f := &fixed{status: 201, body: detailedRobotJSON}
			got, err := o.call(t.Context(), serve(t, f).RobotAccounts)
			if err != nil {
				t.Fatal(err)
			}
			if want := detailedRobot(); o.name != "delete" && !reflect.DeepEqual(*got, want) {
				t.Errorf("account\n got %+v\nwant %+v", *got, want)
			}
			f.wantSent(t, o.method+" "+robotPath+o.path+" "+o.body)
		})
		t.Run(o.name+", refused", func(t *testing.T) {
			f := &fixed{status: 409, body: `{"detail":"Valid states for operation: OK."}`}
			_, err := o.call(t.Context(), serve(t, f).RobotAccounts)
			path, _, _ := strings.Cut(o.path, "?")
			want := o.method + " " + robotPath + path + ": 409 Conflict: Valid states for operation: OK."
			if !transport.Conflict(err) || err.Error() != want {
				t.Errorf("error\n got %v\nwant %s", err, want)
			}
		})
		t.Run(o.name+", lost", func(t *testing.T) {
			f := &fixed{status: 502}
			_, err := o.call(t.Context(), serve(t, f, func(o *transport.Options) { o.MaxRetries = 2 }).RobotAccounts)
			if !transport.Lost(err) || len(f.sent) != o.attempts {
				t.Errorf("attempts = %d, want %d; error %v", len(f.sent), o.attempts, err)
			}
		})
		t.Run(o.name+", without a uuid", func(t *testing.T) {
			_, err := o.call(t.Context(), serve(t, &fixed{status: 200, body: `{"username":"x"}`}).RobotAccounts)
			path, _, _ := strings.Cut(o.path, "?")
			want := o.method + " " + robotPath + path +
				": 200 OK: the response is not the expected JSON: it has no uuid"
			if o.name != "delete" && (err == nil || err.Error() != want) {
				t.Errorf("error\n got %v\nwant %s", err, want)
			}
		})
	}
}

// The end of the context cuts off no write: the server may have executed it.
func TestInterruptCutsOffNoWrite(t *testing.T) {
	for _, o := range robotOperations {
		if o.method == "GET" {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			f := &fixed{status: 200, body: plainRobotJSON}
			interrupting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				cancel()
				time.Sleep(20 * time.Millisecond)
				f.ServeHTTP(w, r)
			})
			_, err := o.call(ctx, serve(t, interrupting).RobotAccounts)
			if err != nil || len(f.sent) != 1 {
				t.Errorf("sent %q: %v", f.sent, err)
			}
		})
	}
}

// A server of 2024 responds with 500 to an update to a type that another account has: no other attempt
// would succeed.
func TestRobotUpdateIsNotRepeatedAfter500(t *testing.T) {
	f := &fixed{status: 500, body: "<h1>Server Error (500)</h1>"}
	retries := func(o *transport.Options) { o.MaxRetries = 2 }
	_, err := serve(t, f, retries).RobotAccounts.Update(t.Context(), uuid, RobotAccountWrite{Type: ptr("hpc")})
	if !transport.Lost(err) || len(f.sent) != 1 {
		t.Errorf("attempts = %d, want 1; error %v", len(f.sent), err)
	}
}

func TestHaveStates(t *testing.T) {
	const request = "GET " + robotPath + "?page_size=1&state=OK"
	for _, test := range []struct {
		name, body string
		status     int
		want       bool
		err        string
	}{
		{"a number is expected", `{"state": ["Select a valid choice. OK is not one of the available choices."]}`, 400,
			true, ""},
		{"ignored", `[{"uuid": "u"}]`, 200, false, ""},
		{"ignored, no accounts", `[]`, 200, false, ""},
		{"ignored, accounts have states", `[{"uuid": "u", "state": "Error"}]`, 200, true, ""},
		{"refused for another reason", `{"page_size": ["No."]}`, 400, false, ": 400 Bad Request: page_size: No."},
		{"no permission", `{"detail": "No."}`, 403, false, ": 403 Forbidden: No."},
		{"broken", `{"detail": "No."}`, 500, false, ": 500 Internal Server Error: No."},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &fixed{status: test.status, body: test.body}
			got, err := serve(t, f).RobotAccounts.HaveStates(t.Context())
			text := ""
			if err != nil {
				text = strings.TrimPrefix(err.Error(), "GET "+robotPath)
			}
			if got != test.want || text != test.err {
				t.Errorf("got %v, %q; want %v, %q", got, text, test.want, test.err)
			}
			f.wantSent(t, request+" ")
		})
	}
}

func TestSetStateRefusesOtherNames(t *testing.T) {
	for _, operation := range []string{"", "ok", "rotate_api_key", "Set_state_ok", "set_stateok", "/set_state_ok"} {
		t.Run(operation, func(t *testing.T) {
			f := &fixed{status: 200, body: detailedRobotJSON}
			got, err := serve(t, f).RobotAccounts.SetState(t.Context(), uuid, operation, "text")
			want := "no operation on a state: " + strconv.Quote(operation)
			if got != nil || err == nil || err.Error() != want {
				t.Errorf("got %+v, %v; want %s", got, err, want)
			}
			f.wantSent(t)
		})
	}
}

func TestRobotAccountDecoding(t *testing.T) {
	tests := []struct {
		name, body string
		want       RobotAccount
	}{
		{"plain", plainRobotJSON, plainRobot()},
		{"detailed", detailedRobotJSON, detailedRobot()},
		{"an old server",
			`{"uuid":"u","username":"","type":"cicd","resource":"http://h/api/marketplace-resources/r/","users":[],` +
				`"keys":[],"fingerprints":[],"responsible_user":null,"backend_id":"","offering_customer_uuid":"p"}`,
			RobotAccount{UUID: "u", Username: ptr(""), Type: "cicd", Resource: "r", Users: []Reference{},
				Keys: []string{}, Fingerprints: []Fingerprint{}, ResponsibleUser: ResponsibleUser{"", true},
				BackendID: ptr(""), OfferingCustomerUUID: "p"}},
		{"empty texts", `{"uuid":"u","description":"","error_message":""}`,
			RobotAccount{UUID: "u", Description: ptr(""), ErrorMessage: ptr("")}},
		{"nothing but the uuid", `{"uuid":"u"}`, RobotAccount{UUID: "u"}},
		{"null", `{"uuid":"u","description":null,"state":null,"resource":null,"users":null,"keys":null,` +
			`"fingerprints":null,"error_message":null,"backend_id":null,"username":null,"responsible_user":null}`,
			RobotAccount{UUID: "u", ResponsibleUser: ResponsibleUser{"", true}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := serve(t, &fixed{status: 200, body: test.body}).RobotAccounts.Get(t.Context(), uuid)
			if err != nil || !reflect.DeepEqual(*got, test.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, test.want)
			}
		})
	}
}

func TestRobotAccountUserWithoutUUID(t *testing.T) {
	f := &fixed{status: 200, body: `{"uuid":"u","users":[{"username":"ann"}]}`}
	_, err := serve(t, f).RobotAccounts.Get(t.Context(), uuid)
	if err == nil || !strings.HasSuffix(err.Error(), "one of its users has no uuid") {
		t.Errorf("error %v", err)
	}
}

func TestReference(t *testing.T) {
	for text, want := range map[string]Reference{
		`"https://h/api/users/u1/"`:          "u1",
		`"http://h/deep/down/api/users/u1/"`: "u1",
		`"https://h/api/users/u1"`:           "u1",
		`"/api/users/u1/"`:                   "u1",
		`"u1"`:                               "u1",
		`""`:                                 "",
		`null`:                               "",
		`{"url": "https://h/api/users/u2/","uuid":"u1"}`: "u1",
		" {\"uuid\": \"u1\"}":                            "u1",
		`{}`:                                             "",
		`{"uuid": null}`:                                 "",
		`7`:                                              "error",
		`["u1"]`:                                         "error",
		`{"uuid": 7}`:                                    "error",
	} {
		t.Run(text, func(t *testing.T) {
			var got Reference
			err := json.Unmarshal([]byte(text), &got)
			if err != nil {
				got = "error"
			}
			if got != want {
				t.Errorf("got %q (%v), want %q", got, err, want)
			}
		})
	}
	var got Reference
	if err := got.UnmarshalJSON([]byte("\n\t" + `{"uuid": "u1"}`)); err != nil || got != "u1" {
		t.Errorf("white space in front: %q, %v", got, err)
	}
}

func TestRobotAccountState(t *testing.T) {
	for text, want := range map[string]RobotAccountState{
		`"Requested"`: "Requested", `"Creating"`: "Creating", `"OK"`: "OK",
		`"Requested deletion"`: "Requested deletion", `"Deleted"`: "Deleted", `"Error"`: "Error",
		`1`: "Requested", `2`: "Creating", `3`: "OK", `4`: "Requested deletion", `5`: "Deleted", `6`: "Error",
		`"Later"`: "Later", `"3"`: "3", `""`: "", `null`: "", `0`: "error", `7`: "error", `-1`: "error", `[]`: "error",
	} {
		t.Run(text, func(t *testing.T) {
			var got RobotAccountState
			err := json.Unmarshal([]byte(text), &got)
			if err != nil {
				got = "error"
			}
			if got != want {
				t.Errorf("got %q (%v), want %q", got, err, want)
			}
		})
	}
}

func TestRobotAccountWrite(t *testing.T) {
	keys := make([]string, 1, 2)
	keys[0] = "A"
	for name, test := range map[string]struct {
		write RobotAccountWrite
		want  string
	}{
		"nothing": {RobotAccountWrite{}, `{}`},
		"resource": {RobotAccountWrite{Resource: ptr("r/1")},
			`{"resource":"/api/marketplace-resources/r%2F1/"}`},
		"type":                  {RobotAccountWrite{Type: ptr("hpc")}, `{"type":"hpc"}`},
		"username":              {RobotAccountWrite{Username: ptr("robot")}, `{"username":"robot"}`},
		"description":           {RobotAccountWrite{Description: ptr("Builds")}, `{"description":"Builds"}`},
		"description, to empty": {RobotAccountWrite{Description: ptr("")}, `{"description":""}`},
		"users": {RobotAccountWrite{Users: &[]string{"b", "a"}},
			`{"users":["/api/users/b/","/api/users/a/"]}`},
		"users, to none": {RobotAccountWrite{Users: new([]string)}, `{"users":[]}`},
		"responsible": {RobotAccountWrite{ResponsibleUser: ptr("a")},
			`{"responsible_user":"/api/users/a/"}`},
		"responsible, to nobody": {RobotAccountWrite{ResponsibleUser: ptr("")}, `{"responsible_user":null}`},
		"keys":                   {RobotAccountWrite{Keys: &keys}, `{"keys":["A"]}`},
		"keys, to none":          {RobotAccountWrite{Keys: new([]string)}, `{"keys":[]}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := json.Marshal(test.write); err != nil || string(got) != test.want {
				t.Errorf("got %s, %v; want %s", got, err, test.want)
			}
		})
	}
}

func TestRobotAccountList(t *testing.T) {
	tests := []struct {
		name   string
		filter RobotAccountFilter
		query  string // besides the paging
	}{
		{"all", RobotAccountFilter{}, ""},
		{"one pair", RobotAccountFilter{ResourceUUID: resource, Type: " cicd"},
			"resource_uuid=" + resource + "&type=+cicd"},
		{"project", RobotAccountFilter{ProjectUUID: project}, "project_uuid=" + project},
		{"customer", RobotAccountFilter{CustomerUUID: customer}, "customer_uuid=" + customer},
		{"provider", RobotAccountFilter{ProviderUUID: "p"}, "provider_uuid=p"},
		{"state 1", RobotAccountFilter{State: "Requested"}, "state=1"},
		{"state 2", RobotAccountFilter{State: "Creating"}, "state=2"},
		{"state 3", RobotAccountFilter{State: "OK"}, "state=3"},
		{"state 4", RobotAccountFilter{State: "Requested deletion"}, "state=4"},
		{"state 5", RobotAccountFilter{State: "Deleted"}, "state=5"},
		{"state 6", RobotAccountFilter{State: "Error"}, "state=6"},
		{"people", RobotAccountFilter{Username: "OB", ResponsibleUserUUID: ann},
			"responsible_user_uuid=" + ann + "&username=OB"},
		{"times", RobotAccountFilter{CreatedAfter: "1", CreatedBefore: "2", ModifiedAfter: "3", ModifiedBefore: "4"},
			"created=1&created_before=2&modified=3&modified_before=4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			row, want := detailedRobotJSON, []RobotAccount{detailedRobot()}
			if state := test.filter.State; state != "" {
				row, want[0].State = strings.Replace(row, `"Error"`, strconv.Quote(state), 1), RobotAccountState(state)
			}
			f := &fixed{status: 200, body: "[" + row + "]", count: "1"}
			got, err := serve(t, f).RobotAccounts.List(t.Context(), test.filter)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, want)
			}
			f.wantSent(t, "GET "+robotPath+"?"+sortedQuery(fieldsQuery(robotAccountFields)+
				"&page=1&page_size=300&"+test.query)+" ")
		})
	}
}

// An old server ignores filters that it does not know, and returns rows that do not match.
func TestRobotAccountListWithIgnoredFilter(t *testing.T) {
	old := strings.Replace(detailedRobotJSON, `"state": "Error", `, "", 1)
	modified := `{"uuid": "u", "state": "OK", "modified": "2026-02-05T00:00:00Z"}`
	for name, test := range map[string]struct {
		row     string
		filter  RobotAccountFilter
		ignored bool
	}{
		"state":            {detailedRobotJSON, RobotAccountFilter{State: "OK"}, true},
		"the same state":   {detailedRobotJSON, RobotAccountFilter{State: "Error"}, false},
		"username":         {detailedRobotJSON, RobotAccountFilter{Username: "zzz"}, true},
		"responsible user": {detailedRobotJSON, RobotAccountFilter{ResponsibleUserUUID: bo}, true},
		"the same responsible user": {detailedRobotJSON, RobotAccountFilter{ResponsibleUserUUID: ann},
			false},
		"type":     {detailedRobotJSON, RobotAccountFilter{Type: "hpc"}, true},
		"resource": {detailedRobotJSON, RobotAccountFilter{ResourceUUID: bo}, true},
		"project":  {detailedRobotJSON, RobotAccountFilter{ProjectUUID: bo}, true},
		"customer": {detailedRobotJSON, RobotAccountFilter{CustomerUUID: bo}, true},
		"provider": {detailedRobotJSON, RobotAccountFilter{ProviderUUID: bo}, true},
		"a project that the row does not have": {`{"uuid": "u", "state": "OK"}`,
			RobotAccountFilter{ProjectUUID: project, Type: "x"}, false},
		"created before": {detailedRobotJSON,
			RobotAccountFilter{CreatedBefore: "2001-01-01T00:00:00Z"}, true},
		"created after": {detailedRobotJSON,
			RobotAccountFilter{CreatedAfter: "2030-01-01T00:00:00Z"}, true},
		"modified before": {modified,
			RobotAccountFilter{ModifiedBefore: "2001-01-01T00:00:00Z"}, true},
		"modified after": {modified,
			RobotAccountFilter{ModifiedAfter: "2030-01-01T00:00:00Z"}, true},
		"modified in time": {modified,
			RobotAccountFilter{ModifiedAfter: "2026-02-04T09:10:08Z", ModifiedBefore: "2026-03-01T00:00:00Z"}, false},
		"created in time": {detailedRobotJSON,
			RobotAccountFilter{CreatedAfter: "2026-02-04T09:10:08Z"}, false},
		"e-mail, a server of 2024":             {old, RobotAccountFilter{UserEmail: "ann"}, true},
		"modified, a server of 2024":           {old, RobotAccountFilter{ModifiedAfter: "2001-01-01T00:00:00Z"}, true},
		"what a server of 2024 knows":          {old, RobotAccountFilter{ResourceUUID: resource, Type: "cicd"}, false},
		"a time of the filter that is no time": {detailedRobotJSON, RobotAccountFilter{CreatedAfter: "soon"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fixed{status: 200, body: "[" + test.row + "]", count: "1"}
			got, err := serve(t, f).RobotAccounts.List(t.Context(), test.filter)
			if errors.Is(err, ErrFilterIgnored) != test.ignored || (got == nil) != test.ignored {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// Where the rows do not decide, since users may be hidden from them, the list asks for something that no
// account has: a server that ignores the filter finds accounts then too.
func TestRobotAccountListAsksWhetherAFilterIsKnown(t *testing.T) {
	hidden := strings.Replace(plainRobotJSON, `"https://h/api/users/`+ann+`/",
	"keys"`, `null, "keys"`, 1)
	byAddress, byUser := RobotAccountFilter{UserEmail: "a+b@h"}, RobotAccountFilter{ResponsibleUserUUID: bo}
	both := RobotAccountFilter{UserEmail: "a+b@h", ResponsibleUserUUID: bo}
	const address, user = "user_email=nobody%40no-such-host.invalid", "responsible_user_uuid=" + noUUID
	for name, test := range map[string]struct {
		filter RobotAccountFilter
		rows   string
		known  bool
		probes []string // queries
	}{
		"e-mail":                     {byAddress, detailedRobotJSON, true, []string{address}},
		"e-mail, ignored":            {byAddress, detailedRobotJSON, false, []string{address}},
		"e-mail, nothing found":      {byAddress, "", true, nil},
		"responsible user":           {byUser, hidden, true, []string{user}},
		"responsible, ignored":       {byUser, hidden, false, []string{user}},
		"responsible, who shows":     {RobotAccountFilter{ResponsibleUserUUID: ann}, plainRobotJSON, true, nil},
		"both":                       {both, hidden, true, []string{address, user}},
		"both, the first ignored":    {both, hidden, false, []string{address}},
		"both, contradicted at once": {both, plainRobotJSON, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var probes []string
			server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				query, rows := r.URL.Query(), test.rows
				if query.Get("user_email") == noAddress || query.Get("responsible_user_uuid") == noUUID {
					for _, parameter := range []string{"field", "page", "page_size"} {
						query.Del(parameter)
					}
					probes = append(probes, query.Encode())
					if test.known {
						rows = ""
					}
				}
				count := "1"
				if rows == "" {
					count = "0"
				}
				w.Header().Set("X-Result-Count", count)
				_, _ = io.WriteString(w, "["+rows+"]")
			})
			got, err := serve(t, server).RobotAccounts.List(t.Context(), test.filter)
			if errors.Is(err, ErrFilterIgnored) == test.known || test.known && err != nil ||
				!slices.Equal(probes, test.probes) {
				t.Errorf("got %v, %v after %q", got, err, probes)
			}
		})
	}
}
