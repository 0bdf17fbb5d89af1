package waldursim

import (
	"net/http"
	"strings"
)

// FailBackend makes the next call of one kind to the account service fail:
// "create", "update", "rotate" or "close". Several wait in line. Calls reach the
// service in BackendAPI mode only, and only after Waldur's own checks. A fault
// that could not act panics.
func (s *Sim) FailBackend(op string, fault BackendFault) {
	set := 0
	for _, on := range []bool{fault.Status != 0, fault.Unreachable, fault.NoToken, fault.Accepted} {
		if on {
			set++
		}
	}
	fits := map[string]bool{
		"create": !fault.Accepted,
		"update": !fault.Accepted && !fault.NoToken,
		"rotate": !fault.Accepted,
		"close":  !fault.NoToken,
	}
	switch {
	case !fits[op]:
		panic("waldursim: no such failure of the backend operation " + op)
	case set != 1:
		panic("waldursim: a backend fault is exactly one of Status, Unreachable, NoToken, Accepted")
	case fault.Status != 0 && fault.Status < http.StatusBadRequest:
		panic("waldursim: a refusal of the backend has a status from 400 on")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.service.faults[op] = append(s.service.faults[op], fault)
}

// KeyAlive tells whether a key opens an account now. Keys of BackendMock never do.
func (s *Sim) KeyAlive(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.service.owner(key)
	return ok
}

// LiveKeys returns the keys that open an account of the account service.
func (s *Sim) LiveKeys(username string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var live []string
	for _, k := range s.service.keys {
		if k.username == username && s.service.alive(k) {
			live = append(live, k.key)
		}
	}
	return live
}

// Keys returns every key that the account service ever minted, oldest first, dead
// ones included.
func (s *Sim) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for _, k := range s.service.keys {
		keys = append(keys, k.key)
	}
	return keys
}

// BackendAccount returns what the account service itself holds of an account:
// username, email, description, closed.
func (s *Sim) BackendAccount(username string) (map[string]any, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.service.accounts[username]
	if !ok {
		return nil, false
	}
	return map[string]any{
		"username":    found.username,
		"email":       found.email,
		"description": found.description,
		"closed":      found.closed,
	}, true
}

func (s *Sim) serveProbe(w http.ResponseWriter, r *http.Request) {
	a := jsonAnswer(http.StatusMethodNotAllowed, record{"error": "use GET"})
	if r.Method == http.MethodGet {
		a = jsonAnswer(http.StatusUnauthorized, record{"error": "this key opens no account"})
		key, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		s.mu.Lock()
		username, ok := s.service.owner(key)
		s.mu.Unlock()
		if isBearer && ok {
			a = jsonAnswer(http.StatusOK, record{"username": username})
		}
	}
	a.wire().Write(w)
}
