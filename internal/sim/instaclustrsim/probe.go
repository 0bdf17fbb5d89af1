package instaclustrsim

import (
	"net/http"
	"net/netip"
)

// probePath is outside of the API. Given the Basic credential of a human or service user, it tells whose key it is:
// account, username, keyType, serviceUser. It answers 401 if the credential is dead, and 403 if the key's allow list
// refuses the address in the query parameter address or, without one, the caller's.
const probePath = "/_emu/whoami"

func (s *Sim) serveProbe(w http.ResponseWriter, r *http.Request) {
	status, body := s.probe(r)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The client may be gone; there is nobody to tell.
	_, _ = w.Write(encode(body))
}

func (s *Sim) probe(r *http.Request) (int, record) {
	address := s.options.CallerAddress(r)
	if text := r.URL.Query().Get("address"); text != "" {
		var err error
		if address, err = netip.ParseAddr(text); err != nil {
			return http.StatusBadRequest, record{"message": "The address is none."}
		}
	}
	name, secret, _ := r.BasicAuth()
	s.mu.Lock()
	defer s.mu.Unlock()
	u, kind := s.state.open(name, secret)
	switch {
	case u == nil:
		return http.StatusUnauthorized, record{"message": "No such key."}
	case !admits(u.keys[kind].allowList, address):
		return http.StatusForbidden, record{"message": "The key does not work from this address."}
	}
	return http.StatusOK, record{"account": u.account, "username": u.username, "keyType": kind, "serviceUser": u.service}
}
