package transport

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Secret is a text that printing does not show, in whatever it is printed.
type Secret struct{ text *string } // a pointer, since fmt asks no method of what stands in an unexported field

// NewSecret wraps a text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal returns the text, for a state, a path or a body.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Fingerprint returns a text that tells one secret from another but can't be turned back into it, provided that the secret is too long to
// guess, as issued keys are.
func (s Secret) Fingerprint() string {
	sum := sha256.Sum256([]byte(s.Reveal()))
	return hex.EncodeToString(sum[:])
}

// String hides the text.
func (s Secret) String() string { return "(hidden)" }

// Format hides the text, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// UnmarshalJSON reads the text.
func (s *Secret) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &s.text) != nil {
		return errors.New("a secret that is not a string") // json's own error could quote it
	}
	return nil
}
