package wavefrontapi

import (
	"context"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Role is a set of permissions. A member that the response does not have is empty; a list is nil.
type Role struct {
	ID          string   `json:"id"` // a UUID with hyphens
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Permissions []string `json:"permissions"`
}

// Complete implements transport.Complete.
func (r *Role) Complete() error { return transport.Required("id", r.ID) }

// Roles has the operations on roles.
type Roles struct{ http *transport.Client }

// Get reads one role.
//
// GET /api/v2/role/{id}
func (r Roles) Get(ctx context.Context, id string) (*Role, error) {
	return get[Role](ctx, r.http, path("role", id), nil)
}

// ByName returns the roles with exactly this name.
//
// POST /api/v2/search/role
func (r Roles) ByName(ctx context.Context, name string) ([]Role, error) {
	return search(ctx, r.http, "role", nameIs(name), func(r *Role) string { return r.ID })
}

// UserGroup is a group of accounts, which may have roles. A text that the response does not have is
// empty, other members are nil.
type UserGroup struct {
	ID          string  `json:"id"` // a UUID with hyphens
	Name        string  `json:"name"`
	Description string  `json:"description"`
	UserCount   *int64  `json:"userCount"`
	Roles       []Named `json:"roles"`
	Properties  struct {
		NameEditable  *bool `json:"nameEditable"`
		UsersEditable *bool `json:"usersEditable"`
	} `json:"properties"`
}

// Complete implements transport.Complete.
func (g *UserGroup) Complete() error { return transport.Required("id", g.ID) }

// System reports whether the server alone decides who is in the group, as with "Service Accounts" and
// "Everyone": neither its name nor its members can be edited. It returns nil if the response does not
// decide that.
func (g *UserGroup) System() *bool {
	name, users := g.Properties.NameEditable, g.Properties.UsersEditable
	system := true
	switch {
	case name != nil && *name, users != nil && *users:
		system = false
	case name == nil, users == nil:
		return nil
	}
	return &system
}

// UserGroups has the operations on user groups.
type UserGroups struct{ http *transport.Client }

// Get reads one user group.
//
// GET /api/v2/usergroup/{id}
func (g UserGroups) Get(ctx context.Context, id string) (*UserGroup, error) {
	return get[UserGroup](ctx, g.http, path("usergroup", id), nil)
}

// ByName returns the user groups with exactly this name: names are not unique.
//
// POST /api/v2/search/usergroup
func (g UserGroups) ByName(ctx context.Context, name string) ([]UserGroup, error) {
	return search(ctx, g.http, "usergroup", nameIs(name), func(g *UserGroup) string { return g.ID })
}

// nameIs is the condition of a search for one name.
func nameIs(name string) []Condition {
	return []Condition{{Key: "name", Values: []string{name}, MatchingMethod: Exact}}
}
