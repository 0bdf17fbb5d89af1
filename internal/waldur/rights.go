package waldur

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// manageServiceAccounts is the permission that shows service accounts. A role on a project's customer
// allows to create an account in the project, but does not show the account.
const manageServiceAccounts = "SERVICE_ACCOUNT.MANAGE"

const (
	// gathering is how long a question about the rights waits for further questions, before the server
	// is asked: accounts that return 404 at the same time cost one reading.
	gathering = 100 * time.Millisecond
	// failureAge is how long a failed reading answers all questions: each reading is retried for a while.
	failureAge = 10 * time.Second
	// endTolerance is how far the clocks of this machine and of the server may differ.
	endTolerance = time.Hour
)

// rights answers what the user of the token may see, which a 404 of Waldur does not say.
type rights struct {
	users     waldurapi.Users
	clock     tfkit.Clock
	gathering time.Duration

	begun atomic.Int64 // readings that have begun

	mu       sync.Mutex
	reading  int64 // the number of the last reading; 0: none yet
	caller   *waldurapi.Caller
	roles    []waldurapi.Role // nil: not needed yet
	err      error
	failedAt time.Time
}

// seesNow reports whether the token sees the service accounts of a customer or project; of all of them,
// if the UUID is "". Only what the server says after the call counts: a role may be lost at any time.
// It returns an error if the server does not say it.
func (r *rights) seesNow(ctx context.Context, scope, uuid string) (bool, error) {
	return r.sees(ctx, r.begun.Load()+1, scope, uuid)
}

// sawInThisRun is seesNow, but for what the server may have said earlier in this run.
func (r *rights) sawInThisRun(ctx context.Context, scope, uuid string) (bool, error) {
	return r.sees(ctx, 1, scope, uuid)
}

// sees answers from the reading with this number, or a later one.
func (r *rights) sees(ctx context.Context, reading int64, scope, uuid string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reading < reading || r.err != nil {
		r.read(ctx)
	}
	if r.err != nil {
		return false, r.err
	}
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if r.caller.Staff || r.caller.Support {
		return true, nil
	}
	on, certain := r.grantsOn(scope, uuid)
	if len(on) > 0 && r.roles == nil {
		if r.roles, r.err = r.users.Roles(ctx); r.failed(ctx) {
			return false, r.err
		}
	}
	for _, grant := range on {
		allows, known := allows(r.roles, grant)
		if allows {
			return true, nil
		}
		certain = certain && known
	}
	if !certain {
		return false, errors.New("the responses of GET /api/users/me/ and GET /api/roles/ do not have all of a role")
	}
	return false, nil
}

// read reads the caller, unless the last reading failed a short time ago.
func (r *rights) read(ctx context.Context) {
	if r.err != nil && r.clock().Sub(r.failedAt) <= failureAge {
		return
	}
	select {
	case <-ctx.Done():
		return
	case <-time.After(r.gathering):
	}
	r.reading, r.roles = r.begun.Add(1), nil
	r.caller, r.err = r.users.Caller(ctx)
	r.failed(ctx)
}

// failed reports whether the last request failed, and stores when. An interrupt is no answer.
func (r *rights) failed(ctx context.Context) bool {
	if r.err == nil {
		return false
	}
	r.failedAt = r.clock()
	if ctx.Err() != nil {
		r.reading, r.failedAt = 0, time.Time{}
	}
	return true
}

// grantsOn returns the roles that the user has on a customer or project. It is not certain if there may
// be others: a role that the response describes incompletely, or one that ends about now.
func (r *rights) grantsOn(scope, uuid string) (on []waldurapi.Grant, certain bool) {
	if uuid == "" {
		return nil, true
	}
	certain = true
	for _, grant := range r.caller.Grants {
		active, known := r.active(grant)
		switch {
		case grant.Scope == "" || grant.UUID == "" || grant.Role == "":
			certain = false
		case grant.Scope != scope || !sameUUID(grant.UUID, uuid):
		case !known:
			certain = false
		case active:
			on = append(on, grant)
		}
	}
	return on, certain
}

// active reports whether a role has not ended, and whether that is known.
func (r *rights) active(grant waldurapi.Grant) (active, known bool) {
	if grant.Expires == "" {
		return true, true
	}
	end, err := time.Parse(time.RFC3339, grant.Expires)
	left := end.Sub(r.clock())
	return left > 0, err == nil && left.Abs() > endTolerance
}

// allows reports whether a role has the permission, and whether that is known. Releases differ in
// whether a role that is disabled still shows accounts.
func allows(roles []waldurapi.Role, grant waldurapi.Grant) (allows, known bool) {
	i := slices.IndexFunc(roles, func(role waldurapi.Role) bool { return sameUUID(role.UUID, grant.Role) })
	if i < 0 || roles[i].Permissions == nil {
		return false, false
	}
	if !slices.Contains(roles[i].Permissions, manageServiceAccounts) {
		return false, true
	}
	disabled := roles[i].Active != nil && !*roles[i].Active
	return !disabled, !disabled
}

// sameUUID compares UUIDs in any spelling, and other texts as they are.
func sameUUID(a, b string) bool {
	canonical := tfkit.CanonicalUUID(a)
	return a == b || canonical != "" && canonical == tfkit.CanonicalUUID(b)
}
