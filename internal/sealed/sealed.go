package sealed

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Seal encrypts a secret to the recipients, and returns the armored text that age writes. Each call returns
// another text.
func Seal(secret transport.Secret, to []Recipient) (string, error) {
	keys := make([]age.Recipient, len(to))
	for i := range to {
		keys[i] = to[i].key
	}
	var text strings.Builder
	armored := armor.NewWriter(&text)
	w, err := age.Encrypt(armored, keys...)
	if err == nil {
		_, err = io.WriteString(w, secret.Reveal())
	}
	if err == nil {
		err = errors.Join(w.Close(), armored.Close())
	}
	if err != nil {
		return "", fmt.Errorf("age could not encrypt: %w", err)
	}
	return text.String(), nil
}

// ErrDamaged is the error of a text that is not what Seal returns.
var ErrDamaged = errors.New("it is not an armored text of age, or it is damaged")

// NoMatchError says that no identity opens a text. Kinds are the kinds of the recipients that the text is
// encrypted to, in age's words: X25519, ssh-ed25519, ssh-rsa.
type NoMatchError struct{ Kinds []string }

func (e *NoMatchError) Error() string {
	return "it is encrypted to recipients of the kinds " + strings.Join(e.Kinds, ", ") + ", and to none of the " +
		"identities"
}

// maxSize limits what Open returns, in bytes.
const maxSize = 1 << 20

// noIdentity opens nothing. With it, age names the kinds of the recipients even if there is no identity.
type noIdentity struct{}

func (noIdentity) Unwrap([]*age.Stanza) ([]byte, error) { return nil, age.ErrIncorrectIdentity }

// Open decrypts an armored text with the first of the identities that can. The error is a *NoMatchError or
// ErrDamaged.
func Open(text string, with Identities) (transport.Secret, error) {
	keys := append(slices.Clone(with.keys), noIdentity{})
	r, err := age.Decrypt(armor.NewReader(strings.NewReader(text)), keys...)
	var noMatch *age.NoIdentityMatchError
	if errors.As(err, &noMatch) {
		kinds := slices.Clone(noMatch.StanzaTypes)
		slices.Sort(kinds)
		return transport.Secret{}, &NoMatchError{slices.Compact(kinds)}
	}
	if err != nil {
		return transport.Secret{}, ErrDamaged
	}
	secret, err := io.ReadAll(io.LimitReader(r, maxSize))
	if err != nil {
		return transport.Secret{}, ErrDamaged
	}
	return transport.NewSecret(string(secret)), nil
}
