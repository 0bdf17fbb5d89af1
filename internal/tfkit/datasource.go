package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// DataSource describes a data source: C is the client of its system, M the model of its
// configuration and state.
type DataSource[C, M any] struct {
	Type       string // the full name of its type
	Schema     schema.Schema
	Validators []datasource.ConfigValidator
	// Read completes a model that holds the configuration. An error in diags leaves the state null.
	Read func(ctx context.Context, client *C, m *M, diags *diag.Diagnostics)
}

// New constructs the data source. It is an entry of Definition.DataSources.
func (d DataSource[C, M]) New(connection *Connection[C]) datasource.DataSource {
	return &dataSource[C, M]{DataSourceBase[C]{Base[C]{Connection: connection}}, d}
}

type dataSource[C, M any] struct {
	DataSourceBase[C]
	definition DataSource[C, M]
}

func (d *dataSource[C, M]) Metadata(
	_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = d.definition.Type
}

func (d *dataSource[C, M]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.definition.Schema
}

func (d *dataSource[C, M]) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return d.definition.Validators
}

func (d *dataSource[C, M]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m M
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	d.definition.Read(ctx, d.Client, &m, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
	}
}
