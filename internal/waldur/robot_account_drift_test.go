package waldur

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// What a refresh has replaced is a warning, and the plan keeps what the account has now. What the
// configuration changes is an error.
func TestPlanChangedCopy(t *testing.T) {
	const remote = "Warning description: Copy from another Waldur server: This account is a copy of account \"b-1\" " +
		"on another Waldur server, and description was changed outside of Terraform. The apply can't change it back: " +
		"change it on the other server, or adapt the configuration."
	const refused = "Error description: Copy from another Waldur server: This account is a copy of account \"b-1\" " +
		"on another Waldur server. Change it there: here Waldur refuses all changes but those of its state, and its " +
		"deletion."
	described := func(text string) *robotAccountResourceModel {
		return robotModel(func(m *robotAccountResourceModel) {
			m.BackendID, m.Description = types.StringValue("b-1"), tfkit.TextOrNull(text)
		})
	}
	for name, test := range map[string]struct {
		refreshes              []string // what the account had before
		prior, config, planned string
		want                   string
	}{
		"changed there":             {[]string{"old"}, "new", "old", "new", remote},
		"changed there, twice":      {[]string{"old", "middle"}, "new", "old", "new", remote},
		"removed there":             {[]string{"old"}, "", "old", "old", remote},
		"added there":               {[]string{""}, "new", "", "", remote},
		"changed here":              {nil, "new", "mine", "mine", refused},
		"changed there and here":    {[]string{"old"}, "new", "mine", "mine", refused},
		"the configuration adapted": {[]string{"old"}, "new", "new", "new", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var replaced replacedValues
			for i, text := range test.refreshes {
				next := test.prior
				if i+1 < len(test.refreshes) {
					next = test.refreshes[i+1]
				}
				replaced = replaced.after(described(text), described(next))
			}
			schema, m := robotAccountSchema(), described(test.config)
			resp := resource.ModifyPlanResponse{Plan: tfsdk.Plan{
				Schema: schema, Raw: empty(t, schema.Type().TerraformType(t.Context())),
			}}
			wantDiagnostics(t, resp.Plan.Set(t.Context(), m))
			replaced.planRemoteCopy(t.Context(), *described(test.prior), *m, &resp)
			var want []string
			if test.want != "" {
				want = []string{test.want}
			}
			wantDiagnostics(t, resp.Diagnostics, want...)
			var got robotAccountResourceModel
			wantDiagnostics(t, resp.Plan.Get(t.Context(), &got))
			wantEqual(t, got.Description, tfkit.TextOrNull(test.planned))
		})
	}
}

// What another server has emptied is empty in the state and not null, if the state or an earlier state has a
// value: a plan can keep an empty value in place of a configured value.
func TestEmptiedCopy(t *testing.T) {
	emptied := func(m *robotAccountResourceModel) {
		m.Description, m.ResponsibleUser, m.Users, m.Keys = tfkit.Text{}, tfkit.UUID{}, noUsers, noKeys
	}
	full := robotModel(func(*robotAccountResourceModel) {})
	bare := robotModel(emptied)
	kept := robotModel(func(m *robotAccountResourceModel) {
		m.Description = tfkit.Text{StringValue: types.StringValue("")}
		m.ResponsibleUser = tfkit.UUID{StringValue: types.StringValue("")}
		m.Users, m.Keys = uuidSet(), keyList()
	})
	earlier := replacedValues{
		"description": {"d"}, "responsible_user": {annUUID}, "users": {annUUID}, "keys": {firstKey},
	}
	for name, test := range map[string]struct {
		prior    *robotAccountResourceModel
		replaced replacedValues
		now      *robotAccountResourceModel
		want     *robotAccountResourceModel
	}{
		"emptied":           {full, nil, bare, kept},
		"emptied before":    {kept, nil, bare, kept},
		"of an older state": {bare, earlier, bare, kept},
		"never had":         {bare, nil, bare, bare},
		"has everything":    {full, nil, full, full},
		"got everything":    {bare, nil, full, full},
		"has it again":      {kept, earlier, full, full},
	} {
		t.Run(name, func(t *testing.T) {
			got := *test.now
			test.replaced.keepEmpty(test.prior, &got)
			wantEqual(t, got, *test.want)
		})
	}
}

// Only the error message is kept of an account that is no copy, and nothing after an import.
func TestReplacedValues(t *testing.T) {
	message := func(text, kind string) *robotAccountResourceModel {
		m := in("Error", text)
		m.Type = types.StringValue(kind)
		return m
	}
	imported := &robotAccountResourceModel{robotAccountModel: robotAccountModel{UUID: tfkit.UUIDOrNull(accountUUID)}}
	wantEqual(t, replacedValues(nil).after(message("a", "x"), message("b", "y")),
		replacedValues{"error_message": {"a"}})
	wantEqual(t, replacedValues(nil).after(message("a", "x"), message("a", "y")), replacedValues(nil))
	wantEqual(t, replacedValues{"error_message": {"a"}}.after(message("a", "x"), message("b", "x")),
		replacedValues{"error_message": {"a"}})
	wantEqual(t, replacedValues(nil).after(imported, message("b", "y")), replacedValues(nil))
}
