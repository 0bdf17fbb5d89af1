package instaclustr

import (
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// plannedRoles holds the roles that the plans of service users give to them, by user name. The plan
// of a key reads it: a key type that the new role does not allow is refused at plan, although the
// server still has the old role. Terraform plans a key after the user that it refers to. The map
// lives as long as one configuration of the provider.
type plannedRoles struct{ byUsername sync.Map }

// add stores the role of a planned user.
func (p *plannedRoles) add(username, role types.String) {
	if !username.IsUnknown() {
		p.byUsername.Store(username.ValueString(), role)
	}
}

// of returns the planned role of a user, which may be unknown, and whether the user has been
// planned in this run.
func (p *plannedRoles) of(username string) (role types.String, planned bool) {
	found, ok := p.byUsername.Load(username)
	role, _ = found.(types.String)
	return role, ok
}
