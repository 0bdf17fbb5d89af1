package wavefront

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// private is a resource's private state.
type private map[string]string

func (p private) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return []byte(p[key]), nil
}

func (p private) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = string(value)
	return nil
}

// onlyResources is a provider that has the resources and needs no configuration.
type onlyResources struct{}

func (onlyResources) Metadata(context.Context, provider.MetadataRequest, *provider.MetadataResponse) {
}

func (onlyResources) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (onlyResources) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (onlyResources) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (onlyResources) Resources(context.Context) []func() resource.Resource { return System().Resources }

// move asks as Terraform does for the state of a "moved" block.
func move(t *testing.T, address, kind, state string) *tfprotov6.MoveResourceStateResponse {
	t.Helper()
	resp, err := providerserver.NewProtocol6(
		onlyResources{},
	)().MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: address, SourceTypeName: kind, SourceState: &tfprotov6.RawState{
			JSON: []byte(state),
		}, TargetTypeName: serviceAccountType,
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func wantProblem(t *testing.T, resp *tfprotov6.MoveResourceStateResponse, summary string) {
	t.Helper()
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != summary {
		t.Errorf("got %+v", resp.Diagnostics)
	}
}

const (
	ofTerraform = "registry.terraform.io/vmware/wavefront"
	vmwareState = `{"id":"sa::CI","identifier":"sa::CI","active":true,"description":"Builds",` +
		`"permissions":["p2","p1"],"user_groups":["g1"],"ingestion_policy":"i1"}`
)

func movedAccount(change func(*serviceAccountResourceModel)) serviceAccountResourceModel {
	m := serviceAccountResourceModel{
		serviceAccountModel: serviceAccountModel{
			Identifier: types.StringValue("sa::ci"), Active: types.BoolValue(
				true,
			), Description: tfkit.TextOrNull("Builds"),
			Permissions: setOf("p1", "p2"), Roles: noSet(), UnitedPermissions: noSet(), UnitedRoles: noSet(),
		},
		// the next refresh separates them
		ID: types.StringValue("sa::ci"), UserGroups: noSet(), EffectiveUserGroups: noSet(),
	}
	change(&m)
	return m
}

func TestMoveFromVMware(t *testing.T) {
	as := func(*serviceAccountResourceModel) {}
	bare := func(m *serviceAccountResourceModel) {
		m.Description, m.Permissions = tfkit.TextOrNull(""), noSet()
	}
	for name, test := range map[string]struct {
		address, state string
		change         func(*serviceAccountResourceModel)
	}{
		"from Terraform's registry": {ofTerraform, vmwareState, as},
		"from OpenTofu's registry":  {"registry.opentofu.org/vmware/wavefront", vmwareState, as},
		"from another registry":     {"mirror.example.org:8443/vmware/wavefront", vmwareState, as},
		"inactive": {
			ofTerraform, strings.Replace(vmwareState, "true", "false", 1),
			func(m *serviceAccountResourceModel) { m.Active = types.BoolValue(false) },
		},
		"further attributes": {ofTerraform, strings.Replace(vmwareState, "{", `{"roles":["r1"],`, 1), as},
		"nulls": {
			ofTerraform,
			`{"id":"sa::ci","identifier":"sa::ci","active":true,"description":null,` +
				`"permissions":null,"user_groups":null,"ingestion_policy":null}`,
			bare,
		},
		"empty": {
			ofTerraform,
			`{"id":"sa::ci","identifier":"sa::ci","active":true,"description":"",` +
				`"permissions":[],"user_groups":[],"ingestion_policy":""}`,
			bare,
		},
	} {
		t.Run(name, func(t *testing.T) {
			resp := move(t, test.address, vmwareType, test.state)
			if len(resp.Diagnostics) > 0 || resp.TargetState == nil {
				t.Fatalf("got %+v, state %v", resp.Diagnostics, resp.TargetState)
			}
			s := serviceAccountSchema()
			raw, err := resp.TargetState.Unmarshal(s.Type().TerraformType(t.Context()))
			if err != nil {
				t.Fatal(err)
			}
			var got serviceAccountResourceModel
			wantMessages(t, (&tfsdk.State{Schema: s, Raw: raw}).Get(t.Context(), &got))
			want := movedAccount(test.change)
			want.AllowSelfLockout = types.BoolNull()
			wantEqual(t, got, want)

			var remembered map[string][]byte
			if err := json.Unmarshal(
				resp.TargetPrivate, &remembered,
			); err != nil || string(remembered[privateMoved.Key]) != "true" {
				t.Errorf("private state %s, %v", resp.TargetPrivate, err)
			}
			wantIdentity(t, resp)
		})
	}
}

func wantIdentity(t *testing.T, resp *tfprotov6.MoveResourceStateResponse) {
	t.Helper()
	if resp.TargetIdentity == nil {
		t.Error("no identity")
		return
	}
	raw, err := resp.TargetIdentity.IdentityData.Unmarshal(
		tftypes.Object{AttributeTypes: map[string]tftypes.Type{"identifier": tftypes.String}},
	)
	want := tftypes.NewValue(
		raw.Type(), map[string]tftypes.Value{"identifier": tftypes.NewValue(tftypes.String, "sa::ci")},
	)
	if err != nil || !raw.Equal(want) {
		t.Errorf("identity %s, %v", raw, err)
	}
}

// States of other resources are left to the framework, which refuses them.
func TestMoveFromElsewhere(t *testing.T) {
	for name, test := range map[string]struct{ address, kind string }{
		"another resource":           {ofTerraform, "wavefront_user"},
		"a longer name":              {ofTerraform, vmwareType + "s"},
		"the new name":               {ofTerraform, serviceAccountType},
		"no name":                    {ofTerraform, ""},
		"another provider":           {"registry.terraform.io/hashicorp/aws", vmwareType},
		"another namespace":          {"registry.terraform.io/notvmware/wavefront", vmwareType},
		"another provider's ending":  {"registry.terraform.io/vmware/wavefront2", vmwareType},
		"another provider's start":   {"registry.terraform.io/vmware/old-wavefront", vmwareType},
		"no address":                 {"", vmwareType},
		"an address without a host":  {"vmware/wavefront", vmwareType},
		"this provider":              {"registry.terraform.io/svcacct/svcacct", vmwareType},
		"another namespace's ending": {"registry.terraform.io/old-vmware/wavefront", vmwareType},
	} {
		t.Run(name, func(t *testing.T) {
			resp := move(t, test.address, test.kind, vmwareState)
			wantProblem(t, resp, "Unable to Move Resource State")
			if resp.TargetState != nil {
				t.Error("there is a state")
			}
		})
	}
}

// A state of another form is refused too, and not taken for an empty one.
func TestMoveOfAnotherForm(t *testing.T) {
	for name, state := range map[string]string{
		"a number for a text":  strings.Replace(vmwareState, `"Builds"`, `{"text":"Builds"}`, 1),
		"a text for a list":    strings.Replace(vmwareState, `["p2","p1"]`, `"p2"`, 1),
		"another kind of bool": strings.Replace(vmwareState, `true`, `[]`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			if resp := move(t, ofTerraform, vmwareType, state); len(resp.Diagnostics) == 0 || resp.TargetState != nil {
				t.Errorf("got %+v, state %v", resp.Diagnostics, resp.TargetState)
			}
		})
	}
}

func TestWarnOfUnusedToken(t *testing.T) {
	const warning = "Warning identifier: An unused token of sa::ci: The provider vmware/wavefront generated a token " +
		"named main with this account and returned it to nobody."
	for name, test := range map[string]struct {
		before private
		tokens string
		want   []string
		after  private
	}{
		"never moved": {private{}, `{"tokenID":"s3cret","tokenName":"main"}`, nil, private{}},
		"warned before": {
			private{privateMoved.Key: "false"}, `{"tokenID":"s3cret","tokenName":"main"}`, nil,
			private{privateMoved.Key: "false"},
		},
		"moved": {
			private{privateMoved.Key: "true"}, `{"tokenID":"s3cret","tokenName":"main"}`, []string{warning},
			private{privateMoved.Key: "false"},
		},
		"moved, the token is used": {
			private{privateMoved.Key: "true"}, `{"tokenID":"s3cret","tokenName":"main","lastUsed":5}`, nil,
			private{privateMoved.Key: "false"},
		},
		"moved, another token": {
			private{privateMoved.Key: "true"}, `{"tokenID":"s3cret","tokenName":"Main"}`, nil,
			private{privateMoved.Key: "false"},
		},
		"moved, no token": {private{privateMoved.Key: "true"}, ``, nil, private{privateMoved.Key: "false"}},
		"moved, one of two": {
			private{privateMoved.Key: "true"},
			`{"tokenID":"a","tokenName":"x"},{"tokenID":"s3cret","tokenName":"main"}`, []string{warning},
			private{privateMoved.Key: "false"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			account := decoded[wavefrontapi.ServiceAccount](t, `{"identifier":"sa::ci","tokens":[`+test.tokens+`]}`)
			after := maps.Clone(test.before) // a Read begins with what is stored
			var diags diag.Diagnostics
			warnOfUnusedToken(t.Context(), test.before, after, account, &diags)
			wantMessages(t, diags, test.want...)
			wantEqual(t, after, test.after)
			if strings.Contains(fmt.Sprint(messages(diags)), "s3cret") {
				t.Error("the warning has the token")
			}
		})
	}
}
