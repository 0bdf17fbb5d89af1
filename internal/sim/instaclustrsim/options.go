package instaclustrsim

import (
	"io"
	"net/http"
	"net/netip"
	"time"
)

// Options are the settings of a Sim. The zero value is the service as the API document reads it. Knobs and
// Assumptions list every other value of the fields that have a type of their own.
type Options struct {
	// InitialKeys is which keys a new service user has.
	InitialKeys InitialKeys
	// OnDowngrade is what happens to keys of a type that a lowered role does not allow.
	OnDowngrade OnDowngrade
	// RotateKeepsAllowList is whether a rotated key keeps its allow list.
	RotateKeepsAllowList RotateKeepsAllowList
	// GenerateStatus is the status of a generated key.
	GenerateStatus GenerateStatus
	// EmptyWriteStatus is the status of revoke and IP restrictions, which answer without a body.
	EmptyWriteStatus EmptyWriteStatus
	// ListWhenNone is how the list says that there is no service user to show.
	ListWhenNone ListWhenNone
	// TypeField is the name of the key's type within a service user. Generate and rotate always say apiKeyType.
	TypeField TypeField
	// CIDR is what is made of the entries of an allow list.
	CIDR CIDR
	// UpdateOmitted is what an update makes of a field that is missing or null.
	UpdateOmitted UpdateOmitted
	// KeyParams is where user name and key type travel in IP restrictions and rotate.
	KeyParams KeyParams
	// DeleteUser is the answer to DELETE of a service user, which does not exist.
	DeleteUser DeleteUser
	// DisplayNameDefault is the display name of a user created without one.
	DisplayNameDefault DisplayNameDefault

	// WrongKeyType is the answer to a live key that is not a User Management key.
	WrongKeyType WrongKeyType
	// AddressRefused is the answer to a caller outside the allow list of its own key.
	AddressRefused AddressRefused
	// NoRights is the answer to a Cluster Admin who does not administer the service user.
	NoRights NoRights
	// ListScope is what the list shows to a Cluster Admin.
	ListScope ListScope
	// MissingKey is the answer of revoke, rotate and IP restrictions when there is no key of the type.
	MissingKey MissingKey
	// RoleAbove is the answer to a role above the caller's own.
	RoleAbove RoleAbove
	// GetUser is whether one service user can be read, other than through the list.
	GetUser GetUser
	// Usernames is how user names are compared.
	Usernames Usernames
	// IPv6 is whether an allow list may hold IPv6 prefixes.
	IPv6 IPv6
	// EmptyAdministrators is what an update makes of an empty list of administrators.
	EmptyAdministrators EmptyAdministrators
	// UnknownAdministrators is what an update makes of an administrator who is no Owner or Cluster Admin of the account.
	UnknownAdministrators UnknownAdministrators
	// SelfRotation is which key a service user needs to rotate its own keys.
	SelfRotation SelfRotation

	// RequestsPerMinute is how many requests are served within any minute of the clock, of all callers together;
	// the others get 429 before anything else is looked at, and do not count. Zero is no limit. The service
	// documents a limit per user or per account (API document 7), and no Retry-After.
	RequestsPerMinute int
	// Now is the clock of that limit, nothing in the API shows a time; nil is time.Now.
	Now func() time.Time
	// Random is the source of keys and account ids, read under a lock; nil is crypto/rand. Whoever gives a reader
	// that repeats itself gets keys that do.
	Random io.Reader
	// CallerAddress is the address that the allow list of the caller's key is held against; nil is the peer of the
	// connection. It must be safe for concurrent use.
	CallerAddress func(*http.Request) netip.Addr
}

// InitialKeys is the knob initialKeys.
type InitialKeys string

const (
	// InitialAllButUserManagement makes a key of each allowed type but USER_MANAGEMENT.
	InitialAllButUserManagement InitialKeys = ""
	// InitialNone makes no key.
	InitialNone InitialKeys = "none"
	// InitialAll makes a key of each allowed type.
	InitialAll InitialKeys = "all"
)

// OnDowngrade is the knob onDowngrade.
type OnDowngrade string

const (
	// DowngradeRevokes ends the keys.
	DowngradeRevokes OnDowngrade = ""
	// DowngradeKeeps leaves the keys at work, listed but not among the allowed types.
	DowngradeKeeps OnDowngrade = "keep"
	// DowngradeRefused answers 400 about profile while there are such keys.
	DowngradeRefused OnDowngrade = "refuse"
)

// RotateKeepsAllowList is the knob rotateKeepsAllowList.
type RotateKeepsAllowList string

const (
	// RotateKeeps leaves the allow list as it is.
	RotateKeeps RotateKeepsAllowList = ""
	// RotateOpens sets the allow list to 0.0.0.0/0.
	RotateOpens RotateKeepsAllowList = "false"
)

// GenerateStatus is the knob generateStatus.
type GenerateStatus string

const (
	// GenerateOK is 200.
	GenerateOK GenerateStatus = ""
	// GenerateCreated is 201.
	GenerateCreated GenerateStatus = "201"
)

// EmptyWriteStatus is the knob emptyWriteStatus.
type EmptyWriteStatus string

const (
	// EmptyWriteOK is 200 with Content-Length: 0.
	EmptyWriteOK EmptyWriteStatus = ""
	// EmptyWriteNoContent is 204.
	EmptyWriteNoContent EmptyWriteStatus = "204"
)

// ListWhenNone is the knob listWhenNone.
type ListWhenNone string

const (
	// ListNoneEmpty is 200 and an empty array.
	ListNoneEmpty ListWhenNone = ""
	// ListNoneNotFound is 404, as in older list endpoints of the service.
	ListNoneNotFound ListWhenNone = "404"
)

// TypeField is the knob typeField.
type TypeField string

const (
	// TypeFieldMixed is as in the documented samples: apiKeyType in create, keyType in the list, and in get and
	// update apiKeyType for the first key and keyType for the others.
	TypeFieldMixed TypeField = ""
	// TypeFieldKeyType is keyType everywhere.
	TypeFieldKeyType TypeField = "keyType"
	// TypeFieldAPIKeyType is apiKeyType everywhere.
	TypeFieldAPIKeyType TypeField = "apiKeyType"
)

// CIDR is the knob cidr.
type CIDR string

const (
	// CIDRVerbatim keeps the text, host bits included.
	CIDRVerbatim CIDR = ""
	// CIDRNormalise clears host bits.
	CIDRNormalise CIDR = "normalise"
	// CIDRRefuseHostBits answers 400 to host bits.
	CIDRRefuseHostBits CIDR = "refuseHostBits"
)

// UpdateOmitted is the knob updateOmitted.
type UpdateOmitted string

const (
	// OmittedKeeps leaves the field as it is.
	OmittedKeeps UpdateOmitted = ""
	// OmittedClears takes the field for what a create without it would give: the default display name, the caller
	// as the only administrator. The profile has no such value and is refused.
	OmittedClears UpdateOmitted = "clear"
	// OmittedRefused answers 400.
	OmittedRefused UpdateOmitted = "refuse"
)

// KeyParams is the knob keyParams; the paths are in the table of routes.
type KeyParams string

const (
	// KeyParamsPath has both in the path.
	KeyParamsPath KeyParams = ""
	// KeyParamsQuery has the key type, or both, in the query string.
	KeyParamsQuery KeyParams = "query"
)

// DeleteUser is the knob deleteUser.
type DeleteUser string

const (
	// DeleteUserNotAllowed is 405.
	DeleteUserNotAllowed DeleteUser = ""
	// DeleteUserNotFound is 404.
	DeleteUserNotFound DeleteUser = "404"
)

// DisplayNameDefault is the knob displayNameDefault.
type DisplayNameDefault string

const (
	// DisplayNameUsername is the user name.
	DisplayNameUsername DisplayNameDefault = ""
	// DisplayNameNull is null.
	DisplayNameNull DisplayNameDefault = "null"
)
