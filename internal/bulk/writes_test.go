package bulk

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestProve deletes all things, some at a time, and proves that they are gone.
func TestProve(t *testing.T) {
	refused := errors.New("refused")
	for name, test := range map[string]struct {
		size, together int
		rowCost        float64
		listed         bool // by a list in any case
		off            bool
		change         func(*server)
		want           [3]int
		fails          bool
	}{
		"one": {size: 1, together: 1, rowCost: 0.1, want: [3]int{1, 0, 0}},
		// The list is cheaper once less than 90 are left.
		"ten at a time of few":   {size: 100, together: 10, rowCost: 0.1, want: [3]int{0, 1, 10}},
		"ten at a time of many":  {size: 200, together: 10, rowCost: 0.1, want: [3]int{100, 1, 10}},
		"two at a time, unpaged": {size: 10, together: 2, want: [3]int{10, 0, 0}},
		"ten at a time, unpaged": {size: 100, together: 10, want: [3]int{0, 0, 10}},
		"by lists":               {size: 3, together: 1, listed: true, want: [3]int{0, 0, 3}},
		"off":                    {size: 100, together: 10, off: true, want: [3]int{100, 0, 0}},
		"by lists, off":          {size: 20, together: 10, off: true, listed: true, want: [3]int{0, 0, 2}},
		"the list is refused": {
			size: 10, together: 10, change: func(s *server) { s.refuseList = refused }, want: [3]int{10, 0, 1},
		},
		"by lists, the list is refused": {
			size: 10, together: 10, listed: true, change: func(s *server) { s.refuseList = refused },
			want: [3]int{0, 0, 1}, fails: true,
		},
		"the count is refused": {
			size: 10, together: 10, rowCost: 0.1, change: func(s *server) { s.refuseRows = refused },
			want: [3]int{10, 1, 0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(test.size)
				if test.change != nil {
					test.change(s)
				}
				r := s.reader(test.rowCost)
				r.source.Off = test.off
				prove := r.Prove
				if test.listed {
					prove = r.ProveListed
				}
				for start := 0; start < test.size; start += test.together {
					var all sync.WaitGroup
					var done []func()
					for range test.together {
						done = append(done, r.Writing())
					}
					for i := range test.together {
						all.Go(func() {
							id := nameOf(start + i)
							time.Sleep(time.Duration(i) * time.Millisecond)
							s.remove(id)
							r.Remove(id)
							done[i]()
							left, err := prove(t.Context(), id)
							if gone := left == nil && (err == nil || errors.Is(err, errAbsent)); gone == test.fails {
								t.Errorf("%s: got %v, %v", id, left, err)
							}
						})
					}
					all.Wait()
				}
				if got := s.sent(); got != test.want {
					t.Errorf("single reads, counts and lists: got %v, want %v", got, test.want)
				}
			})
		})
	}
}

// TestProveLeft returns an object that is still there, from a list that began after the call.
func TestProveLeft(t *testing.T) {
	s := newServer(9)
	r := s.reader(0)
	if _, err := r.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.remove(nameOf(1))
	s.change(nameOf(2))
	for i, want := range map[int]bool{0: true, 1: false, 2: true} {
		got, err := r.ProveListed(t.Context(), nameOf(i))
		if err != nil || (got != nil) != want || i == 2 && got.version == 0 {
			t.Errorf("%d: got %v, %v", i, got, err)
		}
	}
}

// TestProofsOfSlowCaller shares lists although the caller, like Terraform, does something alone after each
// object, so that few deletes are in flight at the same time.
func TestProofsOfSlowCaller(t *testing.T) {
	const objects, workers = 200, 10
	synctest.Test(t, func(t *testing.T) {
		s := newServer(objects)
		r := s.reader(0)
		s.before = func() { time.Sleep(20 * time.Millisecond) }
		state := make(chan struct{}, 1)
		var all sync.WaitGroup
		next := make(chan int)
		for range workers {
			all.Go(func() {
				for i := range next {
					done := r.Writing()
					time.Sleep(20 * time.Millisecond)
					s.remove(nameOf(i))
					r.Drop(nameOf(i))
					done()
					if left, err := r.ProveListed(t.Context(), nameOf(i)); left != nil || err != nil {
						t.Errorf("%d: %v, %v", i, left, err)
					}
					state <- struct{}{}
					time.Sleep(100 * time.Millisecond)
					<-state
				}
			})
		}
		start := time.Now()
		for i := range objects {
			next <- i
		}
		close(next)
		all.Wait()
		const alone = objects * 100 * time.Millisecond
		if lists := s.sent()[2]; lists > objects/5 || time.Since(start) > alone*3/2 {
			t.Errorf("%d lists, in %s", lists, time.Since(start))
		}
	})
}

// TestSlowWrite proves without waiting for a write that takes long.
func TestSlowWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newServer(1).reader(0)
		done := r.Writing()
		start := time.Now()
		got, err := r.Prove(t.Context(), nameOf(0))
		if err != nil || got == nil || time.Since(start) != maxGathering {
			t.Errorf("got %v, %v after %s", got, err, time.Since(start))
		}
		done()
		if _, err := r.Prove(t.Context(), nameOf(0)); err != nil || time.Since(start) != maxGathering {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
}

// TestAll reads one list for all callers, and knows what was written since.
func TestAll(t *testing.T) {
	s := newServer(5)
	r := s.reader(0.1)
	var callers sync.WaitGroup
	for range 20 {
		callers.Go(func() {
			if found, err := r.All(t.Context()); err != nil || len(found) != 5 {
				t.Errorf("got %d, %v", len(found), err)
			}
		})
	}
	callers.Wait()
	r.Keep(s.change("new"))
	r.Drop(nameOf(0))
	r.Remove(nameOf(1))
	found, err := r.All(t.Context())
	if err != nil || len(found) != 5 || s.sent() != [3]int{0, 0, 1} {
		t.Errorf("got %d, %v, requests %v", len(found), err, s.sent())
	}
}

// TestKept knows objects from the responses to writes, as long as nothing else changed them.
func TestKept(t *testing.T) {
	rise := func(one thing) thing { return thing{one.id, one.version + 1} }
	for name, test := range map[string]struct {
		write func(*Reader[thing])
		want  *thing
	}{
		"nothing":          {func(*Reader[thing]) {}, nil},
		"kept":             {func(r *Reader[thing]) { r.Keep(&thing{"a", 7}) }, &thing{"a", 7}},
		"kept and changed": {func(r *Reader[thing]) { r.Keep(&thing{"a", 7}); r.Change("a", rise) }, &thing{"a", 8}},
		"kept and dropped": {func(r *Reader[thing]) { r.Keep(&thing{"a", 7}); r.Drop("a") }, nil},
		"kept and removed": {func(r *Reader[thing]) { r.Keep(&thing{"a", 7}); r.Remove("a") }, nil},
		"another one":      {func(r *Reader[thing]) { r.Keep(&thing{"b", 7}) }, nil},
		"changed unseen":   {func(r *Reader[thing]) { r.Change("a", rise) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := newServer(1).reader(0.1)
			test.write(r)
			got := r.Kept("a")
			if (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
	t.Run("read", func(t *testing.T) {
		r := newServer(1).reader(0.1)
		if _, err := r.Get(t.Context(), nameOf(0)); err != nil {
			t.Fatal(err)
		}
		r.Change(nameOf(0), rise)
		now, err := r.Get(t.Context(), nameOf(0))
		if err != nil || now.version != 1 || r.Kept(nameOf(0)) != nil {
			t.Errorf("got %v, %v, kept %v", now, err, r.Kept(nameOf(0)))
		}
	})
}

// TestReadersDrop drops an object in the place that knows it, and lets other places believe their list.
func TestReadersDrop(t *testing.T) {
	here, there := newServer(2), newServer(0)
	var readers Readers[thing]
	of := func(place string, s *server) *Reader[thing] {
		return readers.Of(place, func() Source[thing] { return s.reader(0).source })
	}
	readAll(t, of("here", here))
	readAll(t, of("there", there))
	here.change(nameOf(1))
	readers.Drop(nameOf(1))
	got, err := of("here", here).Get(t.Context(), nameOf(1))
	if err != nil || got.version == 0 {
		t.Errorf("got %v, %v", got, err)
	}
	readAll(t, of("there", there))
	if there.sent() != [3]int{0, 0, 1} {
		t.Errorf("requests to the other place: %v", there.sent())
	}
}
