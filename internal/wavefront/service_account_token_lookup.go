package wavefront

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// errNoAccount says that a token's account does not exist, and so the token does not either.
var errNoAccount = errors.New("the service account does not exist; refer to it by the attribute id of its resource, " +
	"so that it is created first")

// tokens are all requests about the tokens of one account. The API has no request that reads a
// single token.
type tokens struct {
	client  *client
	account string
}

// read returns all tokens for a refresh, or before a write: those of the account, which has them. If a response
// does not show them, the tokens are listed. The error is errNoAccount if the account does not exist.
func (t tokens) read(ctx context.Context) (tokenList, error) {
	account, err := (serviceAccounts{t.client}).read(ctx, t.account)
	switch {
	case errors.Is(err, tfkit.ErrAbsent):
		return nil, errNoAccount
	case err == nil && account.Tokens == nil: // not known
		return t.get(ctx)
	case err != nil:
		return nil, err
	}
	return slices.Clone(account.Tokens), nil
}

// refresh is read for a resource. What it does not find of known, it looks for in a list of the tokens.
func (t tokens) refresh(ctx context.Context, known fingerprints) (tokenList, error) {
	live, err := t.read(ctx)
	if err != nil {
		return nil, err
	}
	if found := live.find(known); found.current != nil && (found.previous != nil || known.Previous == "") {
		return live, nil
	}
	return t.get(ctx)
}

// get returns all tokens as they are now. It returns errNoAccount if a read of the account confirms
// that the account does not exist: what the list of its tokens returns then is not documented.
func (t tokens) get(ctx context.Context) (tokenList, error) {
	live, err := t.list(ctx)
	if transport.NotFound(err) || transport.BadRequest(err) {
		accounts := serviceAccounts{t.client}
		_, gone := accounts.get(ctx, t.account)
		if transport.NotFound(gone) && errors.Is(accounts.confirmAbsentNow(ctx, t.account, gone), tfkit.ErrAbsent) {
			return nil, errNoAccount
		}
	}
	return live, err
}

// list is get in one request. If the account does not exist, the error is not defined.
func (t tokens) list(ctx context.Context) (tokenList, error) {
	return t.client.Tokens.List(ctx, t.account)
}

// byName returns the only token with a name.
func (t tokens) byName(ctx context.Context, name string) (*wavefrontapi.Token, error) {
	live, err := t.get(ctx)
	if err != nil {
		return nil, err
	}
	token, err := live.atMostOne(t.account, name)
	if token == nil && err == nil {
		err = t.noToken(name)
	}
	return token, err
}

// errNoToken says that an account has no token of a name.
var errNoToken = errors.New("has no token named")

func (t tokens) noToken(name string) error {
	return fmt.Errorf("%s %w %q", t.account, errNoToken, name)
}

// create generates a token, unless the account has a token of this name, or too many. Next is as in
// generate.
func (t tokens) create(ctx context.Context, name, next string) (*wavefrontapi.Token, error) {
	live, err := t.beforeCreate(ctx)
	if err != nil {
		return nil, err
	}
	if same := live.named(name); len(same) > 0 {
		err := fmt.Errorf("the account has a token of this name already, generated at %s", same.dates())
		return nil, tfkit.WithHints(err, tfkit.ImportHint(tokenType, t.account+"/"+name), "If another resource "+
			"manages it, choose another name. If create_before_destroy replaces this token, change a keeper instead: "+
			"a rotation needs no replacement.")
	}
	if left := live.named(name + previousSuffix); len(left) > 0 {
		err := fmt.Errorf("the account has a token named %q, generated at %s, which a run that was killed during a "+
			"rotation may have left", name+previousSuffix, left.dates())
		return nil, tfkit.WithHints(err, tfkit.ImportHint(tokenType, t.account+"/"+name+previousSuffix),
			"If nobody uses it, revoke it in Wavefront instead.")
	}
	if err := live.full(); err != nil {
		return nil, err
	}
	return t.generate(ctx, name, live, next)
}

// beforeCreate returns the tokens of an account that this run has created, and lists them for any other account:
// a token that somebody else generated in this run must not be taken for the generated token.
func (t tokens) beforeCreate(ctx context.Context) (tokenList, error) {
	if account := t.client.accounts.Kept(t.account); account != nil && account.Tokens != nil {
		return account.Tokens, nil
	}
	return t.get(ctx)
}

// full returns an error if the account can have no more tokens.
func (l tokenList) full() error {
	if len(l) < wavefrontapi.MaxTokens {
		return nil
	}
	return fmt.Errorf("the account has %d tokens, and no more than %d are allowed at a time. Revoke a token that is "+
		"not needed", len(l), wavefrontapi.MaxTokens)
}

// generate generates a token. The created token is the token of that name that was not there
// before, in the response or, if the response was lost, in a list. If it is not known whether a
// token was generated, the error is marked by rotation.Unconfirmed, and says what the next apply
// does: next is that sentence, without its full stop.
func (t tokens) generate(ctx context.Context, name string, before tokenList, next string) (*wavefrontapi.Token, error) {
	created := func(live tokenList) *wavefrontapi.Token {
		return live.since(before.fingerprints()).named(name).newest()
	}
	sent, known := t.client.http.ServerTime()
	if !known { // without the server's time, a list right before the request shows what is new after it
		listed, err := t.get(ctx)
		if err != nil {
			return nil, err
		}
		before = listed
	}
	live, err := t.client.Tokens.Generate(ctx, t.account, name)
	t.changed(live, err)
	if err != nil && !transport.Lost(err) {
		return nil, err
	}
	token := created(live)
	switch {
	case err != nil:
		token, err = tfkit.LostCreate[wavefrontapi.Token]{
			Thing: "token", Next: next,
			Find: func(ctx context.Context) (*wavefrontapi.Token, error) {
				live, err := t.list(ctx)
				return created(live.notBefore(sent)), err
			},
		}.Recover(ctx, err)
	case token == nil:
		err = fmt.Errorf("the server returned success, but no new token. %s", next)
	}
	if err != nil {
		return nil, rotation.Unconfirmed(err)
	}
	return token, nil
}

// notBefore returns the tokens that were not generated before a time of the server. The zero time, and a token
// without a date, are not known to be earlier.
func (l tokenList) notBefore(at time.Time) tokenList {
	return slices.DeleteFunc(slices.Clone(l), func(token wavefrontapi.Token) bool {
		return token.DateGenerated != 0 && time.UnixMilli(token.DateGenerated).Before(at)
	})
}

// changed takes the tokens of the account from the response to a write.
func (t tokens) changed(live tokenList, err error) {
	if err != nil {
		t.client.accounts.Drop(t.account)
		return
	}
	t.client.accounts.Change(t.account, func(account wavefrontapi.ServiceAccount) wavefrontapi.ServiceAccount {
		account.Tokens = live
		return account
	})
}

// newest returns the last of the tokens that were generated last; nil if there are none. If another
// client generated a token of the same name at the same time, each of them is a new token of that
// name.
func (l tokenList) newest() *wavefrontapi.Token {
	if len(l) == 0 {
		return nil
	}
	slices.SortStableFunc(l, func(a, b wavefrontapi.Token) int { return cmp.Compare(a.DateGenerated, b.DateGenerated) })
	return &l[len(l)-1]
}

// rename gives a token another name, and verifies the result. If the response was lost, either name
// is possible: the next refresh shows it. The client may send the request again in the same run: it names
// the token by its key, so that a request which is done twice, or late, generates and revokes nothing. At
// worst a late request restores an earlier name, which the next plan corrects: tokens are found by their
// fingerprints.
func (t tokens) rename(ctx context.Context, token *wavefrontapi.Token, name string) error {
	if token.Name == name {
		return nil
	}
	now, err := t.client.Tokens.Rename(ctx, t.account, token.ID, name)
	t.client.accounts.Drop(t.account)
	if err != nil {
		return err
	}
	if now != name {
		return fmt.Errorf("the server returned success for the new name, but the token's name is %q", now)
	}
	token.Name = name
	return nil
}

// errStillValid says that a revocation succeeded according to the server, but the token is still
// valid.
var errStillValid = errors.New("the server returned success for the revocation, but the token is still valid")

// revoke revokes a token, and verifies it: the response has the remaining tokens; without a
// response the tokens are listed. It succeeds if the token is revoked already.
func (t tokens) revoke(ctx context.Context, token *wavefrontapi.Token) error {
	written := t.client.accounts.Writing()
	response, err := t.client.Tokens.Revoke(ctx, t.account, token.ID)
	t.changed(response, err)
	written()
	left := tokenList(response)
	if err != nil {
		listed, unread := t.get(ctx)
		if transport.Unauthorized(unread) && t.client.RunsWith(token.ID) {
			return nil // the token of the provider itself is revoked
		}
		if unread != nil && !errors.Is(unread, errNoAccount) {
			return err
		}
		left = listed
	}
	switch {
	case left.byFingerprint(token.ID.Fingerprint()) == nil:
		return nil
	case err == nil:
		return errStillValid
	}
	return err
}

// remove revokes the tokens of a resource, and the token that an unconfirmed generation created,
// and verifies it. Terraform passes no private state to the destruction of a tainted resource. The token
// that the provider signs in with is revoked last: after that, the server refuses the credential.
func (t tokens) remove(ctx context.Context, m *tokenResourceModel, known fingerprints) error {
	live, err := t.read(ctx)
	if errors.Is(err, errNoAccount) {
		return nil
	}
	if err != nil {
		return err
	}
	if known.Current == "" {
		if known, err = live.recovered(m, ""); err != nil {
			return err
		}
		// A second token of the name may be somebody else's.
		if _, stored := m.Known(); stored {
			known.Unconfirmed = nil
		} else if _, err := live.atMostOne(t.account, m.Name.ValueString()); err != nil {
			return m.explainDates(err)
		}
	}
	pair := live.find(known)
	valid := []*wavefrontapi.Token{known.Unconfirmed.created(live, pair), pair.previous, pair.current}
	valid = slices.DeleteFunc(valid, func(token *wavefrontapi.Token) bool { return token == nil })
	own := slices.IndexFunc(valid, func(token *wavefrontapi.Token) bool { return t.client.RunsWith(token.ID) })
	if own >= 0 {
		if !m.AllowSelfLockout.ValueBool() {
			return tfkit.LockoutError("This apply would revoke the token")
		}
		valid = append(slices.Concat(valid[:own], valid[own+1:]), valid[own])
	}
	for _, token := range valid {
		if err := t.revoke(ctx, token); err != nil {
			return err
		}
	}
	if len(valid) == 0 {
		return nil
	}
	return t.verifyRevoked(ctx, valid, own >= 0)
}

// verifyRevoked reads again to see that tokens are revoked. After the provider's own token is revoked,
// the server may refuse the read.
func (t tokens) verifyRevoked(ctx context.Context, revoked []*wavefrontapi.Token, own bool) error {
	account, err := t.client.accounts.Prove(ctx, t.account)
	live := tokenList(nil)
	switch {
	case own && transport.Unauthorized(err):
		return nil
	case err == nil && account != nil && account.Tokens != nil:
		live = account.Tokens
	default:
		if live, err = t.get(ctx); errors.Is(err, errNoAccount) {
			return nil
		}
	}
	for _, token := range revoked {
		if live.byFingerprint(token.ID.Fingerprint()) != nil {
			return errStillValid
		}
	}
	return err
}
