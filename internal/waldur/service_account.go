package waldur

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// serviceAccountKind holds the differences between the service accounts of customers and those of
// projects. The API treats both alike.
type serviceAccountKind struct {
	scope string // "customer" or "project": the API's field, and the attribute without its "_uuid"
	title string // the name of one account in errors

	// owner has the attributes of data sources that say where the account belongs, with their
	// descriptions.
	owner map[string]string

	newModel func() scopedResourceModel
	area     func(*client) waldurapi.ServiceAccounts
	// limit returns how many accounts the customer or project may have, nil if there is no limit or if
	// the server does not report it.
	limit func(ctx context.Context, c *client, uuid string) (*int64, error)
	// scopeOf returns the UUID of the customer or project.
	scopeOf func(*waldurapi.ServiceAccount) string
}

func (k *serviceAccountKind) typeName() string {
	return "svcacct_waldur_" + k.scope + "_service_account"
}

func (k *serviceAccountKind) scopeAttribute() string { return k.scope + "_uuid" }

// serviceAccountModel has the attributes that resources and data sources of both kinds share.
type serviceAccountModel struct {
	UUID                tfkit.UUID        `tfsdk:"uuid"`
	PreferredIdentifier types.String      `tfsdk:"preferred_identifier"`
	Username            types.String      `tfsdk:"username"`
	Description         tfkit.Text        `tfsdk:"description"`
	Email               types.String      `tfsdk:"email"`
	State               types.String      `tfsdk:"state"`
	ErrorMessage        types.String      `tfsdk:"error_message"`
	Created             timetypes.RFC3339 `tfsdk:"created"`
}

// fromAPI sets the attributes from a response. What the response does not have stays as it is.
func (m *serviceAccountModel) fromAPI(in *waldurapi.ServiceAccount) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.PreferredIdentifier = tfkit.OrPrior(tfkit.StringPointerOrNull(in.PreferredIdentifier), m.PreferredIdentifier)
	m.Username = tfkit.OrPrior(tfkit.StringOrNull(in.Username), m.Username)
	if in.Description != nil {
		m.Description = m.Description.Refreshed(*in.Description)
	}
	m.Email = tfkit.IfReturned(in.Email != nil, tfkit.StringPointerOrNull(in.Email), m.Email)
	m.State = tfkit.OrPrior(tfkit.StringOrNull(in.State), m.State)
	message := tfkit.StringPointerOrNull(in.ErrorMessage)
	m.ErrorMessage = tfkit.IfReturned(in.ErrorMessage != nil, message, m.ErrorMessage)
	m.Created = tfkit.OrPrior(tfkit.TimeOrNull(in.Created), m.Created)
}

func (m *serviceAccountModel) shared() *serviceAccountModel { return m }

// scopedResourceModel is the model of a resource of one kind.
type scopedResourceModel interface {
	tfkit.ResourceModel
	account() *serviceAccountResourceModel
	scope() *tfkit.UUID
}

// scopedDataModel is the model of a data source of one kind.
type scopedDataModel interface {
	shared() *serviceAccountModel
	scope() *tfkit.UUID
	fromAPI(in *waldurapi.ServiceAccount)
}

// serviceAccountResourceModel is the model of a resource without its customer or project.
type serviceAccountResourceModel struct {
	serviceAccountModel
	rotation.Key
	ID types.String `tfsdk:"id"`
}

// Identity implements tfkit.ResourceModel.
func (m *serviceAccountResourceModel) Identity() any { return identityOf(m.UUID) }

func (m *serviceAccountResourceModel) account() *serviceAccountResourceModel { return m }

func (m *serviceAccountResourceModel) fromAPI(in *waldurapi.ServiceAccount) {
	m.serviceAccountModel.fromAPI(in)
	m.ID = types.StringValue(in.UUID)
	if in.PreferredIdentifier != nil { // "" too, for which the configuration of an import has "" too
		m.PreferredIdentifier = types.StringPointerValue(in.PreferredIdentifier)
	}
}

// refresh sets the attributes from a response that has the customer or project too.
func (k *serviceAccountKind) refresh(model scopedResourceModel, in *waldurapi.ServiceAccount) {
	model.account().fromAPI(in)
	*model.scope() = tfkit.OrPrior(tfkit.UUIDOrNull(k.scopeOf(in)), *model.scope())
}

// erred reports whether the account service refused the last update. Waldur then refuses to rotate
// the key until an update succeeds.
func (m *serviceAccountResourceModel) erred() bool {
	return m.State.ValueString() == waldurapi.ServiceAccountErred
}

func (m *serviceAccountResourceModel) toCreate(scope tfkit.UUID) waldurapi.ServiceAccountCreate {
	return waldurapi.ServiceAccountCreate{
		Scope:               scope.Canonical(),
		PreferredIdentifier: m.PreferredIdentifier.ValueString(),
		Description:         m.Description.Canonical(),
		Email:               m.Email.ValueString(),
	}
}

// toUpdate returns the update that leads from the prior state to the planned one, and whether an
// update is needed. An account in Erred needs an update even if nothing has changed: the update
// repairs the account.
func (m *serviceAccountResourceModel) toUpdate(
	prior *serviceAccountResourceModel,
) (update waldurapi.ServiceAccountUpdate, needed bool) {
	if description := m.Description.Canonical(); description != prior.Description.Canonical() {
		update.Description = &description
	}
	if email := m.Email.ValueString(); email != "" && email != prior.Email.ValueString() {
		update.Email = &email
	}
	return update, update.Description != nil || update.Email != nil || prior.erred()
}

// issuedKey returns the key in the response to a create or a rotation, and whether there is one.
func issuedKey(in *waldurapi.ServiceAccount) (rotation.Issued, bool) {
	key, expiresAt := in.Key()
	return rotation.Issued{Secret: transport.NewSecret(key), ExpiresAt: expiresAt}, key != ""
}
