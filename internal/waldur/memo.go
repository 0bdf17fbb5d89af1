package waldur

import "sync"

// memo holds what a server returned once, for the rest of the run. The zero value is empty.
type memo[T any] struct {
	mu    sync.Mutex
	value *T
}

// get returns the value. It asks for the value if there is none; an error is not kept.
func (m *memo[T]) get(ask func() (T, error)) (T, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.value != nil {
		return *m.value, nil
	}
	value, err := ask()
	if err == nil {
		m.value = &value
	}
	return value, err
}
