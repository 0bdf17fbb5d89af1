package waldursim

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// AddRobotAccount creates a robot account and returns its UUID. Keys are stored as they are. It
// panics on values that the server would not store.
func (s *Sim) AddRobotAccount(seed RobotAccount) string {
	s.Lock()
	defer s.Unlock()
	if seed.State == "" {
		seed.State = stateOK
	}
	a := &robotAccount{RobotAccount: seed}
	s.settle(&a.RobotAccount)
	s.storeRobotAccount(a)
	return a.UUID
}

func (s *Sim) storeRobotAccount(a *robotAccount) {
	a.UUID, a.created, a.modified = s.uuidOr(a.UUID), s.now(), s.now()
	s.robotAccounts.add(a)
	s.robotTypes[robotType{a.Resource, a.Type}] = a
}

// settle panics on an account that the server would not hold, and brings UUIDs into the stored form.
func (s *Sim) settle(a *RobotAccount) {
	a.Resource = s.resources.must(a.Resource).UUID
	length := utf8.RuneCountInString(a.Type)
	if length < 1 || length > maxType || !slices.Contains(robotStates, a.State) || s.robotTaken(a) {
		panic(fmt.Sprintf("waldursim: no such type or state, or a taken type: %q, %q", a.Type, a.State))
	}
	var people []string
	for _, user := range a.Users {
		people = append(people, s.users.must(user).UUID)
	}
	a.Users = userSet(people)
	if a.ResponsibleUser != "" {
		a.ResponsibleUser = s.users.must(a.ResponsibleUser).UUID
	}
	for _, key := range a.Keys {
		mustKey(key)
	}
}

// SetConsent sets whether a user accepts the terms of service of the resource's offering. It counts
// for all resources of that offering, and acts with ConsentRedaction only. Nobody has consented at
// the start.
func (s *Sim) SetConsent(user, resource string, given bool) {
	s.Lock()
	defer s.Unlock()
	s.consents[consent{s.users.must(user).UUID, s.resources.must(resource).Offering}] = given
}

// RemoveUserFromProject removes all roles on a project from a user; if there are none, it panics.
// The server's background task follows at once: the user leaves the robot accounts on the project's
// resources, even with a role on the customer. Revoke is the same without the task.
func (s *Sim) RemoveUserFromProject(user, project string) {
	s.Lock()
	defer s.Unlock()
	user, project = s.users.must(user).UUID, s.projects.must(project).UUID
	s.revoke(user, project)
	for _, a := range s.robotAccounts.rows {
		if s.place(a.Resource).project.UUID != project || a.ResponsibleUser != user && !slices.Contains(a.Users, user) {
			continue
		}
		a.Users = slices.DeleteFunc(slices.Clone(a.Users), func(u string) bool { return u == user })
		if a.ResponsibleUser == user {
			a.ResponsibleUser = ""
		}
		a.modified = s.now()
	}
}

// EditRobotAccount changes the stored account as the provider of the resource might. The function
// must not call the Sim. EditRobotAccount panics on values that AddRobotAccount refuses.
func (s *Sim) EditRobotAccount(uuid string, change func(a *RobotAccount)) {
	s.Lock()
	defer s.Unlock()
	a := s.robotAccounts.must(uuid)
	next := a.RobotAccount
	change(&next)
	s.settle(&next)
	a.RobotAccount, a.modified = next, s.now()
	s.robotTypes[robotType{a.Resource, a.Type}] = a
}

// RemoveRobotAccount deletes an account as another client would.
func (s *Sim) RemoveRobotAccount(uuid string) {
	s.Lock()
	defer s.Unlock()
	s.removeRobotAccount(s.robotAccounts.must(uuid))
}

// RobotAccounts returns all stored accounts in the order of creation, hidden users included.
func (s *Sim) RobotAccounts() []RobotAccount {
	s.Lock()
	defer s.Unlock()
	var accounts []RobotAccount
	for _, a := range s.robotAccounts.rows {
		accounts = append(accounts, a.RobotAccount)
	}
	return accounts
}

// RobotAccount returns one stored account. An unknown UUID panics.
func (s *Sim) RobotAccount(uuid string) RobotAccount {
	s.Lock()
	defer s.Unlock()
	return s.robotAccounts.must(uuid).RobotAccount
}
