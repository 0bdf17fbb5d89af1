package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var tokenDataSource = dataSource[tokenDataModel]{
	Type:   tokenType,
	Schema: tokenDataSourceSchema(),
	Read: func(ctx context.Context, client *client, m *tokenDataModel, diags *diag.Diagnostics) {
		account := m.ServiceAccount.ValueString()
		token, err := tokens{client, account}.byName(ctx, m.Name.ValueString())
		if err != nil {
			fail(diags, "read Wavefront service account token", account, err)
			return
		}
		m.fromAPI(account, token)
	},
}

func tokenDataSourceSchema() schema.Schema {
	attributes := tokenDataAttributes()
	attributes["service_account"] = requiredServiceAccount
	attributes["name"] = schema.StringAttribute{
		Required: true, MarkdownDescription: exactTokenName,
	}
	return schema.Schema{
		MarkdownDescription: shutDown + "Reads a token of a Wavefront service account, without its value. The " +
			"ephemeral resource of the same name reads the value.",
		Attributes: attributes,
	}
}

type tokensDataModel struct {
	ServiceAccount types.String     `tfsdk:"service_account"`
	Tokens         []tokenDataModel `tfsdk:"tokens"`
}

var tokensDataSource = dataSource[tokensDataModel]{
	Type: tokenType + "s",
	Schema: schema.Schema{
		MarkdownDescription: shutDown + "Lists the tokens of a Wavefront service account, without their values.",
		Attributes: map[string]schema.Attribute{
			"service_account": requiredServiceAccount,
			"tokens": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The tokens, in the order in which the server returns them.",
				NestedObject: schema.NestedAttributeObject{Attributes: tokenDataAttributes()},
			},
		},
	},
	Read: func(ctx context.Context, client *client, m *tokensDataModel, diags *diag.Diagnostics) {
		account := m.ServiceAccount.ValueString()
		live, err := tokens{client, account}.get(ctx)
		if err != nil {
			fail(diags, "list Wavefront service account tokens", account, err)
			return
		}
		m.Tokens = make([]tokenDataModel, len(live))
		for i := range live {
			m.Tokens[i].fromAPI(account, &live[i])
		}
	},
}
