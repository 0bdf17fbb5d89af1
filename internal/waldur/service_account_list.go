package waldur

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceAccountListResource finds the service accounts of a kind for terraform query. M is the
// model of its filter.
func serviceAccountListResource[M any, P interface {
	*M
	scopedFilterModel
}](kind *serviceAccountKind) tfkit.ListResource[client, M] {
	return tfkit.ListResource[client, M]{
		Type: kind.typeName(),
		Schema: schema.Schema{
			MarkdownDescription: fmt.Sprintf("Finds service accounts of Waldur %ss for `terraform query`, "+
				"oldest first.", kind.scope),
			Attributes: tfkit.ListFilters(kind.filters()),
		},
		List: func(ctx context.Context, c *client, m *M, diags *diag.Diagnostics) []tfkit.Listed {
			found, err := serviceAccounts{kind, c}.list(ctx, serviceAccountFilterToAPI(P(m)))
			if err != nil {
				kind.fail(diags, "list", "", err)
			}
			listed := make([]tfkit.Listed, len(found))
			for i := range found {
				model := kind.newModel()
				model.account().Key = rotation.NoKey()
				kind.refresh(model, &found[i])
				name := cmp.Or(found[i].Username, found[i].Identifier(), found[i].UUID)
				listed[i] = tfkit.Listed{DisplayName: name, Model: model}
			}
			return listed
		},
	}
}
