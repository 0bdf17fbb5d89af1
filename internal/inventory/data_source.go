// Package inventory is the data source of all accounts and keys of all systems. It knows no system.
package inventory

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/bulk"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// New returns the constructor of the data source. All instances that it constructs share reads.
func New(systems []tfkit.System) func() datasource.DataSource {
	sources := make([]source, len(systems))
	for i, s := range systems {
		read := func(ctx context.Context) (content, error) {
			var c content
			c.rows, c.configured = s.Inventory(ctx, &c.diags)
			return c, ctx.Err()
		}
		sources[i] = source{s.Block, s.Title, s.InventoryAbout, &bulk.Fresh[content]{Read: read}}
	}
	return func() datasource.DataSource { return &dataSource{sources: sources} }
}

// source is a system with its rows.
type source struct {
	name, title, about string

	content *bulk.Fresh[content]
}

// content is what a system has, or the errors of the attempt to read it.
type content struct {
	rows       []tfkit.InventoryRow
	configured bool
	diags      diag.Diagnostics
}

type dataSource struct {
	sources []source
	clock   tfkit.Clock
}

var _ datasource.DataSourceWithConfigure = &dataSource{}

func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "svcacct_inventory"
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = inventorySchema(d.sources)
}

func (d *dataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse,
) {
	if data, ok := req.ProviderData.(*tfkit.Data); ok {
		d.clock = data.Clock
	}
}

// Read reads all systems at the same time, each by new requests.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	selected := d.selected(m)
	contents := readAll(ctx, selected, &resp.Diagnostics)
	m.Rows = []rowModel{}
	configured := false
	for i, c := range contents {
		resp.Diagnostics.Append(c.diags...)
		configured = configured || c.configured
		if !c.configured && !m.Systems.IsNull() {
			resp.Diagnostics.AddAttributeError(path.Root("systems"), "Missing provider configuration", fmt.Sprintf(
				"%s is one of the systems, but it is not configured.", selected[i].title))
		}
		m.add(selected[i].name, c.rows, d.clock())
	}
	if !configured && m.Systems.IsNull() && !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddError("Missing provider configuration", "No system is configured, so that the inventory "+
			"would be empty. Configure a system in the provider block or by its environment variables.")
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
	}
}

// selected returns the systems that a configuration asks for.
func (d *dataSource) selected(m model) []source {
	names := tfkit.Strings(m.Systems)
	return slices.DeleteFunc(slices.Clone(d.sources), func(s source) bool {
		return !m.Systems.IsNull() && !slices.Contains(names, s.name)
	})
}

// readAll returns what the systems have, in their order.
func readAll(ctx context.Context, sources []source, diags *diag.Diagnostics) []content {
	contents, errs := make([]content, len(sources)), make([]error, len(sources))
	var all sync.WaitGroup
	for i, s := range sources {
		all.Go(func() {
			var c *content
			if c, errs[i] = s.content.Get(ctx); c != nil {
				contents[i] = *c
			}
		})
	}
	all.Wait()
	for i, err := range errs {
		if err != nil {
			contents[i].configured = true // it is not known
			diags.AddError("Unable to list the accounts of "+sources[i].title, err.Error())
		}
	}
	return contents
}
