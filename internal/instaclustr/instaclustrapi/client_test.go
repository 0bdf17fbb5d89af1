package instaclustrapi

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport/transporttest"
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

// Only the API's own 404 means that there are no service users. Nothing else empties a list.
func TestOwnNotFound(t *testing.T) {
	for body, own := range map[string]bool{
		`{"status": 404, "message": "Resource not found"}`:                                              true,
		`{"status": 404, "message": "none", "code": "1", "errorDetails": {}, "link": "x"}`:              true,
		`{"status": 404, "message": " "}`:                                                               false,
		`{"status": 404}`:                                                                               false,
		`{"status": 200, "message": "Resource not found"}`:                                              false,
		`{"status": "404", "message": "Resource not found"}`:                                            false,
		`{"message": "no Route matched with those values"}`:                                             false,
		`{"message": "no Route matched with those values", "request_id": "1"}`:                          false,
		`{"message": "Not Found"}`:                                                                      false,
		`{"message": "Missing Authentication Token"}`:                                                   false,
		`{"statusCode": 404, "message": "Resource not found"}`:                                          false,
		`{"status": 404, "error": "Not Found"}`:                                                         false,
		`{"timestamp": "x", "status": 404, "error": "Not Found", "message": "No message", "path": "/"}`: false,
		`{"error": "Not found"}`:                                                                        false,
		`{"error": {"code": 404, "message": "Not Found"}}`:                                              false,
		`{"error_msg": "404 Route Not Found"}`:                                                          false,
		`{"code": "404", "type": "Status report", "message": "Not Found", "description": "x"}`:          false,
		`{"code": 5, "message": "Method does not exist.", "details": []}`:                               false,
		`{"resource": "resource cannot be null."}`:                                                      false,
		`{}`: false, `[]`: false, `null`: false, `"Not Found"`: false, ``: false, `404 page not found`: false,
		`<html>404</html>`: false,
	} {
		c, _ := newClient(t, 404, body)
		if found, err := c.ServiceUsers.List(t.Context()); (err == nil) != own || len(found) > 0 {
			t.Errorf("%s: a list: %v, %v", body, found, err)
		}
		_, err := c.ServiceUsers.Get(t.Context(), "ci")
		if errors.Is(err, ErrAbsent) != own {
			t.Errorf("%s: a service user: %v", body, err)
		}
	}
}

func TestBodyLost(t *testing.T) {
	c, _ := newClient(t, 400, `{"resource": "resource cannot be null."}`)
	if err := c.APIKeys.Revoke(t.Context(), "ci", "X"); !BodyLost(err) || BodyLost(errors.New("other")) {
		t.Error(err)
	}
}

// A long error is shortened only after its secrets are hidden: no part of the credential is left at the cut.
func TestErrorHidesASecretAtTheCut(t *testing.T) {
	for _, before := range []int{280, 290, 295, 990, 995, 1990, 1995} {
		body := `["` + strings.Repeat("x", before) + apiKey + strings.Repeat("y", 4000) + `"]`
		c, _ := newClient(t, 400, body)
		err := c.APIKeys.Revoke(t.Context(), "ci", "X")
		if err == nil || strings.Contains(err.Error(), apiKey[:6]) || len(err.Error()) > 3000 {
			t.Errorf("after %d characters: %.200v", before, err)
		}
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
	for _, nobody := range []*Client{New(nil, ""), New(transport.Unavailable(errors.New("not yet")), "")} {
		if nobody.Username() != "" || nobody.RunsWith("", "") || nobody.RunsWith(username, TailOf(apiKey)) {
			t.Error("a client without a credential has one")
		}
	}
}

func FuzzResponses(f *testing.F) {
	transporttest.FuzzResponses(f, apiKey, func(endpoint string) (transporttest.Operations, func([]byte)) {
		o := transport.Options{Endpoint: endpoint, RetryWait: time.Millisecond}
		http, err := transport.New(Options(o, username, apiKey))
		if err != nil {
			f.Fatal(err)
		}
		c := New(http, username)
		return transporttest.Operations{
				"users": func(ctx context.Context) error { _, err := c.ServiceUsers.List(ctx); return err },
				"user":  func(ctx context.Context) error { _, err := c.ServiceUsers.Get(ctx, "ci"); return err },
				"create": func(ctx context.Context) error {
					_, err := c.ServiceUsers.Create(ctx, ServiceUserCreate{Username: "ci"})
					return err
				},
				"generate": func(ctx context.Context) error {
					_, err := c.APIKeys.Generate(ctx, "ci", "X")
					return err
				},
				"revoke": func(ctx context.Context) error { return c.APIKeys.Revoke(ctx, "ci", "X") },
			}, func(body []byte) {
				decodeProblem(body)
				ownNotFound(body)
			}
	})
}
