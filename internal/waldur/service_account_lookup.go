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

// serviceAccounts is the only place with requests about the accounts of a kind.
type serviceAccounts struct {
	kind   *serviceAccountKind
	client *client
}

func (s serviceAccounts) api() waldurapi.ServiceAccounts { return s.kind.area(s.client) }

// errUnseen is a tfkit.ErrAbsent that Waldur does not distinguish from a lost permission.
var errUnseen = fmt.Errorf("%w, or the token has lost the permission to see it", tfkit.ErrAbsent)

// read returns an account for a refresh.
func (s serviceAccounts) read(ctx context.Context, uuid, scope string) (*waldurapi.ServiceAccount, error) {
	return s.get(ctx, uuid, scope)
}

// get reads an account from the server. The scope is the UUID of the customer or project; "" if it
// is not known. The error is tfkit.ErrAbsent if the account does not exist: see absence.
func (s serviceAccounts) get(ctx context.Context, uuid, scope string) (*waldurapi.ServiceAccount, error) {
	account, err := s.api().Get(ctx, uuid)
	if transport.NotFound(err) {
		return nil, s.absence(ctx, scope, err)
	}
	return account, err
}

// absence returns what the API's 404 for an account means, since Waldur also returns it for an
// account that the token may not see. The error is tfkit.ErrAbsent if the customer or project is
// visible, and one of its accounts. It is errUnseen if none of them is visible: then the permission
// to manage them may be lost. Otherwise it wraps the 404.
func (s serviceAccounts) absence(ctx context.Context, scope string, notFound error) error {
	if scope == "" {
		return fmt.Errorf("%w: "+ambiguous404, notFound)
	}
	_, err := s.kind.limit(ctx, s.client, scope) // reads the customer or project
	switch {
	case transport.NotFound(err):
		return bothInvisible(notFound, s.kind.scope, scope)
	case err != nil:
		return err
	}
	siblings, err := s.list(ctx, waldurapi.ServiceAccountFilter{Scope: scope})
	switch {
	case err != nil:
		return err
	case len(siblings) == 0:
		return errUnseen
	}
	return tfkit.ErrAbsent
}

// create creates an account, unless one with its identifier exists. The caller makes sure that
// creates with one identifier wait for each other.
func (s serviceAccounts) create(
	ctx context.Context, in waldurapi.ServiceAccountCreate,
) (*waldurapi.ServiceAccount, error) {
	existing, all, err := s.byIdentifier(ctx, in.Scope, in.PreferredIdentifier)
	if err != nil {
		return nil, err
	}
	if len(existing) > 0 {
		err := fmt.Errorf("the %s %s already has an account with preferred_identifier %q, username %q",
			s.kind.scope, in.Scope, in.PreferredIdentifier, existing[0].Username)
		return nil, tfkit.WithHints(err, s.kind.existsHint(existing[0].UUID))
	}
	created, err := s.api().Create(ctx, in)
	if transport.Lost(err) {
		return s.lostCreate(in).Recover(ctx, err)
	}
	if transport.BadRequest(err) {
		limit, limitErr := s.kind.limit(ctx, s.client, in.Scope)
		if hint := s.kind.limitHint(limit, all); limitErr == nil && hint != "" {
			err = tfkit.WithHints(err, hint)
		}
	}
	return created, err
}

func (s serviceAccounts) lostCreate(in waldurapi.ServiceAccountCreate) tfkit.LostCreate[waldurapi.ServiceAccount] {
	only := false
	return tfkit.LostCreate[waldurapi.ServiceAccount]{
		Thing: "account",
		Find: func(ctx context.Context) (*waldurapi.ServiceAccount, error) {
			found, _, err := s.byIdentifier(ctx, in.Scope, in.PreferredIdentifier)
			if err != nil || len(found) == 0 {
				return nil, err
			}
			only = len(found) == 1
			return &found[0], nil
		},
		Fits: func(a *waldurapi.ServiceAccount) bool {
			return only && a.Description != nil && *a.Description == in.Description &&
				a.Email != nil && *a.Email == in.Email
		},
		Other: func(a *waldurapi.ServiceAccount) string { return describeServiceAccount(*a) },
	}
}

// update changes the fields of an account.
func (s serviceAccounts) update(ctx context.Context, uuid string, in waldurapi.ServiceAccountUpdate) error {
	_, err := s.api().Update(ctx, uuid, in)
	return err
}

// remove closes an account and verifies it by a read: if the account service of a Waldur server is
// disabled or does not finish, the server returns success and keeps the account. An account that is
// already closed is no error.
func (s serviceAccounts) remove(ctx context.Context, uuid, scope string) error {
	err := s.api().Close(ctx, uuid)
	switch {
	case err == nil, transport.NotFound(err) && transport.Lost(err): // the account was visible, so 404 means absent now
		if _, err = s.get(ctx, uuid, ""); transport.NotFound(err) {
			return nil
		}
	case transport.NotFound(err):
		_, err = s.get(ctx, uuid, scope)
	}
	switch {
	case errors.Is(err, errUnseen):
		return fmt.Errorf("the server returns 404, and no other account of the %s is visible. Either the account was "+
			"deleted, or the token has lost the permission SERVICE_ACCOUNT.MANAGE on the %s: then the account is "+
			"still there, and so is its key. If it was deleted, plan again, with a refresh", s.kind.scope, s.kind.scope)
	case errors.Is(err, tfkit.ErrAbsent):
		return nil
	case err != nil:
		return err
	}
	return errors.New("the account is still there, although the server returned success: its account service is " +
		"disabled, or did not finish. Ask the operator of this Waldur server, then apply again")
}

// rotate issues a new key and revokes the current key at once. The error is rotation.ErrUnconfirmed
// if the server may have rotated the key.
func (s serviceAccounts) rotate(ctx context.Context, uuid string) (*waldurapi.ServiceAccount, error) {
	account, err := s.api().RotateAPIKey(ctx, uuid)
	if transport.Lost(err) {
		err = rotation.Unconfirmed(err)
	}
	return account, err
}

// issue is rotate for a caller that needs the new key.
func (s serviceAccounts) issue(ctx context.Context, uuid string) (rotation.Issued, error) {
	account, err := s.rotate(ctx, uuid)
	if err != nil {
		return rotation.Issued{}, err
	}
	issued, ok := issuedKey(account)
	if !ok {
		err = rotation.Unconfirmed(errors.New("the server rotated the key, but did not return the new key"))
	}
	return issued, err
}

// list returns all accounts that a filter finds, oldest first.
func (s serviceAccounts) list(
	ctx context.Context, filter waldurapi.ServiceAccountFilter,
) ([]waldurapi.ServiceAccount, error) {
	return s.api().List(ctx, filter)
}

// byIdentifier returns the accounts of a customer or project that were created with an identifier,
// and how many accounts there are in all. Waldur allows an identifier twice and has no filter for
// it.
func (s serviceAccounts) byIdentifier(
	ctx context.Context, scope, identifier string,
) (found []waldurapi.ServiceAccount, all int, err error) {
	accounts, err := s.list(ctx, waldurapi.ServiceAccountFilter{Scope: scope})
	for _, account := range accounts {
		if account.PreferredIdentifier == identifier {
			found = append(found, account)
		}
	}
	return found, len(accounts), err
}

// onlyByIdentifier returns the only account of a customer or project that was created with an
// identifier.
func (s serviceAccounts) onlyByIdentifier(
	ctx context.Context, scope, identifier string,
) (*waldurapi.ServiceAccount, error) {
	found, _, err := s.byIdentifier(ctx, scope, identifier)
	return s.only(found, err, "preferred_identifier", identifier, scope)
}

// byUsername returns the only account of a customer or project that has a username. Waldur allows a
// username twice.
func (s serviceAccounts) byUsername(ctx context.Context, scope, username string) (*waldurapi.ServiceAccount, error) {
	found, err := s.list(ctx, waldurapi.ServiceAccountFilter{Scope: scope, Username: username})
	return s.only(found, err, "username", username, scope)
}

func (s serviceAccounts) only(
	found []waldurapi.ServiceAccount, err error, attribute, value, scope string,
) (*waldurapi.ServiceAccount, error) {
	if err != nil {
		return nil, err
	}
	wanted := fmt.Sprintf("service account with %s %q in %s %s", attribute, value, s.kind.scope, scope)
	return tfkit.Only(found, wanted, "uuid", describeServiceAccount)
}

func describeServiceAccount(a waldurapi.ServiceAccount) string {
	return fmt.Sprintf("%s (username %q, created %s)", a.UUID, a.Username, a.Created)
}

// find returns the account that a data source asks for.
func (s serviceAccounts) find(ctx context.Context, model scopedDataModel) (*waldurapi.ServiceAccount, error) {
	m, scope := model.shared(), model.scope().Canonical()
	switch {
	case !m.UUID.IsNull():
		return s.get(ctx, m.UUID.Canonical(), "")
	case !m.Username.IsNull():
		return s.byUsername(ctx, scope, m.Username.ValueString())
	}
	return s.onlyByIdentifier(ctx, scope, m.PreferredIdentifier.ValueString())
}

// resolve returns the UUID that an import id names: the UUID itself, or <customer or project
// UUID>/<username>.
func (s serviceAccounts) resolve(ctx context.Context, id string) (string, error) {
	if uuid := tfkit.CanonicalUUID(id); uuid != "" {
		return uuid, nil
	}
	first, username, _ := strings.Cut(id, "/")
	scope := tfkit.CanonicalUUID(first)
	if scope == "" || username == "" {
		return "", fmt.Errorf("the import id must be the account's UUID, or <%s UUID>/<username>; got %q",
			s.kind.scope, id)
	}
	account, err := s.byUsername(ctx, scope, username)
	if err != nil {
		return "", err
	}
	return account.UUID, nil
}
