package decrypted_test

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// written has the secrets that the stand-ins got, by type.
type written struct {
	mu     sync.Mutex
	values map[string]string
}

func (w *written) set(typeName, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.values == nil {
		w.values = map[string]string{}
	}
	w.values[typeName] = value
}

// standIn is a provider with resources that have some of the arguments of the real ones.
type standIn struct {
	name      string
	resources []standInResource
}

// standIns serve what the guide uses of other providers.
func standIns(w *written) map[string]func() (tfprotov6.ProviderServer, error) {
	text, number := schema.StringAttribute{Required: true}, schema.Int64Attribute{Optional: true}
	secret := schema.StringAttribute{Optional: true, WriteOnly: true}
	id, flag := schema.StringAttribute{Computed: true}, schema.BoolAttribute{Optional: true}
	factories := map[string]func() (tfprotov6.ProviderServer, error){}
	for _, p := range []standIn{
		{"vault", []standInResource{{"vault_kv_secret_v2", "data_json_wo", schema.Schema{
			Attributes: map[string]schema.Attribute{
				"mount": text, "name": text, "data_json_wo": secret, "data_json_wo_version": number, "id": id,
			},
		}, w}}},
		{"aws", []standInResource{
			{"aws_secretsmanager_secret", "", schema.Schema{
				Attributes: map[string]schema.Attribute{"name": text, "id": id},
			}, w},
			{"aws_secretsmanager_secret_version", "secret_string_wo", schema.Schema{
				Attributes: map[string]schema.Attribute{
					"secret_id": text, "secret_string_wo": secret, "secret_string_wo_version": number, "id": id,
				},
			}, w},
		}},
		{"kubernetes", []standInResource{{"kubernetes_secret_v1", "data_wo", schema.Schema{
			Attributes: map[string]schema.Attribute{
				"data_wo":          schema.MapAttribute{ElementType: types.StringType, Optional: true, WriteOnly: true},
				"data_wo_revision": number, "id": id,
			},
			Blocks: map[string]schema.Block{"metadata": schema.ListNestedBlock{
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"name": text, "namespace": text,
				}},
			}},
		}, w}}},
		{"github", []standInResource{{"github_actions_secret", "value", schema.Schema{
			Attributes: map[string]schema.Attribute{
				"repository": text, "secret_name": text, "value": text, "id": id,
			},
		}, w}}},
		{"gitlab", []standInResource{{"gitlab_project_variable", "value", schema.Schema{
			Attributes: map[string]schema.Attribute{
				"project": text, "key": text, "value": text, "masked": flag, "protected": flag, "id": id,
			},
		}, w}}},
	} {
		factories[p.name] = providerserver.NewProtocol6WithError(&p)
	}
	return factories
}

func (p *standIn) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = p.name
}

func (p *standIn) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (p *standIn) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (p *standIn) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p *standIn) Resources(context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for _, r := range p.resources {
		all = append(all, func() resource.Resource { return &r })
	}
	return all
}

type standInResource struct {
	typeName, secret string // secret is the argument that takes it; "": there is none
	schema           schema.Schema
	written          *written
}

func (r *standInResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.typeName
}

func (r *standInResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema
}

func (r *standInResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	switch r.secret {
	case "":
	case "data_wo":
		var values map[string]string
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(r.secret), &values)...)
		r.written.set(r.typeName, values["api_key"])
	default:
		var value types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(r.secret), &value)...)
		r.written.set(r.typeName, value.ValueString())
	}
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), "1")...)
}

func (r *standInResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (r *standInResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

func (r *standInResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
