package waldursim

import (
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Role is what a user may be granted on a customer or on a project, by its name in the API.
type Role string

const (
	// CustomerOwner sees a customer with its projects and holds SERVICE_ACCOUNT.MANAGE on it, which
	// allows to create accounts of the projects too, but not to see these.
	CustomerOwner Role = "CUSTOMER.OWNER"
	// CustomerReader sees a customer with its projects and manages nothing.
	CustomerReader Role = "CUSTOMER.READER"
	// ProjectManager sees a project and its customer and holds SERVICE_ACCOUNT.MANAGE on the project.
	ProjectManager Role = "PROJECT.MANAGER"
	// ProjectMember sees a project and its customer and manages nothing.
	ProjectMember Role = "PROJECT.MEMBER"
	// ProviderOwner sees a customer with its projects and writes the robot accounts on the
	// offerings of that customer: it has RESOURCE.CREATE_ROBOT_ACCOUNT and the permissions to
	// update and delete. It manages no service accounts.
	ProviderOwner Role = "CUSTOMER.PROVIDER"
)

const (
	permissionManage      = "SERVICE_ACCOUNT.MANAGE"
	permissionCreateRobot = "RESOURCE.CREATE_ROBOT_ACCOUNT"
	permissionUpdateRobot = "RESOURCE.UPDATE_ROBOT_ACCOUNT"
	permissionDeleteRobot = "RESOURCE.DELETE_ROBOT_ACCOUNT"
)

// role is one row of the list of roles.
type role struct {
	uuid        string
	name        Role
	scope       string // kind of scope: customer or project
	permissions []string
	disabled    bool
}

func (r *role) id() string { return r.uuid }

// newRoles returns the roles with the same UUIDs for each server. A recorded server lists, before
// the role CUSTOMER.OWNER that users have, a row that the filter by its name finds too and that has
// no permissions: only the UUID of a role says which role a user has.
func newRoles() []*role {
	roles := []*role{
		{name: CustomerOwner, scope: "offering"},
		{name: CustomerOwner, scope: "customer", permissions: []string{permissionManage}},
		{name: CustomerReader, scope: "customer"},
		{name: ProviderOwner, scope: "customer", permissions: []string{
			permissionCreateRobot, permissionUpdateRobot, permissionDeleteRobot,
		}},
		{name: ProjectManager, scope: "project", permissions: []string{permissionManage}},
		{name: ProjectMember, scope: "project"},
	}
	for _, r := range roles {
		sum := md5.Sum([]byte(string(r.name) + " on " + r.scope))
		r.uuid = hex.EncodeToString(sum[:])
	}
	return roles
}

// role returns a role of customers or projects. An unknown name panics.
func (s *Sim) role(name Role) *role {
	i := slices.IndexFunc(s.roles, func(r *role) bool { return r.name == name && r.scope != "offering" })
	if i < 0 {
		panic("waldursim: no role " + string(name))
	}
	return s.roles[i]
}

// SetPermissions replaces the permissions of a role, as an operator can.
func (s *Sim) SetPermissions(name Role, permissions ...string) {
	s.Lock()
	defer s.Unlock()
	s.role(name).permissions = permissions
}

// DisableRole disables a role, as an operator can. Users keep it: they still may create with it, and
// no longer see service accounts.
func (s *Sim) DisableRole(name Role) {
	s.Lock()
	defer s.Unlock()
	s.role(name).disabled = true
}

// may reports whether a role of the caller on a scope has a permission.
func (c *call) may(permission, scope string) bool {
	return slices.ContainsFunc(c.grants, func(g grant) bool {
		return g.user == c.user.UUID && g.scope == scope && slices.Contains(c.role(g.role).permissions, permission)
	})
}

// shows reports whether a role of the caller on a scope shows the service accounts of the scope.
func (c *call) shows(scope string) bool {
	return slices.ContainsFunc(c.grants, func(g grant) bool {
		if g.user != c.user.UUID || g.scope != scope {
			return false
		}
		r := c.role(g.role)
		return !r.disabled && slices.Contains(r.permissions, permissionManage)
	})
}

// roleList is open to every user.
var roleList = listing{
	path: "roles", model: "Role", whole: true,
	source: &view[*role]{
		objects: func(s *Sim) []*role { return s.roles },
		find: func(s *Sim, uuid string) (*role, bool) {
			i := slices.IndexFunc(s.roles, func(r *role) bool { return r.uuid == uuid })
			if i < 0 {
				return nil, false
			}
			return s.roles[i], true
		},
		sees: func(*call, *role) bool { return true }, render: roleRow,
	},
	filters: map[string]filter{"name": equals("name")},
}

func roleRow(_ *call, r *role) record {
	row := record{
		"uuid": r.uuid, "name": string(r.name), "description": "", "content_type": r.scope,
		"permissions": append([]string{}, r.permissions...), "is_active": !r.disabled, "is_system_role": true,
	}
	for _, language := range []string{
		"ar", "cs", "da", "de", "en", "es", "et", "fr", "it", "lt", "lv", "nb", "ru", "sv",
	} {
		row["description_"+language] = nil
	}
	return row
}

// me returns the caller. Without a projection the row has the token.
func me(c *call) *simkit.Response {
	row := c.userRow(c.user)
	row["token"], row["token_lifetime"], row["permissions"] = c.token, nil, c.permissions()
	return respond(http.StatusOK, users.project(c, row))
}

// permissions has one row for each role of the caller.
func (c *call) permissions() []record {
	rows := []record{}
	for _, g := range c.grants {
		if g.user != c.user.UUID {
			continue
		}
		r := c.role(g.role)
		row := record{
			"created": g.created, "expiration_time": nil, "role_name": string(r.name), "role_description": "",
			"role_uuid": r.uuid, "scope_type": r.scope, "scope_uuid": g.scope,
			"user_uuid": c.user.UUID, "user_name": c.user.FullName, "user_slug": slugOr("", c.user.Username),
		}
		if p, ok := c.projects.find(g.scope); ok {
			owner := c.customers.must(p.Customer)
			row["scope_name"], row["customer_uuid"], row["customer_name"] = p.Name, owner.UUID, owner.Name
		} else {
			row["scope_name"] = c.customers.must(g.scope).Name
		}
		rows = append(rows, row)
	}
	return rows
}
