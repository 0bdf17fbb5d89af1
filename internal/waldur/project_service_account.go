package waldur

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

var projectServiceAccountKind = &serviceAccountKind{
	scope: "project",
	title: "Waldur project service account",
	owner: map[string]string{
		"project_uuid":          "UUID of the project that the account belongs to.",
		"project_name":          "Name of the project.",
		"customer_uuid":         "UUID of the project's customer.",
		"customer_name":         "Name of the project's customer.",
		"customer_abbreviation": "Abbreviation of the project's customer.",
	},
	newModel: func() scopedResourceModel { return &projectServiceAccountResourceModel{} },
	area:     func(c *client) waldurapi.ServiceAccounts { return c.ProjectServiceAccounts },
	limit: func(ctx context.Context, c *client, uuid string) (*int64, error) {
		project, err := projects{c}.get(ctx, uuid)
		if err != nil {
			return nil, err
		}
		return project.MaxServiceAccounts, nil
	},
	scopeOf: func(in *waldurapi.ServiceAccount) string { return cmp.Or(in.ProjectUUID, in.Project) },
}

type projectScope struct {
	ProjectUUID tfkit.UUID `tfsdk:"project_uuid"`
}

func (s *projectScope) scope() *tfkit.UUID { return &s.ProjectUUID }

type projectServiceAccountResourceModel struct {
	serviceAccountResourceModel
	projectScope
}

type projectServiceAccountDataModel struct {
	serviceAccountModel
	projectScope
	ProjectName          types.String `tfsdk:"project_name"`
	CustomerUUID         tfkit.UUID   `tfsdk:"customer_uuid"`
	CustomerName         types.String `tfsdk:"customer_name"`
	CustomerAbbreviation types.String `tfsdk:"customer_abbreviation"`
}

func (m *projectServiceAccountDataModel) fromAPI(in *waldurapi.ServiceAccount) {
	m.serviceAccountModel.fromAPI(in)
	m.ProjectUUID = tfkit.OrPrior(tfkit.UUIDOrNull(in.ProjectUUID), m.ProjectUUID)
	m.ProjectName = tfkit.StringOrNull(in.ProjectName)
	m.CustomerUUID = tfkit.UUIDOrNull(in.CustomerUUID)
	m.CustomerName = tfkit.StringOrNull(in.CustomerName)
	m.CustomerAbbreviation = tfkit.StringOrNull(in.CustomerAbbreviation)
}
