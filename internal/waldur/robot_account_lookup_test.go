package waldur

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

const (
	robotList   = "/api/marketplace-robot-accounts/"
	robotObject = robotList + accountUUID + "/"
	getRobot    = "GET " + robotObject
	deleteRobot = "DELETE " + robotObject

	// The UUID of the account as that of a resource.
	providedAccount = "GET /api/marketplace-provider-resources/" + accountUUID + "/"
	consumedAccount = "GET /api/marketplace-resources/" + accountUUID + "/"

	pairOfRobot    = "GET " + robotList + "?resource_uuid=" + resourceUUID + "&type=cicd"
	listOfResource = "GET " + robotList + "?resource_uuid=" + resourceUUID
	resourceQuery  = resourceUUID + "/"
	provided       = "GET /api/marketplace-provider-resources/" + resourceQuery
	consumed       = "GET /api/marketplace-resources/" + resourceQuery
	resourceSeen   = `200 {"uuid": "` + resourceUUID + `"}`
	conflictText   = ": 409 Conflict: Valid states for operation: OK."
	notUnique      = `400 {"non_field_errors": ["The fields resource, type must make a unique set."]}`
	notUniqueText  = ": 400 Bad Request: The fields resource, type must make a unique set."
	conflict       = `409 {"detail": "Valid states for operation: OK."}`
	unseen         = "GET " + robotObject + missingText + ": neither the account nor its " +
		"resource " + resourceUUID + " is visible. Either both were deleted, or the token has lost its role. Waldur " +
		"does not report which, so the account stays in the state. If it was deleted, run \"terraform state rm\" for " +
		"this resource"
)

func robotIn(state string) string {
	return `200 {"uuid": "` + accountUUID + `", "type": "cicd", "state": "` + state + `"}`
}

func setRobot(operation string) string { return "POST " + robotObject + "set_state_" + operation + "/" }

func TestReadRobotAccount(t *testing.T) {
	for name, test := range map[string]struct {
		resource string
		script   []exchange
		absent   bool
		want     string
	}{
		"is there":                   {resourceUUID, []exchange{{getRobot, robotIn("OK")}}, false, ""},
		"is there, resource unknown": {"", []exchange{{getRobot, robotIn("OK")}}, false, ""},
		"404, resource unknown": {"",
			[]exchange{{getRobot, missing}, {providedAccount, missing}, {consumedAccount, missing}}, false,
			"GET " + robotObject + ambiguousText},
		"404, seen by its provider": {resourceUUID,
			[]exchange{{getRobot, missing}, {provided, resourceSeen}, {listOfResource, "200 []"}}, true,
			"it does not exist"},
		"404, the list has another account": {resourceUUID, []exchange{{getRobot, missing}, {provided, resourceSeen},
			{listOfResource, `200 [{"uuid": "` + otherUUID + `"}]`}}, true, "it does not exist"},
		"404, but the list has it": {resourceUUID, []exchange{{getRobot, missing}, {provided, resourceSeen},
			{listOfResource, "200 [" + robotIn("OK")[4:] + "]"}}, false,
			"GET " + robotObject + missingText + ": but the list of the accounts of its resource " + resourceUUID +
				" still has it, so it is not deleted. Apply again"},
		"404, and the list fails": {resourceUUID, []exchange{{getRobot, missing}, {provided, resourceSeen},
			{listOfResource, broken}}, false, "GET " + robotList + brokenText},
		"404, seen by its user": {resourceUUID,
			[]exchange{{getRobot, missing}, {provided, missing}, {consumed, resourceSeen}, {listOfResource, "200 []"}},
			true, "it does not exist"},
		"404, seen by nobody": {resourceUUID,
			[]exchange{{getRobot, missing}, {provided, missing}, {consumed, missing}}, false, unseen},
		"404, the provider's view fails": {resourceUUID, []exchange{{getRobot, missing}, {provided, broken}}, false,
			"GET /api/marketplace-provider-resources/" + resourceUUID + "/" + brokenText},
		"404, the provider's view refuses": {resourceUUID, []exchange{{getRobot, missing}, {provided, forbidden}},
			false, "GET /api/marketplace-provider-resources/" + resourceUUID + "/" + forbiddenText},
		"404, the user's view fails": {resourceUUID,
			[]exchange{{getRobot, missing}, {provided, missing}, {consumed, broken}}, false,
			"GET /api/marketplace-resources/" + resourceUUID + "/" + brokenText},
		"404 of a gateway": {resourceUUID, []exchange{{getRobot, "404 {}"}}, false,
			"GET " + robotObject + ": 404 Not Found"},
		"403": {resourceUUID, []exchange{{getRobot, forbidden}}, false,
			"GET " + robotObject + forbiddenText},
		"500": {resourceUUID, []exchange{{getRobot, broken}}, false,
			"GET " + robotObject + brokenText},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, test.script...)
			account, err := robotAccounts{s.client}.read(t.Context(), accountUUID, test.resource)
			wantError(t, err, test.want)
			if errors.Is(err, tfkit.ErrAbsent) != test.absent {
				t.Errorf("absent: %v", !test.absent)
			}
			if (account == nil) != (err != nil) || account != nil && account.Type != "cicd" {
				t.Errorf("got %+v", account)
			}
		})
	}
}

// A UUID of a resource, given as that of an account, is recognized.
func TestReadRobotAccountByResource(t *testing.T) {
	for name, script := range map[string][]exchange{
		"seen by its provider": {{getRobot, missing}, {providedAccount, resourceSeen}},
		"seen by its user":     {{getRobot, missing}, {providedAccount, missing}, {consumedAccount, resourceSeen}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := robotAccounts{newServer(t, script...).client}.read(t.Context(), accountUUID, "")
			wantError(t, err, "GET "+robotObject+ambiguousText)
			wantEqual(t, tfkit.HintsOf(err), []string{accountUUID + " is the UUID of a resource, not of a robot " +
				"account. The import id of a robot account is its own UUID or \"" + accountUUID + "/<type>\". A data " +
				"source finds the account by resource_uuid and type."})
		})
	}
}

func TestByType(t *testing.T) {
	for name, test := range map[string]struct{ response, uuid, err string }{
		"one":     {"200 [" + robotIn("Deleted")[4:] + "]", accountUUID, ""},
		"none":    {"200 []", "", ""},
		"refused": {forbidden, "", "GET " + robotList + forbiddenText},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, exchange{pairOfRobot, test.response})
			got, err := robotAccounts{s.client}.byType(t.Context(), resourceUUID, "cicd")
			wantError(t, err, test.err)
			if (got != nil) != (test.uuid != "") || got != nil && got.UUID != test.uuid {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestResolveRobotAccount(t *testing.T) {
	const malformed = "the import id must be the account's UUID or its URL in the API, or <resource UUID>/<type>; got "
	one := "200 [" + robotIn("OK")[4:] + "]"
	oneOf := func(kind string) string { return strings.Replace(one, "cicd", kind, 1) }
	for name, test := range map[string]struct {
		id, kind, response string // the type in the request, escaped; "": there is none
		want, err          string
	}{
		"bare UUID":         {accountUUID, "", "", accountUUID, ""},
		"UUID with hyphens": {hyphenated, "", "", accountUUID, ""},
		"white space":       {" " + accountUUID + "\n", "", "", accountUUID, ""},
		"its URL":           {"https://h/api/marketplace-robot-accounts/" + accountUUID + "/", "", "", accountUUID, ""},
		"a URL of another kind": {"https://h/api/users/" + accountUUID + "/", "", "", "",
			malformed + `"https://h/api/users/` + accountUUID + `/"`},
		"pair":                {resourceUUID + "/cicd", "cicd", one, accountUUID, ""},
		"pair in upper case":  {strings.ToUpper(resourceUUID) + "/cicd", "cicd", one, accountUUID, ""},
		"pair with hyphens":   {"eeeeeeee-eeee-eeee-eeee-eeeeeeeeeeee/cicd", "cicd", one, accountUUID, ""},
		"a type with a slash": {resourceUUID + "/a/b", "a%2Fb", oneOf("a/b"), accountUUID, ""},
		"odd characters":      {resourceUUID + "/a &", "a+%26", oneOf("a &"), accountUUID, ""},
		"none": {resourceUUID + "/cicd", "cicd", "200 []", "",
			`the robot account of type "cicd" on resource ` + resourceUUID +
				" was not found. Types are case-sensitive"},
		"refused":              {resourceUUID + "/cicd", "cicd", forbidden, "", "GET " + robotList + forbiddenText},
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
				script = append(script,
					exchange{"GET " + robotList + "?resource_uuid=" + resourceUUID + "&type=" + test.kind,
						test.response})
			}
			s := newServer(t, script...)
			got, err := robotAccounts{s.client}.resolve(t.Context(), test.id)
			wantError(t, err, test.err)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestCreateRobotAccount(t *testing.T) {
	const post = "POST " + robotList
	row := "200 [" + robotIn("OK")[4:] + "]"
	// An earlier request tells the time of the server.
	states := exchange{"GET " + robotList + "?state=OK", "200 []"}
	none, found, created := exchange{pairOfRobot, "200 []"}, exchange{pairOfRobot, row}, exchange{post,
		"201 " + robotIn("OK")[4:]}
	for name, test := range map[string]struct {
		script []exchange
		want   string
	}{
		"created":                               {[]exchange{states, created}, ""},
		"created by the first request of a run": {[]exchange{none, created}, ""},
		"taken, by the first request of a run": {[]exchange{{pairOfRobot, row}}, "resource " + resourceUUID +
			` already has a robot account of type "cicd", in state "OK"`},
		"taken": {[]exchange{states, {post, notUnique},
			{pairOfRobot, "200 [" + robotIn("Requested deletion")[4:] + "]"}},
			"resource " + resourceUUID + ` already has a robot account of type "cicd", in state "Requested deletion"`},
		"not to be looked up": {[]exchange{states, {post, notUnique}, {pairOfRobot, broken}},
			"POST " + robotList + notUniqueText},
		"refused": {[]exchange{states, {post, forbidden}}, "POST " + robotList + forbiddenText},
		"refused, not unique": {[]exchange{states,
			{post, notUnique}, none}, "POST " + robotList + notUniqueText},
		"taken, on an old server": {[]exchange{states, {post, notUnique},
			{pairOfRobot, `200 [{"uuid": "` + accountUUID + `"}]`}},
			"resource " + resourceUUID + ` already has a robot account of type "cicd"`},
		"lost, and there is an older account": {[]exchange{states, {post, broken}, {pairOfRobot,
			strings.Replace(row, "{", `{"created": "2026-02-04T09:10:02Z", `, 1)}}, "resource " + resourceUUID +
			` already has a robot account of type "cicd", in state "OK"`},
		"lost, created":            {[]exchange{states, {post, broken}, found}, ""},
		"unreadable, created":      {[]exchange{states, {post, "201 {}"}, found}, ""},
		"lost, and sent once more": {[]exchange{states, {post, broken}, none, created}, ""},
		"lost, created late":       {[]exchange{states, {post, broken}, none, {post, notUnique}, found}, ""},
		"lost, created late with other values": {[]exchange{states, {post, broken}, none, {post, notUnique},
			{pairOfRobot, strings.Replace(row, "{", `{"keys": ["ssh-ed25519 A"], `, 1)}},
			"POST " + robotList + notUniqueText + ". Meanwhile somebody else created another account of this name: " +
				accountUUID},
		"lost twice, created": {[]exchange{states, {post, broken}, none, {post, broken}, found}, ""},
		"lost twice, not created": {[]exchange{states, {post, broken}, none, {post, broken}, none},
			"POST " + robotList + brokenText + ". No account was found afterwards. If the server is still processing " +
				"the request and creates it, the next apply says how to import it"},
		"lost, then refused": {[]exchange{states, {post, broken}, none, {post, forbidden}},
			"POST " + robotList + forbiddenText},
		"lost, not known": {[]exchange{states, {post, broken}, {pairOfRobot, forbidden}},
			"POST " + robotList + brokenText + ". It is not known whether the account was created, since the search " +
				"for it failed too: GET " + robotList + forbiddenText + ". Apply again: if it was created, the error " +
				"says how to import it"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, test.script...)
			if test.script[0] == states {
				if _, err := (robotAccounts{s.client}).haveStates(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			resource, kind := resourceUUID, "cicd"
			got, err := robotAccounts{s.client}.create(t.Context(),
				waldurapi.RobotAccountWrite{Resource: &resource, Type: &kind})
			wantError(t, err, test.want)
			if (got == nil) != (err != nil) || got != nil && got.UUID != accountUUID {
				t.Errorf("got %+v", got)
			}
			var bodies []string
			for _, e := range test.script {
				if e.request == post {
					bodies = append(bodies,
						`{"resource":"/api/marketplace-resources/`+resourceUUID+`/","type":"cicd"}`)
				}
			}
			wantEqual(t, s.bodies, bodies)
		})
	}
}

// Without the server's time, an older account is looked up before the create.
func TestCreateRobotAccountWithoutTime(t *testing.T) {
	none := exchange{pairOfRobot, "200 []"}
	for name, test := range map[string]struct {
		script []exchange
		want   string
	}{
		"taken": {[]exchange{{pairOfRobot, "200 [" + robotIn("OK")[4:] + "]"}}, "resource " + resourceUUID +
			` already has a robot account of type "cicd", in state "OK"`},
		"free":                {[]exchange{none, {"POST " + robotList, "201 " + robotIn("OK")[4:]}}, ""},
		"not to be looked up": {[]exchange{{pairOfRobot, broken}}, "GET " + robotList + brokenText},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, test.script...)
			s.undated = true
			resource, kind := resourceUUID, "cicd"
			_, err := robotAccounts{s.client}.create(t.Context(),
				waldurapi.RobotAccountWrite{Resource: &resource, Type: &kind})
			wantError(t, err, test.want)
		})
	}
}

// An update to another type looks up who has the type, and is not sent if that is another account.
func TestUpdateRobotAccountType(t *testing.T) {
	const patch = "PATCH " + robotObject
	account := func(uuid, state string) string {
		return `200 [{"uuid": "` + uuid + `", "state": "` + state + `"}]`
	}
	for name, test := range map[string]struct {
		script []exchange
		want   string
	}{
		"free":    {[]exchange{{pairOfRobot, "200 []"}, {patch, robotIn("OK")}}, ""},
		"its own": {[]exchange{{pairOfRobot, account(accountUUID, "OK")}, {patch, robotIn("OK")}}, ""},
		"taken": {[]exchange{{pairOfRobot, account(annUUID, "Deleted")}}, "resource " + resourceUUID +
			` already has a robot account of type "cicd": ` + annUUID + `, in state "Deleted"`},
		"taken, on an old server": {[]exchange{{pairOfRobot, account(annUUID, "")}}, "resource " + resourceUUID +
			` already has a robot account of type "cicd": ` + annUUID},
		"not to be looked up": {[]exchange{{pairOfRobot, forbidden}}, "GET " + robotList + forbiddenText},
	} {
		t.Run(name, func(t *testing.T) {
			kind := "cicd"
			_, err := robotAccounts{newServer(t, test.script...).client}.update(t.Context(), accountUUID, resourceUUID,
				waldurapi.RobotAccountWrite{Type: &kind})
			wantError(t, err, test.want)
		})
	}
}

func TestHaveStates(t *testing.T) {
	const request = "GET " + robotList + "?state=OK"
	s := robotAccounts{newServer(t, exchange{request, broken}, exchange{request, "200 []"}).client}
	_, err := s.haveStates(t.Context())
	wantError(t, err, "GET "+robotList+brokenText)
	for range 2 { // the response is kept for the run, the error is not
		have, err := s.haveStates(t.Context())
		wantError(t, err, "")
		wantEqual(t, have, false)
	}
}

// A lost create is recovered even if the user interrupts: otherwise nobody would know of the account.
func TestCreateRobotAccountInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := newServer(t, exchange{pairOfRobot, "200 []"}, exchange{"POST " + robotList, broken},
		exchange{pairOfRobot, "200 [" + robotIn("OK")[4:] + "]"})
	s.during = func(request int) {
		if request == 2 {
			cancel()
			time.Sleep(20 * time.Millisecond)
		}
	}
	resource, kind := resourceUUID, "cicd"
	got, err := robotAccounts{s.client}.create(ctx, waldurapi.RobotAccountWrite{Resource: &resource, Type: &kind})
	wantError(t, err, "")
	if got == nil || got.UUID != accountUUID {
		t.Errorf("got %+v", got)
	}
	wantEqual(t, s.bodies, []string{`{"resource":"/api/marketplace-resources/` + resourceUUID + `/","type":"cicd"}`})
}

func TestSetRobotAccountState(t *testing.T) {
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
		"there already": {"OK", "OK", "", nil, nil, nil, "OK", ""},
		"one step": {"OK", "Requested deletion", "", []exchange{{requested, robotIn("Requested deletion")}},
			[]string{"set_state_request_deletion: OK to Requested deletion"}, nil, "Requested deletion", ""},
		"with a message": {"OK", "Error", "no shell", []exchange{{erred, robotIn("Error")}},
			[]string{"set_state_erred: OK to Error"}, []string{`{"error_message":"no shell"}`}, "Error", ""},
		"without one": {"OK", "Error", "", []exchange{{erred, robotIn("Error")}},
			[]string{"set_state_erred: OK to Error"}, nil, "Error", ""},
		"a message apart": {"Creating", "OK", "no shell", []exchange{{ok, robotIn("OK")}},
			[]string{"set_state_ok: Creating to OK"}, nil, "OK", ""},
		"the whole way": {
			"Requested", "Deleted", "no shell",
			[]exchange{{creating, robotIn("Creating")}, {ok, robotIn("OK")}, {requested, robotIn("Requested deletion")},
				{deleted, robotIn("Deleted")}},
			[]string{"set_state_creating: Requested to Creating", "set_state_ok: Creating to OK",
				"set_state_request_deletion: OK to Requested deletion",
				"set_state_deleted: Requested deletion to Deleted"}, nil, "Deleted", "",
		},
		"a message for the last step alone": {"Creating", "Error", "no shell",
			[]exchange{{ok, robotIn("OK")}, {erred, robotIn("Error")}},
			[]string{"set_state_ok: Creating to OK",
				"set_state_erred: OK to Error"}, []string{`{"error_message":"no shell"}`}, "Error", ""},
		"refused": {"OK", "Error", "", []exchange{{erred, conflict}, {getRobot, robotIn("OK")}},
			[]string{"set_state_erred: OK to Error"}, nil, "OK", erred + conflictText},
		"reached by others": {"OK", "Error", "", []exchange{{erred, conflict}, {getRobot, robotIn("Error")}},
			[]string{"set_state_erred: OK to Error"}, nil, "Error", ""},
		"refused half way": {"Creating", "Error", "", []exchange{{ok, robotIn("OK")}, {erred, forbidden}},
			[]string{"set_state_ok: Creating to OK", "set_state_erred: OK to Error"}, nil, "OK", erred + forbiddenText},
		"lost, done": {"Creating", "Error", "", []exchange{{ok, broken}, {getRobot, robotIn("OK")},
			{erred, robotIn("Error")}},
			[]string{"set_state_ok: Creating to OK", "set_state_erred: OK to Error"}, nil, "Error", ""},
		"unreadable, done": {"Creating", "OK", "", []exchange{{ok, "200 {}"}, {getRobot, robotIn("OK")}},
			[]string{"set_state_ok: Creating to OK"}, nil, "OK", ""},
		"lost, not done": {"Creating", "OK", "", []exchange{{ok, broken}, {getRobot, robotIn("Creating")}},
			[]string{"set_state_ok: Creating to OK"}, nil, "Creating", ok + brokenText},
		"lost, elsewhere": {"Creating", "OK", "", []exchange{{ok, broken}, {getRobot, robotIn("Error")}},
			[]string{"set_state_ok: Creating to OK"}, nil, "Creating", ok + brokenText},
		"lost, not known": {"Creating", "OK", "", []exchange{{ok, broken}, {getRobot, forbidden}},
			[]string{"set_state_ok: Creating to OK"}, nil, "Creating", ok + brokenText},
		"no way":      {"Error", "OK", "", nil, nil, nil, "Error", unreachable("Error", "OK")},
		"no way back": {"OK", "Creating", "", nil, nil, nil, "OK", unreachable("OK", "Creating")},
		"an old server": {"", "OK", "", nil, nil, nil, "",
			"this Waldur server is too old to keep states of robot accounts"},
		"an old server, ''": {"", "", "", nil, nil, nil, "",
			"this Waldur server is too old to keep states of robot accounts"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, test.script...)
			var reports []string
			account := &waldurapi.RobotAccount{UUID: accountUUID, State: waldurapi.RobotAccountState(test.from)}
			got, err := robotAccounts{s.client}.setState(t.Context(), account, test.to, test.message,
				func(text string) { reports = append(reports, text) })
			wantError(t, err, test.err)
			if got == nil || string(got.State) != test.state || string(account.State) != test.from {
				t.Errorf("got %+v, want state %s", got, test.state)
			}
			if !slices.Equal(reports, test.reports) {
				t.Errorf("reported %q, want %q", reports, test.reports)
			}
			wantEqual(t, s.bodies, test.bodies)
		})
	}
}

func TestRemoveRobotAccount(t *testing.T) {
	const still = "the account is still there, although the server returned success. Ask the operator of this Waldur " +
		"server, then apply again"
	for name, test := range map[string]struct {
		retries int
		script  []exchange
		want    string
	}{
		"deleted":                  {0, []exchange{{deleteRobot, "204"}, {getRobot, missing}}, ""},
		"success, but still there": {0, []exchange{{deleteRobot, "204"}, {getRobot, robotIn("OK")}}, still},
		"success, then nothing known": {0, []exchange{{deleteRobot, "204"}, {getRobot, broken}},
			"GET " + robotObject + brokenText},
		"success, then no right": {0, []exchange{{deleteRobot, "204"}, {getRobot, forbidden}},
			"GET " + robotObject + forbiddenText},
		"deleted before": {0, []exchange{{deleteRobot, missing}, {getRobot, missing},
			{provided, resourceSeen}, {listOfResource, "200 []"}}, ""},
		"deleted before, for its user": {0, []exchange{{deleteRobot, missing}, {getRobot, missing}, {provided, missing},
			{consumed, resourceSeen}, {listOfResource, "200 []"}}, ""},
		"not to be seen": {0, []exchange{{deleteRobot, missing}, {getRobot, missing}, {provided, missing},
			{consumed, missing}}, unseen},
		"404, but still there": {0, []exchange{{deleteRobot, missing}, {getRobot, robotIn("OK")}}, still},
		"refused": {0, []exchange{{deleteRobot, forbidden}},
			"DELETE " + robotObject + forbiddenText},
		"lost": {0, []exchange{{deleteRobot, broken}}, "DELETE " + robotObject + brokenText},
		"lost, then 404": {1, []exchange{{deleteRobot, broken}, {deleteRobot, missing},
			{getRobot, missing}, {provided, resourceSeen}, {listOfResource, "200 []"}}, ""},
		"lost, then the right is lost": {1, []exchange{{deleteRobot, broken}, {deleteRobot, missing},
			{getRobot, missing}, {provided, missing}, {consumed, missing}}, unseen},
		"lost, then done": {1, []exchange{{deleteRobot, broken}, {deleteRobot, "204"},
			{getRobot, missing}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newRetryServer(t, test.retries, test.script...)
			wantError(t, robotAccounts{s.client}.remove(t.Context(), accountUUID, resourceUUID), test.want)
		})
	}
}

func TestRequestDeletion(t *testing.T) {
	request := setRobot("request_deletion")
	const hint = `with deletion_mode = "delete", applied before, the account is deleted in any state. Its deletion ` +
		"can't be requested: "
	for name, test := range map[string]struct {
		script []exchange
		want   string
	}{
		"requested": {[]exchange{{getRobot, robotIn("OK")}, {request, robotIn("Requested deletion")}}, ""},
		"by a long way": {[]exchange{{getRobot, robotIn("Creating")}, {setRobot("ok"), robotIn("OK")},
			{request, robotIn("Requested deletion")}}, ""},
		"requested before": {[]exchange{{getRobot, robotIn("Requested deletion")}}, ""},
		"deleted before":   {[]exchange{{getRobot, robotIn("Deleted")}}, ""},
		"gone":             {[]exchange{{getRobot, missing}, {provided, resourceSeen}, {listOfResource, "200 []"}}, ""},
		"not to be seen":   {[]exchange{{getRobot, missing}, {provided, missing}, {consumed, missing}}, unseen},
		"not to be read":   {[]exchange{{getRobot, broken}}, "GET " + robotObject + brokenText},
		"refused": {[]exchange{{getRobot, robotIn("OK")}, {request, forbidden}},
			hint + request + forbiddenText},
		"lost, done": {[]exchange{{getRobot, robotIn("OK")}, {request, broken},
			{getRobot, robotIn("Requested deletion")}}, ""},
		"lost, not done": {[]exchange{{getRobot, robotIn("OK")}, {request, broken}, {getRobot, robotIn("OK")}},
			hint + request + brokenText},
		"success, but elsewhere": {[]exchange{{getRobot, robotIn("OK")}, {request, robotIn("OK")}},
			`the account is in state "OK", although the server returned success`},
		"an old server": {[]exchange{{getRobot, `200 {"uuid": "` + accountUUID + `"}`}},
			hint + "this Waldur server is too old to keep states of robot accounts"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, test.script...)
			err := robotAccounts{s.client}.requestDeletion(t.Context(), accountUUID, resourceUUID)
			wantError(t, err, test.want)
			if transport.Forbidden(err) != (name == "refused") {
				t.Errorf("the cause is lost: %v", err)
			}
		})
	}
}
