package bulk

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// thing is an object with the number of its last change.
type thing struct {
	id      string
	version int
}

var errAbsent = errors.New("not found")

// server has things, and counts requests.
type server struct {
	mu                     sync.Mutex
	things                 map[string]int // versions
	version                int
	gets, counts, lists    int
	refuseList, refuseRows error
	before                 func() // runs in each request, without the lock
}

func newServer(size int) *server {
	s := &server{things: map[string]int{}, before: func() {}}
	for i := range size {
		s.things[nameOf(i)] = 0
	}
	return s
}

func nameOf(i int) string { return fmt.Sprintf("thing-%d", i) }

// reader returns a reader of a list with a count and rows of a cost, or, if the cost is 0, without a count.
func (s *server) reader(rowCost float64) *Reader[thing] {
	source := Source[thing]{Get: s.get, List: s.list, ID: func(t *thing) string { return t.id },
		RowCost: func() float64 { return rowCost }}
	if rowCost > 0 {
		source.Count = s.count
	}
	return New(source)
}

func (s *server) get(ctx context.Context, id string) (*thing, error) {
	s.before()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gets++
	version, ok := s.things[id]
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if !ok {
		return nil, errAbsent
	}
	return &thing{id, version}, nil
}

func (s *server) count(ctx context.Context) (int, error) {
	s.before()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts++
	return len(s.things), errors.Join(context.Cause(ctx), s.refuseRows)
}

func (s *server) list(ctx context.Context) ([]thing, error) {
	s.mu.Lock()
	s.lists++
	var found []thing
	for id, version := range s.things {
		found = append(found, thing{id, version})
	}
	s.mu.Unlock()
	s.before()
	if err := errors.Join(context.Cause(ctx), s.refuseList); err != nil {
		return nil, err
	}
	return found, nil
}

// change creates or changes a thing, and returns it.
func (s *server) change(id string) *thing {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	s.things[id] = s.version
	return &thing{id, s.version}
}

func (s *server) remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	delete(s.things, id)
}

// sent returns the numbers of single reads, counts and lists.
func (s *server) sent() [3]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return [3]int{s.gets, s.counts, s.lists}
}
