package instaclustrsim

// WrongKeyType is the assumption wrongKeyType.
type WrongKeyType string

const (
	// WrongKeyForbidden is 403.
	WrongKeyForbidden WrongKeyType = ""
	// WrongKeyUnauthorized is 401, as if the key were dead.
	WrongKeyUnauthorized WrongKeyType = "401"
)

// AddressRefused is the assumption addressRefused.
type AddressRefused string

const (
	// AddressForbidden is 403.
	AddressForbidden AddressRefused = ""
	// AddressUnauthorized is 401, as if the key were dead.
	AddressUnauthorized AddressRefused = "401"
)

// NoRights is the assumption noRights.
type NoRights string

const (
	// NoRightsForbidden is 403.
	NoRightsForbidden NoRights = ""
	// NoRightsNotFound is 404, as if there were no such user.
	NoRightsNotFound NoRights = "404"
)

// ListScope is the assumption listScope. An Owner sees the whole account in any case.
type ListScope string

const (
	// ListAccount shows all service users of the account.
	ListAccount ListScope = ""
	// ListAdministered shows those whom the caller administers.
	ListAdministered ListScope = "administered"
)

// MissingKey is the assumption missingKey.
type MissingKey string

const (
	// MissingKeyInvalid is 400 about apiKeyType.
	MissingKeyInvalid MissingKey = ""
	// MissingKeyNotFound is 404.
	MissingKeyNotFound MissingKey = "404"
)

// RoleAbove is the assumption roleAbove.
type RoleAbove string

const (
	// RoleAboveInvalid is 400 about profile.
	RoleAboveInvalid RoleAbove = ""
	// RoleAboveForbidden is 403.
	RoleAboveForbidden RoleAbove = "403"
)

// GetUser is the assumption getUser. Where the route is missing, requests reach no operation: they are recorded without
// one, and faults of getServiceUser do not strike.
type GetUser string

const (
	// GetUserServed answers.
	GetUserServed GetUser = ""
	// GetUserNotFound is 404 whoever is asked for.
	GetUserNotFound GetUser = "404"
	// GetUserNotAllowed is 405.
	GetUserNotAllowed GetUser = "405"
)

// Usernames is the assumption usernames. Names keep the spelling they were made with.
type Usernames string

const (
	// UsernamesExact tells upper from lower case.
	UsernamesExact Usernames = ""
	// UsernamesCaseInsensitive does not.
	UsernamesCaseInsensitive Usernames = "caseInsensitive"
)

// IPv6 is the assumption ipv6.
type IPv6 string

const (
	// IPv6Refused answers 400.
	IPv6Refused IPv6 = ""
	// IPv6Accepted treats IPv6 like IPv4.
	IPv6Accepted IPv6 = "accept"
)

// EmptyAdministrators is the assumption emptyAdministrators.
type EmptyAdministrators string

const (
	// EmptyAdministratorsRefused answers 400.
	EmptyAdministratorsRefused EmptyAdministrators = ""
	// EmptyAdministratorsAccepted leaves the service user to the Owners.
	EmptyAdministratorsAccepted EmptyAdministrators = "accept"
	// EmptyAdministratorsIgnored answers 200 and keeps the administrators.
	EmptyAdministratorsIgnored EmptyAdministrators = "ignore"
)

// UnknownAdministrators is the assumption unknownAdministrators.
type UnknownAdministrators string

const (
	// UnknownAdministratorsRefused answers 400.
	UnknownAdministratorsRefused UnknownAdministrators = ""
	// UnknownAdministratorsAccepted stores any text.
	UnknownAdministratorsAccepted UnknownAdministrators = "accept"
)

// SelfRotation is the assumption selfRotation.
type SelfRotation string

const (
	// SelfRotationAnyKey takes any live key of the service user.
	SelfRotationAnyKey SelfRotation = ""
	// SelfRotationUserManagement takes its User Management key alone.
	SelfRotationUserManagement SelfRotation = "userManagementKey"
)
