package bulk

import (
	"context"
	"time"
)

// Keep remembers an object from the response to a write, which has all of it.
func (r *Reader[V]) Keep(value *V) {
	r.write(r.source.ID(value), func(entry[V]) entry[V] { return entry[V]{value: value, kept: true} })
}

// Kept returns an object if it is known from the response to a write, and not from a read: nobody else is
// likely to have changed it since. nil: it is not.
func (r *Reader[V]) Kept(id string) *V {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.entries[id]; e.kept && !e.stale {
		return e.value
	}
	return nil
}

// Change remembers what a write has changed of an object. If the object is not known, it is as after Drop.
func (r *Reader[V]) Change(id string, change func(V) V) {
	r.write(id, func(before entry[V]) entry[V] {
		if before.value == nil || before.stale {
			return entry[V]{value: before.value, stale: true}
		}
		value := change(*before.value)
		return entry[V]{value: &value, kept: before.kept}
	})
}

// Drop says that an object was changed, or may have been. The next read of it is a request.
func (r *Reader[V]) Drop(id string) {
	r.write(id, func(before entry[V]) entry[V] { return entry[V]{value: before.value, stale: true} })
}

// Remove says that an object was deleted.
func (r *Reader[V]) Remove(id string) {
	r.write(id, func(entry[V]) entry[V] {
		r.count = max(r.count-1, min(r.count, 0))
		return entry[V]{gone: true}
	})
}

func (r *Reader[V]) write(id string, change func(entry[V]) entry[V]) {
	if r.source.Off {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock++
	now := change(r.entries[id])
	now.written = r.clock
	r.entries[id] = now
	delete(r.flights, id) // a read that began before the write does not serve a read after it
}

// Writing says that a write is in flight until the returned function is called. A proof waits for the
// writes in flight, so that one list proves all of them.
func (r *Reader[V]) Writing() (done func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writes++
	waiting := 0
	if r.proof != nil {
		waiting = r.proof.size
	}
	r.most = max(r.most, r.writes+waiting)
	wake(&r.news)
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.writes--; r.writes == 0 {
			wake(&r.idle)
		}
	}
}

// wake ends the waits for a channel, and makes a channel for the next ones.
func wake(waiting *chan struct{}) {
	close(*waiting)
	*waiting = make(chan struct{})
}

const (
	// maxGathering limits how long a proof waits for writes, so that a slow write does not hold up others.
	maxGathering = 2 * time.Second
	// maxLinger limits how long a proof waits for the next write to begin, if there were more at the same time
	// before. Terraform writes the whole state after each object: with 1,000 objects some 100 ms pass between two
	// deletes, although ten could be in flight.
	maxLinger = 500 * time.Millisecond
	// sharedBy is for how many proofs a list may have to pay, so that waiting for others makes sense: the number
	// of operations that Terraform runs at the same time.
	sharedBy = 10
)

// proof is a batch of objects that are proved together.
type proof[V any] struct {
	done   chan struct{}
	size   int
	byList bool
	found  map[string]*V
	err    error
}

// Prove returns an object as it is after the call: from a single read, or from a list that began after
// the call and serves all callers, if that costs less. nil without an error: the list does not have it.
func (r *Reader[V]) Prove(ctx context.Context, id string) (*V, error) {
	p, err := r.prove(ctx, false)
	if err != nil {
		return nil, err
	}
	if p.byList {
		return p.found[id], nil
	}
	return r.source.Get(ctx, id)
}

// ProveListed is Prove by a list in any case.
func (r *Reader[V]) ProveListed(ctx context.Context, id string) (*V, error) {
	p, err := r.prove(ctx, true)
	if err != nil {
		return nil, err
	}
	return p.found[id], nil
}

// prove returns a batch that is complete.
func (r *Reader[V]) prove(ctx context.Context, byList bool) (*proof[V], error) {
	for {
		r.mu.Lock()
		p, lead := r.proof, r.proof == nil
		if lead {
			p = &proof[V]{done: make(chan struct{})}
			r.proof = p
		}
		p.size++
		p.byList = p.byList || byList
		wake(&r.news)
		r.mu.Unlock()
		if lead {
			r.lead(ctx, p)
		}
		if err := wait(ctx, p.done); err != nil {
			return nil, err
		}
		if lead || !interrupted(p.err) {
			return p, p.err
		}
	}
}

// lead waits for the writes in flight, closes the batch for further callers, and reads the list if it
// costs less than single reads, or if a caller needs it.
func (r *Reader[V]) lead(ctx context.Context, p *proof[V]) {
	defer close(p.done)
	r.mu.Lock()
	shares := p.byList || r.listCost() <= sharedBy
	r.mu.Unlock()
	r.gather(ctx, p, shares)
	r.mu.Lock()
	r.proof = nil
	r.mu.Unlock()
	needed := p.byList
	if !needed && !r.listProves(ctx, p.size) {
		return
	}
	found, err := r.list(ctx)
	if err != nil && !needed && !interrupted(err) {
		return // each caller reads singly
	}
	p.byList, p.err, p.found = true, err, make(map[string]*V, len(found))
	for i := range found {
		p.found[r.source.ID(&found[i])] = &found[i]
	}
}

// listProves reports whether a list costs at most as much as so many single reads.
func (r *Reader[V]) listProves(ctx context.Context, size int) bool {
	if r.source.Off || size < 2 {
		return false
	}
	r.mu.Lock()
	counts := r.source.Count != nil && r.count < 0
	r.mu.Unlock()
	if counts && r.recount(ctx) != nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.listing != listRefused && r.listCost() <= size
}

// gather waits until no write is in flight. If a list would be shared, it also waits for as many callers as there
// were at the same time before, but not long after the last write began.
func (r *Reader[V]) gather(ctx context.Context, p *proof[V], shares bool) {
	limit := time.NewTimer(maxGathering)
	defer limit.Stop()
	for {
		r.mu.Lock()
		next, calm := r.idle, (<-chan time.Time)(nil)
		if r.writes == 0 {
			if !shares || p.size >= r.most {
				r.mu.Unlock()
				return
			}
			next, calm = r.news, time.After(maxLinger)
		}
		r.mu.Unlock()
		select {
		case <-next:
		case <-calm:
			r.mu.Lock()
			r.most = p.size
			r.mu.Unlock()
			return
		case <-limit.C:
			return
		case <-ctx.Done():
			return
		}
	}
}
