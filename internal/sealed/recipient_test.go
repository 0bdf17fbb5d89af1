package sealed

import (
	"errors"
	"strings"
	"testing"

	"filippo.io/age"
)

func TestParseRecipient(t *testing.T) {
	a, ed, rsa := native(t), sshPair(t, newEd25519(t), ""), sshPair(t, newRSA(t, 2048), "")
	for name, test := range map[string]struct{ text, want string }{
		"age":                         {a.public, a.public},
		"age, with white space":       {"\t" + a.public + " \n", a.public},
		"ssh-ed25519":                 {ed.public, ed.public},
		"ssh-ed25519, with a comment": {ed.public + " ops@example.org\n", ed.public},
		"ssh-rsa":                     {rsa.public, rsa.public},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseRecipient(test.text)
			if err != nil || got.String() != test.want {
				t.Errorf("got %s (%v), want %s", got, err, test.want)
			}
		})
	}
}

// An error never has a part of the text. A text that may be a private key is marked.
func TestParseRecipientErrors(t *testing.T) {
	a, ed := native(t), sshPair(t, newEd25519(t), "")
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	wrongSum := a.public[:len(a.public)-1] + map[bool]string{true: "p", false: "q"}[strings.HasSuffix(a.public, "q")]
	for name, test := range map[string]struct {
		text, want string
		notPublic  bool
	}{
		"empty":                        {" ", "is empty", false},
		"an age identity":              {a.private, "is a private key", true},
		"an age identity, lower case":  {strings.ToLower(a.private), "is a private key", true},
		"an age identity after a word": {"key: " + a.private, "is a private key", true},
		"a post-quantum identity":      {hybrid.String(), "is a private key", true},
		"a private key of SSH":         {ed.private, "is a private key", true},
		"a file with both":             {"# public key: " + a.public + "\n" + a.private, "is a private key", true},
		"a body without its header":    {strings.Split(ed.private, "\n")[1], "is no public key", true},
		"a word":                       {"somebody", "is no public key", true},
		"a wrong character":            {wrongSum, "a character is wrong", false},
		"a plugin's key": {
			"age1yubikey1q2w7u3vpya839jxxuq8g0sedh3d740d4xvn639sqhr95ejj8vu3hyfumptt", "plugins", false,
		},
		"a post-quantum key":   {hybrid.Recipient().String(), "post-quantum", false},
		"a damaged key of SSH": {ed.public[:40], "damaged", false},
		"two keys of SSH":      {ed.public + "\n" + ed.public, "must be one public key", false},
		"a short RSA key":      {sshPair(t, newRSA(t, 1024), "").public, "does not accept", false},
		"another type":         {"ssh-dss AAAAB3NzaC1kc3MAAACBAP", "damaged", false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseRecipient(test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) || errors.Is(err,
				ErrNotPublic) != test.notPublic {
				t.Fatalf("got %v", err)
			}
			for _, part := range strings.Fields(test.text) {
				if len(part) > 20 && strings.Contains(err.Error(), part[:20]) {
					t.Errorf("the error has the text: %v", err)
				}
			}
		})
	}
}
