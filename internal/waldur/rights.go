package waldur

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// manageServiceAccounts is the permission that shows service accounts. A role on a project's customer
// allows to create an account in the project, but does not show the account.
const manageServiceAccounts = "SERVICE_ACCOUNT.MANAGE"

// rightsAge is how long an answer about the rights of the token counts: many accounts that return 404 in
// one run cost one reading, also if the server fails.
const rightsAge = 10 * time.Second

// rights answers what the user of the token may see, which a 404 of Waldur does not say.
type rights struct {
	users waldurapi.Users
	clock tfkit.Clock

	mu     sync.Mutex
	caller recent[*waldurapi.Caller]
	roles  recent[[]waldurapi.Role]
}

// recent is an answer of the server, or its failure, that counts for a while.
type recent[T any] struct {
	at    time.Time
	value T
	err   error
}

func (a *recent[T]) get(ctx context.Context, clock tfkit.Clock, ask func(context.Context) (T, error)) (T, error) {
	started := clock()
	if !a.at.IsZero() && started.Sub(a.at) <= rightsAge {
		return a.value, a.err
	}
	value, err := ask(ctx)
	if ctx.Err() != nil {
		return value, err
	}
	*a = recent[T]{started, value, err}
	if err != nil {
		a.at = clock() // a failure may have taken longer than it counts
	}
	return value, err
}

// seesServiceAccounts reports whether the token sees the service accounts of a customer or project; of
// all of them, if the UUID is "". It returns an error if the server does not say it.
func (r *rights) seesServiceAccounts(ctx context.Context, scope, uuid string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	caller, err := r.caller.get(ctx, r.clock, r.users.Caller)
	if err != nil {
		return false, err
	}
	if caller.Staff || caller.Support {
		return true, nil
	}
	if uuid == "" {
		return false, nil
	}
	var on []waldurapi.Grant
	for _, grant := range caller.Grants {
		if grant.Scope == scope && tfkit.CanonicalUUID(grant.UUID) == uuid && !r.expired(grant) {
			on = append(on, grant)
		}
	}
	if len(on) == 0 {
		return false, nil
	}
	roles, err := r.roles.get(ctx, r.clock, r.users.Roles)
	if err != nil {
		return false, err
	}
	return allow(on, roles)
}

// allow reports whether one of the grants has the permission.
func allow(grants []waldurapi.Grant, roles []waldurapi.Role) (bool, error) {
	unknown := false
	for _, grant := range grants {
		i := slices.IndexFunc(roles, func(role waldurapi.Role) bool { return role.UUID == grant.Role })
		switch {
		case i < 0 || roles[i].Permissions == nil:
			unknown = true
		case slices.Contains(roles[i].Permissions, manageServiceAccounts):
			return true, nil
		}
	}
	if unknown {
		return false, errors.New("GET /api/roles/: the response does not have the permissions of a role of the user")
	}
	return false, nil
}

// expired reports whether a role has ended. A time that can't be read may have come.
func (r *rights) expired(grant waldurapi.Grant) bool {
	if grant.Expires == "" {
		return false
	}
	end, err := time.Parse(time.RFC3339, grant.Expires)
	return err != nil || !r.clock().Before(end)
}
