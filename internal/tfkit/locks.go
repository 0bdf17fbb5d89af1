package tfkit

import "sync"

// Locks holds one lock for each name. Work that first looks for an object and then creates it takes
// the lock of the object's name. The zero value is ready for use.
type Locks struct{ byName sync.Map }

// Lock waits for the lock of a name, and returns the function that releases it.
func (l *Locks) Lock(name string) (unlock func()) {
	value, _ := l.byName.LoadOrStore(name, &sync.Mutex{})
	mutex := value.(*sync.Mutex) //nolint:forcetypeassert // the map has no other values
	mutex.Lock()
	return mutex.Unlock
}
