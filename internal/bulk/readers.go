package bulk

import "sync"

// Readers has a Reader for each place. The zero value has none.
type Readers[V any] struct {
	mu      sync.Mutex
	byPlace map[string]*Reader[V]
}

// Of returns the Reader of a place. It is created from the source at the first call.
func (r *Readers[V]) Of(place string, source func() Source[V]) *Reader[V] {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byPlace == nil {
		r.byPlace = map[string]*Reader[V]{}
	}
	if r.byPlace[place] == nil {
		r.byPlace[place] = New(source())
	}
	return r.byPlace[place]
}

// Drop says of an object in whatever place that it was changed, or may have been. The next read of it is a
// request.
func (r *Readers[V]) Drop(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, reader := range r.byPlace {
		if reader.concerns(id) {
			reader.Drop(id)
		}
	}
}

// concerns reports whether an object is known here, or may be in a moment.
func (r *Reader[V]) concerns(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, known := r.entries[id]
	return known || r.flights[id] != nil || r.lists > 0
}
