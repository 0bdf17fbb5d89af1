package wavefrontsim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// authorize refuses callers without a working token (rows 1 and 3) and callers without
// user_management in their united permissions (row 2). It moves lastUsed (row 28), of the latter
// too.
func (c *call) authorize() *simkit.Response {
	caller, t := c.store.owner(credential(c.request.Header))
	if caller == nil || caller.Inactive {
		return refuse(http.StatusUnauthorized, "Unauthorized")
	}
	if !c.options.NeverLastUsed {
		t.LastUsed = c.Now()
		caller.LastUsed = t.LastUsed
	}
	if slices.Contains(c.store.unitedPermissions(caller), permissionAccounts) {
		return nil
	}
	status := http.StatusForbidden
	if c.options.UnauthorizedWithoutRight {
		status = http.StatusUnauthorized
	}
	return refuse(status, "Permission %s is required", permissionAccounts)
}

// credential prefers the bearer form, which the clients in use send, to the header that the vendor
// declares.
func credential(h http.Header) string {
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return h.Get("X-AUTH-TOKEN")
}
