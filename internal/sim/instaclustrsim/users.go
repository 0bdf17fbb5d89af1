package instaclustrsim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// view is one of the ways in which responses show a service user.
type view struct {
	clear bool
	// first and others are the names of the type of a key, for the first key and for the others.
	first, others string
}

var (
	createView = view{clear: true, first: "apiKeyType", others: "apiKeyType"}
	listView   = view{first: "keyType", others: "keyType"}
	singleView = view{first: "apiKeyType", others: "keyType"}
)

func (c *call) show(u *user, v view) record {
	if name := c.options.TypeField; name != "" {
		v.first, v.others = name, name
	}
	keys := []record{}
	for i, kind := range u.keyTypes() {
		name, secret := v.others, mask(u.keys[kind].secret)
		if i == 0 {
			name = v.first
		}
		if v.clear {
			secret = u.keys[kind].secret
		}
		keys = append(keys, record{"account": u.account, "key": secret, name: kind, "username": u.username})
	}
	allowed := views(allowedTypes(u.role), func(kind string) record {
		return record{"displayName": typeDisplayNames[kind], "name": kind}
	})
	return record{
		"administrators": u.administrators,
		"apiKeys":        record{"allowedApiKeyTypes": allowed, "apiKeys": keys},
		"displayName":    u.displayName,
		"email":          u.email,
		"role":           u.role,
		"username":       u.username,
	}
}

func views[T, V any](all []T, view func(T) V) []V {
	out := make([]V, 0, len(all))
	for _, one := range all {
		out = append(out, view(one))
	}
	return out
}

// mask keeps the length in characters, not in bytes.
func mask(secret string) string { return strings.Repeat("\u2022", 27) + secret[len(secret)-5:] }

func (c *call) list() simkit.Response {
	users := slices.DeleteFunc(c.state.serviceUsers(c.caller.account), func(u *user) bool {
		return c.options.ListScope == "administered" && !c.administers(u)
	})
	if len(users) == 0 && c.options.ListWhenNone == "404" {
		return *notFound()
	}
	return simkit.JSON(http.StatusOK, views(users, func(u *user) record { return c.show(u, listView) }))
}

func (c *call) get() simkit.Response { return simkit.JSON(http.StatusOK, c.show(c.target, singleView)) }

func (c *call) create() simkit.Response {
	in := &c.input
	if c.state.find(*in.username) != nil {
		in.problem("username", "must be unique.")
	}
	if c.state.emailTaken(*in.email) {
		in.problem("email", "must be unique.")
	}
	if refusal := c.roleAbove(*in.profile); refusal != nil {
		return *refusal
	}
	if refusal := in.refusal(); refusal != nil {
		return *refusal
	}
	u := &user{
		service: true, account: c.caller.account, username: *in.username, email: *in.email, role: *in.profile,
		displayName: in.displayName, administrators: []string{c.caller.username}, keys: map[string]*apiKey{},
	}
	if u.displayName == nil {
		u.displayName = c.defaultDisplayName(u.username)
	}
	for _, kind := range allowedTypes(u.role) {
		if c.options.InitialKeys == "all" || c.options.InitialKeys == "" && kind != UserManagement {
			c.state.issue(u, kind, "", openToAll)
		}
	}
	c.state.add(u)
	return simkit.JSON(http.StatusCreated, c.show(u, createView))
}

func (s *Sim) defaultDisplayName(username string) *string {
	if s.options.DisplayNameDefault == "null" {
		return nil
	}
	return &username
}

// roleAbove refuses at once under RoleAbove=403, and else notes a problem.
func (c *call) roleAbove(role string) *simkit.Response {
	if rank(role) <= rank(c.caller.role) {
		return nil
	}
	if c.options.RoleAbove == "403" {
		return forbidden("You cannot give a role above your own.")
	}
	c.input.problem("profile", "must not be above the role of the caller.")
	return nil
}

// update changes nothing if it is refused.
func (c *call) update() simkit.Response {
	in, next := &c.input, *c.target
	if c.options.UpdateOmitted == "clear" {
		c.clearOmitted()
		next.displayName = in.displayName
	}
	if in.displayName != nil {
		next.displayName = in.displayName
	}
	if in.administrators != nil {
		next.administrators = c.checkAdministrators(in.administrators)
	}
	role := next.role
	if in.profile != nil && *in.profile != role {
		role = *in.profile
		if refusal := c.roleAbove(role); refusal != nil {
			return *refusal
		}
		if c.options.OnDowngrade == "refuse" && len(next.forbiddenTypes(role)) > 0 {
			in.problem("profile", "does not allow all API keys that exist.")
		}
	}
	if refusal := in.refusal(); refusal != nil {
		return *refusal
	}
	*c.target = next
	if role != next.role && c.options.OnDowngrade == "" {
		for _, kind := range next.forbiddenTypes(role) {
			delete(next.keys, kind)
		}
	}
	c.target.role = role
	return simkit.JSON(http.StatusOK, c.show(c.target, singleView))
}

// clearOmitted gives omitted fields the value that a create without them gives.
func (c *call) clearOmitted() {
	if c.input.displayName == nil {
		c.input.displayName = c.defaultDisplayName(c.target.username)
	}
	if c.input.administrators == nil {
		c.input.administrators = []string{c.caller.username}
	}
}

// checkAdministrators returns the set to store. Only users of the account who may manage service
// users can administer a service user: the guide has Cluster Admins invited, and the creator may be
// an Owner.
func (c *call) checkAdministrators(names []string) []string {
	if len(names) == 0 {
		switch c.options.EmptyAdministrators {
		case "":
			c.input.problem("administrators", "cannot be empty.")
		case "ignore":
			return c.target.administrators
		}
		return names
	}
	set := []string{}
	for _, name := range names {
		if slices.ContainsFunc(set, func(other string) bool { return c.state.same(name, other) }) {
			continue
		}
		set = append(set, name)
		u := c.state.find(name)
		fit := u != nil && !u.service && u.account == c.target.account && rank(u.role) >= rank(ClusterAdmin)
		if !fit && c.options.UnknownAdministrators == "" {
			c.input.problem("administrators", "must be Owners or Cluster Admins of the account.")
		}
	}
	return set
}
