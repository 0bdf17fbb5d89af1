package wavefrontsim_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Row 21.
func TestGenerate(t *testing.T) {
	w := newWorld(t)
	first := w.send("POST", ciTokens, body{"tokenName": "same", "tokenID": ownToken})
	id := first.response(0, "tokenID").(string)
	version4 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if !version4.MatchString(id) || id == ownToken {
		t.Errorf("token is %q", id)
	}
	for key, want := range map[string]string{
		"tokenName": "same", "account": "sa::ci", "accountType": "SERVICE_ACCOUNT", "lastUsed": "<nil>",
	} {
		same(t, key, first.response(0, key), want)
	}
	same(t, "generated", int64(first.response(0, "dateGenerated").(float64)), w.clock.Now().UnixMilli())

	w.clock.advance(time.Minute)
	for i, text := range []string{`{"tokenName":"same"}`, "", "null", "{}", `{"tokenName":null}`, `{"tokenName":""}`} {
		r := w.send("POST", ciTokens, text)
		same(t, "count", len(r.response().([]any)), i+2)
		same(t, "first", r.response(0, "tokenID"), id)
		name, _ := r.response(-1, "tokenName").(string)
		same(t, text, name == "same", i == 0)
		same(t, "generated", int64(r.response(-1, "dateGenerated").(float64)), w.clock.Now().UnixMilli())
	}
	listed := w.send("GET", ciTokens, nil).response()
	same(t, "account", w.send("GET", ci, nil).response("tokens"), listed)
	same(t, "live", len(w.sim.LiveTokens("sa::ci")), 7)
}

func TestGenerate_limit(t *testing.T) {
	w := newWorld(t)
	for range wavefrontsim.TokenLimit {
		w.send("POST", ciTokens, nil).response()
	}
	same(t, "message", w.send("POST", ciTokens, nil).refused(400), "Maximum number of API tokens (20) reached")
	w.update(body{"tokens": []string{ownToken}}).refused(400)
	w.send("DELETE", ciTokens+"/"+w.sim.LiveTokens("sa::ci")[3].ID, nil).response()
	same(t, "again", len(w.send("POST", ciTokens, nil).response().([]any)), 20)
	same(t, "minted", len(w.sim.Tokens()), 21)
}

// Row 22.
func TestRenameAndRevoke(t *testing.T) {
	w := newWorld(t)
	w.sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::other"})
	a, b := w.sim.AddToken("sa::ci", "a"), w.sim.AddToken("sa::ci", "b")
	foreign := w.sim.AddToken("sa::other", "c")

	r := w.send("PUT", ciTokens+"/"+a, body{"tokenID": a, "tokenName": "blue"})
	same(t, "renamed", fmt.Sprint(r.response("tokenID"), " ", r.response("tokenName")), a+" blue")
	same(t, "order", fmt.Sprint(w.send("GET", ciTokens, nil).response(0, "tokenName")), "blue")
	same(t, "path wins", w.send("PUT", ciTokens+"/"+a, body{"tokenID": b, "tokenName": "x"}).response("tokenID"), a)
	same(t, "unset", w.send("PUT", ciTokens+"/"+a, "{}").response("tokenName"), "<nil>")
	same(t, "same name", w.send("PUT", ciTokens+"/"+a, body{"tokenName": "b"}).response("tokenName"), "b")
	w.send("PUT", ciTokens+"/"+a, "").refused(400)
	w.send("PUT", ciTokens+"/"+a, `{"tokenName":1}`).refused(400)

	for _, path := range []string{ciTokens + "/" + foreign, ciTokens + "/no-uuid", ciTokens + "/" + noSuchToken} {
		for _, r := range []reply{w.send("PUT", path, body{"tokenName": "x"}), w.send("DELETE", path, nil)} {
			if message := r.refused(404); strings.Contains(message, foreign) {
				t.Errorf("a refusal names the token: %s", message)
			}
		}
	}
	same(t, "left", pick(w.send("DELETE", ciTokens+"/"+a, "{}").response(), "tokenID"), "["+b+"]")
	w.send("DELETE", ciTokens+"/"+a, nil).refused(404)
	same(t, "left", w.send("DELETE", ciTokens+"/"+b, "null").response(), "[]")
	same(t, "foreign", w.sim.TokenAlive(foreign), true)

	gone := "/api/v2/apitoken/serviceaccount/sa::gone"
	w.send("GET", gone, nil).refused(404)
	w.send("POST", gone, nil).refused(404)
	w.send("DELETE", gone+"/"+foreign, nil).refused(404)
	w.send("PUT", gone+"/"+foreign, body{"tokenName": "x"}).refused(404)
	w.send("GET", "/api/v2/apitoken/serviceaccount/"+wavefrontsim.AdminIdentifier, nil).refused(404)
}

// Row 28: lastUsed moves at once, for refused calls too.
func TestLastUsed(t *testing.T) {
	w := newWorld(t)
	token, idle := w.sim.AddToken("sa::ci", "busy"), w.sim.AddToken("sa::ci", "idle")
	w.clock.advance(time.Hour)
	w.sendAs(token, "GET", servicePath, nil).refused(403)
	r := w.send("GET", ci, nil)
	now := float64(w.clock.Now().UnixMilli())
	same(t, "account", r.response("lastUsed"), now)
	same(t, "busy", r.response("tokens", 0, "lastUsed"), now)
	same(t, "idle", r.response("tokens", 1, "lastUsed"), "<nil>")

	w.clock.advance(time.Hour)
	w.send("GET", ci, nil)
	same(t, "others' calls", w.send("GET", ci, nil).response("lastUsed"), now)
	w.sim.SetActive("sa::ci", false)
	w.sendAs(idle, "GET", servicePath, nil).refused(401)
	same(t, "refused token", w.send("GET", ci, nil).response("lastUsed"), now)
	w.sim.RemoveToken(token)
	same(t, "after revoking", w.send("GET", ci, nil).response("lastUsed"), now)

	manager := w.manager()
	own := w.sendAs(manager, "GET", servicePath+"/sa::manager", nil)
	same(t, "own call", own.response("lastUsed"), float64(w.clock.Now().UnixMilli()))
}
