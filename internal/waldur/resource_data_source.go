package waldur

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// resourceDataSource looks a marketplace resource up.
type resourceDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSourceWithConfigure        = &resourceDataSource{}
	_ datasource.DataSourceWithConfigValidators = &resourceDataSource{}
)

func newResourceDataSource(c *connection) datasource.DataSource {
	return &resourceDataSource{dataSourceBase{base{Connection: c}}}
}

type resourceModel struct {
	UUID         tfkit.UUID     `tfsdk:"uuid"`
	Name         types.String   `tfsdk:"name"`
	View         types.String   `tfsdk:"view"`
	States       []types.String `tfsdk:"states"`
	ProjectUUID  tfkit.UUID     `tfsdk:"project_uuid"`
	CustomerUUID tfkit.UUID     `tfsdk:"customer_uuid"`
	ProviderUUID tfkit.UUID     `tfsdk:"provider_uuid"`
	OfferingUUID tfkit.UUID     `tfsdk:"offering_uuid"`
	OfferingName types.String   `tfsdk:"offering_name"`
	Slug         types.String   `tfsdk:"slug"`
	State        types.String   `tfsdk:"state"`
	BackendID    types.String   `tfsdk:"backend_id"`
}

func (m *resourceModel) fromAPI(in *waldurapi.Resource) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.Name = types.StringValue(in.Name)
	m.ProjectUUID = tfkit.UUIDOrNull(in.ProjectUUID)
	m.CustomerUUID = tfkit.UUIDOrNull(in.CustomerUUID)
	m.ProviderUUID = tfkit.UUIDOrNull(in.ProviderUUID)
	m.OfferingUUID = tfkit.UUIDOrNull(in.OfferingUUID)
	m.OfferingName = tfkit.StringOrNull(in.OfferingName)
	m.Slug = tfkit.StringOrNull(in.Slug)
	m.State = tfkit.StringOrNull(in.State)
	m.BackendID = tfkit.StringOrNull(in.BackendID)
}

// The sides from which a resource is seen.
const (
	providerSide = "provider"
	consumerSide = "consumer"
)

func (m *resourceModel) view() waldurapi.ResourceView {
	if m.View.ValueString() == consumerSide {
		return waldurapi.ConsumerView
	}
	return waldurapi.ProviderView
}

func (m *resourceModel) toAPI() waldurapi.ResourceFilter {
	filter := waldurapi.ResourceFilter{
		Name: m.Name.ValueString(), ProjectUUID: m.ProjectUUID.Canonical(), CustomerUUID: m.CustomerUUID.Canonical(),
		ProviderUUID: m.ProviderUUID.Canonical(), OfferingUUID: m.OfferingUUID.Canonical(),
	}
	for _, state := range m.States {
		filter.States = append(filter.States, state.ValueString())
	}
	if len(filter.States) == 0 {
		filter.States = slices.DeleteFunc(slices.Clone(waldurapi.ResourceStates), func(state string) bool { return state == waldurapi.ResourceTerminated })
	}
	return filter
}

func (d *resourceDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "svcacct_waldur_resource"
}

func (d *resourceDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	narrowing := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			CustomType: tfkit.UUIDType{}, Optional: true, Computed: true,
			MarkdownDescription: description + " When set, only its resources are searched for the name.",
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A marketplace resource of Waldur, looked up by its `uuid`, or by its exact `name`, best together with further filters. " +
			"Several resources of that name are an error that lists them.",
		Attributes: map[string]schema.Attribute{
			"uuid": uuidAttribute("resource"),
			"name": nameAttribute("resource"),
			"view": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(providerSide, consumerSide)},
				MarkdownDescription: "From which side to look: `provider`, as those see it who provide it, or `consumer`, as those who use it. Default: `provider`.",
			},
			"states": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.OneOf(waldurapi.ResourceStates...))},
				MarkdownDescription: "Only resources in one of these states: `" + strings.Join(waldurapi.ResourceStates, "`, `") + "`. Default: all but `Terminated`.",
			},
			"project_uuid":  narrowing("UUID of the project that uses the resource."),
			"customer_uuid": narrowing("UUID of the customer that uses the resource."),
			"provider_uuid": narrowing("UUID of the customer that provides the resource."),
			"offering_uuid": narrowing("UUID of the offering that the resource comes from."),
			"offering_name": text("Name of that offering."),
			"slug":          text("Short name of the resource in addresses."),
			"state":         text("State of the resource."),
			"backend_id":    text("Identifier of the resource in another system."),
		},
	}
}

func (d *resourceDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	validators := uuidOrName()
	for _, filter := range []string{"states", "project_uuid", "customer_uuid", "provider_uuid", "offering_uuid"} {
		validators = append(validators, datasourcevalidator.Conflicting(path.MatchRoot("uuid"), path.MatchRoot(filter)))
	}
	return validators
}

func (d *resourceDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := d.find(ctx, m)
	if err != nil {
		tfkit.Failure{Doing: "read Waldur resource", Hint: hintOn(err)}.Add(&resp.Diagnostics, err)
		return
	}
	m.fromAPI(found)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (d *resourceDataSource) find(ctx context.Context, m resourceModel) (*waldurapi.Resource, error) {
	if !m.UUID.IsNull() {
		return d.Client.Resources.Get(ctx, m.view(), m.UUID.Canonical())
	}
	found, err := d.Client.Resources.List(ctx, m.view(), m.toAPI())
	if err != nil {
		return nil, err
	}
	return tfkit.Only(found, fmt.Sprintf("resource named %s", m.Name), "uuid", func(r waldurapi.Resource) string {
		return fmt.Sprintf("%s (%s, of project %s, from %q)", r.UUID, r.State, r.ProjectUUID, r.OfferingName)
	})
}
