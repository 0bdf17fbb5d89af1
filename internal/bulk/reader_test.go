package bulk

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestRequests counts the single reads, counts and lists of reads of different objects, one after the other.
func TestRequests(t *testing.T) {
	const unpaged = 0
	refused := errors.New("refused")
	for name, test := range map[string]struct {
		size, reads int
		rowCost     float64
		change      func(*server)
		off         bool
		want        [3]int
	}{
		"one":                             {size: 1, reads: 1, rowCost: 0.1, want: [3]int{1, 0, 0}},
		"few of many":                     {size: 3000, reads: 20, rowCost: 0.1, want: [3]int{20, 1, 0}},
		"three of very many":              {size: 20_000, reads: 3, rowCost: 0.1, want: [3]int{3, 1, 0}},
		"all of many":                     {size: 1000, reads: 1000, rowCost: 0.1, want: [3]int{100, 1, 1}},
		"all of many, with dear rows":     {size: 1000, reads: 1000, rowCost: 0.2, want: [3]int{200, 1, 1}},
		"all of few":                      {size: 5, reads: 5, rowCost: 0.1, want: [3]int{1, 1, 1}},
		"none of some":                    {size: 0, reads: 5, rowCost: 0.1, want: [3]int{5, 1, 0}},
		"some that do not exist":          {size: 4, reads: 6, rowCost: 0.1, want: [3]int{3, 1, 1}},
		"unpaged, few":                    {size: 20_000, reads: 3, rowCost: unpaged, want: [3]int{3, 0, 0}},
		"unpaged, all":                    {size: 1000, reads: 1000, rowCost: unpaged, want: [3]int{3, 0, 1}},
		"unpaged, some that do not exist": {size: 8, reads: 10, rowCost: unpaged, want: [3]int{5, 0, 1}},
		"off":                             {size: 1000, reads: 1000, rowCost: 0.1, off: true, want: [3]int{1000, 0, 0}},
		"the list is refused": {
			size: 100, reads: 100, rowCost: 0.1, change: func(s *server) { s.refuseList = refused },
			want: [3]int{100, 1, 1},
		},
		"the count is refused": {
			size: 100, reads: 100, rowCost: 0.1, change: func(s *server) { s.refuseRows = refused },
			want: [3]int{100, 1, 0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(test.size)
			if test.change != nil {
				test.change(s)
			}
			r := s.reader(test.rowCost)
			r.source.Off = test.off
			for i := range test.reads {
				got, err := r.Get(t.Context(), nameOf(i))
				if exists := i < test.size; exists != (err == nil) || exists && got.id != nameOf(i) {
					t.Fatalf("read %d: got %v, %v", i, got, err)
				}
			}
			if got := s.sent(); got != test.want {
				t.Errorf("single reads, counts and lists: got %v, want %v", got, test.want)
			}
		})
	}
}

// TestCost reads in any order, and compares the cost with that of the best choice of single reads and list.
func TestCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(0, 400).Draw(t, "size")
		rowCost := rapid.SampledFrom([]float64{0, 0.1, 0.2, 0.4, 1}).Draw(t, "cost of a row")
		reads := rapid.SliceOfN(rapid.IntRange(0, size+10), 0, 500).Draw(t, "reads")
		s := newServer(size)
		r := s.reader(rowCost)
		present, absent := map[int]bool{}, 0
		for _, i := range reads {
			if _, err := r.Get(t.Context(), nameOf(i)); (err == nil) != (i < size) {
				t.Fatalf("read %d of %d: %v", i, size, err)
			}
			if i < size {
				present[i] = true
			} else {
				absent++ // the absence of an object is always asked anew
			}
		}
		list := unpagedCost
		if rowCost > 0 {
			list = 1 + int(math.Ceil(float64(size)*rowCost))
		}
		best := absent + min(len(present), list)
		most := 2 * best
		if absent > 0 {
			most++ // the list was read for an object that it does not have
		}
		if cost := s.gets + s.counts + s.lists*list; cost > most {
			t.Fatalf("cost %d, the best is %d: %v", cost, best, s.sent())
		}
	})
}

// TestNeverWrong mixes reads with writes of this provider and of others. A read returns what the server
// had at some time since the last write that the reader knows of.
func TestNeverWrong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newServer(rapid.IntRange(0, 30).Draw(t, "size"))
		r := s.reader(rapid.SampledFrom([]float64{0, 0.1, 0.4}).Draw(t, "cost of a row"))
		r.source.Off = rapid.Bool().Draw(t, "off")
		since := map[string]int{} // the version of the last known write, by id
		var during func()
		s.before = func() {
			if during != nil {
				during()
			}
		}
		id := rapid.Custom(func(t *rapid.T) string { return nameOf(rapid.IntRange(0, 35).Draw(t, "number")) })
		write := func(t *rapid.T) {
			name := id.Draw(t, "written")
			switch rapid.IntRange(0, 3).Draw(t, "write") {
			case 0:
				r.Keep(s.change(name))
			case 1:
				s.change(name)
				r.Drop(name)
			case 2:
				s.remove(name)
				r.Remove(name)
			case 3:
				s.remove(name)
				r.Drop(name) // the response was lost
			}
			since[name] = s.version
		}
		t.Repeat(map[string]func(*rapid.T){
			"write": write,
			"write by others": func(t *rapid.T) {
				if name := id.Draw(t, "changed"); rapid.Bool().Draw(t, "removes") {
					s.remove(name)
				} else {
					s.change(name)
				}
			},
			"write during reads": func(t *rapid.T) { during = func() { during = nil; write(t) } },
			"the list fails":     func(*rapid.T) { s.refuseList = errors.New("no") },
			"the list works":     func(*rapid.T) { s.refuseList = nil },
			"read": func(t *rapid.T) {
				name := id.Draw(t, "read")
				start := since[name]
				got, err := r.Get(t.Context(), name)
				now, exists := s.things[name]
				switch {
				case err == nil && (got.id != name || got.version < start && got.version > 0 ||
					got.version > now && exists):
					t.Fatalf("%s: got %+v, want a version from %d to %d", name, got, start, now)
				case err == nil && got.version == 0 && start > 0:
					t.Fatalf("%s: got the first version, after a write", name)
				case err != nil && (!errors.Is(err, errAbsent) || exists && since[name] == start):
					t.Fatalf("%s: %v, but it exists", name, err)
				}
			},
			"all": func(t *rapid.T) { checkAll(t, s, r, since) },
		})
	})
}

// checkAll checks that All has what this provider has created and nothing that it has deleted.
func checkAll(t *rapid.T, s *server, r *Reader[thing], since map[string]int) {
	start := map[string]int{}
	for name, version := range since {
		start[name] = version
	}
	found, err := r.All(t.Context())
	if err != nil {
		if s.refuseList == nil {
			t.Fatal(err)
		}
		return
	}
	has := map[string]bool{}
	for _, value := range found {
		if has[value.id] {
			t.Fatalf("All has %s twice", value.id)
		}
		has[value.id] = true
	}
	for name, version := range start {
		if since[name] == version && s.things[name] == version && version > 0 && !has[name] {
			t.Fatalf("All lacks %s, which exists since %d", name, version)
		}
	}
}

// TestTogether reads everything from 50 goroutines, some of which give up.
func TestTogether(t *testing.T) {
	for range 5 {
		const size = 300
		s := newServer(size)
		s.before = runtime.Gosched
		r := s.reader(0.1)
		var all sync.WaitGroup
		for worker := range 50 {
			all.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if worker%5 == 0 {
					time.AfterFunc(time.Duration(rand.IntN(500))*time.Microsecond, cancel)
				}
				for _, i := range rand.Perm(size) {
					got, err := r.Get(ctx, nameOf(i))
					switch {
					case err == nil && got.id == nameOf(i):
					case err != nil && ctx.Err() != nil:
						return
					default:
						t.Errorf("read %d: got %v, %v", i, got, err)
						return
					}
				}
			})
		}
		all.Wait()
		if sent := s.sent(); sent[0] > 30+10 || sent[1] > 11 || sent[2] > 11 { // ten may have given up
			t.Errorf("single reads, counts and lists: %v", sent)
		}
	}
}

// TestSharedRead sends one request for equal reads at the same time, and another one after a write.
func TestSharedRead(t *testing.T) {
	s := newServer(1)
	r := s.reader(0.1)
	arrived, release := make(chan struct{}, 2), make(chan struct{})
	s.before = func() { arrived <- struct{}{}; <-release }
	var reads sync.WaitGroup
	versions := make([]int, 3)
	read := func(i int) {
		reads.Go(func() {
			got, err := r.Get(t.Context(), nameOf(0))
			if err != nil {
				t.Error(err)
				return
			}
			versions[i] = got.version
		})
	}
	read(0)
	<-arrived
	read(1)
	time.Sleep(time.Millisecond)
	if s.change(nameOf(0)); true {
		r.Drop(nameOf(0))
	}
	read(2)
	<-arrived
	close(release)
	reads.Wait()
	if versions[2] != 1 || s.sent()[0] > 2 {
		t.Errorf("versions %v, single reads %d", versions, s.sent()[0])
	}
}

// TestFind believes the list that an object does not exist, but not after a write.
func TestFind(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*testing.T, *server, *Reader[thing])
		found   bool
		err     error
		sent    [3]int // single reads, counts and lists of all
	}{
		"nothing was read": {func(*testing.T, *server, *Reader[thing]) {}, false, errAbsent, [3]int{1, 0, 0}},
		"not in the list": {func(t *testing.T, _ *server, r *Reader[thing]) { readAll(t, r) }, false, nil,
			[3]int{0, 0, 1}},
		"created since": {func(t *testing.T, s *server, r *Reader[thing]) {
			readAll(t, r)
			r.Keep(s.change("new"))
		}, true, nil, [3]int{0, 0, 1}},
		"perhaps created since": {func(t *testing.T, s *server, r *Reader[thing]) {
			readAll(t, r)
			s.change("new")
			r.Drop("new")
		}, true, nil, [3]int{1, 0, 1}},
		"created and removed": {func(t *testing.T, s *server, r *Reader[thing]) {
			r.Keep(s.change("new"))
			s.remove("new")
			r.Remove("new")
		}, false, nil, [3]int{0, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(5)
			r := s.reader(0)
			test.prepare(t, s, r)
			got, err := r.Find(t.Context(), "new")
			if (got != nil) != test.found || !errors.Is(err, test.err) || s.sent() != test.sent {
				t.Errorf("got %v, %v, after %v requests", got, err, s.sent())
			}
		})
	}
}

func readAll(t *testing.T, r *Reader[thing]) {
	t.Helper()
	if _, err := r.All(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkRefresh reads all objects once, each by its id.
func BenchmarkRefresh(b *testing.B) {
	for _, size := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				r := newServer(size).reader(0.1)
				for i := range size {
					if _, err := r.Get(b.Context(), nameOf(i)); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
