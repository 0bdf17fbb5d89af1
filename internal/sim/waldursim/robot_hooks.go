package waldursim

import (
	"fmt"
	"reflect"
	"slices"
	"unicode/utf8"
)

// RobotAccount is a robot account that was made outside Terraform. Resource, Users
// and ResponsibleUser are UUIDs; users need not belong to the resource. State is a
// label, empty is OK. An account with a BackendID is a copy from another Waldur.
type RobotAccount struct {
	Resource, Type, Username, Description string
	Users                                 []string
	ResponsibleUser                       string
	Keys                                  []string
	State                                 string
	ErrorMessage, BackendID               string
}

// AddRobotAccount makes a robot account and returns its UUID. Keys are stored as
// they are. A resource and type that another account has, an unknown state or user
// and a key that is none panic.
func (s *Sim) AddRobotAccount(seed RobotAccount) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seed.State == "" {
		seed.State = stateOK
	}
	a := &robotAccount{
		resource: seed.Resource, kind: seed.Type, username: seed.Username, description: seed.Description,
		users: seed.Users, responsible: seed.ResponsibleUser, keys: append([]string{}, seed.Keys...),
		state: seed.State, errorMessage: seed.ErrorMessage, backendID: seed.BackendID,
	}
	s.settle(a)
	s.storeRobot(a)
	return a.uuid
}

// AddSSHKey stores a public key with a user and returns the key's UUID. What is no
// key panics.
func (s *Sim) AddSSHKey(user, name, publicKey string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	mustKey(publicKey)
	key := sshKey{uuid: newUUID(), user: s.mustUser(user), name: name, text: publicKey}
	s.store.sshKeys = append(s.store.sshKeys, key)
	return key.uuid
}

// SetConsent tells whether a user accepts the terms of service of the resource's
// offering. It counts for all resources of that offering, and acts with
// ConsentRedaction only. Nobody has consented at the start.
func (s *Sim) SetConsent(user, resource string, given bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place, ok := s.robotPlace(mustUUID(resource))
	if !ok {
		panic("waldursim: no resource " + resource)
	}
	s.store.consents[consent{s.mustUser(user), place.resource.Offering}] = given
}

// RemoveUserFromProject takes all roles on a project from a user; if there are
// none, it panics. The server's background task follows at once: the user leaves
// the robot accounts on the project's resources, even with a role on the customer.
// Revoke is the same without the task.
func (s *Sim) RemoveUserFromProject(user, project string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, project = s.mustUser(user), s.mustLook(projectAccounts, project)
	s.revoke(user, project)
	for _, a := range s.store.robots.all() {
		if s.placeOf(a).project.uuid != project || a.responsible != user && !slices.Contains(a.users, user) {
			continue
		}
		a.users = slices.DeleteFunc(slices.Clone(a.users), func(u string) bool { return u == user })
		if a.responsible == user {
			a.responsible = ""
		}
		a.modified = s.stamp()
	}
}

// EditRobotAccount changes the stored record as the provider might behind
// everyone's back. The function gets all fields of the record, as RobotAccount
// gives them, and sets those it wants. It must not call the Sim. A field that does
// not exist or cannot be set, and a value that AddRobotAccount would refuse, panic.
func (s *Sim) EditRobotAccount(uuid string, change func(fields map[string]any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.mustRobot(uuid)
	fields := a.fields()
	change(fields)
	next := *a
	next.setFields(fields)
	s.settle(&next)
	next.modified = s.stamp()
	*a = next
}

// RemoveRobotAccount deletes an account as another client would.
func (s *Sim) RemoveRobotAccount(uuid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.robots.remove(s.mustRobot(uuid).uuid)
}

// RobotAccount returns a copy of the stored record, hidden users included. It has
// neither url nor fingerprints; resource and responsible_user are UUIDs, or nil for
// nobody, users is a sorted []string of UUIDs, keys a []string.
func (s *Sim) RobotAccount(uuid string) (map[string]any, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bare, _ := parseUUID(uuid)
	a := s.store.robots.get(bare)
	if a == nil {
		return nil, false
	}
	return a.fields(), true
}

// RobotAccounts returns copies of all stored records in the order of creation.
func (s *Sim) RobotAccounts() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var records []map[string]any
	for _, a := range s.store.robots.all() {
		records = append(records, a.fields())
	}
	return records
}

func (s *Sim) removeRobots(doomed func(robotPlace) bool) {
	for _, a := range s.store.robots.all() {
		if doomed(s.placeOf(a)) {
			s.store.robots.remove(a.uuid)
		}
	}
}

func (s *Sim) mustRobot(uuid string) *robotAccount {
	a := s.store.robots.get(mustUUID(uuid))
	if a == nil {
		panic("waldursim: no robot account " + uuid)
	}
	return a
}

func mustKey(line string) {
	if _, _, ok := parseSSHKey(line); !ok {
		panic(fmt.Sprintf("waldursim: %q is not an SSH public key", line))
	}
}

// settle panics on a record that the server would not hold, and brings UUIDs into
// the stored form.
func (s *Sim) settle(a *robotAccount) {
	a.resource = mustUUID(a.resource)
	_, placed := s.robotPlace(a.resource)
	switch {
	case !placed:
		panic("waldursim: no resource " + a.resource)
	case a.kind == "" || utf8.RuneCountInString(a.kind) > 5:
		panic("waldursim: a type has one to five characters")
	case utf8.RuneCountInString(a.username) > maxUsername:
		panic("waldursim: a username has at most 32 characters")
	case !slices.Contains(robotStates, a.state):
		panic("waldursim: robot accounts have no state " + a.state)
	case s.robotTaken(a):
		panic("waldursim: the resource has a robot account of the type " + a.kind)
	}
	var people []string
	for _, user := range a.users {
		people = append(people, s.mustUser(user))
	}
	a.users = userSet(people)
	if a.responsible != "" {
		a.responsible = s.mustUser(a.responsible)
	}
	for _, key := range a.keys {
		mustKey(key)
	}
}

func (a *robotAccount) texts() map[string]*string {
	return map[string]*string{
		"resource":        &a.resource,
		"type":            &a.kind,
		"username":        &a.username,
		"description":     &a.description,
		"state":           &a.state,
		"error_message":   &a.errorMessage,
		"error_traceback": &a.errorTraceback,
		"backend_id":      &a.backendID,
	}
}

func (a *robotAccount) fields() map[string]any {
	fields := map[string]any{
		"uuid": a.uuid, "created": a.created, "modified": a.modified,
		"users": append([]string{}, a.users...), "keys": append([]string{}, a.keys...),
		"responsible_user": nil,
	}
	for name, text := range a.texts() {
		fields[name] = *text
	}
	if a.responsible != "" {
		fields["responsible_user"] = a.responsible
	}
	return fields
}

// setFields is for edits by a test, where a mistake must not pass.
func (a *robotAccount) setFields(fields map[string]any) {
	before := a.fields()
	for name, value := range fields {
		old, known := before[name]
		if !known {
			panic("waldursim: robot accounts have no field " + name)
		}
		if !reflect.DeepEqual(value, old) && !a.setField(name, value) {
			panic(fmt.Sprintf("waldursim: the field %s cannot become %v", name, value))
		}
	}
	for name := range before {
		if _, ok := fields[name]; !ok {
			panic("waldursim: the edit removed the field " + name)
		}
	}
}

func (a *robotAccount) setField(name string, value any) bool {
	text, isText := value.(string)
	list, isList := value.([]string)
	target := a.texts()[name]
	switch {
	case target != nil && isText:
		*target = text
	case name == "responsible_user" && (isText || value == nil):
		a.responsible = text
	case name == "users" && isList:
		a.users = list
	case name == "keys" && isList:
		a.keys = append([]string{}, list...)
	default:
		return false
	}
	return true
}
