package waldursim

import (
	"slices"
	"time"
)

// SetBackend changes the mode of the account service. The account service keeps its accounts and
// keys in the other modes.
func (s *Sim) SetBackend(mode BackendMode) {
	s.Lock()
	defer s.Unlock()
	s.options.Backend = mode
}

// SetServiceTime changes how long the account service takes for each call from now on.
func (s *Sim) SetServiceTime(d time.Duration) {
	s.Lock()
	defer s.Unlock()
	s.options.ServiceTime = d
}

// WaitForService returns when the account service has carried out every call for which Waldur did
// not wait. No request may be under way.
func (s *Sim) WaitForService() { s.service.late.Wait() }

// FailBackend sets how the next call of one kind to the account service fails: "create", "update",
// "rotate" or "close". Each of several faults applies to one call, in their order. Calls reach the
// service in BackendAPI mode only, and only after Waldur's own checks.
func (s *Sim) FailBackend(op string, fault BackendFault) {
	if !slices.Contains([]string{"create", "update", "rotate", "close"}, op) ||
		fault == (BackendFault{}) || fault.Minted && !fault.NoToken {
		panic("waldursim: no such failure of the account service: " + op)
	}
	s.Lock()
	defer s.Unlock()
	s.service.faults[op] = append(s.service.faults[op], fault)
}

// KeyAlive reports whether a key opens an account now. Keys of BackendMock never do.
func (s *Sim) KeyAlive(key string) bool {
	s.Lock()
	defer s.Unlock()
	return slices.ContainsFunc(s.service.live(), func(k *issuedKey) bool { return k.key == key })
}

// LiveKeys returns the keys that open an account of the account service.
func (s *Sim) LiveKeys(username string) []string {
	s.Lock()
	defer s.Unlock()
	var keys []string
	for _, k := range s.service.live() {
		if k.username == username {
			keys = append(keys, k.key)
		}
	}
	return keys
}

// AllLiveKeys returns how many keys each account of the account service has that open it, by
// username. It has accounts that Waldur does not know, and none that are closed.
func (s *Sim) AllLiveKeys() map[string]int {
	s.Lock()
	defer s.Unlock()
	keys := map[string]int{}
	for username, entry := range s.service.accounts {
		if !entry.closed {
			keys[username] = 0
		}
	}
	for _, k := range s.service.live() {
		keys[k.username]++
	}
	return keys
}

// Keys returns every key that the account service ever issued, oldest first, revoked keys included.
func (s *Sim) Keys() []string {
	s.Lock()
	defer s.Unlock()
	var keys []string
	for _, k := range s.service.keys {
		keys = append(keys, k.key)
	}
	return keys
}

// Sent returns the e-mail address and the description that the account service got last of an
// account. An account that it does not have panics.
func (s *Sim) Sent(username string) (email, description string) {
	s.Lock()
	defer s.Unlock()
	entry := s.service.accounts[username]
	if entry == nil {
		panic("waldursim: the account service has no account " + username)
	}
	return entry.email, entry.description
}
