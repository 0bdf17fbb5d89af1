package wavefrontsim

import "time"

// kind is a sort of entities that can be searched.
type kind int

const (
	kindServiceAccount kind = iota
	kindRole
	kindUserGroup
)

// snapshot is what searches saw at a time.
type snapshot struct {
	at        time.Time
	documents map[kind][]record
}

// index is the past of a Sim with SearchLag, oldest first; without one it stays empty.
type index []snapshot

func (s *Sim) documents() map[kind][]record {
	return map[kind][]record{
		kindServiceAccount: s.serviceAccountViews(),
		kindRole:           views(s.store.roles, s.roleView),
		kindUserGroup:      views(s.store.groups, s.listedGroupView),
	}
}

// changed lets searches see the present state after the lag, and forgets what no search can see any more.
func (s *Sim) changed() {
	if s.options.SearchLag <= 0 {
		return
	}
	s.index = append(s.index[s.visible():], snapshot{s.options.Now(), s.documents()})
}

// seeded lets searches see the present state at once.
func (s *Sim) seeded() {
	if s.options.SearchLag > 0 {
		s.index = index{{documents: s.documents()}}
	}
}

// visible is the newest snapshot that is as old as the lag. The first has no time, so it always is.
func (s *Sim) visible() int {
	cutoff, newest := s.options.Now().Add(-s.options.SearchLag), 0
	for i := range s.index {
		if !s.index[i].at.After(cutoff) {
			newest = i
		}
	}
	return newest
}

func (s *Sim) searchable(k kind) []record {
	if s.options.SearchLag <= 0 {
		return s.documents()[k]
	}
	return s.index[s.visible()].documents[k]
}
