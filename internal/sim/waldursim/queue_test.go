package waldursim_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// TestOneAtATime sends creates at once: the time of the requests and of the account service adds up
// for one token, and not over tokens.
func TestOneAtATime(t *testing.T) {
	const each, requests = 50 * time.Millisecond, 5
	for _, test := range []struct {
		name    string
		queue   bool
		callers []string
		sum     bool
	}{
		{"one token", true, []string{"owner"}, true},
		{"a token each", true, []string{"owner", "a", "b", "c", "d"}, false},
		{"one token without a queue", false, []string{"owner"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, func(o *waldursim.Options) {
				o.OneAtATime, o.RequestTime, o.ServiceTime = test.queue, each, each
			})
			for _, name := range test.callers[1:] {
				w.addUser(name, waldursim.User{}, waldursim.CustomerOwner, w.customer)
			}
			start := time.Now()
			var all sync.WaitGroup
			for i := range requests {
				all.Go(func() {
					w.do(test.callers[i%len(test.callers)], "POST", kinds[0].path, w.body(kinds[0], "bot")).Want(201)
				})
			}
			all.Wait()
			passed := time.Since(start)
			simtest.Equal(t, fmt.Sprintf("%s is the sum", passed), passed >= requests*2*each, test.sum)
		})
	}
}

// TestQueueKeepsOrderAndAbandonedRequests sends requests one after the other, of which the first two
// are given up.
func TestQueueKeepsOrderAndAbandonedRequests(t *testing.T) {
	w := newWorld(t, func(o *waldursim.Options) { o.OneAtATime, o.RequestTime = true, 500*time.Millisecond })
	impatient := &http.Client{Timeout: 100 * time.Millisecond}
	for _, name := range []string{"a", "b"} {
		body := strings.NewReader(`{"customer": "` + w.customer + `", "preferred_identifier": "` + name + `"}`)
		request, err := http.NewRequestWithContext(t.Context(), "POST", w.URL+kinds[0].path, body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{
			"Authorization": {"Token " + w.tokens["owner"]}, "Content-Type": {"application/json"},
		}
		if response, err := impatient.Do(request); err == nil {
			response.Body.Close()
			t.Fatal("a response in time")
		}
	}
	w.create(kinds[0], "c")
	var names []string
	for _, account := range w.sim.ServiceAccounts() {
		names = append(names, account.PreferredIdentifier)
	}
	simtest.Equal(t, "order", names, []string{"a", "b", "c"})
}
