package tfkit

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Nothing else guards the counters: the race detector finds a lock that does not exclude.
func TestLocksExclude(t *testing.T) {
	const names, workers, rounds = 5, 8, 50
	var (
		locks   Locks
		counts  [names]int
		holders [names]int
		wait    sync.WaitGroup
	)
	for worker := range workers {
		wait.Go(func() {
			for round := range rounds {
				for i := range names {
					name := (i + worker + round) % names
					unlock := locks.Lock(fmt.Sprint(name))
					holders[name]++
					if holders[name] != 1 {
						t.Errorf("%d holders of one lock", holders[name])
					}
					counts[name]++
					holders[name]--
					unlock()
				}
			}
		})
	}
	wait.Wait()
	for name, count := range counts {
		if count != workers*rounds {
			t.Errorf("lock %d was held %d times, want %d", name, count, workers*rounds)
		}
	}
}

func TestLocksWaitForTheirOwnNameOnly(t *testing.T) {
	var locks Locks
	unlock := locks.Lock("a")
	for _, name := range []string{"b", "", "A"} {
		locks.Lock(name)() // does not wait
	}
	var released atomic.Bool
	waited := make(chan bool)
	go func() {
		defer locks.Lock("a")()
		waited <- released.Load()
	}()
	time.Sleep(20 * time.Millisecond) // for the other to run into the lock
	released.Store(true)
	unlock()
	if !<-waited {
		t.Error("the lock was taken while it was held")
	}
}

func TestLocksCanBeTakenAgain(t *testing.T) {
	var locks Locks
	for range 3 {
		locks.Lock("a")()
	}
}
