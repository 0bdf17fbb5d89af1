package waldur

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// exchange is a question, and the answer if it is asked in its turn.
type exchange struct{ ask, answer string }

// talk is a remote whose answers change from one question to the next.
type talk struct {
	*remote
	script []exchange

	mu     sync.Mutex
	turn   int
	bodies []string // of the questions that have one
	during func()   // called while a question is answered
}

// newTalk starts a server that has a talk. The client sends a question again as often as retries says.
func newTalk(t *testing.T, retries int, script ...exchange) *talk {
	t.Helper()
	talk := &talk{remote: &remote{}, script: script}
	server := httptest.NewServer(talk)
	t.Cleanup(server.Close)
	client, err := transport.New(waldurapi.Options(transport.Options{Endpoint: server.URL, MaxRetries: retries, RetryWait: time.Millisecond}, "token-1"))
	if err != nil {
		t.Fatal(err)
	}
	talk.client = waldurapi.New(client)
	return talk
}

func (k *talk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if body, _ := io.ReadAll(r.Body); len(body) > 0 {
		k.bodies = append(k.bodies, string(body))
	}
	if k.during != nil {
		k.during()
	}
	k.answers = answers{}
	if k.turn < len(k.script) {
		k.answers[k.script[k.turn].ask] = k.script[k.turn].answer
	}
	k.turn++
	k.remote.ServeHTTP(w, r)
}

func (k *talk) robots() robotAccounts { return robotAccounts{k.client} }

// wantTalk checks that all of the script was asked, in its order, and nothing else.
func (k *talk) wantTalk(t *testing.T, bodies ...string) {
	t.Helper()
	want := make([]string, len(k.script))
	for i, turn := range k.script {
		want[i] = turn.ask
	}
	k.wantAsked(t, want...)
	if !slices.Equal(k.bodies, bodies) {
		t.Errorf("sent %q, want %q", k.bodies, bodies)
	}
}

const (
	robotList     = "/api/marketplace-robot-accounts/"
	robotObject   = robotList + accountUUID + "/"
	getRobot      = "GET " + robotObject
	deleteRobot   = "DELETE " + robotObject
	pairOfRobot   = "GET " + robotList + "?resource_uuid=" + resourceUUID + "&type=cicd"
	resourceQuery = resourceUUID + "/?field=uuid&field=name&field=slug&field=state&field=project_uuid&field=customer_uuid&field=provider_uuid" +
		"&field=offering_uuid&field=offering_name&field=backend_id"
	provided     = "GET /api/marketplace-provider-resources/" + resourceQuery
	consumed     = "GET /api/marketplace-resources/" + resourceQuery
	resourceSeen = `200 {"uuid": "` + resourceUUID + `"}`
	said403      = ": 403 Forbidden: You do not have permission to perform this action."
	said409      = ": 409 Conflict: Valid states for operation: OK."
	said500      = ": 500 Internal Server Error: Sorry."
	conflict     = `409 {"detail": "Valid states for operation: OK."}`
	unseen       = "GET " + robotObject + ": " + missingAs + ": neither the account nor its resource " + resourceUUID + " is visible. Either both are gone, or the token " +
		"has lost its role; since Waldur does not tell which, the account stays in state. If it is gone, run \"terraform state rm\" for this resource"
)

func robotIn(state string) string {
	return `200 {"uuid": "` + accountUUID + `", "type": "cicd", "state": "` + state + `"}`
}

func setRobot(operation string) string { return "POST " + robotObject + "set_state_" + operation + "/" }

func TestGetRobotAccount(t *testing.T) {
	for name, test := range map[string]struct {
		resource string
		script   []exchange
		absent   bool
		want     string
	}{
		"is there":                         {resourceUUID, []exchange{{getRobot, robotIn("OK")}}, false, ""},
		"is there, resource unknown":       {"", []exchange{{getRobot, robotIn("OK")}}, false, ""},
		"404, resource unknown":            {"", []exchange{{getRobot, missing}}, false, "GET " + robotObject + ": " + missingAs + ": Waldur says this of what the token may not see, too"},
		"404, seen by its provider":        {resourceUUID, []exchange{{getRobot, missing}, {provided, resourceSeen}}, true, "it does not exist"},
		"404, seen by its user":            {resourceUUID, []exchange{{getRobot, missing}, {provided, missing}, {consumed, resourceSeen}}, true, "it does not exist"},
		"404, seen by nobody":              {resourceUUID, []exchange{{getRobot, missing}, {provided, missing}, {consumed, missing}}, false, unseen},
		"404, the provider's view fails":   {resourceUUID, []exchange{{getRobot, missing}, {provided, broken}}, false, "GET /api/marketplace-provider-resources/" + resourceUUID + "/" + said500},
		"404, the provider's view refuses": {resourceUUID, []exchange{{getRobot, missing}, {provided, forbidden}}, false, "GET /api/marketplace-provider-resources/" + resourceUUID + "/" + said403},
		"404, the user's view fails":       {resourceUUID, []exchange{{getRobot, missing}, {provided, missing}, {consumed, broken}}, false, "GET /api/marketplace-resources/" + resourceUUID + "/" + said500},
		"404 of a gateway":                 {resourceUUID, []exchange{{getRobot, "404 {}"}}, false, "GET " + robotObject + ": 404 Not Found"},
		"403":                              {resourceUUID, []exchange{{getRobot, forbidden}}, false, "GET " + robotObject + said403},
		"500":                              {resourceUUID, []exchange{{getRobot, broken}}, false, "GET " + robotObject + said500},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t, 0, test.script...)
			account, err := k.robots().get(t.Context(), accountUUID, test.resource)
			wantError(t, err, test.want)
			if errors.Is(err, errAbsent) != test.absent || (account == nil) != (err != nil) || account != nil && account.Type != "cicd" {
				t.Errorf("got %+v, absent %v", account, errors.Is(err, errAbsent))
			}
			k.wantTalk(t)
		})
	}
}

func TestByType(t *testing.T) {
	for name, test := range map[string]struct{ answer, uuid, err string }{
		"one":     {"200 [" + robotIn("Deleted")[4:] + "]", accountUUID, ""},
		"none":    {"200 []", "", ""},
		"refused": {forbidden, "", "GET " + robotList + said403},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t, 0, exchange{pairOfRobot, test.answer})
			got, err := k.robots().byType(t.Context(), resourceUUID, "cicd")
			wantError(t, err, test.err)
			if (got != nil) != (test.uuid != "") || got != nil && got.UUID != test.uuid {
				t.Errorf("got %+v", got)
			}
			k.wantTalk(t)
		})
	}
}

func TestResolveRobotAccount(t *testing.T) {
	const malformed = "the import id must be the account's UUID, or <resource UUID>/<type>; got "
	one := "200 [" + robotIn("OK")[4:] + "]"
	for name, test := range map[string]struct {
		id, kind, answer string // the type that is looked for, escaped; "": nothing is asked
		want, err        string
	}{
		"bare UUID":            {accountUUID, "", "", accountUUID, ""},
		"UUID with hyphens":    {hyphenated, "", "", accountUUID, ""},
		"pair":                 {resourceUUID + "/cicd", "cicd", one, accountUUID, ""},
		"pair in upper case":   {strings.ToUpper(resourceUUID) + "/cicd", "cicd", one, accountUUID, ""},
		"pair with hyphens":    {"eeeeeeee-eeee-eeee-eeee-eeeeeeeeeeee/cicd", "cicd", one, accountUUID, ""},
		"a type with a slash":  {resourceUUID + "/a/b", "a%2Fb", one, accountUUID, ""},
		"odd characters":       {resourceUUID + "/a &", "a+%26", one, accountUUID, ""},
		"none":                 {resourceUUID + "/cicd", "cicd", "200 []", "", `no robot account of type "cicd" on resource ` + resourceUUID + " is visible to the token"},
		"refused":              {resourceUUID + "/cicd", "cicd", forbidden, "", "GET " + robotList + said403},
		"empty":                {"", "", "", "", malformed + `""`},
		"no type":              {resourceUUID + "/", "", "", "", malformed + `"` + resourceUUID + `/"`},
		"no resource":          {"/cicd", "", "", "", malformed + `"/cicd"`},
		"a type alone":         {"cicd", "", "", "", malformed + `"cicd"`},
		"a resource by name":   {"cluster/cicd", "", "", "", malformed + `"cluster/cicd"`},
		"a UUID that is short": {accountUUID[1:], "", "", "", malformed + `"` + accountUUID[1:] + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			var script []exchange
			if test.kind != "" {
				script = append(script, exchange{"GET " + robotList + "?resource_uuid=" + resourceUUID + "&type=" + test.kind, test.answer})
			}
			k := newTalk(t, 0, script...)
			got, err := k.robots().resolve(t.Context(), test.id)
			wantError(t, err, test.err)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			k.wantTalk(t)
		})
	}
}

func TestCreateRobotAccount(t *testing.T) {
	const post = "POST " + robotList
	row := "200 [" + robotIn("OK")[4:] + "]"
	none, found, made := exchange{pairOfRobot, "200 []"}, exchange{pairOfRobot, row}, exchange{post, "201 " + robotIn("OK")[4:]}
	for name, test := range map[string]struct {
		script []exchange
		want   string
	}{
		"made": {[]exchange{none, made}, ""},
		"taken": {[]exchange{{pairOfRobot, "200 [" + robotIn("Requested deletion")[4:] + "]"}}, "resource " + resourceUUID + ` already has a robot account of type "cicd", in state ` +
			"\"Requested deletion\".\n\nAn account in this state can't get back to OK: delete it first, in Waldur, or by an import followed by a destroy.\n\n" + tfkit.ImportHint("svcacct_waldur_robot_account", accountUUID)},
		"not to be looked up": {[]exchange{{pairOfRobot, broken}}, "GET " + robotList + said500},
		"refused":             {[]exchange{none, {post, forbidden}}, "POST " + robotList + said403},
		"refused, not unique": {[]exchange{none, {post, `400 {"non_field_errors": ["The fields resource, type must make a unique set."]}`}},
			"POST " + robotList + ": 400 Bad Request: The fields resource, type must make a unique set."},
		"lost, made":         {[]exchange{none, {post, broken}, found}, ""},
		"unreadable, made":   {[]exchange{none, {post, "201 {}"}, found}, ""},
		"lost, nothing made": {[]exchange{none, {post, broken}, none}, "POST " + robotList + said500 + ". No account was found afterwards. Should the server still be at work and make one, the next apply says how to import it"},
		"lost, not known": {[]exchange{none, {post, broken}, {pairOfRobot, forbidden}}, "POST " + robotList + said500 + ". Whether the account was made is not known, since looking for it failed, too: " +
			"GET " + robotList + said403 + ". Apply again: if it was made, the error will say how to import it"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t, 0, test.script...)
			resource, kind := resourceUUID, "cicd"
			got, err := k.robots().create(t.Context(), waldurapi.RobotAccountWrite{Resource: &resource, Type: &kind})
			wantError(t, err, test.want)
			if (got == nil) != (err != nil) || got != nil && got.UUID != accountUUID {
				t.Errorf("got %+v", got)
			}
			var bodies []string
			if len(test.script) > 1 {
				bodies = []string{`{"resource":"/api/marketplace-resources/` + resourceUUID + `/","type":"cicd"}`}
			}
			k.wantTalk(t, bodies...)
		})
	}
}

// An account whose answer gets lost while the user interrupts is looked for all the same: it would be nobody's.
func TestCreateRobotAccountInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	k := newTalk(t, 0, exchange{pairOfRobot, "200 []"}, exchange{"POST " + robotList, broken}, exchange{pairOfRobot, "200 [" + robotIn("OK")[4:] + "]"})
	k.during = func() {
		if k.turn == 1 {
			cancel()
			time.Sleep(20 * time.Millisecond)
		}
	}
	resource, kind := resourceUUID, "cicd"
	got, err := k.robots().create(ctx, waldurapi.RobotAccountWrite{Resource: &resource, Type: &kind})
	wantError(t, err, "")
	if got == nil || got.UUID != accountUUID {
		t.Errorf("got %+v", got)
	}
	k.wantTalk(t, `{"resource":"/api/marketplace-resources/`+resourceUUID+`/","type":"cicd"}`)
}

func TestStep(t *testing.T) {
	creating, ok, erred := setRobot("creating"), setRobot("ok"), setRobot("erred")
	requested, deleted := setRobot("request_deletion"), setRobot("deleted")
	for name, test := range map[string]struct {
		from, to, message string
		script            []exchange
		reports           []string
		bodies            []string
		state             string // where the account is in the end
		err               string
	}{
		"there already":   {"OK", "OK", "", nil, nil, nil, "OK", ""},
		"one step":        {"OK", "Requested deletion", "", []exchange{{requested, robotIn("Requested deletion")}}, []string{"set_state_request_deletion: OK to Requested deletion"}, nil, "Requested deletion", ""},
		"with a message":  {"OK", "Error", "no shell", []exchange{{erred, robotIn("Error")}}, []string{"set_state_erred: OK to Error"}, []string{`{"error_message":"no shell"}`}, "Error", ""},
		"without one":     {"OK", "Error", "", []exchange{{erred, robotIn("Error")}}, []string{"set_state_erred: OK to Error"}, nil, "Error", ""},
		"a message apart": {"Creating", "OK", "no shell", []exchange{{ok, robotIn("OK")}}, []string{"set_state_ok: Creating to OK"}, nil, "OK", ""},
		"the whole way": {
			"Requested", "Deleted", "no shell",
			[]exchange{{creating, robotIn("Creating")}, {ok, robotIn("OK")}, {requested, robotIn("Requested deletion")}, {deleted, robotIn("Deleted")}},
			[]string{"set_state_creating: Requested to Creating", "set_state_ok: Creating to OK", "set_state_request_deletion: OK to Requested deletion",
				"set_state_deleted: Requested deletion to Deleted"}, nil, "Deleted", "",
		},
		"a message for the last step alone": {"Creating", "Error", "no shell", []exchange{{ok, robotIn("OK")}, {erred, robotIn("Error")}},
			[]string{"set_state_ok: Creating to OK", "set_state_erred: OK to Error"}, []string{`{"error_message":"no shell"}`}, "Error", ""},
		"refused":           {"OK", "Error", "", []exchange{{erred, conflict}, {getRobot, robotIn("OK")}}, []string{"set_state_erred: OK to Error"}, nil, "OK", erred + said409},
		"reached by others": {"OK", "Error", "", []exchange{{erred, conflict}, {getRobot, robotIn("Error")}}, []string{"set_state_erred: OK to Error"}, nil, "Error", ""},
		"refused half way":  {"Creating", "Error", "", []exchange{{ok, robotIn("OK")}, {erred, forbidden}}, []string{"set_state_ok: Creating to OK", "set_state_erred: OK to Error"}, nil, "OK", erred + said403},
		"lost, done": {"Creating", "Error", "", []exchange{{ok, broken}, {getRobot, robotIn("OK")}, {erred, robotIn("Error")}},
			[]string{"set_state_ok: Creating to OK", "set_state_erred: OK to Error"}, nil, "Error", ""},
		"unreadable, done":  {"Creating", "OK", "", []exchange{{ok, "200 {}"}, {getRobot, robotIn("OK")}}, []string{"set_state_ok: Creating to OK"}, nil, "OK", ""},
		"lost, not done":    {"Creating", "OK", "", []exchange{{ok, broken}, {getRobot, robotIn("Creating")}}, []string{"set_state_ok: Creating to OK"}, nil, "Creating", ok + said500},
		"lost, elsewhere":   {"Creating", "OK", "", []exchange{{ok, broken}, {getRobot, robotIn("Error")}}, []string{"set_state_ok: Creating to OK"}, nil, "Creating", ok + said500},
		"lost, not known":   {"Creating", "OK", "", []exchange{{ok, broken}, {getRobot, forbidden}}, []string{"set_state_ok: Creating to OK"}, nil, "Creating", ok + said500},
		"no way":            {"Error", "OK", "", nil, nil, nil, "Error", unreachable("Error", "OK")},
		"no way back":       {"OK", "Creating", "", nil, nil, nil, "OK", unreachable("OK", "Creating")},
		"an old server":     {"", "OK", "", nil, nil, nil, "", "this Waldur is too old to keep states of robot accounts"},
		"an old server, ''": {"", "", "", nil, nil, nil, "", "this Waldur is too old to keep states of robot accounts"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t, 0, test.script...)
			var reports []string
			account := &waldurapi.RobotAccount{UUID: accountUUID, State: waldurapi.RobotAccountState(test.from)}
			got, err := k.robots().step(t.Context(), accountUUID, test.to, test.message, account, func(text string) { reports = append(reports, text) })
			wantError(t, err, test.err)
			if got == nil || string(got.State) != test.state || string(account.State) != test.from {
				t.Errorf("got %+v, want state %s", got, test.state)
			}
			if !slices.Equal(reports, test.reports) {
				t.Errorf("reported %q, want %q", reports, test.reports)
			}
			k.wantTalk(t, test.bodies...)
		})
	}
}

func TestRemoveRobotAccount(t *testing.T) {
	const still = "the account is still there, although the server reported no failure; ask the operator of this Waldur, then apply again"
	for name, test := range map[string]struct {
		retries int
		script  []exchange
		want    string
	}{
		"deleted":                      {0, []exchange{{deleteRobot, "204"}, {getRobot, missing}}, ""},
		"success, but still there":     {0, []exchange{{deleteRobot, "204"}, {getRobot, robotIn("OK")}}, still},
		"success, then nothing known":  {0, []exchange{{deleteRobot, "204"}, {getRobot, broken}}, "GET " + robotObject + said500},
		"success, then no right":       {0, []exchange{{deleteRobot, "204"}, {getRobot, forbidden}}, "GET " + robotObject + said403},
		"deleted before":               {0, []exchange{{deleteRobot, missing}, {getRobot, missing}, {provided, resourceSeen}}, ""},
		"deleted before, for its user": {0, []exchange{{deleteRobot, missing}, {getRobot, missing}, {provided, missing}, {consumed, resourceSeen}}, ""},
		"not to be seen":               {0, []exchange{{deleteRobot, missing}, {getRobot, missing}, {provided, missing}, {consumed, missing}}, unseen},
		"404, but still there":         {0, []exchange{{deleteRobot, missing}, {getRobot, robotIn("OK")}}, still},
		"refused":                      {0, []exchange{{deleteRobot, forbidden}}, "DELETE " + robotObject + said403},
		"lost":                         {0, []exchange{{deleteRobot, broken}}, "DELETE " + robotObject + said500},
		"lost, then 404":               {1, []exchange{{deleteRobot, broken}, {deleteRobot, missing}, {getRobot, missing}}, ""},
		"lost, then done":              {1, []exchange{{deleteRobot, broken}, {deleteRobot, "204"}, {getRobot, missing}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t, test.retries, test.script...)
			wantError(t, k.robots().remove(t.Context(), accountUUID, resourceUUID), test.want)
			k.wantTalk(t)
		})
	}
}

func TestRequestDeletion(t *testing.T) {
	request := setRobot("request_deletion")
	const hint = `with deletion_mode = "delete", applied before, the account is deleted in any state; its deletion can't be requested: `
	for name, test := range map[string]struct {
		script []exchange
		want   string
	}{
		"requested":              {[]exchange{{getRobot, robotIn("OK")}, {request, robotIn("Requested deletion")}}, ""},
		"by a long way":          {[]exchange{{getRobot, robotIn("Creating")}, {setRobot("ok"), robotIn("OK")}, {request, robotIn("Requested deletion")}}, ""},
		"requested before":       {[]exchange{{getRobot, robotIn("Requested deletion")}}, ""},
		"deleted before":         {[]exchange{{getRobot, robotIn("Deleted")}}, ""},
		"gone":                   {[]exchange{{getRobot, missing}, {provided, resourceSeen}}, ""},
		"not to be seen":         {[]exchange{{getRobot, missing}, {provided, missing}, {consumed, missing}}, unseen},
		"not to be read":         {[]exchange{{getRobot, broken}}, "GET " + robotObject + said500},
		"refused":                {[]exchange{{getRobot, robotIn("OK")}, {request, forbidden}}, hint + request + said403},
		"lost, done":             {[]exchange{{getRobot, robotIn("OK")}, {request, broken}, {getRobot, robotIn("Requested deletion")}}, ""},
		"lost, not done":         {[]exchange{{getRobot, robotIn("OK")}, {request, broken}, {getRobot, robotIn("OK")}}, hint + request + said500},
		"success, but elsewhere": {[]exchange{{getRobot, robotIn("OK")}, {request, robotIn("OK")}}, `the account is in state "OK", although the server reported no failure`},
		"an old server":          {[]exchange{{getRobot, `200 {"uuid": "` + accountUUID + `"}`}}, hint + "this Waldur is too old to keep states of robot accounts"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t, 0, test.script...)
			err := k.robots().requestDeletion(t.Context(), accountUUID, resourceUUID)
			wantError(t, err, test.want)
			if transport.Forbidden(err) != (name == "refused") {
				t.Errorf("the cause is lost: %v", err)
			}
			k.wantTalk(t)
		})
	}
}

func TestLeavers(t *testing.T) {
	const people = "GET /api/users/?field=uuid&field=username&field=full_name&field=email&field=is_active&"
	users := func(uuids ...string) string {
		rows := []string{}
		for _, uuid := range uuids {
			rows = append(rows, `{"uuid": "`+uuid+`"}`)
		}
		return "200 [" + strings.Join(rows, ",") + "]"
	}
	names := exchange{"GET " + robotObject + "?field=users", `200 {"users": [{"uuid": "` + annUUID + `", "full_name": "Ann A"}, {"uuid": "` + boUUID +
		`", "full_name": "Bo B"}, {"uuid": "` + scopeUUID + `", "full_name": "Bo B"}]}`}
	ofProject, ofCustomer := people+"project_uuid="+projectUUID, "GET /api/users/?customer_uuid="+customerUUID+"&"+strings.TrimSuffix(strings.TrimPrefix(people, "GET /api/users/?"), "&")
	for name, test := range map[string]struct {
		users  []waldurapi.Reference
		named  string // by the refusal
		script []exchange
		want   []string
		err    string
	}{
		"nobody is named":            {[]waldurapi.Reference{annUUID, boUUID}, "Not a valid string.", []exchange{names, {ofProject, users()}, {ofCustomer, users()}}, nil, ""},
		"one has left":               {[]waldurapi.Reference{boUUID, annUUID}, "Users Bo B should belong", []exchange{names, {ofProject, users(annUUID)}, {ofCustomer, users()}}, []string{boUUID}, ""},
		"one has left, none is seen": {[]waldurapi.Reference{boUUID, annUUID}, "Users Bo B should belong", []exchange{names, {ofProject, users()}, {ofCustomer, users()}}, []string{boUUID}, ""},
		"the one named is a member":  {[]waldurapi.Reference{boUUID, annUUID}, "Users Bo B should belong", []exchange{names, {ofProject, users()}, {ofCustomer, users(boUUID)}}, nil, ""},
		"both have left":             {[]waldurapi.Reference{boUUID, annUUID}, "Users Ann A, Bo B should belong", []exchange{names, {ofProject, users()}, {ofCustomer, users()}}, []string{boUUID, annUUID}, ""},
		"two of one name":            {[]waldurapi.Reference{boUUID, scopeUUID}, "Users Bo B should belong", []exchange{names, {ofProject, users()}, {ofCustomer, users()}}, nil, ""},
		"the project refuses":        {[]waldurapi.Reference{annUUID}, "Ann A", []exchange{names, {ofProject, forbidden}}, nil, "GET /api/users/" + said403},
		"the customer refuses":       {[]waldurapi.Reference{annUUID}, "Ann A", []exchange{names, {ofProject, users()}, {ofCustomer, broken}}, nil, "GET /api/users/" + said500},
		"the account can't be read":  {[]waldurapi.Reference{annUUID}, "Ann A", []exchange{{names.ask, broken}}, nil, "GET " + robotObject + said500},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t, 0, test.script...)
			account := &waldurapi.RobotAccount{UUID: accountUUID, Users: test.users, ProjectUUID: projectUUID, CustomerUUID: customerUUID}
			got, err := k.robots().leavers(t.Context(), account, errors.New(test.named))
			wantError(t, err, test.err)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			k.wantTalk(t)
		})
	}
}

func TestFailRobotAccount(t *testing.T) {
	type fields = map[string][]string
	refusal := func(status int, problem transport.Problem) error {
		return &transport.Error{Method: "POST", Path: "/api/x/", Status: status, Problem: problem}
	}
	for name, test := range map[string]struct {
		err  error
		want []string
	}{
		"anything": {errors.New("it broke"), []string{"Error: Unable to create Waldur robot account: abc: it broke\n\nMend it."}},
		"no permission": {refusal(403, transport.Problem{Message: "No."}), []string{"Error: Unable to create Waldur robot account: abc: POST /api/x/: 403 Forbidden: No.\n\n" +
			"Mend it.\n\nThe token's user needs the permissions RESOURCE.CREATE_ROBOT_ACCOUNT, RESOURCE.UPDATE_ROBOT_ACCOUNT and RESOURCE.DELETE_ROBOT_ACCOUNT " +
			"on the customer that provides the resource. Those who use the resource can only look."}},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			failRobotAccount(&diags, "create", "abc", test.err, "Mend it.")
			wantTexts(t, diags, test.want...)
		})
	}
	for field, attribute := range map[string]string{
		"resource": "resource_uuid", "type": "type", "username": "username", "description": "description", "users": "users",
		"responsible_user": "responsible_user", "keys": "keys",
	} {
		t.Run(field, func(t *testing.T) {
			var diags diag.Diagnostics
			failRobotAccount(&diags, "create", "", refusal(400, transport.Problem{Fields: fields{field: {"No."}}}))
			wantTexts(t, diags, "Error "+attribute+": Unable to create Waldur robot account: No. (POST /api/x/)")
		})
	}
}
