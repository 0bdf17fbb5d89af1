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

// rightsAge is how long the rights of the token are taken as they were read: many accounts that return
// 404 in one run cost one reading.
const rightsAge = 10 * time.Second

// rights answers what the user of the token may see, which a 404 of Waldur does not say.
type rights struct {
	users waldurapi.Users
	clock tfkit.Clock

	mu     sync.Mutex
	readAt time.Time
	caller *waldurapi.Caller
	roles  []waldurapi.Role // nil: not needed yet
}

// seesServiceAccounts reports whether the token sees the service accounts of a customer or project; of
// all of them, if the UUID is "". It returns an error if the server does not say it.
func (r *rights) seesServiceAccounts(ctx context.Context, scope, uuid string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.clock(); r.caller == nil || now.Sub(r.readAt) > rightsAge {
		r.caller, r.roles = nil, nil
		caller, err := r.users.Caller(ctx)
		if err != nil {
			return false, err
		}
		r.caller, r.readAt = caller, now
	}
	if r.caller.Staff || r.caller.Support {
		return true, nil
	}
	if uuid == "" {
		return false, nil
	}
	var on []waldurapi.Grant
	for _, grant := range r.caller.Grants {
		if grant.Scope == scope && tfkit.CanonicalUUID(grant.UUID) == uuid && !r.expired(grant) {
			on = append(on, grant)
		}
	}
	if len(on) == 0 {
		return false, nil
	}
	if r.roles == nil {
		roles, err := r.users.Roles(ctx)
		if err != nil {
			return false, err
		}
		r.roles = roles
	}
	return r.allow(on)
}

// allow reports whether one of the grants has the permission.
func (r *rights) allow(grants []waldurapi.Grant) (bool, error) {
	unknown := false
	for _, grant := range grants {
		i := slices.IndexFunc(r.roles, func(role waldurapi.Role) bool { return role.UUID == grant.Role })
		switch {
		case i < 0 || r.roles[i].Permissions == nil:
			unknown = true
		case slices.Contains(r.roles[i].Permissions, manageServiceAccounts):
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
