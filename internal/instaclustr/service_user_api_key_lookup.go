package instaclustr

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// apiKeys is the one place through which the API keys of service users are found and changed.
type apiKeys struct{ client *client }

func (c *client) keys() apiKeys { return apiKeys{c} }

var (
	// errKeyExists says that a user already has a key of a type.
	errKeyExists = errors.New("there is an API key of this type already; a user can't have two keys of one type, and " +
		"the secret of an existing key can't be read")
	// errKeyReplaced says that another key has taken the place of a key.
	errKeyReplaced = errors.New("another API key has taken its place")
	// errKeysNotReturned says that a response has no list of keys. It does not prove that there are
	// none.
	errKeysNotReturned = errors.New("the service did not return the API keys of this user; the credential of the " +
		"provider may lack the right to see them")
)

func notAllowed(keyType, username, role string) string {
	return fmt.Sprintf("the role %s of %s allows no API key of type %s", role, username, keyType)
}

// read returns the key of a type for a refresh. The error is tfkit.ErrAbsent if there is none: a new
// read of the user must confirm that.
func (k apiKeys) read(ctx context.Context, username, keyType string) (*instaclustrapi.Key, error) {
	user, err := k.client.users().read(ctx, username)
	if err != nil {
		return nil, err
	}
	if key := user.Key(keyType); key != nil {
		return key, nil
	}
	_, key, err := k.find(ctx, username, keyType)
	if err == nil && key == nil {
		err = tfkit.ErrAbsent
	}
	return key, adviseRemoval(err)
}

// get returns a user and its key of a type as they are now. If there is no key, that is an error.
func (k apiKeys) get(ctx context.Context, username, keyType string) (
	*instaclustrapi.ServiceUser, *instaclustrapi.Key, error,
) {
	user, key, err := k.find(ctx, username, keyType)
	if err == nil && key == nil {
		err = fmt.Errorf("the service user %q has no API key of type %q", username, keyType)
	}
	return user, key, err
}

// find is get without the error: the key is nil if neither the read of the user nor the list of
// users has it.
func (k apiKeys) find(ctx context.Context, username, keyType string) (
	user *instaclustrapi.ServiceUser, key *instaclustrapi.Key, err error,
) {
	if user, err = k.client.users().get(ctx, username); err != nil {
		return nil, nil, err
	}
	if key = user.Key(keyType); key != nil {
		return user, key, nil
	}
	listed, err := k.client.users().getListed(ctx, user.Username)
	if err != nil {
		return nil, nil, err
	}
	if key = listed.Key(keyType); key == nil && listed.Keys == nil {
		err = errKeysNotReturned
	}
	return user, key, err
}

// create issues the key of a type. If the key exists, create rotates it if it is to be adopted;
// otherwise it returns errKeyExists. The error is a rotation.ErrUnconfirmed only if a request was
// sent that may have issued a key: before such a request, a key that exists belongs to somebody
// else.
func (k apiKeys) create(ctx context.Context, username, keyType string, adopt bool) (*instaclustrapi.IssuedKey, error) {
	var err error
	user := k.client.known.Kept(username)
	if user == nil { // a key that somebody else issued in this run must not be taken for the issued key
		user, err = k.client.users().get(ctx, username)
	}
	switch {
	case err != nil:
		return nil, err
	case user.Key(keyType) != nil && adopt:
		return k.rotate(ctx, username, keyType)
	case user.Key(keyType) != nil:
		return nil, errKeyExists
	case user.Keys == nil:
		return nil, errKeysNotReturned
	case !user.Allows(keyType):
		return nil, errors.New(notAllowed(keyType, username, user.Role))
	}
	issued, err := k.client.APIKeys.Generate(ctx, username, keyType)
	k.client.known.Drop(username)
	if transport.Lost(err) {
		return k.createAfterLoss(context.WithoutCancel(ctx), username, keyType, err)
	}
	return issued, err
}

// createAfterLoss continues after a request for a key whose response was lost. There was no key of
// the type before, and requests for the keys of a user wait for each other. So a key that exists
// now is the issued key; nobody knows its value, and it is rotated. If there is no key, the server
// may issue it late: no other request is sent before the next apply.
func (k apiKeys) createAfterLoss(
	ctx context.Context, username, keyType string, lost error,
) (*instaclustrapi.IssuedKey, error) {
	_, found, err := k.find(ctx, username, keyType)
	if err != nil {
		return nil, rotation.Unconfirmed(fmt.Errorf("%w. It is not known whether the key was issued, since the "+
			"search for it failed too: %w", lost, err))
	}
	if found == nil {
		return nil, rotation.Unconfirmed(fmt.Errorf("%w. No key was found afterwards, but the server may still be "+
			"processing the request", lost))
	}
	issued, err := k.client.APIKeys.Rotate(ctx, username, keyType)
	k.client.known.Drop(username)
	if err != nil { // after a refusal too, there is a key that nobody knows
		err = rotation.Unconfirmed(err)
	}
	return issued, err
}

// rotate issues a new key, and revokes the current key at once. If the response was lost, the error
// is a rotation.ErrUnconfirmed.
func (k apiKeys) rotate(ctx context.Context, username, keyType string) (*instaclustrapi.IssuedKey, error) {
	issued, err := k.client.APIKeys.Rotate(ctx, username, keyType)
	k.client.known.Drop(username)
	if transport.Lost(err) {
		err = rotation.Unconfirmed(err)
	}
	return issued, err
}

// restrict writes the allow list of a key. It goes on when the context ends: until then, the key
// may work from all addresses.
func (k apiKeys) restrict(ctx context.Context, username, keyType string, allowList []string) error {
	return k.client.APIKeys.Restrict(context.WithoutCancel(ctx), username, keyType, allowList)
}

// remove revokes keys of some types and reads the user again, since no response of a revocation is
// documented. It returns the user, if it could be read. A key that does not exist is no error. It
// goes on when the context ends: some of these keys may work from all addresses.
func (k apiKeys) remove(ctx context.Context, username string, keyTypes ...string) (*instaclustrapi.ServiceUser, error) {
	ctx = context.WithoutCancel(ctx)
	var failed []error
	for _, keyType := range keyTypes {
		if err := k.client.APIKeys.Revoke(ctx, username, keyType); err != nil {
			failed = append(failed, err)
		}
	}
	k.client.known.Drop(username)
	now, err := k.client.users().get(ctx, username)
	if err != nil {
		return nil, errors.Join(append(failed, err)...)
	}
	if now.Keys == nil {
		return now, errors.Join(append(failed, errKeysNotReturned)...)
	}
	gone := func(keyType string) bool { return now.Key(keyType) == nil }
	left := slices.DeleteFunc(slices.Clone(keyTypes), gone)
	if len(left) == 0 && len(failed) > 0 { // the user alone does not prove that the keys are gone
		if now, err = k.confirm(ctx, now); err != nil {
			return now, errors.Join(append(failed, err)...)
		}
		left = slices.DeleteFunc(slices.Clone(keyTypes), gone)
	}
	k.client.known.Keep(now) // the caller has the lock of the user
	switch {
	case len(left) == 0:
		return now, nil
	case len(failed) == 0:
		return now, fmt.Errorf("the server reported no failure, but the user still has keys of the types %s",
			strings.Join(left, ", "))
	}
	return now, fmt.Errorf("keys of the types %s are still there: %w", strings.Join(left, ", "), errors.Join(failed...))
}

// confirm returns a user with the keys that the list of users has besides.
func (k apiKeys) confirm(ctx context.Context, user *instaclustrapi.ServiceUser) (*instaclustrapi.ServiceUser, error) {
	listed, err := k.client.users().getListed(ctx, user.Username)
	if err != nil {
		return user, err
	}
	both := *user
	for _, key := range listed.Keys {
		if both.Key(key.Type) == nil {
			both.Keys = append(slices.Clone(both.Keys), key)
		}
	}
	return &both, nil
}

// removeIssued revokes a key that this run has issued, with its last characters; "" if nobody knows them:
// a moment ago, right before the request for the key, there was none. If the user has another key of the type,
// removeIssued returns errKeyReplaced. A key that does not exist is no error.
func (k apiKeys) removeIssued(ctx context.Context, username, keyType, tail string) error {
	_, key, err := k.find(context.WithoutCancel(ctx), username, keyType)
	switch {
	case err != nil || key == nil:
		return err
	case tail != "" && key.Tail != "" && key.Tail != tail:
		return errKeyReplaced
	}
	_, err = k.remove(ctx, username, keyType)
	return err
}

// removeOf is remove for a user that has been read. It returns the user, as read last.
func (k apiKeys) removeOf(
	ctx context.Context, user *instaclustrapi.ServiceUser, keyTypes []string,
) (*instaclustrapi.ServiceUser, error) {
	if len(keyTypes) == 0 {
		return user, nil
	}
	now, err := k.remove(ctx, user.Username, keyTypes...)
	return cmp.Or(now, user), err
}

// removeAll revokes all keys of a user, whoever created them.
func (k apiKeys) removeAll(ctx context.Context, username string) error {
	user, err := k.client.users().get(ctx, username)
	if err == nil && user.Keys == nil {
		err = errKeysNotReturned
	}
	if err == nil {
		_, err = k.removeOf(ctx, user, keyTypesOf(user))
	}
	return err
}
