package sealed

import (
	"slices"
	"strings"
	"testing"
)

func TestParseIdentities(t *testing.T) {
	a, b := native(t), native(t)
	ed, rsa := sshPair(t, newEd25519(t), ""), sshPair(t, newRSA(t, 2048), "")
	for name, test := range map[string]struct {
		text string
		want []string // recipients
	}{
		"one": {a.private, []string{a.public}},
		"a file": {
			"# created: now\n# public key: " + a.public + "\n" + a.private + "\r\n", []string{a.public},
		},
		"two":                {a.private + "\n\n" + b.private, []string{a.public, b.public}},
		"ssh-ed25519":        {ed.private, []string{ed.public}},
		"indented PEM":       {strings.ReplaceAll(ed.private, "\n", "\n  "), []string{ed.public}},
		"all kinds":          {rsa.private + a.private + "\n" + ed.private, []string{rsa.public, a.public, ed.public}},
		"PEM, no line break": {strings.TrimSpace(rsa.private), []string{rsa.public}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseIdentities(test.text)
			if err != nil || !slices.Equal(got.Recipients(), test.want) {
				t.Errorf("got %q (%v), want %q", got.Recipients(), err, test.want)
			}
		})
	}
}

func TestParseIdentitiesErrors(t *testing.T) {
	a, ed := native(t), sshPair(t, newEd25519(t), "")
	for name, test := range map[string]struct{ text, want string }{
		"nothing":       {"# nothing\n", "there is no identity in it"},
		"a public key":  {a.private + "\n" + a.public, "line 2 is not an identity of age, AGE-SECRET-KEY-1"},
		"a damaged key": {a.private[:40], "line 1 is not an identity of age, AGE-SECRET-KEY-1"},
		"a passphrase": {
			sshPair(t, newEd25519(t), "secret").private,
			"the private key of SSH at line 1 has a passphrase, which is not supported",
		},
		"another type": {
			sshPair(t, newECDSA(t), "").private,
			"the private key of SSH at line 1 is of a type that age does not support",
		},
		"PEM without end": {"\n" + ed.private[:100], "the private key of SSH at line 2 is damaged"},
		"PEM of no key":   {"-----BEGIN X-----\n-----END X-----", "the private key of SSH at line 1 is damaged"},
		"an empty line":   {"", "there is no identity in it"},
		"a word":          {"hunter2", "line 1 is not an identity of age, AGE-SECRET-KEY-1"},
		"a plugin's key":  {"AGE-PLUGIN-YUBIKEY-1XXXX", "line 1 is not an identity of age, AGE-SECRET-KEY-1"},
		"after good lines": {
			"# a\n" + a.private + "\n" + a.private + "x", "line 3 is not an identity of age, AGE-SECRET-KEY-1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseIdentities(test.text)
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
