package instaclustr

import (
	"context"
	"errors"
	"fmt"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// errUnknown says that there may be a key that nobody knows, and that the provider has made.
var errUnknown = errors.New("there may be a key now that nobody knows")

// issue makes the key of a type. One that exists is an errExists, unless it is to be adopted: then it is rotated. An error is an errUnknown only
// if a request that makes a key was sent: before that, a key that exists is somebody else's.
func (s serviceUsers) issue(ctx context.Context, username, keyType string, adopt bool) (*instaclustrapi.IssuedKey, error) {
	user, err := s.get(ctx, username)
	switch {
	case err != nil:
		return nil, err
	case user.Key(keyType) != nil && !adopt:
		return nil, errExists
	case user.Key(keyType) != nil:
		return s.rotateUnknown(ctx, username, keyType)
	case !user.Allows(keyType):
		return nil, errors.New(notAllowed(keyType, username, user.Role))
	}
	issued, err := s.client.APIKeys.Generate(ctx, username, keyType)
	if transport.Lost(err) {
		return s.issueAgain(context.WithoutCancel(ctx), username, keyType, err)
	}
	return issued, err
}

// issueAgain finds out what became of a request for a key whose answer was lost. There was no key of the type before, and whoever asks for
// one waits for the others: so one that exists now is the one that was made, and since nobody knows it, it is rotated. If there is none, asking
// again can't make two, as there is one key of a type.
func (s serviceUsers) issueAgain(ctx context.Context, username, keyType string, lost error) (*instaclustrapi.IssuedKey, error) {
	for range 2 {
		found, err := s.key(ctx, username, keyType)
		if err != nil {
			return nil, fmt.Errorf("%w. Whether the key was made is not known, since looking for it failed, too: %w. So %w", lost, err, errUnknown)
		}
		if found != nil { // the one that was made: whatever keeps it from being rotated, nobody knows it
			issued, err := s.client.APIKeys.Rotate(ctx, username, keyType)
			if err != nil {
				err = fmt.Errorf("%w. So %w", err, errUnknown)
			}
			return issued, err
		}
		issued, err := s.client.APIKeys.Generate(ctx, username, keyType)
		if err == nil {
			return issued, nil
		}
		lost = err
		if !transport.Lost(err) && !instaclustrapi.Refused(err, "apiKeyType") { // refused for that: the first request was carried out late
			break
		}
	}
	return nil, fmt.Errorf("%w. So %w", lost, errUnknown)
}

// rotateUnknown rotates a key whose current secret is lost, or to be.
func (s serviceUsers) rotateUnknown(ctx context.Context, username, keyType string) (*instaclustrapi.IssuedKey, error) {
	issued, err := s.client.APIKeys.Rotate(ctx, username, keyType)
	if transport.Lost(err) {
		err = fmt.Errorf("%w. So %w", err, errUnknown)
	}
	return issued, err
}

// restrict puts an allow list in force. It goes on when it is interrupted: until it is done, the key is open to all addresses.
func (s serviceUsers) restrict(ctx context.Context, username, keyType string, allowList []string) error {
	return s.client.APIKeys.Restrict(context.WithoutCancel(ctx), username, keyType, allowList)
}

func notAllowed(keyType, username, role string) string {
	return fmt.Sprintf("the role %s of %s allows no API key of type %s", role, username, keyType)
}
