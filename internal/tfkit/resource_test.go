package tfkit

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// partType has an identity of two attributes. Its import ids are in any case.
var partType = ResourceType[client]{
	Name: "svcacct_part",
	Schema: func() schema.Schema {
		return schema.Schema{Attributes: map[string]schema.Attribute{
			"owner": schema.StringAttribute{Required: true}, "name": schema.StringAttribute{Required: true},
		}}
	},
	Identity:        []IdentityAttribute{{"owner", "Owner of the part."}, {"name", "Name of the part."}},
	MutableIdentity: true,
	Resolve: func(_ context.Context, c *client, id string, diags *diag.Diagnostics) []string {
		owner, name, ok := strings.Cut(id, "/")
		if !ok {
			diags.AddError("Broken", c.token+" "+id)
			return nil
		}
		return []string{strings.ToLower(owner), name}
	},
}

func TestResourceType(t *testing.T) {
	r := partType.Bind(&Connection[client]{})
	var metadata resource.MetadataResponse
	r.Metadata(t.Context(), resource.MetadataRequest{}, &metadata)
	if metadata.TypeName != "svcacct_part" || !metadata.ResourceBehavior.MutableIdentity {
		t.Errorf("metadata %+v", metadata)
	}
	var s resource.SchemaResponse
	r.Schema(t.Context(), resource.SchemaRequest{}, &s)
	if len(s.Schema.Attributes) != 2 {
		t.Errorf("schema %+v", s.Schema)
	}
	var identity resource.IdentitySchemaResponse
	r.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &identity)
	for name, want := range map[string]string{"owner": "Owner of the part.", "name": "Name of the part."} {
		a, ok := identity.IdentitySchema.Attributes[name].(identityschema.StringAttribute)
		if !ok || !a.RequiredForImport || a.Description != want {
			t.Errorf("identity attribute %s: %+v", name, a)
		}
	}
}

func TestImportState(t *testing.T) {
	part := func(owner, name any) tftypes.Value {
		return tftypes.NewValue(partType.Schema().Type().TerraformType(t.Context()), map[string]tftypes.Value{
			"owner": tftypes.NewValue(tftypes.String, owner), "name": tftypes.NewValue(tftypes.String, name),
		})
	}
	for name, test := range map[string]struct {
		id          string
		identity    tftypes.Value
		owner, part string // in state and identity; "": none
		want        []string
	}{
		"an id":               {"ACME/x", part(nil, nil), "acme", "x", nil},
		"an identity":         {"", part("ACME", "x"), "acme", "x", nil},
		"a part with a slash": {"", part("acme", "x/y"), "acme", "x/y", nil},
		"an owner with a slash": {"", part("acme/x", "y"), "", "", []string{"Error: Invalid identity: A slash in the " +
			`values ["acme/x" "y"] makes them name another object: ["acme" "x/y"].`}},
		"an id before the identity":     {"acme/x", part("other", "z"), "acme", "x", nil},
		"an id that cannot be resolved": {"acme", part(nil, nil), "", "", []string{"Error: Broken: t acme"}},
		"a URL of the server":           {"https://example.org/x", part(nil, nil), "https:", "/example.org/x", nil},
		"a URL of another server": {"https://other.org/key", part(nil, nil), "", "", []string{
			"Error: Import id of another server: The import id is a URL on the host other.org. The provider is " +
				"configured for the host example.org. If both are names of the same server, import by the id in the " +
				"URL instead."}},
	} {
		t.Run(name, func(t *testing.T) {
			r := connected(t, partType.Bind)
			var configured resource.ConfigureResponse
			r.Configure(t.Context(), resource.ConfigureRequest{ProviderData: 1}, &configured)
			var identity resource.IdentitySchemaResponse
			r.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &identity)
			req := resource.ImportStateRequest{
				ID:       test.id,
				Identity: &tfsdk.ResourceIdentity{Schema: identity.IdentitySchema, Raw: test.identity},
			}
			resp := resource.ImportStateResponse{
				State:    tfsdk.State{Schema: partType.Schema(), Raw: part(nil, nil)},
				Identity: &tfsdk.ResourceIdentity{Schema: identity.IdentitySchema, Raw: part(nil, nil)},
			}
			r.ImportState(t.Context(), req, &resp)
			wantStrings(t, texts(resp.Diagnostics), test.want...)
			want := part(nil, nil)
			if test.owner != "" {
				want = part(test.owner, test.part)
			}
			if !resp.State.Raw.Equal(want) || !resp.Identity.Raw.Equal(want) {
				t.Errorf("state %s, identity %s, want %s", resp.State.Raw, resp.Identity.Raw, want)
			}
		})
	}
}
