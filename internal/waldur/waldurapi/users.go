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
