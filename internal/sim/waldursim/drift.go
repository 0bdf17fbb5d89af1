package waldursim

import "slices"

// EditServiceAccount changes the stored record behind everyone's back; the
// account service is not told. The function gets all fields of the record and
// sets those it wants; state may be any of OK, Closed and Erred. It must not call
// the Sim. A field that does not exist or cannot be set panics.
func (s *Sim) EditServiceAccount(uuid string, change func(fields map[string]any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.mustAccount(uuid)
	fields := a.fields()
	change(fields)
	a.setFields(s, fields)
	a.modified = s.stamp()
}

// RemoveServiceAccount deletes an account as another client would: the record is
// closed and its key dies.
func (s *Sim) RemoveServiceAccount(uuid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closeAccount(s.mustAccount(uuid))
}

// RemoveCustomer deletes a customer, its projects, the service accounts of all of
// them, and the robot accounts on resources of these projects or of offerings that
// the customer provides.
func (s *Sim) RemoveCustomer(uuid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	uuid = s.mustLook(customerAccounts, uuid)
	for _, p := range s.store.projects.all() {
		if p.Customer == uuid {
			s.removeProject(p)
		}
	}
	s.removeRobots(func(p robotPlace) bool { return p.provider.uuid == uuid })
	s.leaveScope(uuid)
	s.store.customers.remove(uuid)
}

// RemoveProject deletes a project, which stays in the database as removed, closes
// its service accounts and deletes the robot accounts on its resources.
func (s *Sim) RemoveProject(uuid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.removeProject(s.store.projects.get(s.mustLook(projectAccounts, uuid)))
}

func (s *Sim) removeProject(p *projectRow) {
	s.removeRobots(func(place robotPlace) bool { return place.project == p })
	s.leaveScope(p.uuid)
	p.removed = true
}

// leaveScope takes the roles as well, so a removed project shows nobody its
// customer any more.
func (s *Sim) leaveScope(uuid string) {
	for _, a := range s.store.accounts.all() {
		if a.scope == uuid && a.state != stateClosed {
			s.closeAccount(a)
		}
	}
	s.store.grants = slices.DeleteFunc(s.store.grants, func(g grant) bool { return g.scope == uuid })
}

// closeAccount is the end that no injected failure stands in the way of.
func (s *Sim) closeAccount(a *account) {
	a.state, a.modified = stateClosed, s.stamp()
	s.service.shut(a.username)
}

// SetLimit changes the limit of a customer or a project. Accounts above it stay.
func (s *Sim) SetLimit(scope string, limit Limit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	uuid := mustUUID(scope)
	if c := s.store.customers.get(uuid); c != nil {
		c.MaxServiceAccounts = limit
	} else if p, ok := s.store.project(uuid); ok {
		p.MaxServiceAccounts = limit
	} else {
		panic("waldursim: no customer or project " + scope)
	}
}

// ServiceAccount returns the stored record of an account of either kind, closed
// ones too. It has no url and no token, and its customer or project is a UUID.
func (s *Sim) ServiceAccount(uuid string) (map[string]any, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bare, _ := parseUUID(uuid)
	a := s.store.accounts.get(bare)
	if a == nil {
		return nil, false
	}
	return a.fields(), true
}

// ServiceAccounts returns the stored records of both kinds in the order of
// creation, closed ones too.
func (s *Sim) ServiceAccounts() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var records []map[string]any
	for _, a := range s.store.accounts.all() {
		records = append(records, a.fields())
	}
	return records
}

func (s *Sim) mustAccount(uuid string) *account {
	a := s.store.accounts.get(mustUUID(uuid))
	if a == nil {
		panic("waldursim: no service account " + uuid)
	}
	return a
}
