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
func inventorySchema(sources []source) schema.Schema {
	systems, about := make([]string, len(sources)), make([]string, len(sources))
	for i, s := range sources {
		systems[i], about[i] = s.name, fmt.Sprintf("- **%s**: %s", s.title, s.about)
	}
	duration := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			CustomType: tfkit.DurationType{}, Optional: true, MarkdownDescription: description,
			Validators: []validator.String{tfkit.DurationAtLeast(time.Minute)},
		}
	}
	return schema.Schema{
		MarkdownDescription: "Lists all accounts and keys that the credentials of the provider may see, over all " +
			"systems: one table for `check` blocks and reports. It holds no value of a key.\n\n" +
			"A system that is not configured is left out: neither by a block in the provider block nor by all its " +
			"environment variables. If a system that is configured can't be read, that is an error: a table without " +
			"its rows would prove nothing. Each read asks the servers anew. Several of " +
			"these data sources that Terraform reads at the same time share the requests, whatever their filters " +
			"are. Inside a `check` block, Terraform reads a data source again in each apply, and each plan " +
			"announces that: `plan -detailed-exitcode` ends with 2 though nothing changes.\n\n" +
			"What a server does not return is null:\n\n" + strings.Join(about, "\n"),
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
				MarkdownDescription: "The accounts and keys by system, sorted by `kind` and `id`.",
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
		"system": text("System: the name of its block in the provider block."),
		"kind": text("Kind of the object: the type of the resource that manages such objects, without `svcacct_` and " +
			"the system."),
		"id":      text("The `id` that a resource of this object has."),
		"account": text("For a key, the `id` of its account. Null for an account."),
		"name":    text("Name of the object, for people."),
		"state":   text("State of the account, as its server names it."),
		"active": schema.BoolAttribute{
			Computed: true, MarkdownDescription: "Whether the account is active; for a key, whether its account is.",
		},
		"key_count": schema.Int64Attribute{
			Computed: true, MarkdownDescription: "How many keys the account has. Null for a key.",
		},
		"last_used": moment("When the account or the key was last used, in RFC 3339."),
		"created":   moment("When the account or the key was created, in RFC 3339."),
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
