package wavefront

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// serviceAccounts has all requests about service accounts.
type serviceAccounts struct{ client *client }

// read returns an account for a refresh. The error is tfkit.ErrAbsent if it does not exist: the list of
// all accounts must confirm a 404.
func (s serviceAccounts) read(ctx context.Context, identifier string) (*wavefrontapi.ServiceAccount, error) {
	account, err := s.client.accounts.Get(ctx, identifier)
	if transport.NotFound(err) {
		err = s.confirmAbsent(ctx, identifier, err)
	}
	return account, err
}

// confirmAbsent returns tfkit.ErrAbsent if a list of all accounts does not have an account either that was
// not found. A list from before may have the account: then a new list decides.
func (s serviceAccounts) confirmAbsent(ctx context.Context, identifier string, notFound error) error {
	all, err := s.client.accounts.All(ctx)
	if err != nil {
		return unconfirmed(notFound, err)
	}
	if slices.ContainsFunc(all, func(a *wavefrontapi.ServiceAccount) bool { return a.Identifier == identifier }) {
		return s.confirmAbsentNow(ctx, identifier, notFound)
	}
	return tfkit.ErrAbsent
}

// confirmAbsentNow is confirmAbsent by a new list.
func (s serviceAccounts) confirmAbsentNow(ctx context.Context, identifier string, notFound error) error {
	listed, err := s.client.accounts.ProveListed(ctx, identifier)
	switch {
	case err != nil:
		return unconfirmed(notFound, err)
	case listed != nil:
		return fmt.Errorf("%w, but the list of all accounts has it", notFound)
	}
	return tfkit.ErrAbsent
}

func unconfirmed(notFound, listing error) error {
	return fmt.Errorf("%w. The list of all accounts could not confirm that: %w", notFound, listing)
}

// get returns an account as it is now. If the account does not exist, transport.NotFound is true
// for the error.
func (s serviceAccounts) get(ctx context.Context, identifier string) (*wavefrontapi.ServiceAccount, error) {
	return s.client.ServiceAccounts.Get(ctx, identifier)
}

// find returns an account, nil if there seems to be none: from a list, if there was a list before. What a
// create or a delete does next shows whether that is true.
func (s serviceAccounts) find(ctx context.Context, identifier string) (*wavefrontapi.ServiceAccount, error) {
	return orNone(s.client.accounts.Find(ctx, identifier))
}

// orNone takes the result of a read, and returns nil in place of the API's 404.
func orNone(account *wavefrontapi.ServiceAccount, err error) (*wavefrontapi.ServiceAccount, error) {
	if transport.NotFound(err) {
		return nil, nil
	}
	return account, err
}

// list returns the accounts that fulfil all conditions, by identifier. The index behind conditions
// may lag behind a write; a list without conditions does not.
func (s serviceAccounts) list(
	ctx context.Context, conditions []wavefrontapi.Condition,
) (found []wavefrontapi.ServiceAccount, err error) {
	if len(conditions) == 0 {
		found, err = s.client.ServiceAccounts.List(ctx)
	} else {
		found, err = s.client.ServiceAccounts.Search(ctx, conditions)
	}
	slices.SortFunc(found, func(a, b wavefrontapi.ServiceAccount) int {
		return strings.Compare(a.Identifier, b.Identifier)
	})
	return found, err
}

// create creates an account, unless there is an account with its identifier. The response has the account.
// If the response was lost, the account that exists afterwards is the created account. The remark is what
// the server reported in spite of success.
func (s serviceAccounts) create(
	ctx context.Context, wanted wavefrontapi.ServiceAccountWrite,
) (account *wavefrontapi.ServiceAccount, remark string, err error) {
	existing, err := s.find(ctx, wanted.Identifier)
	if err != nil {
		return nil, "", err
	}
	if existing != nil {
		hint := tfkit.ImportHint(serviceAccountType, wanted.Identifier)
		return nil, "", tfkit.WithHints(errors.New("there is an account with this identifier already"), hint)
	}
	account, message, err := s.client.ServiceAccounts.Create(ctx, wanted)
	if transport.Lost(err) {
		s.client.accounts.Drop(wanted.Identifier)
		account, err = s.lostCreate(wanted).Recover(ctx, err)
		return account, "", err
	}
	if err != nil {
		if now, _ := s.get(ctx, wanted.Identifier); now != nil { // the list did not have it
			err = tfkit.WithHints(err, tfkit.ImportHint(serviceAccountType, wanted.Identifier))
		}
		return nil, "", err
	}
	remark = remarkOf(message)
	if message != "" || account.Active == nil || account.Tokens == nil {
		account, remark = s.readCreated(ctx, account, message)
	}
	s.client.accounts.Keep(account)
	return account, remark, nil
}

// readCreated reads an account that was created, if the server reported something in spite of success, or
// the response lacks something. If the read fails, it returns the account of the response, and why.
func (s serviceAccounts) readCreated(
	ctx context.Context, response *wavefrontapi.ServiceAccount, message string,
) (account *wavefrontapi.ServiceAccount, remark string) {
	account, err := s.get(context.WithoutCancel(ctx), response.Identifier) // an interrupt must not lose the account
	if err != nil {
		remark = "The account was created, but not read. The next refresh reads it. " + err.Error()
		if message != "" {
			remark += ". " + remarkOf(message)
		}
		return response, remark
	}
	return account, remarkOf(message)
}

func remarkOf(message string) string {
	if message == "" {
		return ""
	}
	return "The server's message: " + message
}

type lostServiceAccount = tfkit.LostCreate[wavefrontapi.ServiceAccount]

func (s serviceAccounts) lostCreate(sent wavefrontapi.ServiceAccountWrite) lostServiceAccount {
	type account = wavefrontapi.ServiceAccount
	return lostServiceAccount{
		Thing: "account",
		Find:  func(ctx context.Context) (*account, error) { return orNone(s.get(ctx, sent.Identifier)) },
		// The server may ignore ids and permissions, but no description.
		Fits:  func(a *account) bool { return strings.TrimSpace(a.Description) == sent.Description },
		Other: func(a *account) string { return "its description is " + tfkit.Quote(a.Description) },
	}
}

// update replaces all members of an account, and reads it. The remark is what the server reported
// in spite of success.
func (s serviceAccounts) update(
	ctx context.Context, wanted wavefrontapi.ServiceAccountWrite,
) (account *wavefrontapi.ServiceAccount, remark string, err error) {
	message, err := s.client.ServiceAccounts.Update(ctx, wanted)
	s.client.accounts.Drop(wanted.Identifier)
	if err != nil {
		return nil, "", err
	}
	account, err = s.get(context.WithoutCancel(ctx), wanted.Identifier)
	if err != nil {
		err = fmt.Errorf("the account was updated, but could not be read: %w", err)
	}
	return account, remarkOf(message), err
}

// setActive activates or deactivates an account, and verifies the result. If it deactivates the
// account of the provider itself, the account cannot be read any more.
func (s serviceAccounts) setActive(ctx context.Context, account *wavefrontapi.ServiceAccount, active bool) error {
	err := s.client.ServiceAccounts.SetActive(ctx, account.Identifier, active)
	s.client.accounts.Drop(account.Identifier)
	if err != nil || s.ownsCredential(account) {
		return err
	}
	now, err := s.get(ctx, account.Identifier)
	switch {
	case err != nil:
		return err
	case now.Active == nil:
		return errors.New("the server returned success, but not whether the account is active now")
	case *now.Active != active:
		return fmt.Errorf("the server returned success, but active is still %t", *now.Active)
	}
	return nil
}

// remove deletes an account, and verifies it by the list. It succeeds if there is no such account. Own is
// whether the provider signs in with the account: after that, the server refuses the credential.
func (s serviceAccounts) remove(ctx context.Context, identifier string, own bool) error {
	accounts := s.client.accounts
	written := accounts.Writing()
	deleted := s.client.ServiceAccounts.Delete(ctx, identifier)
	accounts.Drop(identifier)
	written()
	if deleted != nil && !transport.NotFound(deleted) {
		return deleted
	}
	var err error
	if deleted == nil {
		err = s.verifyDeleted(ctx, identifier, own)
	} else {
		err = s.confirmAbsentNow(ctx, identifier, deleted)
	}
	if errors.Is(err, tfkit.ErrAbsent) {
		accounts.Remove(identifier)
		return nil
	}
	return err
}

// verifyDeleted returns tfkit.ErrAbsent if an account does not exist any more, after the server returned
// success for its delete. Own is as in remove.
func (s serviceAccounts) verifyDeleted(ctx context.Context, identifier string, own bool) error {
	left, err := s.client.accounts.ProveListed(ctx, identifier)
	if err != nil && !transport.Unauthorized(err) { // the list may be too long
		left, err = s.get(ctx, identifier)
	}
	switch {
	case own && transport.Unauthorized(err), transport.NotFound(err), err == nil && left == nil:
		return tfkit.ErrAbsent
	case err != nil:
		return err
	}
	return errors.New("the server returned success for the delete, but the account still exists")
}

// withTokens returns an account with its tokens, which a response did not have.
func (s serviceAccounts) withTokens(
	ctx context.Context, account *wavefrontapi.ServiceAccount,
) (*wavefrontapi.ServiceAccount, error) {
	live, err := tokens{s.client, account.Identifier}.list(ctx)
	whole := *account
	whole.Tokens = live
	return &whole, err
}

// ownsCredential reports whether the provider itself signs in with a token of an account.
func (s serviceAccounts) ownsCredential(account *wavefrontapi.ServiceAccount) bool {
	return slices.ContainsFunc(account.Tokens, func(t wavefrontapi.Token) bool { return s.client.RunsWith(t.ID) })
}
