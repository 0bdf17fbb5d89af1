package waldursim_test

import (
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestSSHKeys(t *testing.T) {
	blob := strings.Fields(keyOne)[1]
	tests := []struct {
		name, key string
		ok        bool
	}{
		{"with a comment", keyOne, true},
		{"without a comment", keyTwo, true},
		{"with a comment of words", keyTwo + " a b c", true},
		{"type alone", "ssh-ed25519", false},
		{"blob alone", blob, false},
		{"word", "nonsense", false},
		{"two words", "non sense", false},
		{"another type than the blob's", "ssh-rsa " + blob, false},
		{"type in capitals", "SSH-ED25519 " + blob, false},
		{"the beginning of the blob's type", "ssh-ed " + blob, false},
		{"blob cut to no base64", "ssh-ed25519 " + blob[:len(blob)-1], false},
		{"blob with another sign", "ssh-ed25519 " + strings.Replace(blob, "A", "!", 1), false},
		{"blob without padding", strings.TrimRight(keyTwo, "="), false},
		{"blob shorter than a length", "ssh-ed25519 AAA=", false},
		{"blob with no type", "ssh-ed25519 AAAAAA==", false},
		{"blob shorter than its length", "ssh-ed25519 /////3NzaC1lZDI1NTE5", false},
		{"with options", "no-pty " + keyOne, false},
		{"with options and a value", `command="echo hi",no-pty ` + keyOne, false},
		{"private", "-----BEGIN OPENSSH PRIVATE KEY-----\n" + blob, false},
	}
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := w.in(t)
			body := object{"keys": []string{keyTwo, test.key}}
			r := w.do("provider", "PATCH", path, body)
			if !test.ok {
				r.want(400).wantBody(only("keys", noKey))
				wantPanic(t, func() { w.sim.AddSSHKey(w.users["ada"], "k", test.key) })
				wantPanic(t, func() {
					w.sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.spare, Type: "x", Keys: []string{test.key}})
				})
				return
			}
			wantFields(t, r.want(200).object(), object{"keys": []any{keyTwo, test.key}})
		})
	}
}

func TestUserKeysFollowTheUsers(t *testing.T) {
	w := newRobots(t)
	path := w.robot(waldursim.RobotAccount{Users: w.uuids("ada"), ResponsibleUser: w.users["bo"], Keys: []string{keyThree}})
	names := func() []string {
		w.t.Helper()
		names := []string{}
		for _, key := range w.do("provider", "GET", path, nil).want(200).object()["user_keys"].([]any) {
			names = append(names, key.(map[string]any)["name"].(string))
		}
		return names
	}
	wantSet(t, names())
	w.sim.AddSSHKey(w.users["ada"], "laptop", keyOne)
	w.sim.AddSSHKey(w.users["bo"], "desk", keyTwo)
	wantSet(t, names(), "laptop")
	w.do("provider", "PATCH", path, object{"users": w.userList("ada", "bo")}).want(200)
	wantSet(t, names(), "laptop", "desk")
	w.do("provider", "PATCH", path, object{"users": w.userList("bo")}).want(200)
	wantSet(t, names(), "desk")
	wantPanic(t, func() { w.sim.AddSSHKey(w.project, "k", keyOne) })
}
