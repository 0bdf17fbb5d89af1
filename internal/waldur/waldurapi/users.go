package waldurapi

import (
	"context"
	"net/url"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// User is a person, or an account that signs in to Waldur.
type User struct {
	UUID     string `json:"uuid"`
	Username string `json:"username"`
	FullName string `json:"full_name"`
	Email    string `json:"email"`
	IsActive bool   `json:"is_active"`
}

// Complete implements transport.Complete.
func (u *User) Complete() error { return identified(u.UUID) }

// UserFilter narrows a list; "" means any.
type UserFilter struct {
	Username                  string // exact
	Email                     string // contains: compare again
	CustomerUUID, ProjectUUID string // exact
}

// Users are the operations on users.
type Users struct{ http *transport.Client }

var userFields = []string{"uuid", "username", "full_name", "email", "is_active"}

// Get reads one user. 404 may mean that the caller is not allowed to see it.
//
// GET /api/users/{uuid}/
func (s Users) Get(ctx context.Context, uuid string) (*User, error) {
	return transport.Get[User](ctx, s.http, object("users", uuid), url.Values{"field": userFields})
}

// List returns all users that match and that the caller may see.
//
// GET /api/users/
func (s Users) List(ctx context.Context, f UserFilter) ([]User, error) {
	query := url.Values{"field": userFields}
	for name, text := range map[string]string{
		"username": f.Username, "email": f.Email, "customer_uuid": f.CustomerUUID, "project_uuid": f.ProjectUUID,
	} {
		if text != "" {
			query.Set(name, text)
		}
	}
	return list(ctx, s.http, "users", query, func(u User) string { return u.UUID })
}
