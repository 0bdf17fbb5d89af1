package wavefrontsim

import "time"

// snapshot is what searches can find from a time on.
type snapshot struct {
	from      time.Time
	documents map[kind][]record
}

// changed lets searches find the present state after the lag.
func (s *Sim) changed() {
	if s.options.SearchLag > 0 {
		s.index = append(s.index, s.snapshot(s.Now().Add(s.options.SearchLag)))
	}
}

// seeded lets searches find the present state at once.
func (s *Sim) seeded() {
	if s.options.SearchLag > 0 {
		s.index = []snapshot{s.snapshot(time.Time{})}
	}
}

func (s *Sim) snapshot(from time.Time) snapshot {
	documents := map[kind][]record{}
	for _, k := range []kind{kindServiceAccount, kindRole, kindUserGroup} {
		documents[k] = s.documents(k)
	}
	return snapshot{from, documents}
}

// searchable is the newest snapshot that is due. The first has no time, so it always is.
func (s *Sim) searchable(k kind) (found []record) {
	if s.options.SearchLag <= 0 {
		return s.documents(k)
	}
	now := s.Now()
	for _, one := range s.index {
		if !one.from.After(now) {
			found = one.documents[k]
		}
	}
	return found
}
