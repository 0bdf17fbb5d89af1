package waldursim

// AddCustomerServiceAccount creates an account with a live key, whatever the limit and the mode.
func (s *Sim) AddCustomerServiceAccount(a ServiceAccount) (uuid, key string) {
	return s.addServiceAccount(customerAccounts, a)
}

// AddProjectServiceAccount creates an account with a live key, whatever the limit and the mode.
func (s *Sim) AddProjectServiceAccount(a ServiceAccount) (uuid, key string) {
	return s.addServiceAccount(projectAccounts, a)
}

func (s *Sim) addServiceAccount(k *accountKind, seed ServiceAccount) (uuid, key string) {
	s.Lock()
	defer s.Unlock()
	seed.Scope = mustUUID(seed.Scope)
	if _, ok := k.look(s, seed.Scope); !ok {
		panic("waldursim: no " + k.scope + " " + seed.Scope)
	}
	if seed.Username == "" {
		seed.Username = s.service.name(seed.PreferredIdentifier, "")
	}
	if s.service.accounts[seed.Username] != nil {
		panic("waldursim: the account service has an account " + seed.Username)
	}
	if seed.State == "" {
		seed.State = stateOK
		if seed.ErrorMessage != "" {
			seed.State, seed.ErrorTraceback = stateErred, "Traceback (most recent call last):\n  ..."
		}
	}
	s.service.accounts[seed.Username] = &serviceEntry{email: seed.Email, description: seed.Description}
	key, _ = s.service.issue(seed.Username, seed.Key).token.(string)
	seed.Key = ""
	a := &serviceAccount{kind: k, ServiceAccount: seed}
	s.storeServiceAccount(a)
	return a.UUID, key
}

// EditServiceAccount changes the stored account as another client might; the account service does
// not learn of it. The function must not call the Sim.
func (s *Sim) EditServiceAccount(uuid string, change func(a *ServiceAccount)) {
	s.Lock()
	defer s.Unlock()
	a := s.serviceAccounts.must(uuid)
	change(&a.ServiceAccount)
	a.modified = s.now()
	s.move(a)
}

// RemoveServiceAccount deletes an account as another client would: the record is closed and its key
// is revoked.
func (s *Sim) RemoveServiceAccount(uuid string) {
	s.Lock()
	defer s.Unlock()
	a := s.serviceAccounts.must(uuid)
	a.State, a.modified = stateClosed, s.now()
	s.service.shut(a.Username)
}

// ServiceAccounts returns the stored accounts of both kinds in the order of creation, closed ones too.
func (s *Sim) ServiceAccounts() []ServiceAccount {
	s.Lock()
	defer s.Unlock()
	var accounts []ServiceAccount
	for _, a := range s.serviceAccounts.rows {
		accounts = append(accounts, a.ServiceAccount)
	}
	return accounts
}
