package instaclustrsim

import "slices"

// Knob is one value, other than the default, of one field of Options.
type Knob struct {
	// Name is the knob and its value, as in onDowngrade=keep.
	Name string
	// Set turns the knob.
	Set func(*Options)
}

// Knobs returns the values of the knobs that the API document lists (9.8).
func Knobs() []Knob {
	return slices.Concat(
		knob("initialKeys", func(o *Options) *InitialKeys { return &o.InitialKeys }, InitialNone, InitialAll),
		knob("onDowngrade", func(o *Options) *OnDowngrade { return &o.OnDowngrade }, DowngradeKeeps, DowngradeRefused),
		knob("rotateKeepsAllowList", func(o *Options) *RotateKeepsAllowList { return &o.RotateKeepsAllowList }, RotateOpens),
		knob("generateStatus", func(o *Options) *GenerateStatus { return &o.GenerateStatus }, GenerateCreated),
		knob("emptyWriteStatus", func(o *Options) *EmptyWriteStatus { return &o.EmptyWriteStatus }, EmptyWriteNoContent),
		knob("listWhenNone", func(o *Options) *ListWhenNone { return &o.ListWhenNone }, ListNoneNotFound),
		knob("typeField", func(o *Options) *TypeField { return &o.TypeField }, TypeFieldKeyType, TypeFieldAPIKeyType),
		knob("cidr", func(o *Options) *CIDR { return &o.CIDR }, CIDRNormalise, CIDRRefuseHostBits),
		knob("updateOmitted", func(o *Options) *UpdateOmitted { return &o.UpdateOmitted }, OmittedClears, OmittedRefused),
		knob("keyParams", func(o *Options) *KeyParams { return &o.KeyParams }, KeyParamsQuery),
		knob("deleteUser", func(o *Options) *DeleteUser { return &o.DeleteUser }, DeleteUserNotFound),
		knob("displayNameDefault", func(o *Options) *DisplayNameDefault { return &o.DisplayNameDefault }, DisplayNameNull),
	)
}

// Assumptions returns the other readings of what the API document marks as a guess (1, 3, 4 and 6) and has no knob for.
func Assumptions() []Knob {
	return slices.Concat(
		knob("wrongKeyType", func(o *Options) *WrongKeyType { return &o.WrongKeyType }, WrongKeyUnauthorized),
		knob("addressRefused", func(o *Options) *AddressRefused { return &o.AddressRefused }, AddressUnauthorized),
		knob("noRights", func(o *Options) *NoRights { return &o.NoRights }, NoRightsNotFound),
		knob("listScope", func(o *Options) *ListScope { return &o.ListScope }, ListAdministered),
		knob("missingKey", func(o *Options) *MissingKey { return &o.MissingKey }, MissingKeyNotFound),
		knob("roleAbove", func(o *Options) *RoleAbove { return &o.RoleAbove }, RoleAboveForbidden),
		knob("getUser", func(o *Options) *GetUser { return &o.GetUser }, GetUserNotFound, GetUserNotAllowed),
		knob("usernames", func(o *Options) *Usernames { return &o.Usernames }, UsernamesCaseInsensitive),
		knob("ipv6", func(o *Options) *IPv6 { return &o.IPv6 }, IPv6Accepted),
		knob("emptyAdministrators", func(o *Options) *EmptyAdministrators { return &o.EmptyAdministrators },
			EmptyAdministratorsAccepted, EmptyAdministratorsIgnored),
		knob("unknownAdministrators", func(o *Options) *UnknownAdministrators { return &o.UnknownAdministrators },
			UnknownAdministratorsAccepted),
		knob("selfRotation", func(o *Options) *SelfRotation { return &o.SelfRotation }, SelfRotationUserManagement),
	)
}

func knob[T ~string](name string, field func(*Options) *T, values ...T) []Knob {
	knobs := make([]Knob, len(values))
	for i, value := range values {
		knobs[i] = Knob{name + "=" + string(value), func(o *Options) { *field(o) = value }}
	}
	return knobs
}
