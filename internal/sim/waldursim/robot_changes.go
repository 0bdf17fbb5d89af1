package waldursim

import (
	"net/http"
	"slices"
	"strings"
)

// create checks the body and the uniqueness before the permission, and people
// last.
func (e *robotEndpoint) create(c *call) answer {
	w, problem := e.read(c, true, false)
	if problem != nil {
		return *problem
	}
	a := &robotAccount{state: stateOK, keys: []string{}, users: []string{}}
	w.apply(a)
	if c.sim.robotTaken(a) {
		return *notUnique()
	}
	if !c.writesRobots(c.sim.placeOf(a)) {
		return refuse(http.StatusForbidden, textForbidden)
	}
	if problem := c.checkPeople(&robotAccount{}, a, w); problem != nil {
		return *problem
	}
	c.setPeople(a, w)
	if c.sim.options.LeaveRequested {
		a.state = stateRequested
	}
	c.sim.storeRobot(a)
	return jsonAnswer(http.StatusCreated, e.plain(c, a)).with("Location", c.link(e.path, a.uuid))
}

func (s *Sim) storeRobot(a *robotAccount) {
	a.uuid, a.created = newUUID(), s.stamp()
	a.modified = a.created
	s.store.robots.add(a.uuid, a)
}

func (e *robotEndpoint) put(c *call) answer   { return e.update(c, true) }
func (e *robotEndpoint) patch(c *call) answer { return e.update(c, false) }

// update moves the account when another resource is sent, and asks for the
// permission on the old one only.
func (e *robotEndpoint) update(c *call, whole bool) answer {
	a, problem := e.writable(c)
	if problem != nil {
		return *problem
	}
	if a.backendID != "" {
		return refuse(http.StatusForbidden, "Remote robot account is synchronized.")
	}
	w, problem := e.read(c, whole, true)
	if problem != nil {
		return *problem
	}
	next := *a
	w.apply(&next)
	if c.sim.robotTaken(&next) {
		return *notUnique()
	}
	if problem := c.checkPeople(a, &next, w); problem != nil {
		return *problem
	}
	// What is hidden from the caller is judged by the old resource, the one whose
	// account the caller has read.
	w = c.keepHidden(a, w)
	c.setPeople(&next, w)
	next.modified = c.sim.stamp()
	*a = next
	return jsonAnswer(http.StatusOK, e.plain(c, a))
}

// robotTaken looks at accounts in every state, Deleted included.
func (s *Sim) robotTaken(a *robotAccount) bool {
	return slices.ContainsFunc(s.store.robots.all(), func(other *robotAccount) bool {
		return other.uuid != a.uuid && other.resource == a.resource && other.kind == a.kind
	})
}

func notUnique() *answer { return overall("The fields resource, type must make a unique set.") }

func overall(text string) *answer {
	return badRequest(record{"non_field_errors": []string{text}})
}

// checkPeople checks the users who are on the account already if none are sent:
// when one of them has left, every update fails until users are sent without that
// person. Consent is asked of those only who are newly linked, whoever links them.
func (c *call) checkPeople(before, after *robotAccount, w robotWriting) *answer {
	const outside = " should belong to the same project or organization as the resource."
	const unwilling = " not accepted the Terms of Service for this offering."
	place := c.sim.placeOf(after)
	sent, responsible := before.users, ""
	if w.users != nil {
		sent = *w.users
	}
	if w.responsible != nil {
		responsible = *w.responsible
	}
	names := c.namesOf(sent, func(user string) bool { return !c.sim.consumes(user, place) })
	if len(names) > 0 {
		return overall("Users " + strings.Join(names, ", ") + outside)
	}
	if responsible != "" && !c.sim.consumes(responsible, place) {
		return overall("The responsible user " + c.fullName(responsible) + outside)
	}
	names = c.namesOf(sent, func(user string) bool {
		return !slices.Contains(before.users, user) && !c.sim.consents(user, place)
	})
	if len(names) > 0 {
		return overall("Users " + strings.Join(names, ", ") + " have" + unwilling)
	}
	if responsible != "" && responsible != before.responsible && !c.sim.consents(responsible, place) {
		return overall("The responsible user " + c.fullName(responsible) + " has" + unwilling)
	}
	return nil
}

func (c *call) fullName(user string) string { return c.sim.store.users.get(user).FullName }

// namesOf gives full names, which may be empty.
func (c *call) namesOf(users []string, wanted func(string) bool) []string {
	var names []string
	for _, user := range users {
		if wanted(user) {
			names = append(names, c.fullName(user))
		}
	}
	return names
}

// keepHidden adds those whom the caller could not have sent, for not seeing them.
func (c *call) keepHidden(a *robotAccount, w robotWriting) robotWriting {
	hidden := c.hides(c.sim.placeOf(a))
	if w.users != nil {
		all := slices.Clone(*w.users)
		for _, user := range a.users {
			if hidden(user) {
				all = append(all, user)
			}
		}
		w.users = &all
	}
	if w.responsible != nil && *w.responsible == "" && hidden(a.responsible) {
		w.responsible = nil
	}
	return w
}

func (c *call) setPeople(a *robotAccount, w robotWriting) {
	if w.users != nil {
		a.users = userSet(*w.users)
	}
	if w.responsible != nil {
		a.responsible = *w.responsible
	}
}

// userSet sorts by UUID, so that nobody can count on the order that was sent.
func userSet(users []string) []string {
	set := append([]string{}, users...)
	slices.Sort(set)
	return slices.Compact(set)
}
