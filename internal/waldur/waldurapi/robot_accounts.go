package waldurapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// RobotAccountStates are the labels of a robot account's states. The place in the list, from 1, is what the filter takes,
// and what servers before 7.9.2 had in bodies.
var RobotAccountStates = []string{"Requested", "Creating", "OK", "Requested deletion", "Deleted", "Error"}

// RobotAccountState is a label, "" on servers without states (2024).
type RobotAccountState string

// UnmarshalJSON takes a label or its number.
func (s *RobotAccountState) UnmarshalJSON(text []byte) error {
	var number int
	if json.Unmarshal(text, &number) == nil && number >= 1 && number <= len(RobotAccountStates) {
		*s = RobotAccountState(RobotAccountStates[number-1])
		return nil
	}
	return json.Unmarshal(text, (*string)(s))
}

// Reference is the UUID of another object. The wire has its address, in some answers the object itself.
type Reference string

// UnmarshalJSON takes an address, an object with a uuid, or null.
func (r *Reference) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		var object struct{ UUID string }
		err := json.Unmarshal(text, &object)
		*r = Reference(object.UUID)
		return err
	}
	var address *string
	if err := json.Unmarshal(text, &address); err != nil || address == nil {
		return err
	}
	parts := strings.Split(strings.TrimRight(*address, "/"), "/") // the host depends on how the server was asked
	*r = Reference(parts[len(parts)-1])
	return nil
}

// Fingerprint is of one SSH key: md5 as colon pairs, the others in base64 with the name of the hash in front.
type Fingerprint struct {
	MD5    string `json:"md5"`
	SHA256 string `json:"sha256"`
	SHA512 string `json:"sha512"`
}

// RobotAccount is an account on a resource. The answers to create and update lack the members below the line.
type RobotAccount struct {
	UUID            string            `json:"uuid"`
	Created         string            `json:"created"`
	Username        string            `json:"username"` // may be filled in by the provider of the resource
	Description     *string           `json:"description"`
	State           RobotAccountState `json:"state"`
	ErrorMessage    string            `json:"error_message"`
	Resource        Reference         `json:"resource"`
	Type            string            `json:"type"`
	Users           []Reference       `json:"users"` // in any order; without those that have not consented, where that is asked for
	ResponsibleUser Reference         `json:"responsible_user"`
	Keys            []string          `json:"keys"`
	Fingerprints    []Fingerprint     `json:"fingerprints"` // one a key, in their order
	BackendID       string            `json:"backend_id"`   // set if the account is a copy from another Waldur

	ResourceName string `json:"resource_name"`
	ProjectUUID  string `json:"project_uuid"`
	ProjectName  string `json:"project_name"`
	CustomerUUID string `json:"customer_uuid"`
	CustomerName string `json:"customer_name"`
	ProviderUUID string `json:"provider_uuid"` // the customer that owns the offering
	ProviderName string `json:"provider_name"`
}

// Complete implements transport.Complete.
func (a *RobotAccount) Complete() error { return identified(a.UUID) }

// RobotAccountWrite is the body of a create and of a partial update, where what is nil keeps its value. UUIDs become the
// addresses that the server wants; a responsible user "" is none.
type RobotAccountWrite struct {
	Resource        *string // create only: an update of it moves the account on newer servers and is ignored by older ones
	Type            *string
	Username        *string
	Description     *string
	Users           *[]string
	ResponsibleUser *string
	Keys            *[]string
}

// MarshalJSON writes only what is set.
func (w RobotAccountWrite) MarshalJSON() ([]byte, error) {
	body := map[string]any{}
	for name, text := range map[string]*string{"type": w.Type, "username": w.Username, "description": w.Description} {
		if text != nil {
			body[name] = *text
		}
	}
	if w.Resource != nil {
		body["resource"] = object("marketplace-resources", *w.Resource)
	}
	if w.Keys != nil {
		body["keys"] = append([]string{}, *w.Keys...)
	}
	if w.Users != nil {
		users := []string{}
		for _, user := range *w.Users {
			users = append(users, object("users", user))
		}
		body["users"] = users
	}
	if w.ResponsibleUser != nil {
		body["responsible_user"] = nil
		if *w.ResponsibleUser != "" {
			body["responsible_user"] = object("users", *w.ResponsibleUser)
		}
	}
	return json.Marshal(body)
}

// RobotAccountFilter narrows a list; "" means any.
type RobotAccountFilter struct {
	ResourceUUID, ProjectUUID, CustomerUUID, ProviderUUID      string // exact
	Type                                                       string // exact
	State                                                      string // a label
	Username, UserEmail                                        string // contain, any case
	ResponsibleUserUUID                                        string // exact
	CreatedAfter, CreatedBefore, ModifiedAfter, ModifiedBefore string // RFC 3339; at or after, up to
}

func (f RobotAccountFilter) query() url.Values {
	query := url.Values{}
	if i := slices.Index(RobotAccountStates, f.State); i >= 0 {
		query.Set("state", strconv.Itoa(i+1)) // bodies have labels, the filter takes the number
	}
	for name, text := range map[string]string{
		"resource_uuid": f.ResourceUUID, "project_uuid": f.ProjectUUID, "customer_uuid": f.CustomerUUID, "provider_uuid": f.ProviderUUID,
		"type": f.Type, "username": f.Username, "user_email": f.UserEmail, "responsible_user_uuid": f.ResponsibleUserUUID,
		"created": f.CreatedAfter, "created_before": f.CreatedBefore, "modified": f.ModifiedAfter, "modified_before": f.ModifiedBefore,
	} {
		if text != "" {
			query.Set(name, text)
		}
	}
	return query
}

// RobotAccounts are the operations on robot accounts.
type RobotAccounts struct{ http *transport.Client }

const robotAccountsArea = "marketplace-robot-accounts"

// List returns all accounts that match and that the caller may see, oldest first.
//
// GET /api/marketplace-robot-accounts/
func (s RobotAccounts) List(ctx context.Context, f RobotAccountFilter) ([]RobotAccount, error) {
	found, err := list(ctx, s.http, robotAccountsArea, f.query(), func(a RobotAccount) string { return a.UUID })
	for _, account := range found { // of those filters that some servers ignore, these show
		if f.State != "" && f.State != string(account.State) || !strings.Contains(strings.ToLower(account.Username), strings.ToLower(f.Username)) {
			return nil, fmt.Errorf("GET %s: %w", items(robotAccountsArea), ErrFilterIgnored)
		}
	}
	return found, err
}

// ErrFilterIgnored says that a server does not know a filter: those of 2024 have none for state and time, those before 8.0.7 none for
// usernames, addresses and the responsible user.
var ErrFilterIgnored = errors.New("this Waldur is too old for one of the filters, and ignores it")

// Get reads one account. 404 may mean that the caller is not allowed to see it.
//
// GET /api/marketplace-robot-accounts/{uuid}/
func (s RobotAccounts) Get(ctx context.Context, uuid string) (*RobotAccount, error) {
	return transport.Get[RobotAccount](ctx, s.http, object(robotAccountsArea, uuid), nil)
}

// UserNames returns the full names of an account's users by their UUIDs.
//
// GET /api/marketplace-robot-accounts/{uuid}/
func (s RobotAccounts) UserNames(ctx context.Context, uuid string) (map[string]string, error) {
	account, err := transport.Get[struct {
		Users []struct {
			UUID     string `json:"uuid"`
			FullName string `json:"full_name"`
		} `json:"users"`
	}](ctx, s.http, object(robotAccountsArea, uuid), url.Values{"field": {"users"}})
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, user := range account.Users {
		names[user.UUID] = user.FullName
	}
	return names, nil
}

// Create makes an account. The pair of resource and type must be free, in whatever state its owner is.
//
// POST /api/marketplace-robot-accounts/
func (s RobotAccounts) Create(ctx context.Context, in RobotAccountWrite) (*RobotAccount, error) {
	return transport.Post[RobotAccount](ctx, s.http, items(robotAccountsArea), in)
}

// Update changes what is set. Users and keys are replaced as a whole. It fails, whatever it changes, while a user of the account
// has left the project and customer of the resource, unless it sends users without that one.
//
// PATCH /api/marketplace-robot-accounts/{uuid}/
func (s RobotAccounts) Update(ctx context.Context, uuid string, in RobotAccountWrite) (*RobotAccount, error) {
	return transport.Patch[RobotAccount](ctx, s.http, object(robotAccountsArea, uuid), in)
}

// Delete removes an account for good, in any state, remote copies too.
//
// DELETE /api/marketplace-robot-accounts/{uuid}/
func (s RobotAccounts) Delete(ctx context.Context, uuid string) error {
	return transport.Delete(ctx, s.http, object(robotAccountsArea, uuid))
}

// SetState takes one step, named by the operation's last part, such as "set_state_ok". The error message goes with
// set_state_erred; "" leaves the former one. It is repeatable in so far as a second send is refused with 409.
//
// POST /api/marketplace-robot-accounts/{uuid}/set_state_{creating,ok,erred,request_deletion,deleted}/
func (s RobotAccounts) SetState(ctx context.Context, uuid, operation, errorMessage string) (*RobotAccount, error) {
	var body any
	if errorMessage != "" {
		body = map[string]string{"error_message": errorMessage}
	}
	if !strings.HasPrefix(operation, "set_state_") {
		return nil, fmt.Errorf("no operation on a state: %q", operation)
	}
	account, _, err := transport.Call[RobotAccount](ctx, s.http, transport.Request{
		Method: http.MethodPost, Path: object(robotAccountsArea, uuid, operation), Body: body,
	})
	return account, err
}
