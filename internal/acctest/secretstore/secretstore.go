// Package secretstore is a provider for tests: a secret manager that takes secrets by a write-only argument, as
// the providers of Vault and of the clouds do, and remembers them in memory. It is separate from tests, so that a
// program can serve it.
package secretstore

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Name is the local name of the provider.
const Name = "secretstore"

// Store has the secrets that configurations have handed over, by their names. The zero value is empty.
type Store struct {
	mu      sync.Mutex
	secrets map[string]string
	writes  int
}

// Secret returns a secret, and whether there is one. A null value is no secret.
func (s *Store) Secret(name string) (value string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok = s.secrets[name]
	return value, ok
}

// Writes returns how often a secret was written or removed.
func (s *Store) Writes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

func (s *Store) write(name string, value types.String) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	if value.IsNull() {
		delete(s.secrets, name)
		return
	}
	if s.secrets == nil {
		s.secrets = map[string]string{}
	}
	s.secrets[name] = value.ValueString()
}

// New returns the constructor of the provider, which writes to a store.
func New(store *Store) func() provider.Provider {
	return func() provider.Provider { return &storeProvider{store} }
}

type storeProvider struct{ store *Store }

func (p *storeProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = Name
}

func (p *storeProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (p *storeProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (p *storeProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p *storeProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &secretResource{p.store} }}
}

// secretResource is one secret. It writes its value when it is created and when the version changes.
type secretResource struct{ store *Store }

type secretModel struct {
	Name    types.String `tfsdk:"name"`
	Value   types.String `tfsdk:"value_wo"`
	Version types.Int64  `tfsdk:"value_wo_version"`
}

func (r *secretResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = Name + "_secret"
}

func (r *secretResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"value_wo":         schema.StringAttribute{Optional: true, WriteOnly: true},
		"value_wo_version": schema.Int64Attribute{Optional: true},
	}}
}

func (r *secretResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m secretModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.store.write(m.Name.ValueString(), m.Value)
	m.Value = types.StringNull()
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (r *secretResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (r *secretResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m secretModel
	var before types.Int64
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("value_wo_version"), &before)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !m.Version.Equal(before) {
		r.store.write(m.Name.ValueString(), m.Value)
	}
	m.Value = types.StringNull()
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (r *secretResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m secretModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		r.store.write(m.Name.ValueString(), types.StringNull())
	}
}
