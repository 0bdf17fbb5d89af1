package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestRepeatedMember(t *testing.T) {
	many := func(last int) string {
		var all []string
		for i := range 3 * fewMembers {
			all = append(all, fmt.Sprintf(`"m%d":%d`, i, i))
		}
		return "{" + strings.Join(append(all, fmt.Sprintf(`"m%d":0`, last)), ",") + "}"
	}
	tests := []struct{ name, body, want string }{
		{"none", `{"a":1,"b":{"a":1,"b":[{"a":1},{"a":2}]}}`, ""},
		{"no object", `["a","a",1,1,null,"{\"a\":1,\"a\":2}"]`, ""},
		{"a string alone", `"a"`, ""},
		{"values like names", `{"a":"b","b":"a","c":["a","b"]}`, ""},
		{"case", `{"a":1,"A":2}`, ""},
		{"same", `{"a":1,"b":2,"a":1}`, "a"},
		{"after an inner object", `{"a":{"a":1},"a":2}`, "a"},
		{"inner", `[{"b":[{"c":{},"c":[]}]}]`, "c"},
		{"escaped", `{"a":1,"\u0061":2}`, "a"},
		{"quotation mark", `{"a\"":1,"a\\":2,"a\"":3}`, `a"`},
		{"white space", "{ \"a\" :\n1 ,\t\"a\" : 2 }", "a"},
		{"empty name", `{"":1,"":2}`, ""},
		{"many", many(3 * fewMembers), ""},
		{"many, an early one again", many(0), "m0"},
		{"many, the last one again", many(3*fewMembers - 1), fmt.Sprintf("m%d", 3*fewMembers-1)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, found := repeatedMember([]byte(test.body))
			if got != test.want || found != (test.want != "" || test.name == "empty name") {
				t.Errorf("got %q, %t, want %q", got, found, test.want)
			}
		})
	}
}

// repeatedByDecoder is repeatedMember, by the tokens of encoding/json.
func repeatedByDecoder(body []byte) bool {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value func() bool
	value = func() bool {
		token, _ := decoder.Token()
		seen, found := map[string]bool{}, false
		for (token == json.Delim('{') || token == json.Delim('[')) && decoder.More() {
			if token == json.Delim('{') {
				name, _ := decoder.Token()
				found = found || seen[name.(string)]
				seen[name.(string)] = true
			}
			found = value() || found
		}
		if _, nested := token.(json.Delim); nested {
			_, _ = decoder.Token()
		}
		return found
	}
	return value()
}

func FuzzRepeatedMember(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) {
		if !json.Valid(body) {
			return
		}
		if name, got := repeatedMember(body); got != repeatedByDecoder(body) {
			t.Errorf("%q in %q: got %t", name, body, got)
		}
	})
}
