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
		s.index = append(s.index, snapshot{s.Now().Add(s.options.SearchLag), s.documents()})
	}
}

// seeded lets searches find the present state at once.
func (s *Sim) seeded() {
	if s.options.SearchLag > 0 {
		s.index = []snapshot{{documents: s.documents()}}
	}
}

// searchable is the newest snapshot that is due. The first has no time, so it always is.
func (s *Sim) searchable() (found map[kind][]record) {
	if s.options.SearchLag <= 0 {
		return s.documents()
	}
	now := s.Now()
	for _, one := range s.index {
		if !one.from.After(now) {
			found = one.documents
		}
	}
	return found
}
