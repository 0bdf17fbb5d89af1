package wavefront

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// errNoAccount says that a token's account is gone, and the token with it.
var errNoAccount = errors.New("the service account does not exist; refer to it by the attribute id of its resource, so that it is made first")

// accountTokens are the operations on the tokens of one account.
type accountTokens struct {
	client  *wavefrontapi.Client
	account string
}

// list returns all tokens, or errNoAccount if reading the account itself confirms that it is gone: what a list of its tokens answers then
// is not documented.
func (a accountTokens) list(ctx context.Context) (tokens, error) {
	live, err := a.client.Tokens.List(ctx, a.account)
	if err == nil {
		return live, nil
	}
	if transport.NotFound(err) || transport.BadRequest(err) {
		if _, gone := a.client.ServiceAccounts.Get(ctx, a.account); transport.NotFound(gone) {
			return nil, errNoAccount
		}
	}
	return nil, err
}

// only returns the one token with a name.
func (a accountTokens) only(ctx context.Context, name string) (*wavefrontapi.Token, error) {
	live, err := a.list(ctx)
	if err != nil {
		return nil, err
	}
	return live.only(a.account, name)
}

// refusal is an error together with what to do about it.
type refusal struct {
	error
	hints     []string
	unsettled bool // a token may have been made that nobody knows of
}

// create generates a token, unless there is one of its name, or no place for it.
func (a accountTokens) create(ctx context.Context, name string) (*wavefrontapi.Token, *refusal) {
	live, err := a.list(ctx)
	if err != nil {
		return nil, &refusal{error: err}
	}
	if same := live.named(name); len(same) > 0 {
		return nil, &refusal{
			error: fmt.Errorf("the account has a token of this name already, generated at %s", same.dates()),
			hints: []string{tfkit.ImportHint(tokenType, a.account+"/"+name), "If another resource manages it, choose another name. If this one is being replaced by " +
				"create_before_destroy, change a keeper instead: a rotation needs no replacement."},
		}
	}
	if len(live) >= wavefrontapi.MaxTokens {
		return nil, &refusal{error: errors.New(full(len(live)))}
	}
	generated, unsettled, err := a.generate(ctx, name, live.prints())
	if err != nil {
		return nil, &refusal{error: err, unsettled: unsettled}
	}
	return generated, nil
}

// full says that there is no place for one more token.
func full(count int) string {
	return fmt.Sprintf("the account has %d tokens, and no more than %d are allowed at a time. Revoke one that is not needed", count, wavefrontapi.MaxTokens)
}

// generate has a token made. It is the one with the name that was not there before, whether the answer shows it or, should that get lost, a
// list. Unsettled is whether a token may have been made that nobody knows of.
func (a accountTokens) generate(ctx context.Context, name string, before []string) (made *wavefrontapi.Token, unsettled bool, err error) {
	after, err := a.client.Tokens.Generate(ctx, a.account, name)
	if err != nil && !transport.Lost(err) {
		return nil, false, err
	}
	if err != nil {
		var unread error
		after, unread = a.client.Tokens.List(context.WithoutCancel(ctx), a.account)
		if unread != nil {
			return nil, true, fmt.Errorf("%w. Whether the token was made is not known, since looking for it failed, too: %w", err, unread)
		}
	}
	if made := newest(tokens(after).since(before).named(name)); made != nil {
		return made, false, nil
	}
	if err != nil {
		return nil, true, fmt.Errorf("%w. No new token was found afterwards", err)
	}
	return nil, true, errors.New("the server answered that it generated the token, but did not show it")
}

// newest returns the last of the tokens that were generated last: should another client have generated one of the same name at the same time, any
// of them is a new one of that name.
func newest(found tokens) *wavefrontapi.Token {
	if len(found) == 0 {
		return nil
	}
	slices.SortStableFunc(found, func(a, b wavefrontapi.Token) int { return cmp.Compare(a.DateGenerated, b.DateGenerated) })
	return &found[len(found)-1]
}

// revoke kills a token, and makes sure of it: the answer has the tokens that are left, and where it has not, they are listed. One that is
// dead already is as good.
func (a accountTokens) revoke(ctx context.Context, token *wavefrontapi.Token) error {
	left, err := a.client.Tokens.Revoke(ctx, a.account, token.ID)
	if err != nil {
		listed, unread := a.list(ctx)
		if transport.Unauthorized(unread) && a.client.RunsWith(token.ID) {
			return nil // the provider's own token is dead
		}
		if unread != nil && !errors.Is(unread, errNoAccount) {
			return err
		}
		left = listed
	}
	switch {
	case tokens(left).byPrint(token.ID.Fingerprint()) == nil:
		return nil
	case err == nil:
		return errors.New("the server answered that it revoked the token, but it is still there")
	}
	return err
}

// rename gives a token another name, and makes sure of it. If the answer gets lost, the name may be either: the next refresh tells.
func (a accountTokens) rename(ctx context.Context, token *wavefrontapi.Token, name string) error {
	if token.Name == name {
		return nil
	}
	now, err := a.client.Tokens.Rename(ctx, a.account, token.ID, name)
	if err != nil {
		return err
	}
	if now != name {
		return fmt.Errorf("the server answered that it renamed the token, but its name is %q", now)
	}
	token.Name = name
	return nil
}

// revokeAll kills the tokens of a resource, and what an unsettled attempt made. With its own token dead, the provider is refused; so that one goes last.
func (a accountTokens) revokeAll(ctx context.Context, m *managedToken, p prints) error {
	live, err := a.list(ctx)
	if errors.Is(err, errNoAccount) {
		return nil
	}
	if err != nil {
		return err
	}
	name := m.Name.ValueString()
	h := held{live.byPrint(p.Current), live.byPrint(p.Previous)}
	if p.Current == "" && len(live.named(name)) > 0 { // tainted, and not stored or never known
		if h.current, err = live.only(a.account, name); err != nil {
			return err
		}
	}
	if p.Previous == "" && m.HasPrevious() && len(live.named(name+previousSuffix)) > 0 {
		if h.previous, err = live.only(a.account, name+previousSuffix); err != nil {
			return err
		}
	}
	doomed := slices.DeleteFunc([]*wavefrontapi.Token{p.Unsettled.made(live, h), h.previous, h.current}, func(token *wavefrontapi.Token) bool {
		return token == nil
	})
	if h.previous != nil && a.client.RunsWith(h.previous.ID) {
		slices.Reverse(doomed)
	}
	for _, token := range doomed {
		if a.client.RunsWith(token.ID) && !m.AllowSelfLockout.ValueBool() {
			return lockoutError("this token")
		}
		if err := a.revoke(ctx, token); err != nil {
			return err
		}
	}
	return a.verifyRevoked(ctx, doomed)
}

// verifyRevoked reads again to see that tokens are dead.
func (a accountTokens) verifyRevoked(ctx context.Context, dead []*wavefrontapi.Token) error {
	if len(dead) == 0 {
		return nil
	}
	live, err := a.list(ctx)
	own := slices.ContainsFunc(dead, func(token *wavefrontapi.Token) bool { return a.client.RunsWith(token.ID) })
	switch {
	case errors.Is(err, errNoAccount), own && transport.Unauthorized(err):
		return nil
	case err != nil:
		return err
	}
	for _, token := range dead {
		if live.byPrint(token.ID.Fingerprint()) != nil {
			return errors.New("the server answered that it revoked the token, but it is still there")
		}
	}
	return nil
}
