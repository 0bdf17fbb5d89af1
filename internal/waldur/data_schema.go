package waldur

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// reader returns the Read of a data source, which fills the model M from the result of find.
func reader[M, T any, P interface {
	*M
	fromAPI(in T)
}](
	find func(ctx context.Context, c *client, m *M) (T, error),
	fail func(diags *diag.Diagnostics, err error),
) func(context.Context, *client, *M, *diag.Diagnostics) {
	return func(ctx context.Context, c *client, m *M, diags *diag.Diagnostics) {
		found, err := find(ctx, c, m)
		if err != nil {
			fail(diags, err)
			return
		}
		P(m).fromAPI(found)
	}
}

// failLookup reports that an object can't be read. The thing is its name in texts.
func failLookup(thing string) func(*diag.Diagnostics, error) {
	return func(diags *diag.Diagnostics, err error) {
		fail(diags, tfkit.Failure{Doing: "read Waldur " + thing}, err)
	}
}

// oneKey requires exactly one of the keys by which an object is looked up, and refuses filters
// beside uuid.
func oneKey(keys []string, filters ...string) []datasource.ConfigValidator {
	expressions := make([]path.Expression, len(keys))
	for i, key := range keys {
		expressions[i] = path.MatchRoot(key)
	}
	validators := []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(expressions...)}
	for _, filter := range filters {
		validators = append(validators, datasourcevalidator.Conflicting(path.MatchRoot("uuid"), path.MatchRoot(filter)))
	}
	return validators
}

// keyAttribute is an attribute by which an object can be looked up.
func keyAttribute(kind basetypes.StringTypable, description string, more ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		CustomType: kind, Optional: true, Computed: true, MarkdownDescription: description,
		Validators: slices.Concat(tfkit.NotEmpty, more),
	}
}

func uuidKey(thing string) schema.StringAttribute {
	return keyAttribute(tfkit.UUIDType{}, fmt.Sprintf("UUID of the %s, with or without hyphens.", thing))
}

func nameKey(thing string) schema.StringAttribute {
	return keyAttribute(nil, fmt.Sprintf("Exact name of the %s.", thing))
}

// computed is a text that the server returns. A kind nil is the framework's own string.
func computed(kind basetypes.StringTypable, description string) schema.StringAttribute {
	return schema.StringAttribute{CustomType: kind, Computed: true, MarkdownDescription: description}
}

func computedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
}

func maxServiceAccounts(thing string) schema.Int64Attribute {
	return schema.Int64Attribute{
		Computed: true,
		MarkdownDescription: fmt.Sprintf("How many service accounts the %s may have. Waldur's default is 0. Null if "+
			"there is no limit, but also if the server does not return the limit, as servers of 2024 don't: null "+
			"alone does not say that there is no limit.", thing),
	}
}
