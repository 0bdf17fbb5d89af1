package instaclustrapi

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// No print function shows a secret.
func TestSecretsAreHidden(t *testing.T) {
	var issued IssuedKey
	if err := json.Unmarshal([]byte(aKey), &issued); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(verb, issued) + fmt.Sprintf(verb, &issued); strings.Contains(got, "s3cret") {
			t.Errorf("%s prints %s", verb, got)
		}
	}
	for _, text := range []string{`{"key": 5}`, `{"key": ["s3cret"]}`, `"s3cret"`} {
		if err := json.Unmarshal([]byte(text), &issued); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", text, err)
		}
	}
	c, _ := newClient(t, 200, `{"key": "•••••12345"}`)
	if _, err := c.APIKeys.Rotate(t.Context(), "ci", "X"); !transport.Lost(err) {
		t.Errorf("a masked key was accepted as a key: %v", err)
	}
}

// A mask ends with the visible characters of the key, whatever it hides the others with.
func TestTailOf(t *testing.T) {
	for text, want := range map[string]string{
		"5bc9ad6e19bd58079a8969504156f3a7": "6f3a7", "abc": "abc", "": "",
		"\u2022\u2022\u20226f3a7": "6f3a7", "****f3a7": "f3a7", "\u2022\u2022\u2022": "",
		"...f3a7": "f3a7", "\u2026f3a7": "f3a7", "[hidden]": "", "5bc...f3a7": "f3a7",
	} {
		if got := TailOf(text); got != want {
			t.Errorf("%q ends with %q, want %q", text, got, want)
		}
	}
}
