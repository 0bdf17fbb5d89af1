// Package sealed encrypts keys to public keys with age (https://age-encryption.org/v1), and opens what
// it has encrypted. The program age opens it too. No error of this package has a part of an input: a
// private key may be among the recipients by mistake.
package sealed

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

// Recipient is a public key that a key is encrypted to.
type Recipient struct {
	key  age.Recipient
	text string
}

// String returns the public key in its only spelling: without white space around it, and an SSH key without
// its comment.
func (r Recipient) String() string { return r.text }

// ErrNotPublic marks the error of a text that is, or may be, a private key. A message must not show the
// line of the configuration that has the text.
var ErrNotPublic = errors.New("not a public key")

type notPublic struct{ text string }

func (e notPublic) Error() string { return e.text }

func (notPublic) Unwrap() error { return ErrNotPublic }

// privateKeyForm is what private keys contain, in any case and with any text around it.
var privateKeyForm = regexp.MustCompile(`(?i)AGE-(SECRET-KEY|PLUGIN)-|PRIVATE KEY|PuTTY-User-Key-File`)

const accepted = "age_recipients accept age1..., ssh-ed25519 and ssh-rsa"

// ParseRecipient parses the public key of an age identity (age1...), or a public key of SSH of the type
// ssh-ed25519 or ssh-rsa as a line of authorized_keys has it, without options. White space around it has no
// effect.
func ParseRecipient(text string) (Recipient, error) {
	text = strings.TrimSpace(text)
	var r Recipient
	var err error
	switch {
	case text == "":
		return r, errors.New("is empty")
	case privateKeyForm.MatchString(text):
		return r, notPublic{"is a private key. Replace it with its public key, and consider the private key as " +
			"leaked if the configuration is stored anywhere"}
	case strings.HasPrefix(text, "age1"):
		r, err = parseX25519(text)
	case strings.HasPrefix(text, "ssh-"):
		r, err = parseSSH(text)
	default:
		return r, notPublic{"is no public key. " + accepted}
	}
	if err != nil {
		return r, err
	}
	// A key that age can't encrypt to is refused here, and not after a server has issued a key.
	if _, err := r.key.Wrap(make([]byte, fileKeySize)); err != nil {
		return r, errors.New("is a public key that age can't encrypt to")
	}
	return r, nil
}

const fileKeySize = 16

// nativeSize is the length of the public key of an age identity. Keys of plugins and of other kinds have
// other lengths.
const nativeSize = 62

func parseX25519(text string) (Recipient, error) {
	key, err := age.ParseX25519Recipient(text)
	switch {
	case err == nil:
		return Recipient{key, key.String()}, nil
	case len(text) != nativeSize:
		return Recipient{}, errors.New("is not the public key of an age identity, which has 62 characters. Keys of " +
			"plugins and post-quantum keys are not supported")
	}
	return Recipient{}, errors.New("is not the public key of an age identity: a character is wrong")
}

func parseSSH(text string) (Recipient, error) {
	public, _, options, rest, err := ssh.ParseAuthorizedKey([]byte(text))
	switch {
	case err != nil:
		return Recipient{}, errors.New("is a damaged public key of SSH")
	case len(options) > 0 || strings.TrimSpace(string(rest)) != "":
		return Recipient{}, errors.New("must be one public key of SSH, without options")
	}
	var key age.Recipient
	switch kind := public.Type(); kind {
	case ssh.KeyAlgoED25519:
		key, err = agessh.NewEd25519Recipient(public)
	case ssh.KeyAlgoRSA:
		key, err = agessh.NewRSARecipient(public)
	default:
		return Recipient{}, errors.New("is a public key of SSH of another type. " + accepted)
	}
	if err != nil {
		return Recipient{}, fmt.Errorf("is a public key of SSH that age does not accept: %w", err)
	}
	return Recipient{key, sshText(public)}, nil
}

func sshText(key ssh.PublicKey) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))
}
