package wavefrontsim_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Row 21: the new token is the last token, with an id that the server chooses and without a last
// use.
func TestGenerate(t *testing.T) {
	w := newWorld(t)
	w.clock.Advance(time.Minute)
	r := w.send("POST "+ciTokens, object{"tokenName": "blue", "tokenID": fresh}).Want(200)
	simtest.Equal(t, "tokens", r.See("response.*.tokenName", "response.*.accountType", "response.1.account",
		"response.1.lastUsed"), "200 [blue blue] [SERVICE_ACCOUNT SERVICE_ACCOUNT] sa::ci <nil>")
	made := r.Object()["response"].([]any)[1].(object)
	simtest.Equal(t, "generated", int64(made["dateGenerated"].(float64)), w.clock.Now().UnixMilli())
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if id := made["tokenID"].(string); !uuid.MatchString(id) || id == fresh {
		t.Errorf("token %s", id)
	}
	simtest.Equal(t, "list", w.send("GET "+ciTokens, nil).Body, r.Body)
	simtest.Equal(t, "live", len(w.sim.LiveTokens("SA::CI")), 2)
}

// Row 21: the limit.
func TestGenerate_limit(t *testing.T) {
	w := newWorld(t)
	for range wavefrontsim.TokenLimit - 1 {
		w.send("POST "+ciTokens, nil).Want(200)
	}
	w.run(
		step{"POST " + ciTokens, nil, "status.message", "400 Maximum number of API tokens (20) reached"},
		step{"PUT " + ci, write("sa::ci", object{"tokens": []string{fresh}}), "status.code", "400 400"},
		step{"DELETE " + ciTokens + "/" + blue, nil, "status.code", "200 200"},
		step{"POST " + ciTokens, nil, "status.code", "200 200"},
	)
	simtest.Equal(t, "issued", len(w.sim.Tokens()), 21)
}

// Row 22. The path names the token, and a refusal does not show it.
func TestRenameAndRevoke(t *testing.T) {
	w := newWorld(t)
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::other"})
	theirs := w.sim.AddToken("sa::other", "c")
	second := w.sim.AddToken("sa::ci", "second")
	rename, places := "PUT "+ciTokens+"/"+blue, "response.tokenID response.tokenName"
	w.run(
		step{rename, object{"tokenID": blue, "tokenName": "x"}, places, "200 " + blue + " x"},
		step{rename, object{"tokenID": second, "tokenName": "second"}, places, "200 " + blue + " second"},
		step{rename, object{}, places, "200 " + blue + " <nil>"},
	)
	const other = "apitoken/serviceaccount/sa::gone/"
	for _, path := range []string{ciTokens + "/" + theirs, ciTokens + "/no-uuid", other + theirs} {
		for _, method := range []string{"PUT ", "DELETE "} {
			r := w.send(method+path, object{"tokenName": "x"}).Want(404)
			if strings.Contains(r.Body, theirs) {
				t.Errorf("a refusal names the token: %s", r.Body)
			}
		}
	}
	w.run(
		step{"DELETE " + ciTokens + "/" + blue, nil, "response.*.tokenName", "200 [second]"},
		step{"DELETE " + ciTokens + "/" + blue, nil, "status.code", "404 404"},
		step{"DELETE " + ciTokens + "/" + second, nil, "response", "200 []"},
		step{"POST apitoken/serviceaccount/sa::gone", nil, "status.code", "404 404"},
		step{"GET apitoken/serviceaccount/" + wavefrontsim.AdminIdentifier, nil, "status.code", "404 404"},
	)
	simtest.Equal(t, "the token of another account", w.sim.TokenAlive(theirs), true)
}
