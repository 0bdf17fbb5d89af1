package waldurapi

import (
	"context"
	"net/url"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// User is a person, or an account that signs in to Waldur. A text that the response does not have is "".
type User struct {
	UUID     string `json:"uuid"`
	Username string `json:"username"`
	FullName string `json:"full_name"`
	Email    string `json:"email"`
	IsActive *bool  `json:"is_active"` // nil for all but staff and support: they alone get it
}

// Complete implements transport.Complete.
func (u *User) Complete() error { return transport.Required("uuid", u.UUID) }

// UserFilter narrows a list; "" means any.
type UserFilter struct {
	Username                  string // exact
	Email                     string // a part of the address: compare the whole address again
	CustomerUUID, ProjectUUID string // exact
}

// Users has the operations on users.
type Users struct{ http *transport.Client }

// userFields narrow a response to the members of User.
var userFields = []string{"uuid", "username", "full_name", "email", "is_active"}

// Get reads one user. The server also returns 404 for a user that the caller may not see.
//
// GET /api/users/{uuid}/
func (s Users) Get(ctx context.Context, uuid string) (*User, error) {
	return transport.Get[User](ctx, s.http, object("users", uuid), url.Values{"field": userFields})
}

// List returns all users that match and that the caller may see.
//
// GET /api/users/
func (s Users) List(ctx context.Context, f UserFilter) ([]User, error) {
	query := transport.Query(map[string]string{
		"username": f.Username, "email": f.Email, "customer_uuid": f.CustomerUUID, "project_uuid": f.ProjectUUID,
	})
	query["field"] = userFields
	return list(ctx, s.http, "users", query, func(u *User) string { return u.UUID })
}

// Caller is the user that a token belongs to.
type Caller struct {
	Staff   bool    `json:"is_staff"`    // sees and changes everything; the server leaves it out for most users
	Support bool    `json:"is_support"`  // sees everything; left out likewise
	Grants  []Grant `json:"permissions"` // nil: the response has none; empty: the user has no role
}

// Complete implements transport.Complete.
func (c *Caller) Complete() error {
	if c.Grants == nil && !c.Staff && !c.Support {
		return transport.Required("permissions", "")
	}
	return nil
}

// Grant is a role that a user has.
type Grant struct {
	Role    string `json:"role_uuid"`       // UUID of a Role
	Scope   string `json:"scope_type"`      // such as "customer" or "project"
	UUID    string `json:"scope_uuid"`      // of the customer or project
	Expires string `json:"expiration_time"` // RFC 3339; "": never
}

// callerFields narrow a response to the members of Caller. Without them the response has the token.
var callerFields = []string{"uuid", "is_staff", "is_support", "permissions"}

// Caller reads the user that the token belongs to.
//
// GET /api/users/me/
func (s Users) Caller(ctx context.Context) (*Caller, error) {
	return transport.Get[Caller](ctx, s.http, object("users", "me"), url.Values{"field": callerFields})
}

// Role is what a role allows.
type Role struct {
	UUID        string   `json:"uuid"`
	Active      *bool    `json:"is_active"`   // false: disabled; users keep the role
	Permissions []string `json:"permissions"` // nil: the response has none
}

// Complete implements transport.Complete.
func (r *Role) Complete() error { return transport.Required("uuid", r.UUID) }

// Roles returns all roles. Every user may list them.
//
// GET /api/roles/
func (s Users) Roles(ctx context.Context) ([]Role, error) {
	return list(ctx, s.http, "roles", url.Values{}, func(r *Role) string { return r.UUID })
}
