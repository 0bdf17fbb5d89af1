package wavefrontsim

import (
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Options are the options of a simulator. The zero value is the default of every row of the
// emulator contract; each field but Now sets one row to its other behaviour, and is in AllOptions.
type Options struct {
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	// UnauthorizedWithoutRight refuses a caller without user_management with 401 instead of 403
	// (row 2).
	UnauthorizedWithoutRight bool
	// ExactCase looks for ids in paths and bodies as they are sent, instead of lower-casing them
	// first (row 5). Create stores them lower-cased in any case (row 6).
	ExactCase bool
	// AddPrefix puts sa:: before the id of a new account that lacks it, instead of refusing it with
	// 400 (row 7).
	AddPrefix bool
	// DuplicateConflict refuses a known id on create with 409 instead of 400 (row 8).
	DuplicateConflict bool
	// ActiveByDefault reads a missing active as true instead of false, on create and PUT (row 9).
	ActiveByDefault bool
	// AcceptNullTokens reads "tokens": null as a missing list, instead of failing with 500 (row 10).
	AcceptNullTokens bool
	// IgnoreTokens ignores the content of tokens on create and PUT, instead of adding the UUIDs in
	// it to the tokens of the account and refusing anything else with 400 (row 11).
	IgnoreTokens bool
	// MissingListKeeps keeps a list that PUT lacks, tokens included, instead of emptying it (row
	// 12). A missing description is unset in any case.
	MissingListKeeps bool
	// EmptyTokensRevoke makes the tokens of PUT the whole list: other tokens are revoked. By
	// default PUT revokes nothing (row 12). A missing list is an empty list, unless
	// MissingListKeeps.
	EmptyTokensRevoke bool
	// IgnoreBodyIdentifier ignores the identifier in the body of PUT, instead of refusing an
	// identifier other than that of the path with 400 (row 13).
	IgnoreBodyIdentifier bool
	// LegacyEveryone puts service accounts into Everyone instead of Service Accounts, as the
	// service did before the end of 2021 (row 14). Both groups exist.
	LegacyEveryone bool
	// RefuseUnknownReferences refuses unknown ids of roles and groups with 400, instead of leaving
	// them out and reporting them with code 202 in the status block of a 200 (row 15).
	RefuseUnknownReferences bool
	// IgnoreUnknownPermissions leaves unknown permissions out, with code 202, instead of refusing
	// them with 400 (row 16). token_management is refused in any case (row 17).
	IgnoreUnknownPermissions bool
	// EmptyMembers sends description, unitedRoles, unitedPermissions and lastUsed even if they are
	// empty: "", [], [] and 0 (row 18).
	EmptyMembers bool
	// UnitedRoleNames has names instead of ids in unitedRoles (row 19).
	UnitedRoleNames bool
	// WrappedSubActions returns from sub-actions on a service account the wrapped account, instead
	// of the bare object that the API document has (row 20).
	WrappedSubActions bool
	// UnknownTokenBadRequest refuses to revoke or rename an unknown token with 400 instead of 404
	// (row 22).
	UnknownTokenBadRequest bool
	// DeleteUnknownOK returns 200 without a response member when an unknown account is deleted,
	// instead of 404 (row 24).
	DeleteUnknownOK bool
	// SearchLag is how long searches do not find a change through the API or by a drift method. By
	// default they find it at once (row 26). What an Add method creates is found at once, as if it
	// had been there before.
	SearchLag time.Duration
	// NeverLastUsed does not move lastUsed (row 28).
	NeverLastUsed bool
}

// AllOptions returns the options in the order of their rows. The value of SearchLag is an hour: a
// search finds nothing that a test creates, unless the test moves the clock.
func AllOptions() []simkit.Option[Options] {
	flag := simkit.Flag[Options]
	return []simkit.Option[Options]{
		flag("UnauthorizedWithoutRight", func(o *Options) *bool { return &o.UnauthorizedWithoutRight }),
		flag("ExactCase", func(o *Options) *bool { return &o.ExactCase }),
		flag("AddPrefix", func(o *Options) *bool { return &o.AddPrefix }),
		flag("DuplicateConflict", func(o *Options) *bool { return &o.DuplicateConflict }),
		flag("ActiveByDefault", func(o *Options) *bool { return &o.ActiveByDefault }),
		flag("AcceptNullTokens", func(o *Options) *bool { return &o.AcceptNullTokens }),
		flag("IgnoreTokens", func(o *Options) *bool { return &o.IgnoreTokens }),
		flag("MissingListKeeps", func(o *Options) *bool { return &o.MissingListKeeps }),
		flag("EmptyTokensRevoke", func(o *Options) *bool { return &o.EmptyTokensRevoke }),
		flag("IgnoreBodyIdentifier", func(o *Options) *bool { return &o.IgnoreBodyIdentifier }),
		flag("LegacyEveryone", func(o *Options) *bool { return &o.LegacyEveryone }),
		flag("RefuseUnknownReferences", func(o *Options) *bool { return &o.RefuseUnknownReferences }),
		flag("IgnoreUnknownPermissions", func(o *Options) *bool { return &o.IgnoreUnknownPermissions }),
		flag("EmptyMembers", func(o *Options) *bool { return &o.EmptyMembers }),
		flag("UnitedRoleNames", func(o *Options) *bool { return &o.UnitedRoleNames }),
		flag("WrappedSubActions", func(o *Options) *bool { return &o.WrappedSubActions }),
		flag("UnknownTokenBadRequest", func(o *Options) *bool { return &o.UnknownTokenBadRequest }),
		flag("DeleteUnknownOK", func(o *Options) *bool { return &o.DeleteUnknownOK }),
		{Name: "SearchLag", Values: []string{"1h"}, Set: func(o *Options, _ string) { o.SearchLag = time.Hour }},
		flag("NeverLastUsed", func(o *Options) *bool { return &o.NeverLastUsed }),
	}
}
