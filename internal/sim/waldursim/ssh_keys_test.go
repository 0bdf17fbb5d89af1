package waldursim_test

import (
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestSSHKeys(t *testing.T) {
	blob := strings.Fields(keyOne)[1]
	w := newWorld(t)
	path := w.robot(waldursim.RobotAccount{})
	for key, ok := range map[string]bool{
		keyOne: true, keyTwo: true, keyTwo + " a b c": true,
		"ssh-ed25519": false, blob: false, "non sense": false, "ssh-rsa " + blob: false, "ssh-ed " + blob: false,
		"ssh-ed25519 " + blob[:len(blob)-1]: false, "ssh-ed25519 AAA=": false, "no-pty " + keyOne: false,
	} {
		r := w.do("provider", "PATCH", path, object{"keys": []string{keyTwo, key}})
		if ok {
			r.Want(200).WantFields(object{"keys": []string{keyTwo, key}})
			continue
		}
		r.Want(400).WantBody(only("keys", noKey))
		simtest.Panics(t, func() { w.sim.AddSSHKey(w.users["ada"], "k", key) })
	}
}

func TestUserKeysFollowTheUsers(t *testing.T) {
	w := newWorld(t)
	path := w.robot(waldursim.RobotAccount{})
	w.sim.AddSSHKey(w.users["ada"], "laptop", keyOne)
	w.sim.AddSSHKey(w.users["bo"], "desk", keyTwo)
	for _, test := range []struct{ user, key string }{{"ada", "laptop"}, {"bo", "desk"}} {
		w.do("provider", "PATCH", path, object{"users": w.links(test.user)}).Want(200)
		keys := w.do("provider", "GET", path, nil).Want(200).Object()["user_keys"].([]any)
		simtest.Equal(t, "names", []any{keys[0].(object)["name"], len(keys)}, []any{test.key, 1})
	}
}
