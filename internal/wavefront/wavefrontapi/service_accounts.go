package wavefrontapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// ServiceAccount is a service account as the server returns it. The server leaves out descriptions and
// lists that are empty, so that they are empty here. Active and Tokens are in every documented response;
// nil: not returned.
type ServiceAccount struct {
	Identifier        string   `json:"identifier"` // lower case, with the prefix "sa::"
	Active            *bool    `json:"active"`
	Description       string   `json:"description"`
	Permissions       []string `json:"groups"` // held directly; the API calls permissions groups
	Roles             []Named  `json:"roles"`
	UserGroups        []Named  `json:"userGroups"` // also groups that the server added
	Tokens            []Token  `json:"tokens"`
	UnitedRoles       []string `json:"unitedRoles"`       // held directly or through user groups; ids or names
	UnitedPermissions []string `json:"unitedPermissions"` // held directly, through roles or through user groups
	LastUsed          int64    `json:"lastUsed"`          // of any token, in ms since 1970; 0: never, or unknown
}

// Complete implements transport.Complete.
func (a *ServiceAccount) Complete() error {
	if err := transport.CheckComplete(&a.Tokens); err != nil {
		return fmt.Errorf("tokens: %w", err)
	}
	return transport.Required("identifier", a.Identifier)
}

// Named is a role or a user group of an account. Some responses have objects, others have the id alone.
type Named struct {
	ID     string
	System bool // a user group of which the response says that the server alone decides its name and members
}

// UnmarshalJSON reads an object or an id.
func (n *Named) UnmarshalJSON(body []byte) error {
	if bytes.HasPrefix(body, []byte(`"`)) {
		return json.Unmarshal(body, &n.ID)
	}
	var object UserGroup
	if err := json.Unmarshal(body, &object); err != nil {
		return err
	}
	system := object.System()
	n.ID, n.System = object.ID, system != nil && *system
	return object.Complete()
}

// ServiceAccountWrite is the body of a create or an update. An update replaces all members.
type ServiceAccountWrite struct {
	Identifier  string
	Active      bool
	Description string
	Permissions []string
	Roles       []string // ids
	UserGroups  []string // ids
}

// MarshalJSON writes every member: an empty list clears, and the effect of a missing member is not
// documented. Tokens are never written here; all clients send [].
func (w ServiceAccountWrite) MarshalJSON() ([]byte, error) {
	list := func(texts []string) []string { return append([]string{}, texts...) }
	return json.Marshal(map[string]any{
		"identifier": w.Identifier, "active": w.Active, "description": w.Description,
		"groups": list(w.Permissions), "roles": list(w.Roles), "userGroups": list(w.UserGroups), "tokens": []string{},
	})
}

// ServiceAccounts has the operations on service accounts.
type ServiceAccounts struct{ http *transport.Client }

// account is the path of one account.
func account(identifier string, more ...string) string {
	return path(append([]string{"account", "serviceaccount", identifier}, more...)...)
}

// Create creates an account. The warning is the server's message in a good response, for example about
// ids that it ignored.
//
// POST /api/v2/account/serviceaccount
func (s ServiceAccounts) Create(
	ctx context.Context, wanted ServiceAccountWrite,
) (created *ServiceAccount, warning string, err error) {
	return call[ServiceAccount](ctx, s.http, transport.Request{
		Method: http.MethodPost, Path: path("account", "serviceaccount"), Body: wanted,
	})
}

// Get reads one account.
//
// GET /api/v2/account/serviceaccount/{id}
func (s ServiceAccounts) Get(ctx context.Context, identifier string) (*ServiceAccount, error) {
	return get[ServiceAccount](ctx, s.http, account(identifier), nil)
}

// List returns all accounts in one response.
//
// GET /api/v2/account/serviceaccount
func (s ServiceAccounts) List(ctx context.Context) ([]ServiceAccount, error) {
	found, err := get[[]ServiceAccount](ctx, s.http, path("account", "serviceaccount"), nil)
	if err != nil {
		return nil, err
	}
	return *found, nil
}

// Search returns the accounts that match. A write may show in a search only after some time.
//
// POST /api/v2/search/serviceaccount
func (s ServiceAccounts) Search(ctx context.Context, conditions []Condition) ([]ServiceAccount, error) {
	identifier := func(a *ServiceAccount) string { return a.Identifier }
	return search(ctx, s.http, "serviceaccount", conditions, identifier)
}

// Update replaces all members that can be written. The warning is as in Create.
//
// PUT /api/v2/account/serviceaccount/{id}
func (s ServiceAccounts) Update(ctx context.Context, wanted ServiceAccountWrite) (warning string, err error) {
	_, warning, err = call[ServiceAccount](ctx, s.http, transport.Request{
		Method: http.MethodPut, Path: account(wanted.Identifier), Body: wanted,
	})
	return warning, err
}

// SetActive activates or deactivates an account. The server refuses the tokens of an inactive account,
// and accepts them again after it was activated.
//
// POST /api/v2/account/serviceaccount/{id}/activate
// POST /api/v2/account/serviceaccount/{id}/deactivate
func (s ServiceAccounts) SetActive(ctx context.Context, identifier string, active bool) error {
	verb := map[bool]string{true: "activate", false: "deactivate"}[active]
	request := transport.Request{Method: http.MethodPost, Path: account(identifier, verb), Repeatable: true}
	return transport.Do(ctx, s.http, request)
}

// Delete deletes an account and its tokens for good. This operation is for all kinds of accounts;
// there is none for service accounts alone.
//
// DELETE /api/v2/account/{id}
func (s ServiceAccounts) Delete(ctx context.Context, identifier string) error {
	return transport.Delete(ctx, s.http, path("account", identifier))
}
