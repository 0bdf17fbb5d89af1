package instaclustrapi

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestDecodeProblem(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want transport.Problem
	}{
		"fields": {`{"username": "taken", "email": "taken, too"}`,
			transport.Problem{Fields: map[string][]string{"username": {"taken"}, "email": {"taken, too"}}}},
		"the whole body": {`{"resource": "resource cannot be null."}`,
			transport.Problem{Fields: map[string][]string{"resource": {"resource cannot be null."}}}},
		"a message": {`{"message": "no"}`, transport.Problem{Message: "no"}},
		"a message and more": {
			`{"status": 404, "message": "no", "code": 7, "errorDetails": {"a": "b"}, "link": "http://x"}`,
			transport.Problem{Message: "no"},
		},
		"an error":               {`{"error": "no"}`, transport.Problem{Message: "no"}},
		"an error and a message": {`{"error": "Not Found", "message": "no"}`, transport.Problem{Message: "no"}},
		"a list of errors": {
			`{"errors": [{"name": "a", "message": "b"}, {"name": "a", "message": "c"}, {"message": "d"}]}`,
			transport.Problem{Message: "d", Fields: map[string][]string{"a": {"b", "c"}}},
		},
		"errors by field": {`{"errors": {"a": "b"}}`,
			transport.Problem{Fields: map[string][]string{"a": {"b"}}}},
		"a text":  {`"no"`, transport.Problem{Message: "no"}},
		"nothing": {`{}`, transport.Problem{}},
		"null":    {`null`, transport.Problem{}},
		"numbers": {`{"a": 1}`, transport.Problem{Message: `{"a": 1}`}},
		"a list":  {`["no"]`, transport.Problem{Message: `["no"]`}},
		"texts for errors": {`{"errors": ["the key is too old", "no"]}`,
			transport.Problem{Message: "the key is too old no"}},
		"a field beside a null": {`{"username": "taken", "email": null}`,
			transport.Problem{Fields: map[string][]string{"username": {"taken"}}}},
		"a field and a status": {`{"status": 400, "apiKeyType": "exists"}`,
			transport.Problem{Fields: map[string][]string{"apiKeyType": {"exists"}}}},
		"lists of texts": {`{"username": ["taken"]}`, transport.Problem{Message: `{"username": ["taken"]}`}},
		"a long one": {`[` + strings.Repeat("1,", 400) + `1]`,
			transport.Problem{Message: `[` + strings.Repeat("1,", 149) + "1" + "..."}},
	} {
		t.Run(name, func(t *testing.T) {
			got := decodeProblem([]byte(test.body))
			if len(got.Fields) == 0 {
				got.Fields = nil
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestBodyLost(t *testing.T) {
	c, _ := newClient(t, 400, `{"resource": "resource cannot be null."}`)
	if err := c.APIKeys.Revoke(t.Context(), "ci", "X"); !BodyLost(err) || BodyLost(errors.New("other")) {
		t.Error(err)
	}
}

func TestCredentialOfClient(t *testing.T) {
	c, _ := newClient(t, 200, "[]")
	if got := c.Username(); got != username {
		t.Errorf("user name %q", got)
	}
	for name, test := range map[string]struct {
		username, tail string
		want           bool
	}{
		"its key": {username, TailOf(apiKey), true}, "its key, whole": {username, apiKey, true},
		"of another user": {"other", TailOf(apiKey), false},
		"another key":     {username, "12345", false}, "no key": {username, "", false},
	} {
		if got := c.RunsWith(test.username, test.tail); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	for _, nobody := range []*Client{New(nil, "", ""), New(transport.Unavailable(errors.New("not yet")), "", "")} {
		if nobody.Username() != "" || nobody.RunsWith("", "") || nobody.RunsWith(username, TailOf(apiKey)) {
			t.Error("a client without a credential has one")
		}
	}
}
