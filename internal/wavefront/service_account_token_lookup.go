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
var errNoAccount = errors.New("the service account does not exist; refer to it by the attribute identifier of its resource, so that it is made first")

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
	hints []string
}

// create generates a token, unless there is one of its name, or no place for it.
func (a accountTokens) create(ctx context.Context, name string) (*wavefrontapi.Token, *refusal) {
	live, err := a.list(ctx)
	if err != nil {
		return nil, &refusal{error: err}
	}
	if same := live.named(name); len(same) > 0 {
		return nil, &refusal{
			fmt.Errorf("the account has a token of this name already, generated at %s", same.dates()),
			[]string{tfkit.ImportHint(tokenType, a.account+"/"+name), "If another resource manages it, choose another name."},
		}
	}
	if len(live) >= wavefrontapi.MaxTokens {
		return nil, &refusal{error: errors.New(full(len(live)))}
	}
	generated, _, err := a.generate(ctx, name, live.prints())
	if err != nil {
		return nil, &refusal{error: err}
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

// revoke kills a token. One that is dead already is as good.
func (a accountTokens) revoke(ctx context.Context, token *wavefrontapi.Token) error {
	err := a.client.Tokens.Revoke(ctx, a.account, token.ID)
	if err == nil {
		return nil
	}
	live, unread := a.list(ctx)
	if errors.Is(unread, errNoAccount) || unread == nil && live.byPrint(token.ID.Fingerprint()) == nil {
		return nil
	}
	return err
}

// revokeAll kills the tokens of a resource, and makes sure that they are dead. With its own token dead, the provider is refused; so that one
// goes last.
func (a accountTokens) revokeAll(ctx context.Context, p prints, name string) error {
	live, err := a.list(ctx)
	if errors.Is(err, errNoAccount) {
		return nil
	}
	if err != nil {
		return err
	}
	h, err := live.find(p, a.account, name)
	if err != nil {
		return err
	}
	doomed := slices.DeleteFunc([]*wavefrontapi.Token{h.previous, h.current}, func(token *wavefrontapi.Token) bool { return token == nil })
	if p.ownsPrevious() {
		slices.Reverse(doomed)
	}
	if len(doomed) == 0 {
		return nil
	}
	for _, token := range doomed {
		if err := a.revoke(ctx, token); err != nil {
			return err
		}
	}
	live, err = a.list(ctx)
	switch {
	case errors.Is(err, errNoAccount), p.Own != "" && transport.Unauthorized(err):
		return nil
	case err != nil:
		return err
	}
	for _, token := range doomed {
		if live.byPrint(token.ID.Fingerprint()) != nil {
			return errors.New("the server answered that it revoked the token, but it is still there")
		}
	}
	return nil
}
