package waldur

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

type rotateAPIKeyModel struct {
	Customer tfkit.UUID `tfsdk:"customer_service_account"`
	Project  tfkit.UUID `tfsdk:"project_service_account"`
}

// rotateAPIKeyAction revokes the key of a service account.
var rotateAPIKeyAction = tfkit.Action[client, rotateAPIKeyModel]{
	Type: "svcacct_waldur_rotate_api_key",
	Schema: schema.Schema{
		MarkdownDescription: "Revokes the current API key of a Waldur service account at once, for example after a " +
			"leak. Waldur issues a new key at the same time, but nobody gets it, since an action can't write to the " +
			"state. The key in the state of the resource no longer works. To get a new key, change one of the " +
			"resource's `keepers` and apply.",
		Attributes: map[string]schema.Attribute{
			"customer_service_account": accountToRotate("customer"),
			"project_service_account":  accountToRotate("project"),
		},
	},
	Validators: []action.ConfigValidator{actionvalidator.ExactlyOneOf(
		path.MatchRoot("customer_service_account"), path.MatchRoot("project_service_account"),
	)},
	Invoke: rotateAPIKey,
}

func accountToRotate(scope string) schema.StringAttribute {
	return schema.StringAttribute{
		CustomType: tfkit.UUIDType{}, Optional: true,
		MarkdownDescription: "UUID of a " + scope + " service account, with or without hyphens. Set exactly one of " +
			"the two attributes.",
	}
}

func rotateAPIKey(
	ctx context.Context, c *client, m *rotateAPIKeyModel, progress func(string), diags *diag.Diagnostics,
) {
	kind, uuid := customerServiceAccountKind, m.Customer.Canonical()
	if m.Customer.IsNull() {
		kind, uuid = projectServiceAccountKind, m.Project.Canonical()
	}
	progress("rotating the API key of " + kind.title + " " + uuid)
	account, err := serviceAccounts{kind, c}.rotate(ctx, uuid)
	if errors.Is(err, rotation.ErrUnconfirmed) {
		err = tfkit.WithHints(err, "The current key may no longer work, and nobody has the new key. Change one of the "+
			"resource's keepers and apply, even if the plan of the resource shows no change now.")
	}
	if err != nil {
		kind.fail(diags, "rotate the API key of", uuid, err)
		return
	}
	progress("the key of " + account.Username + " is revoked; for a new key, change a keeper of its resource and apply")
}
