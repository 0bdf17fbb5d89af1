package waldur

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// answers is what a server says to "METHOD /path/?query", the query without the page: a status and JSON. All else is
// answered as a server answers for an object that it does not show.
type answers map[string]string

const (
	missing   = `404 {"detail": "No CustomerServiceAccount matches the given query."}`
	forbidden = `403 {"detail": "You do not have permission to perform this action."}`
	broken    = `500 {"detail": "Sorry."}`
	missingAs = "404 Not Found: No CustomerServiceAccount matches the given query."
)

// remote is a server with canned answers and what it was asked.
type remote struct {
	client  *waldurapi.Client
	answers answers

	mu    sync.Mutex
	asked []string
}

func newRemote(t *testing.T, a answers) *remote {
	t.Helper()
	r := &remote{answers: a}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	client, err := transport.New(waldurapi.Options(transport.Options{Endpoint: server.URL}, "token-1"))
	if err != nil {
		t.Fatal(err)
	}
	r.client = waldurapi.New(client)
	return r
}

func (r *remote) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	query := req.URL.Query()
	query.Del("page")
	query.Del("page_size")
	asked := req.Method + " " + req.URL.EscapedPath()
	if len(query) > 0 {
		asked += "?" + query.Encode()
	}
	r.asked = append(r.asked, asked)
	answer, ok := r.answers[asked]
	if !ok {
		answer = missing
	}
	status, body, _ := strings.Cut(answer, " ")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	var rows []json.RawMessage
	if json.Unmarshal([]byte(body), &rows) == nil {
		w.Header().Set("X-Result-Count", strconv.Itoa(len(rows)))
	}
	code, err := strconv.Atoi(status)
	if err != nil {
		panic(err)
	}
	w.WriteHeader(code)
	_, _ = w.Write([]byte(body))
}

func (r *remote) accounts(kind *serviceAccountKind) serviceAccounts {
	return serviceAccounts{kind: kind, client: r.client}
}

func (r *remote) wantAsked(t *testing.T, want ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Equal(r.asked, want) {
		t.Errorf("asked  %s\nwanted %s", strings.Join(r.asked, "\n       "), strings.Join(want, "\n       "))
	}
}

func wantError(t *testing.T, got error, want string) {
	t.Helper()
	said := ""
	if got != nil {
		said = got.Error()
	}
	if said != want {
		t.Errorf("got  %s\nwant %s", said, want)
	}
}

// list, object and parent are the paths of a kind's accounts, of the account with accountUUID, and of the customer or
// project with scopeUUID.
func accountList(kind *serviceAccountKind) string {
	return "/api/marketplace-" + kind.scope + "-service-accounts/"
}

func object(kind *serviceAccountKind) string { return accountList(kind) + accountUUID + "/" }

const scopeUUID = "cccccccccccccccccccccccccccccccc"

func parent(kind *serviceAccountKind) string { return "/api/" + kind.scope + "s/" + scopeUUID + "/" }

func one(uuid, username, identifier string) string {
	return `{"uuid": "` + uuid + `", "username": "` + username + `", "preferred_identifier": "` + identifier + `", "created": "2026-02-04T09:10:08Z"}`
}

func eachKind(t *testing.T, name string, test func(*testing.T, *serviceAccountKind)) {
	t.Helper()
	for _, kind := range bothKinds {
		t.Run(kind.scope+": "+name, func(t *testing.T) { test(t, kind) })
	}
}

const parentSeen = `200 {"uuid": "` + scopeUUID + `", "max_service_accounts": 1}`

func TestGet(t *testing.T) {
	for _, test := range []struct {
		name            string
		scope           string
		account, parent string
		absent          bool
		want            string // the error, with SCOPE, OBJECT, PARENT and LIST in it
		asks            int    // how many of the three questions: the account, its parent, the list of the parent's accounts
		siblings        string // the answer to the list
	}{
		{"is there", scopeUUID, "200 " + one(accountUUID, "svc", "ci"), "", false, "", 1, ""},
		{"is there, scope unknown", "", "200 " + one(accountUUID, "svc", "ci"), "", false, "", 1, ""},
		{"404, parent and a sibling visible", scopeUUID, missing, parentSeen, true, "it does not exist", 3, "200 [" + one(strings.Repeat("1", 32), "other", "o") + "]"},
		{"404, parent visible, but none of its accounts", scopeUUID, missing, parentSeen, true,
			"it does not exist, or the token has lost the right to see it", 3, "200 []"},
		{"404, parent visible, list fails", scopeUUID, missing, parentSeen, false, "GET LIST: 500 Internal Server Error: Sorry.", 3, broken},
		{"404, parent 404", scopeUUID, missing, missing, false, "GET OBJECT: " + missingAs + ": neither the account nor its SCOPE " + scopeUUID + " is visible. " +
			"Either both are gone, or the token has lost its role on the SCOPE; since Waldur does not tell which, the account stays in state. " +
			"If it is gone, run \"terraform state rm\" for this resource", 2, ""},
		{"404, parent 403", scopeUUID, missing, forbidden, false, "GET PARENT: 403 Forbidden: You do not have permission to perform this action.", 2, ""},
		{"404, parent 500", scopeUUID, missing, broken, false, "GET PARENT: 500 Internal Server Error: Sorry.", 2, ""},
		{"404, scope unknown", "", missing, "", false, "GET OBJECT: " + missingAs + ": Waldur says this of what the token may not see, too", 1, ""},
		{"403", scopeUUID, forbidden, parentSeen, false, "GET OBJECT: 403 Forbidden: You do not have permission to perform this action.", 1, ""},
		{"401", scopeUUID, `401 {"detail": "Invalid token."}`, parentSeen, false, "GET OBJECT: 401 Unauthorized: Invalid token.", 1, ""},
		{"500", scopeUUID, broken, parentSeen, false, "GET OBJECT: 500 Internal Server Error: Sorry.", 1, ""},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			r := newRemote(t, answers{"GET " + object(kind): test.account, "GET " + parent(kind): test.parent, siblingsOf(kind): test.siblings})
			account, err := r.accounts(kind).get(t.Context(), accountUUID, test.scope)
			wantError(t, err, strings.NewReplacer("OBJECT", object(kind), "PARENT", parent(kind), "SCOPE", kind.scope, "LIST", accountList(kind)).Replace(test.want))
			if errors.Is(err, errAbsent) != test.absent {
				t.Errorf("absent: %v", !test.absent)
			}
			if (account == nil) != (err != nil) || account != nil && account.Username != "svc" {
				t.Errorf("got %+v", account)
			}
			r.wantAsked(t, []string{"GET " + object(kind), "GET " + parent(kind), siblingsOf(kind)}[:test.asks]...)
		})
	}
}

// siblingsOf is the question for the accounts of a customer or project.
func siblingsOf(kind *serviceAccountKind) string {
	return "GET " + accountList(kind) + "?" + kind.scope + "_uuid=" + scopeUUID
}

func TestClose(t *testing.T) {
	seen := "200 " + one(accountUUID, "svc", "ci")
	for _, test := range []struct {
		name                  string
		closed, after, parent string
		want                  string
		asks                  int
	}{
		{"closed", "204", missing, "", "", 2},
		{"closed, nothing more is seen of it", "204", missing, missing, "", 2},
		{"success, but still there", "204", seen, "", "the account is still there, although the server reported no failure: its account service is switched off, " +
			"or did not finish. Ask the operator of this Waldur, then apply again", 2},
		{"success, then nothing is known", "204", broken, "", "GET OBJECT: 500 Internal Server Error: Sorry.", 2},
		{"success, then the right is gone", "204", forbidden, "", "GET OBJECT: 403 Forbidden: You do not have permission to perform this action.", 2},
		{"closed before, parent and a sibling visible", missing, missing, parentSeen, "", 4},
		{"not to be seen, nor a sibling", missing, missing, parentSeen, "the server answers 404, and shows no other account of the SCOPE either. Either it is gone, or the " +
			"token has lost the permission SERVICE_ACCOUNT.MANAGE on the SCOPE: then the account is still there, and so is its key. Plan again, with a refresh, to see it gone", 4},
		{"not to be seen, nor its parent", missing, missing, missing, "GET OBJECT: " + missingAs + ": neither the account nor its SCOPE " + scopeUUID + " is visible. " +
			"Either both are gone, or the token has lost its role on the SCOPE; since Waldur does not tell which, the account stays in state. " +
			"If it is gone, run \"terraform state rm\" for this resource", 3},
		{"not to be seen, its parent fails", missing, missing, broken, "GET PARENT: 500 Internal Server Error: Sorry.", 3},
		{"refused", forbidden, seen, parentSeen, "DELETE OBJECT: 403 Forbidden: You do not have permission to perform this action.", 1},
		{"the account service fails", `400 {"detail": {"code": "unavailable"}}`, seen, parentSeen, `DELETE OBJECT: 400 Bad Request: {"code": "unavailable"}`, 1},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			siblings := "200 []"
			if strings.Contains(test.name, "a sibling visible") {
				siblings = "200 [" + one(strings.Repeat("1", 32), "other", "o") + "]"
			}
			r := newRemote(t, answers{
				"DELETE " + object(kind): test.closed, "GET " + object(kind): test.after, "GET " + parent(kind): test.parent, siblingsOf(kind): siblings,
			})
			err := r.accounts(kind).close(t.Context(), accountUUID, scopeUUID)
			wantError(t, err, strings.NewReplacer("OBJECT", object(kind), "PARENT", parent(kind), "SCOPE", kind.scope).Replace(test.want))
			r.wantAsked(t, []string{"DELETE " + object(kind), "GET " + object(kind), "GET " + parent(kind), siblingsOf(kind)}[:test.asks]...)
		})
	}
}

func TestByIdentifier(t *testing.T) {
	two := one(strings.Repeat("1", 32), "svc-1", "ci") + "," + one(strings.Repeat("2", 32), "svc-2", "CI")
	three := two + "," + one(strings.Repeat("3", 32), "svc-3", "ci")
	for _, test := range []struct {
		name, answer, identifier string
		want                     []string
		all                      int
		err                      string
	}{
		{"none at all", "200 []", "ci", nil, 0, ""},
		{"none of that name", "200 [" + two + "]", "c", nil, 2, ""},
		{"one", "200 [" + two + "]", "ci", []string{"svc-1"}, 2, ""},
		{"case counts", "200 [" + two + "]", "CI", []string{"svc-2"}, 2, ""},
		{"several", "200 [" + three + "]", "ci", []string{"svc-1", "svc-3"}, 3, ""},
		{"refused", forbidden, "ci", nil, 0, "GET LIST: 403 Forbidden: You do not have permission to perform this action."},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			asked := "GET " + accountList(kind) + "?" + kind.scope + "_uuid=" + scopeUUID
			r := newRemote(t, answers{asked: test.answer})
			found, all, err := r.accounts(kind).byIdentifier(t.Context(), scopeUUID, test.identifier)
			wantError(t, err, strings.ReplaceAll(test.err, "LIST", accountList(kind)))
			var got []string
			for _, account := range found {
				got = append(got, account.Username)
			}
			if !slices.Equal(got, test.want) || all != test.all {
				t.Errorf("got %v of %d, want %v of %d", got, all, test.want, test.all)
			}
			r.wantAsked(t, asked)
		})
	}
}

func TestResolve(t *testing.T) {
	first, second := one(accountUUID, "svc", "ci"), one(strings.Repeat("1", 32), "svc", "ci-2")
	hyphens := "cccccccc-CCCC-cccc-cccc-cccccccccccc"
	malformed := "the import id must be the account's UUID, or <SCOPE UUID>/<username>; got "
	for _, test := range []struct {
		name, id string
		username string // what is looked for; "": nothing is asked
		answer   string
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
		{"username that looks like a UUID", scopeUUID + "/" + accountUUID, accountUUID, "200 [" + first + "]", accountUUID, ""},
		{"none", scopeUUID + "/svc", "svc", "200 []", "", `no service account with username "svc" in SCOPE ` + scopeUUID + " is visible to the token"},
		{"several", scopeUUID + "/svc", "svc", "200 [" + first + "," + second + "]", "",
			`there is more than one service account with username "svc" in SCOPE ` + scopeUUID + "; choose by uuid:\n" +
				"  " + accountUUID + " (username \"svc\", created 2026-02-04T09:10:08Z)\n" +
				"  " + strings.Repeat("1", 32) + " (username \"svc\", created 2026-02-04T09:10:08Z)"},
		{"refused", scopeUUID + "/svc", "svc", forbidden, "", "GET LIST: 403 Forbidden: You do not have permission to perform this action."},
		{"empty", "", "", "", "", malformed + `""`},
		{"a username alone", "svc", "", "", "", malformed + `"svc"`},
		{"no username", scopeUUID + "/", "", "", "", malformed + `"` + scopeUUID + `/"`},
		{"no scope", "/svc", "", "", "", malformed + `"/svc"`},
		{"a scope that is no UUID", "acme/svc", "", "", "", malformed + `"acme/svc"`},
		{"a UUID cut off", accountUUID[1:], "", "", "", malformed + `"` + accountUUID[1:] + `"`},
		{"a URL", "https://waldur.example.org/api/x/" + accountUUID + "/", "", "", "", malformed + `"https://waldur.example.org/api/x/` + accountUUID + `/"`},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			var asked []string
			a := answers{}
			if test.username != "" {
				asked = append(asked, "GET "+accountList(kind)+"?"+kind.scope+"_uuid="+scopeUUID+"&username="+url.QueryEscape(test.username))
				a[asked[0]] = test.answer
			}
			r := newRemote(t, a)
			got, err := r.accounts(kind).resolve(t.Context(), test.id)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			wantError(t, err, strings.NewReplacer("SCOPE", kind.scope, "LIST", accountList(kind)).Replace(test.err))
			r.wantAsked(t, asked...)
		})
	}
}

func TestLimitHint(t *testing.T) {
	refused := &transport.Error{Status: 400}
	ending := map[string]string{
		"customer": " Raise it on the customer, as staff, or ask the operator of this Waldur.",
		"project":  " The API can't change it for a project: ask the operator of this Waldur.",
	}
	for _, test := range []struct {
		name     string
		err      error
		parent   string
		existing int
		want     string // without the ending
		asks     bool
	}{
		{"limit 0", refused, `200 {"uuid": "x", "max_service_accounts": 0}`, 0,
			"The SCOPE has 0 service accounts, and its max_service_accounts is 0. Zero is Waldur's default, so that nothing can be created until it is raised.", true},
		{"at the limit", refused, `200 {"uuid": "x", "max_service_accounts": 3}`, 3, "The SCOPE has 3 service accounts, and its max_service_accounts is 3.", true},
		{"above the limit", refused, `200 {"uuid": "x", "max_service_accounts": 3}`, 4, "The SCOPE has 4 service accounts, and its max_service_accounts is 3.", true},
		{"below the limit", refused, `200 {"uuid": "x", "max_service_accounts": 3}`, 2, "", true},
		{"no limit", refused, `200 {"uuid": "x", "max_service_accounts": null}`, 1000, "", true},
		{"an old server without limits", refused, `200 {"uuid": "x"}`, 0, "", true},
		{"the limit can't be read", refused, forbidden, 0, "", true},
		{"wrapped", errors.Join(errors.New("first"), refused), `200 {"uuid": "x", "max_service_accounts": 3}`, 3, "The SCOPE has 3 service accounts, and its max_service_accounts is 3.", true},
		{"forbidden", &transport.Error{Status: 403}, parentSeen, 5, "", false},
		{"a fault", &transport.Error{Status: 500}, parentSeen, 5, "", false},
		{"no answer", errors.New("it broke"), parentSeen, 5, "", false},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			r := newRemote(t, answers{"GET " + parent(kind): test.parent})
			got := r.accounts(kind).limitHint(t.Context(), test.err, scopeUUID, test.existing)
			var want []string
			if test.want != "" {
				want = []string{strings.ReplaceAll(test.want, "SCOPE", kind.scope) + ending[kind.scope]}
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if test.asks {
				r.wantAsked(t, "GET "+parent(kind))
			} else {
				r.wantAsked(t)
			}
		})
	}
}

func TestUnseenHint(t *testing.T) {
	got := serviceAccounts{kind: projectServiceAccountKind}.unseenHint(accountUUID, "svc")
	want := "Waldur answers 404 for " + accountUUID + `, username "svc", while its project is visible, though no account of it: it was deleted outside ` +
		"of Terraform, and leaves the state. If it was not deleted, the token has lost the permission SERVICE_ACCOUNT.MANAGE on the project: do not apply, " +
		"give the permission back, and plan again."
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestOnly(t *testing.T) {
	describe := func(n int) string { return "number " + strconv.Itoa(n) }
	for name, test := range map[string]struct {
		found []int
		want  int
		err   string
	}{
		"none":    {nil, 0, "no thing named X is visible to the token"},
		"one":     {[]int{7}, 7, ""},
		"several": {[]int{7, 8, 9}, 0, "there is more than one thing named X; choose by uuid:\n  number 7\n  number 8\n  number 9"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tfkit.Only(test.found, "thing named X", "uuid", describe)
			wantError(t, err, test.err)
			if (got == nil) != (err != nil) || got != nil && *got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestFindServiceAccount(t *testing.T) {
	first, second := one(accountUUID, "svc", "ci"), one(strings.Repeat("1", 32), "svc-2", "ci")
	for _, test := range []struct {
		name   string
		model  serviceAccount
		scope  string
		query  string // of the list; "": the account itself is read
		answer string
		err    string
	}{
		{"by uuid", serviceAccount{UUID: tfkit.UUIDOrNull(hyphenated)}, "", "", "200 " + first, ""},
		{"by uuid, not visible", serviceAccount{UUID: tfkit.UUIDOrNull(accountUUID)}, "", "", missing,
			"GET OBJECT: " + missingAs + ": Waldur says this of what the token may not see, too"},
		{"by username", serviceAccount{Username: types.StringValue("svc")}, scopeUUID, "SCOPE_uuid=" + scopeUUID + "&username=svc", "200 [" + first + "]", ""},
		{"by username, none", serviceAccount{Username: types.StringValue("svc")}, scopeUUID, "SCOPE_uuid=" + scopeUUID + "&username=svc", "200 []",
			`no service account with username "svc" in SCOPE ` + scopeUUID + " is visible to the token"},
		{"by identifier", serviceAccount{PreferredIdentifier: types.StringValue("ci")}, scopeUUID, "SCOPE_uuid=" + scopeUUID, "200 [" + first + "]", ""},
		{"by identifier, none", serviceAccount{PreferredIdentifier: types.StringValue("cd")}, scopeUUID, "SCOPE_uuid=" + scopeUUID, "200 [" + first + "]",
			`no service account with preferred_identifier "cd" in SCOPE ` + scopeUUID + " is visible to the token"},
		{"by identifier, several", serviceAccount{PreferredIdentifier: types.StringValue("ci")}, scopeUUID, "SCOPE_uuid=" + scopeUUID, "200 [" + first + "," + second + "]",
			`there is more than one service account with preferred_identifier "ci" in SCOPE ` + scopeUUID + "; choose by uuid:\n" +
				"  " + accountUUID + " (username \"svc\", created 2026-02-04T09:10:08Z)\n" +
				"  " + strings.Repeat("1", 32) + " (username \"svc-2\", created 2026-02-04T09:10:08Z)"},
		{"by identifier, refused", serviceAccount{PreferredIdentifier: types.StringValue("ci")}, scopeUUID, "SCOPE_uuid=" + scopeUUID, forbidden,
			"GET LIST: 403 Forbidden: You do not have permission to perform this action."},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			place := strings.NewReplacer("SCOPE", kind.scope, "OBJECT", object(kind), "LIST", accountList(kind))
			asked := "GET " + object(kind)
			if test.query != "" {
				asked = "GET " + accountList(kind) + "?" + place.Replace(test.query)
			}
			r := newRemote(t, answers{asked: test.answer})
			d := &serviceAccountDataSource{dataSourceBase{Client: r.client}, kind}
			got, err := d.find(t.Context(), &test.model, test.scope)
			wantError(t, err, place.Replace(test.err))
			if (got == nil) != (err != nil) || got != nil && got.UUID != accountUUID {
				t.Errorf("got %+v", got)
			}
			r.wantAsked(t, asked)
		})
	}
}

func TestFindCustomer(t *testing.T) {
	const acme = `{"uuid": "` + customerUUID + `", "name": "ACME", "abbreviation": "AC"}`
	const other = `{"uuid": "` + projectUUID + `", "name": "ACME", "abbreviation": ""}`
	byName := "GET /api/customers/?name_exact=ACME+%26+Co"
	for name, test := range map[string]struct {
		model  customerModel
		asked  string
		answer string
		err    string
	}{
		"by uuid": {customerModel{UUID: tfkit.UUIDOrNull(hyphenated)}, "GET /api/customers/" + accountUUID + "/", "200 " + acme, ""},
		"by uuid, none": {customerModel{UUID: tfkit.UUIDOrNull(accountUUID)}, "GET /api/customers/" + accountUUID + "/", missing,
			"GET /api/customers/" + accountUUID + "/: " + missingAs},
		"by name": {customerModel{Name: types.StringValue("ACME & Co")}, byName, "200 [" + acme + "]", ""},
		"by name, none": {customerModel{Name: types.StringValue("ACME & Co")}, byName, "200 []",
			`no customer named "ACME & Co" is visible to the token`},
		"by name, several": {customerModel{Name: types.StringValue("ACME & Co")}, byName, "200 [" + acme + "," + other + "]",
			"there is more than one customer named \"ACME & Co\"; choose by uuid:\n" +
				"  " + customerUUID + " (abbreviation \"AC\")\n  " + projectUUID + " (abbreviation \"\")"},
		"by name, refused": {customerModel{Name: types.StringValue("ACME & Co")}, byName, forbidden,
			"GET /api/customers/: 403 Forbidden: You do not have permission to perform this action."},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRemote(t, answers{test.asked: test.answer})
			got, err := (&customerDataSource{dataSourceBase{Client: r.client}}).find(t.Context(), test.model)
			wantError(t, err, test.err)
			if (got == nil) != (err != nil) || got != nil && got.UUID != customerUUID {
				t.Errorf("got %+v", got)
			}
			r.wantAsked(t, test.asked)
		})
	}
}

func TestFindProject(t *testing.T) {
	const climate = `{"uuid": "` + projectUUID + `", "name": "Climate", "customer_uuid": "` + customerUUID + `", "customer_name": "ACME"}`
	named := projectModel{Name: types.StringValue("Climate")}
	within := named
	within.CustomerUUID = tfkit.UUIDOrNull(hyphenated)
	for name, test := range map[string]struct {
		model  projectModel
		asked  string
		answer string
		err    string
	}{
		"by uuid":               {projectModel{UUID: tfkit.UUIDOrNull(hyphenated)}, "GET /api/projects/" + accountUUID + "/", "200 " + climate, ""},
		"by name":               {named, "GET /api/projects/?name_exact=Climate", "200 [" + climate + "]", ""},
		"by name in a customer": {within, "GET /api/projects/?customer=" + accountUUID + "&name_exact=Climate", "200 [" + climate + "]", ""},
		"by name, none":         {named, "GET /api/projects/?name_exact=Climate", "200 []", `no project named "Climate" is visible to the token`},
		"by name, several": {named, "GET /api/projects/?name_exact=Climate", "200 [" + climate + `, {"uuid": "` + accountUUID + `", "customer_name": "B"}]`,
			"there is more than one project named \"Climate\"; choose by uuid:\n" +
				"  " + projectUUID + " (of customer \"ACME\", " + customerUUID + ")\n  " + accountUUID + " (of customer \"B\", )"},
		"by name, refused": {named, "GET /api/projects/?name_exact=Climate", forbidden,
			"GET /api/projects/: 403 Forbidden: You do not have permission to perform this action."},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRemote(t, answers{test.asked: test.answer})
			got, err := (&projectDataSource{dataSourceBase{Client: r.client}}).find(t.Context(), test.model)
			wantError(t, err, test.err)
			if (got == nil) != (err != nil) || got != nil && got.UUID != projectUUID {
				t.Errorf("got %+v", got)
			}
			r.wantAsked(t, test.asked)
		})
	}
}
