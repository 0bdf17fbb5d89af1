package waldurapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// RobotAccountStates are the labels of a robot account's states. The filter by state is the position
// in the list, from 1. Servers before 7.9.2 return this number instead of the label.
var RobotAccountStates = []string{"Requested", "Creating", "OK", "Requested deletion", "Deleted", "Error"}

// RobotAccountState is a label; "" from servers of 2024, which have no states.
type RobotAccountState string

// UnmarshalJSON reads a label or its number.
func (s *RobotAccountState) UnmarshalJSON(text []byte) error {
	var number int
	if json.Unmarshal(text, &number) == nil && number >= 1 && number <= len(RobotAccountStates) {
		*s = RobotAccountState(RobotAccountStates[number-1])
		return nil
	}
	return json.Unmarshal(text, (*string)(s))
}

// Reference is the UUID of another object. The JSON has the URL of the object, in some responses the
// object itself.
type Reference string

// UnmarshalJSON reads a URL, an object with a uuid, or null.
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
	parts := strings.Split(strings.TrimRight(*address, "/"), "/") // the URL's host is that of the request
	*r = Reference(parts[len(parts)-1])
	return nil
}

// Fingerprint has the fingerprints of one SSH key: MD5 as hex pairs with colons, the others in base64
// after the name of the hash.
type Fingerprint struct {
	MD5    string `json:"md5"`
	SHA256 string `json:"sha256"`
	SHA512 string `json:"sha512"`
}

// ResponsibleUser is the user who is responsible for an account; "": nobody. The JSON is that of a
// Reference.
type ResponsibleUser struct {
	Reference
	Returned bool // false if the response does not have the member, which says nothing about the user
}

// UnmarshalJSON reads a Reference, also null.
func (r *ResponsibleUser) UnmarshalJSON(text []byte) error {
	r.Returned = true
	return r.Reference.UnmarshalJSON(text)
}

// RobotAccount is an account on a resource. The responses to create and update lack the members from
// ResourceName on. A text that is not set is "", a list without elements is empty. A text or list that
// the response does not have is nil, or "" if it is never empty.
type RobotAccount struct {
	UUID            string            `json:"uuid"`
	Created         string            `json:"created"`
	Modified        string            `json:"modified"`
	Username        *string           `json:"username"` // the provider of the resource may set it
	Description     *string           `json:"description"`
	State           RobotAccountState `json:"state"`
	ErrorMessage    *string           `json:"error_message"`
	Resource        Reference         `json:"resource"`
	Type            string            `json:"type"`
	Users           []Reference       `json:"users"` // in any order; where users must consent, only users that did
	ResponsibleUser ResponsibleUser   `json:"responsible_user"`
	Keys            []string          `json:"keys"`
	Fingerprints    []Fingerprint     `json:"fingerprints"` // one for each key, in the order of the keys
	BackendID       *string           `json:"backend_id"`   // set if the account is a copy from another Waldur

	ResourceName string `json:"resource_name"`
	ResourceUUID string `json:"resource_uuid"`
	ProjectUUID  string `json:"project_uuid"`
	ProjectName  string `json:"project_name"`
	CustomerUUID string `json:"customer_uuid"`
	CustomerName string `json:"customer_name"`
	ProviderUUID string `json:"provider_uuid"` // the customer that owns the offering
	ProviderName string `json:"provider_name"`

	// OfferingCustomerUUID is the ProviderUUID of a server of 2024, which does not return its name.
	OfferingCustomerUUID string `json:"offering_customer_uuid"`
}

// Complete implements transport.Complete.
func (a *RobotAccount) Complete() error {
	if slices.Contains(a.Users, "") {
		return errors.New("one of its users has no uuid")
	}
	return transport.Required("uuid", a.UUID)
}

// RobotAccountWrite is the body of a create and of a partial update. In an update, a member that is
// nil keeps its value. References are UUIDs here and URLs in the JSON. A responsible user "" means
// no responsible user.
type RobotAccountWrite struct {
	Resource        *string // create only: an update moves the account on newer servers, and older servers ignore it
	Type            *string
	Username        *string
	Description     *string
	Users           *[]string
	ResponsibleUser *string
	Keys            *[]string
}

// MarshalJSON writes the members that are not nil.
func (w RobotAccountWrite) MarshalJSON() ([]byte, error) {
	body := map[string]any{}
	texts := map[string]*string{"type": w.Type, "username": w.Username, "description": w.Description}
	for name, text := range texts {
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
	Username, UserEmail                                        string // a part of the text, in any case
	ResponsibleUserUUID                                        string // exact
	CreatedAfter, CreatedBefore, ModifiedAfter, ModifiedBefore string // RFC 3339; the named time is included
}

func (f RobotAccountFilter) query() url.Values {
	query := transport.Query(map[string]string{
		"resource_uuid": f.ResourceUUID, "project_uuid": f.ProjectUUID, "customer_uuid": f.CustomerUUID,
		"provider_uuid": f.ProviderUUID, "type": f.Type, "username": f.Username, "user_email": f.UserEmail,
		"responsible_user_uuid": f.ResponsibleUserUUID, "created": f.CreatedAfter, "created_before": f.CreatedBefore,
		"modified": f.ModifiedAfter, "modified_before": f.ModifiedBefore,
	})
	if i := slices.Index(RobotAccountStates, f.State); i >= 0 {
		query.Set("state", strconv.Itoa(i+1)) // a number, unlike the label in bodies
	}
	return query
}

// RobotAccounts has the operations on robot accounts.
type RobotAccounts struct{ http *transport.Client }

const robotAccountsArea = "marketplace-robot-accounts"

// robotAccountFields narrow a response to the members of RobotAccount: a row of a list costs the server
// half as much then. A server of 2024 ignores them.
var robotAccountFields = []string{
	"uuid", "created", "modified", "username", "description", "state", "error_message", "resource", "type", "users",
	"responsible_user", "keys", "fingerprints", "backend_id", "resource_name", "resource_uuid", "project_uuid",
	"project_name", "customer_uuid", "customer_name", "provider_uuid", "provider_name",
}

// List returns all accounts that match and that the caller may see, oldest first.
//
// GET /api/marketplace-robot-accounts/
func (s RobotAccounts) List(ctx context.Context, f RobotAccountFilter) ([]RobotAccount, error) {
	uuid := func(a *RobotAccount) string { return a.UUID }
	query := f.query()
	query["field"] = robotAccountFields
	found, err := list(ctx, s.http, robotAccountsArea, query, uuid)
	slices.SortFunc(found, func(a, b RobotAccount) int { return compareAge(a.Created, a.UUID, b.Created, b.UUID) })
	if err != nil {
		return found, err
	}
	ignored := slices.ContainsFunc(found, f.ignored)
	for _, probe := range f.probes(found) {
		if !ignored {
			ignored, err = s.finds(ctx, probe)
		}
		if err != nil {
			return nil, err
		}
	}
	if ignored {
		return nil, fmt.Errorf("GET %s: %w", items(robotAccountsArea), ErrFilterIgnored)
	}
	return found, nil
}

// The values of filters that no account matches.
const (
	noAddress = "nobody@no-such-host.invalid"
	noUUID    = "00000000000000000000000000000000"
)

// probes returns filters that find nothing on a server that knows those filters of f about which the rows
// do not decide. The user who matches may be hidden from a row: on newer servers, where an offering requires
// consent. So a row whose users do not match proves nothing, and a row without a responsible user neither.
func (f RobotAccountFilter) probes(rows []RobotAccount) (probes []RobotAccountFilter) {
	if f.UserEmail != "" && len(rows) > 0 {
		probes = append(probes, RobotAccountFilter{UserEmail: noAddress})
	}
	nobody := func(a RobotAccount) bool { return a.ResponsibleUser.Reference == "" }
	if f.ResponsibleUserUUID != "" && slices.ContainsFunc(rows, nobody) {
		probes = append(probes, RobotAccountFilter{ResponsibleUserUUID: noUUID})
	}
	return probes
}

// finds reports whether any account matches.
func (s RobotAccounts) finds(ctx context.Context, f RobotAccountFilter) (bool, error) {
	n, _, err := s.Count(ctx, f)
	return n > 0, err
}

// Count returns how many accounts List returns, and whether the server shows the state of the first: a server
// of 2024 has no states, and returns all members of each row.
//
// GET /api/marketplace-robot-accounts/
func (s RobotAccounts) Count(ctx context.Context, f RobotAccountFilter) (n int, states bool, err error) {
	query := f.query()
	query["field"] = []string{"uuid", "state"}
	first, n, err := count[RobotAccount](ctx, s.http, robotAccountsArea, query)
	return n, first.State != "", err
}

// ignored reports whether a row shows that the server has ignored a filter. A row without a state is of
// a server of 2024, which knows the first line of the fields of RobotAccountFilter and the type alone.
func (f RobotAccountFilter) ignored(a RobotAccount) bool {
	first := RobotAccountFilter{
		ResourceUUID: f.ResourceUUID, ProjectUUID: f.ProjectUUID, CustomerUUID: f.CustomerUUID,
		ProviderUUID: f.ProviderUUID, Type: f.Type,
	}
	responsible := string(a.ResponsibleUser.Reference) // "": nobody, or hidden
	return a.State == "" && f != first ||
		another(strings.TrimSpace(f.Type), a.Type) ||
		another(f.ResourceUUID, cmp.Or(string(a.Resource), a.ResourceUUID)) ||
		another(f.ProjectUUID, a.ProjectUUID) ||
		another(f.CustomerUUID, a.CustomerUUID) ||
		another(f.ProviderUUID, cmp.Or(a.ProviderUUID, a.OfferingCustomerUUID)) ||
		f.State != "" && f.State != string(a.State) ||
		!contains(value(a.Username), f.Username) ||
		another(f.ResponsibleUserUUID, responsible) ||
		f.CreatedAfter != "" && earlier(a.Created, f.CreatedAfter) ||
		f.CreatedBefore != "" && earlier(f.CreatedBefore, a.Created) ||
		f.ModifiedAfter != "" && earlier(a.Modified, f.ModifiedAfter) ||
		f.ModifiedBefore != "" && earlier(f.ModifiedBefore, a.Modified)
}

// another reports whether a row shows another value than the value that a filter wants. Each may be "".
func another(wanted, shown string) bool { return wanted != "" && shown != "" && wanted != shown }

// contains reports whether a text has the text that a filter wants, in upper or lower case. Servers remove
// white space around the latter.
func contains(text, wanted string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(strings.TrimSpace(wanted)))
}

// earlier compares times in RFC 3339; it is false if one of them is not a time.
func earlier(a, b string) bool {
	first, firstErr := time.Parse(time.RFC3339, a)
	second, secondErr := time.Parse(time.RFC3339, b)
	return firstErr == nil && secondErr == nil && first.Before(second)
}

// ErrFilterIgnored says that the server does not know a filter. Servers of 2024 have no filter by
// state and time, and servers before 8.0.7 have no filter by username, e-mail address and responsible
// user.
var ErrFilterIgnored = errors.New("this Waldur server is too old for one of the filters, and ignores it")

// HaveStates reports whether the server keeps states of robot accounts. It asks for the accounts in a
// state by its label: a server with states expects a number and refuses the label, a server of 2024
// ignores the parameter and returns accounts without a state.
//
// GET /api/marketplace-robot-accounts/
func (s RobotAccounts) HaveStates(ctx context.Context) (bool, error) {
	query := url.Values{"state": {"OK"}, "page_size": {"1"}}
	found, err := transport.Get[[]RobotAccount](ctx, s.http, items(robotAccountsArea), query)
	var refused *transport.Error
	if transport.BadRequest(err) && errors.As(err, &refused) && len(refused.Problem.Fields["state"]) > 0 {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(*found, func(a RobotAccount) bool { return a.State != "" }), nil
}

// UUIDIn returns the UUID in the URL of an account, "" if the text is no such URL.
func (s RobotAccounts) UUIDIn(text string) string { return uuidIn(robotAccountsArea, text) }

// Get reads one account. The server also returns 404 for an account that the caller may not see.
//
// GET /api/marketplace-robot-accounts/{uuid}/
func (s RobotAccounts) Get(ctx context.Context, uuid string) (*RobotAccount, error) {
	query := url.Values{"field": robotAccountFields}
	return transport.Get[RobotAccount](ctx, s.http, object(robotAccountsArea, uuid), query)
}

// Create creates an account. No other account, in whatever state, may have the same resource and type.
//
// POST /api/marketplace-robot-accounts/
func (s RobotAccounts) Create(ctx context.Context, in RobotAccountWrite) (*RobotAccount, error) {
	return transport.Post[RobotAccount](ctx, s.http, items(robotAccountsArea), in)
}

// Update changes the members that are not nil. It replaces the whole lists of users and keys. Every
// update fails while a user of the account is no longer a member of the project or customer of the
// resource, unless the update has a list of users without that user. A server of 2024 responds with 500
// if another account of the resource has the new type: such a request is not sent again after a 500.
//
// PATCH /api/marketplace-robot-accounts/{uuid}/
func (s RobotAccounts) Update(ctx context.Context, uuid string, in RobotAccountWrite) (*RobotAccount, error) {
	var final []int
	if in.Type != nil {
		final = []int{http.StatusInternalServerError}
	}
	account, _, err := transport.Call[RobotAccount](ctx, s.http, transport.Request{
		Method: http.MethodPatch, Path: object(robotAccountsArea, uuid), Body: in, Final: final,
	})
	return account, err
}

// Delete deletes an account for good, in any state, also a copy from another Waldur.
//
// DELETE /api/marketplace-robot-accounts/{uuid}/
func (s RobotAccounts) Delete(ctx context.Context, uuid string) error {
	return transport.Delete(ctx, s.http, object(robotAccountsArea, uuid))
}

// SetState changes the state by an operation, which is the last part of its path, such as
// "set_state_ok". The error message belongs to set_state_erred; "" keeps the current message. The
// server refuses a second attempt with 409.
//
// POST /api/marketplace-robot-accounts/{uuid}/set_state_creating/
// POST /api/marketplace-robot-accounts/{uuid}/set_state_ok/
// POST /api/marketplace-robot-accounts/{uuid}/set_state_erred/
// POST /api/marketplace-robot-accounts/{uuid}/set_state_request_deletion/
// POST /api/marketplace-robot-accounts/{uuid}/set_state_deleted/
func (s RobotAccounts) SetState(ctx context.Context, uuid, operation, errorMessage string) (*RobotAccount, error) {
	var body any
	if errorMessage != "" {
		body = map[string]string{"error_message": errorMessage}
	}
	if !strings.HasPrefix(operation, "set_state_") {
		return nil, fmt.Errorf("no operation on a state: %q", operation)
	}
	return transport.Post[RobotAccount](ctx, s.http, object(robotAccountsArea, uuid, operation), body)
}
