package tfkit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// ResourceType describes a managed resource without its life cycle. C is the client of its system.
type ResourceType[C any] struct {
	Name   string               // the full name of the type
	Schema func() schema.Schema // the framework calls it once; a resource is constructed for each request
	// Identity has the attributes of the identity. Joined by slashes, their values are an import id.
	Identity        []IdentityAttribute
	MutableIdentity bool // an update may change the identity
	// Resolve returns the values of the identity that an import id names, or nil and an error in diags.
	Resolve func(ctx context.Context, client *C, id string, diags *diag.Diagnostics) []string
}

// IdentityAttribute is one attribute of an identity, also of the state.
type IdentityAttribute struct{ Name, Description string }

// Bind returns the part that a resource of this type embeds.
func (t ResourceType[C]) Bind(connection *Connection[C]) Resource[C] {
	return Resource[C]{ResourceBase: ResourceBase[C]{Base[C]{Connection: connection}}, resourceType: t}
}

// Resource has the methods of a managed resource that follow from its type, imports included.
// Resources embed it.
type Resource[C any] struct {
	ResourceBase[C]
	resourceType ResourceType[C]
}

// Metadata implements resource.Resource.
func (r *Resource[C]) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.resourceType.Name
	resp.ResourceBehavior.MutableIdentity = r.resourceType.MutableIdentity
}

// Schema implements resource.Resource.
func (r *Resource[C]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.resourceType.Schema()
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *Resource[C]) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema.Attributes = map[string]identityschema.Attribute{}
	for _, a := range r.resourceType.Identity {
		resp.IdentitySchema.Attributes[a.Name] = identityschema.StringAttribute{
			RequiredForImport: true, Description: a.Description,
		}
	}
}

// ImportState imports the object that an import id or an identity names. The Read that follows
// completes the state.
func (r *Resource[C]) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	id, given := req.ID, make([]string, len(r.resourceType.Identity))
	if id == "" {
		for i, a := range r.resourceType.Identity {
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(a.Name), &given[i])...)
		}
		id = strings.Join(given, "/")
	}
	r.Connection.checkHost(id, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	values := r.resourceType.Resolve(ctx, r.Client, id, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	sameSlashes := func(a, b string) bool { return strings.Count(a, "/") == strings.Count(b, "/") }
	if req.ID == "" && !slices.EqualFunc(values, given, sameSlashes) {
		resp.Diagnostics.AddError("Invalid identity", fmt.Sprintf("A slash in the values %q makes them name another "+
			"object: %q.", given, values))
		return
	}
	for i, a := range r.resourceType.Identity {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(a.Name), values[i])...)
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root(a.Name), values[i])...)
	}
}
