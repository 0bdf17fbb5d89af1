package waldur

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// unknownAccounts have, by attribute, the changes that make it unknown, without those of the key.
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

// unknownKeys have, by attribute of the key, the change that makes it unknown, and why the key may rotate.
var unknownKeys = map[string]struct {
	change func(k *rotation.Key)
	reason string // "": it does not rotate
}{
	"keepers": {
		func(k *rotation.Key) { k.Keepers = types.MapUnknown(types.StringType) },
		"a keeper is not known before apply, and may have changed",
	},
	"rotate_after": {
		func(k *rotation.Key) { k.RotateAfter = unknownDuration },
		"the time of its rotation is not known before apply, and may have come",
	},
	"rotate_before_expiry": {
		func(k *rotation.Key) { k.RotateBeforeExpiry = unknownDuration },
		"the time of its rotation is not known before apply, and may have come",
	},
	"rotate_when_dead": {
		func(k *rotation.Key) { k.RotateWhenDead = types.BoolUnknown() }, "", // the key works
	},
	"age_recipients": {func(k *rotation.Key) { k.AgeRecipients = types.ListUnknown(types.StringType) }, ""},
	// Only null is possible: the plan during the apply refuses every other value.
	"overlap": {func(k *rotation.Key) { k.Overlap = unknownDuration }, ""},
}

var unknownDuration = tfkit.Duration{StringValue: types.StringUnknown()}

// While a value of the key is unknown, the plan says that the key may rotate. Nothing but the
// key is marked.
func TestPlanUnknownKeyValues(t *testing.T) {
	for name, test := range unknownKeys {
		eachKind(t, name, func(t *testing.T, kind *serviceAccountKind) {
			model := func() scopedResourceModel {
				model := kind.newModel()
				model.account().serviceAccountModel, *model.scope() = fullAccountModel(), tfkit.UUIDOrNull(scopeUUID)
				model.account().State, model.account().ErrorMessage = types.StringValue("OK"), types.StringNull()
				model.account().ID, model.account().Key = types.StringValue(accountUUID), rotation.NoKey()
				model.account().Set(rotation.Issued{
					Secret: transport.NewSecret("k"), ExpiresAt: plannedAt.Add(time.Hour).Format(time.RFC3339),
				}, func() time.Time { return plannedAt }, &diag.Diagnostics{})
				model.account().Keepers = types.MapValueMust(types.StringType,
					map[string]attr.Value{"v": types.StringValue("1")})
				return model
			}
			planned := model()
			test.change(&planned.account().Key)
			want := *planned.account()
			got, diags := plannedAccount(t, kind, model(), planned)
			var warnings []string
			if test.reason != "" {
				warnings = []string{"Warning: API key rotation: Applying this plan may rotate the API key: " +
					test.reason + ". If the key is rotated: The current key stops working at once."}
			}
			wantDiagnostics(t, diags.Diagnostics, warnings...)
			wantEqual(t, got.account().WillRotate(), test.reason != "")
			if got.account().WillRotate() || name == "age_recipients" { // package rotation tests what it marks
				want.Key = got.account().Key
			}
			wantEqual(t, *got.account(), want)
		})
	}
	for name, a := range rotation.With(rotationWords, map[string]schema.Attribute{}) {
		if _, listed := unknownKeys[name]; listed != (a.IsOptional() || a.IsRequired()) {
			t.Errorf("%s: is it in the table?", name)
		}
	}
}

// plannedAt is the time of the refresh before the plans of accounts.
var plannedAt = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// allocate replaces a pointer to a type of the framework that has no name outside of it, as private
// states have.
func allocate[T any](pointer **T) { *pointer = new(T) }

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
	req := resource.ModifyPlanRequest{
		Config: tfsdk.Config{Schema: schema, Raw: plan.Raw}, Plan: plan, State: state,
	}
	allocate(&req.Private)
	tfkit.Private[time.Time]{Key: "observed_at"}.Store(t.Context(), req.Private, plannedAt, &resp.Diagnostics)
	r.ModifyPlan(t.Context(), req, &resp)
	got := kind.newModel()
	wantDiagnostics(t, resp.Plan.Get(t.Context(), got))
	return got, resp
}
