package waldur

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/bulk"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// robotAccounts is the only place with requests about robot accounts.
type robotAccounts struct{ client *client }

func (s robotAccounts) api() waldurapi.RobotAccounts { return s.client.RobotAccounts }

// What a robot account in a list costs the server, in single reads. A server of 2024 returns all members of
// the rows.
const (
	robotRowCost      = 0.2
	wholeRobotRowCost = 0.4
)

// reader returns the reader of the accounts of a project.
func (s robotAccounts) reader(project string) *bulk.Reader[waldurapi.RobotAccount] {
	filter := waldurapi.RobotAccountFilter{ProjectUUID: project}
	return s.client.robotAccounts.Of(project, func() bulk.Source[waldurapi.RobotAccount] {
		var whole atomic.Bool // whether the server ignores field
		return bulk.Source[waldurapi.RobotAccount]{
			Get: s.api().Get,
			List: func(ctx context.Context) ([]waldurapi.RobotAccount, error) {
				return s.list(ctx, filter)
			},
			ID: func(a *waldurapi.RobotAccount) string { return a.UUID },
			Count: func(ctx context.Context) (int, error) {
				count, states, err := s.api().Count(ctx, filter)
				whole.Store(!states)
				return count, err
			},
			RowCost: func() float64 {
				if whole.Load() {
					return wholeRobotRowCost
				}
				return robotRowCost
			},
			Off: s.client.noBulkReads,
		}
	})
}

// refresh returns an account that the state has, with its resource and project: "" after an import.
func (s robotAccounts) refresh(ctx context.Context, uuid, resource, project string) (*waldurapi.RobotAccount, error) {
	if resource == "" || project == "" {
		return s.read(ctx, uuid, resource)
	}
	account, err := s.reader(project).Get(ctx, uuid)
	if transport.NotFound(err) {
		return nil, s.absence(ctx, uuid, resource, err)
	}
	return account, err
}

// read returns an account from the server. If its resource is not known, and there is no account, the error
// says so if the UUID is that of a resource.
func (s robotAccounts) read(ctx context.Context, uuid, resource string) (*waldurapi.RobotAccount, error) {
	account, err := s.get(ctx, uuid, resource)
	if resource != "" || !transport.NotFound(err) {
		return account, err
	}
	if is, lookupErr := resources(s).visible(ctx, uuid); lookupErr == nil && is {
		err = tfkit.WithHints(err, fmt.Sprintf("%s is the UUID of a resource, not of a robot account. The import id "+
			"of a robot account is its own UUID or \"%s/<type>\". A data source finds the account by resource_uuid "+
			"and type.", uuid, uuid))
	}
	return nil, err
}

// get reads an account from the server. The resource is the UUID of the account's resource; "" if
// it is not known. The error is tfkit.ErrAbsent if the account does not exist: see absence.
func (s robotAccounts) get(ctx context.Context, uuid, resource string) (*waldurapi.RobotAccount, error) {
	account, err := s.api().Get(ctx, uuid)
	if transport.NotFound(err) {
		return nil, s.absence(ctx, uuid, resource, err)
	}
	return account, err
}

// absence returns what the API's 404 for an account means, since Waldur also returns it for an
// account that the token may not see. The error is tfkit.ErrAbsent if the resource of the account
// is visible, and the list of its accounts does not have the account. Otherwise it wraps the 404.
func (s robotAccounts) absence(ctx context.Context, uuid, resource string, notFound error) error {
	if resource == "" {
		return fmt.Errorf("%w: "+ambiguous404, notFound)
	}
	visible, err := resources(s).visible(ctx, resource)
	if err == nil && !visible {
		return bothInvisible(notFound, "resource", resource)
	}
	var listed []waldurapi.RobotAccount
	if err == nil {
		listed, err = s.list(ctx, waldurapi.RobotAccountFilter{ResourceUUID: resource})
	}
	switch {
	case err != nil:
		return err
	case slices.ContainsFunc(listed, func(a waldurapi.RobotAccount) bool { return sameUUID(a.UUID, uuid) }):
		return fmt.Errorf("%w: but the list of the accounts of its resource %s still has it, so it is not deleted. "+
			"Apply again", notFound, resource)
	}
	return tfkit.ErrAbsent
}

// create creates an account, unless its resource has one of its type: the server refuses a second one, so that
// the look-up comes after the refusal. The caller makes sure that creates, and updates of the type, with one
// resource and type wait for each other. If the response was lost and there is no account, the request is sent
// once more: the pair of resource and type is unique, so that the two requests create one account at most.
func (s robotAccounts) create(ctx context.Context, in waldurapi.RobotAccountWrite) (*waldurapi.RobotAccount, error) {
	sent, err := s.serverTime(ctx, in)
	if err != nil {
		return nil, err
	}
	created, err := s.api().Create(ctx, in)
	if refusedAsAWhole(err) {
		return nil, s.explain(ctx, in, err)
	}
	if !transport.Lost(err) {
		return created, err
	}
	find := func() (*waldurapi.RobotAccount, error) {
		return s.byType(context.WithoutCancel(ctx), *in.Resource, *in.Type)
	}
	found, findErr := find()
	if found == nil && findErr == nil && ctx.Err() == nil {
		created, err = s.api().Create(ctx, in)
		if !transport.Lost(err) && !refusedAsAWhole(err) {
			return created, err
		}
		found, findErr = find() // the server may have finished the first request late
	}
	if found != nil && createdBefore(found.Created, sent) {
		return nil, secondRobotAccount(in, found)
	}
	return tfkit.LostCreate[waldurapi.RobotAccount]{
		Thing: "account",
		Find:  func(context.Context) (*waldurapi.RobotAccount, error) { return found, findErr },
		Fits:  func(a *waldurapi.RobotAccount) bool { return robotAccountFits(a, in) },
		Other: func(a *waldurapi.RobotAccount) string { return a.UUID },
	}.Recover(ctx, err)
}

// serverTime returns the time of the server, which tells the account of a create whose response was lost from
// an older account. If no response had the time yet, an older account is looked up now, and is an error.
func (s robotAccounts) serverTime(ctx context.Context, in waldurapi.RobotAccountWrite) (time.Time, error) {
	if at, known := s.client.http.ServerTime(); known {
		return at, nil
	}
	existing, err := s.byType(ctx, *in.Resource, *in.Type)
	if existing != nil {
		err = secondRobotAccount(in, existing)
	}
	at, _ := s.client.http.ServerTime()
	return at, err
}

// explain returns what a refusal without a field means: the resource may have an account of the type.
func (s robotAccounts) explain(ctx context.Context, in waldurapi.RobotAccountWrite, refusal error) error {
	if existing, err := s.byType(ctx, *in.Resource, *in.Type); err == nil && existing != nil {
		return secondRobotAccount(in, existing)
	}
	return refusal
}

func secondRobotAccount(in waldurapi.RobotAccountWrite, existing *waldurapi.RobotAccount) error {
	err := fmt.Errorf("resource %s already has a robot account of type %q%s", *in.Resource, *in.Type, inState(existing))
	return tfkit.WithHints(err, robotExistsHint(existing.UUID, string(existing.State)))
}

// inState returns the state of an account for an error, "" on a server of 2024, which has no states.
func inState(account *waldurapi.RobotAccount) string {
	if account.State == "" {
		return ""
	}
	return fmt.Sprintf(", in state %q", account.State)
}

// refusedAsAWhole reports whether the server refused the content of a request and named no field.
func refusedAsAWhole(err error) bool {
	var refused *transport.Error
	return transport.BadRequest(err) && errors.As(err, &refused) && len(refused.Problem.Fields) == 0
}

// robotAccountFits reports whether an account has what a create sent. Waldur may change the text of
// keys, and may hide people.
func robotAccountFits(a *waldurapi.RobotAccount, sent waldurapi.RobotAccountWrite) bool {
	keys := 0
	if sent.Keys != nil {
		keys = len(*sent.Keys)
	}
	var users []string
	if sent.Users != nil {
		users = *sent.Users
	}
	responsible := string(a.ResponsibleUser.Reference)
	return len(a.Keys) == keys && len(without(uuidsOf(a.Users), users)) == 0 &&
		(responsible == "" || sent.ResponsibleUser != nil && responsible == *sent.ResponsibleUser) &&
		(sent.Description == nil || a.Description == nil || *sent.Description == *a.Description) &&
		(sent.Username == nil || a.Username != nil && *sent.Username == *a.Username)
}

// update changes the fields of an account. A new type is looked up first, and the error is a
// *takenError if another account of the resource has it: a server of 2024 would fail without a reason.
func (s robotAccounts) update(
	ctx context.Context, uuid, resource string, in waldurapi.RobotAccountWrite,
) (*waldurapi.RobotAccount, error) {
	if in.Type != nil {
		if err := s.refuseTaken(ctx, uuid, resource, *in.Type); err != nil {
			return nil, err
		}
	}
	defer s.client.robotAccounts.Drop(uuid)
	return s.api().Update(ctx, uuid, in)
}

// refuseTaken returns a *takenError if a type belongs to another account of the resource than that
// with the UUID.
func (s robotAccounts) refuseTaken(ctx context.Context, uuid, resource, kind string) error {
	existing, err := s.byType(ctx, resource, kind)
	if err == nil && existing != nil && existing.UUID != uuid {
		return &takenError{resource, kind, existing}
	}
	return err
}

// takenError says that the new type of an account belongs to another account of its resource.
type takenError struct {
	resource, kind string
	account        *waldurapi.RobotAccount
}

func (e *takenError) Error() string {
	return fmt.Sprintf("resource %s already has a robot account of type %q: %s%s", e.resource, e.kind, e.account.UUID,
		inState(e.account))
}

// haveStates reports whether the server keeps states of robot accounts. It asks once a run.
func (s robotAccounts) haveStates(ctx context.Context) (bool, error) {
	return s.client.robotStates.get(func() (bool, error) { return s.api().HaveStates(ctx) })
}

// setState changes the state of an account, one operation after the other, and returns the account
// as it is then, also with an error. The error message belongs to the state Error. Report gets a
// line for each operation. If the response to an operation was lost, the account is read: the
// operation succeeded if the account has the state that it leads to.
func (s robotAccounts) setState(
	ctx context.Context, account *waldurapi.RobotAccount, to, errorMessage string, report func(string),
) (*waldurapi.RobotAccount, error) {
	from := string(account.State)
	if from == "" {
		return account, errors.New(noStates)
	}
	steps, ok := route(from, to)
	if !ok {
		return account, errors.New(unreachable(from, to))
	}
	for _, next := range steps {
		report(fmt.Sprintf("%s: %s to %s", next.operation, account.State, next.to))
		message := ""
		if next.to == robotError {
			message = errorMessage
		}
		changed, err := s.api().SetState(ctx, account.UUID, next.operation, message)
		s.client.robotAccounts.Drop(account.UUID)
		if transport.Lost(err) || transport.Conflict(err) { // the account may have the state already
			found, readErr := s.get(context.WithoutCancel(ctx), account.UUID, "")
			if readErr == nil && string(found.State) == next.to {
				changed, err = found, nil
			}
		}
		if err != nil {
			return account, err
		}
		account = changed
	}
	return account, nil
}

const noStates = "this Waldur server is too old to keep states of robot accounts"

// remove deletes an account, in any state, and verifies it by a read. An account that is already
// deleted is no error.
func (s robotAccounts) remove(ctx context.Context, uuid, resource string) error {
	err := s.api().Delete(ctx, uuid)
	s.client.robotAccounts.Drop(uuid)
	switch {
	case err == nil: // the token saw the account a moment ago, so 404 means absent now
		if _, err = s.api().Get(ctx, uuid); transport.NotFound(err) {
			return nil
		}
	case transport.NotFound(err):
		_, err = s.get(ctx, uuid, resource)
	}
	switch {
	case errors.Is(err, tfkit.ErrAbsent):
		return nil
	case err != nil:
		return err
	}
	return errors.New("the account is still there, although the server returned success. Ask the operator of this " +
		"Waldur server, then apply again")
}

// requestDeletion asks the provider of the resource to delete an account, unless that was done already.
func (s robotAccounts) requestDeletion(ctx context.Context, uuid, resource string) error {
	account, err := s.get(ctx, uuid, resource)
	if errors.Is(err, tfkit.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	if state := string(account.State); state == robotRequestedDeletion || state == robotDeleted {
		return nil
	}
	account, err = s.setState(ctx, account, robotRequestedDeletion, "", func(string) {})
	if err != nil {
		return fmt.Errorf("with deletion_mode = %q, applied before, the account is deleted in any state. Its "+
			"deletion can't be requested: %w", deleteAtOnce, err)
	}
	if string(account.State) != robotRequestedDeletion {
		return fmt.Errorf("the account is in state %q, although the server returned success", account.State)
	}
	return nil
}

// list returns all accounts that a filter finds, oldest first.
func (s robotAccounts) list(
	ctx context.Context, filter waldurapi.RobotAccountFilter,
) ([]waldurapi.RobotAccount, error) {
	return s.api().List(ctx, filter)
}

// byType returns the account of a type on a resource, nil if there is none. There is at most one
// account, in any state.
func (s robotAccounts) byType(ctx context.Context, resource, kind string) (*waldurapi.RobotAccount, error) {
	found, err := s.list(ctx, waldurapi.RobotAccountFilter{ResourceUUID: resource, Type: kind})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// existing is byType with an error if there is no account.
func (s robotAccounts) existing(ctx context.Context, resource, kind string) (*waldurapi.RobotAccount, error) {
	account, err := s.byType(ctx, resource, kind)
	if err == nil && account == nil {
		err = fmt.Errorf("the robot account of type %q on resource %s was not found. Types are case-sensitive", kind,
			resource)
	}
	return account, err
}

// resolve returns the UUID that an import id names: the UUID itself, the account's URL in the API, or
// <resource UUID>/<type>. White space around the id does not count.
func (s robotAccounts) resolve(ctx context.Context, id string) (string, error) {
	id = strings.TrimSpace(id)
	if uuid := tfkit.CanonicalUUID(cmp.Or(s.api().UUIDIn(id), id)); uuid != "" {
		return uuid, nil
	}
	first, kind, _ := strings.Cut(id, "/")
	resource := tfkit.CanonicalUUID(first)
	if resource == "" || kind == "" {
		return "", fmt.Errorf("the import id must be the account's UUID or its URL in the API, or <resource "+
			"UUID>/<type>; got %s", tfkit.Quote(id))
	}
	account, err := s.existing(ctx, resource, kind)
	if err != nil {
		return "", err
	}
	return account.UUID, nil
}
