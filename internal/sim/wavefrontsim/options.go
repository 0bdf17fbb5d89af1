package wavefrontsim

import "time"

// Options are the settings of a Sim. The zero value is the default of every row of the emulator contract; each other
// field but Now sets one row to its other behaviour, and is in Switches.
type Options struct {
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	// UnauthorizedWithoutRight answers 401 instead of 403 to a caller without user_management (row 2).
	UnauthorizedWithoutRight bool
	// ExactCase takes ids in paths and bodies as they are sent, instead of lower-casing them first (row 5). Create
	// stores them lower-cased all the same (row 6).
	ExactCase bool
	// AddPrefix puts sa:: before the id of a new account that lacks it, instead of refusing it with 400 (row 7).
	AddPrefix bool
	// DuplicateConflict refuses a known id on create with 409 instead of 400 (row 8).
	DuplicateConflict bool
	// ActiveByDefault reads a missing active as true instead of false, on create and PUT (row 9).
	ActiveByDefault bool
	// AcceptNullTokens reads "tokens": null as a missing list, instead of failing with 500 (row 10).
	AcceptNullTokens bool
	// IgnoreTokens ignores the content of tokens on create and PUT, instead of making the UUIDs in it tokens of the
	// account and refusing anything else with 400 (row 11).
	IgnoreTokens bool
	// MissingListKeeps leaves a list alone that PUT lacks, tokens included, instead of emptying it (row 12). A missing
	// description is unset either way.
	MissingListKeeps bool
	// EmptyTokensRevoke makes the tokens of PUT the whole list: what is not in it is revoked. By default PUT revokes
	// nothing (row 12). A missing list is an empty one, unless MissingListKeeps.
	EmptyTokensRevoke bool
	// IgnoreBodyIdentifier ignores the identifier in the body of PUT, instead of refusing another one than that of the
	// path with 400 (row 13).
	IgnoreBodyIdentifier bool
	// LegacyEveryone puts service accounts into Everyone instead of Service Accounts, as the service did before the
	// end of 2021 (row 14). Both groups exist.
	LegacyEveryone bool
	// RefuseUnknownReferences refuses unknown ids of roles and groups with 400, instead of leaving them out and
	// saying so with code 202 in the status block of a 200 (row 15).
	RefuseUnknownReferences bool
	// IgnoreUnknownPermissions leaves unknown permissions out, with code 202, instead of refusing them with 400
	// (row 16). token_management is refused either way (row 17).
	IgnoreUnknownPermissions bool
	// EmptyMembers sends description, unitedRoles, unitedPermissions and lastUsed even where there is nothing to tell:
	// "", [], [] and 0 (row 18).
	EmptyMembers bool
	// UnitedRoleNames has names instead of ids in unitedRoles (row 19).
	UnitedRoleNames bool
	// WrappedSubActions answers sub-actions on a service account with the wrapped account, instead of the bare
	// object that the API document has (row 20).
	WrappedSubActions bool
	// UnknownTokenBadRequest refuses to revoke or rename an unknown token with 400 instead of 404 (row 22).
	UnknownTokenBadRequest bool
	// DeleteUnknownOK answers 200 without a response member when an unknown account is deleted, instead of 404
	// (row 24).
	DeleteUnknownOK bool
	// SearchLag is how long searches do not see a change made through the API or by a drift method. 0 is not at all
	// (row 26). What an Add method makes is found at once, as it is meant to have been there before.
	SearchLag time.Duration
	// NeverLastUsed does not move lastUsed (row 28).
	NeverLastUsed bool
}

// Switch is one behaviour of the emulator contract that has two settings.
type Switch struct {
	// Name is the field of Options.
	Name string
	// Row is the number in the emulator contract.
	Row int
	// Set turns the default into the other setting.
	Set func(*Options)
}

// Switches are all switches, in the order of their rows. The one of SearchLag is an hour: a search finds nothing that
// a test makes, unless the test moves the clock.
func Switches() []Switch {
	return []Switch{
		{"UnauthorizedWithoutRight", 2, func(o *Options) { o.UnauthorizedWithoutRight = true }},
		{"ExactCase", 5, func(o *Options) { o.ExactCase = true }},
		{"AddPrefix", 7, func(o *Options) { o.AddPrefix = true }},
		{"DuplicateConflict", 8, func(o *Options) { o.DuplicateConflict = true }},
		{"ActiveByDefault", 9, func(o *Options) { o.ActiveByDefault = true }},
		{"AcceptNullTokens", 10, func(o *Options) { o.AcceptNullTokens = true }},
		{"IgnoreTokens", 11, func(o *Options) { o.IgnoreTokens = true }},
		{"MissingListKeeps", 12, func(o *Options) { o.MissingListKeeps = true }},
		{"EmptyTokensRevoke", 12, func(o *Options) { o.EmptyTokensRevoke = true }},
		{"IgnoreBodyIdentifier", 13, func(o *Options) { o.IgnoreBodyIdentifier = true }},
		{"LegacyEveryone", 14, func(o *Options) { o.LegacyEveryone = true }},
		{"RefuseUnknownReferences", 15, func(o *Options) { o.RefuseUnknownReferences = true }},
		{"IgnoreUnknownPermissions", 16, func(o *Options) { o.IgnoreUnknownPermissions = true }},
		{"EmptyMembers", 18, func(o *Options) { o.EmptyMembers = true }},
		{"UnitedRoleNames", 19, func(o *Options) { o.UnitedRoleNames = true }},
		{"WrappedSubActions", 20, func(o *Options) { o.WrappedSubActions = true }},
		{"UnknownTokenBadRequest", 22, func(o *Options) { o.UnknownTokenBadRequest = true }},
		{"DeleteUnknownOK", 24, func(o *Options) { o.DeleteUnknownOK = true }},
		{"SearchLag", 26, func(o *Options) { o.SearchLag = time.Hour }},
		{"NeverLastUsed", 28, func(o *Options) { o.NeverLastUsed = true }},
	}
}
