package inventory

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// inventorySchema is the schema of the data source for some systems.
func inventorySchema(systems []string) schema.Schema {
	duration := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			CustomType: tfkit.DurationType{}, Optional: true, MarkdownDescription: description,
			Validators: []validator.String{tfkit.DurationAtLeast(time.Minute)},
		}
	}
	return schema.Schema{
		MarkdownDescription: "Lists all accounts and keys that the credentials of the provider may see, over all " +
			"systems: one table for `check` blocks and reports. It holds no value of a key.\n\n" +
			"A system that is not configured is left out. If a system that is configured can't be read, that is an " +
			"error: a table without its rows would prove nothing. Each read asks the servers anew: Waldur three " +
			"lists, Wavefront and Instaclustr one list each. Several of these data sources that Terraform reads at " +
			"the same time share these requests, whatever their filters are.\n\n" +
			"The keys of Waldur have no rows of their own: a service account has one key, which the server does " +
			"not list, and the SSH keys of a robot account are counted in `key_count`.",
		Attributes: map[string]schema.Attribute{
			"systems": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(),
					setvalidator.ValueStringsAre(stringvalidator.OneOf(systems...)),
				},
				MarkdownDescription: fmt.Sprintf("Only these systems: `%s`. A system in this list must be configured. "+
					"Default: all systems that are configured.", strings.Join(systems, "`, `")),
			},
			"older_than": duration("Only rows that were `created` at least this long ago, as a duration such as " +
				"`2160h`. Rows without `created` stay, with `undecided = true`."),
			"unused_for": duration("Only rows that were not used for this long, as a duration such as `720h`. Rows " +
				"without `last_used` stay, with `undecided = true`, unless they were `created` later than that."),
			"rows": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The accounts and keys, sorted by `system`, `kind` and `id`.",
				NestedObject:        schema.NestedAttributeObject{Attributes: rowAttributes()},
			},
		},
	}
}

func rowAttributes() map[string]schema.Attribute {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	moment := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			CustomType: timetypes.RFC3339Type{}, Computed: true, MarkdownDescription: description,
		}
	}
	return map[string]schema.Attribute{
		"system": text("System: the name of its block in the provider block, such as `waldur`."),
		"kind": text("Kind of the object: the name of the resource that manages such objects, without `svcacct_` " +
			"and the system, such as `robot_account` or `service_account_token`."),
		"id": text("The `id` that a resource of this object has. Null for a Wavefront token without a name, which no " +
			"resource can manage. Several Wavefront tokens of an account may have the same name, and then the same id."),
		"account": text("For a key, the `id` of its account. Null for an account."),
		"name": text("Name: of a service account of Waldur its username, of a robot account its username or else its " +
			"type, of a token its name, of an API key of Instaclustr its type."),
		"state": text("State of a Waldur account, such as `OK` or `Erred`. Null for the other systems, and for robot " +
			"accounts on a server that keeps no states."),
		"active": schema.BoolAttribute{
			Computed: true, MarkdownDescription: "Whether a Wavefront account is active; for a token, whether its " +
				"account is. Null for the other systems.",
		},
		"key_count": schema.Int64Attribute{
			Computed: true, MarkdownDescription: "How many keys an account has: tokens of a Wavefront account, API keys " +
				"of a service user of Instaclustr, SSH keys of a robot account. Null for a key, and for a service " +
				"account of Waldur, which has one key.",
		},
		"last_used": moment("When a Wavefront account or token was last used, in RFC 3339. Null if it never was, and " +
			"for the other systems."),
		"created": moment("When a Waldur account or a Wavefront token was created, in RFC 3339. Null for Wavefront " +
			"accounts, and for everything of Instaclustr: the servers do not return it. The time of a Waldur " +
			"account is not that of its current key."),
		"age": schema.StringAttribute{
			CustomType: tfkit.DurationType{}, Computed: true,
			MarkdownDescription: "Time since `created` as a duration in whole hours, such as `2160h`. Null without " +
				"`created`.",
		},
		"undecided": schema.BoolAttribute{
			Computed: true, MarkdownDescription: "Whether a filter could not judge this row, because the server does " +
				"not return what the filter needs.",
		},
	}
}
