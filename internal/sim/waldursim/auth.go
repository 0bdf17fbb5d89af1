package waldursim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

type grant struct {
	user, scope string
	role        Role
	created     string
}

// credential is one token that signs a user in.
type credential struct {
	user     *User
	personal bool
	expired  bool
}

// AddPersonalAccessToken creates a token of a user, of the form w_<unix expiry>_<random>, for the
// key word Bearer. The token works until ExpireToken.
func (s *Sim) AddPersonalAccessToken(user string) string {
	s.Lock()
	defer s.Unlock()
	expiry := s.Now().Add(365 * 24 * time.Hour).Unix()
	token := "w_" + strconv.FormatInt(expiry, 10) + "_" + s.RandomHex(40)
	s.credentials[token] = &credential{user: s.users.must(user), personal: true}
	return token
}

// ExpireToken ends a token of either kind.
func (s *Sim) ExpireToken(token string) {
	s.Lock()
	defer s.Unlock()
	s.credentials[token].expired = true
}

// authenticate sets the caller. An expired and an unknown personal access token get the same
// response. A bearer token of another form belongs to a sign-in service; no such service is
// configured, so the token counts as no credentials.
func (c *call) authenticate() *simkit.Response {
	words := strings.Fields(c.request.Header.Get("Authorization"))
	scheme := ""
	if len(words) > 0 {
		scheme = strings.ToLower(words[0])
	}
	personal := scheme == "bearer" && !c.options.NoPersonalTokens
	switch {
	case scheme != "token" && !personal:
		return unauthorized("Authentication credentials were not provided.")
	case len(words) == 1:
		return unauthorized("Invalid token. No credentials provided.")
	case len(words) > 2:
		return unauthorized("Invalid token. Token string should not contain spaces.")
	case personal && !strings.HasPrefix(words[1], "w_"):
		return unauthorized("Authentication credentials were not provided.")
	}
	known, ok := c.credentials[words[1]]
	switch {
	case !ok || known.personal != personal || personal && known.expired:
		return unauthorized("Invalid token.")
	case known.user.Inactive:
		return unauthorized("User inactive or deleted.")
	case known.expired:
		return unauthorized("Token has expired.")
	}
	c.user, c.token = known.user, words[1]
	return nil
}

func unauthorized(detail string) *simkit.Response {
	r := refuse(http.StatusUnauthorized, detail).With("WWW-Authenticate", "Token")
	return &r
}

// hasRole reports whether a user has a role on a scope, whatever its permissions.
func (s *Sim) hasRole(user, scope string) bool {
	return slices.ContainsFunc(s.grants, func(g grant) bool { return g.user == user && g.scope == scope })
}

// belongsTo reports whether a user has a role on a customer or on one of its projects.
func (s *Sim) belongsTo(user, customer string) bool {
	return s.hasRole(user, customer) || slices.ContainsFunc(s.projects.rows, func(p *Project) bool {
		return p.Customer == customer && s.hasRole(user, p.UUID)
	})
}

func (c *call) seesAll() bool { return c.user.Staff || c.user.Support }

// seesCustomer includes customers of projects on which the caller has a role.
func (c *call) seesCustomer(customer *Customer) bool {
	return c.seesAll() || c.belongsTo(c.user.UUID, customer.UUID)
}

func (c *call) seesProject(p *Project) bool {
	return c.seesAll() || c.hasRole(c.user.UUID, p.UUID) || c.hasRole(c.user.UUID, p.Customer)
}

// seesUser reports whether the caller sees a user: the people of the projects that the caller sees
// or whose resources the caller provides, and those with a role on a customer to which the caller
// belongs. Only staff and support see staff.
func (c *call) seesUser(u *User) bool {
	if c.seesAll() || u.UUID == c.user.UUID {
		return true
	}
	return !u.Staff && slices.ContainsFunc(c.grants, func(g grant) bool {
		if g.user != u.UUID {
			return false
		}
		if p, ok := c.projects.find(g.scope); ok {
			return c.seesProject(p) || c.provides(p)
		}
		return c.belongsTo(c.user.UUID, g.scope)
	})
}

// provides reports whether the project uses a resource of a provider on which the caller has a role.
func (c *call) provides(p *Project) bool {
	return slices.ContainsFunc(c.resources.rows, func(r *Resource) bool {
		return r.Project == p.UUID && c.hasRole(c.user.UUID, r.Provider)
	})
}
