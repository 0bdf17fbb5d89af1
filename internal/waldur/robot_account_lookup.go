package waldur

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

const robotAccountType = "svcacct_waldur_robot_account"

// failRobotAccount reports a failed call, as serviceAccountKind.fail does.
func failRobotAccount(diags *diag.Diagnostics, verb, subject string, err error, hints ...string) {
	if transport.Forbidden(err) {
		hints = append(hints, "The token's user needs the permissions RESOURCE.CREATE_ROBOT_ACCOUNT, RESOURCE.UPDATE_ROBOT_ACCOUNT and "+
			"RESOURCE.DELETE_ROBOT_ACCOUNT on the customer that provides the resource. Those who use the resource can only look.")
	}
	tfkit.Failure{
		Doing:   verb + " Waldur robot account",
		Subject: subject,
		Attributes: map[string]path.Path{
			"resource":         path.Root("resource_uuid"),
			"type":             path.Root("type"),
			"username":         path.Root("username"),
			"description":      path.Root("description"),
			"users":            path.Root("users"),
			"responsible_user": path.Root("responsible_user"),
			"keys":             path.Root("keys"),
		},
		Hint: hintOn(err, hints...),
	}.Add(diags, err)
}

// robotAccounts is the one place through which robot accounts are found and read.
type robotAccounts struct{ client *waldurapi.Client }

func (s robotAccounts) api() waldurapi.RobotAccounts { return s.client.RobotAccounts }

// get reads an account. Waldur says 404 of what the caller may not see, too: only if its resource is still seen does 404 mean
// absent, and the error is errAbsent. A resource "" is one that is not known.
func (s robotAccounts) get(ctx context.Context, uuid, resource string) (*waldurapi.RobotAccount, error) {
	account, err := s.api().Get(ctx, uuid)
	if !transport.NotFound(err) {
		return account, err
	}
	if resource == "" {
		return nil, fmt.Errorf("%w: Waldur says this of what the token may not see, too", err)
	}
	for _, view := range []waldurapi.ResourceView{waldurapi.ProviderView, waldurapi.ConsumerView} {
		_, parentErr := s.client.Resources.Get(ctx, view, resource)
		if parentErr == nil {
			return nil, errAbsent
		}
		if !transport.NotFound(parentErr) {
			return nil, parentErr
		}
	}
	return nil, fmt.Errorf("%w: neither the account nor its resource %s is visible. Either both are gone, or the token has lost its role; "+
		"since Waldur does not tell which, the account stays in state. If it is gone, run \"terraform state rm\" for this resource", err, resource)
}

// byType returns the account of a type on a resource, nil if there is none. There is at most one, in whatever state it is.
func (s robotAccounts) byType(ctx context.Context, resource, kind string) (*waldurapi.RobotAccount, error) {
	found, err := s.api().List(ctx, waldurapi.RobotAccountFilter{ResourceUUID: resource, Type: kind})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// resolve finds the UUID that an import id names: the UUID itself, or <resource UUID>/<type>.
func (s robotAccounts) resolve(ctx context.Context, id string) (string, error) {
	if uuid := tfkit.CanonicalUUID(id); uuid != "" {
		return uuid, nil
	}
	first, kind, _ := strings.Cut(id, "/")
	resource := tfkit.CanonicalUUID(first)
	if resource == "" || kind == "" {
		return "", fmt.Errorf("the import id must be the account's UUID, or <resource UUID>/<type>; got %q", id)
	}
	account, err := s.byType(ctx, resource, kind)
	if err != nil {
		return "", err
	}
	if account == nil {
		return "", fmt.Errorf("no robot account of type %q on resource %s is visible to the token", kind, resource)
	}
	return account.UUID, nil
}

// create makes an account, unless its resource has one of its type. If the answer gets lost, the account is looked up: since there was
// none before, and creates of one pair wait for each other, the one that is found is the one that was made.
func (s robotAccounts) create(ctx context.Context, wanted waldurapi.RobotAccountWrite) (*waldurapi.RobotAccount, error) {
	existing, err := s.byType(ctx, *wanted.Resource, *wanted.Type)
	if err != nil {
		return nil, err
	}
	if existing != nil {
		hint := tfkit.ImportHint(robotAccountType, existing.UUID)
		if state := string(existing.State); state == robotRequestedDeletion || state == robotDeleted || state == robotError {
			hint = "An account in this state can't get back to OK: delete it first, in Waldur, or by an import followed by a destroy.\n\n" + hint
		}
		return nil, fmt.Errorf("resource %s already has a robot account of type %q, in state %q.\n\n%s", *wanted.Resource, *wanted.Type, existing.State, hint)
	}
	made, err := s.api().Create(ctx, wanted)
	if !transport.Lost(err) {
		return made, err
	}
	found, lookupErr := s.byType(context.WithoutCancel(ctx), *wanted.Resource, *wanted.Type)
	switch {
	case lookupErr != nil:
		return nil, fmt.Errorf("%w. Whether the account was made is not known, since looking for it failed, too: %w. "+
			"Apply again: if it was made, the error will say how to import it", err, lookupErr)
	case found != nil && !matchesRobot(found, wanted):
		return nil, fmt.Errorf("%w. Meanwhile another account of this type was made: %s", err, found.UUID)
	case found == nil:
		return nil, fmt.Errorf("%w. No account was found afterwards. Should the server still be at work and make one, the next apply "+
			"says how to import it", err)
	}
	return found, nil
}

// matchesRobot tells whether an account can be the one that a create was to make.
func matchesRobot(in *waldurapi.RobotAccount, wanted waldurapi.RobotAccountWrite) bool {
	return (wanted.Description == nil || in.Description == nil || *wanted.Description == *in.Description) &&
		(wanted.Username == nil || *wanted.Username == in.Username) &&
		(wanted.Keys == nil && len(in.Keys) == 0 || wanted.Keys != nil && len(*wanted.Keys) == len(in.Keys))
}

// step takes an account to a state, one operation after the other, and tells where it has got. A step whose answer gets lost counts if
// the account is where the step leads.
func (s robotAccounts) step(ctx context.Context, uuid, to, errorMessage string, account *waldurapi.RobotAccount, report func(string)) (*waldurapi.RobotAccount, error) {
	if account.State == "" {
		return account, errors.New("this Waldur is too old to keep states of robot accounts")
	}
	steps, ok := route(string(account.State), to)
	if !ok {
		return account, errors.New(unreachable(string(account.State), to))
	}
	for _, next := range steps {
		report(fmt.Sprintf("%s: %s to %s", next.operation, account.State, next.to))
		message := ""
		if next.to == robotError {
			message = errorMessage
		}
		moved, err := s.api().SetState(ctx, uuid, next.operation, message)
		if transport.Lost(err) || transport.Conflict(err) { // it may be there already
			if found, readErr := s.api().Get(context.WithoutCancel(ctx), uuid); readErr == nil && string(found.State) == next.to {
				moved, err = found, nil
			}
		}
		if err != nil {
			return account, err
		}
		account = moved
	}
	return account, nil
}

// remove deletes an account, in whatever state it is, and sees to it that it is gone.
func (s robotAccounts) remove(ctx context.Context, uuid, resource string) error {
	err := s.api().Delete(ctx, uuid)
	if err == nil || transport.NotFound(err) && transport.Lost(err) { // so the account was there to be deleted, and 404 means what it says
		if _, err = s.api().Get(ctx, uuid); transport.NotFound(err) {
			return nil
		}
	} else if transport.NotFound(err) {
		if _, err = s.get(ctx, uuid, resource); errors.Is(err, errAbsent) {
			return nil
		}
	}
	if err != nil {
		return err
	}
	return errors.New("the account is still there, although the server reported no failure; ask the operator of this Waldur, then apply again")
}

// requestDeletion asks the provider of the resource to delete an account. One whose deletion was requested is left alone.
func (s robotAccounts) requestDeletion(ctx context.Context, uuid, resource string) error {
	account, err := s.get(ctx, uuid, resource)
	if errors.Is(err, errAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	if state := string(account.State); state == robotRequestedDeletion || state == robotDeleted {
		return nil
	}
	account, err = s.step(ctx, uuid, robotRequestedDeletion, "", account, func(string) {})
	if err != nil {
		return fmt.Errorf("with deletion_mode = %q, applied before, the account is deleted in any state; its deletion can't be requested: %w", deleteAtOnce, err)
	}
	if string(account.State) != robotRequestedDeletion {
		return fmt.Errorf("the account is in state %q, although the server reported no failure", account.State)
	}
	return nil
}

// leavers returns those of an account's users who have left the project and customer of its resource: whom the refusal names, and whom the
// token does not see among the members. A token on the provider's side often sees no members at all, so that this alone says nothing. Names
// are not in the language of the server; where one belongs to two users, nobody is taken for a leaver.
func (s robotAccounts) leavers(ctx context.Context, account *waldurapi.RobotAccount, refusal error) ([]string, error) {
	names, err := s.api().UserNames(ctx, account.UUID)
	if err != nil {
		return nil, err
	}
	var members []string
	for _, filter := range []waldurapi.UserFilter{{ProjectUUID: account.ProjectUUID}, {CustomerUUID: account.CustomerUUID}} {
		users, err := s.client.Users.List(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, user := range users {
			members = append(members, user.UUID)
		}
	}
	var left []string
	named := map[string]bool{}
	for _, user := range uuidsOf(account.Users) {
		name := names[user]
		if name == "" || !strings.Contains(refusal.Error(), name) || slices.Contains(members, user) {
			continue
		}
		if named[name] {
			return nil, nil
		}
		named[name] = true
		left = append(left, user)
	}
	return left, nil
}
