package waldursim_test

import (
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestServiceAccountHooks(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		// Neither the limit nor the mode prevents a seed.
		w.sim.SetLimit(w.scope(k), 0)
		w.sim.SetBackend(waldursim.BackendOff)
		uuid, key := w.seed(k, waldursim.ServiceAccount{
			Scope: hyphened(w.scope(k)), Username: "chosen", PreferredIdentifier: "bot", Description: "d",
			Email: "a@b.example",
		})
		w.sim.SetBackend(waldursim.BackendAPI)
		w.do(k.manager, "GET", k.one(uuid), nil).Want(200).WantFields(object{
			"username": "chosen", "preferred_identifier": "bot", "description": "d", "email": "a@b.example",
			k.scope: w.scope(k), "state": "OK", "token": nil,
		})
		simtest.Equal(w.T, "live keys", w.sim.LiveKeys("chosen"), []string{key})

		w.clock.Advance(time.Hour)
		w.sim.EditServiceAccount(hyphened(uuid), func(a *waldursim.ServiceAccount) { a.Description = "edited" })
		w.do(k.manager, "GET", k.one(uuid), nil).Want(200).
			WantFields(object{"description": "edited", "created": made, "modified": hourLater})

		// An armed failure is for requests.
		w.sim.FailBackend("close", waldursim.BackendFault{Status: 500})
		w.sim.RemoveServiceAccount(uuid)
		w.do("staff", "GET", k.one(uuid), nil).Want(404)
		simtest.Equal(w.T, "alive", w.sim.KeyAlive(key), false)
		simtest.Equal(w.T, "stored", w.sim.ServiceAccounts(), []waldursim.ServiceAccount{{
			UUID: uuid, Scope: w.scope(k), Username: "chosen", PreferredIdentifier: "bot", Description: "edited",
			Email: "a@b.example", State: "Closed",
		}})
	})
}
