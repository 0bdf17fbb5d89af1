package transport

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestSecretIsNeverPrinted(t *testing.T) {
	var got struct{ Key Secret }
	if err := json.Unmarshal([]byte(`{"Key": "s3cret"}`), &got); err != nil || got.Key.Reveal() != "s3cret" {
		t.Fatalf("%v: %q", err, got.Key.Reveal())
	}
	again, _ := json.Marshal(got)
	for _, text := range []string{
		fmt.Sprint(got), fmt.Sprintf("%+v %#v %s %q %x %d", got, got, got.Key, got.Key, got.Key, got.Key),
		fmt.Sprintf("%+v", struct{ hidden Secret }{got.Key}), fmt.Sprint(&got, []Secret{got.Key}),
		string(again), got.Key.Fingerprint(), fmt.Sprint(json.Unmarshal([]byte(`{"Key": 1234567}`), &got)),
	} {
		if strings.Contains(text, "s3cret") || strings.Contains(text, "733363726574") ||
			strings.Contains(text, "1234567") {
			t.Errorf("the secret is in %s", text)
		}
	}
	one, other := NewSecret("a"), NewSecret("b")
	if one.Fingerprint() == other.Fingerprint() || one.Fingerprint() != NewSecret("a").Fingerprint() {
		t.Error("fingerprints do not distinguish secrets")
	}
}
