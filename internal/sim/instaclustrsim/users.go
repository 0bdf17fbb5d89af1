package instaclustrsim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// view is one of the ways in which answers show a service user.
type view struct {
	clear bool
	// field names the type of a key, for the first and for the others.
	first, others string
}

var (
	createView = view{clear: true, first: "apiKeyType", others: "apiKeyType"}
	listView   = view{first: "keyType", others: "keyType"}
	singleView = view{first: "apiKeyType", others: "keyType"}
)

func (c *call) show(u *user, v view) record {
	if field := string(c.sim.options.TypeField); field != "" {
		v.first, v.others = field, field
	}
	keys, allowed := []record{}, []record{}
	for i, kind := range u.keyTypes() {
		field, secret := v.others, mask(u.keys[kind].secret)
		if i == 0 {
			field = v.first
		}
		if v.clear {
			secret = u.keys[kind].secret
		}
		keys = append(keys, record{"account": u.account, "key": secret, field: kind, "username": u.username})
	}
	for _, kind := range allowedTypes(u.role) {
		allowed = append(allowed, record{"displayName": typeDisplayNames[kind], "name": kind})
	}
	return record{
		"administrators": u.administrators,
		"apiKeys":        record{"allowedApiKeyTypes": allowed, "apiKeys": keys},
		"displayName":    u.displayName,
		"email":          u.email,
		"role":           u.role,
		"username":       u.username,
	}
}

// mask keeps the length in characters, not in bytes.
func mask(secret string) string { return strings.Repeat("\u2022", 27) + secret[len(secret)-5:] }

func (c *call) list() simkit.Answer {
	shown := []record{}
	for _, u := range c.sim.state.serviceUsers(c.caller.account) {
		if c.sim.options.ListScope == ListAccount || c.administers(u) {
			shown = append(shown, c.show(u, listView))
		}
	}
	if len(shown) == 0 && c.sim.options.ListWhenNone == ListNoneNotFound {
		return notFound()
	}
	return jsonAnswer(http.StatusOK, shown)
}

func (c *call) get() simkit.Answer { return jsonAnswer(http.StatusOK, c.show(c.target, singleView)) }

func (c *call) create() simkit.Answer {
	in, s := &c.input, c.sim
	if s.state.find(*in.username) != nil {
		in.problem("username", "must be unique.")
	}
	if s.state.emailTaken(*in.email) {
		in.problem("email", "must be unique.")
	}
	if refusal := c.roleAbove(*in.profile); refusal != nil {
		return *refusal
	}
	if len(in.problems) > 0 {
		return jsonAnswer(http.StatusBadRequest, in.problems)
	}
	u := &user{
		service: true, account: c.caller.account, username: *in.username, email: *in.email, role: *in.profile,
		displayName: in.displayName, administrators: []string{c.caller.username}, keys: map[string]*apiKey{},
	}
	if u.displayName == nil {
		u.displayName = s.defaultDisplayName(u.username)
	}
	for _, kind := range s.initialTypes(u.role) {
		s.state.mint(u, kind, openToAll)
	}
	s.state.users = append(s.state.users, u)
	return jsonAnswer(http.StatusCreated, c.show(u, createView))
}

func (s *Sim) initialTypes(role string) []string {
	switch s.options.InitialKeys {
	case InitialNone:
		return nil
	case InitialAll:
		return allowedTypes(role)
	default:
		return slices.DeleteFunc(slices.Clone(allowedTypes(role)), func(kind string) bool { return kind == UserManagement })
	}
}

func (s *Sim) defaultDisplayName(username string) *string {
	if s.options.DisplayNameDefault == DisplayNameNull {
		return nil
	}
	return &username
}

// roleAbove answers at once under roleAbove=403, and else notes a problem.
func (c *call) roleAbove(role string) *simkit.Answer {
	if rank(role) <= rank(c.caller.role) {
		return nil
	}
	if c.sim.options.RoleAbove == RoleAboveForbidden {
		return refuse(forbidden("You cannot give a role above your own."))
	}
	c.input.problem("profile", "must not be above the role of the caller.")
	return nil
}

// update changes nothing unless it changes all.
func (c *call) update() simkit.Answer {
	in, next := &c.input, *c.target
	c.replaceOmitted()
	if in.displayName != nil || c.sim.options.UpdateOmitted == OmittedClears {
		next.displayName = in.displayName
	}
	if in.administrators != nil {
		next.administrators = c.checkAdministrators(in.administrators)
	}
	if in.profile != nil && *in.profile != next.role {
		if refusal := c.roleAbove(*in.profile); refusal != nil {
			return *refusal
		}
		next.role = *in.profile
		if c.sim.options.OnDowngrade == DowngradeRefused && len(next.forbiddenTypes(next.role)) > 0 {
			in.problem("profile", "does not allow all API keys that exist.")
		}
	}
	if len(in.problems) > 0 {
		return jsonAnswer(http.StatusBadRequest, in.problems)
	}
	role := next.role
	next.role = c.target.role
	*c.target = next
	c.sim.changeRole(c.target, role)
	return jsonAnswer(http.StatusOK, c.show(c.target, singleView))
}

// replaceOmitted has omitted fields say what they mean under updateOmitted=clear.
func (c *call) replaceOmitted() {
	if c.sim.options.UpdateOmitted != OmittedClears {
		return
	}
	if c.input.displayName == nil {
		c.input.displayName = c.sim.defaultDisplayName(c.target.username)
	}
	if c.input.administrators == nil {
		c.input.administrators = []string{c.caller.username}
	}
}

// checkAdministrators gives the set to store. Only people of the account who may manage service users can administer
// one: the guide has Cluster Admins invited, and the creator may be an Owner.
func (c *call) checkAdministrators(names []string) []string {
	s := c.sim
	if len(names) == 0 {
		switch s.options.EmptyAdministrators {
		case EmptyAdministratorsRefused:
			c.input.problem("administrators", "cannot be empty.")
		case EmptyAdministratorsIgnored:
			return c.target.administrators
		}
		return names
	}
	set := []string{}
	for _, name := range names {
		if slices.ContainsFunc(set, func(other string) bool { return s.state.same(name, other) }) {
			continue
		}
		set = append(set, name)
		u := s.state.find(name)
		fit := u != nil && !u.service && u.account == c.target.account && rank(u.role) >= rank(ClusterAdmin)
		if !fit && s.options.UnknownAdministrators == UnknownAdministratorsRefused {
			c.input.problem("administrators", "must be Owners or Cluster Admins of the account.")
		}
	}
	return set
}

// changeRole ends the keys that the new role forbids, unless they are kept.
func (s *Sim) changeRole(u *user, role string) {
	if role != u.role && s.options.OnDowngrade == DowngradeRevokes {
		for _, kind := range u.forbiddenTypes(role) {
			delete(u.keys, kind)
		}
	}
	u.role = role
}
