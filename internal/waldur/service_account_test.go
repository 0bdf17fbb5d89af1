package waldur

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

func eachKind(t *testing.T, name string, test func(*testing.T, *serviceAccountKind)) {
	t.Helper()
	for _, kind := range bothKinds {
		t.Run(kind.scope+": "+name, func(t *testing.T) { test(t, kind) })
	}
}

const (
	fullAccount = `{
		"url": "https://waldur.example.org/api/marketplace-project-service-accounts/0123456789abcdef0123456789abcdef/",
		"uuid": "0123456789abcdef0123456789abcdef", "created": "2026-02-04T09:10:08.383795+00:00",
		"modified": "2026-02-05T09:10:08+00:00",
		"username": "svc-ci", "preferred_identifier": "ci", "description": "Builds", "email": "ci@acme.example",
		"state": "Erred", "error_message": "directory is read-only", "error_traceback": "Traceback",
		"token": "key-1", "expires_at": "2026-05-31T08:15:30.489112",
		"customer": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "customer_uuid": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"customer_name": "ACME Research", "customer_abbreviation": "ACME",
		"project": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "project_uuid": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
		"project_name": "Climate models"
	}`
	bareAccount = `{
		"uuid": "0123456789abcdef0123456789abcdef", "created": "2026-02-04T09:10:08+00:00", "username": "svc-ci",
		"preferred_identifier": "ci", "description": "", "email": "", "state": "OK", "error_message": "",
		"token": null, "expires_at": null
	}`
)

func fullAccountModel() serviceAccountModel {
	return serviceAccountModel{
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

func bareAccountModel() serviceAccountModel {
	return serviceAccountModel{
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
	changed := func(model serviceAccountModel, change func(*serviceAccountModel)) serviceAccountModel {
		change(&model)
		return model
	}
	for _, test := range []struct {
		name  string
		prior serviceAccountModel
		in    string
		want  serviceAccountModel
	}{
		{"everything", serviceAccountModel{}, fullAccount, fullAccountModel()},
		{"texts that are not set", serviceAccountModel{}, bareAccount, bareAccountModel()},
		{"prior values are overwritten", fullAccountModel(), bareAccount, bareAccountModel()},
		{"nothing returned, in a data source", serviceAccountModel{}, emptyResponse,
			serviceAccountModel{UUID: tfkit.UUIDOrNull(accountUUID)}},
		{"nothing returned, in a refresh", fullAccountModel(), emptyResponse, fullAccountModel()},
		{"nothing returned, unknown before", serviceAccountModel{
			PreferredIdentifier: types.StringValue("ci"), Username: types.StringUnknown(), State: types.StringUnknown(),
			ErrorMessage: types.StringUnknown(), Created: timetypes.NewRFC3339Unknown(),
		}, emptyResponse, serviceAccountModel{
			UUID: tfkit.UUIDOrNull(accountUUID), PreferredIdentifier: types.StringValue("ci"),
		}},
		{"null", fullAccountModel(), `{"uuid": "` + accountUUID + `", "created": null, "username": null, "state": null,
			"preferred_identifier": null, "description": null, "email": null, "error_message": null}`,
			fullAccountModel()},
		{"an empty description stays", serviceAccountModel{Description: description("")}, bareAccount,
			changed(bareAccountModel(), func(m *serviceAccountModel) { m.Description = description("") })},
		{"a blank description stays", serviceAccountModel{Description: description(" \n")}, bareAccount,
			changed(bareAccountModel(), func(m *serviceAccountModel) { m.Description = description(" \n") })},
		{"an empty description was changed outside of Terraform", serviceAccountModel{Description: description("")},
			fullAccount, fullAccountModel()},
		{"an empty e-mail address does not stay", serviceAccountModel{Email: types.StringValue("")}, bareAccount,
			bareAccountModel()},
		{"a time that can't be read", serviceAccountModel{},
			strings.ReplaceAll(bareAccount, "2026-02-04T09:10:08+00:00", "04.02.2026"),
			changed(bareAccountModel(), func(m *serviceAccountModel) { m.Created = timetypes.NewRFC3339Null() })},
		{"a time of an old server", serviceAccountModel{}, strings.ReplaceAll(bareAccount, "+00:00", "Z"),
			changed(bareAccountModel(),
				func(m *serviceAccountModel) { m.Created = timetypes.NewRFC3339ValueMust("2026-02-04T09:10:08Z") })},
		{"white space of an old server", serviceAccountModel{},
			strings.ReplaceAll(fullAccount, `"Builds"`, `" Builds "`),
			changed(fullAccountModel(), func(m *serviceAccountModel) { m.Description = description(" Builds ") })},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := decoded[waldurapi.ServiceAccount](t, test.in)
			before := *in
			got := test.prior
			got.fromAPI(in)
			wantEqual(t, got, test.want)

			// The resource has an id too, and keeps its key.
			key := rotation.NoKey()
			key.Set(rotation.Issued{Secret: transport.NewSecret("key-0"), ExpiresAt: "2026-03-01T00:00:00Z"}, time.Now,
				&diag.Diagnostics{})
			resource := serviceAccountResourceModel{serviceAccountModel: test.prior, Key: key}
			resource.fromAPI(in)
			wantEqual(t, resource, serviceAccountResourceModel{serviceAccountModel: test.want, Key: key,
				ID: types.StringValue(accountUUID)})
			wantEqual(t, *in, before)
		})
	}
}

// An account without a name can be managed after an import, whose configuration has "".
func TestServiceAccountWithoutIdentifier(t *testing.T) {
	in := decoded[waldurapi.ServiceAccount](t, strings.ReplaceAll(bareAccount, `"ci"`, `""`))
	var data serviceAccountModel
	data.fromAPI(in)
	wantEqual(t, data.PreferredIdentifier, types.StringNull())
	var managed serviceAccountResourceModel
	managed.fromAPI(in)
	wantEqual(t, managed.PreferredIdentifier, types.StringValue(""))
	managed.fromAPI(decoded[waldurapi.ServiceAccount](t, emptyResponse))
	wantEqual(t, managed.PreferredIdentifier, types.StringValue(""))
	var unknown serviceAccountResourceModel
	unknown.fromAPI(decoded[waldurapi.ServiceAccount](t, emptyResponse))
	wantEqual(t, unknown.PreferredIdentifier, types.StringNull())
}

func TestToCreate(t *testing.T) {
	for name, test := range map[string]struct {
		model serviceAccountModel
		scope string
		want  waldurapi.ServiceAccountCreate
	}{
		"the least": {bareAccountModel(), customerUUID,
			waldurapi.ServiceAccountCreate{Scope: customerUUID, PreferredIdentifier: "ci"}},
		"everything": {fullAccountModel(), customerUUID, waldurapi.ServiceAccountCreate{
			Scope: customerUUID, PreferredIdentifier: "ci", Description: "Builds", Email: "ci@acme.example",
		}},
		"a scope with hyphens": {bareAccountModel(), hyphenated,
			waldurapi.ServiceAccountCreate{Scope: accountUUID, PreferredIdentifier: "ci"}},
		"a padded description is cut": {serviceAccountModel{PreferredIdentifier: types.StringValue("ci"),
			Description: description(" a b\n")}, customerUUID,
			waldurapi.ServiceAccountCreate{Scope: customerUUID, PreferredIdentifier: "ci", Description: "a b"}},
		"an empty description": {serviceAccountModel{PreferredIdentifier: types.StringValue("ci"),
			Description: description("")}, customerUUID,
			waldurapi.ServiceAccountCreate{Scope: customerUUID, PreferredIdentifier: "ci"}},
		"unknown values are not sent": {serviceAccountModel{
			PreferredIdentifier: types.StringValue("ci"), Username: types.StringUnknown(), UUID: unknownUUID,
			Description: noDescription(),
		}, customerUUID, waldurapi.ServiceAccountCreate{Scope: customerUUID, PreferredIdentifier: "ci"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := serviceAccountResourceModel{serviceAccountModel: test.model}
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
		{"the same", fields{description("a"), types.StringValue("a@b.c"), "OK"},
			fields{description("a"), types.StringValue("a@b.c"), "OK"}, `{}`, false},
		{"description set", fields{noDescription(), null, "OK"}, fields{description("a"), null, "OK"},
			`{"description":"a"}`, true},
		{"description changed", fields{description("a"), null, "OK"}, fields{description("b"), null, "OK"},
			`{"description":"b"}`, true},
		{"description removed", fields{description("a"), null, "OK"}, fields{noDescription(), null, "OK"},
			`{"description":""}`, true},
		{"description emptied", fields{description("a"), null, "OK"}, fields{description(""), null, "OK"},
			`{"description":""}`, true},
		{"description blanked", fields{description("a"), null, "OK"}, fields{description(" \n"), null, "OK"},
			`{"description":""}`, true},
		{"description spelt in another way", fields{description("a"), null, "OK"},
			fields{description(" a\n"), null, "OK"}, `{}`, false},
		{"description spelt in another way in state", fields{description(" a\n"), null, "OK"},
			fields{description("a"), null, "OK"}, `{}`, false},
		{"description null, now empty", fields{noDescription(), null, "OK"}, fields{description(""), null, "OK"}, `{}`,
			false},
		{"description empty, now null", fields{description(""), null, "OK"}, fields{noDescription(), null, "OK"}, `{}`,
			false},
		{"description changed and padded", fields{description("a"), null, "OK"}, fields{description(" b "), null, "OK"},
			`{"description":"b"}`, true},
		{"email set", fields{noDescription(), null, "OK"}, fields{noDescription(), types.StringValue("a@b.c"), "OK"},
			`{"email":"a@b.c"}`, true},
		{"email changed", fields{description("a"), types.StringValue("a@b.c"), "OK"},
			fields{description("a"), types.StringValue("A@b.c"), "OK"}, `{"email":"A@b.c"}`, true},
		{"email removed: it can't be cleared", fields{noDescription(), types.StringValue("a@b.c"), "OK"},
			fields{noDescription(), null, "OK"}, `{}`, false},
		{"both", fields{noDescription(), null, "OK"}, fields{description("a"), types.StringValue("a@b.c"), "OK"},
			`{"description":"a","email":"a@b.c"}`, true},
		{"Erred, the same: repairs", fields{description("a"), null, "Erred"}, fields{description("a"), null, "OK"},
			`{}`, true},
		{"Erred, description changed", fields{description("a"), null, "Erred"}, fields{description("b"), null, "OK"},
			`{"description":"b"}`, true},
		{"the planned state does not count", fields{description("a"), null, "OK"},
			fields{description("a"), null, "Erred"}, `{}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			model := func(f fields) *serviceAccountResourceModel {
				model := fullAccountModel()
				model.Description, model.Email, model.State = f.description, f.email, types.StringValue(f.state)
				return &serviceAccountResourceModel{serviceAccountModel: model}
			}
			planned := model(test.planned)
			planned.Username = types.StringValue("another") // these two are never sent
			planned.PreferredIdentifier = types.StringValue("another")
			update, needed := planned.toUpdate(model(test.prior))
			got, err := json.Marshal(update)
			if err != nil || string(got) != test.want || needed != test.needed {
				t.Errorf("got %s, needed %v, %v; want %s, %v", got, needed, err, test.want, test.needed)
			}
		})
	}
}

func TestServiceAccountKinds(t *testing.T) {
	in := decoded[waldurapi.ServiceAccount](t, fullAccount)
	bare := decoded[waldurapi.ServiceAccount](t, bareAccount)
	acme, uuid := types.StringValue("ACME Research"), tfkit.UUIDOrNull
	for _, test := range []struct {
		kind                *serviceAccountKind
		typeName, attribute string
		resource            scopedResourceModel
		data, whole, bare   scopedDataModel
	}{
		{
			customerServiceAccountKind, "svcacct_waldur_customer_service_account", "customer_uuid",
			&customerServiceAccountResourceModel{
				serviceAccountResourceModel{serviceAccountModel: fullAccountModel(),
					ID: types.StringValue(accountUUID)},
				customerScope{uuid(customerUUID)},
			},
			&customerServiceAccountDataModel{},
			&customerServiceAccountDataModel{fullAccountModel(), customerScope{uuid(customerUUID)}, acme},
			&customerServiceAccountDataModel{bareAccountModel(), customerScope{uuid(customerUUID)}, types.StringNull()},
		},
		{
			projectServiceAccountKind, "svcacct_waldur_project_service_account", "project_uuid",
			&projectServiceAccountResourceModel{
				serviceAccountResourceModel{serviceAccountModel: fullAccountModel(),
					ID: types.StringValue(accountUUID)},
				projectScope{uuid(projectUUID)},
			},
			&projectServiceAccountDataModel{},
			&projectServiceAccountDataModel{
				fullAccountModel(), projectScope{uuid(projectUUID)}, types.StringValue("Climate " +
					"models"), uuid(customerUUID),
				acme, types.StringValue("ACME"),
			},
			&projectServiceAccountDataModel{serviceAccountModel: bareAccountModel(),
				projectScope: projectScope{uuid(projectUUID)}},
		},
	} {
		t.Run(test.kind.scope, func(t *testing.T) {
			wantEqual(t, []string{test.kind.typeName(), test.kind.scopeAttribute()},
				[]string{test.typeName, test.attribute})
			model := test.kind.newModel()
			test.kind.refresh(model, in)
			wantEqual(t, model, test.resource)
			test.kind.refresh(model, decoded[waldurapi.ServiceAccount](t, emptyResponse))
			wantEqual(t, model, test.resource)
			if !model.account().erred() || test.kind.newModel() == model {
				t.Error("the model is not in state Erred, or not its own")
			}
			test.data.fromAPI(in)
			wantEqual(t, test.data, test.whole)
			test.data.fromAPI(bare)
			wantEqual(t, test.data, test.bare)
		})
	}
}

func TestEmailAddress(t *testing.T) {
	for text, ok := range map[string]bool{
		"ci@acme.example": true, "ci+1@mail.acme.example": true, "ci@localhost": true,
		"": false, "ci": false, "ci@acme": false, "@acme.example": false, "ci@": false, "ci@localhost.": false,
		"a b@acme.example": false, "a@b@acme.example": false, "ci@.example": false, "ci@acme..example": false,
	} {
		var diags diag.Diagnostics
		checkEmail(path.Root("email"), text, &diags)
		if diags.HasError() == ok {
			t.Errorf("%q: accepted %v, want %v", text, !ok, ok)
		}
	}
}
