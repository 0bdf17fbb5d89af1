package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

var projectServiceAccountKind = &serviceAccountKind{
	scope: "project",
	title: "Waldur project service account",
	scopeFacts: map[string]string{
		"project_uuid":          "UUID of the project that the account belongs to.",
		"project_name":          "Name of the project.",
		"customer_uuid":         "UUID of the project's customer.",
		"customer_name":         "Name of the project's customer.",
		"customer_abbreviation": "Abbreviation of the project's customer.",
	},
	newResource: func() serviceAccountResourceModel { return &projectServiceAccountResourceModel{} },
	newFacts:    func() serviceAccountFactsModel { return &projectServiceAccountFacts{} },
	newQuery:    func() serviceAccountQueryModel { return &projectServiceAccountQuery{} },
	newList:     func() serviceAccountListModel { return &projectServiceAccountList{} },
	area:        func(c *waldurapi.Client) waldurapi.ServiceAccounts { return c.ProjectServiceAccounts },
	parent: func(ctx context.Context, c *waldurapi.Client, uuid string) (*int64, error) {
		project, err := c.Projects.Get(ctx, uuid)
		if err != nil {
			return nil, err
		}
		return project.MaxServiceAccounts, nil
	},
	scopeOf: func(in *waldurapi.ServiceAccount) string { return in.ProjectUUID },
}

func newProjectServiceAccountResource(c *connection) resource.Resource {
	return &serviceAccountResource{resourceBase: resourceBase{Base: base{Connection: c}}, kind: projectServiceAccountKind}
}

func newProjectServiceAccountDataSource(c *connection) datasource.DataSource {
	return &serviceAccountDataSource{dataSourceBase: dataSourceBase{Base: base{Connection: c}}, kind: projectServiceAccountKind}
}

func newProjectServiceAccountsDataSource(c *connection) datasource.DataSource {
	return &serviceAccountsDataSource{dataSourceBase: dataSourceBase{Base: base{Connection: c}}, kind: projectServiceAccountKind}
}

func newProjectServiceAccountListResource(c *connection) list.ListResource {
	return &serviceAccountListResource{resourceBase: resourceBase{Base: base{Connection: c}}, kind: projectServiceAccountKind}
}

type projectServiceAccountResourceModel struct {
	managedServiceAccount
	ProjectUUID tfkit.UUID `tfsdk:"project_uuid"`
}

func (m *projectServiceAccountResourceModel) scope() *tfkit.UUID { return &m.ProjectUUID }

type projectServiceAccountFacts struct {
	serviceAccount
	ProjectUUID          tfkit.UUID   `tfsdk:"project_uuid"`
	ProjectName          types.String `tfsdk:"project_name"`
	CustomerUUID         tfkit.UUID   `tfsdk:"customer_uuid"`
	CustomerName         types.String `tfsdk:"customer_name"`
	CustomerAbbreviation types.String `tfsdk:"customer_abbreviation"`
}

func (m *projectServiceAccountFacts) scope() *tfkit.UUID { return &m.ProjectUUID }

func (m *projectServiceAccountFacts) fromAPI(in *waldurapi.ServiceAccount) {
	m.serviceAccount.fromAPI(in)
	m.ProjectUUID = tfkit.UUIDOrNull(in.ProjectUUID)
	m.ProjectName = tfkit.StringOrNull(in.ProjectName)
	m.CustomerUUID = tfkit.UUIDOrNull(in.CustomerUUID)
	m.CustomerName = tfkit.StringOrNull(in.CustomerName)
	m.CustomerAbbreviation = tfkit.StringOrNull(in.CustomerAbbreviation)
}

type projectServiceAccountQuery struct {
	serviceAccountFilter
	ProjectUUID tfkit.UUID `tfsdk:"project_uuid"`
}

func (m *projectServiceAccountQuery) scope() *tfkit.UUID { return &m.ProjectUUID }

type projectServiceAccountList struct {
	projectServiceAccountQuery
	ServiceAccounts []projectServiceAccountFacts `tfsdk:"service_accounts"`
}

func (m *projectServiceAccountList) fromAPI(in []waldurapi.ServiceAccount) {
	m.ServiceAccounts = make([]projectServiceAccountFacts, len(in))
	for i := range in {
		m.ServiceAccounts[i].fromAPI(&in[i])
	}
}
