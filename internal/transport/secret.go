package transport

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Secret is a text that no print function shows, neither alone nor as a part of another value.
type Secret struct{ text *string } // a pointer: fmt calls no method of an unexported field, and prints the address

// NewSecret wraps a text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal returns the text, for a state, a path or a body.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Fingerprint returns the SHA-256 of the text, in hex. It distinguishes secrets, and does not reveal a
// secret that is too long to guess, as issued keys are.
func (s Secret) Fingerprint() string {
	sum := sha256.Sum256([]byte(s.Reveal()))
	return hex.EncodeToString(sum[:])
}

// String returns a fixed text in place of the secret.
func (s Secret) String() string { return "(hidden)" }

// Format writes a fixed text in place of the secret, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// UnmarshalJSON reads the text from a JSON string or null.
func (s *Secret) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &s.text) != nil {
		return errors.New("a secret that is not a string") // the error of encoding/json could quote the text
	}
	return nil
}
