// Package secretstore is a provider for tests: a secret manager that takes secrets by a write-only argument, as
// the providers of Vault and of the clouds do, and keeps them in memory, or in a folder that the configuration
// names. The command terraform-provider-secretstore serves it to a CLI.
package secretstore

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
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
	// Folder has a file for each secret, "" for a store in memory.
	Folder string

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

// write replaces a secret. A null value removes it.
func (s *Store) write(name string, value types.String) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	if s.Folder != "" {
		return s.writeFile(name, value)
	}
	if value.IsNull() {
		delete(s.secrets, name)
		return nil
	}
	if s.secrets == nil {
		s.secrets = map[string]string{}
	}
	s.secrets[name] = value.ValueString()
	return nil
}

func (s *Store) writeFile(name string, value types.String) error {
	if filepath.Base(name) != name || !filepath.IsLocal(name) {
		return fmt.Errorf("%q can't be the name of a file", name)
	}
	file := filepath.Join(s.Folder, name)
	if value.IsNull() {
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	if err := os.MkdirAll(s.Folder, 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(value.ValueString()), 0o600)
}

// New returns the constructor of the provider, which writes to a store, unless the configuration names a folder.
func New(store *Store) func() provider.Provider {
	return func() provider.Provider { return &storeProvider{store} }
}

type storeProvider struct{ store *Store }

func (p *storeProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = Name
}

func (p *storeProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerschema.Schema{Attributes: map[string]providerschema.Attribute{
		"folder": providerschema.StringAttribute{Optional: true},
	}}
}

func (p *storeProvider) Configure(
	ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse,
) {
	var folder types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("folder"), &folder)...)
	resp.ResourceData = p.store
	if folder.ValueString() != "" {
		resp.ResourceData = &Store{Folder: folder.ValueString()}
	}
}

func (p *storeProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p *storeProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &secretResource{} }}
}

// secretResource is one secret. It writes its value when it is created and when the version changes.
type secretResource struct{ store *Store }

var _ resource.ResourceWithConfigure = (*secretResource)(nil)

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

// Configure implements resource.ResourceWithConfigure.
func (r *secretResource) Configure(
	_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse,
) {
	r.store, _ = req.ProviderData.(*Store) // nil before the provider is configured
}

// write writes the value of the model, and says what failed.
func (r *secretResource) write(m secretModel, diags *diag.Diagnostics) {
	if err := r.store.write(m.Name.ValueString(), m.Value); err != nil {
		diags.AddError("Secret not stored", err.Error())
	}
}

func (r *secretResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m secretModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.write(m, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
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
		if r.write(m, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
	}
	m.Value = types.StringNull()
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (r *secretResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m secretModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		r.write(secretModel{Name: m.Name}, &resp.Diagnostics)
	}
}
