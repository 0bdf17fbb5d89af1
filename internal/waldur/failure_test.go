package waldur

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestLimitHint(t *testing.T) {
	ending := map[string]string{
		"customer": " Raise it on the customer, as staff, or ask the operator of this Waldur server.",
		"project":  " The API can't change the limit of a project: ask the operator of this Waldur server.",
	}
	limit := func(n int64) *int64 { return &n }
	for _, test := range []struct {
		name     string
		limit    *int64
		existing int
		want     string // without the ending
	}{
		{"limit 0", limit(0), 0,
			"The SCOPE has 0 service accounts, and its max_service_accounts is 0. Zero is Waldur's default: nothing " +
				"can be created until it is raised."},
		{"at the limit", limit(3), 3, "The SCOPE has 3 service accounts, and its max_service_accounts is 3."},
		{"above the limit", limit(3), 4, "The SCOPE has 4 service accounts, and its max_service_accounts is 3."},
		{"below the limit", limit(3), 2, "The SCOPE has 2 service accounts, and its max_service_accounts is 3. If " +
			"Waldur says that the maximum is reached, it counts closed accounts, which nobody sees: some releases do " +
			"so."},
		{"no limit", nil, 1000, ""},
	} {
		eachKind(t, test.name, func(t *testing.T, kind *serviceAccountKind) {
			want := ""
			if test.want != "" {
				want = strings.ReplaceAll(test.want, "SCOPE", kind.scope) + ending[kind.scope]
			}
			hint, reached := kind.limitHint(test.limit, test.existing)
			wantEqual(t, hint, want)
			wantEqual(t, reached, test.limit != nil && int64(test.existing) >= *test.limit)
		})
	}
}

func TestExistsHints(t *testing.T) {
	const block = "import {\n    to = %s.NAME\n    id = \"" + accountUUID + "\"\n  }"
	for hint, want := range map[string][]string{
		customerServiceAccountKind.existsHint(accountUUID): {
			strings.ReplaceAll(block, "%s", "svcacct_waldur_customer_service_account"), "create_before_destroy",
			"a changed keeper rotates the key without a replacement",
			"After the import, api_key is null, and the key that was issued with the account still works",
			"apply with keepers, then change one of the keepers and apply again",
			"moved {\n    from = svcacct_waldur_customer_service_account.OLD_NAME\n",
		},
		robotExistsHint(accountUUID, "OK"): {"moved {\n    from = " + robotAccountType + ".OLD_NAME\n",
			strings.ReplaceAll(block, "%s", robotAccountType)},
		robotExistsHint(accountUUID, "Deleted"): {"can't become OK again",
			strings.ReplaceAll(block, "%s", robotAccountType)},
	} {
		for _, words := range want {
			if !strings.Contains(hint, words) {
				t.Errorf("%q is not in %q", words, hint)
			}
		}
	}
}

func TestFail(t *testing.T) {
	refusal := func(status int, problem transport.Problem) error {
		return &transport.Error{Method: "POST", Path: "/api/x/", Status: status, Problem: problem}
	}
	type fields = map[string][]string
	const slow = "Waldur passes this request on to its account service, and waits 5 seconds for it. If the error " +
		"does not say more, the account service may be slow, or fail: ask the operator of this Waldur server."
	for _, kind := range bothKinds {
		for _, test := range []struct {
			name    string
			subject string
			err     error
			hints   []string
			want    []string // without the "Unable to create ..." of the summary
		}{
			{"anything", "", errors.New("it broke"), nil, []string{"Error: it broke"}},
			{"with a hint of its own", "", tfkit.WithHints(errors.New("it broke"), "Second."),
				[]string{"First."},
				[]string{"Error: it broke\n\nFirst.\n\nSecond."}},
			{"with a subject and hints", "abc", errors.New("it broke"), []string{"First.", "Second."},
				[]string{"Error: abc: it broke\n\nFirst.\n\nSecond."}},
			{"a wrong token", "", refusal(401, transport.Problem{Message: "Invalid token."}), nil,
				[]string{"Error: POST /api/x/: 401 Unauthorized: Invalid token.\n\nThe token, from waldur.token or " +
					"waldur.token_file in the provider block or the environment variable WALDUR_ACCESS_TOKEN or " +
					"WALDUR_ACCESS_TOKEN_FILE, is wrong or has expired. A " +
					"session token expires after an hour without use, a personal access token at its date. Waldur " +
					"servers before 8.0.7 do not know personal access tokens, which begin with w_."}},
			{"no such endpoint", "", &transport.Error{Method: "POST", Path: "/api/x/", Status: 404}, nil, []string{
				"Error: POST /api/x/: 404 Not Found"}},
			{"no permission", "", refusal(403, transport.Problem{Message: "No."}), []string{"First."},
				[]string{"Error: POST /api/x/: 403 Forbidden: No.\n\nFirst.\n\nThe token's user needs the permission " +
					"SERVICE_ACCOUNT.MANAGE on the " + kind.scope + "."}},
			{"a conflict", "",
				refusal(409, transport.Problem{Message: "Valid states for operation: UPDATE_SCHEDULED."}), nil,
				[]string{"Error: POST /api/x/: 409 Conflict: Valid states for operation: UPDATE_SCHEDULED.\n\n" +
					"Waldur refuses this request for an account in state Erred. Plan again, with a refresh: the plan " +
					"then repairs the account first."}},
			{"the scope is refused", "",
				refusal(400, transport.Problem{Fields: fields{kind.scope: {"Invalid value."}}}), nil,
				[]string{"Error " + kind.scope + "_uuid: Invalid value. (POST /api/x/)"}},
			{"attributes are refused", "", refusal(400, transport.Problem{Fields: fields{"email": {"E."},
				"description": {"D."}, "preferred_identifier": {"P."}}}), nil,
				[]string{"Error description: D. (POST /api/x/)", "Error email: E. (POST /api/x/)",
					"Error preferred_identifier: P. (POST /api/x/)"}},
			{"a field without an attribute is refused", "",
				refusal(400, transport.Problem{Fields: fields{"username": {"U."}}}), nil,
				[]string{"Error: POST /api/x/: 400 Bad Request: username: U.\n\n" + slow}},
			{"the account service is slow", "", refusal(500, transport.Problem{}), nil,
				[]string{"Error: POST /api/x/: 500 Internal Server Error\n\n" + slow}},
		} {
			t.Run(kind.scope+": "+test.name, func(t *testing.T) {
				var diags diag.Diagnostics
				kind.fail(&diags, "create", test.subject, test.err, test.hints...)
				want := make([]string, len(test.want))
				for i, text := range test.want {
					at, detail, _ := strings.Cut(text, ": ")
					want[i] = at + ": Unable to create Waldur " + kind.scope + " service account: " + detail
				}
				wantDiagnostics(t, diags, want...)
			})
		}
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
		"anything": {errors.New("it broke"),
			[]string{"Error: Unable to create Waldur robot account: abc: it broke\n\nFirst."}},
		"no permission": {refusal(403, transport.Problem{Message: "No."}),
			[]string{"Error: Unable to create Waldur robot account: abc: POST /api/x/: 403 Forbidden: No.\n\n" +
				"First.\n\nThe token's user needs the permissions RESOURCE.CREATE_ROBOT_ACCOUNT, " +
				"RESOURCE.UPDATE_ROBOT_ACCOUNT and RESOURCE.DELETE_ROBOT_ACCOUNT on the customer that provides the " +
				"resource. Users of the resource can only read its robot accounts."}},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			failRobotAccount(&diags, "create", "abc", test.err, "First.")
			wantDiagnostics(t, diags, test.want...)
		})
	}
	for field, attribute := range map[string]string{
		"resource": "resource_uuid", "type": "type", "username": "username", "description": "description",
		"users":            "users",
		"responsible_user": "responsible_user", "keys": "keys",
	} {
		t.Run(field, func(t *testing.T) {
			var diags diag.Diagnostics
			failRobotAccount(&diags, "create", "", refusal(400, transport.Problem{Fields: fields{field: {"No."}}}))
			wantDiagnostics(t, diags, "Error "+attribute+": Unable to create Waldur robot account: No. (POST /api/x/)")
		})
	}
}
