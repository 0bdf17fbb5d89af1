package waldur

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// serviceAccounts is the one place through which accounts of a kind are found and read.
type serviceAccounts struct {
	kind   *serviceAccountKind
	client *waldurapi.Client
}

func (s serviceAccounts) api() waldurapi.ServiceAccounts { return s.kind.area(s.client) }

// errAbsent says that an object does not exist.
var errAbsent = errors.New("it does not exist")

// errUnseen is an errAbsent that can't be told from a lost right.
var errUnseen = fmt.Errorf("%w, or the token has lost the right to see it", errAbsent)

// get reads an account. Waldur says 404 of what the caller may not see, too. The error is errAbsent only if the customer or project is
// still seen, and errUnseen if so, but none of its accounts: then the right to manage them may be gone. A scope "" is one that is not known.
func (s serviceAccounts) get(ctx context.Context, uuid, scope string) (*waldurapi.ServiceAccount, error) {
	account, err := s.api().Get(ctx, uuid)
	if !transport.NotFound(err) {
		return account, err
	}
	if scope == "" {
		return nil, fmt.Errorf("%w: Waldur says this of what the token may not see, too", err)
	}
	_, parentErr := s.kind.parent(ctx, s.client, scope)
	switch {
	case transport.NotFound(parentErr):
		return nil, fmt.Errorf("%w: neither the account nor its %s %s is visible. Either both are gone, or the token has lost "+
			"its role on the %s; since Waldur does not tell which, the account stays in state. If it is gone, run \"terraform state rm\" "+
			"for this resource", err, s.kind.scope, scope, s.kind.scope)
	case parentErr != nil:
		return nil, parentErr
	}
	siblings, listErr := s.api().List(ctx, waldurapi.ServiceAccountFilter{Scope: scope})
	switch {
	case listErr != nil:
		return nil, listErr
	case len(siblings) == 0:
		return nil, errUnseen
	}
	return nil, errAbsent
}

// close closes an account and sees to it that it is closed: where the account service behind Waldur is switched off, or did
// not finish, Waldur answers success and keeps the account. An account that is closed already is no error.
func (s serviceAccounts) close(ctx context.Context, uuid, scope string) error {
	err := s.api().Close(ctx, uuid)
	if err == nil || transport.NotFound(err) && transport.Lost(err) { // so the account was there to be closed, and 404 means what it says
		if _, err = s.api().Get(ctx, uuid); transport.NotFound(err) {
			return nil
		}
	} else if transport.NotFound(err) {
		_, err = s.get(ctx, uuid, scope)
		switch {
		case errors.Is(err, errUnseen):
			return fmt.Errorf("the server answers 404, and shows no other account of the %s either. Either it is gone, or the token has lost the permission "+
				"SERVICE_ACCOUNT.MANAGE on the %s: then the account is still there, and so is its key. Plan again, with a refresh, to see it gone", s.kind.scope, s.kind.scope)
		case errors.Is(err, errAbsent):
			return nil
		}
	}
	if err != nil {
		return err
	}
	return errors.New("the account is still there, although the server reported no failure: its account service is switched off, " +
		"or did not finish. Ask the operator of this Waldur, then apply again")
}

// rotate has a new key issued, which kills the current key at once. An error is a rotation.ErrUnconfirmed if the key may
// have been rotated all the same.
func (s serviceAccounts) rotate(ctx context.Context, uuid string) (rotation.Issued, error) {
	account, err := s.api().RotateAPIKey(ctx, uuid)
	if err != nil {
		if transport.Lost(err) {
			err = rotation.Unconfirmed(err)
		}
		return rotation.Issued{}, err
	}
	issued, ok := issuedKey(account)
	if !ok {
		return issued, rotation.Unconfirmed(errors.New("the server answered that it rotated the key, but did not return the new key"))
	}
	return issued, nil
}

// issuedKey returns the key in the response to a create or a rotation, and whether there is one.
func issuedKey(in *waldurapi.ServiceAccount) (rotation.Issued, bool) {
	apiKey, expiresAt := in.Key()
	return rotation.Issued{Secret: transport.NewSecret(apiKey), ExpiresAt: expiresAt}, apiKey != ""
}

// unseenHint warns of the one case that Waldur's answers don't tell from a deletion.
func (s serviceAccounts) unseenHint(uuid, username string) string {
	return fmt.Sprintf("Waldur answers 404 for %s, username %q, while its %s is visible, though no account of it: it was deleted outside of "+
		"Terraform, and leaves the state. If it was not deleted, the token has lost the permission SERVICE_ACCOUNT.MANAGE on the %s: do not apply, "+
		"give the permission back, and plan again.", uuid, username, s.kind.scope, s.kind.scope)
}

// byIdentifier returns the accounts of a customer or project that were created with an identifier. Waldur does not keep
// identifiers unique and has no filter for them.
func (s serviceAccounts) byIdentifier(ctx context.Context, scope, identifier string) (found []waldurapi.ServiceAccount, all int, err error) {
	accounts, err := s.api().List(ctx, waldurapi.ServiceAccountFilter{Scope: scope})
	for _, account := range accounts {
		if account.PreferredIdentifier == identifier {
			found = append(found, account)
		}
	}
	return found, len(accounts), err
}

// byUsername returns the only account of a customer or project that has a username. Waldur does not keep usernames unique.
func (s serviceAccounts) byUsername(ctx context.Context, scope, username string) (*waldurapi.ServiceAccount, error) {
	found, err := s.api().List(ctx, waldurapi.ServiceAccountFilter{Scope: scope, Username: username})
	if err != nil {
		return nil, err
	}
	return tfkit.Only(found, fmt.Sprintf("service account with username %q in %s %s", username, s.kind.scope, scope), "uuid", describeServiceAccount)
}

func describeServiceAccount(a waldurapi.ServiceAccount) string {
	return fmt.Sprintf("%s (username %q, created %s)", a.UUID, a.Username, a.Created)
}

// resolve finds the UUID that an import id names: the UUID itself, or <customer or project UUID>/<username>.
func (s serviceAccounts) resolve(ctx context.Context, id string) (string, error) {
	if uuid := tfkit.CanonicalUUID(id); uuid != "" {
		return uuid, nil
	}
	first, username, _ := strings.Cut(id, "/")
	scope := tfkit.CanonicalUUID(first)
	if scope == "" || username == "" {
		return "", fmt.Errorf("the import id must be the account's UUID, or <%s UUID>/<username>; got %q", s.kind.scope, id)
	}
	account, err := s.byUsername(ctx, scope, username)
	if err != nil {
		return "", err
	}
	return account.UUID, nil
}

// limitHint explains a refused create if the customer or project has as many accounts as it may have. Waldur's own words
// for that are in the language of the server.
func (s serviceAccounts) limitHint(ctx context.Context, err error, scope string, existing int) []string {
	if !transport.BadRequest(err) {
		return nil
	}
	limit, err := s.kind.parent(ctx, s.client, scope)
	if err != nil || limit == nil || int64(existing) < *limit {
		return nil
	}
	hint := fmt.Sprintf("The %s has %d service accounts, and its max_service_accounts is %d.", s.kind.scope, existing, *limit)
	if *limit == 0 {
		hint += " Zero is Waldur's default, so that nothing can be created until it is raised."
	}
	if s.kind.scope == "project" {
		return []string{hint + " The API can't change it for a project: ask the operator of this Waldur."}
	}
	return []string{hint + " Raise it on the customer, as staff, or ask the operator of this Waldur."}
}
