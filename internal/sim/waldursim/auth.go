package waldursim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Role is what a user may be granted on a customer or on a project.
type Role string

const (
	// CustomerOwner sees a customer with its projects and holds
	// SERVICE_ACCOUNT.MANAGE on it, which covers its projects.
	CustomerOwner Role = "customer owner"
	// CustomerReader sees a customer with its projects and manages nothing.
	CustomerReader Role = "customer reader"
	// ProjectManager sees a project and its customer and holds
	// SERVICE_ACCOUNT.MANAGE on the project.
	ProjectManager Role = "project manager"
	// ProjectMember sees a project and its customer and manages nothing.
	ProjectMember Role = "project member"
	// ProviderOwner sees a customer with its projects and writes the robot
	// accounts on the offerings of that customer. It manages no service accounts.
	ProviderOwner Role = "provider owner"
)

func (r Role) ofProject() bool { return r == ProjectManager || r == ProjectMember }
func (r Role) manages() bool   { return r == CustomerOwner || r == ProjectManager }

// writesRobots tells whether the role has RESOURCE.CREATE_ROBOT_ACCOUNT and the
// two permissions like it, for update and delete.
func (r Role) writesRobots() bool { return r == ProviderOwner }

type grant struct {
	user, scope string
	role        Role
}

// credential is one key that signs a user in.
type credential struct {
	user     string
	personal bool
	expired  bool
}

// authenticate sets the caller. A personal access token that has expired or was
// never known gets the same answer; a bearer token of another form belongs to a
// sign-in service, none of which is configured, so it counts as no credentials.
func (c *call) authenticate() *answer {
	words := strings.Fields(c.request.Header.Get("Authorization"))
	if len(words) == 0 {
		return unauthorized("Authentication credentials were not provided.")
	}
	personal := strings.EqualFold(words[0], "bearer")
	if !personal && !strings.EqualFold(words[0], "token") {
		return unauthorized("Authentication credentials were not provided.")
	}
	switch {
	case len(words) == 1:
		return unauthorized("Invalid token header. No credentials provided.")
	case len(words) > 2:
		return unauthorized("Invalid token header. Token string should not contain spaces.")
	case personal && !strings.HasPrefix(words[1], "w_"):
		return unauthorized("Authentication credentials were not provided.")
	}
	return c.signIn(words[1], personal)
}

func (c *call) signIn(token string, personal bool) *answer {
	known, ok := c.sim.store.credentials[token]
	if !ok || known.personal != personal {
		return unauthorized("Invalid token.")
	}
	if personal && (known.expired || c.sim.outOfDate(token)) {
		return unauthorized("Invalid token.")
	}
	user := c.sim.store.users.get(known.user)
	if user.Inactive {
		return unauthorized("User inactive or deleted.")
	}
	if known.expired {
		return unauthorized("Token has expired.")
	}
	c.user = user
	return nil
}

// outOfDate reads the end of a personal access token from the token itself:
// w_<unix expiry>_<random>.
func (s *Sim) outOfDate(token string) bool {
	seconds, err := strconv.ParseInt(strings.Split(token, "_")[1], 10, 64)
	return err != nil || s.options.Now().Unix() >= seconds
}

func unauthorized(detail string) *answer {
	a := refuse(http.StatusUnauthorized, detail).with("WWW-Authenticate", "Token")
	return &a
}

func (s *Sim) hasRole(user, scope string) bool {
	return slices.ContainsFunc(s.store.grants, func(g grant) bool {
		return g.user == user && g.scope == scope
	})
}

func (s *Sim) managesScope(user, scope string) bool {
	return slices.ContainsFunc(s.store.grants, func(g grant) bool {
		return g.user == user && g.scope == scope && g.role.manages()
	})
}

func (c *call) seesAll() bool { return c.user.Staff || c.user.Support }

// seesCustomer includes customers of projects on which the caller has a role.
func (c *call) seesCustomer(uuid string) bool {
	if c.seesAll() || c.sim.hasRole(c.user.uuid, uuid) {
		return true
	}
	for _, p := range c.sim.store.projects.all() {
		if p.Customer == uuid && c.sim.hasRole(c.user.uuid, p.uuid) {
			return true
		}
	}
	return false
}

func (c *call) seesProject(p *projectRow) bool {
	return c.seesAll() || c.sim.hasRole(c.user.uuid, p.uuid) || c.sim.hasRole(c.user.uuid, p.Customer)
}

// seesUser lets people see those they share a customer or project with, and
// hides staff from everyone who is neither staff nor support.
func (c *call) seesUser(u *userRow) bool {
	if c.seesAll() || u.uuid == c.user.uuid {
		return true
	}
	if u.Staff {
		return false
	}
	return slices.ContainsFunc(c.sim.store.grants, func(g grant) bool {
		if g.user != u.uuid {
			return false
		}
		if p := c.sim.store.projects.get(g.scope); p != nil {
			return c.seesProject(p)
		}
		return c.sim.hasRole(c.user.uuid, g.scope)
	})
}
