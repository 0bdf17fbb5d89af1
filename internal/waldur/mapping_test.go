package waldur

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

const (
	accountUUID  = "0123456789abcdef0123456789abcdef"
	hyphenated   = "01234567-89AB-cdef-0123-456789abcdef"
	customerUUID = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	projectUUID  = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

var bothKinds = []*serviceAccountKind{customerServiceAccountKind, projectServiceAccountKind}

// decoded reads what a server writes.
func decoded[T any](t *testing.T, text string) *T {
	t.Helper()
	into := new(T)
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
	return into
}

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func description(value string) tfkit.Text { return tfkit.Text{StringValue: types.StringValue(value)} }

func noDescription() tfkit.Text { return tfkit.Text{StringValue: types.StringNull()} }

const (
	fullAccount = `{
		"url": "https://waldur.example.org/api/marketplace-project-service-accounts/0123456789abcdef0123456789abcdef/",
		"uuid": "0123456789abcdef0123456789abcdef", "created": "2026-02-04T09:10:08.383795+00:00", "modified": "2026-02-05T09:10:08+00:00",
		"username": "svc-ci", "preferred_identifier": "ci", "description": "Builds", "email": "ci@acme.example",
		"state": "Erred", "error_message": "directory is read-only", "error_traceback": "Traceback",
		"token": "key-1", "expires_at": "2026-05-31T08:15:30.489112",
		"customer": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "customer_uuid": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "customer_name": "ACME Research",
		"customer_abbreviation": "ACME",
		"project": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "project_uuid": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "project_name": "Climate models"
	}`
	bareAccount = `{
		"uuid": "0123456789abcdef0123456789abcdef", "created": "2026-02-04T09:10:08+00:00", "username": "svc-ci",
		"preferred_identifier": "ci", "description": "", "email": "", "state": "OK", "error_message": "", "token": null, "expires_at": null
	}`
)

func fullFacts() serviceAccount {
	return serviceAccount{
		UUID:                tfkit.UUIDOrNull(accountUUID),
		PreferredIdentifier: types.StringValue("ci"),
		Username:            types.StringValue("svc-ci"),
		Description:         description("Builds"),
		Email:               types.StringValue("ci@acme.example"),
		State:               types.StringValue("Erred"),
		ErrorMessage:        types.StringValue("directory is read-only"),
		Created:             timetypes.NewRFC3339ValueMust("2026-02-04T09:10:08.383795+00:00"),
	}
}

func bareFacts() serviceAccount {
	return serviceAccount{
		UUID:                tfkit.UUIDOrNull(accountUUID),
		PreferredIdentifier: types.StringValue("ci"),
		Username:            types.StringValue("svc-ci"),
		Description:         noDescription(),
		Email:               types.StringNull(),
		State:               types.StringValue("OK"),
		ErrorMessage:        types.StringNull(),
		Created:             timetypes.NewRFC3339ValueMust("2026-02-04T09:10:08+00:00"),
	}
}

func TestServiceAccountFromAPI(t *testing.T) {
	changed := func(facts serviceAccount, change func(*serviceAccount)) serviceAccount {
		change(&facts)
		return facts
	}
	for _, test := range []struct {
		name string
		held serviceAccount
		told string
		want serviceAccount
	}{
		{"everything", serviceAccount{}, fullAccount, fullFacts()},
		{"texts that are not set", serviceAccount{}, bareAccount, bareFacts()},
		{"what was held is overwritten", fullFacts(), bareAccount, bareFacts()},
		{"an empty description stays", serviceAccount{Description: description("")}, bareAccount,
			changed(bareFacts(), func(m *serviceAccount) { m.Description = description("") })},
		{"a blank description stays", serviceAccount{Description: description(" \n")}, bareAccount,
			changed(bareFacts(), func(m *serviceAccount) { m.Description = description(" \n") })},
		{"an empty description is filled elsewhere", serviceAccount{Description: description("")}, fullAccount, fullFacts()},
		{"an empty e-mail address does not stay", serviceAccount{Email: types.StringValue("")}, bareAccount, bareFacts()},
		{"a time that can't be read", serviceAccount{}, strings.ReplaceAll(bareAccount, "2026-02-04T09:10:08+00:00", "04.02.2026"),
			changed(bareFacts(), func(m *serviceAccount) { m.Created = timetypes.NewRFC3339Null() })},
		{"a time of an old server", serviceAccount{}, strings.ReplaceAll(bareAccount, "+00:00", "Z"),
			changed(bareFacts(), func(m *serviceAccount) { m.Created = timetypes.NewRFC3339ValueMust("2026-02-04T09:10:08Z") })},
		{"white space of an old server", serviceAccount{}, strings.ReplaceAll(fullAccount, `"Builds"`, `" Builds "`),
			changed(fullFacts(), func(m *serviceAccount) { m.Description = description(" Builds ") })},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := decoded[waldurapi.ServiceAccount](t, test.told)
			before := *in
			got := test.held
			got.fromAPI(in)
			wantEqual(t, got, test.want)

			// The resource has an id besides, and keeps its key, whatever the server tells.
			key := rotation.Key{APIKey: types.StringValue("key-0"), ExpiresAt: types.StringValue("2026-03-01T00:00:00Z")}
			managed := managedServiceAccount{serviceAccount: test.held, Key: key}
			managed.fromAPI(in)
			wantEqual(t, managed, managedServiceAccount{serviceAccount: test.want, Key: key, ID: types.StringValue(accountUUID)})
			wantEqual(t, *in, before)
		})
	}
}

func TestFacts(t *testing.T) {
	uuid := tfkit.UUIDOrNull
	for _, test := range []struct {
		name string
		kind *serviceAccountKind
		told string
		want serviceAccountFactsModel
	}{
		{"customer", customerServiceAccountKind, fullAccount, &customerServiceAccountFacts{
			serviceAccount: fullFacts(), CustomerUUID: uuid(customerUUID), CustomerName: types.StringValue("ACME Research"),
		}},
		{"customer, bare", customerServiceAccountKind, bareAccount, &customerServiceAccountFacts{
			serviceAccount: bareFacts(), CustomerUUID: uuid(""), CustomerName: types.StringNull(),
		}},
		{"project", projectServiceAccountKind, fullAccount, &projectServiceAccountFacts{
			serviceAccount: fullFacts(), ProjectUUID: uuid(projectUUID), ProjectName: types.StringValue("Climate models"),
			CustomerUUID: uuid(customerUUID), CustomerName: types.StringValue("ACME Research"), CustomerAbbreviation: types.StringValue("ACME"),
		}},
		{"project, bare", projectServiceAccountKind, bareAccount, &projectServiceAccountFacts{
			serviceAccount: bareFacts(), ProjectUUID: uuid(""), ProjectName: types.StringNull(),
			CustomerUUID: uuid(""), CustomerName: types.StringNull(), CustomerAbbreviation: types.StringNull(),
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := test.kind.newFacts()
			got.fromAPI(decoded[waldurapi.ServiceAccount](t, test.told))
			wantEqual(t, got, test.want)
			wantEqual(t, *got.facts(), *test.want.facts())
			wantEqual(t, *got.scope(), *test.want.scope())
		})
	}
}

func TestLists(t *testing.T) {
	two := *decoded[[]waldurapi.ServiceAccount](t, "["+fullAccount+","+bareAccount+"]")
	one := func(kind *serviceAccountKind, in *waldurapi.ServiceAccount) serviceAccountFactsModel {
		facts := kind.newFacts()
		facts.fromAPI(in)
		return facts
	}
	for _, kind := range bothKinds {
		rows := func(list serviceAccountListModel) (all []serviceAccountFactsModel, null bool) {
			switch list := list.(type) {
			case *customerServiceAccountList:
				for i := range list.ServiceAccounts {
					all = append(all, &list.ServiceAccounts[i])
				}
				return all, list.ServiceAccounts == nil
			case *projectServiceAccountList:
				for i := range list.ServiceAccounts {
					all = append(all, &list.ServiceAccounts[i])
				}
				return all, list.ServiceAccounts == nil
			}
			return nil, true
		}
		t.Run(kind.scope, func(t *testing.T) {
			list := kind.newList()
			list.fromAPI(two)
			got, _ := rows(list)
			wantEqual(t, got, []serviceAccountFactsModel{one(kind, &two[0]), one(kind, &two[1])})

			list.fromAPI(nil)
			if got, null := rows(list); null || len(got) > 0 {
				t.Errorf("no accounts: null %v, %d rows", null, len(got))
			}
		})
	}
}

func TestFilterToAPI(t *testing.T) {
	states := func(names ...string) (all []types.String) {
		for _, name := range names {
			all = append(all, types.StringValue(name))
		}
		return all
	}
	for name, test := range map[string]struct {
		filter serviceAccountFilter
		scope  string
		want   waldurapi.ServiceAccountFilter
	}{
		"nothing":   {serviceAccountFilter{}, "", waldurapi.ServiceAccountFilter{}},
		"scope":     {serviceAccountFilter{}, customerUUID, waldurapi.ServiceAccountFilter{Scope: customerUUID}},
		"username":  {serviceAccountFilter{Username: types.StringValue("svc")}, "", waldurapi.ServiceAccountFilter{Username: "svc"}},
		"email":     {serviceAccountFilter{Email: types.StringValue("@acme")}, "", waldurapi.ServiceAccountFilter{Email: "@acme"}},
		"a state":   {serviceAccountFilter{States: states("Erred")}, "", waldurapi.ServiceAccountFilter{States: []string{"Erred"}}},
		"no states": {serviceAccountFilter{States: states()}, "", waldurapi.ServiceAccountFilter{}},
		"all": {serviceAccountFilter{Username: types.StringValue("svc"), Email: types.StringValue("@"), States: states("OK", "Erred")}, projectUUID,
			waldurapi.ServiceAccountFilter{Scope: projectUUID, Username: "svc", Email: "@", States: []string{"OK", "Erred"}}},
	} {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, test.filter.filter().toAPI(test.scope), test.want)
		})
	}
}

func TestToCreate(t *testing.T) {
	for name, test := range map[string]struct {
		model serviceAccount
		scope string
		want  waldurapi.ServiceAccountCreate
	}{
		"the least": {bareFacts(), customerUUID, waldurapi.ServiceAccountCreate{Scope: customerUUID, PreferredIdentifier: "ci"}},
		"everything": {fullFacts(), customerUUID, waldurapi.ServiceAccountCreate{
			Scope: customerUUID, PreferredIdentifier: "ci", Description: "Builds", Email: "ci@acme.example",
		}},
		"a scope with hyphens": {bareFacts(), hyphenated, waldurapi.ServiceAccountCreate{Scope: accountUUID, PreferredIdentifier: "ci"}},
		"a padded description is cut": {serviceAccount{PreferredIdentifier: types.StringValue("ci"), Description: description(" a b\n")}, customerUUID,
			waldurapi.ServiceAccountCreate{Scope: customerUUID, PreferredIdentifier: "ci", Description: "a b"}},
		"an empty description": {serviceAccount{PreferredIdentifier: types.StringValue("ci"), Description: description("")}, customerUUID,
			waldurapi.ServiceAccountCreate{Scope: customerUUID, PreferredIdentifier: "ci"}},
		"what is not known is not sent": {serviceAccount{
			PreferredIdentifier: types.StringValue("ci"), Username: types.StringUnknown(), UUID: tfkit.UUID{StringValue: types.StringUnknown()}, Description: noDescription(),
		}, customerUUID, waldurapi.ServiceAccountCreate{Scope: customerUUID, PreferredIdentifier: "ci"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := managedServiceAccount{serviceAccount: test.model}
			wantEqual(t, m.toCreate(tfkit.UUIDOrNull(test.scope)), test.want)
		})
	}
}

func TestToUpdate(t *testing.T) {
	null := types.StringNull()
	type fields struct {
		description tfkit.Text
		email       types.String
		state       string
	}
	for _, test := range []struct {
		name           string
		prior, planned fields
		want           string // as JSON
		needed         bool
	}{
		{"nothing set", fields{noDescription(), null, "OK"}, fields{noDescription(), null, "OK"}, `{}`, false},
		{"the same", fields{description("a"), types.StringValue("a@b.c"), "OK"}, fields{description("a"), types.StringValue("a@b.c"), "OK"}, `{}`, false},
		{"description set", fields{noDescription(), null, "OK"}, fields{description("a"), null, "OK"}, `{"description":"a"}`, true},
		{"description changed", fields{description("a"), null, "OK"}, fields{description("b"), null, "OK"}, `{"description":"b"}`, true},
		{"description removed", fields{description("a"), null, "OK"}, fields{noDescription(), null, "OK"}, `{"description":""}`, true},
		{"description emptied", fields{description("a"), null, "OK"}, fields{description(""), null, "OK"}, `{"description":""}`, true},
		{"description blanked", fields{description("a"), null, "OK"}, fields{description(" \n"), null, "OK"}, `{"description":""}`, true},
		{"description spelt in another way", fields{description("a"), null, "OK"}, fields{description(" a\n"), null, "OK"}, `{}`, false},
		{"description spelt in another way in state", fields{description(" a\n"), null, "OK"}, fields{description("a"), null, "OK"}, `{}`, false},
		{"description null, now empty", fields{noDescription(), null, "OK"}, fields{description(""), null, "OK"}, `{}`, false},
		{"description empty, now null", fields{description(""), null, "OK"}, fields{noDescription(), null, "OK"}, `{}`, false},
		{"description changed and padded", fields{description("a"), null, "OK"}, fields{description(" b "), null, "OK"}, `{"description":"b"}`, true},
		{"email set", fields{noDescription(), null, "OK"}, fields{noDescription(), types.StringValue("a@b.c"), "OK"}, `{"email":"a@b.c"}`, true},
		{"email changed", fields{description("a"), types.StringValue("a@b.c"), "OK"}, fields{description("a"), types.StringValue("A@b.c"), "OK"}, `{"email":"A@b.c"}`, true},
		{"email removed: it can't be cleared", fields{noDescription(), types.StringValue("a@b.c"), "OK"}, fields{noDescription(), null, "OK"}, `{}`, false},
		{"both", fields{noDescription(), null, "OK"}, fields{description("a"), types.StringValue("a@b.c"), "OK"}, `{"description":"a","email":"a@b.c"}`, true},
		{"Erred, the same: heals", fields{description("a"), null, "Erred"}, fields{description("a"), null, "OK"}, `{}`, true},
		{"Erred, description changed", fields{description("a"), null, "Erred"}, fields{description("b"), null, "OK"}, `{"description":"b"}`, true},
		{"the planned state does not count", fields{description("a"), null, "OK"}, fields{description("a"), null, "Erred"}, `{}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			model := func(f fields) *managedServiceAccount {
				facts := fullFacts()
				facts.Description, facts.Email, facts.State = f.description, f.email, types.StringValue(f.state)
				return &managedServiceAccount{serviceAccount: facts}
			}
			planned := model(test.planned)
			planned.Username, planned.PreferredIdentifier = types.StringValue("another"), types.StringValue("another") // never sent
			update, needed := planned.toUpdate(model(test.prior))
			got, err := json.Marshal(update)
			if err != nil || string(got) != test.want || needed != test.needed {
				t.Errorf("got %s, needed %v, %v; want %s, %v", got, needed, err, test.want, test.needed)
			}
		})
	}
}

func TestMatches(t *testing.T) {
	wanted := waldurapi.ServiceAccountCreate{Scope: customerUUID, PreferredIdentifier: "ci", Description: "Builds", Email: "ci@acme.example"}
	for name, test := range map[string]struct {
		change func(*waldurapi.ServiceAccount)
		want   bool
	}{
		"the same":               {func(*waldurapi.ServiceAccount) {}, true},
		"a username of its own":  {func(a *waldurapi.ServiceAccount) { a.Username = "x" }, true},
		"another identifier":     {func(a *waldurapi.ServiceAccount) { a.PreferredIdentifier = "CI" }, false},
		"another description":    {func(a *waldurapi.ServiceAccount) { a.Description = "" }, false},
		"another e-mail address": {func(a *waldurapi.ServiceAccount) { a.Email = "x@acme.example" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			in := decoded[waldurapi.ServiceAccount](t, fullAccount)
			test.change(in)
			if got := matches(in, wanted); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestKinds(t *testing.T) {
	told := decoded[waldurapi.ServiceAccount](t, fullAccount)
	for _, test := range []struct {
		kind                           *serviceAccountKind
		typeName, attribute, scopeUUID string
	}{
		{customerServiceAccountKind, "svcacct_waldur_customer_service_account", "customer_uuid", customerUUID},
		{projectServiceAccountKind, "svcacct_waldur_project_service_account", "project_uuid", projectUUID},
	} {
		t.Run(test.kind.scope, func(t *testing.T) {
			wantEqual(t, []string{test.kind.typeName(), test.kind.scopeAttribute(), test.kind.scopeOf(told)}, []string{test.typeName, test.attribute, test.scopeUUID})
			model := test.kind.newResource()
			model.account().fromAPI(told)
			*model.scope() = tfkit.UUIDOrNull(test.scopeUUID)
			wantEqual(t, model.account().serviceAccount, fullFacts())
			if !model.account().erred() {
				t.Error("an account in Erred is not")
			}
			if test.kind.newResource() == model {
				t.Error("two models share their memory")
			}
		})
	}
}

// Every attribute has its place in the model, and the other way round.
func TestModelsFitTheirSchemas(t *testing.T) {
	for _, kind := range bothKinds {
		for name, test := range map[string]struct {
			source datasource.DataSource
			model  any
		}{
			"one":    {&serviceAccountDataSource{kind: kind}, kind.newFacts()},
			"list":   {&serviceAccountsDataSource{kind: kind}, kind.newList()},
			"parent": {map[string]datasource.DataSource{"customer": newCustomerDataSource(), "project": newProjectDataSource()}[kind.scope], map[string]any{"customer": &customerModel{}, "project": &projectModel{}}[kind.scope]},
		} {
			t.Run(kind.scope+" data source: "+name, func(t *testing.T) {
				var resp datasource.SchemaResponse
				test.source.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
				raw := empty(t, resp.Schema.Type().TerraformType(t.Context()))
				wantTexts(t, (&tfsdk.State{Schema: resp.Schema, Raw: raw}).Get(t.Context(), test.model))
			})
		}
		t.Run(kind.scope+" resource", func(t *testing.T) {
			var resp resource.SchemaResponse
			(&serviceAccountResource{kind: kind}).Schema(t.Context(), resource.SchemaRequest{}, &resp)
			raw := empty(t, resp.Schema.Type().TerraformType(t.Context()))
			wantTexts(t, (&tfsdk.State{Schema: resp.Schema, Raw: raw}).Get(t.Context(), kind.newResource()))
		})
	}
}

// empty is an object whose attributes are null.
func empty(t *testing.T, kind tftypes.Type) tftypes.Value {
	t.Helper()
	object, ok := kind.(tftypes.Object)
	if !ok {
		t.Fatalf("%s is no object", kind)
	}
	attributes := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		attributes[name] = tftypes.NewValue(kind, nil)
	}
	return tftypes.NewValue(object, attributes)
}

func TestCustomerFromAPI(t *testing.T) {
	for name, test := range map[string]struct {
		told string
		want customerModel
	}{
		"everything": {`{"uuid": "` + customerUUID + `", "name": "ACME Research", "native_name": "ACME Forschung", "abbreviation": "ACME", "slug": "acme",
			"backend_id": "4711", "max_service_accounts": 5, "archived": true, "blocked": true, "url": "https://waldur.example.org/", "projects": [{}]}`,
			customerModel{
				UUID: tfkit.UUIDOrNull(customerUUID), Name: types.StringValue("ACME Research"), NativeName: types.StringValue("ACME Forschung"),
				Abbreviation: types.StringValue("ACME"), Slug: types.StringValue("acme"), BackendID: types.StringValue("4711"),
				MaxServiceAccounts: types.Int64Value(5), Archived: types.BoolValue(true), Blocked: types.BoolValue(true),
			}},
		"the least": {`{"uuid": "` + customerUUID + `", "name": "ACME", "native_name": "", "abbreviation": "", "slug": "", "backend_id": "", "max_service_accounts": null}`,
			customerModel{
				UUID: tfkit.UUIDOrNull(customerUUID), Name: types.StringValue("ACME"), NativeName: types.StringNull(),
				Abbreviation: types.StringNull(), Slug: types.StringNull(), BackendID: types.StringNull(),
				MaxServiceAccounts: types.Int64Null(), Archived: types.BoolValue(false), Blocked: types.BoolValue(false),
			}},
		"no account allowed": {`{"uuid": "` + customerUUID + `", "name": "ACME", "max_service_accounts": 0}`, customerModel{
			UUID: tfkit.UUIDOrNull(customerUUID), Name: types.StringValue("ACME"), NativeName: types.StringNull(),
			Abbreviation: types.StringNull(), Slug: types.StringNull(), BackendID: types.StringNull(),
			MaxServiceAccounts: types.Int64Value(0), Archived: types.BoolValue(false), Blocked: types.BoolValue(false),
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var got customerModel
			got.fromAPI(decoded[waldurapi.Customer](t, test.told))
			wantEqual(t, got, test.want)
		})
	}
}

func TestProjectFromAPI(t *testing.T) {
	for name, test := range map[string]struct {
		told string
		want projectModel
	}{
		"everything": {`{"uuid": "` + projectUUID + `", "name": "Climate models", "customer_uuid": "` + customerUUID + `", "customer_name": "ACME Research",
			"slug": "climate", "backend_id": "42", "end_date": "2027-01-31", "max_service_accounts": 3}`,
			projectModel{
				UUID: tfkit.UUIDOrNull(projectUUID), Name: types.StringValue("Climate models"), CustomerUUID: tfkit.UUIDOrNull(customerUUID),
				CustomerName: types.StringValue("ACME Research"), Slug: types.StringValue("climate"), BackendID: types.StringValue("42"),
				EndDate: types.StringValue("2027-01-31"), MaxServiceAccounts: types.Int64Value(3),
			}},
		"the least": {`{"uuid": "` + projectUUID + `", "name": "Climate models", "customer_uuid": "` + customerUUID + `", "customer_name": "",
			"slug": "", "backend_id": "", "end_date": null, "max_service_accounts": null}`,
			projectModel{
				UUID: tfkit.UUIDOrNull(projectUUID), Name: types.StringValue("Climate models"), CustomerUUID: tfkit.UUIDOrNull(customerUUID),
				CustomerName: types.StringNull(), Slug: types.StringNull(), BackendID: types.StringNull(),
				EndDate: types.StringNull(), MaxServiceAccounts: types.Int64Null(),
			}},
	} {
		t.Run(name, func(t *testing.T) {
			var got projectModel
			got.fromAPI(decoded[waldurapi.Project](t, test.told))
			wantEqual(t, got, test.want)
		})
	}
}

// diagnosed writes diagnostics as "Severity path: summary: detail".
func diagnosed(diags diag.Diagnostics) []string {
	all := []string{}
	for _, d := range diags {
		line := d.Severity().String()
		if located, ok := d.(diag.DiagnosticWithPath); ok {
			line += " " + located.Path().String()
		}
		all = append(all, line+": "+d.Summary()+": "+d.Detail())
	}
	return all
}

func wantTexts(t *testing.T, got diag.Diagnostics, want ...string) {
	t.Helper()
	if !slices.Equal(diagnosed(got), want) {
		t.Errorf("got  %s\nwant %s", strings.Join(diagnosed(got), "\n     "), strings.Join(want, "\n     "))
	}
}

func TestFail(t *testing.T) {
	refusal := func(status int, problem transport.Problem) error {
		return &transport.Error{Method: "POST", Path: "/api/x/", Status: status, Problem: problem}
	}
	type fields = map[string][]string
	for _, kind := range bothKinds {
		for _, test := range []struct {
			name    string
			subject string
			err     error
			hints   []string
			want    []string // without the "Unable to create ..." of the summary
		}{
			{"anything", "", errors.New("it broke"), nil, []string{"Error: it broke"}},
			{"with a subject and hints", "abc", errors.New("it broke"), []string{"Mend it.", "Or buy another."}, []string{"Error: abc: it broke\n\nMend it.\n\nOr buy another."}},
			{"a wrong token", "", refusal(401, transport.Problem{Message: "Invalid token."}), nil,
				[]string{"Error: POST /api/x/: 401 Unauthorized: Invalid token.\n\nThe token, from waldur.token in the provider block or from WALDUR_ACCESS_TOKEN, " +
					"is wrong or has ended. A session token ends after an hour without use, a personal access token at its date."}},
			{"no permission", "", refusal(403, transport.Problem{Message: "No."}), []string{"Mend it."},
				[]string{"Error: POST /api/x/: 403 Forbidden: No.\n\nMend it.\n\nThe token's user needs the permission SERVICE_ACCOUNT.MANAGE on the " + kind.scope + "."}},
			{"a conflict", "", refusal(409, transport.Problem{Message: "Valid states for operation: UPDATE_SCHEDULED."}), nil,
				[]string{"Error: POST /api/x/: 409 Conflict: Valid states for operation: UPDATE_SCHEDULED.\n\n" +
					"Waldur refuses this to an account in Erred. Plan again, with a refresh: the plan then heals the account first."}},
			{"the scope is refused", "", refusal(400, transport.Problem{Fields: fields{kind.scope: {"Invalid value."}}}), nil,
				[]string{"Error " + kind.scope + "_uuid: Invalid value. (POST /api/x/)"}},
			{"attributes are refused", "", refusal(400, transport.Problem{Fields: fields{"email": {"E."}, "description": {"D."}, "preferred_identifier": {"P."}}}), nil,
				[]string{"Error description: D. (POST /api/x/)", "Error email: E. (POST /api/x/)", "Error preferred_identifier: P. (POST /api/x/)"}},
			{"a field without an attribute is refused", "", refusal(400, transport.Problem{Fields: fields{"username": {"U."}}}), nil,
				[]string{"Error: POST /api/x/: 400 Bad Request: username: U."}},
		} {
			t.Run(kind.scope+": "+test.name, func(t *testing.T) {
				var diags diag.Diagnostics
				kind.fail(&diags, "create", test.subject, test.err, test.hints...)
				want := make([]string, len(test.want))
				for i, text := range test.want {
					at, detail, _ := strings.Cut(text, ": ")
					want[i] = at + ": Unable to create Waldur " + kind.scope + " service account: " + detail
				}
				wantTexts(t, diags, want...)
			})
		}
	}
}
