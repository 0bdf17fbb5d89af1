package instaclustrapi

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Roles of service users (`profile` in requests, `role` in answers), the weakest first.
const (
	ReadOnly     = "READ_ONLY"
	ClusterAdmin = "CLUSTER_ADMIN"
	Owner        = "OWNER"
)

// Roles lists all roles, the weakest first.
var Roles = []string{ReadOnly, ClusterAdmin, Owner}

// ServiceUser is an API-only user of the account that the credential belongs to. Texts that are not set are "".
type ServiceUser struct {
	Username        string
	Email           string
	DisplayName     string
	Role            string
	Administrators  []string
	AllowedKeyTypes []KeyType // by the role, whether there are such keys or not
	Keys            []Key
	KeysTold        bool // whether the answer tells of keys at all: one that lacks them is no sign that there are none
}

// KeyType is a type of API keys that a role allows.
type KeyType struct {
	Name        string
	DisplayName string
}

// UnmarshalJSON reads the shape on the wire, in which keys are apiKeys.apiKeys, the type of a key is keyType or apiKeyType, from one
// entry to the next, and the role may be called profile, as in requests. The vendor's samples differ in that.
func (u *ServiceUser) UnmarshalJSON(body []byte) error {
	var wire struct {
		Username, Email, DisplayName, Role, Profile string
		Administrators                              []string
		APIKeys                                     struct {
			AllowedAPIKeyTypes []KeyType
			APIKeys            *[]struct{ Account, Key, KeyType, APIKeyType string }
		}
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return err
	}
	*u = ServiceUser{
		Username: wire.Username, Email: wire.Email, DisplayName: wire.DisplayName, Role: cmp.Or(wire.Role, wire.Profile),
		Administrators: wire.Administrators, AllowedKeyTypes: wire.APIKeys.AllowedAPIKeyTypes,
	}
	if u.KeysTold = wire.APIKeys.APIKeys != nil; !u.KeysTold {
		return nil
	}
	for _, key := range *wire.APIKeys.APIKeys {
		u.Keys = append(u.Keys, Key{Account: key.Account, Type: cmp.Or(key.KeyType, key.APIKeyType), Tail: TailOf(key.Key)})
	}
	return nil
}

// Complete implements transport.Complete.
func (u *ServiceUser) Complete() error {
	if u.Username == "" {
		return lacks("username")
	}
	return nil
}

// Key returns the key of a type, nil if there is none.
func (u *ServiceUser) Key(keyType string) *Key {
	for i := range u.Keys {
		if u.Keys[i].Type == keyType {
			return &u.Keys[i]
		}
	}
	return nil
}

// Allows tells whether the role allows keys of a type. Where the server tells no types at all, it is for it to refuse.
func (u *ServiceUser) Allows(keyType string) bool {
	return len(u.AllowedKeyTypes) == 0 || slices.ContainsFunc(u.AllowedKeyTypes, func(t KeyType) bool { return t.Name == keyType })
}

// ServiceUserCreate is the body of a create. Administrators can't be chosen: the caller becomes the only one.
type ServiceUserCreate struct {
	Username    string `json:"username"` // unique among all users of the service, for good
	Email       string `json:"email"`    // likewise
	Role        string `json:"profile"`
	DisplayName string `json:"displayName,omitempty"`
}

// ServiceUserUpdate is the body of an update. Whether fields that are left out keep their values is not documented: send all.
type ServiceUserUpdate struct {
	DisplayName    string   `json:"displayName,omitempty"`
	Role           string   `json:"profile"`
	Administrators []string `json:"administrators"`
}

// List returns all service users of the account that the caller may see. The order means nothing. Older lists of this vendor say 404 where
// there is nothing to list.
//
// GET /v1/service-users
func (c *Client) List(ctx context.Context) ([]ServiceUser, error) {
	found, err := call[[]ServiceUser](ctx, c, listUsers, target{}, nil)
	if transport.NotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range *found {
		if err := (*found)[i].Complete(); err != nil {
			return nil, fmt.Errorf("entry %d of the list of service users: %w", i+1, err)
		}
	}
	return *found, nil
}

// Get reads one service user: at its own path, whose place is a guess, or if there is nothing, through the list. The error is ErrAbsent if
// it is not there either.
//
// GET /v1/service-users/{username}
func (c *Client) Get(ctx context.Context, username string) (*ServiceUser, error) {
	if !c.listOnly.Load() {
		found, err := call[ServiceUser](ctx, c, getUser, target{username: username}, nil)
		if !unrouted(err) {
			return found, err
		}
	}
	found, err := c.Listed(ctx, username)
	if err == nil {
		c.listOnly.Store(true)
	}
	return found, err
}

// Listed reads one service user through the list.
func (c *Client) Listed(ctx context.Context, username string) (*ServiceUser, error) {
	all, err := c.List(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Username == username {
			return &all[i], nil
		}
	}
	return nil, ErrAbsent
}

// Create makes a service user. It may come with keys. There is no way to delete one.
//
// POST /v1/service-users
func (c *Client) Create(ctx context.Context, in ServiceUserCreate) (*ServiceUser, error) {
	return call[ServiceUser](ctx, c, createUser, target{}, in)
}

// Update changes display name, role and administrators. It may be repeated.
//
// PUT /v1/service-users/{username}
func (c *Client) Update(ctx context.Context, username string, in ServiceUserUpdate) (*ServiceUser, error) {
	return call[ServiceUser](ctx, c, updateUser, target{username: username}, in)
}
