// Package bulk answers many reads of one kind of object with few requests: it reads objects singly, and
// reads the list of all of them once the single reads have cost as much as the list costs.
package bulk

import (
	"context"
	"errors"
	"math"
	"sync"
)

// Source has the requests about one kind of object in one place, such as the accounts of a customer.
type Source[V any] struct {
	// Get reads the object with an id. The error for an object that does not exist is passed on.
	Get func(ctx context.Context, id string) (*V, error)
	// List reads all objects.
	List func(ctx context.Context) ([]V, error)
	// ID returns the id of an object.
	ID func(*V) string
	// Count returns how many objects List would return, at the cost of one single read. nil: the server
	// does not say, and the list counts as three single reads.
	Count func(ctx context.Context) (int, error)
	// RowCost returns what one more object in a list costs, in single reads. It is called after Count.
	RowCost func() float64
	// Off lets each read be a single one, and remembers nothing.
	Off bool
}

// unpagedCost is what a list of unknown length counts, in single reads.
const unpagedCost = 3

// Reader reads the objects of a Source, and remembers them until the provider ends. It is safe for
// concurrent use. Callers must not change the objects that it returns.
type Reader[V any] struct {
	source Source[V]

	mu      sync.Mutex
	entries map[string]entry[V]
	flights map[string]*flight[V] // single reads
	gate    *flight[V]            // the count or list that all other reads wait for; nil: none
	singles int                   // single reads until now
	count   int                   // about how many objects there are; -1: not known
	listing listing
	lists   int // in flight
	clock   int // rises with each write and with each start of a read
	writes  int // in flight
	idle    chan struct{}
	news    chan struct{} // closed when the next write begins, or the next caller asks for a proof
	proof   *proof[V]     // the batch that a caller may still join; nil: none
	most    int           // writes in flight and proofs waited for at the same time
}

type listing int

const (
	listPending listing = iota
	listDone
	listRefused // reads do not try it again
)

// entry is what is known of an object.
type entry[V any] struct {
	value   *V   // nil: nothing
	stale   bool // a write may have changed it since
	gone    bool // a write has deleted it
	kept    bool // the response to a write of this run had all of it
	written int  // time of the last write
}

// flight is a request in flight. The result is there when done is closed.
type flight[V any] struct {
	done  chan struct{}
	value *V
	err   error
}

func newFlight[V any]() *flight[V] { return &flight[V]{done: make(chan struct{})} }

// New returns a Reader that has read nothing.
func New[V any](source Source[V]) *Reader[V] {
	return &Reader[V]{
		source: source, entries: map[string]entry[V]{}, flights: map[string]*flight[V]{}, count: -1,
		idle: make(chan struct{}), news: make(chan struct{}),
	}
}

// Get returns an object as it was at some time since the start of the provider and since the last write
// that this Reader knows of. The object, or the error, is that of a single read if the list does not have
// the object. Reads of one object at the same time share a request.
func (r *Reader[V]) Get(ctx context.Context, id string) (*V, error) {
	return r.get(ctx, id, func(e entry[V]) bool { return e.value != nil })
}

// Find is Get for a caller that wants to know whether an object exists, before a create. If there was a list
// already, and the object was neither in it nor changed since, there is none: nil, without an error.
func (r *Reader[V]) Find(ctx context.Context, id string) (*V, error) {
	return r.get(ctx, id, func(e entry[V]) bool { return e.value != nil || e.gone || r.listing == listDone })
}

// get is Get. Known reports whether what is known of an object, and not stale, is enough.
func (r *Reader[V]) get(ctx context.Context, id string, known func(entry[V]) bool) (*V, error) {
	for ctx.Err() == nil {
		r.mu.Lock()
		if e := r.entries[id]; !e.stale && known(e) {
			r.mu.Unlock()
			return e.value, nil
		}
		f, run := r.next(id)
		single, began := f != r.gate, r.clock
		counts := r.source.Count != nil && r.count < 0
		r.mu.Unlock()
		switch {
		case run && single:
			r.single(ctx, id, f, began)
		case run:
			r.pass(ctx, f, counts)
		}
		if err := wait(ctx, f.done); err != nil {
			return nil, err
		}
		// A request ends also when the caller that sent it gives up.
		if single && (run || !interrupted(f.err)) {
			return f.value, f.err
		}
	}
	return nil, context.Cause(ctx)
}

// next returns the flight that a read waits for, and whether the caller has to run it. The caller holds
// the lock.
func (r *Reader[V]) next(id string) (f *flight[V], run bool) {
	switch f := r.flights[id]; {
	case f != nil:
		return f, false
	case r.gate != nil:
		return r.gate, false
	}
	f = newFlight[V]()
	if r.listPays() {
		r.gate = f
		return f, true
	}
	r.singles++
	r.clock++
	r.flights[id] = f
	return f, true
}

// listPays reports whether the time has come for the list, or for the count that decides about it. All
// requests together then cost at most twice of what the single reads or the list alone would cost. The
// caller holds the lock.
func (r *Reader[V]) listPays() bool {
	switch {
	case r.source.Off || r.listing != listPending || r.count == 0:
		return false
	case r.source.Count == nil:
		return r.singles >= unpagedCost
	case r.count < 0:
		return r.singles >= 1
	}
	return r.singles+1 >= r.listCost()
}

// listCost returns what the list costs, in single reads. The caller holds the lock.
func (r *Reader[V]) listCost() int {
	if r.source.Count == nil {
		return unpagedCost
	}
	return 1 + int(math.Ceil(float64(r.count)*r.source.RowCost()))
}

// single reads one object, and remembers it unless it was written meanwhile.
func (r *Reader[V]) single(ctx context.Context, id string, f *flight[V], began int) {
	f.value, f.err = r.source.Get(ctx, id)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.flights[id] == f {
		delete(r.flights, id)
	}
	if e := r.entries[id]; f.err == nil && e.written <= began && !r.source.Off {
		r.entries[id] = entry[V]{value: f.value, written: e.written}
	}
	close(f.done)
}

// pass sends the request that all other reads wait for: the count, or the list.
func (r *Reader[V]) pass(ctx context.Context, gate *flight[V], counts bool) {
	if counts {
		gate.err = r.recount(ctx)
	} else {
		_, gate.err = r.list(ctx)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if gate.err != nil && ctx.Err() == nil {
		r.listing = listRefused
	}
	r.gate = nil
	close(gate.done)
}

func (r *Reader[V]) recount(ctx context.Context) error {
	count, err := r.source.Count(ctx)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count = count
	return nil
}

// list reads all objects, and remembers those that were not written meanwhile.
func (r *Reader[V]) list(ctx context.Context) ([]V, error) {
	r.mu.Lock()
	r.clock++
	r.lists++
	began := r.clock
	r.mu.Unlock()
	found, err := r.source.List(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lists--
	if err != nil || r.source.Off {
		return found, err
	}
	before := r.entries
	r.entries = make(map[string]entry[V], len(found))
	for id, e := range before {
		if e.written > began {
			r.entries[id] = e
		}
	}
	for i := range found {
		value := &found[i]
		id := r.source.ID(value)
		switch e, written := r.entries[id]; {
		case !written:
			r.entries[id] = entry[V]{value: value, written: before[id].written}
		case e.stale && e.value == nil: // All needs at least an old value
			e.value = value
			r.entries[id] = e
		}
	}
	r.count, r.listing = len(found), listDone
	return found, nil
}

// All returns all objects, in no order, from one list for all callers. An object that was changed since
// is as last known.
func (r *Reader[V]) All(ctx context.Context) ([]*V, error) {
	for ctx.Err() == nil {
		r.mu.Lock()
		if r.source.Off || r.listing == listRefused {
			r.mu.Unlock()
			found, err := r.list(ctx)
			return pointers(found), err
		}
		if found, all := r.known(); all {
			r.mu.Unlock()
			return found, nil
		}
		gate, run := r.gate, r.gate == nil
		if run {
			gate = newFlight[V]()
			r.gate = gate
		}
		r.mu.Unlock()
		if run {
			r.pass(ctx, gate, false)
		}
		if err := wait(ctx, gate.done); err != nil {
			return nil, err
		}
		if run && gate.err != nil {
			return nil, gate.err
		}
	}
	return nil, context.Cause(ctx)
}

// known returns the objects that are known, and whether these are all that exist. The caller holds the
// lock.
func (r *Reader[V]) known() (found []*V, all bool) {
	all = r.listing == listDone
	for _, e := range r.entries {
		if e.value != nil {
			found = append(found, e.value)
		}
		all = all && (e.value != nil || !e.stale)
	}
	return found, all
}

func pointers[V any](values []V) []*V {
	found := make([]*V, len(values))
	for i := range values {
		found[i] = &values[i]
	}
	return found
}

// wait returns nil when done is closed, and the cause if the context ends before.
func wait(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	default:
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func interrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
