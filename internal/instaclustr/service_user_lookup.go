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

// serviceUsers is the one place through which service users are found and changed. Its keys are in
// apiKeys.
type serviceUsers struct{ client *client }

func (c *client) users() serviceUsers { return serviceUsers{c} }

// read returns a service user for a refresh.
func (s serviceUsers) read(ctx context.Context, username string) (*instaclustrapi.ServiceUser, error) {
	found, err := s.recent(ctx, username)
	return found, adviseRemoval(err)
}

// recent returns a service user as it was at some time of this run, and after the last write of this run.
func (s serviceUsers) recent(ctx context.Context, username string) (*instaclustrapi.ServiceUser, error) {
	found, err := s.client.known.Get(ctx, username)
	return found, explainAbsence(err)
}

// adviseRemoval adds what to do about a managed object whose user is gone.
func adviseRemoval(err error) error {
	if !errors.Is(err, instaclustrapi.ErrAbsent) {
		return err
	}
	return tfkit.WithHints(err, "If the user is managed and really gone, run \"terraform state rm\" for it and its "+
		"keys.")
}

// get returns a service user as it is now. A user that is neither at its own path nor in the list
// is an error, never an absence. Users can't be deleted, so the account or the rights of the
// credential must have changed, and the state would lose keys that no server returns again.
func (s serviceUsers) get(ctx context.Context, username string) (*instaclustrapi.ServiceUser, error) {
	found, err := s.client.ServiceUsers.Get(ctx, username)
	return found, explainAbsence(err)
}

// getListed is get through the list alone.
func (s serviceUsers) getListed(ctx context.Context, username string) (*instaclustrapi.ServiceUser, error) {
	found, err := s.client.ServiceUsers.GetFromList(ctx, username)
	return found, explainAbsence(err)
}

func explainAbsence(err error) error {
	if !errors.Is(err, instaclustrapi.ErrAbsent) {
		return err
	}
	return fmt.Errorf("%w. It is not in the list of service users either. Instaclustr can't delete service users, so "+
		"most likely the provider signs in to another account, or as somebody who may not see this user", err)
}

// list returns all service users, sorted by name: the order of the server means nothing, and may
// change.
func (s serviceUsers) list(ctx context.Context) ([]instaclustrapi.ServiceUser, error) {
	found, err := s.client.ServiceUsers.List(ctx)
	slices.SortFunc(found, func(a, b instaclustrapi.ServiceUser) int { return strings.Compare(a.Username, b.Username) })
	return found, err
}

// create creates a service user. If a service user has the name or the e-mail address, create
// returns an error. If the response was lost, create searches for the user: no user of the name
// existed before, and creates of one name wait for each other.
func (s serviceUsers) create(
	ctx context.Context, wanted instaclustrapi.ServiceUserCreate,
) (*instaclustrapi.ServiceUser, error) {
	existing, err := s.client.known.All(ctx)
	if err != nil {
		return nil, err
	}
	if err := conflict(existing, wanted); err != nil {
		return nil, err
	}
	created, err := s.client.ServiceUsers.Create(ctx, wanted)
	s.client.known.Drop(wanted.Username)
	if transport.Lost(err) {
		return s.lostCreate(wanted).Recover(ctx, err)
	}
	if instaclustrapi.Refused(err, "username") || instaclustrapi.Refused(err, "email") {
		err = s.explainTaken(ctx, wanted, err)
	}
	return s.whole(ctx, created), err
}

// explainTaken explains why the server refuses the name or the address of a new user. Another run may have created
// a user after this run has read the list.
func (s serviceUsers) explainTaken(ctx context.Context, wanted instaclustrapi.ServiceUserCreate, refused error) error {
	users, err := s.client.ServiceUsers.List(ctx)
	for i := range users {
		if found := conflict([]*instaclustrapi.ServiceUser{&users[i]}, wanted); err == nil && found != nil {
			return found
		}
	}
	return tfkit.WithHints(refused, "User names and e-mail addresses are unique among all users of Instaclustr, "+
		"people and users of other accounts included. A name or address of a service user can never be used "+
		"again. If a service user has them that this credential may not see, one of its administrators, or an "+
		"Owner of its account, can manage it.")
}

// whole returns the user of a response to a write. If the response has no administrators or no keys,
// it reads the user: otherwise nobody would know which administrators to keep and which keys to
// revoke. It goes on when the context ends.
func (s serviceUsers) whole(ctx context.Context, user *instaclustrapi.ServiceUser) *instaclustrapi.ServiceUser {
	if user == nil {
		return nil
	}
	if user.Administrators == nil || user.Keys == nil {
		found, err := s.get(context.WithoutCancel(ctx), user.Username)
		if err != nil {
			return user
		}
		user = found
	}
	s.client.known.Keep(user)
	return user
}

// conflict returns an error if a service user has the name or the e-mail address of a new service
// user.
func conflict(existing []*instaclustrapi.ServiceUser, wanted instaclustrapi.ServiceUserCreate) error {
	for _, other := range existing {
		switch importHint := tfkit.ImportHint(serviceUserType, other.Username); {
		case other.Username == wanted.Username:
			err := fmt.Errorf("there is a service user %q already, with the address %q", other.Username, other.Email)
			hints := []string{importHint, "If it is left from a resource that was destroyed: it has kept its name, " +
				"since Instaclustr can't delete it."}
			if strings.EqualFold(other.Email, wanted.Email) {
				hints = append(hints, "Or set adopt_existing = true in the resource: it then takes the user into the "+
					"state instead of creating it, and revokes its API keys, unless initial_api_keys is \"keep\".")
			}
			return tfkit.WithHints(err, append(hints, "If it is left from a create whose response was lost: "+
				"nobody knows the API keys that came with it. After the import the plan names them, and says how to "+
				"revoke them.")...)
		case strings.EqualFold(other.Email, wanted.Email):
			err := fmt.Errorf("the e-mail address %q belongs to the service user %q", other.Email, other.Username)
			return tfkit.WithHints(err, "Choose another address; an alias such as name+2@example.com counts as "+
				"another one. Or:\n\n"+importHint)
		}
	}
	return nil
}

func (s serviceUsers) lostCreate(wanted instaclustrapi.ServiceUserCreate) tfkit.LostCreate[instaclustrapi.ServiceUser] {
	return tfkit.LostCreate[instaclustrapi.ServiceUser]{
		Thing: "service user",
		Find: func(ctx context.Context) (*instaclustrapi.ServiceUser, error) {
			found, err := s.client.ServiceUsers.GetFromList(ctx, wanted.Username)
			if errors.Is(err, instaclustrapi.ErrAbsent) {
				return nil, nil // there is none
			}
			return found, err
		},
		Fits:  func(found *instaclustrapi.ServiceUser) bool { return strings.EqualFold(found.Email, wanted.Email) },
		Other: func(found *instaclustrapi.ServiceUser) string { return "its e-mail address is " + found.Email },
		Next:  afterLostCreate(wanted.Role),
	}
}

// afterLostCreate says what may exist after a create whose response was lost, and what to do about it.
func afterLostCreate(role string) string {
	return fmt.Sprintf("Apply again: if the server creates it after all, the error says how to import it. Then API "+
		"keys that came with it, of the types %s, may work from all addresses, and nobody knows them. An import does "+
		"not revoke them: write initial_api_keys = \"revoke\" in the configuration, and the next apply does. To use "+
		"one of them instead, create its resource with adopt_by_rotation = true. If you import the key, its api_key "+
		"is null: apply with keepers, and change one of them to get a key that is known",
		strings.Join(allowedKnown(role), ", "))
}

// update changes a service user. If the response was lost, a fresh read shows whether the server
// executed the update. If the user has no display name, none is sent; if the server demands one, update
// sends the user name.
func (s serviceUsers) update(
	ctx context.Context, username string, wanted instaclustrapi.ServiceUserUpdate,
) (*instaclustrapi.ServiceUser, error) {
	now, err := s.client.ServiceUsers.Update(ctx, username, wanted)
	if wanted.DisplayName == "" && instaclustrapi.Refused(err, "displayName") {
		wanted.DisplayName = username
		now, err = s.client.ServiceUsers.Update(ctx, username, wanted)
	}
	s.client.known.Drop(username)
	if !transport.Lost(err) {
		return s.whole(ctx, now), err
	}
	found, readErr := s.get(context.WithoutCancel(ctx), username)
	if readErr != nil {
		return nil, err
	}
	if wanted.DisplayName == "" { // it was not sent, and the server keeps or chooses one
		wanted.DisplayName = found.DisplayName
	}
	if !inEffect(wanted, found.DisplayName, found.Role, found.Administrators) {
		return nil, err
	}
	return found, nil
}
