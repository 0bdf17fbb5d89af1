package tfkit

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Each counter is written without any other guard: the race detector sees a lock that does not exclude.
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
	synctest.Test(t, func(t *testing.T) {
		var locks Locks
		events := make(chan string, 10)
		begin := time.Now()
		unlock := locks.Lock("a")
		for _, name := range []string{"a", "b", ""} {
			go func() {
				unlock := locks.Lock(name)
				events <- fmt.Sprintf("%q after %s", name, time.Since(begin))
				unlock()
			}()
		}
		time.Sleep(time.Hour)
		unlock()
		synctest.Wait()
		got := map[string]bool{<-events: true, <-events: true, <-events: true}
		for _, want := range []string{`"a" after 1h0m0s`, `"b" after 0s`, `"" after 0s`} {
			if !got[want] {
				t.Errorf("missing %s in %v", want, got)
			}
		}
	})
}

func TestLocksCanBeTakenAgain(t *testing.T) {
	var locks Locks
	for range 3 {
		locks.Lock("a")()
	}
}
