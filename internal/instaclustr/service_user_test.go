package instaclustr

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestEmail(t *testing.T) {
	for text, want := range map[string]string{
		"CI+2@Example.com": "ci+2@example.com", "a@b.c": "a@b.c", "ci@localhost": "ci@localhost", "CI": "ci", "": "",
	} {
		if got, err := (emailNormalizer{}).Canonical(text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for text, refused := range map[string]bool{
		"CI+2@Example.com": false, "ci@localhost": false, "": true, "ci": true, "ci@": true, "@example.com": true,
		"a b@example.com": true, "a@b@example.com": true, "ci@example.com ": true,
	} {
		var resp validator.StringResponse
		emailAddress.ValidateString(t.Context(), validator.StringRequest{
			Path: path.Root("email"), ConfigValue: types.StringValue(text),
		}, &resp)
		wantEqual(t, resp.Diagnostics.HasError(), refused)
	}
}

func aServiceUser() *instaclustrapi.ServiceUser {
	return &instaclustrapi.ServiceUser{
		Username: "ci", Email: "ci@example.com", DisplayName: "CI", Role: "CLUSTER_ADMIN",
		Administrators:  []string{"j.doe", "a.smith"},
		AllowedKeyTypes: []instaclustrapi.KeyType{{Name: "MONITORING"}, {Name: "PROVISIONING"}},
		Keys: []instaclustrapi.Key{
			{Type: "PROVISIONING", Tail: "22222"}, {Type: "MONITORING", Tail: "11111"},
		},
	}
}

// administeredBy returns a model with these administrators.
func administeredBy(names ...string) serviceUserResourceModel {
	return serviceUserResourceModel{serviceUserModel: serviceUserModel{Administrators: tfkit.StringSetOf(names)}}
}

func TestServiceUserFromAPI(t *testing.T) {
	creator := serviceUserPrivate{Creator: []string{"j.doe"}}
	exactly := administeredBy("a.smith")
	exactly.AllowSelfLockout = types.BoolValue(true)
	unknown := serviceUserResourceModel{
		serviceUserModel: serviceUserModel{Administrators: types.SetUnknown(types.StringType)},
	}
	for name, test := range map[string]struct {
		before  serviceUserResourceModel
		private serviceUserPrivate
		want    []string
	}{
		"imported":                  {serviceUserResourceModel{}, serviceUserPrivate{}, []string{"a.smith", "j.doe"}},
		"the creator is not listed": {administeredBy("a.smith"), creator, []string{"a.smith"}},
		"the creator is listed":     {administeredBy("a.smith", "j.doe"), creator, []string{"a.smith", "j.doe"}},
		"somebody is added":         {administeredBy("b.jones"), creator, []string{"a.smith"}},
		"exactly the listed ones":   {exactly, creator, []string{"a.smith", "j.doe"}},
		"the creator is unknown":    {administeredBy("a.smith"), serviceUserPrivate{}, []string{"a.smith", "j.doe"}},
		"unknown administrators":    {unknown, creator, []string{"a.smith", "j.doe"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := test.before
			m.fromAPI(aServiceUser(), test.private)
			wantEqual(t, tfkit.Strings(m.Administrators), test.want)
			wantEqual(t, tfkit.Strings(m.KeyTypes), []string{"MONITORING", "PROVISIONING"})
			wantEqual(t, tfkit.Strings(m.AllowedKeyTypes), []string{"MONITORING", "PROVISIONING"})
			wantEqual(t, []string{
				m.ID.ValueString(), m.Email.ValueString(), m.DisplayName.ValueString(), m.Role.ValueString(),
				m.InitialAPIKeys.ValueString(),
			}, []string{"ci", "ci@example.com", "CI", "CLUSTER_ADMIN", ""})
			wantEqual(t, m.Identity(), serviceUserIdentity{types.StringValue("ci")})
		})
	}
	kept := serviceUserResourceModel{InitialAPIKeys: types.StringValue(initialKept)}
	kept.fromAPI(&instaclustrapi.ServiceUser{Username: "ci", Keys: []instaclustrapi.Key{}}, serviceUserPrivate{})
	if kept.InitialAPIKeys.ValueString() != initialKept || !kept.DisplayName.IsNull() || kept.KeyTypes.IsNull() {
		t.Errorf("%+v", kept)
	}
}

// What a response leaves out is unknown: null in a data source, and no change of a resource.
func TestServiceUserFromIncompleteResponse(t *testing.T) {
	var whole serviceUserResourceModel
	whole.fromAPI(aServiceUser(), serviceUserPrivate{Creator: []string{"j.doe"}})
	for name, text := range map[string]string{
		"nothing": incompleteUser,
		"null": `{"username": "ci", "email": null, "displayName": null, "role": null, "administrators": null,
			"apiKeys": null}`,
		"null in keys": `{"username": "ci", "apiKeys": {"apiKeys": null, "allowedApiKeyTypes": null}}`,
	} {
		t.Run(name, func(t *testing.T) {
			var in instaclustrapi.ServiceUser
			if err := json.Unmarshal([]byte(text), &in); err != nil {
				t.Fatal(err)
			}
			m := whole
			m.fromAPI(&in, serviceUserPrivate{Creator: []string{"j.doe"}})
			wantEqual(t, m, whole)
			var data serviceUserDataModel
			data.fromAPI(&in)
			noSet := types.SetNull(types.StringType)
			wantEqual(t, data, serviceUserDataModel{serviceUserModel: serviceUserModel{
				ID: types.StringValue("ci"), Username: types.StringValue("ci"),
				Administrators: noSet, AllowedKeyTypes: noSet, KeyTypes: noSet,
			}})
		})
	}
	empty := aServiceUser()
	empty.Administrators, empty.Keys = []string{}, []instaclustrapi.Key{}
	empty.AllowedKeyTypes = []instaclustrapi.KeyType{}
	m := whole
	m.fromAPI(empty, serviceUserPrivate{})
	noElements := tfkit.StringSetOf(nil)
	wantEqual(t, []types.Set{m.Administrators, m.KeyTypes, m.AllowedKeyTypes},
		[]types.Set{types.SetNull(types.StringType), noElements, noElements})
}

func TestServiceUserToUpdate(t *testing.T) {
	m := administeredBy("b", "a")
	m.DisplayName, m.Role = types.StringValue("CI"), types.StringValue("OWNER")
	update := m.toUpdate(serviceUserPrivate{Creator: []string{"j", "a"}})
	all := []string{"a", "b", "j"}
	wantEqual(t, update, instaclustrapi.ServiceUserUpdate{DisplayName: "CI", Role: "OWNER", Administrators: all})
	for name, test := range map[string]struct {
		displayName, role string
		administrators    []string
		want              bool
	}{
		"the same":               {"CI", "OWNER", []string{"j", "b", "a", "a"}, true},
		"another name":           {"", "OWNER", all, false},
		"another role":           {"CI", "READ_ONLY", all, false},
		"one administrator less": {"CI", "OWNER", all[:2], false},
		"one administrator more": {"CI", "OWNER", append(all, "x"), false},
	} {
		if got := inEffect(update, test.displayName, test.role, test.administrators); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	m.AllowSelfLockout = types.BoolValue(true)
	wantEqual(t, m.toUpdate(serviceUserPrivate{Creator: []string{"j"}}).Administrators, []string{"a", "b"})
}

func TestServiceUserFillUnknown(t *testing.T) {
	var known serviceUserResourceModel
	known.fromAPI(aServiceUser(), serviceUserPrivate{})
	m := known
	m.DisplayName, m.Administrators = types.StringUnknown(), types.SetUnknown(types.StringType)
	m.AllowedKeyTypes, m.KeyTypes = types.SetUnknown(types.StringType), types.SetUnknown(types.StringType)
	m.ID = types.StringUnknown()
	m.fillUnknown(known.serviceUserModel)
	wantEqual(t, m, known)

	other := &instaclustrapi.ServiceUser{Username: "other", DisplayName: "Other", Administrators: []string{"x"}}
	var from serviceUserModel
	from.fromAPI(other)
	m.fillUnknown(from) // what was planned stays
	wantEqual(t, m, known)
}
