package instaclustrsim_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// effects tells, for each knob, what to look at, what is seen by default, and what under each value.
var effects = map[string]struct {
	see    func(*world) string
	usual  string
	turned map[string]string
}{
	"initialKeys": {
		see:    func(w *world) string { return types(w.do(w.owner, "POST", usersPath, create("ci", "OWNER")).object()) },
		usual:  adminKeys,
		turned: map[string]string{"none": "", "all": adminKeys + " USER_MANAGEMENT"},
	},
	"onDowngrade": {
		see:   seeDowngrade,
		usual: "200 MONITORING, provisioning key alive: false",
		turned: map[string]string{
			"keep":   "200 MONITORING PROVISIONING, provisioning key alive: true",
			"refuse": "400 MONITORING PROVISIONING, provisioning key alive: true",
		},
	},
	"rotateKeepsAllowList": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY", "MONITORING")
			w.do(w.owner, "PUT", restrict("ci", "MONITORING"), cidrs("10.0.0.0/8"))
			answer := w.do(w.owner, "POST", rotate("ci", "MONITORING"), nil).object()["cidrAllowList"]
			return fmt.Sprint(answer, w.sim.AllowList("ci", "MONITORING"))
		},
		usual:  "[10.0.0.0/8] [10.0.0.0/8]",
		turned: map[string]string{"false": "[0.0.0.0/0] [0.0.0.0/0]"},
	},
	"generateStatus": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY")
			made := w.do(w.owner, "POST", keysOf("ci"), of("MONITORING"))
			return fmt.Sprint(made.status, made.object()["apiKeyType"], w.do(w.owner, "POST", rotate("ci", "MONITORING"), nil).status)
		},
		usual:  "200MONITORING200",
		turned: map[string]string{"201": "201MONITORING200"},
	},
	"emptyWriteStatus": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY", "MONITORING")
			a := w.do(w.owner, "PUT", restrict("ci", "MONITORING"), cidrs("10.0.0.0/8"))
			b := w.do(w.owner, "DELETE", keysOf("ci"), of("MONITORING"))
			return fmt.Sprintf("%d%q%q %d%q%q", a.status, a.body, a.header["Content-Length"], b.status, b.body, b.header["Content-Length"])
		},
		usual:  `200""["0"] 200""["0"]`,
		turned: map[string]string{"204": `204""[] 204""[]`},
	},
	"listWhenNone": {
		see: func(w *world) string {
			none := w.do(w.owner, "GET", usersPath, nil)
			w.robot("ci", "READ_ONLY")
			return fmt.Sprint(none.status, none.body, w.do(w.owner, "GET", usersPath, nil).status)
		},
		usual:  `200[]200`,
		turned: map[string]string{"404": `404{"message":"Resource not found","status":404}200`},
	},
	"typeField": {
		see: func(w *world) string {
			made := fields(w.do(w.owner, "POST", usersPath, create("ci", "READ_ONLY")).object())
			listed := fields(w.do(w.owner, "GET", usersPath, nil).list()[0])
			got := fields(w.do(w.owner, "GET", one("ci"), nil).object())
			updated := fields(w.do(w.owner, "PUT", one("ci"), object{}).object())
			return strings.Join([]string{made, listed, got, updated}, ", ")
		},
		usual: "apiKeyType apiKeyType, keyType keyType, apiKeyType keyType, apiKeyType keyType",
		turned: map[string]string{
			"keyType":    "keyType keyType, keyType keyType, keyType keyType, keyType keyType",
			"apiKeyType": "apiKeyType apiKeyType, apiKeyType apiKeyType, apiKeyType apiKeyType, apiKeyType apiKeyType",
		},
	},
	"cidr": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY", "MONITORING")
			status := w.do(w.owner, "PUT", restrict("ci", "MONITORING"), cidrs("127.0.0.1/31")).status
			return fmt.Sprint(status, w.sim.AllowList("ci", "MONITORING"))
		},
		usual:  "200 [127.0.0.1/31]",
		turned: map[string]string{"normalise": "200 [127.0.0.0/31]", "refuseHostBits": "400 [0.0.0.0/0]"},
	},
	"updateOmitted": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY")
			status := w.do(w.owner, "PUT", one("ci"), object{"profile": "OWNER"}).status
			return fmt.Sprint(status, w.sim.ServiceUsers()[0].Administrators)
		},
		usual:  "200 [a.smith]",
		turned: map[string]string{"clear": "200 [j.doe]", "refuse": "400 [a.smith]"},
	},
	"keyParams": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY", "MONITORING")
			return fmt.Sprint(w.do(w.owner, "POST", rotate("ci", "MONITORING"), nil).status, " ",
				w.do(w.owner, "POST", keysOf("ci")+"/rotate?apiKeyType=MONITORING", nil).status)
		},
		usual:  "200 404",
		turned: map[string]string{"query": "404 200"},
	},
	"deleteUser": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY")
			return fmt.Sprint(w.do(w.owner, "DELETE", one("ci"), nil).status, " ", w.do(w.owner, "DELETE", usersPath, nil).status)
		},
		usual:  "405 405",
		turned: map[string]string{"404": "404 405"},
	},
	"displayNameDefault": {
		see: func(w *world) string {
			return fmt.Sprint(w.do(w.owner, "POST", usersPath, create("ci", "READ_ONLY")).object()["displayName"])
		},
		usual:  "ci",
		turned: map[string]string{"null": "<nil>"},
	},
	"wrongKeyType": {
		see: func(w *world) string {
			return see(w.do(credential{w.owner.name, w.sim.AddKey(w.owner.name, "PROVISIONING")}, "GET", usersPath, nil))
		},
		usual:  "403 message",
		turned: map[string]string{"401": "401 "},
	},
	"addressRefused": {
		see: func(w *world) string {
			w.sim.SetAllowList(w.owner.name, "USER_MANAGEMENT", "192.0.2.0/24")
			return see(w.do(w.owner, "GET", usersPath, nil))
		},
		usual:  "403 message",
		turned: map[string]string{"401": "401 "},
	},
	"noRights": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY")
			return see(w.do(w.other, "GET", one("ci"), nil))
		},
		usual:  "403 message",
		turned: map[string]string{"404": "404 message status"},
	},
	"listScope": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY")
			count := func(as credential) int { return len(w.do(as, "GET", usersPath, nil).list()) }
			return fmt.Sprint(count(w.owner), count(w.admin), count(w.other))
		},
		usual:  "1 1 1",
		turned: map[string]string{"administered": "1 1 0"},
	},
	"missingKey": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY")
			return see(w.do(w.owner, "DELETE", keysOf("ci"), of("MONITORING"))) + ", " +
				see(w.do(w.owner, "POST", rotate("ci", "MONITORING"), nil)) + ", " +
				see(w.do(w.owner, "PUT", restrict("ci", "MONITORING"), cidrs("10.0.0.0/8")))
		},
		usual:  "400 apiKeyType, 400 apiKeyType, 400 apiKeyType",
		turned: map[string]string{"404": "404 message status, 404 message status, 404 message status"},
	},
	"roleAbove": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY")
			return see(w.do(w.admin, "POST", usersPath, create("cd", "OWNER"))) + ", " +
				see(w.do(w.admin, "PUT", one("ci"), object{"profile": "OWNER"}))
		},
		usual:  "400 profile, 400 profile",
		turned: map[string]string{"403": "403 message, 403 message"},
	},
	"getUser": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY")
			return strconv.Itoa(w.do(w.owner, "GET", one("ci"), nil).status)
		},
		usual:  "200",
		turned: map[string]string{"404": "404", "405": "405"},
	},
	"usernames": {
		see:    seeUsernames,
		usual:  "404 201 401",
		turned: map[string]string{"caseInsensitive": "200 400 200"},
	},
	"ipv6": {
		see: func(w *world) string {
			w.robot("ci", "READ_ONLY", "MONITORING")
			return see(w.do(w.owner, "PUT", restrict("ci", "MONITORING"), cidrs("2001:db8::/32")))
		},
		usual:  "400 cidrAllowList",
		turned: map[string]string{"accept": "200 "},
	},
	"emptyAdministrators": {
		see:    func(w *world) string { return seeAdministrators(w, []string{}) },
		usual:  "400 [a.smith]",
		turned: map[string]string{"accept": "200 []", "ignore": "200 [a.smith]"},
	},
	"unknownAdministrators": {
		see:    func(w *world) string { return seeAdministrators(w, []string{"nobody", "r.white"}) },
		usual:  "400 [a.smith]",
		turned: map[string]string{"accept": "200 [nobody r.white]"},
	},
	"selfRotation": {
		see: func(w *world) string {
			robot := w.robot("ci", "OWNER", "MONITORING", "USER_MANAGEMENT")
			return fmt.Sprint(w.do(credential{"ci", robot["USER_MANAGEMENT"]}, "POST", rotate("ci", "USER_MANAGEMENT"), nil).status, " ",
				w.do(credential{"ci", robot["MONITORING"]}, "POST", rotate("ci", "MONITORING"), nil).status)
		},
		usual:  "200 200",
		turned: map[string]string{"userManagementKey": "200 403"},
	},
}

// see is the status of an answer and the names in its body.
func see(r reply) string {
	names := ""
	if r.body != "" {
		names = strings.Join(slices.Sorted(maps.Keys(r.object())), " ")
	}
	return fmt.Sprint(r.status, " ", names)
}

func seeDowngrade(w *world) string {
	robot := w.robot("ci", "OWNER", "MONITORING", "PROVISIONING")
	status := w.do(w.owner, "PUT", one("ci"), object{"profile": "READ_ONLY"}).status
	left := types(w.do(w.owner, "GET", one("ci"), nil).object())
	return fmt.Sprintf("%d %s, provisioning key alive: %t", status, left, w.sim.KeyAlive("ci", robot["PROVISIONING"]))
}

func seeUsernames(w *world) string {
	w.robot("ci", "READ_ONLY")
	return fmt.Sprint(w.do(w.owner, "GET", one("CI"), nil).status, " ", w.do(w.owner, "POST", usersPath, create("CI", "OWNER")).status,
		" ", w.do(credential{"J.Doe", w.owner.key}, "GET", usersPath, nil).status)
}

func seeAdministrators(w *world, names []string) string {
	w.robot("ci", "READ_ONLY")
	status := w.do(w.owner, "PUT", one("ci"), object{"administrators": names}).status
	return fmt.Sprint(status, " ", w.sim.ServiceUsers()[0].Administrators)
}

func everyKnob() []instaclustrsim.Knob {
	return slices.Concat(instaclustrsim.Knobs(), instaclustrsim.Assumptions())
}

func TestKnobsHaveEffect(t *testing.T) {
	seen := map[string]bool{}
	for name, effect := range effects {
		t.Run(name, func(t *testing.T) { equal(t, "by default", effect.see(newWorld(t)), effect.usual) })
	}
	for _, knob := range everyKnob() {
		t.Run(knob.Name, func(t *testing.T) {
			name, value, _ := strings.Cut(knob.Name, "=")
			want, ok := effects[name].turned[value]
			if !ok || want == effects[name].usual || seen[knob.Name] {
				t.Fatal("no effect is known, or it is the default's, or the name is there twice")
			}
			seen[knob.Name] = true
			equal(t, "turned", effects[name].see(newWorld(t, knob.Set)), want)
		})
	}
	for name, effect := range effects {
		for value := range effect.turned {
			if !seen[name+"="+value] {
				t.Errorf("%s=%s is on no list", name, value)
			}
		}
	}
}
