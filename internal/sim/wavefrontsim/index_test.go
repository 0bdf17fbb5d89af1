package wavefrontsim_test

import (
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Row 26: the index lags behind writes and drift; reads do not.
func TestSearchLag(t *testing.T) {
	w := newWorld(t, func(o *wavefrontsim.Options) { o.SearchLag = 200 * time.Millisecond })
	find := func(want string) {
		t.Helper()
		w.run(step{"POST search/serviceaccount", nil, "response.items.*.identifier", "200 " + want})
	}
	find("[sa::ci]") // an Add method is seen at once
	w.send("POST "+accounts, write("sa::new")).Want(200)
	w.clock.Advance(100 * time.Millisecond)
	w.sim.RemoveServiceAccount("sa::ci")
	w.run(step{"GET " + accounts, nil, "response.*.identifier", "200 [sa::new]"})
	w.clock.Advance(99 * time.Millisecond)
	find("[sa::ci]")
	w.clock.Advance(time.Millisecond)
	find("[sa::ci sa::new]")
	w.clock.Advance(100 * time.Millisecond)
	find("[sa::new]")
}
