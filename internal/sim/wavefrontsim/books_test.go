package wavefrontsim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

func TestIssuedKeys(t *testing.T) {
	w := newWorld(t)
	second := w.sim.AddToken("sa::ci", "second")
	want := []simkit.Key{
		{Account: "sa::ci", Name: "blue", Secret: blue, Alive: true},
		{Account: "sa::ci", Name: "second", Secret: second, Alive: true},
	}
	simtest.Equal(t, "at the start", w.sim.IssuedKeys(), want)
	w.send("PUT "+ciTokens+"/"+second, object{"tokenName": "green"}).Want(200)
	w.send("DELETE "+ciTokens+"/"+blue, nil).Want(200)
	want[0].Alive, want[1].Name = false, "green"
	simtest.Equal(t, "renamed and revoked", w.sim.IssuedKeys(), want)
	w.send("PUT "+ci, write("sa::ci", object{"active": false})).Want(200)
	want[1].Alive = false
	simtest.Equal(t, "inactive", w.sim.IssuedKeys(), want)
}

func TestObjects(t *testing.T) {
	w := newWorld(t)
	kinds := map[string]int{}
	for _, o := range w.sim.Objects("") {
		kinds[o.Kind]++
		if o.Kind == "service_account" {
			read := w.send("GET "+ci, nil).Want(200).Object()["response"]
			simtest.Equal(t, "account", string(simkit.Encode(o.Object)), string(simkit.Encode(read)))
		}
	}
	simtest.Equal(t, "kinds", kinds, map[string]int{"role": 2, "user_group": 3, "service_account": 1})
}
