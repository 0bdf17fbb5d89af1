package waldur

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

var customerServiceAccountKind = &serviceAccountKind{
	scope: "customer",
	title: "Waldur customer service account",
	owner: map[string]string{
		"customer_uuid": "UUID of the customer that the account belongs to.",
		"customer_name": "Name of the customer.",
	},
	newModel: func() scopedResourceModel { return &customerServiceAccountResourceModel{} },
	area:     func(c *client) waldurapi.ServiceAccounts { return c.CustomerServiceAccounts },
	limit: func(ctx context.Context, c *client, uuid string) (*int64, error) {
		customer, err := customers{c}.get(ctx, uuid)
		if err != nil {
			return nil, err
		}
		return customer.MaxServiceAccounts, nil
	},
	scopeOf: func(in *waldurapi.ServiceAccount) string { return cmp.Or(in.CustomerUUID, in.Customer) },
}

type customerScope struct {
	CustomerUUID tfkit.UUID `tfsdk:"customer_uuid"`
}

func (s *customerScope) scope() *tfkit.UUID { return &s.CustomerUUID }

type customerServiceAccountResourceModel struct {
	serviceAccountResourceModel
	customerScope
}

type customerServiceAccountDataModel struct {
	serviceAccountModel
	customerScope
	CustomerName types.String `tfsdk:"customer_name"`
}

func (m *customerServiceAccountDataModel) fromAPI(in *waldurapi.ServiceAccount) {
	m.serviceAccountModel.fromAPI(in)
	m.CustomerUUID = tfkit.OrPrior(tfkit.UUIDOrNull(in.CustomerUUID), m.CustomerUUID)
	m.CustomerName = tfkit.StringOrNull(in.CustomerName)
}
