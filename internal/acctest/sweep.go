package acctest

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// sweepAge is the age from which on a sweeper removes an object. No test runs for so long.
const sweepAge = 24 * time.Hour

// A sweeper removes the objects that tests which did not end have left.
type sweeper struct {
	name  string // the type of resource
	sweep func(context.Context, sweep) (removed []string, err error)
}

// A sweep is one run of a sweeper.
type sweep struct {
	http    *transport.Client
	getenv  func(string) string
	oldest  time.Time // younger objects stay
	removed []string
	err     error
}

// addSweepers makes the sweepers of a system known to -sweep.
func addSweepers(block string) {
	for _, s := range places()[block].sweepers {
		resource.AddTestSweepers(s.name, &resource.Sweeper{Name: s.name, F: func(string) error {
			removed, err := runSweeper(context.Background(), block, s, os.Getenv, time.Now())
			log.Printf("%s: removed %d objects %q", s.name, len(removed), removed)
			return err
		}})
	}
}

// runSweeper runs a sweeper on the server that the environment names.
func runSweeper(
	ctx context.Context, block string, s sweeper, getenv func(string) string, now time.Time,
) (removed []string, err error) {
	server := liveServer(block, getenv)
	http, err := transport.New(server.System.Options(transport.Options{
		Endpoint: server.Settings["endpoint"], MaxRetries: transport.DefaultMaxRetries,
		UserAgent: "terraform-provider-svcacct/sweep",
	}, server.Settings))
	if err != nil {
		return nil, err
	}
	return s.sweep(ctx, sweep{http: http, getenv: getenv, oldest: now.Add(-sweepAge)})
}

// old reports whether a name is one of Name, and old enough.
func (s *sweep) old(name string) bool {
	at, ok := Named(name)
	return ok && at.Before(s.oldest)
}

// did notes the result of a removal. A failure does not end the sweep.
func (s *sweep) did(name string, err error) {
	switch {
	case err == nil:
		s.removed = append(s.removed, name)
	case !transport.NotFound(err):
		s.err = errors.Join(s.err, fmt.Errorf("%s: %w", name, err))
	}
}

func sweepCustomerServiceAccounts(ctx context.Context, s sweep) ([]string, error) {
	return sweepServiceAccounts(ctx, s, waldurapi.New(s.http).CustomerServiceAccounts, customerVariable)
}

func sweepProjectServiceAccounts(ctx context.Context, s sweep) ([]string, error) {
	return sweepServiceAccounts(ctx, s, waldurapi.New(s.http).ProjectServiceAccounts, projectVariable)
}

func sweepServiceAccounts(
	ctx context.Context, s sweep, api waldurapi.ServiceAccounts, scope string,
) ([]string, error) {
	accounts, err := api.List(ctx, waldurapi.ServiceAccountFilter{Scope: s.getenv(scope)})
	if err != nil {
		return nil, err
	}
	for _, account := range accounts {
		if s.old(account.Identifier()) {
			s.did(account.Identifier(), api.Close(ctx, account.UUID))
		}
	}
	return s.removed, s.err
}

// sweepRobotAccounts knows accounts by their username: a type of five characters can be anybody's. It looks
// at one resource, which tests alone use.
func sweepRobotAccounts(ctx context.Context, s sweep) ([]string, error) {
	api := waldurapi.New(s.http).RobotAccounts
	accounts, err := api.List(ctx, waldurapi.RobotAccountFilter{ResourceUUID: s.getenv(resourceVariable)})
	if err != nil {
		return nil, err
	}
	for _, account := range accounts {
		if name := account.Username; name != nil && s.old(*name) {
			s.did(*name, api.Delete(ctx, account.UUID))
		}
	}
	return s.removed, s.err
}

// sweepWavefrontAccounts removes accounts, and with them their tokens.
func sweepWavefrontAccounts(ctx context.Context, s sweep) ([]string, error) {
	api := wavefrontapi.New(s.http).ServiceAccounts
	accounts, err := api.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, account := range accounts {
		if s.old(account.Identifier) {
			s.did(account.Identifier, api.Delete(ctx, account.Identifier))
		}
	}
	return s.removed, s.err
}

// sweepInstaclustrKeys revokes the keys of the one user of the tests, and of no other. The user stays: no
// request deletes it. Keys have no time; the display name of the user has the time of the last test.
func sweepInstaclustrKeys(ctx context.Context, s sweep) ([]string, error) {
	client := instaclustrapi.New(s.http, "")
	users, err := client.ServiceUsers.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, user := range slices.DeleteFunc(users, func(user instaclustrapi.ServiceUser) bool {
		return user.Username != s.getenv(usernameVariable) || !s.old(user.DisplayName)
	}) {
		for _, key := range user.Keys {
			s.did(user.Username+"/"+key.Type, client.APIKeys.Revoke(ctx, user.Username, key.Type))
		}
	}
	return s.removed, s.err
}
