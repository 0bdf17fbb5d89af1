package waldur

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

type resourceDataModel struct {
	UUID         tfkit.UUID   `tfsdk:"uuid"`
	Name         types.String `tfsdk:"name"`
	View         types.String `tfsdk:"view"`
	States       types.Set    `tfsdk:"states"`
	ProjectUUID  tfkit.UUID   `tfsdk:"project_uuid"`
	CustomerUUID tfkit.UUID   `tfsdk:"customer_uuid"`
	ProviderUUID tfkit.UUID   `tfsdk:"provider_uuid"`
	OfferingUUID tfkit.UUID   `tfsdk:"offering_uuid"`
	OfferingName types.String `tfsdk:"offering_name"`
	Slug         types.String `tfsdk:"slug"`
	State        types.String `tfsdk:"state"`
	BackendID    types.String `tfsdk:"backend_id"`
}

func (m *resourceDataModel) fromAPI(in *waldurapi.Resource) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.Name = tfkit.OrPrior(tfkit.StringOrNull(in.Name), m.Name)
	m.ProjectUUID = tfkit.OrPrior(tfkit.UUIDOrNull(in.ProjectUUID), m.ProjectUUID)
	m.CustomerUUID = tfkit.OrPrior(tfkit.UUIDOrNull(in.CustomerUUID), m.CustomerUUID)
	m.ProviderUUID = tfkit.OrPrior(tfkit.UUIDOrNull(in.ProviderUUID), m.ProviderUUID)
	m.OfferingUUID = tfkit.OrPrior(tfkit.UUIDOrNull(in.OfferingUUID), m.OfferingUUID)
	m.OfferingName = tfkit.StringOrNull(in.OfferingName)
	m.Slug = tfkit.StringOrNull(in.Slug)
	m.State = tfkit.StringOrNull(in.State)
	m.BackendID = tfkit.StringOrNull(in.BackendID)
}

// views are the values of view.
var views = map[string]waldurapi.ResourceView{
	"provider": waldurapi.ProviderView, "consumer": waldurapi.ConsumerView,
}

// otherView has, for each value of view, the other value.
var otherView = map[string]string{"provider": "consumer", "consumer": "provider"}

func (m *resourceDataModel) toAPI() waldurapi.ResourceFilter {
	states := tfkit.Strings(m.States)
	if len(states) == 0 {
		states = slices.DeleteFunc(slices.Clone(waldurapi.ResourceStates), func(state string) bool {
			return state == waldurapi.ResourceTerminated
		})
	}
	return waldurapi.ResourceFilter{
		Name: m.Name.ValueString(), States: states,
		ProjectUUID: m.ProjectUUID.Canonical(), CustomerUUID: m.CustomerUUID.Canonical(),
		ProviderUUID: m.ProviderUUID.Canonical(), OfferingUUID: m.OfferingUUID.Canonical(),
	}
}

// resourceDataSource looks a marketplace resource up.
var resourceDataSource = tfkit.DataSource[client, resourceDataModel]{
	Type:   "svcacct_waldur_resource",
	Schema: resourceDataSchema(),
	Validators: oneKey([]string{"uuid", "name"},
		"states", "project_uuid", "customer_uuid", "provider_uuid", "offering_uuid"),
	Read: reader(findResource, failLookup("resource")),
}

func resourceDataSchema() schema.Schema {
	filter := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			CustomType: tfkit.UUIDType{}, Optional: true, Computed: true,
			MarkdownDescription: description + " If set, only resources with this value are searched for the name.",
		}
	}
	return schema.Schema{
		MarkdownDescription: "Reads a marketplace resource of Waldur, by its `uuid` or by its exact `name`. Set " +
			"further filters together with `name` if several resources have this name: otherwise the error lists " +
			"them. A token of the provider of a resource does not see the customer and the project that use the " +
			"resource: their UUIDs are `customer_uuid` and `project_uuid`.",
		Attributes: map[string]schema.Attribute{
			"uuid": uuidKey("resource"),
			"name": nameKey("resource"),
			"view": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf("provider", "consumer")},
				MarkdownDescription: "Which resources to search: `provider` for resources that the token's user " +
					"provides, `consumer` for resources that the token's user may use. Default: `provider`.",
			},
			"states": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(),
					setvalidator.ValueStringsAre(stringvalidator.OneOf(waldurapi.ResourceStates...)),
				},
				MarkdownDescription: "Only resources in one of these states: `" +
					strings.Join(waldurapi.ResourceStates, "`, `") + "`. Default: all but `Terminated`.",
			},
			"project_uuid":  filter("UUID of the project that uses the resource."),
			"customer_uuid": filter("UUID of the customer that uses the resource."),
			"provider_uuid": filter("UUID of the customer that provides the resource."),
			"offering_uuid": filter("UUID of the offering that the resource comes from."),
			"offering_name": computed(nil, "Name of the offering."),
			"slug":          computed(nil, "Short name of the resource in URLs."),
			"state":         computed(nil, "State of the resource, such as `OK`."),
			"backend_id":    computed(nil, "Identifier of the resource in another system."),
		},
	}
}

func findResource(ctx context.Context, c *client, m *resourceDataModel) (*waldurapi.Resource, error) {
	view := cmp.Or(m.View.ValueString(), "provider")
	found, err := m.find(ctx, c, view)
	if !foundNothing(err) {
		return found, err
	}
	return nil, tfkit.WithHints(err, m.hints(ctx, c, otherView[view])...)
}

// find looks for the resource in a view.
func (m *resourceDataModel) find(ctx context.Context, c *client, view string) (*waldurapi.Resource, error) {
	if !m.UUID.IsNull() {
		return resources{c}.get(ctx, views[view], m.UUID.Canonical())
	}
	return resources{c}.byName(ctx, views[view], m.toAPI())
}

// hints returns where else to look for a resource that one view does not show. It asks the other view.
func (m *resourceDataModel) hints(ctx context.Context, c *client, other string) []string {
	const sight = `With view = "provider", a token sees the resources that customers of its user provide, with ` +
		`view = "consumer" the resources of the projects in which, or in whose customer, its user has a role.`
	elsewhere := fmt.Sprintf("Perhaps it is visible with view = %q.", other)
	switch _, err := m.find(ctx, c, other); {
	case err == nil:
		return []string{fmt.Sprintf("It is visible with view = %q.", other)}
	case foundNothing(err):
		elsewhere = fmt.Sprintf("It is not visible with view = %q either.", other)
	}
	hints := []string{elsewhere + " " + sight}
	if m.UUID.IsNull() && m.States.IsNull() {
		hints = append(hints, `Terminated resources are searched only if states has "Terminated".`)
	}
	return hints
}
