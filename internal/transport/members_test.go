package transport

import (
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
