package waldur

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// scopedFilterModel is the configuration of a list of accounts of one kind.
type scopedFilterModel interface {
	filter() *serviceAccountFilterModel
	scope() *tfkit.UUID
}

// serviceAccountFilterModel narrows a list, besides by customer or project.
type serviceAccountFilterModel struct {
	Username types.String   `tfsdk:"username"`
	Email    types.String   `tfsdk:"email"`
	States   []types.String `tfsdk:"states"`
}

func (m *serviceAccountFilterModel) filter() *serviceAccountFilterModel { return m }

type customerServiceAccountFilterModel struct {
	serviceAccountFilterModel
	customerScope
}

type projectServiceAccountFilterModel struct {
	serviceAccountFilterModel
	projectScope
}

func serviceAccountFilterToAPI(m scopedFilterModel) waldurapi.ServiceAccountFilter {
	own := m.filter()
	filter := waldurapi.ServiceAccountFilter{
		Scope: m.scope().Canonical(), Username: own.Username.ValueString(), Email: own.Email.ValueString(),
	}
	for _, state := range own.States {
		filter.States = append(filter.States, state.ValueString())
	}
	return filter
}

func (k *serviceAccountKind) filters() map[string]tfkit.Filter {
	return map[string]tfkit.Filter{
		k.scopeAttribute(): {
			Description: fmt.Sprintf("Only accounts of the %s with this UUID, with or without hyphens.", k.scope),
			Type:        tfkit.UUIDType{},
		},
		"username": {Description: "Only accounts with exactly this username.", Validators: tfkit.NotEmpty},
		"email": {
			Description: "Only accounts with this text in their e-mail address, in upper or lower case.",
			Validators:  tfkit.NotEmpty,
		},
		"states": {
			Description: "Only accounts in one of these states: `OK`, `Erred`. The server never returns closed " +
				"accounts.",
			Several: true,
			Validators: []validator.String{
				stringvalidator.OneOf(waldurapi.ServiceAccountOK, waldurapi.ServiceAccountErred),
			},
		},
	}
}
