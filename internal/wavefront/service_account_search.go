package wavefront

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// condition is one condition of a search.
type condition struct {
	Key            types.String   `tfsdk:"key"`
	Values         []types.String `tfsdk:"values"`
	MatchingMethod types.String   `tfsdk:"matching_method"`
	Negated        types.Bool     `tfsdk:"negated"`
}

var matchingMethods = []string{wavefrontapi.Contains, wavefrontapi.StartsWith, wavefrontapi.Exact}

var searchDescriptions = map[string]string{
	"search": "Only accounts that fulfil all these conditions. Wavefront's search may lag behind a change by a moment; without conditions, the accounts are " +
		"listed, which does not.",
	"key":             "Member of the account as the Wavefront API names it, such as `identifier` or `description`.",
	"values":          "Values, one of which must match.",
	"matching_method": "`CONTAINS` (default), `STARTSWITH` or `EXACT`.",
	"negated":         "Whether the condition must not be fulfilled. Default: `false`.",
}

// findServiceAccounts returns the accounts that fulfil the conditions, by identifier.
func findServiceAccounts(ctx context.Context, client *wavefrontapi.Client, search []condition) ([]wavefrontapi.ServiceAccount, error) {
	conditions := make([]wavefrontapi.Condition, len(search))
	for i, c := range search {
		conditions[i] = wavefrontapi.Condition{Key: c.Key.ValueString(), MatchingMethod: c.MatchingMethod.ValueString(), Negated: c.Negated.ValueBool()}
		for _, value := range c.Values {
			conditions[i].Values = append(conditions[i].Values, value.ValueString())
		}
	}
	var found []wavefrontapi.ServiceAccount
	var err error
	if len(conditions) == 0 {
		found, err = client.ServiceAccounts.List(ctx)
	} else {
		found, err = client.ServiceAccounts.Search(ctx, conditions)
	}
	slices.SortFunc(found, func(a, b wavefrontapi.ServiceAccount) int { return strings.Compare(a.Identifier, b.Identifier) })
	return found, err
}
