package waldur

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// serviceAccountDataSource reads one service account of a kind. M is its model.
func serviceAccountDataSource[M any, P interface {
	*M
	scopedDataModel
}](kind *serviceAccountKind) tfkit.DataSource[client, M] {
	return tfkit.DataSource[client, M]{
		Type: kind.typeName(), Schema: kind.dataSchema(),
		Validators: oneKey([]string{"uuid", "username", "preferred_identifier"}, kind.scopeAttribute()),
		Read: reader[M, *waldurapi.ServiceAccount, P](
			func(ctx context.Context, c *client, m *M) (*waldurapi.ServiceAccount, error) {
				return serviceAccounts{kind, c}.find(ctx, P(m))
			},
			func(diags *diag.Diagnostics, err error) { kind.fail(diags, "read", "", err) },
		),
	}
}

func (k *serviceAccountKind) dataSchema() schema.Schema {
	attributes := k.dataAttributes()
	inScope := stringvalidator.AlsoRequires(path.MatchRoot(k.scopeAttribute()))
	attributes["uuid"] = uuidKey("account")
	attributes[k.scopeAttribute()] = uuidKey(k.scope + " that the account belongs to")
	attributes["username"] = keyAttribute(nil, serviceAccountDescriptions["username"], inScope)
	attributes["preferred_identifier"] = keyAttribute(nil, serviceAccountDescriptions["preferred_identifier"], inScope)
	return schema.Schema{
		MarkdownDescription: fmt.Sprintf("Reads a service account of a Waldur %s: by its `uuid`, or by its "+
			"`username` or `preferred_identifier` together with `%s`. The API key is not included: Waldur does not "+
			"return it again.", k.scope, k.scopeAttribute()),
		Attributes: attributes,
	}
}
