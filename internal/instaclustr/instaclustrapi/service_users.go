package instaclustrapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync/atomic"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Roles of service users (`profile` in requests, `role` in responses), the weakest first.
const (
	ReadOnly     = "READ_ONLY"
	ClusterAdmin = "CLUSTER_ADMIN"
	Owner        = "OWNER"
)

// Roles lists all roles, the weakest first.
var Roles = []string{ReadOnly, ClusterAdmin, Owner}

// ServiceUser is an API-only user of the account that the credential belongs to. A text that is not set,
// or that the response does not have, is "". A list that the response does not have is nil.
type ServiceUser struct {
	Username        string
	Email           string
	DisplayName     string
	Role            string
	Administrators  []string
	AllowedKeyTypes []KeyType // the key types that the role allows
	Keys            []Key
}

// KeyType is a type of API keys that a role allows.
type KeyType struct {
	Name        string
	DisplayName string
}

// UnmarshalJSON reads the forms of the vendor's samples, which differ: the type of a key is keyType or
// apiKeyType, also within one list, and the role may be called profile, as in requests.
func (u *ServiceUser) UnmarshalJSON(body []byte) error {
	var wire struct {
		Username       string   `json:"username"`
		Email          string   `json:"email"`
		DisplayName    string   `json:"displayName"`
		Role           string   `json:"role"`
		Profile        string   `json:"profile"`
		Administrators []string `json:"administrators"`
		APIKeys        struct {
			AllowedAPIKeyTypes []KeyType `json:"allowedApiKeyTypes"`
			APIKeys            []struct {
				Account    string `json:"account"`
				Key        string `json:"key"`
				KeyType    string `json:"keyType"`
				APIKeyType string `json:"apiKeyType"`
			} `json:"apiKeys"`
		} `json:"apiKeys"`
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return err
	}
	*u = ServiceUser{
		Username: wire.Username, Email: wire.Email, DisplayName: wire.DisplayName,
		Role: cmp.Or(wire.Role, wire.Profile), Administrators: wire.Administrators,
		AllowedKeyTypes: wire.APIKeys.AllowedAPIKeyTypes,
	}
	if wire.APIKeys.APIKeys != nil {
		u.Keys = []Key{}
	}
	for _, key := range wire.APIKeys.APIKeys {
		keyType := cmp.Or(key.KeyType, key.APIKeyType)
		u.Keys = append(u.Keys, Key{Account: key.Account, Type: keyType, Tail: TailOf(key.Key)})
	}
	return nil
}

// Complete implements transport.Complete.
func (u *ServiceUser) Complete() error {
	if slices.ContainsFunc(u.Keys, func(key Key) bool { return key.Type == "" }) {
		return errors.New("one of its keys has no type")
	}
	return transport.Required("username", u.Username)
}

// Key returns the key of a type; nil if there is none.
func (u *ServiceUser) Key(keyType string) *Key {
	for i := range u.Keys {
		if u.Keys[i].Type == keyType {
			return &u.Keys[i]
		}
	}
	return nil
}

// Allows reports whether the role allows keys of a type. It returns true if the server returned no
// types.
func (u *ServiceUser) Allows(keyType string) bool {
	ofType := func(t KeyType) bool { return t.Name == keyType }
	return len(u.AllowedKeyTypes) == 0 || slices.ContainsFunc(u.AllowedKeyTypes, ofType)
}

// ServiceUserCreate is the body of a create. The caller becomes the only administrator.
type ServiceUserCreate struct {
	Username    string `json:"username"` // unique among all users of the service, now and later
	Email       string `json:"email"`    // likewise
	Role        string `json:"profile"`
	DisplayName string `json:"displayName,omitempty"`
}

// ServiceUserUpdate is the body of an update. The effect of a missing field is not documented: set all
// fields.
type ServiceUserUpdate struct {
	DisplayName    string   `json:"displayName,omitempty"`
	Role           string   `json:"profile"`
	Administrators []string `json:"administrators"`
}

// ServiceUsers has the operations on service users.
type ServiceUsers struct {
	router   *router
	listOnly *atomic.Bool // the route of one service user does not exist
}

// List returns all service users of the account that the caller may see, in any order. A 404 is an
// empty list: some of the vendor's older lists return it.
//
// GET /v1/service-users
func (s ServiceUsers) List(ctx context.Context) ([]ServiceUser, error) {
	found, err := call[[]ServiceUser](ctx, s.router, listUsers, target{}, nil)
	if transport.NotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return *found, nil
}

// Get reads one service user by its own path, which is a guess. If that path does not exist, it reads
// the list. The error is ErrAbsent if the list does not have the user either.
//
// GET /v1/service-users/{username}
// GET /v1/service-users
func (s ServiceUsers) Get(ctx context.Context, username string) (*ServiceUser, error) {
	if !s.listOnly.Load() {
		found, err := call[ServiceUser](ctx, s.router, getUser, target{username: username}, nil)
		if !unrouted(err) {
			return found, err
		}
	}
	found, err := s.GetFromList(ctx, username)
	if err == nil {
		s.listOnly.Store(true)
	}
	return found, err
}

// GetFromList reads one service user from the list. The error is ErrAbsent if the list does not have
// the user.
//
// GET /v1/service-users
func (s ServiceUsers) GetFromList(ctx context.Context, username string) (*ServiceUser, error) {
	all, err := s.List(ctx)
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

// Create creates a service user, and may create keys with it. No operation deletes a service user.
//
// POST /v1/service-users
func (s ServiceUsers) Create(ctx context.Context, in ServiceUserCreate) (*ServiceUser, error) {
	return call[ServiceUser](ctx, s.router, createUser, target{}, in)
}

// Update changes display name, role and administrators.
//
// PUT /v1/service-users/{username}
func (s ServiceUsers) Update(
	ctx context.Context, username string, in ServiceUserUpdate,
) (*ServiceUser, error) {
	return call[ServiceUser](ctx, s.router, updateUser, target{username: username}, in)
}
