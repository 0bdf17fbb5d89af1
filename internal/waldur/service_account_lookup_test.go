package waldur

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

const (
	otherUUID     = "11111111111111111111111111111111"
	parentVisible = `200 {"uuid": "` + scopeUUID + `", "max_service_accounts": 1}`
)

func account(uuid, username, identifier string) string {
	return `{"uuid": "` + uuid + `", "username": "` + username + `", "preferred_identifier": "` + identifier +
		`", "description": "", "email": "", "created": "2026-02-04T09:10:08Z"}`
}

// placed replaces the words SCOPE, PARENT, LIST and OBJECT: "customer" or "project", and the paths
// of the customer or project, of its accounts, and of the account with accountUUID. "GET SCOPEs" asks
// for a customer or project with accountUUID.
func placed(kind *serviceAccountKind, text string) string {
	list := "/api/marketplace-" + kind.scope + "-service-accounts/"
	return strings.NewReplacer("PARENT", "/api/"+kind.scope+"s/"+scopeUUID+"/",
		"GET SCOPEs", "GET /api/"+kind.scope+"s/"+accountUUID+"/", "LIST", list,
		"OBJECT", list+accountUUID+"/", "SCOPE", kind.scope).Replace(text)
}

// siblings is the request for the accounts of a customer or project.
func siblings(kind *serviceAccountKind) string { return placed(kind, "GET LIST?SCOPE_uuid="+scopeUUID) }

// scripted is a server with a script for a kind.
func scripted(t *testing.T, retries int, kind *serviceAccountKind, script []exchange) (*server, serviceAccounts) {
	t.Helper()
	var requests []exchange
	for _, e := range script {
		requests = append(requests, exchange{placed(kind, e.request), e.response})
	}
	s := newRetryServer(t, retries, requests...)
	return s, serviceAccounts{kind, s.client}
}

const (
	getAccount    = "GET OBJECT"
	getParent     = "GET PARENT"
	listAccounts  = "GET LIST?SCOPE_uuid=" + scopeUUID
	closeAccount  = "DELETE OBJECT"
	createAccount = "POST LIST"
	rotateKey     = "POST OBJECTrotate_api_key/"

	unseenText = missingText + ": the token does not see the service accounts of the SCOPE " + scopeUUID + ". Either " +
		"its user has lost a role, or the account was deleted. Waldur does not report which, so the account stays in " +
		"the state. If it was deleted, run \"terraform state rm\" for this resource"
	undecidedText = missingText +
		": Waldur also returns 404 for an account that the token may not see, and it is not " +
		"known what the token may see: GET /api/users/me/" + brokenText + ". Either the account was deleted, or the " +
		"user of the token has lost a role. The account stays in the state. If it was deleted, run \"terraform state " +
		"rm\" for this resource"
)

func TestReadServiceAccount(t *testing.T) {
	found := "200 " + account(accountUUID, "svc", "ci")
	for _, test := range []struct {
		name, scope string
		script      []exchange
		absent      bool
		want        string // the error
	}{
		{"exists", scopeUUID, []exchange{{getAccount, found}}, false, ""},
		{"exists, scope unknown", "", []exchange{{getAccount, found}}, false, ""},
		{
			"404, the token sees the accounts", scopeUUID,
			[]exchange{{getAccount, missing}, {getCaller, staff}, {listAccounts, "200 []"}}, true, "it does not exist",
		},
		{
			"404, but the list has it", scopeUUID,
			[]exchange{{getAccount, missing}, {getCaller, staff}, {listAccounts, "200 [" + found[4:] + "]"}}, false,
			"GET OBJECT" + missingText + ", but the list of the accounts of the SCOPE has it",
		},
		{
			"404, and no list", scopeUUID,
			[]exchange{{getAccount, missing}, {getCaller, staff}, {listAccounts, broken}}, false,
			"GET OBJECT" + missingText + ". The list of the accounts of the SCOPE could not confirm that: GET LIST" +
				brokenText,
		},
		{
			"404, the token does not see the accounts", scopeUUID,
			[]exchange{{getAccount, missing}, {getCaller, nobody}}, false, "GET OBJECT" + unseenText,
		},
		{
			"404, nobody knows what the token sees", scopeUUID,
			[]exchange{{getAccount, missing}, {getCaller, broken}}, false, "GET OBJECT" + undecidedText,
		},
		{
			"404, scope unknown", "",
			[]exchange{{getAccount, missing}, {"GET SCOPEs", missing}, {getCaller, nobody}}, false,
			"GET OBJECT" + ambiguousText,
		},
		{
			"404, scope unknown, staff", "",
			[]exchange{{getAccount, missing}, {"GET SCOPEs", missing}, {getCaller, staff}}, true, "it does not exist",
		},
		{
			"404, the UUID of a customer or project", "",
			[]exchange{{getAccount, missing}, {"GET SCOPEs", parentVisible}}, false, accountUUID +
				" is the UUID of a " +
				"SCOPE, not of an account. An account of this SCOPE has the import id " + accountUUID + "/<username>",
		},
		{"404 of a gateway", scopeUUID, []exchange{{getAccount, "404 {}"}}, false, "GET OBJECT: 404 Not Found"},
		{"403", scopeUUID, []exchange{{getAccount, forbidden}}, false, "GET OBJECT" + forbiddenText},
		{
			"401", scopeUUID, []exchange{{getAccount, `401 {"detail": "Invalid token."}`}}, false,
			"GET OBJECT: 401 Unauthorized: Invalid token.",
		},
		{"500", scopeUUID, []exchange{{getAccount, broken}}, false, "GET OBJECT" + brokenText},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			_, accounts := scripted(t, 0, kind, test.script)
			got, err := accounts.read(t.Context(), accountUUID, test.scope)
			wantError(t, err, placed(kind, test.want))
			if errors.Is(err, tfkit.ErrAbsent) != test.absent {
				t.Errorf("absent %v", !test.absent)
			}
			if (got == nil) != (err != nil) || got != nil && got.Username != "svc" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestCreateServiceAccount(t *testing.T) {
	const (
		created = `{"uuid": "` + accountUUID + `", "username": "svc", "preferred_identifier": "ci",
			"description": "Builds", "email": "ci@acme.example", "created": "2026-02-04T09:10:08Z"}`
		refused     = `400 {"non_field_errors": ["No."]}`
		mayExist    = `may have created an account for the preferred_identifier "ci", with a key that works`
		listedLater = "Waldur lists an account only after the account service behind it has responded"
	)
	none, other := exchange{listAccounts, "200 []"}, account(otherUUID, "else", "ci")
	for _, test := range []struct {
		name   string
		script []exchange
		want   string // the error
		hint   string
	}{
		{"created", []exchange{none, {createAccount, "201 " + created}}, "", ""},
		{"another identifier exists", []exchange{
			{listAccounts, "200 [" + account(otherUUID, "x", "CI") + "]"}, {createAccount, "201 " + created},
		}, "", ""},
		{
			"exists", []exchange{{listAccounts, "200 [" + created + "]"}},
			"the SCOPE " + scopeUUID + ` already has an account with preferred_identifier "ci", username "svc"`,
			"import {",
		},
		{"list fails", []exchange{{listAccounts, broken}}, "GET LIST" + brokenText, ""},
		{"not permitted", []exchange{none, {createAccount, forbidden}}, "POST LIST" + forbiddenText, ""},
		{
			"refused at the limit", []exchange{
				{listAccounts, "200 [" + account(otherUUID, "x", "x") + "]"}, {createAccount, refused}, {getParent,
					parentVisible},
			},
			"POST LIST: 400 Bad Request: No.", "its max_service_accounts is 1.",
		},
		{
			"refused below the limit", []exchange{none, {createAccount, refused}, {getParent, parentVisible}},
			"POST LIST: 400 Bad Request: No.", "it counts closed accounts",
		},
		{
			"refused, limit not readable", []exchange{none, {createAccount, refused}, {getParent, forbidden}},
			"POST LIST: 400 Bad Request: No.", mayExist,
		},
		{
			"refused, no limit", []exchange{none, {createAccount, refused}, {getParent, `200 {"uuid": "x"}`}},
			"POST LIST: 400 Bad Request: No.", mayExist,
		},
		{
			"a field is refused", []exchange{none, {createAccount, `400 {"email": ["No."]}`}},
			"POST LIST: 400 Bad Request: email: No.", "",
		},
		{"lost, created", []exchange{none, {createAccount, broken}, {listAccounts, "200 [" + created + "]"}}, "", ""},
		{"unreadable, created", []exchange{none, {createAccount, "201 {}"}, {listAccounts, "200 [" + created + "]"}},
			"", ""},
		{
			"lost, not created", []exchange{none, {createAccount, broken}, none},
			"POST LIST" + brokenText + ". No account was found afterwards. " + listedLater, mayExist,
		},
		{
			"lost, search fails", []exchange{none, {createAccount, broken}, {listAccounts, forbidden}},
			"POST LIST" + brokenText + ". It is not known whether the account was created, since the search for it " +
				"failed too: GET LIST" + forbiddenText + ". " + listedLater, mayExist,
		},
		{
			"lost, another one", []exchange{none, {createAccount, broken}, {listAccounts, "200 [" + other + "]"}},
			"POST LIST" + brokenText + ". Meanwhile somebody else created another account of this name: " + otherUUID +
				" (username \"else\", created 2026-02-04T09:10:08Z)", mayExist,
		},
		{
			"lost, two", []exchange{none, {createAccount, broken},
				{listAccounts, "200 [" + created + "," + other + "]"}},
			"POST LIST" + brokenText + ". Meanwhile somebody else created another account of this " +
				"name: " + accountUUID +
				" (username \"svc\", created 2026-02-04T09:10:08Z)", mayExist,
		},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			s, accounts := scripted(t, 0, kind, test.script)
			got, err := accounts.create(t.Context(), waldurapi.ServiceAccountCreate{
				Scope: scopeUUID, PreferredIdentifier: "ci", Description: "Builds", Email: "ci@acme.example",
			})
			wantError(t, err, placed(kind, test.want))
			if (got == nil) != (err != nil) || got != nil && got.UUID != accountUUID {
				t.Errorf("got %+v", got)
			}
			hint := strings.Join(tfkit.HintsOf(err), "\n\n")
			if (hint == "") != (test.hint == "") || !strings.Contains(hint, test.hint) {
				t.Errorf("hint %q, want %q", hint, test.hint)
			}
			if len(test.script) > 1 {
				wantEqual(t, *decoded[map[string]string](t, s.bodies[0]), map[string]string{
					kind.scope: scopeUUID, "preferred_identifier": "ci", "description": "Builds",
					"email": "ci@acme.example",
				})
			}
		})
	}
}

func TestMayCreateServiceAccount(t *testing.T) {
	const role = "the user of the token needs a role on the project itself: the token would not see the account " +
		"after its creation, and could neither rotate its key nor delete it"
	for _, test := range []struct {
		name   string
		kind   *serviceAccountKind
		script []exchange
		sure   []bool // of two questions, with a new account in between that the token sees, or does not
		seen   string // the response to its read; "": there was none
		errs   []string
	}{
		{"of a customer", customerServiceAccountKind, nil, []bool{true, true}, "", []string{"", ""}},
		{"seen", projectServiceAccountKind, []exchange{{getCaller, staff}}, []bool{true, true}, "", []string{"", ""}},
		{"not seen", projectServiceAccountKind, []exchange{{getCaller, nobody}}, []bool{true, true}, "",
			[]string{role, role}},
		{"not known, and nothing created", projectServiceAccountKind, []exchange{{getCaller, broken}},
			[]bool{false, false}, "", []string{"", ""}},
		{"not known, then seen", projectServiceAccountKind,
			[]exchange{{getCaller, broken}, {getAccount, "200 " + account(accountUUID, "svc", "ci")}},
			[]bool{false, true}, "yes", []string{"", ""}},
		{"not known, then not seen", projectServiceAccountKind,
			[]exchange{{getCaller, broken}, {getAccount, missing}}, []bool{false, true}, "no", []string{"", role}},
		{"not known, then not read", projectServiceAccountKind,
			[]exchange{{getCaller, broken}, {getAccount, broken}}, []bool{false, false}, "yes", []string{"", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, accounts := scripted(t, 0, test.kind, test.script)
			for i, want := range test.sure {
				sure, err := accounts.mayCreate(t.Context(), scopeUUID)
				wantError(t, err, test.errs[i])
				wantEqual(t, sure, want)
				if i == 0 && test.seen != "" {
					err := accounts.seesNew(t.Context(), accountUUID, scopeUUID)
					wantEqual(t, err != nil, test.seen == "no")
				}
			}
		})
	}
}

// A lost create is recovered even if the user interrupts: otherwise nobody would know of the account.
func TestCreateServiceAccountInterrupted(t *testing.T) {
	eachKind(t, "", func(t *testing.T, kind *serviceAccountKind) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s, accounts := scripted(t, 0, kind, []exchange{
			{listAccounts, "200 []"}, {createAccount, broken}, {listAccounts,
				"200 [" + account(accountUUID, "svc", "ci") + "]"},
		})
		s.during = func(request int) {
			if request == 1 {
				cancel()
				time.Sleep(20 * time.Millisecond)
			}
		}
		got, err := accounts.create(ctx, waldurapi.ServiceAccountCreate{Scope: scopeUUID, PreferredIdentifier: "ci"})
		wantError(t, err, "")
		if got == nil || got.UUID != accountUUID {
			t.Errorf("got %+v", got)
		}
	})
}

func TestRemoveServiceAccount(t *testing.T) {
	const still = "the account is still there, although the server returned success: its account service is " +
		"disabled, or did not finish. Ask the operator of this Waldur server, then apply again"
	found := "200 " + account(accountUUID, "svc", "ci")
	for _, test := range []struct {
		name    string
		retries int
		script  []exchange
		want    string
	}{
		{"closed", 0, []exchange{{closeAccount, "204"}, {getAccount, missing}}, ""},
		{"success, but still there", 0, []exchange{{closeAccount, "204"}, {getAccount, found}}, still},
		{"success, read fails", 0, []exchange{{closeAccount, "204"}, {getAccount, broken}}, "GET OBJECT" + brokenText},
		{
			"success, read not permitted", 0, []exchange{{closeAccount, "204"}, {getAccount, forbidden}},
			"GET OBJECT" + forbiddenText,
		},
		{"404, but still there", 0, []exchange{{closeAccount, missing}, {getAccount, found}}, still},
		{"closed before", 0, []exchange{{closeAccount, missing}, {getAccount, missing}, {getCaller, staff},
			{listAccounts, "200 []"}}, ""},
		{
			"404, the token does not see the accounts", 0, []exchange{{closeAccount, missing}, {getAccount, missing},
				{getCaller, nobody}},
			"GET OBJECT" + unseenText,
		},
		{
			"404, nobody knows what the token sees", 0, []exchange{{closeAccount, missing}, {getAccount, missing},
				{getCaller, broken}},
			"GET OBJECT" + undecidedText,
		},
		{"not permitted", 0, []exchange{{closeAccount, forbidden}}, "DELETE OBJECT" + forbiddenText},
		{
			"the account service fails", 0, []exchange{{closeAccount, `400 {"detail": {"code": "unavailable"}}`}},
			`DELETE OBJECT: 400 Bad Request: {"code": "unavailable"}`,
		},
		{"lost", 0, []exchange{{closeAccount, broken}}, "DELETE OBJECT" + brokenText},
		{"lost, then 404", 1, []exchange{{closeAccount, "502"}, {closeAccount, missing}, {getAccount, missing},
			{getCaller, staff}, {listAccounts, "200 []"}}, ""},
		{
			"lost, then the right is lost", 1,
			[]exchange{{closeAccount, "502"}, {closeAccount, missing}, {getAccount, missing}, {getCaller, nobody}},
			"GET OBJECT" + unseenText,
		},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			_, accounts := scripted(t, test.retries, kind, test.script)
			wantError(t, accounts.remove(t.Context(), accountUUID, scopeUUID), placed(kind, test.want))
		})
	}
}

func TestIssueKey(t *testing.T) {
	const issued = `200 {"uuid": "` + accountUUID + `", "token": "key-2", "expires_at": "2026-05-31T08:15:30"}`
	for _, test := range []struct {
		name        string
		retries     int
		script      []exchange
		key         string
		unconfirmed bool
		want        string
	}{
		{"issued", 0, []exchange{{rotateKey, issued}}, "key-2", false, ""},
		{"lost, and not sent again", 1, []exchange{{rotateKey, broken}}, "", true, "POST OBJECTrotate_api_key/" +
			brokenText},
		{"no key", 0, []exchange{{rotateKey, `200 {"uuid": "` + accountUUID + `", "token": null}`}}, "", true,
			"the server rotated the key, but did not return the new key"},
		{"timed out", 1, []exchange{{rotateKey, `400 {"detail": "timed out"}`}}, "", true,
			"POST OBJECTrotate_api_key/: 400 Bad Request: timed out"},
		{"an error of the account service", 1, []exchange{{rotateKey, `400 {"message": "No."}`}}, "", true,
			"POST OBJECTrotate_api_key/: 400 Bad Request: message: No."},
		{"does not exist", 0, []exchange{{rotateKey, missing}}, "", false, "POST OBJECTrotate_api_key/" + missingText},
		{"refused", 0, []exchange{{rotateKey, `409 {"detail": "No."}`}}, "", false,
			"POST OBJECTrotate_api_key/: 409 Conflict: No."},
		{"not permitted", 0, []exchange{{rotateKey, forbidden}}, "", false,
			"POST OBJECTrotate_api_key/" + forbiddenText},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			_, accounts := scripted(t, test.retries, kind, test.script)
			got, err := accounts.issue(t.Context(), accountUUID)
			wantError(t, err, placed(kind, test.want))
			if errors.Is(err, rotation.ErrUnconfirmed) != test.unconfirmed || got.Secret.Reveal() != test.key {
				t.Errorf("unconfirmed %v, or another key", !test.unconfirmed)
			}
		})
	}
}

func TestUpdateServiceAccount(t *testing.T) {
	description := "new"
	for name, want := range map[string]string{
		`200 {"uuid": "x"}`: "", forbidden: "PATCH OBJECT" + forbiddenText, broken: "PATCH OBJECT" + brokenText,
	} {
		eachKind(t, name, func(t *testing.T, kind *serviceAccountKind) {
			s, accounts := scripted(t, 4, kind, []exchange{{"PATCH OBJECT", name}})
			err := accounts.update(t.Context(), accountUUID,
				waldurapi.ServiceAccountUpdate{Description: &description})
			wantError(t, err, placed(kind, want))
			wantEqual(t, s.bodies, []string{`{"description":"new"}`})
		})
	}
}

func TestResolveServiceAccount(t *testing.T) {
	first, second := account(accountUUID, "svc", "ci"), account(otherUUID, "svc", "ci-2")
	hyphens := "cccccccc-CCCC-cccc-cccc-cccccccccccc"
	malformed := "the import id must be the account's UUID or its URL in the API, or <SCOPE UUID>/<username> or " +
		"<SCOPE UUID>/<preferred_identifier>; got "
	for _, test := range []struct {
		name, id string
		username string // of the request; "": there is none
		response string
		want     string
		err      string
	}{
		{"bare UUID", accountUUID, "", "", accountUUID, ""},
		{"UUID with hyphens", strings.ToLower(hyphenated), "", "", accountUUID, ""},
		{"UUID in upper case", strings.ToUpper(accountUUID), "", "", accountUUID, ""},
		{"UUID of mixed case with hyphens", hyphenated, "", "", accountUUID, ""},
		{"scope and username", scopeUUID + "/svc", "svc", "200 [" + first + "]", accountUUID, ""},
		{"scope with hyphens", hyphens + "/svc", "svc", "200 [" + first + "]", accountUUID, ""},
		{"username with slashes", scopeUUID + "/a/b/", "a/b/", "200 [" + first + "]", accountUUID, ""},
		{"username that begins with a slash", scopeUUID + "//a", "/a", "200 [" + first + "]", accountUUID, ""},
		{"username with odd characters", scopeUUID + "/a b&c=ü", "a b&c=ü", "200 [" + first + "]", accountUUID, ""},
		{"username that looks like a UUID", scopeUUID + "/" + accountUUID, accountUUID, "200 [" + first + "]",
			accountUUID, ""},
		{"a server that ignores the filter", scopeUUID + "/svc", "svc",
			"200 [" + account(otherUUID, "SVC", "ci") + "]", "",
			`the service account with username or preferred_identifier "svc" in SCOPE ` + scopeUUID +
				" was not found. Names are case-sensitive"},
		{"none", scopeUUID + "/svc", "svc", "200 []", "",
			`the service account with username or preferred_identifier "svc" in SCOPE ` + scopeUUID +
				" was not found. Names are case-sensitive"},
		{"several", scopeUUID + "/svc", "svc", "200 [" + first + "," + second + "]", "",
			`there is more than one service account with username or preferred_identifier "svc" in SCOPE ` + scopeUUID +
				"; choose by uuid:\n" +
				"  " + accountUUID + " (username \"svc\", created 2026-02-04T09:10:08Z)\n" +
				"  " + otherUUID + " (username \"svc\", created 2026-02-04T09:10:08Z)"},
		{"refused", scopeUUID + "/svc", "svc", forbidden, "", "GET LIST" + forbiddenText},
		{"empty", "", "", "", "", malformed + `""`},
		{"a username alone", "svc", "", "", "", malformed + `"svc"`},
		{"no username", scopeUUID + "/", "", "", "", malformed + `"` + scopeUUID + `/"`},
		{"no scope", "/svc", "", "", "", malformed + `"/svc"`},
		{"a scope that is no UUID", "acme/svc", "", "", "", malformed + `"acme/svc"`},
		{"a UUID cut off", accountUUID[1:], "", "", "", malformed + `"` + accountUUID[1:] + `"`},
		{"white space", "\t" + accountUUID + " \n", "", "", accountUUID, ""},
		{"white space around a pair", " " + scopeUUID + "/svc\n", "svc", "200 [" + first + "]", accountUUID, ""},
		{"its URL", "https://waldur.example.org/api/marketplace-SCOPE-service-accounts/" + accountUUID + "/", "", "",
			accountUUID, ""},
		{"its URL, from a browser",
			" http://h:1/x/api/marketplace-SCOPE-service-accounts/" + accountUUID + "?field=uuid\n",
			"", "", accountUUID, ""},
		{"a URL of another kind", "https://h/api/x/" + accountUUID + "/", "", "", "",
			malformed + `"https://h/api/x/` + accountUUID + `/"`},
		{"the URL of an operation",
			"https://h/api/marketplace-SCOPE-service-accounts/" + accountUUID + "/rotate_api_key/",
			"", "", "", malformed + `"https://h/api/marketplace-SCOPE-service-accounts/` + accountUUID +
				`/rotate_api_key/"`},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			var script []exchange
			if test.username != "" {
				request := siblings(kind) + "&username=" + url.QueryEscape(test.username)
				response := strings.ReplaceAll(test.response, `"svc"`, strconv.Quote(test.username))
				script = append(script, exchange{request, response})
			}
			if strings.HasPrefix(test.err, "the service account with") {
				script = append(script, exchange{siblings(kind), "200 [" + first + "," + second + "]"})
			}
			id := placed(kind, test.id)
			got, err := serviceAccounts{kind, newServer(t, script...).client}.resolve(t.Context(), id)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			wantError(t, err, placed(kind, test.err))
		})
	}
}

// A preferred_identifier names an account if there is no such username.
func TestResolveServiceAccountByIdentifier(t *testing.T) {
	all := "200 [" + account(otherUUID, "svc", "ci-2") + "," + account(accountUUID, "svc-2", "ci") + "]"
	eachKind(t, "identifier", func(t *testing.T, kind *serviceAccountKind) {
		s := newServer(t, exchange{siblings(kind) + "&username=ci", "200 []"}, exchange{siblings(kind), all})
		got, err := serviceAccounts{kind, s.client}.resolve(t.Context(), scopeUUID+"/ci")
		wantError(t, err, "")
		wantEqual(t, got, accountUUID)
	})
}

func TestFindServiceAccount(t *testing.T) {
	first, second := account(accountUUID, "svc", "ci"), account(otherUUID, "svc-2", "ci")
	named := serviceAccountModel{Username: types.StringValue("svc")}
	identified := serviceAccountModel{PreferredIdentifier: types.StringValue("ci")}
	uuid := serviceAccountModel{UUID: tfkit.UUIDOrNull(hyphenated)}
	for _, test := range []struct {
		name     string
		model    serviceAccountModel
		exchange exchange
		err      string
	}{
		{"by uuid", uuid, exchange{getAccount, "200 " + first}, ""},
		{"by uuid, not permitted", uuid, exchange{getAccount, forbidden}, "GET OBJECT" + forbiddenText},
		{"by username", named, exchange{listAccounts + "&username=svc", "200 [" + first + "]"}, ""},
		{"by username, none", named, exchange{listAccounts + "&username=svc", "200 []"},
			`the service account with username "svc" in SCOPE ` + scopeUUID +
				" was not found. Names are case-sensitive"},
		{"by identifier", identified, exchange{listAccounts, "200 [" + first + "]"}, ""},
		{"by identifier, none", identified, exchange{listAccounts, "200 [" + account(otherUUID, "svc", "CI") + "]"},
			`the service account with preferred_identifier "ci" in SCOPE ` + scopeUUID +
				" was not found. Names are case-sensitive"},
		{"by identifier, several", identified, exchange{listAccounts, "200 [" + first + "," + second + "]"},
			`there is more than one service account with preferred_identifier "ci" in SCOPE ` + scopeUUID +
				"; choose by uuid:\n  " + accountUUID + " (username \"svc\", created 2026-02-04T09:10:08Z)\n " +
				" " + otherUUID +
				" (username \"svc-2\", created 2026-02-04T09:10:08Z)"},
		{"by identifier, not permitted", identified, exchange{listAccounts, forbidden}, "GET LIST" + forbiddenText},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			model := scopedDataModel(&customerServiceAccountDataModel{serviceAccountModel: test.model})
			if kind == projectServiceAccountKind {
				model = &projectServiceAccountDataModel{serviceAccountModel: test.model}
			}
			*model.scope() = tfkit.UUIDOrNull(strings.ToUpper(scopeUUID))
			_, accounts := scripted(t, 0, kind, []exchange{test.exchange})
			got, err := accounts.find(t.Context(), model)
			wantError(t, err, placed(kind, test.err))
			if (got == nil) != (err != nil) || got != nil && got.UUID != accountUUID {
				t.Errorf("got %+v", got)
			}
		})
	}
}
