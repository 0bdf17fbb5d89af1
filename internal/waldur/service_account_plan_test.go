package waldur

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// unknownAccounts have, by attribute, the changes that make it unknown. Those of the key are tested where
// rotations are planned.
var unknownAccounts = map[string]func(m scopedResourceModel){
	"scope":                func(m scopedResourceModel) { *m.scope() = unknownUUID },
	"preferred_identifier": func(m scopedResourceModel) { m.account().PreferredIdentifier = types.StringUnknown() },
	"description":          func(m scopedResourceModel) { m.account().Description = unknownText },
	"email":                func(m scopedResourceModel) { m.account().Email = types.StringUnknown() },
}

// While a value is unknown, the plan says what may happen for every value that it may get: what forces a
// replacement is a warning, as the key dies even if the value turns out the same. Nothing else is unknown.
func TestPlanUnknownAccountValues(t *testing.T) {
	for name, change := range unknownAccounts {
		eachKind(t, name, func(t *testing.T, kind *serviceAccountKind) {
			account := func() scopedResourceModel {
				model := kind.newModel()
				model.account().serviceAccountModel, *model.scope() = fullAccountModel(), tfkit.UUIDOrNull(scopeUUID)
				model.account().State, model.account().ErrorMessage = types.StringValue("OK"), types.StringNull()
				model.account().ID = types.StringValue(accountUUID)
				model.account().Key = rotation.NoKey()
				model.account().RotatedAt = timetypes.NewRFC3339Null()
				return model
			}
			want := account()
			change(want)
			got, diags := plannedAccount(t, kind, account(), want)
			attribute := map[string]string{"scope": kind.scopeAttribute(), "preferred_identifier": name}[name]
			var warnings []string
			if attribute != "" {
				warnings = []string{"Warning " + attribute + ": Replacement by an unknown value: " + attribute + " " +
					"is not known at plan. The apply replaces the account, and its key stops working at once, even " +
					"if the value turns out the same as before. To keep the account, write the value itself, or " +
					"first apply with -target what the value comes from."}
			}
			wantDiagnostics(t, diags.Diagnostics, warnings...)
			wantEqual(t, got, want)
		})
	}
	for _, kind := range bothKinds {
		keyed := rotation.With(rotationWords, map[string]schema.Attribute{})
		for name, a := range kind.schema().Attributes {
			if name == kind.scopeAttribute() {
				name = "scope"
			}
			if keyed[name] == nil && (a.IsOptional() || a.IsRequired()) != (unknownAccounts[name] != nil) {
				t.Errorf("%s: is it in the table?", name)
			}
		}
	}
}

// plannedAccount runs ModifyPlan for a prior state, and returns the planned model.
func plannedAccount(
	t *testing.T, kind *serviceAccountKind, prior, m scopedResourceModel,
) (scopedResourceModel, resource.ModifyPlanResponse) {
	t.Helper()
	schema := kind.schema()
	raw := empty(t, schema.Type().TerraformType(t.Context()))
	plan, state := tfsdk.Plan{Schema: schema, Raw: raw}, tfsdk.State{Schema: schema, Raw: raw}
	wantDiagnostics(t, plan.Set(t.Context(), m))
	wantDiagnostics(t, state.Set(t.Context(), prior))
	r := kind.newResource(&connection{}).(*serviceAccountResource)
	limit := `200 {"uuid": "` + scopeUUID + `"}`
	script := []exchange{}
	if !m.scope().IsUnknown() && !m.account().PreferredIdentifier.Equal(prior.account().PreferredIdentifier) {
		script = append(script, exchange{placed(kind, getParent), limit})
	}
	r.Client = newServer(t, script...).client
	resp := resource.ModifyPlanResponse{Plan: plan}
	r.ModifyPlan(t.Context(), resource.ModifyPlanRequest{
		Config: tfsdk.Config{Schema: schema, Raw: plan.Raw}, Plan: plan, State: state,
	}, &resp)
	got := kind.newModel()
	wantDiagnostics(t, resp.Plan.Get(t.Context(), got))
	return got, resp
}
