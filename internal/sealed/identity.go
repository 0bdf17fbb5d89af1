package sealed

import (
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

// Identities are private keys. They open what is encrypted to one of their public keys.
type Identities struct {
	keys       []age.Identity
	recipients []string
}

// Recipients returns the public keys of the identities.
func (i Identities) Recipients() []string { return i.recipients }

func (i *Identities) add(key age.Identity, recipient string) {
	i.keys, i.recipients = append(i.keys, key), append(i.recipients, recipient)
}

// ParseIdentities parses private keys: lines AGE-SECRET-KEY-1..., as age-keygen writes them, and private
// keys of SSH in PEM without a passphrase, of the types ed25519 and RSA. Lines that begin with # and empty
// lines have no effect. Errors name the line.
func ParseIdentities(text string) (Identities, error) {
	var found Identities
	lines := strings.Split(text, "\n")
	for n := 0; n < len(lines); n++ {
		line, at := strings.TrimSpace(lines[n]), n+1
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "-----BEGIN "):
			block := []string{line}
			for n+1 < len(lines) && !strings.HasPrefix(line, "-----END ") {
				n++
				line = strings.TrimSpace(lines[n])
				block = append(block, line)
			}
			if err := found.addSSH(strings.Join(block, "\n") + "\n"); err != nil {
				return Identities{}, fmt.Errorf("the private key of SSH at line %d %w", at, err)
			}
		default:
			key, err := age.ParseX25519Identity(line)
			if err != nil {
				return Identities{}, fmt.Errorf("line %d is not an identity of age, AGE-SECRET-KEY-1", at)
			}
			found.add(key, key.Recipient().String())
		}
	}
	if len(found.keys) == 0 {
		return Identities{}, errors.New("there is no identity in it")
	}
	return found, nil
}

func (i *Identities) addSSH(pem string) error {
	private, err := ssh.ParseRawPrivateKey([]byte(pem))
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		return errors.New("has a passphrase, which is not supported")
	case err != nil:
		return errors.New("is damaged")
	}
	var key age.Identity
	switch private := private.(type) {
	case *ed25519.PrivateKey:
		key, err = agessh.NewEd25519Identity(*private)
	case ed25519.PrivateKey:
		key, err = agessh.NewEd25519Identity(private)
	case *rsa.PrivateKey:
		key, err = agessh.NewRSAIdentity(private)
	default:
		return errors.New("is of a type that age does not support")
	}
	if err != nil {
		return errors.New("is not accepted by age")
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return errors.New("is damaged")
	}
	i.add(key, sshText(signer.PublicKey()))
	return nil
}
