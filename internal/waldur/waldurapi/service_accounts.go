package waldurapi

import (
	"context"
	"net/http"
	"net/url"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// States of a service account. Closed ones are never shown.
const (
	ServiceAccountOK    = "OK"
	ServiceAccountErred = "Erred"
)

// ServiceAccount is an account that belongs to a customer or to a project. Texts that are not set are "".
type ServiceAccount struct {
	UUID                string  `json:"uuid"` // 32 hex digits without hyphens, like all UUIDs here
	Created             string  `json:"created"`
	Username            string  `json:"username"` // given by the account service, whatever the client sent
	PreferredIdentifier string  `json:"preferred_identifier"`
	Description         string  `json:"description"`
	Email               string  `json:"email"`
	State               string  `json:"state"`
	ErrorMessage        string  `json:"error_message"`
	Token               *string `json:"token"`      // only in the answers to create and rotate, else null
	ExpiresAt           *string `json:"expires_at"` // likewise; not always RFC 3339

	CustomerUUID         string `json:"customer_uuid"`
	CustomerName         string `json:"customer_name"`
	CustomerAbbreviation string `json:"customer_abbreviation"` // project service accounts only
	ProjectUUID          string `json:"project_uuid"`          // project service accounts only
	ProjectName          string `json:"project_name"`          // project service accounts only
}

// Complete implements transport.Complete.
func (a *ServiceAccount) Complete() error { return identified(a.UUID) }

// Key returns the API key and its expiry, "" where the answer tells none.
func (a *ServiceAccount) Key() (apiKey, expiresAt string) { return value(a.Token), value(a.ExpiresAt) }

func value(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// ServiceAccountCreate is the body of a create. The scope is the UUID of the customer or project.
type ServiceAccountCreate struct {
	Scope               string
	PreferredIdentifier string // without it a server with a real account service fails with 500
	Description         string
	Email               string // "": none; the server refuses an empty text
}

// ServiceAccountUpdate is the body of a partial update: what is nil keeps its value. An update of an account in
// Erred, even of nothing, is pushed to the account service and heals it.
type ServiceAccountUpdate struct {
	Description *string `json:"description,omitempty"`
	Email       *string `json:"email,omitempty"` // can't be cleared: the server refuses an empty text
}

// ServiceAccountFilter narrows a list; "" and nil mean any. The server also filters by the URL of the customer or
// project, which finds the same as the UUID.
type ServiceAccountFilter struct {
	Scope    string   // UUID of the customer or project
	Username string   // exact, case-sensitive
	Email    string   // contains, any case
	States   []string // any of them
}

// ServiceAccounts are the operations on the service accounts of customers, or on those of projects.
type ServiceAccounts struct {
	http  *transport.Client
	area  string
	scope string // "customer" or "project"
}

// List returns all accounts that match and that the caller may see, oldest first.
//
// GET /api/marketplace-{customer,project}-service-accounts/
func (s ServiceAccounts) List(ctx context.Context, f ServiceAccountFilter) ([]ServiceAccount, error) {
	query := url.Values{}
	for name, text := range map[string]string{s.scope + "_uuid": f.Scope, "username": f.Username, "email": f.Email} {
		if text != "" {
			query.Set(name, text)
		}
	}
	if len(f.States) > 0 {
		query["state"] = f.States
	}
	return list(ctx, s.http, s.area, query, func(a ServiceAccount) string { return a.UUID })
}

// Get reads one account. 404 may mean that the caller is not allowed to see it.
//
// GET /api/marketplace-{customer,project}-service-accounts/{uuid}/
func (s ServiceAccounts) Get(ctx context.Context, uuid string) (*ServiceAccount, error) {
	return transport.Get[ServiceAccount](ctx, s.http, object(s.area, uuid), nil)
}

// Create makes an account. The answer carries its key, this once. There is no idempotency key: a second create
// makes a second account.
//
// POST /api/marketplace-{customer,project}-service-accounts/
func (s ServiceAccounts) Create(ctx context.Context, in ServiceAccountCreate) (*ServiceAccount, error) {
	body := map[string]string{
		s.scope: in.Scope, "preferred_identifier": in.PreferredIdentifier, "description": in.Description,
	}
	if in.Email != "" {
		body["email"] = in.Email
	}
	return transport.Post[ServiceAccount](ctx, s.http, items(s.area), body)
}

// Update changes description and e-mail address.
//
// PATCH /api/marketplace-{customer,project}-service-accounts/{uuid}/
func (s ServiceAccounts) Update(ctx context.Context, uuid string, in ServiceAccountUpdate) (*ServiceAccount, error) {
	return transport.Patch[ServiceAccount](ctx, s.http, object(s.area, uuid), in)
}

// Close closes an account for good. The server may answer success and do nothing, where its account service is
// switched off: read again.
//
// DELETE /api/marketplace-{customer,project}-service-accounts/{uuid}/
func (s ServiceAccounts) Close(ctx context.Context, uuid string) error {
	return transport.Delete(ctx, s.http, object(s.area, uuid))
}

// RotateAPIKey has a new key issued and kills the current one at once. The answer carries the new one, this once. It is
// repeatable: a second rotation kills a key whose answer got lost.
//
// POST /api/marketplace-{customer,project}-service-accounts/{uuid}/rotate_api_key/
func (s ServiceAccounts) RotateAPIKey(ctx context.Context, uuid string) (*ServiceAccount, error) {
	account, _, err := transport.Call[ServiceAccount](ctx, s.http, transport.Request{
		Method: http.MethodPost, Path: object(s.area, uuid, "rotate_api_key"), Repeatable: true,
	})
	return account, err
}
