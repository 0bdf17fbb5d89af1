package instaclustrsim_test

import "testing"

const probe = "/_emu/whoami"

func TestProbe(t *testing.T) {
	w := newWorld(t)
	robot := w.robot("ci", "READ_ONLY", "MONITORING", "PROVISIONING_READONLY")
	as := credential{"ci", robot["MONITORING"]}
	w.do(as, "GET", probe, nil).want(200).
		wantBody(`{"account":"` + w.sim.Account() + `","username":"ci","keyType":"MONITORING","serviceUser":true}`)
	w.do(w.owner, "GET", probe+"?address=203.0.113.7", nil).want(200).
		wantBody(`{"account":"` + w.sim.Account() + `","username":"j.doe","keyType":"USER_MANAGEMENT","serviceUser":false}`)
	w.do(credential{}, "GET", probe, nil).want(401)
	w.do(credential{"cd", as.key}, "GET", probe, nil).want(401)

	w.do(w.owner, "PUT", restrict("ci", "MONITORING"), cidrs("203.0.113.0/24")).want(200)
	w.do(as, "GET", probe+"?address=203.0.113.7", nil).want(200)
	w.do(as, "GET", probe+"?address=203.0.114.7", nil).want(403)
	w.do(as, "GET", probe+"?address=somewhere", nil).want(400)
	w.do(as, "GET", probe, nil).want(403)
	w.address.set("203.0.113.8")
	w.do(as, "GET", probe, nil).want(200)
	w.do(credential{"ci", robot["PROVISIONING_READONLY"]}, "GET", probe+"?address=192.0.2.1", nil).want(200)

	w.do(w.owner, "POST", rotate("ci", "MONITORING"), nil).want(200)
	w.do(as, "GET", probe+"?address=203.0.113.7", nil).want(401)
	as.key = w.sim.Secret("ci", "MONITORING")
	w.do(as, "GET", probe+"?address=203.0.113.7", nil).want(200)
	w.do(w.owner, "DELETE", keysOf("ci"), of("MONITORING")).want(200)
	w.do(as, "GET", probe+"?address=203.0.113.7", nil).want(401)
	equal(t, "recorded requests", w.sim.Count("*"), 3)
}
