package instaclustr

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// apiKeyDataSource reads one API key, but for its secret.
type apiKeyDataSource struct{ dataSourceBase }

var _ datasource.DataSourceWithConfigure = &apiKeyDataSource{}

func newAPIKeyDataSource(c *connection) datasource.DataSource {
	return &apiKeyDataSource{dataSourceBase{base{Connection: c}}}
}

func (d *apiKeyDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = apiKeyType
}

func (d *apiKeyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes, about := apiKeyAttributes(), apiKeyDescriptions
	attributes["username"] = schema.StringAttribute{Required: true, Validators: usernameChecks(), MarkdownDescription: about["username"]}
	attributes["key_type"] = schema.StringAttribute{Required: true, Validators: keyTypeChecks(), MarkdownDescription: about["key_type"]}
	resp.Schema = schema.Schema{
		MarkdownDescription: "An API key of a service user of NetApp Instaclustr, as far as the service shows it: neither the key itself nor its allow list can be read.",
		Attributes:          attributes,
	}
}

func (d *apiKeyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m apiKey
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	username, kind := m.Username.ValueString(), m.KeyType.ValueString()
	key, err := serviceUsers{d.Client}.key(ctx, username, kind)
	if err == nil && key == nil {
		err = fmt.Errorf("the service user %q has no API key of type %q", username, kind)
	}
	if err != nil {
		failAPIKey(&resp.Diagnostics, "read", keyID(username, kind), err)
		return
	}
	m.fromAPI(username, *key)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// apiKeyAttributes returns the attributes of a key, all computed.
func apiKeyAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, name := range []string{"id", "username", "key_type", "masked_key", "account"} {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: apiKeyDescriptions[name]}
	}
	return attributes
}

// apiKeyFilter narrows a list of keys.
type apiKeyFilter struct {
	Username types.String `tfsdk:"username"`
	KeyType  types.String `tfsdk:"key_type"`
}

var apiKeyFilters = map[string]string{
	"username": "Only keys of the service user with this name.",
	"key_type": "Only keys of this type.",
}

// apiKeysDataSource lists API keys.
type apiKeysDataSource struct{ dataSourceBase }

var _ datasource.DataSourceWithConfigure = &apiKeysDataSource{}

func newAPIKeysDataSource(c *connection) datasource.DataSource {
	return &apiKeysDataSource{dataSourceBase{base{Connection: c}}}
}

func (d *apiKeysDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = apiKeyType + "s"
}

func (d *apiKeysDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"api_keys": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "The keys.", NestedObject: schema.NestedAttributeObject{Attributes: apiKeyAttributes()},
		},
	}
	for name, description := range apiKeyFilters {
		attributes[name] = schema.StringAttribute{Optional: true, Validators: notEmpty, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "All API keys of the service users that the credential may see, ordered by user name and type, as far as the service shows them: neither the keys " +
			"themselves nor their allow lists can be read. One request reads them all.",
		Attributes: attributes,
	}
}

func (d *apiKeysDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m struct {
		apiKeyFilter
		APIKeys []apiKey `tfsdk:"api_keys"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := d.Client.ServiceUsers.List(ctx)
	if err != nil {
		failAPIKey(&resp.Diagnostics, "list", "", err)
		return
	}
	m.APIKeys = apiKeysOf(found, m.Username.ValueString(), m.KeyType.ValueString())
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
