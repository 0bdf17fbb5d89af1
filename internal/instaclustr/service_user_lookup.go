package instaclustr

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// serviceUsers is the one place through which service users and their keys are found and changed.
type serviceUsers struct{ client *client }

// get reads a service user. One that is neither at its path nor in the list is an error, never an absence: since users can't be deleted, it is
// the account or the rights that have changed, and its keys, which can't be had again, would be lost from state with it.
func (s serviceUsers) get(ctx context.Context, username string) (*instaclustrapi.ServiceUser, error) {
	found, err := s.client.ServiceUsers.Get(ctx, username)
	return found, unseen(err)
}

func unseen(err error) error {
	if !errors.Is(err, instaclustrapi.ErrAbsent) {
		return err
	}
	return fmt.Errorf("%w. It is not in the list of service users either. Instaclustr can't delete service users, so most likely the provider signs in to "+
		"another account, or as somebody who may not see this user. If it is managed and really gone, run \"terraform state rm\" for it and its keys", err)
}

// key reads the key of a type, nil if there is none: neither where the user is read, nor in the list.
func (s serviceUsers) key(ctx context.Context, username, keyType string) (*instaclustrapi.Key, error) {
	found, err := s.get(ctx, username)
	if err != nil {
		return nil, err
	}
	return s.keyOf(ctx, found, keyType)
}

// keyOf is key, of a user who has been read already.
func (s serviceUsers) keyOf(ctx context.Context, user *instaclustrapi.ServiceUser, keyType string) (*instaclustrapi.Key, error) {
	if key := user.Key(keyType); key != nil {
		return key, nil
	}
	found, err := s.client.ServiceUsers.GetFromList(ctx, user.Username)
	if err != nil {
		return nil, unseen(err)
	}
	if key := found.Key(keyType); key != nil || found.KeysReported {
		return key, nil
	}
	return nil, errKeysUntold
}

// errKeysUntold says that an answer lacks what it should tell of keys: that is no sign that there are none.
var errKeysUntold = errors.New("the service does not tell the API keys of this user; the credential of the provider may lack the right to see them")

// revoke ends keys, and reads again to see that they have ended, whatever the answers were: none is documented. A key that does not exist
// is no error. It goes on when it is interrupted: what it ends may open the door to anybody.
func (s serviceUsers) revoke(ctx context.Context, username string, kinds []string) (*instaclustrapi.ServiceUser, error) {
	ctx = context.WithoutCancel(ctx)
	var failed []error
	for _, kind := range kinds {
		if err := s.client.APIKeys.Revoke(ctx, username, kind); err != nil {
			failed = append(failed, err)
		}
	}
	now, err := s.get(ctx, username)
	if err != nil {
		return nil, errors.Join(append(failed, err)...)
	}
	if !now.KeysReported {
		return now, errors.Join(append(failed, errKeysUntold)...)
	}
	left := slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return now.Key(kind) == nil })
	switch {
	case len(left) == 0:
		return now, nil
	case len(failed) == 0:
		return now, fmt.Errorf("the server reported no failure, but the user still has keys of the types %s", strings.Join(left, ", "))
	}
	return now, fmt.Errorf("keys of the types %s are still there: %w", strings.Join(left, ", "), errors.Join(failed...))
}

// create makes a service user, unless one with its name or address exists. If the answer gets lost, the user is looked up: since there was none
// before, and creates of one name wait for each other, the one that is found is the one that was made. Hints go with an error.
func (s serviceUsers) create(ctx context.Context, wanted instaclustrapi.ServiceUserCreate) (made *instaclustrapi.ServiceUser, hints []string, err error) {
	existing, err := s.client.ServiceUsers.List(ctx)
	if err != nil {
		return nil, nil, err
	}
	if hints, err := taken(existing, wanted); err != nil {
		return nil, hints, err
	}
	made, err = s.client.ServiceUsers.Create(ctx, wanted)
	if transport.Lost(err) {
		made, err = s.adopt(ctx, wanted, err)
	}
	if instaclustrapi.Refused(err, "username") || instaclustrapi.Refused(err, "email") {
		hints = []string{"User names and e-mail addresses are unique among all users of Instaclustr, in other accounts and people included, and those of a service user are never free again. If " +
			"it is a service user that this credential may not see, one of its administrators, or an Owner of its account, can manage it."}
	}
	return made, hints, err
}

// taken returns an error, with hints, if one of some service users has the name or the address that another one is to have.
func taken(existing []instaclustrapi.ServiceUser, wanted instaclustrapi.ServiceUserCreate) (hints []string, err error) {
	for _, other := range existing {
		switch {
		case other.Username == wanted.Username:
			hints = []string{tfkit.ImportHint(serviceUserType, other.Username), "Should it be left from a resource that was destroyed: it has kept its name, since Instaclustr can't delete it."}
			return hints, fmt.Errorf("there is a service user %q already, with the e-mail address %q", other.Username, other.Email)
		case strings.EqualFold(other.Email, wanted.Email):
			hints = []string{"Choose another address; an alias such as name+2@example.com is another one. Or:\n\n" + tfkit.ImportHint(serviceUserType, other.Username)}
			return hints, fmt.Errorf("the e-mail address %q belongs to the service user %q", other.Email, other.Username)
		}
	}
	return nil, nil
}

// adopt finds the service user that a create made whose answer was lost.
func (s serviceUsers) adopt(ctx context.Context, wanted instaclustrapi.ServiceUserCreate, lost error) (*instaclustrapi.ServiceUser, error) {
	found, err := s.client.ServiceUsers.GetFromList(context.WithoutCancel(ctx), wanted.Username) // an interrupt is no reason to leave a user behind
	switch {
	case errors.Is(err, instaclustrapi.ErrAbsent):
		return nil, fmt.Errorf("%w. No service user was found afterwards. Should the server still be at work and make one, the next apply says how to import it", lost)
	case err != nil:
		return nil, fmt.Errorf("%w. Whether the user was made is not known, since looking for it failed, too: %w. Apply again: if it was made, the error will say "+
			"how to import it", lost, err)
	case !strings.EqualFold(found.Email, wanted.Email):
		return nil, fmt.Errorf("%w. Meanwhile somebody else made a service user of this name, with the e-mail address %q", lost, found.Email)
	}
	return found, nil
}

// update changes a service user. Where the role is lowered, it sees to it that no key is left of a type that the new role does not allow: a service
// may end such keys, leave them, or refuse the role because of them. The plan has named them. With an error, it returns the user if the role is
// lowered all the same.
func (s serviceUsers) update(ctx context.Context, username string, wanted instaclustrapi.ServiceUserUpdate, lowered bool) (*instaclustrapi.ServiceUser, error) {
	now, err := s.put(ctx, username, wanted)
	if lowered && instaclustrapi.Refused(err, "profile") {
		before, readErr := s.get(ctx, username)
		if readErr != nil {
			return nil, errors.Join(err, readErr)
		}
		stranded := strandedBy(wanted.Role, keyTypesOf(before))
		if len(stranded) == 0 {
			return nil, err
		}
		if _, err = s.revoke(ctx, username, stranded); err == nil {
			now, err = s.put(ctx, username, wanted)
		}
	}
	if err != nil || !lowered {
		return now, err
	}
	if stranded := strandedBy(wanted.Role, keyTypesOf(now)); len(stranded) > 0 {
		after, err := s.revoke(ctx, username, stranded)
		if after == nil {
			after = now // what is known, so that the keys are not forgotten
		}
		return after, err
	}
	return now, nil
}

// put sends an update. If its answer gets lost, what the server has tells whether it was carried out.
func (s serviceUsers) put(ctx context.Context, username string, wanted instaclustrapi.ServiceUserUpdate) (*instaclustrapi.ServiceUser, error) {
	now, err := s.client.ServiceUsers.Update(ctx, username, wanted)
	if !transport.Lost(err) {
		return now, err
	}
	found, readErr := s.client.ServiceUsers.Get(context.WithoutCancel(ctx), username)
	if readErr != nil || wanted.DisplayName != "" && found.DisplayName != wanted.DisplayName ||
		!done(wanted, wanted.DisplayName, found.Role, found.Administrators) {
		return nil, err
	}
	return found, nil
}

// strandedBy returns those of some key types that a role is known not to allow. Of types that are not known, the server has the say.
func strandedBy(role string, kinds []string) []string {
	return slices.DeleteFunc(distinct(kinds), func(kind string) bool { return allowedBy(role, kind) })
}

// allowedBy tells whether a role allows keys of a type, as far as that is documented.
func allowedBy(role, keyType string) bool {
	known := slices.Contains(knownKeyTypes, keyType)
	return role != instaclustrapi.ReadOnly || !known || keyType == "MONITORING" || keyType == "PROVISIONING_READONLY"
}

// knownKeyTypes are those that the documentation names. There is at least one more, for Prometheus.
var knownKeyTypes = []string{"MONITORING", "PROVISIONING", "PROVISIONING_READONLY", "USER_MANAGEMENT"}

// byUsername sorts service users by name: the order of the list means nothing, and may change.
func byUsername(found []instaclustrapi.ServiceUser) []instaclustrapi.ServiceUser {
	slices.SortFunc(found, func(a, b instaclustrapi.ServiceUser) int { return strings.Compare(a.Username, b.Username) })
	return found
}
