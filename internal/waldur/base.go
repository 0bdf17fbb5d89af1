package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

type connection = tfkit.Connection[waldurapi.Client]

// maxIdentifier is the limit of the server's columns for identifiers and for usernames.
const maxIdentifier = 32

// uuidIdentity is the identity of every resource of Waldur.
type uuidIdentity struct {
	UUID types.String `tfsdk:"uuid"`
}

func identityOf(uuid tfkit.UUID) any { return uuidIdentity{types.StringValue(uuid.ValueString())} }

// accountResource is the base of the resources.
type accountResource struct {
	tfkit.ResourceBase[waldurapi.Client]
	typeName string
	schema   schema.Schema
	resolve  func(ctx context.Context, client *waldurapi.Client, id string) (uuid string, err error)
	fail     func(diags *diag.Diagnostics, verb, subject string, err error, hints ...string)
}

// Metadata implements resource.Resource.
func (r *accountResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.typeName
}

// Schema implements resource.Resource.
func (r *accountResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *accountResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"uuid": identityschema.StringAttribute{RequiredForImport: true, Description: "UUID of the account."},
	}}
}

// ImportState imports the account that an import id or an identity names.
func (r *accountResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	id := req.ID
	if id == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("uuid"), &id)...)
	}
	uuid, err := r.resolve(ctx, r.Client, id)
	if err != nil {
		r.fail(&resp.Diagnostics, "import", id, err)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("uuid"), uuid)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("uuid"), uuid)...)
}
