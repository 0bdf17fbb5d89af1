package bulk

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Each read returns its number, and takes a second.
func numbered(reads *atomic.Int32) *Fresh[int32] {
	return &Fresh[int32]{Read: func(ctx context.Context) (int32, error) {
		number := reads.Add(1)
		select {
		case <-time.After(time.Second):
			return number, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}}
}

func TestFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		f := numbered(&reads)
		var all sync.WaitGroup
		// The third call comes when the first read has begun, which it must not join.
		for i, at := range []time.Duration{0, gathering / 2, gathering + time.Millisecond, time.Minute} {
			want := []int32{1, 1, 2, 3}[i]
			all.Go(func() {
				time.Sleep(at)
				if got, err := f.Get(t.Context()); err != nil || *got != want {
					t.Errorf("call %d: got %v, %v, want read %d", i, got, err, want)
				}
			})
		}
		all.Wait()
		if got := reads.Load(); got != 3 {
			t.Errorf("%d reads", got)
		}
	})
}

func TestFreshFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failure := errors.New("off")
		f := &Fresh[int]{Read: func(context.Context) (int, error) { return 0, failure }}
		if _, err := f.Get(t.Context()); !errors.Is(err, failure) {
			t.Errorf("got %v", err)
		}
	})
}

// A caller that leads a read and gives up does not end the read of the others.
func TestFreshInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		f := numbered(&reads)
		leads, giveUp := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := f.Get(leads); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			if got, err := f.Get(t.Context()); err != nil || *got != 2 {
				t.Errorf("got %v, %v", got, err)
			}
		})
		time.Sleep(gathering + time.Millisecond)
		giveUp()
		all.Wait()
	})
}
