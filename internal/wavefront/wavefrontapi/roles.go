package wavefrontapi

import (
	"context"
	"errors"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Role is a set of permissions.
type Role struct {
	ID          string   `json:"id"` // a UUID with hyphens
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Permissions []string `json:"permissions"`
}

// Complete implements transport.Complete.
func (r *Role) Complete() error { return identified(r.ID) }

// Roles are the look-ups of roles.
type Roles struct{ http *transport.Client }

// Get returns one role (GET /role/{id}).
func (r Roles) Get(ctx context.Context, id string) (*Role, error) {
	return get[Role](ctx, r.http, path("role", id), nil)
}

// ByName returns the roles with exactly this name (POST /search/role).
func (r Roles) ByName(ctx context.Context, name string) ([]Role, error) {
	return search(ctx, r.http, "role", named(name), func(r *Role) string { return r.ID })
}

// UserGroup is a group of accounts, which may have roles.
type UserGroup struct {
	ID          string  `json:"id"` // a UUID with hyphens
	Name        string  `json:"name"`
	Description string  `json:"description"`
	UserCount   int64   `json:"userCount"`
	Roles       []Named `json:"roles"`
	Properties  struct {
		NameEditable  *bool `json:"nameEditable"`
		UsersEditable *bool `json:"usersEditable"`
	} `json:"properties"`
}

// Complete implements transport.Complete.
func (g *UserGroup) Complete() error { return identified(g.ID) }

// System tells whether the server alone decides who is in the group, as with "Service Accounts" and "Everyone": neither its name nor
// its members can be edited.
func (g *UserGroup) System() bool {
	no := func(editable *bool) bool { return editable != nil && !*editable }
	return no(g.Properties.NameEditable) && no(g.Properties.UsersEditable)
}

// UserGroups are the look-ups of user groups.
type UserGroups struct{ http *transport.Client }

// Get returns one user group (GET /usergroup/{id}).
func (g UserGroups) Get(ctx context.Context, id string) (*UserGroup, error) {
	return get[UserGroup](ctx, g.http, path("usergroup", id), nil)
}

// ByName returns the user groups with exactly this name (POST /search/usergroup). Names need not be unique.
func (g UserGroups) ByName(ctx context.Context, name string) ([]UserGroup, error) {
	return search(ctx, g.http, "usergroup", named(name), func(g *UserGroup) string { return g.ID })
}

func named(name string) []Condition {
	return []Condition{{Key: "name", Values: []string{name}, MatchingMethod: Exact}}
}

func identified(id string) error {
	if id == "" {
		return errors.New("it has no id")
	}
	return nil
}
