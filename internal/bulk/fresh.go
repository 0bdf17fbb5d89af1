package bulk

import (
	"context"
	"sync"
	"time"
)

// gathering is how long a Fresh waits for further callers: Terraform starts reads that do not depend on each
// other within a few milliseconds.
const gathering = 50 * time.Millisecond

// Fresh shares one read among callers that come at about the same time. The read begins after each of the
// calls, so that all callers see what was written before their call.
type Fresh[V any] struct {
	// Read is the read.
	Read func(context.Context) (V, error)

	mu   sync.Mutex
	next *flight[V] // it has not begun yet; nil: none
}

// Get returns the result of a read that begins after the call. Callers must not change it.
func (f *Fresh[V]) Get(ctx context.Context) (*V, error) {
	for {
		f.mu.Lock()
		shared, lead := f.next, f.next == nil
		if lead {
			shared = newFlight[V]()
			f.next = shared
		}
		f.mu.Unlock()
		if lead {
			f.run(ctx, shared)
		}
		if err := wait(ctx, shared.done); err != nil {
			return nil, err
		}
		// A read ends also when the caller that leads it gives up.
		if lead || !interrupted(shared.err) {
			return shared.value, shared.err
		}
	}
}

func (f *Fresh[V]) run(ctx context.Context, shared *flight[V]) {
	defer close(shared.done)
	select {
	case <-time.After(gathering):
	case <-ctx.Done():
	}
	f.mu.Lock()
	f.next = nil
	f.mu.Unlock()
	value, err := f.Read(ctx)
	shared.value, shared.err = &value, err
}
