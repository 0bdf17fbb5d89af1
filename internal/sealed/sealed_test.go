package sealed

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

const key = "wf-token-0123456789"

func seal(t *testing.T, to ...string) string {
	t.Helper()
	var recipients []Recipient
	for _, text := range to {
		recipient, err := ParseRecipient(text)
		if err != nil {
			t.Fatal(err)
		}
		recipients = append(recipients, recipient)
	}
	text, err := Seal(transport.NewSecret(key), recipients)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func identities(t *testing.T, texts ...string) Identities {
	t.Helper()
	if len(texts) == 0 {
		return Identities{}
	}
	found, err := ParseIdentities(strings.Join(texts, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Each recipient opens the text, with any other identities before its own.
func TestSealAndOpen(t *testing.T) {
	a, b := native(t), native(t)
	ed, rsa := sshPair(t, newEd25519(t), ""), sshPair(t, newRSA(t, 2048), "")
	text := seal(t, a.public, ed.public+" a comment", rsa.public)
	if strings.Contains(text, key) || text == seal(t, a.public, ed.public, rsa.public) {
		t.Errorf("not encrypted, or not at random:\n%s", text)
	}
	for name, own := range map[string]pair{"age": a, "ssh-ed25519": ed, "ssh-rsa": rsa} {
		t.Run(name, func(t *testing.T) {
			secret, err := Open(text, identities(t, b.private, own.private))
			if err != nil || secret.Reveal() != key {
				t.Errorf("got %q (%v)", secret.Reveal(), err)
			}
			if text := fmt.Sprint(secret); strings.Contains(text, key) {
				t.Errorf("printed: %s", text)
			}
		})
	}
}

// The program age reads what Seal writes: its library does, with its own reader of the armored form.
func TestAgeReadsIt(t *testing.T) {
	a := native(t)
	identity, err := age.ParseX25519Identity(a.private)
	if err != nil {
		t.Fatal(err)
	}
	text := seal(t, a.public)
	if !strings.HasPrefix(text, armor.Header+"\n") || !strings.HasSuffix(text, armor.Footer+"\n") {
		t.Errorf("not armored:\n%s", text)
	}
	r, err := age.Decrypt(armor.NewReader(strings.NewReader(text)), identity)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil || string(got) != key {
		t.Errorf("got %q (%v)", got, err)
	}
}

func TestOpenErrors(t *testing.T) {
	a, b, rsa := native(t), native(t), sshPair(t, newRSA(t, 2048), "")
	text := seal(t, a.public, rsa.public, b.public)
	lines := strings.Split(text, "\n")
	for name, test := range map[string]struct {
		text  string
		with  Identities
		kinds []string // nil: ErrDamaged
	}{
		"another identity": {text, identities(t, native(t).private), []string{"X25519", "ssh-rsa"}},
		"no identity":      {text, Identities{}, []string{"X25519", "ssh-rsa"}},
		"the same kind": {
			seal(t, rsa.public), identities(t, sshPair(t, newRSA(t, 2048), "").private), []string{"ssh-rsa"},
		},
		"a word":        {"hunter2", identities(t, a.private), nil},
		"empty":         {"", identities(t, a.private), nil},
		"cut off":       {strings.Join(lines[:5], "\n"), identities(t, a.private), nil},
		"text after it": {text + "x", identities(t, a.private), nil},
	} {
		t.Run(name, func(t *testing.T) {
			secret, err := Open(test.text, test.with)
			var noMatch *NoMatchError
			switch {
			case secret.Reveal() != "" || err == nil:
				t.Fatalf("got %q (%v)", secret.Reveal(), err)
			case test.kinds == nil && !errors.Is(err, ErrDamaged):
				t.Errorf("got %v", err)
			case test.kinds != nil && (!errors.As(err, &noMatch) || !slices.Equal(noMatch.Kinds, test.kinds)):
				t.Errorf("got %v", err)
			}
		})
	}
}
