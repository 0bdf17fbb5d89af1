package instaclustrapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

const aUser = `{"username": "ci", "email": "ci@example.com", "role": "OWNER", "displayName": null, "administrators": ["j.doe"], "apiKeys": {"allowedApiKeyTypes":
	[{"name": "MONITORING", "displayName": "Monitoring"}], "apiKeys": [{"account": "a", "key": "•••••••••••••••••••••••••••7e8f9", "keyType": "MONITORING", "username": "x"}]}}`

const aKey = `{"account": "a", "apiKeyType": "MONITORING", "cidrAllowList": ["0.0.0.0/0"], "key": "s3cret", "username": "ci"}`

// Each operation is one request, whichever 2xx answers it.
func TestOperations(t *testing.T) {
	calls := map[string]struct {
		call   func(context.Context, *Client) error
		answer string
		want   string
	}{
		"list": {func(ctx context.Context, c *Client) error { _, err := c.List(ctx); return err }, "[" + aUser + "]", "GET /v1/service-users"},
		"get":  {func(ctx context.Context, c *Client) error { _, err := c.Get(ctx, "a/b c"); return err }, aUser, "GET /v1/service-users/a%2Fb%20c"},
		"create": {func(ctx context.Context, c *Client) error {
			_, err := c.Create(ctx, ServiceUserCreate{"ci", "c@x.org", "OWNER", ""})
			return err
		}, aUser, `POST /v1/service-users {"username":"ci","email":"c@x.org","profile":"OWNER"}`},
		"update": {func(ctx context.Context, c *Client) error {
			_, err := c.Update(ctx, "ci", ServiceUserUpdate{"CI", "OWNER", []string{"j"}})
			return err
		}, aUser, `PUT /v1/service-users/ci {"displayName":"CI","profile":"OWNER","administrators":["j"]}`},
		"generate": {func(ctx context.Context, c *Client) error { _, err := c.GenerateKey(ctx, "ci", "X"); return err }, aKey, `POST /v1/service-users/ci/api-keys {"apiKeyType":"X"}`},
		"revoke":   {func(ctx context.Context, c *Client) error { return c.RevokeKey(ctx, "ci", "X") }, "", `DELETE /v1/service-users/ci/api-keys {"apiKeyType":"X"}`},
		"restrict": {func(ctx context.Context, c *Client) error {
			return c.RestrictKey(ctx, "ci", "X", []string{"10.0.0.0/8"})
		}, "", `PUT /v1/service-users/ci/api-keys/X/ip-restrictions {"cidrAllowList":["10.0.0.0/8"]}`},
		"rotate": {func(ctx context.Context, c *Client) error { _, err := c.RotateKey(ctx, "ci", "X"); return err }, aKey, `POST /v1/service-users/ci/api-keys/X/rotate`},
	}
	for name, test := range calls {
		for _, status := range []int{200, 201, 202, 203} {
			t.Run(fmt.Sprintf("%s %d", name, status), func(t *testing.T) {
				c, r := newClient(t, status, test.answer)
				if err := test.call(t.Context(), c); err != nil {
					t.Error(err)
				}
				r.want(t, test.want)
			})
		}
		t.Run(name+" without an answer that is needed", func(t *testing.T) {
			c, _ := newClient(t, http.StatusNoContent, "")
			if err := test.call(t.Context(), c); transport.Lost(err) != (test.answer != "") {
				t.Error(err)
			}
		})
		t.Run(name+" repeated or not", func(t *testing.T) {
			c, r := newClient(t, http.StatusServiceUnavailable, "")
			want := []string{test.want, test.want}
			if name == "create" || name == "generate" {
				want = want[:1]
			}
			if err := test.call(t.Context(), c); err == nil {
				t.Error("no error")
			}
			r.want(t, want...)
		})
		t.Run(name+" throttled", func(t *testing.T) {
			c, r := newClient(t, http.StatusTooManyRequests, `{"status": 429, "message": "Rate Limit Exceeded"}`)
			if err := test.call(t.Context(), c); err == nil || !strings.Contains(err.Error(), "Rate Limit Exceeded") {
				t.Error(err)
			}
			r.want(t, test.want, test.want)
		})
	}
}

// Where a guessed path is missing, the other guesses are tried, and the one that works is kept.
func TestOtherRoutes(t *testing.T) {
	ctx := t.Context()
	for name, test := range map[string]struct {
		works  string
		status int
		want   []string
	}{
		"type in the query":  {"/v1/service-users/ci/api-keys/rotate", 404, []string{"POST /v1/service-users/ci/api-keys/X/rotate", "POST /v1/service-users/ci/api-keys/rotate?apiKeyType=X"}},
		"both in the query":  {"/v1/service-users/api-keys/rotate", 405, []string{"POST /v1/service-users/ci/api-keys/X/rotate", "POST /v1/service-users/ci/api-keys/rotate?apiKeyType=X", "POST /v1/service-users/api-keys/rotate?apiKeyType=X&username=ci"}},
		"nowhere, like that": {"nowhere", 404, []string{"POST /v1/service-users/ci/api-keys/X/rotate", "POST /v1/service-users/ci/api-keys/rotate?apiKeyType=X", "POST /v1/service-users/api-keys/rotate?apiKeyType=X&username=ci"}},
	} {
		t.Run(name, func(t *testing.T) {
			c, r := newClientOf(t, func(_, path string) (int, string) {
				if path == test.works {
					return 200, aKey
				}
				return test.status, `{"message": "nothing at ` + path + `"}`
			})
			issued, err := c.RotateKey(ctx, "ci", "X")
			r.want(t, test.want...)
			if test.works == "nowhere" {
				if err == nil || !strings.Contains(err.Error(), "nothing at /v1/service-users/ci/api-keys/X/rotate") {
					t.Errorf("%v is not the first answer", err)
				}
				return
			}
			if err != nil || issued.Secret.Reveal() != "s3cret" || !slices.Equal(issued.AllowList, []string{"0.0.0.0/0"}) {
				t.Errorf("%v, %v", issued, err)
			}
			if _, err := c.RotateKey(ctx, "ci", "X"); err != nil {
				t.Error(err)
			}
			r.want(t, test.want[len(test.want)-1])
		})
	}
	t.Run("another refusal is one", func(t *testing.T) {
		c, r := newClient(t, 400, `{"apiKeyType": "there is none"}`)
		if err := c.RestrictKey(ctx, "ci", "X", nil); !Refused(err, "apiKeyType") || Refused(err, "username") {
			t.Error(err)
		}
		r.want(t, `PUT /v1/service-users/ci/api-keys/X/ip-restrictions {"cidrAllowList":null}`)
	})
}

func TestGetThroughTheList(t *testing.T) {
	other := strings.Replace(aUser, `"ci"`, `"other"`, 1)
	for name, test := range map[string]struct {
		one, list int
		body      string
		found     bool
		absent    bool
	}{
		"the path is missing":           {404, 200, "[" + other + "," + aUser + "]", true, false},
		"the method is missing":         {405, 200, "[" + aUser + "]", true, false},
		"absent":                        {404, 200, "[" + other + "]", false, true},
		"absent, in an empty list":      {404, 200, "[]", false, true},
		"absent, no list":               {404, 404, `{"status": 404, "message": "none"}`, false, true},
		"a gateway says 404":            {404, 404, `<html>`, false, false},
		"the list fails":                {404, 403, `{"message": "no"}`, false, false},
		"the list has a nameless entry": {404, 200, `[{}]`, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			c, r := newClientOf(t, func(_, path string) (int, string) {
				if path == "/v1/service-users" {
					return test.list, test.body
				}
				return test.one, `{"message": "nothing here"}`
			})
			found, err := c.Get(t.Context(), "ci")
			if (err == nil) != test.found || errors.Is(err, ErrAbsent) != test.absent || found != nil && found.Username != "ci" {
				t.Errorf("%v, %v", found, err)
			}
			r.want(t, "GET /v1/service-users/ci", "GET /v1/service-users")
			if test.found { // the next one goes there at once
				if _, err := c.Get(t.Context(), "ci"); err != nil {
					t.Error(err)
				}
				r.want(t, "GET /v1/service-users")
			}
		})
	}
	for _, status := range []int{401, 403, 500} {
		c, _ := newClient(t, status, `{"message": "no"}`)
		if _, err := c.Get(t.Context(), "ci"); err == nil || errors.Is(err, ErrAbsent) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestServiceUserOnTheWire(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want ServiceUser
	}{
		"both names of a type, and profile for role": {
			`{"username": "ci", "profile": "OWNER", "apiKeys": {"apiKeys": [{"keyType": "A", "key": "•••••12345"}, {"apiKeyType": "B", "key": "0a1b2c3d4e5f6"}]}}`,
			ServiceUser{Username: "ci", Role: "OWNER", Keys: []Key{{Type: "A", Tail: "12345"}, {Type: "B", Tail: "4e5f6"}}, KeysTold: true},
		},
		"nothing but a name": {`{"username": "ci"}`, ServiceUser{Username: "ci"}},
		"nulls":              {`{"username": "ci", "displayName": null, "administrators": null, "apiKeys": null}`, ServiceUser{Username: "ci"}},
		"unknown members":    {`{"username": "ci", "validationMessages": {"a": "b"}}`, ServiceUser{Username: "ci"}},
		"keys without a key": {`{"username": "ci", "apiKeys": {"apiKeys": [{"keyType": "A"}]}}`, ServiceUser{Username: "ci", Keys: []Key{{Type: "A"}}, KeysTold: true}},
		"no keys":            {`{"username": "ci", "apiKeys": {"apiKeys": []}}`, ServiceUser{Username: "ci", KeysTold: true}},
	} {
		t.Run(name, func(t *testing.T) {
			var got ServiceUser
			if err := json.Unmarshal([]byte(test.text), &got); err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("%v: got %+v, want %+v", err, got, test.want)
			}
		})
	}
	for _, text := range []string{`{}`, `{"username": ""}`, `{"username": 5}`, `[]`} {
		var got ServiceUser
		if err := json.Unmarshal([]byte(text), &got); err == nil && got.Complete() == nil {
			t.Errorf("%s is taken for a service user", text)
		}
	}
}

// The published samples, if they are at hand, mean what their names say.
func TestSamples(t *testing.T) {
	dir := os.Getenv("SVCACCT_OPENAPI_DIR")
	if dir == "" {
		t.Skip("SVCACCT_OPENAPI_DIR is not set")
	}
	for name, keys := range map[string]int{"create-201.json": 3, "create-201-no-keys.json": 0, "get-200.json": 3, "update-200.json": 2} {
		text, err := os.ReadFile(filepath.Join(dir, "instaclustr", "examples", name))
		if err != nil {
			t.Fatal(err)
		}
		var got ServiceUser
		if err := json.Unmarshal(text, &got); err != nil || got.Complete() != nil || len(got.Keys) != keys {
			t.Errorf("%s: %v, %d keys", name, err, len(got.Keys))
		}
		for _, key := range got.Keys {
			if key.Type == "" || len(key.Tail) != 5 || len([]rune(key.Mask())) != 32 {
				t.Errorf("%s: %+v", name, key)
			}
		}
	}
}

func TestDecodeProblem(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want transport.Problem
	}{
		"fields":                 {`{"username": "taken", "email": "taken, too"}`, transport.Problem{Fields: map[string][]string{"username": {"taken"}, "email": {"taken, too"}}}},
		"the whole body":         {`{"resource": "resource cannot be null."}`, transport.Problem{Fields: map[string][]string{"resource": {"resource cannot be null."}}}},
		"a message":              {`{"message": "no"}`, transport.Problem{Message: "no"}},
		"a message and more":     {`{"status": 404, "message": "no", "code": 7, "errorDetails": {"a": "b"}, "link": "http://x"}`, transport.Problem{Message: "no"}},
		"an error":               {`{"error": "no"}`, transport.Problem{Message: "no"}},
		"an error and a message": {`{"error": "Not Found", "message": "no"}`, transport.Problem{Message: "no"}},
		"a list of errors":       {`{"errors": [{"name": "a", "message": "b"}, {"name": "a", "message": "c"}, {"message": "d"}]}`, transport.Problem{Message: "d", Fields: map[string][]string{"a": {"b", "c"}}}},
		"errors by field":        {`{"errors": {"a": "b"}}`, transport.Problem{Fields: map[string][]string{"a": {"b"}}}},
		"a text":                 {`"no"`, transport.Problem{Message: "no"}},
		"nothing":                {`{}`, transport.Problem{}},
		"null":                   {`null`, transport.Problem{}},
		"numbers":                {`{"a": 1}`, transport.Problem{Message: `{"a": 1}`}},
		"a list":                 {`["no"]`, transport.Problem{Message: `["no"]`}},
		"texts for errors":       {`{"errors": ["the key is too old", "no"]}`, transport.Problem{Message: "the key is too old no"}},
		"a field beside a null":  {`{"username": "taken", "email": null}`, transport.Problem{Fields: map[string][]string{"username": {"taken"}}}},
		"a field and a status":   {`{"status": 400, "apiKeyType": "exists"}`, transport.Problem{Fields: map[string][]string{"apiKeyType": {"exists"}}}},
		"lists of texts":         {`{"username": ["taken"]}`, transport.Problem{Message: `{"username": ["taken"]}`}},
		"a long one":             {`[` + strings.Repeat("1,", 400) + `1]`, transport.Problem{Message: `[` + strings.Repeat("1,", 149) + "1" + "..."}},
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
	if err := c.RevokeKey(t.Context(), "ci", "X"); !BodyLost(err) || BodyLost(errors.New("other")) {
		t.Error(err)
	}
}

func TestWhoTheClientIs(t *testing.T) {
	c, _ := newClient(t, 200, "[]")
	if got := c.Username(); got != username {
		t.Errorf("the client is %q", got)
	}
	for name, test := range map[string]struct {
		username, tail string
		want           bool
	}{
		"its key": {username, TailOf(apiKey), true}, "its key, whole": {username, apiKey, true}, "of another user": {"other", TailOf(apiKey), false},
		"another key": {username, "12345", false}, "no key": {username, "", false},
	} {
		if got := c.RunsWith(test.username, test.tail); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	for _, nobody := range []*Client{New(nil, "", ""), New(transport.Unavailable(errors.New("not yet")), "", "")} {
		if nobody.Username() != "" || nobody.RunsWith("", "") || nobody.RunsWith(username, TailOf(apiKey)) {
			t.Error("a client without a credential is somebody")
		}
	}
}

// Nothing that is printed holds a secret.
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
	if _, err := c.RotateKey(t.Context(), "ci", "X"); !transport.Lost(err) {
		t.Errorf("a masked key is taken for one: %v", err)
	}
}
