package waldur

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// serviceAccountKind is all that differs between the service accounts of customers and those of projects: the API
// treats them alike.
type serviceAccountKind struct {
	scope string // "customer" or "project": the API's field, and the attribute without its "_uuid"
	title string // as errors name one account

	scopeFacts map[string]string // the attributes that say where the account belongs, with their descriptions

	newResource func() serviceAccountResourceModel
	newFacts    func() serviceAccountFactsModel
	newQuery    func() serviceAccountQueryModel
	newList     func() serviceAccountListModel
	area        func(*waldurapi.Client) waldurapi.ServiceAccounts
	// parent reads the customer or project: how many accounts it may have, nil if as many as it likes.
	parent func(ctx context.Context, client *waldurapi.Client, uuid string) (*int64, error)
	// scopeOf tells the UUID of the customer or project.
	scopeOf func(*waldurapi.ServiceAccount) string
}

func (k *serviceAccountKind) typeName() string {
	return "svcacct_waldur_" + k.scope + "_service_account"
}

func (k *serviceAccountKind) scopeAttribute() string { return k.scope + "_uuid" }

// fail reports a failed call. The verb is one of create, read, list, update, delete, import, "rotate the API key of"; the subject
// tells which account, "" if none is known yet. Hints say what to do, besides what the error itself suggests.
func (k *serviceAccountKind) fail(diags *diag.Diagnostics, verb, subject string, err error, hints ...string) {
	switch {
	case transport.Forbidden(err):
		hints = append(hints, fmt.Sprintf("The token's user needs the permission SERVICE_ACCOUNT.MANAGE on the %s.", k.scope))
	case transport.Conflict(err):
		hints = append(hints, "Waldur refuses this to an account in Erred. Plan again, with a refresh: the plan then heals the account first.")
	}
	tfkit.Failure{
		Doing:   verb + " " + k.title,
		Subject: subject,
		Attributes: map[string]path.Path{
			k.scope:                path.Root(k.scopeAttribute()),
			"preferred_identifier": path.Root("preferred_identifier"),
			"description":          path.Root("description"),
			"email":                path.Root("email"),
		},
		Hint: hintOn(err, hints...),
	}.Add(diags, err)
}

// serviceAccount is what the API tells of an account of either kind, whoever asks.
type serviceAccount struct {
	UUID                tfkit.UUID        `tfsdk:"uuid"`
	PreferredIdentifier types.String      `tfsdk:"preferred_identifier"`
	Username            types.String      `tfsdk:"username"`
	Description         tfkit.Text        `tfsdk:"description"`
	Email               types.String      `tfsdk:"email"`
	State               types.String      `tfsdk:"state"`
	ErrorMessage        types.String      `tfsdk:"error_message"`
	Created             timetypes.RFC3339 `tfsdk:"created"`
}

func (m *serviceAccount) fromAPI(in *waldurapi.ServiceAccount) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.PreferredIdentifier = types.StringValue(in.PreferredIdentifier)
	m.Username = types.StringValue(in.Username)
	m.Description = m.Description.Refreshed(in.Description)
	m.Email = tfkit.StringOrNull(in.Email)
	m.State = types.StringValue(in.State)
	m.ErrorMessage = tfkit.StringOrNull(in.ErrorMessage)
	m.Created = tfkit.TimeOrNull(in.Created)
}

// serviceAccountResourceModel is the state of a resource of either kind.
type serviceAccountResourceModel interface {
	tfkit.ResourceModel
	account() *managedServiceAccount
	scope() *tfkit.UUID
}

// managedServiceAccount is a resource's state but for the customer or project.
type managedServiceAccount struct {
	serviceAccount
	rotation.Key
	ID types.String `tfsdk:"id"`
}

// Identity implements tfkit.ResourceModel.
func (m *managedServiceAccount) Identity() any {
	return uuidIdentity{types.StringValue(m.UUID.ValueString())}
}

func (m *managedServiceAccount) account() *managedServiceAccount { return m }

func (m *managedServiceAccount) fromAPI(in *waldurapi.ServiceAccount) {
	m.serviceAccount.fromAPI(in)
	m.ID = types.StringValue(in.UUID)
}

// erred tells whether the account service refused the last update. Waldur then refuses to rotate the key until an update
// goes through.
func (m *managedServiceAccount) erred() bool {
	return m.State.ValueString() == waldurapi.ServiceAccountErred
}

func (m *managedServiceAccount) toCreate(scope tfkit.UUID) waldurapi.ServiceAccountCreate {
	return waldurapi.ServiceAccountCreate{
		Scope:               scope.Canonical(),
		PreferredIdentifier: m.PreferredIdentifier.ValueString(),
		Description:         m.Description.Canonical(),
		Email:               m.Email.ValueString(),
	}
}

// toUpdate returns the update that leads from the prior state to the planned one, and whether one is needed. An account
// in Erred needs one even if nothing has changed: it heals the account.
func (m *managedServiceAccount) toUpdate(prior *managedServiceAccount) (update waldurapi.ServiceAccountUpdate, needed bool) {
	if description := m.Description.Canonical(); description != prior.Description.Canonical() {
		update.Description = &description
	}
	if email := m.Email.ValueString(); email != "" && email != prior.Email.ValueString() {
		update.Email = &email
	}
	return update, update.Description != nil || update.Email != nil || prior.erred()
}

// matches tells whether an account can be the one that a create was to make.
func matches(in *waldurapi.ServiceAccount, wanted waldurapi.ServiceAccountCreate) bool {
	return in.PreferredIdentifier == wanted.PreferredIdentifier && in.Description == wanted.Description && in.Email == wanted.Email
}
