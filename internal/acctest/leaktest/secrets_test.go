package leaktest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestNeedles(t *testing.T) {
	const key = `k<y+1/2="3"&4 0123456789` // each form of it differs
	n, err := newNeedles([]Secret{{"another", strings.Repeat("z", 40)}, {"the key", key}})
	if err != nil {
		t.Fatal(err)
	}
	inJSON, err := json.Marshal(map[string]string{"key": key})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"plain":         "token " + key + ".",
		"at the end":    "token " + key,
		"JSON":          string(inJSON),
		"query":         url.Values{"key": {key}}.Encode(),
		"path":          "/tokens/" + url.PathEscape(key) + "/x",
		"hex":           fmt.Sprintf("%x", key),
		"upper hex":     fmt.Sprintf("%X", key),
		"bytes":         fmt.Sprintf("%d", []byte("<"+key+">")),
		"basic":         base64.StdEncoding.EncodeToString([]byte("u:" + key)),
		"basic, 1 more": base64.StdEncoding.EncodeToString([]byte("us:" + key)),
		"basic, 2 more": base64.URLEncoding.EncodeToString([]byte("usr:" + key + "\n")),
		"hex in base64": base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString([]byte(key)))),
	} {
		hits := n.in([]byte(text))
		if found := len(hits) > 0 && hits[0].secret == "the key"; found != (name != "hex in base64") {
			t.Errorf("%s: found: %t", name, found)
		}
		if name == "plain" && n.without([]byte(text)) != "token (secret)." {
			t.Errorf("without: %q", n.without([]byte(text)))
		}
	}
	if hits := n.in([]byte("token " + key[:len(key)-1])); len(hits) > 0 {
		t.Error("a part of the key is found")
	}
	if _, err := newNeedles([]Secret{{"short", "0123456789"}}); err == nil {
		t.Error("a short secret is accepted")
	}
}
