package tfkit

import "sync"

// Locks holds one lock a name, for work that looks before it leaps. The zero value is ready.
type Locks struct{ byName sync.Map }

// Lock waits for the lock of a name and returns the function that gives it back.
func (l *Locks) Lock(name string) (unlock func()) {
	made, _ := l.byName.LoadOrStore(name, &sync.Mutex{})
	mutex := made.(*sync.Mutex) //nolint:forcetypeassert // the map holds nothing else
	mutex.Lock()
	return mutex.Unlock
}
