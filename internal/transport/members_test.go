package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestCheckShape(t *testing.T) {
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
			err, want := checkShape([]byte(test.body)), ""
			if test.want != "" || test.name == "empty name" {
				want = "an object has the member " + test.want + " twice"
			}
			if err == nil && want != "" || err != nil && err.Error() != want {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

// A list with more elements than any list of the API is not decoded: elements of two bytes would fill the memory.
func TestTooManyElements(t *testing.T) {
	list := func(element string, n int) string {
		return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
	}
	for name, test := range map[string]struct {
		body string
		want bool
	}{
		"the largest list":     {list("{}", mostElements), false},
		"an element more":      {list("0", mostElements+1), true},
		"within an object":     {`{"items":` + list("[]", mostElements+1) + "}", true},
		"several lists":        {list(list("0", mostElements), mostElementsAll/mostElements+1), true},
		"commas of an object":  {list(`{"a":0,"b":0,"c":0}`, mostElements), false},
		"commas in a string":   {`["` + strings.Repeat(",", 2*mostElements) + `"]`, false},
		"many lists, each few": {list("[0,0]", mostElements), false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := checkShape([]byte(test.body)); (err != nil) != test.want {
				t.Errorf("got %v", err)
			}
		})
	}
}

// repeatedByDecoder reports whether checkShape has to find a member twice, by the tokens of encoding/json.
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

func FuzzCheckShape(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) {
		if !json.Valid(body) {
			return
		}
		if err := checkShape(body); (err != nil) != repeatedByDecoder(body) {
			t.Errorf("%q: got %v", body, err)
		}
	})
}
