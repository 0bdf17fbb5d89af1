package wavefrontapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// ServiceAccount is a service account as reads show it. Members that are missing are empty: the API leaves out what is not set.
type ServiceAccount struct {
	Identifier        string   `json:"identifier"` // lower case, with the prefix "sa::"
	Active            bool     `json:"active"`
	Description       string   `json:"description"`
	Permissions       []string `json:"groups"` // held directly; the API calls permissions groups
	Roles             []Named  `json:"roles"`
	UserGroups        []Named  `json:"userGroups"` // those that the server added included
	Tokens            []Token  `json:"tokens"`
	UnitedRoles       []string `json:"unitedRoles"`       // held directly or through user groups; ids or names, the API's documents do not tell
	UnitedPermissions []string `json:"unitedPermissions"` // held directly, through roles or through user groups
	LastUsed          int64    `json:"lastUsed"`          // of any token, in ms since 1970; 0: never, or not told
}

// Complete implements transport.Complete.
func (a *ServiceAccount) Complete() error {
	if a.Identifier == "" {
		return errors.New("it has no identifier")
	}
	return complete(a.Tokens)
}

type serviceAccounts []ServiceAccount

// Complete implements transport.Complete.
func (a *serviceAccounts) Complete() error { return complete(*a) }

// Named is a role or a user group inside an account. Some answers hold objects, some the bare id.
type Named struct {
	ID     string
	System bool // a user group whose members and name are the server's business
}

// UnmarshalJSON reads an object or a bare id.
func (n *Named) UnmarshalJSON(body []byte) error {
	if bytes.HasPrefix(body, []byte(`"`)) {
		return json.Unmarshal(body, &n.ID)
	}
	var object UserGroup
	if err := json.Unmarshal(body, &object); err != nil {
		return err
	}
	n.ID, n.System = object.ID, object.System()
	return object.Complete()
}

// ServiceAccountWrite is the body of a create or an update. An update replaces all of it.
type ServiceAccountWrite struct {
	Identifier  string
	Active      bool
	Description string
	Permissions []string
	Roles       []string // ids
	UserGroups  []string // ids
}

// MarshalJSON writes every member: an empty list has to clear, and what a missing one does is not documented. Tokens are
// never written here; [] is what all clients send.
func (w ServiceAccountWrite) MarshalJSON() ([]byte, error) {
	list := func(texts []string) []string { return append([]string{}, texts...) }
	return json.Marshal(map[string]any{
		"identifier": w.Identifier, "active": w.Active, "description": w.Description,
		"groups": list(w.Permissions), "roles": list(w.Roles), "userGroups": list(w.UserGroups), "tokens": []string{},
	})
}

// ServiceAccounts are the operations on service accounts.
type ServiceAccounts struct{ http *transport.Client }

func account(identifier string, more ...string) string {
	return path(append([]string{"account", "serviceaccount", identifier}, more...)...)
}

// Create makes an account (POST /account/serviceaccount). The warning is what the server says in spite of success, such as ids
// that it ignored.
func (s ServiceAccounts) Create(ctx context.Context, wanted ServiceAccountWrite) (made *ServiceAccount, warning string, err error) {
	return call[ServiceAccount](ctx, s.http, transport.Request{Method: http.MethodPost, Path: path("account", "serviceaccount"), Body: wanted})
}

// Get returns one account (GET /account/serviceaccount/{id}).
func (s ServiceAccounts) Get(ctx context.Context, identifier string) (*ServiceAccount, error) {
	return get[ServiceAccount](ctx, s.http, account(identifier), nil)
}

// List returns all accounts (GET /account/serviceaccount, which has no pages).
func (s ServiceAccounts) List(ctx context.Context) ([]ServiceAccount, error) {
	found, err := get[serviceAccounts](ctx, s.http, path("account", "serviceaccount"), nil)
	if err != nil {
		return nil, err
	}
	return *found, nil
}

// Search returns the accounts that match (POST /search/serviceaccount). The index may lag behind a write.
func (s ServiceAccounts) Search(ctx context.Context, conditions []Condition) ([]ServiceAccount, error) {
	return search(ctx, s.http, "serviceaccount", conditions, func(a *ServiceAccount) string { return a.Identifier })
}

// Update replaces all that can be written of an account (PUT /account/serviceaccount/{id}). The warning is as in Create.
func (s ServiceAccounts) Update(ctx context.Context, wanted ServiceAccountWrite) (warning string, err error) {
	_, warning, err = call[ServiceAccount](ctx, s.http, transport.Request{
		Method: http.MethodPut, Path: account(wanted.Identifier), Body: wanted,
	})
	return warning, err
}

// SetActive activates or deactivates an account (POST /account/serviceaccount/{id}/activate, /deactivate). The tokens of an inactive
// one are refused, and come back to life with it.
func (s ServiceAccounts) SetActive(ctx context.Context, identifier string, active bool) error {
	verb := map[bool]string{true: "activate", false: "deactivate"}[active]
	return transport.Do(ctx, s.http, transport.Request{Method: http.MethodPost, Path: account(identifier, verb), Repeatable: true})
}

// Delete deletes an account and its tokens for good (DELETE /account/{id}; there is no other delete).
func (s ServiceAccounts) Delete(ctx context.Context, identifier string) error {
	return transport.Delete(ctx, s.http, path("account", identifier))
}
