package waldursim_test

import (
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestIssuedKeys(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		uuid, first := w.seed(k, waldursim.ServiceAccount{Scope: w.scope(k), Username: "bot"})
		second, _ := w.do(k.manager, "POST", k.rotate(uuid), nil).Want(200).Object()["token"].(string)
		want := []simkit.Key{
			{Account: "bot", Secret: first}, {Account: "bot", Secret: second, Alive: true},
		}
		simtest.Equal(w.T, "rotated", w.sim.IssuedKeys(), want)
		w.clock.Advance(31 * 24 * time.Hour)
		want[1].Alive = false
		simtest.Equal(w.T, "expired", w.sim.IssuedKeys(), want)
	})
}

// TestObjects finds closed accounts too, and keys that work.
func TestObjects(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		open, key := w.seed(k, waldursim.ServiceAccount{Scope: w.scope(k), Username: "open"})
		closed, _ := w.seed(k, waldursim.ServiceAccount{Scope: w.scope(k), Username: "closed"})
		w.sim.RemoveServiceAccount(closed)
		tokens, kinds := map[any]any{}, map[string]int{}
		for _, o := range w.sim.Objects("waldur.example") {
			kinds[o.Kind]++
			if o.Kind == k.scope+"_service_account" {
				tokens[o.Object["uuid"]] = o.Object["token"]
				url := "http://waldur.example" + k.one(o.Object["uuid"].(string))
				simtest.Equal(w.T, "url", o.Object["url"], any(url))
			}
		}
		simtest.Equal(w.T, "tokens", tokens, map[any]any{open: key, closed: nil})
		simtest.Equal(w.T, "kinds", kinds, map[string]int{
			"customer": 3, "project": 2, "resource": 3, "user": 12, k.scope + "_service_account": 2,
		})
	})
}
