package waldursim

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// maxType is the width of the column of types.
const maxType = 5

// create checks the body and the uniqueness before the permission, and people last.
func (e *robotEndpoint) create(c *call) *simkit.Response {
	b, problem := e.read(c, RobotAccount{State: stateOK}, true, false)
	if problem != nil {
		return problem
	}
	a := &robotAccount{RobotAccount: b.next}
	if c.robotTaken(&a.RobotAccount) {
		return notUnique()
	}
	if !c.writesRobots(permissionCreateRobot, a.Resource) {
		return refuse(http.StatusForbidden, textForbidden)
	}
	if problem := b.checkPeople(RobotAccount{}); problem != nil {
		return problem
	}
	if c.options.LeaveRequested {
		a.State = "Requested"
	}
	c.storeRobotAccount(a)
	r := respond(http.StatusCreated, e.plain(c, a)).With("Location", c.link(e.path, a.UUID))
	return &r
}

func (e *robotEndpoint) put(c *call) *simkit.Response   { return e.update(c, true) }
func (e *robotEndpoint) patch(c *call) *simkit.Response { return e.update(c, false) }

// update moves the account if another resource is sent, and checks the permission on the old
// resource only, after the body. Servers of 2024 leave the uniqueness to the database.
func (e *robotEndpoint) update(c *call, whole bool) *simkit.Response {
	a, problem := e.find(c)
	if problem != nil {
		return problem
	}
	if a.BackendID != "" && c.writesRobots(permissionUpdateRobot, a.Resource) {
		return refuse(http.StatusForbidden, "Remote robot account is synchronized.")
	}
	b, problem := e.read(c, a.RobotAccount, whole, true)
	if problem != nil {
		return problem
	}
	taken := c.robotTaken(&b.next)
	if taken && !e.old {
		return notUnique()
	}
	if !c.writesRobots(permissionUpdateRobot, a.Resource) {
		return refuse(http.StatusForbidden, textForbidden)
	}
	if problem := b.checkPeople(a.RobotAccount); problem != nil {
		return problem
	}
	if taken {
		return serverFault()
	}
	b.keepHidden(a.RobotAccount)
	a.RobotAccount, a.modified = b.next, c.now()
	c.robotTypes[robotType{a.Resource, a.Type}] = a
	return respond(http.StatusOK, e.plain(c, a))
}

// robotTaken looks at accounts in every state, Deleted included. The last account that had a type on
// a resource may have another type or resource by now, or may be gone.
func (s *Sim) robotTaken(a *RobotAccount) bool {
	other := s.robotTypes[robotType{a.Resource, a.Type}]
	if other == nil || other.UUID == a.UUID || other.Resource != a.Resource || other.Type != a.Type {
		return false
	}
	_, exists := s.robotAccounts.find(other.UUID)
	return exists
}

func notUnique() *simkit.Response {
	return invalidOverall("The fields resource, type must make a unique set.")
}

// robotBody is a body while it is read. The fault of a field is a list of texts, or lists by the
// index of an item.
type robotBody struct {
	*call
	sent     map[string]any
	problems record
	crashed  bool         // a field holds what the server does not expect: a 500
	next     RobotAccount // the account with what was sent; the rest stays as it is, even in a PUT
}

// read reports all faulty fields together.
func (e *robotEndpoint) read(c *call, before RobotAccount, whole, update bool) (*robotBody, *simkit.Response) {
	sent, problem := c.fields()
	if problem != nil {
		return nil, problem
	}
	b := &robotBody{call: c, sent: sent, problems: record{}, next: before}
	texts := map[string]*string{
		"username": &b.next.Username, "description": &b.next.Description, "type": &b.next.Type,
	}
	if e.old {
		delete(sent, "description")
	}
	if update && c.options.FrozenResource {
		delete(sent, "resource")
	} else {
		b.readResource(whole)
	}
	if _, ok := sent["type"]; whole && !ok {
		b.fault("type", textRequired)
	}
	rules := []textField{
		{name: "username", max: maxUsername, blank: true},
		{name: "description", blank: true},
		{name: "type", max: maxType},
	}
	readTexts(sent, rules, texts, b.problems)
	b.readUsers()
	b.readKeys()
	b.readResponsible()
	switch {
	case b.crashed:
		return nil, serverFault()
	case len(b.problems) > 0:
		return nil, invalid(b.problems)
	}
	return b, nil
}

func (b *robotBody) fault(name, text string) { b.problems[name] = []string{text} }

func (b *robotBody) readResource(needed bool) {
	value, ok := b.sent["resource"]
	switch {
	case !ok && needed:
		b.fault("resource", textRequired)
	case !ok:
	case value == nil || value == "":
		b.fault("resource", textNull)
	default:
		b.next.Resource = follow(b, "resource", value, resourcesPath, b.resources.find)
	}
}

// readUsers reads a set, so repetitions do not matter. It stops at the first fault.
func (b *robotBody) readUsers() {
	list, ok := b.list("users")
	if !ok {
		return
	}
	var uuids []string
	for _, value := range list {
		if uuids = append(uuids, follow(b, "users", value, "users", b.users.find)); b.problems["users"] != nil {
			return
		}
	}
	b.next.Users = userSet(uuids)
}

func (b *robotBody) readResponsible() {
	value, ok := b.sent["responsible_user"]
	if !ok {
		return
	}
	b.next.ResponsibleUser = ""
	if value != nil && value != "" {
		b.next.ResponsibleUser = follow(b, "responsible_user", value, "users", b.users.find)
	}
}

// list returns a field that must be a list, and whether it was sent and is a list. An object passed
// for the list of its keys in 2024.
func (b *robotBody) list(name string) (list []any, ok bool) {
	value, sent := b.sent[name]
	list, ok = value.([]any)
	members, isObject := value.(map[string]any)
	switch {
	case ok || !sent:
	case value == nil:
		b.fault(name, textNull)
	case isObject && b.options.OldRobotAccounts && len(members) == 0:
		return nil, true
	default:
		b.fault(name, `Expected a list of items but got type "`+pythonType(value)+`".`)
	}
	return list, ok
}

// readKeys reports items that are no text by their index, and the first text that is no key for the
// whole list. Order and repetitions are kept.
func (b *robotBody) readKeys() {
	if b.options.UntrimmedKeys {
		b.readUntrimmedKeys()
		return
	}
	list, ok := b.list("keys")
	if !ok {
		return
	}
	keys, places := []string{}, record{}
	for i, value := range list {
		text, faults := (textField{}).check(value)
		if faults != nil {
			places[strconv.Itoa(i)] = faults
		}
		keys = append(keys, text)
	}
	if len(places) > 0 {
		b.problems["keys"] = places
		return
	}
	b.takeKeys(keys)
}

// readUntrimmedKeys does not expect an item that is no text.
func (b *robotBody) readUntrimmedKeys() {
	value, sent := b.sent["keys"]
	list, isList := value.([]any)
	switch {
	case !sent:
		return
	case value == nil:
		b.fault("keys", textNull)
		return
	case !isList:
		b.fault("keys", "JSON list of SSH public keys is expected.")
		return
	}
	keys := []string{}
	for _, item := range list {
		text, isText := item.(string)
		b.crashed = b.crashed || !isText
		keys = append(keys, text)
	}
	b.takeKeys(keys)
}

func (b *robotBody) takeKeys(keys []string) {
	for _, key := range keys {
		if _, _, ok := parseSSHKey(key); !ok {
			b.fault("keys", "Invalid SSH public key.")
			return
		}
	}
	b.next.Keys = keys
}

// follow resolves the address of an object.
func follow[T any](b *robotBody, field string, value any, kind string, find func(uuid string) (T, bool)) string {
	sent, isText := value.(string)
	path, parsed := pathOf(sent)
	text, isKind := strings.CutPrefix(path, "/api/"+kind+"/")
	uuid, _ := parseUUID(strings.TrimSuffix(text, "/"))
	_, found := find(uuid)
	switch {
	case !isText:
		b.fault(field, "Incorrect type. Expected URL string, received "+pythonType(value)+".")
	case !parsed:
		b.crashed = true
	case len(b.Methods(path)) == 0:
		b.fault(field, "Invalid hyperlink - No URL match.")
	case !isKind || text == "":
		b.fault(field, "Invalid hyperlink - Incorrect URL match.")
	case !found:
		b.fault(field, "Invalid hyperlink - Object does not exist.")
	}
	return uuid
}

// checkPeople checks all users of the account, also if the body has no users: if a user has left
// the project, every update fails until users are sent without that user. Only newly linked people
// need to have consented, also for staff.
func (b *robotBody) checkPeople(before RobotAccount) *simkit.Response {
	const outside = " should belong to the same project or organization as the resource."
	const unwilling = " not accepted the Terms of Service for this offering."
	place, responsible := b.place(b.next.Resource), ""
	if _, sent := b.sent["responsible_user"]; sent {
		responsible = b.next.ResponsibleUser
	}
	left := func(user string) bool { return !b.consumes(user, place) }
	refuses := func(user string) bool { return !b.consented(user, place) }
	if names := b.names(b.next.Users, left); names != "" {
		if b.options.OldRobotAccounts {
			return invalidOverall("User" + outside)
		}
		return invalidOverall("Users " + names + outside)
	}
	if names := b.names([]string{responsible}, left); names != "" {
		if b.options.OldRobotAccounts {
			return invalidOverall("User" + outside)
		}
		return invalidOverall("The responsible user " + names + outside)
	}
	linked := slices.DeleteFunc(slices.Clone(b.next.Users), func(user string) bool {
		return slices.Contains(before.Users, user)
	})
	if names := b.names(linked, refuses); names != "" {
		return invalidOverall("Users " + names + " have" + unwilling)
	}
	if names := b.names([]string{responsible}, refuses); names != "" && responsible != before.ResponsibleUser {
		return invalidOverall("The responsible user " + names + " has" + unwilling)
	}
	return nil
}

// names returns the names of some of the users.
func (b *robotBody) names(users []string, wanted func(user string) bool) string {
	var names []string
	for _, user := range users {
		if user != "" && wanted(user) {
			u := b.users.must(user)
			names = append(names, cmp.Or(u.FullName, u.Username))
		}
	}
	return strings.Join(names, ", ")
}

// keepHidden adds the people whom the caller does not see on the old resource, and so could not send.
func (b *robotBody) keepHidden(before RobotAccount) {
	hidden := b.hides(b.place(before.Resource))
	for _, user := range before.Users {
		if hidden(user) {
			b.next.Users = userSet(append(b.next.Users, user))
		}
	}
	if b.next.ResponsibleUser == "" && hidden(before.ResponsibleUser) {
		b.next.ResponsibleUser = before.ResponsibleUser
	}
}

// userSet sorts by UUID: the API promises no order, so the order that was sent is lost.
func userSet(users []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(users)))
}
