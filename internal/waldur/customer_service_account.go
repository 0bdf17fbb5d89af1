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

var customerServiceAccountKind = &serviceAccountKind{
	scope: "customer",
	title: "Waldur customer service account",
	scopeFacts: map[string]string{
		"customer_uuid": "UUID of the customer that the account belongs to.",
		"customer_name": "Name of the customer.",
	},
	newResource: func() serviceAccountResourceModel { return &customerServiceAccountResourceModel{} },
	newFacts:    func() serviceAccountFactsModel { return &customerServiceAccountFacts{} },
	newQuery:    func() serviceAccountQueryModel { return &customerServiceAccountQuery{} },
	newList:     func() serviceAccountListModel { return &customerServiceAccountList{} },
	area:        func(c *waldurapi.Client) waldurapi.ServiceAccounts { return c.CustomerServiceAccounts },
	parent: func(ctx context.Context, c *waldurapi.Client, uuid string) (*int64, error) {
		customer, err := c.Customers.Get(ctx, uuid)
		if err != nil {
			return nil, err
		}
		return customer.MaxServiceAccounts, nil
	},
	scopeOf: func(in *waldurapi.ServiceAccount) string { return in.CustomerUUID },
}

func newCustomerServiceAccountResource(c *connection) resource.Resource {
	return &serviceAccountResource{resourceBase: resourceBase{Base: base{Connection: c}}, kind: customerServiceAccountKind}
}

func newCustomerServiceAccountDataSource(c *connection) datasource.DataSource {
	return &serviceAccountDataSource{dataSourceBase: dataSourceBase{Base: base{Connection: c}}, kind: customerServiceAccountKind}
}

func newCustomerServiceAccountsDataSource(c *connection) datasource.DataSource {
	return &serviceAccountsDataSource{dataSourceBase: dataSourceBase{Base: base{Connection: c}}, kind: customerServiceAccountKind}
}

func newCustomerServiceAccountListResource(c *connection) list.ListResource {
	return &serviceAccountListResource{resourceBase: resourceBase{Base: base{Connection: c}}, kind: customerServiceAccountKind}
}

type customerServiceAccountResourceModel struct {
	managedServiceAccount
	CustomerUUID tfkit.UUID `tfsdk:"customer_uuid"`
}

func (m *customerServiceAccountResourceModel) scope() *tfkit.UUID { return &m.CustomerUUID }

type customerServiceAccountFacts struct {
	serviceAccount
	CustomerUUID tfkit.UUID   `tfsdk:"customer_uuid"`
	CustomerName types.String `tfsdk:"customer_name"`
}

func (m *customerServiceAccountFacts) scope() *tfkit.UUID { return &m.CustomerUUID }

func (m *customerServiceAccountFacts) fromAPI(in *waldurapi.ServiceAccount) {
	m.serviceAccount.fromAPI(in)
	m.CustomerUUID = tfkit.UUIDOrNull(in.CustomerUUID)
	m.CustomerName = tfkit.StringOrNull(in.CustomerName)
}

type customerServiceAccountQuery struct {
	serviceAccountFilter
	CustomerUUID tfkit.UUID `tfsdk:"customer_uuid"`
}

func (m *customerServiceAccountQuery) scope() *tfkit.UUID { return &m.CustomerUUID }

type customerServiceAccountList struct {
	customerServiceAccountQuery
	ServiceAccounts []customerServiceAccountFacts `tfsdk:"service_accounts"`
}

func (m *customerServiceAccountList) fromAPI(in []waldurapi.ServiceAccount) {
	m.ServiceAccounts = make([]customerServiceAccountFacts, len(in))
	for i := range in {
		m.ServiceAccounts[i].fromAPI(&in[i])
	}
}
