package waldur

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// serviceAccountListResource finds the service accounts of a kind for terraform query.
type serviceAccountListResource struct {
	resourceBase
	kind *serviceAccountKind
}

var _ list.ListResourceWithConfigure = &serviceAccountListResource{}

func (l *serviceAccountListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = l.kind.typeName()
}

func (l *serviceAccountListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	about := serviceAccountFilterDescriptions(l.kind)
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Finds service accounts of Waldur %ss, oldest first, for `terraform query`.", l.kind.scope),
		Attributes: map[string]schema.Attribute{
			l.kind.scopeAttribute(): schema.StringAttribute{CustomType: tfkit.UUIDType{}, Optional: true, MarkdownDescription: about[l.kind.scopeAttribute()]},
			"username":              schema.StringAttribute{Optional: true, Validators: notEmpty, MarkdownDescription: about["username"]},
			"email":                 schema.StringAttribute{Optional: true, Validators: notEmpty, MarkdownDescription: about["email"]},
			"states": schema.ListAttribute{ // list blocks know no sets
				ElementType: types.StringType, Optional: true, MarkdownDescription: about["states"],
				Validators: []validator.List{listvalidator.ValueStringsAre(serviceAccountState)},
			},
		},
	}
}

func (l *serviceAccountListResource) List(ctx context.Context, req list.ListRequest, resp *list.ListResultsStream) {
	m := l.kind.newQuery()
	diags := req.Config.Get(ctx, m)
	if diags.HasError() {
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	found, err := l.kind.area(l.Client).List(ctx, m.filter().toAPI(m.scope().Canonical()))
	if err != nil {
		l.kind.fail(&diags, "list", "", err)
		resp.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	objects := make([]tfkit.Listed, len(found))
	for i := range found {
		objects[i] = tfkit.Listed{DisplayName: found[i].Username, Model: l.state(&found[i])}
	}
	resp.Results = tfkit.Stream(ctx, req, objects)
}

// state returns what an import would put into state.
func (l *serviceAccountListResource) state(in *waldurapi.ServiceAccount) serviceAccountResourceModel {
	model := l.kind.newResource()
	model.account().Key = rotation.NoKey()
	model.account().fromAPI(in)
	*model.scope() = tfkit.UUIDOrNull(l.kind.scopeOf(in))
	return model
}

var serviceAccountState = stringvalidator.OneOf(waldurapi.ServiceAccountOK, waldurapi.ServiceAccountErred)

func serviceAccountFilterDescriptions(kind *serviceAccountKind) map[string]string {
	return map[string]string{
		kind.scopeAttribute(): fmt.Sprintf("Only accounts of the %s with this UUID.", kind.scope),
		"username":            "Only accounts with exactly this username.",
		"email":               "Only accounts whose e-mail address contains this, in any case.",
		"states":              "Only accounts in one of these states: `OK`, `Erred`. Closed accounts are never shown.",
	}
}
