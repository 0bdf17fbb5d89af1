package wavefront

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

type tokenFilterModel struct {
	ServiceAccount types.String `tfsdk:"service_account"`
}

var tokenListResource = listResource[tokenFilterModel]{
	Type: tokenType,
	Schema: schema.Schema{
		MarkdownDescription: shutDown + "Finds tokens of Wavefront service accounts for `terraform query`, without " +
			"their values. An import reads the value.\n\nTokens that no resource can manage are left out: without a " +
			"name, of a name that several tokens of the account have, and previous and temporary tokens. An import " +
			"of a token takes in its previous token.",
		Attributes: tfkit.ListFilters(map[string]tfkit.Filter{
			"service_account": {
				Description: "Only tokens of the account with this identifier. Default: the tokens of all accounts.",
				Validators:  validIdentifier,
			},
		}),
	},
	List: listTokens,
}

func listTokens(
	ctx context.Context, client *client, m *tokenFilterModel, diags *diag.Diagnostics,
) (listed []tfkit.Listed) {
	accounts, err := m.accounts(ctx, serviceAccounts{client})
	if err != nil {
		fail(diags, "list Wavefront service account tokens", m.ServiceAccount.ValueString(), err)
	}
	for _, account := range accounts {
		for _, token := range tokenList(account.Tokens).importable() {
			m := importedToken(account.Identifier, &token)
			listed = append(listed, tfkit.Listed{DisplayName: m.ID.ValueString(), Model: m})
		}
	}
	return listed
}

// accounts returns the accounts whose tokens are listed. A read of an account has its tokens too.
func (m *tokenFilterModel) accounts(ctx context.Context, all serviceAccounts) ([]wavefrontapi.ServiceAccount, error) {
	if m.ServiceAccount.IsNull() {
		return all.list(ctx, nil)
	}
	account, err := all.get(ctx, m.ServiceAccount.ValueString())
	if err != nil {
		return nil, err
	}
	return []wavefrontapi.ServiceAccount{*account}, nil
}

// importable returns the tokens that a configuration can name.
func (l tokenList) importable() tokenList {
	return slices.DeleteFunc(slices.Clone(l), func(token wavefrontapi.Token) bool {
		unfit := token.Name == "" || token.Name != strings.TrimSpace(token.Name) || reserved(token.Name)
		return unfit || len(l.named(token.Name)) > 1
	})
}

// importedToken returns the model that an import would write to the state, without the key: the
// output of a query goes into files.
func importedToken(account string, token *wavefrontapi.Token) *tokenResourceModel {
	m := tokenResourceModel{ServiceAccount: types.StringValue(account), Name: types.StringValue(token.Name)}
	m.ID = tokenID(m.ServiceAccount, m.Name)
	m.OverlappingKey = rotation.ImportedKey(tfkit.MillisOrNull(token.DateGenerated))
	return &m
}
