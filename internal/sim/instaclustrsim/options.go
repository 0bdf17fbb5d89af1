package instaclustrsim

import "github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"

// Options are the options of a simulator. The zero value is the service as the API document reads
// it. The first group has the names and values of its emulator contract (9.8); the second group is
// what the document marks as a guess elsewhere. Comments give the default first, then each other
// value; AllOptions has the other values.
type Options struct {
	// InitialKeys is which keys a new service user has: of each allowed type but USER_MANAGEMENT;
	// none; all.
	InitialKeys string
	// OnDowngrade is what happens to keys of a type that a lowered role does not allow: they end;
	// keep: they work on, and are listed but not among the allowed types; refuse: 400 about profile
	// while there are such keys.
	OnDowngrade string
	// RotateKeepsAllowList is whether a rotated key keeps its allow list: it does; false: it
	// becomes 0.0.0.0/0.
	RotateKeepsAllowList string
	// GenerateStatus is the status of a generated key: 200; 201.
	GenerateStatus string
	// EmptyWriteStatus is the status of revoke and IP restrictions: 200 with Content-Length: 0; 204.
	EmptyWriteStatus string
	// ListWhenNone is the list without service users: 200 and an empty array; 404, as in older list
	// endpoints.
	ListWhenNone string
	// TypeField is the name of the key's type within a service user: as in the documented samples,
	// apiKeyType in create, keyType in the list, and in get and update apiKeyType for the first key
	// and keyType for the others; keyType everywhere; apiKeyType everywhere. Generate and rotate
	// always have apiKeyType.
	TypeField string
	// CIDR is what happens to host bits in an allow list: they are kept; normalise: cleared;
	// refuseHostBits: 400.
	CIDR string
	// UpdateOmitted is what an update does with a field that is missing or null: it stays; clear:
	// it becomes what a create without it gives, which is the default display name and the caller
	// as the only administrator, and an update without a profile is refused; refuse: 400.
	UpdateOmitted string
	// KeyParams is where IP restrictions and rotate have user name and key type: in the path;
	// query: the key type, or both, in the query string.
	KeyParams string
	// DeleteUser is the status of DELETE of a service user, which does not exist: 405; 404.
	DeleteUser string
	// DisplayNameDefault is the display name of a user created without one: the user name; null.
	DisplayNameDefault string

	// WrongKeyType refuses a live key that is not a User Management key: 403; 401, as if the key
	// were revoked.
	WrongKeyType string
	// AddressRefused refuses a caller outside the allow list of its own key: 403; 401, as if the
	// key were revoked.
	AddressRefused string
	// NoRights refuses a Cluster Admin who does not administer the service user: 403; 404, as for
	// an unknown user.
	NoRights string
	// ListScope is what the list shows to a Cluster Admin: the account; administered: the service
	// users that the caller administers. An Owner sees the account in any case.
	ListScope string
	// MissingKey refuses revoke, rotate and IP restrictions if there is no key of the type: 400
	// about apiKeyType; 404.
	MissingKey string
	// RoleAbove refuses a role above the caller's own: 400 about profile; 403.
	RoleAbove string
	// GetUser is whether one service user can be read, other than through the list: yes; 404 or
	// 405: requests reach no operation, are recorded without one, and faults of getServiceUser do
	// not act.
	GetUser string
	// Usernames is how user names are compared: exactly; caseInsensitive. Names keep the spelling
	// of their creation.
	Usernames string
	// IPv6 is whether an allow list may have IPv6 prefixes: 400; accept.
	IPv6 string
	// EmptyAdministrators is what an update does with an empty list of administrators: 400; accept:
	// the service user is left to the Owners; ignore: 200, and the administrators stay.
	EmptyAdministrators string
	// UnknownAdministrators is what an update does with an administrator who is not an Owner or
	// Cluster Admin of the account: 400; accept: it stores any text.
	UnknownAdministrators string
	// SelfRotation is which key a service user needs to rotate its own keys: any live key;
	// userManagementKey.
	SelfRotation string
}

// AllOptions returns the options with their values besides the default.
func AllOptions() []simkit.Option[Options] {
	choice := simkit.Choice[Options, string]
	return []simkit.Option[Options]{
		choice("InitialKeys", func(o *Options) *string { return &o.InitialKeys }, "none", "all"),
		choice("OnDowngrade", func(o *Options) *string { return &o.OnDowngrade }, "keep", "refuse"),
		choice("RotateKeepsAllowList", func(o *Options) *string { return &o.RotateKeepsAllowList }, "false"),
		choice("GenerateStatus", func(o *Options) *string { return &o.GenerateStatus }, "201"),
		choice("EmptyWriteStatus", func(o *Options) *string { return &o.EmptyWriteStatus }, "204"),
		choice("ListWhenNone", func(o *Options) *string { return &o.ListWhenNone }, "404"),
		choice("TypeField", func(o *Options) *string { return &o.TypeField }, "keyType", "apiKeyType"),
		choice("CIDR", func(o *Options) *string { return &o.CIDR }, "normalise", "refuseHostBits"),
		choice("UpdateOmitted", func(o *Options) *string { return &o.UpdateOmitted }, "clear", "refuse"),
		choice("KeyParams", func(o *Options) *string { return &o.KeyParams }, "query"),
		choice("DeleteUser", func(o *Options) *string { return &o.DeleteUser }, "404"),
		choice("DisplayNameDefault", func(o *Options) *string { return &o.DisplayNameDefault }, "null"),

		choice("WrongKeyType", func(o *Options) *string { return &o.WrongKeyType }, "401"),
		choice("AddressRefused", func(o *Options) *string { return &o.AddressRefused }, "401"),
		choice("NoRights", func(o *Options) *string { return &o.NoRights }, "404"),
		choice("ListScope", func(o *Options) *string { return &o.ListScope }, "administered"),
		choice("MissingKey", func(o *Options) *string { return &o.MissingKey }, "404"),
		choice("RoleAbove", func(o *Options) *string { return &o.RoleAbove }, "403"),
		choice("GetUser", func(o *Options) *string { return &o.GetUser }, "404", "405"),
		choice("Usernames", func(o *Options) *string { return &o.Usernames }, "caseInsensitive"),
		choice("IPv6", func(o *Options) *string { return &o.IPv6 }, "accept"),
		choice("EmptyAdministrators", func(o *Options) *string { return &o.EmptyAdministrators }, "accept", "ignore"),
		choice("UnknownAdministrators", func(o *Options) *string { return &o.UnknownAdministrators }, "accept"),
		choice("SelfRotation", func(o *Options) *string { return &o.SelfRotation }, "userManagementKey"),
	}
}
