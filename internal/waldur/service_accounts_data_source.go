package waldur

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

type customerServiceAccountsDataModel struct {
	customerServiceAccountFilterModel
	ServiceAccounts []customerServiceAccountDataModel `tfsdk:"service_accounts"`
}

func (m *customerServiceAccountsDataModel) fromAPI(in []waldurapi.ServiceAccount) {
	m.ServiceAccounts = make([]customerServiceAccountDataModel, len(in))
	for i := range in {
		m.ServiceAccounts[i].fromAPI(&in[i])
	}
}

type projectServiceAccountsDataModel struct {
	projectServiceAccountFilterModel
	ServiceAccounts []projectServiceAccountDataModel `tfsdk:"service_accounts"`
}

func (m *projectServiceAccountsDataModel) fromAPI(in []waldurapi.ServiceAccount) {
	m.ServiceAccounts = make([]projectServiceAccountDataModel, len(in))
	for i := range in {
		m.ServiceAccounts[i].fromAPI(&in[i])
	}
}

// serviceAccountsDataSource lists the service accounts of a kind. M is its model.
func serviceAccountsDataSource[M any, P interface {
	*M
	scopedFilterModel
	fromAPI(in []waldurapi.ServiceAccount)
}](kind *serviceAccountKind) tfkit.DataSource[client, M] {
	attributes := tfkit.DataSourceFilters(kind.filters())
	attributes["service_accounts"] = schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: "The accounts.",
		NestedObject: schema.NestedAttributeObject{Attributes: kind.dataAttributes()},
	}
	return tfkit.DataSource[client, M]{
		Type: kind.typeName() + "s",
		Schema: schema.Schema{
			MarkdownDescription: fmt.Sprintf("Lists the service accounts of Waldur %ss that match all filters and "+
				"that the token may see, oldest first. All pages are read.", kind.scope),
			Attributes: attributes,
		},
		Read: reader[M, []waldurapi.ServiceAccount, P](
			func(ctx context.Context, c *client, m *M) ([]waldurapi.ServiceAccount, error) {
				return serviceAccounts{kind, c}.list(ctx, serviceAccountFilterToAPI(P(m)))
			},
			func(diags *diag.Diagnostics, err error) { kind.fail(diags, "list", "", err) },
		),
	}
}
