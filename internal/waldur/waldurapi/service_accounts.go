package waldurapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// States of a service account. The server never returns closed accounts.
const (
	ServiceAccountOK    = "OK"
	ServiceAccountErred = "Erred"
)

// ServiceAccount is an account that belongs to a customer or to a project. A text that is not set is
// "". A text that the response does not have is nil, or "" if it is never empty.
type ServiceAccount struct {
	UUID                string   `json:"uuid"` // 32 hex digits without hyphens, like all UUIDs here
	Created             string   `json:"created"`
	Username            string   `json:"username"` // chosen by the account service; the client can't choose it
	PreferredIdentifier *string  `json:"preferred_identifier"`
	Description         *string  `json:"description"`
	Email               *string  `json:"email"`
	State               string   `json:"state"`
	ErrorMessage        *string  `json:"error_message"`
	Token               *string  `json:"token"`      // only in the responses to create and rotate, else null
	ExpiresAt           *anyText `json:"expires_at"` // likewise; not always RFC 3339

	Customer             string `json:"customer"` // a UUID; customer service accounts only
	CustomerUUID         string `json:"customer_uuid"`
	CustomerName         string `json:"customer_name"`
	CustomerAbbreviation string `json:"customer_abbreviation"` // project service accounts only
	Project              string `json:"project"`               // a UUID; project service accounts only
	ProjectUUID          string `json:"project_uuid"`          // project service accounts only
	ProjectName          string `json:"project_name"`          // project service accounts only
}

// Complete implements transport.Complete.
func (a *ServiceAccount) Complete() error { return transport.Required("uuid", a.UUID) }

// Identifier returns the preferred_identifier, which the server allows to be "", and to be there twice.
func (a *ServiceAccount) Identifier() string { return value(a.PreferredIdentifier) }

// Key returns the API key and the time when it expires; "" where the response has none.
func (a *ServiceAccount) Key() (apiKey, expiresAt string) {
	if a.ExpiresAt != nil {
		expiresAt = string(*a.ExpiresAt)
	}
	return value(a.Token), expiresAt
}

// anyText is a value that the account service behind Waldur writes as it likes. Any JSON is accepted, and kept as
// it is written if it is not a string: an error would lose the key beside it.
type anyText string

func (t *anyText) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, (*string)(t)) != nil {
		*t = anyText(b)
	}
	return nil
}

// value returns the text; "" for nil.
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

// ServiceAccountUpdate is the body of a partial update: a member that is nil keeps its value. An
// update of an account in state Erred, even without members, is sent to the account service, and the
// state becomes OK.
type ServiceAccountUpdate struct {
	Description *string `json:"description,omitempty"`
	Email       *string `json:"email,omitempty"` // can't be cleared: the server refuses an empty text
}

// ServiceAccountFilter narrows a list; "" and nil mean any. The server's filter by the URL of the
// customer or project is not used: it has the same result as the filter by UUID.
type ServiceAccountFilter struct {
	Scope    string   // UUID of the customer or project
	Username string   // exact, case-sensitive
	Email    string   // a part of the address, in any case
	States   []string // any of them
}

// ServiceAccounts has the operations on the service accounts of customers, or on those of projects.
type ServiceAccounts struct {
	http  *transport.Client
	area  string
	scope string // "customer" or "project"
}

// List returns all accounts that match and that the caller may see, oldest first. The server lists them
// in no order: an update moves an account to another place.
//
// GET /api/marketplace-customer-service-accounts/
// GET /api/marketplace-project-service-accounts/
func (s ServiceAccounts) List(ctx context.Context, f ServiceAccountFilter) ([]ServiceAccount, error) {
	found, err := list(ctx, s.http, s.area, s.query(f), func(a *ServiceAccount) string { return a.UUID })
	slices.SortFunc(found, func(a, b ServiceAccount) int { return compareAge(a.Created, a.UUID, b.Created, b.UUID) })
	if slices.ContainsFunc(found, func(a ServiceAccount) bool { return s.ignored(f, a) }) {
		return nil, fmt.Errorf("GET %s: %w", items(s.area), ErrFilterIgnored)
	}
	return found, err
}

// ignored reports whether a row shows that the server has ignored a filter, except for the filter by
// username: who looks for a username also compares the rows.
func (s ServiceAccounts) ignored(f ServiceAccountFilter, a ServiceAccount) bool {
	scope := cmp.Or(a.CustomerUUID, a.Customer)
	if s.scope == "project" {
		scope = cmp.Or(a.ProjectUUID, a.Project)
	}
	return another(f.Scope, scope) ||
		a.Email != nil && !contains(*a.Email, f.Email) ||
		len(f.States) > 0 && a.State != "" && !slices.Contains(f.States, a.State)
}

func (s ServiceAccounts) query(f ServiceAccountFilter) url.Values {
	query := transport.Query(map[string]string{
		s.scope + "_uuid": f.Scope, "username": f.Username, "email": f.Email,
	})
	if len(f.States) > 0 {
		query["state"] = f.States
	}
	return query
}

// Count returns how many accounts List returns.
//
// GET /api/marketplace-customer-service-accounts/
// GET /api/marketplace-project-service-accounts/
func (s ServiceAccounts) Count(ctx context.Context, f ServiceAccountFilter) (int, error) {
	_, n, err := count[ServiceAccount](ctx, s.http, s.area, s.query(f))
	return n, err
}

// UUIDIn returns the UUID in the URL of an account, "" if the text is no such URL.
func (s ServiceAccounts) UUIDIn(text string) string { return uuidIn(s.area, text) }

// Get reads one account. The server also returns 404 for an account that the caller may not see.
//
// GET /api/marketplace-customer-service-accounts/{uuid}/
// GET /api/marketplace-project-service-accounts/{uuid}/
func (s ServiceAccounts) Get(ctx context.Context, uuid string) (*ServiceAccount, error) {
	return transport.Get[ServiceAccount](ctx, s.http, object(s.area, uuid), nil)
}

// Create creates an account. The server returns the account's key only in this response. There is no
// idempotency key: a second create creates a second account. A refusal may come after the account
// service behind Waldur has created an account, which Waldur does not list: see ReachedAccountService.
//
// POST /api/marketplace-customer-service-accounts/
// POST /api/marketplace-project-service-accounts/
func (s ServiceAccounts) Create(ctx context.Context, in ServiceAccountCreate) (*ServiceAccount, error) {
	body := map[string]string{
		s.scope: in.Scope, "preferred_identifier": in.PreferredIdentifier, "description": in.Description,
	}
	if in.Email != "" {
		body["email"] = in.Email
	}
	return s.call(ctx, transport.Request{Method: http.MethodPost, Path: items(s.area), Body: body})
}

// passedOn returns a write that Waldur passes on to its account service before it responds. The server
// runs the requests of a classic token one after the other, so that any other request may wait for this
// one. If the account service does not respond within 5 seconds, or fails, the status is 500, and another
// attempt would take as long.
func passedOn(r transport.Request) transport.Request {
	r.Exclusive, r.Slow, r.Final = true, true, []int{http.StatusInternalServerError}
	return r
}

func (s ServiceAccounts) call(ctx context.Context, r transport.Request) (*ServiceAccount, error) {
	account, _, err := transport.Call[ServiceAccount](ctx, s.http, passedOn(r))
	return account, err
}

// Update changes description and e-mail address. If the account service does not respond in time, the
// server returns 500, although the account service may have made the change.
//
// PATCH /api/marketplace-customer-service-accounts/{uuid}/
// PATCH /api/marketplace-project-service-accounts/{uuid}/
func (s ServiceAccounts) Update(ctx context.Context, uuid string, in ServiceAccountUpdate) (*ServiceAccount, error) {
	return s.call(ctx, transport.Request{
		Method: http.MethodPatch, Path: object(s.area, uuid), Body: in,
	})
}

// Close closes an account for good. A server without an account service returns success and does
// nothing: read the account again.
//
// DELETE /api/marketplace-customer-service-accounts/{uuid}/
// DELETE /api/marketplace-project-service-accounts/{uuid}/
func (s ServiceAccounts) Close(ctx context.Context, uuid string) error {
	return transport.Do(ctx, s.http, passedOn(transport.Request{Method: http.MethodDelete, Path: object(s.area, uuid)}))
}

// RotateAPIKey issues a new key and revokes the current key at once. The server returns the new key
// only in this response. A refusal may come after the rotation: see ReachedAccountService. The request is
// never sent again: a rotation that the server finishes late would revoke the key of a second one.
//
// POST /api/marketplace-customer-service-accounts/{uuid}/rotate_api_key/
// POST /api/marketplace-project-service-accounts/{uuid}/rotate_api_key/
func (s ServiceAccounts) RotateAPIKey(ctx context.Context, uuid string) (*ServiceAccount, error) {
	return s.call(ctx, transport.Request{Method: http.MethodPost, Path: object(s.area, uuid, "rotate_api_key")})
}

// ReachedAccountService reports whether Waldur may have called its account service before a write of an
// account failed with this error. The account service may then have done its work: Waldur waits 5
// seconds for it, and returns 400 or 500 if the account service takes longer, fails or returns no key.
// Only the statuses 401, 403, 404, 409 and 429 come before, and a refusal of fields: see FieldsRefused.
func ReachedAccountService(err error) bool {
	var refused *transport.Error
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.Status {
	case 0:
		return transport.Lost(err)
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
		http.StatusTooManyRequests:
		return false
	}
	return true
}

// FieldsRefused reports whether Waldur has refused fields of a create or update. It checks them before it
// calls the account service.
func FieldsRefused(err error) bool {
	var refused *transport.Error
	return errors.As(err, &refused) && slices.ContainsFunc(
		[]string{"customer", "project", "preferred_identifier", "description", "email"},
		func(field string) bool { return refused.Problem.Fields[field] != nil },
	)
}
