package wavefront

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// tokenListResource finds tokens for terraform query.
type tokenListResource struct{ resourceBase }

var _ list.ListResourceWithConfigure = &tokenListResource{}

func newTokenListResource(c *connection) list.ListResource {
	return &tokenListResource{resourceBase{base{Connection: c}}}
}

func (l *tokenListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = tokenType
}

func (l *tokenListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: shutDown + "Finds tokens of Wavefront service accounts, for `terraform query`. Their values are not shown; an import reads them.",
		Attributes: map[string]schema.Attribute{
			"service_account": schema.StringAttribute{
				Optional: true, Validators: []validator.String{identifier{}}, MarkdownDescription: "Only tokens of the account with this identifier.",
			},
		},
	}
}

type tokenIdentity struct {
	ServiceAccount types.String `tfsdk:"service_account"`
	Name           types.String `tfsdk:"name"`
}

func (l *tokenListResource) List(ctx context.Context, req list.ListRequest, resp *list.ListResultsStream) {
	var m struct {
		ServiceAccount types.String `tfsdk:"service_account"`
	}
	diags := req.Config.Get(ctx, &m)
	if diags.HasError() {
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	accounts, err := l.accounts(ctx, m.ServiceAccount)
	if err != nil {
		fail(&diags, "list Wavefront service account tokens", m.ServiceAccount.ValueString(), err)
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	var objects []tfkit.Listed
	for _, account := range accounts {
		for _, token := range account.Tokens {
			identity := tokenIdentity{types.StringValue(account.Identifier), types.StringValue(token.Name)}
			m := listedToken(identity, token)
			objects = append(objects, tfkit.Listed{DisplayName: m.ID.ValueString(), Model: m})
		}
	}
	resp.Results = tfkit.Stream(ctx, req, objects)
}

// accounts returns one account, or all of them by identifier, with their tokens.
func (l *tokenListResource) accounts(ctx context.Context, identifier types.String) ([]wavefrontapi.ServiceAccount, error) {
	if !identifier.IsNull() {
		account, err := l.Client.ServiceAccounts.Get(ctx, identifier.ValueString())
		if err != nil {
			return nil, err
		}
		return []wavefrontapi.ServiceAccount{*account}, nil
	}
	found, err := l.Client.ServiceAccounts.List(ctx)
	slices.SortFunc(found, func(a, b wavefrontapi.ServiceAccount) int { return strings.Compare(a.Identifier, b.Identifier) })
	return found, err
}

// listedToken is what an import would put into state, but for the key: a query may be for many, and its output goes into files.
func listedToken(identity tokenIdentity, token wavefrontapi.Token) *managedToken {
	m := managedToken{ServiceAccount: identity.ServiceAccount, Name: identity.Name}
	m.StoreAPIKey = types.BoolValue(true)
	m.ID = tokenID(m.ServiceAccount, m.Name)
	m.Key = rotation.NoKey()
	m.RotatedAt = tfkit.MillisOrNull(token.DateGenerated)
	return &m
}
