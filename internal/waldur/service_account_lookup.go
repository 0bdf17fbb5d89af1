package waldur

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/bulk"
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

// rowCost is what an account in a list costs the server, in single reads.
const rowCost = 0.1

// reader returns the reader of the accounts of a customer or project.
func (s serviceAccounts) reader(scope string) *bulk.Reader[waldurapi.ServiceAccount] {
	filter := waldurapi.ServiceAccountFilter{Scope: scope}
	return s.client.serviceAccounts.Of(s.kind.scope+"/"+scope, func() bulk.Source[waldurapi.ServiceAccount] {
		return bulk.Source[waldurapi.ServiceAccount]{
			Get: s.api().Get,
			List: func(ctx context.Context) ([]waldurapi.ServiceAccount, error) {
				return s.list(ctx, filter)
			},
			ID:      func(a *waldurapi.ServiceAccount) string { return a.UUID },
			Count:   func(ctx context.Context) (int, error) { return s.api().Count(ctx, filter) },
			RowCost: func() float64 { return rowCost }, Off: s.client.noBulkReads,
		}
	})
}

// read returns an account for a refresh.
func (s serviceAccounts) read(ctx context.Context, uuid, scope string) (*waldurapi.ServiceAccount, error) {
	if scope == "" { // after an import
		return s.get(ctx, uuid, "")
	}
	account, err := s.reader(scope).Get(ctx, uuid)
	if transport.NotFound(err) {
		return nil, s.absence(ctx, uuid, scope, err)
	}
	return account, err
}

// get reads an account from the server. The scope is the UUID of the customer or project; "" if it
// is not known. The error is tfkit.ErrAbsent if the account does not exist: see absence.
func (s serviceAccounts) get(ctx context.Context, uuid, scope string) (*waldurapi.ServiceAccount, error) {
	account, err := s.api().Get(ctx, uuid)
	if transport.NotFound(err) {
		return nil, s.absence(ctx, uuid, scope, err)
	}
	return account, err
}

// absence returns what the API's 404 for an account means, since Waldur also returns it for an
// account that the token may not see. The error is tfkit.ErrAbsent if the token sees the accounts of
// the customer or project, and their list does not have the account. Otherwise it wraps the 404.
func (s serviceAccounts) absence(ctx context.Context, uuid, scope string, notFound error) error {
	if scope == "" { // after an import, and in a data source
		if _, err := s.kind.limit(ctx, s.client, uuid); err == nil {
			return fmt.Errorf("%s is the UUID of a %s, not of an account. An account of this %s has the import id "+
				"%s/<username>", uuid, s.kind.scope, s.kind.scope, uuid)
		}
	}
	sees, err := s.client.rights.seesNow(ctx, s.kind.scope, scope)
	switch {
	case err == nil && sees:
		return s.confirmAbsent(ctx, uuid, scope, notFound)
	case scope == "":
		return fmt.Errorf("%w: "+ambiguous404, notFound)
	case err != nil:
		return s.kind.undecided(notFound, scope, err)
	}
	return s.kind.unseen(notFound, scope)
}

// confirmAbsent returns tfkit.ErrAbsent if a new list of the accounts of the customer or project does not have
// an account either. Without a customer or project there is no list.
func (s serviceAccounts) confirmAbsent(ctx context.Context, uuid, scope string, notFound error) error {
	if scope == "" {
		return tfkit.ErrAbsent
	}
	listed, err := s.reader(scope).ProveListed(ctx, uuid)
	switch {
	case err != nil:
		return fmt.Errorf("%w. The list of the accounts of the %s could not confirm that: %w", notFound, s.kind.scope,
			err)
	case listed != nil:
		return fmt.Errorf("%w, but the list of the accounts of the %s has it", notFound, s.kind.scope)
	}
	return tfkit.ErrAbsent
}

// mayCreate returns an error if the token would not see a new account: with a role on the customer of a
// project alone, Waldur creates the account, and returns 404 for it. It is not sure if the server does
// not say what the token sees, and this run has created no account there yet.
func (s serviceAccounts) mayCreate(ctx context.Context, scope string) (sure bool, err error) {
	if s.kind != projectServiceAccountKind {
		return true, nil // who may create an account of a customer sees it
	}
	sees, err := s.client.rights.sawInThisRun(ctx, s.kind.scope, scope)
	if err != nil {
		seen, known := s.client.newAccountSeen.Load(scope)
		if !known {
			return false, ctx.Err()
		}
		sees = seen == true
	}
	if !sees {
		return true, tfkit.WithHints(errors.New("the user of the token needs a role on the project itself: the token "+
			"would not see the account after its creation, and could neither rotate its key nor delete it"),
			"If there is no project "+scope+", correct project_uuid.", s.kind.roleHint(scope))
	}
	return true, nil
}

// seesNew returns an error if the token does not see an account that it has created.
func (s serviceAccounts) seesNew(ctx context.Context, uuid, scope string) error {
	_, err := s.api().Get(ctx, uuid)
	if transport.NotFound(err) {
		s.client.newAccountSeen.Store(scope, false)
		return tfkit.WithHints(fmt.Errorf("%w: Waldur created the account, but the token does not see it: the user of "+
			"the token needs a role on the project itself. The account and its key are in the state. Until the token "+
			"sees the account, every plan fails, so that no second account is created", err), s.kind.roleHint(scope),
			"Once the token sees the account, the next apply replaces it. If you run terraform untaint (or tofu "+
				"untaint) first, the next apply keeps the account and its key.")
	}
	if err == nil {
		s.client.newAccountSeen.Store(scope, true)
	}
	return nil // the next create in this project finds out
}

// create creates an account, unless one with its identifier exists. The caller makes sure that
// creates with one identifier wait for each other.
func (s serviceAccounts) create(
	ctx context.Context, in waldurapi.ServiceAccountCreate,
) (*waldurapi.ServiceAccount, error) {
	before, sent, err := s.beforeCreate(ctx, in.Scope)
	if err != nil {
		return nil, err
	}
	for _, existing := range before {
		if existing.Identifier() == in.PreferredIdentifier {
			err := fmt.Errorf("the %s %s already has an account with preferred_identifier %q, username %q",
				s.kind.scope, in.Scope, in.PreferredIdentifier, existing.Username)
			return nil, tfkit.WithHints(err, s.kind.existsHint(existing.UUID))
		}
	}
	created, err := s.api().Create(ctx, in)
	if transport.Lost(err) {
		created, err = s.lostCreate(in, before, sent).Recover(ctx, err)
	}
	if err != nil {
		return nil, tfkit.WithHints(err, s.refusalHints(ctx, in, len(before), err)...)
	}
	s.reader(in.Scope).Keep(created)
	return created, nil
}

// beforeCreate returns the accounts of a customer or project, from one list for all creates, and the time of the
// server now: an account that exists after a lost response and is older is not the created one. If the server
// does not tell its time, the list is new.
func (s serviceAccounts) beforeCreate(
	ctx context.Context, scope string,
) (before []*waldurapi.ServiceAccount, at time.Time, err error) {
	before, err = s.reader(scope).All(ctx)
	at, known := s.client.http.ServerTime()
	if err != nil || known {
		return before, at, err
	}
	listed, err := s.list(ctx, waldurapi.ServiceAccountFilter{Scope: scope})
	before = nil
	for i := range listed {
		before = append(before, &listed[i])
	}
	return before, at, err
}

// refusalHints explain a create that failed, with the number of accounts that the token sees.
func (s serviceAccounts) refusalHints(
	ctx context.Context, in waldurapi.ServiceAccountCreate, visible int, failed error,
) (hints []string) {
	if !waldurapi.ReachedAccountService(failed) || waldurapi.FieldsRefused(failed) {
		return nil
	}
	if transport.BadRequest(failed) {
		limit, err := s.kind.limit(ctx, s.client, in.Scope)
		if hint, reached := s.kind.limitHint(limit, visible); err == nil && hint != "" {
			hints = append(hints, hint)
			if reached {
				return hints
			}
		}
	}
	return append(hints, s.kind.orphanHint(in.PreferredIdentifier))
}

// lostCreate finds the account of a create that was sent at a time of the server, among the accounts that
// were not there before.
func (s serviceAccounts) lostCreate(
	in waldurapi.ServiceAccountCreate, before []*waldurapi.ServiceAccount, sent time.Time,
) tfkit.LostCreate[waldurapi.ServiceAccount] {
	only := false
	return tfkit.LostCreate[waldurapi.ServiceAccount]{
		Thing: "account",
		Next:  "Waldur lists an account only after the account service behind it has responded",
		Find: func(ctx context.Context) (*waldurapi.ServiceAccount, error) {
			found, err := s.byIdentifier(ctx, in.Scope, in.PreferredIdentifier)
			found = slices.DeleteFunc(found, func(a waldurapi.ServiceAccount) bool {
				return slices.ContainsFunc(before,
					func(old *waldurapi.ServiceAccount) bool { return old.UUID == a.UUID })
			})
			if err != nil || len(found) == 0 {
				return nil, err
			}
			only = len(found) == 1
			return &found[0], nil
		},
		Fits: func(a *waldurapi.ServiceAccount) bool {
			return only && !createdBefore(a.Created, sent) &&
				a.Description != nil && *a.Description == in.Description &&
				a.Email != nil && *a.Email == in.Email
		},
		Other: func(a *waldurapi.ServiceAccount) string { return describeServiceAccount(*a) },
	}
}

// createdBefore reports whether an account was created before a time of the server. It is false if the
// time is zero, or if it is not known when the account was created.
func createdBefore(created string, at time.Time) bool {
	when, err := time.Parse(time.RFC3339, created)
	return err == nil && !at.IsZero() && when.Before(at)
}

// update changes the fields of an account.
func (s serviceAccounts) update(ctx context.Context, uuid string, in waldurapi.ServiceAccountUpdate) error {
	_, err := s.api().Update(ctx, uuid, in)
	s.client.serviceAccounts.Drop(uuid)
	return err
}

// remove closes an account and verifies it by a read: if the account service of a Waldur server is
// disabled or does not finish, the server returns success and keeps the account. An account that is
// already closed is no error.
func (s serviceAccounts) remove(ctx context.Context, uuid, scope string) error {
	reader := s.reader(scope)
	done := reader.Writing()
	err := s.api().Close(ctx, uuid)
	reader.Drop(uuid)
	done()
	switch {
	case err == nil: // the token saw the account a moment ago, so 404 means absent now
		var left *waldurapi.ServiceAccount
		left, err = reader.Prove(ctx, uuid)
		if transport.NotFound(err) || err == nil && left == nil {
			reader.Remove(uuid)
			return nil
		}
	case transport.NotFound(err):
		_, err = s.get(ctx, uuid, scope)
	}
	switch {
	case errors.Is(err, tfkit.ErrAbsent):
		return nil
	case err != nil:
		return err
	}
	return errors.New("the account is still there, although the server returned success: its account service is " +
		"disabled, or did not finish. Ask the operator of this Waldur server, then apply again")
}

// rotate issues a new key and revokes the current key at once. The error is rotation.ErrUnconfirmed
// if the key may be rotated.
func (s serviceAccounts) rotate(ctx context.Context, uuid string) (*waldurapi.ServiceAccount, error) {
	account, err := s.api().RotateAPIKey(ctx, uuid)
	s.client.serviceAccounts.Drop(uuid)
	if waldurapi.ReachedAccountService(err) {
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

// limitReached returns the limit of a customer or project and the number of its accounts, and whether
// the limit is reached. It is false if there is no limit, or if the server does not report it.
func (s serviceAccounts) limitReached(ctx context.Context, scope string) (limit int64, visible int, reached bool) {
	most, err := s.kind.limit(ctx, s.client, scope)
	if err != nil || most == nil {
		return 0, 0, false
	}
	accounts, err := s.reader(scope).All(ctx)
	return *most, len(accounts), err == nil && int64(len(accounts)) >= *most
}

// list returns all accounts that a filter finds, oldest first.
func (s serviceAccounts) list(
	ctx context.Context, filter waldurapi.ServiceAccountFilter,
) ([]waldurapi.ServiceAccount, error) {
	return s.api().List(ctx, filter)
}

// byIdentifier returns the accounts of a customer or project that were created with an identifier.
// Waldur allows an identifier twice and has no filter for it.
func (s serviceAccounts) byIdentifier(
	ctx context.Context, scope, identifier string,
) ([]waldurapi.ServiceAccount, error) {
	found, err := s.list(ctx, waldurapi.ServiceAccountFilter{Scope: scope})
	return slices.DeleteFunc(found, func(a waldurapi.ServiceAccount) bool { return a.Identifier() != identifier }), err
}

// onlyByIdentifier returns the only account of a customer or project that was created with an
// identifier.
func (s serviceAccounts) onlyByIdentifier(
	ctx context.Context, scope, identifier string,
) (*waldurapi.ServiceAccount, error) {
	found, err := s.byIdentifier(ctx, scope, identifier)
	return s.only(found, err, "preferred_identifier", identifier, scope)
}

// byUsername returns the only account of a customer or project that has a username. Waldur allows a
// username twice.
func (s serviceAccounts) byUsername(ctx context.Context, scope, username string) (*waldurapi.ServiceAccount, error) {
	found, err := s.withUsername(ctx, scope, username)
	return s.only(found, err, "username", username, scope)
}

func (s serviceAccounts) withUsername(
	ctx context.Context, scope, username string,
) ([]waldurapi.ServiceAccount, error) {
	found, err := s.list(ctx, waldurapi.ServiceAccountFilter{Scope: scope, Username: username})
	return slices.DeleteFunc(found, func(a waldurapi.ServiceAccount) bool { return a.Username != username }), err
}

func (s serviceAccounts) only(
	found []waldurapi.ServiceAccount, err error, attribute, value, scope string,
) (*waldurapi.ServiceAccount, error) {
	if err != nil {
		return nil, err
	}
	wanted := fmt.Sprintf("service account with %s %q in %s %s", attribute, value, s.kind.scope, scope)
	account, err := tfkit.Only(found, wanted, "uuid", describeServiceAccount)
	if len(found) == 0 {
		err = tfkit.WithHints(err, "If there is such an account: "+s.kind.roleHint(scope))
	}
	return account, err
}

func describeServiceAccount(a waldurapi.ServiceAccount) string {
	return fmt.Sprintf("%s (username %q, created %s)", a.UUID, a.Username, a.Created)
}

// find returns the account that a data source asks for.
func (s serviceAccounts) find(ctx context.Context, model scopedDataModel) (*waldurapi.ServiceAccount, error) {
	m, scope := model.shared(), model.scope().Canonical()
	switch {
	case !m.UUID.IsNull():
		account, err := s.get(ctx, m.UUID.Canonical(), "")
		if errors.Is(err, tfkit.ErrAbsent) {
			err = fmt.Errorf("there is no %s with the UUID %s", s.kind.title, m.UUID.Canonical())
		}
		return account, err
	case !m.Username.IsNull():
		return s.byUsername(ctx, scope, m.Username.ValueString())
	}
	return s.onlyByIdentifier(ctx, scope, m.PreferredIdentifier.ValueString())
}

// resolve returns the UUID that an import id names: the UUID itself, the account's URL in the API, or
// <customer or project UUID>/<username or preferred_identifier>. A username has priority. White space
// around the id does not count.
func (s serviceAccounts) resolve(ctx context.Context, id string) (string, error) {
	id = strings.TrimSpace(id)
	if uuid := tfkit.CanonicalUUID(cmp.Or(s.api().UUIDIn(id), id)); uuid != "" {
		return uuid, nil
	}
	first, name, _ := strings.Cut(id, "/")
	scope := tfkit.CanonicalUUID(first)
	if scope == "" || name == "" {
		return "", fmt.Errorf("the import id must be the account's UUID or its URL in the API, or "+
			"<%s UUID>/<username> or <%s UUID>/<preferred_identifier>; got %s", s.kind.scope, s.kind.scope,
			tfkit.Quote(id))
	}
	account, err := s.byName(ctx, scope, name)
	if err != nil {
		return "", err
	}
	return account.UUID, nil
}

// byName is byUsername, or onlyByIdentifier if there is no such username.
func (s serviceAccounts) byName(ctx context.Context, scope, name string) (*waldurapi.ServiceAccount, error) {
	found, err := s.withUsername(ctx, scope, name)
	if err == nil && len(found) == 0 {
		found, err = s.byIdentifier(ctx, scope, name)
	}
	return s.only(found, err, "username or preferred_identifier", name, scope)
}
