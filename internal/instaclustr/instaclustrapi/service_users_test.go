package instaclustrapi

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

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
		"a gateway returns 404":         {404, 404, `<html>`, false, false},
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
			found, err := c.ServiceUsers.Get(t.Context(), "ci")
			if (err == nil) != test.found || errors.Is(err, ErrAbsent) != test.absent || found != nil &&
				found.Username != "ci" {
				t.Errorf("%v, %v", found, err)
			}
			r.want(t, "GET /v1/service-users/ci", "GET /v1/service-users")
			if test.found { // the next read skips the path that does not exist
				if _, err := c.ServiceUsers.Get(t.Context(), "ci"); err != nil {
					t.Error(err)
				}
				r.want(t, "GET /v1/service-users")
			}
		})
	}
	for _, status := range []int{401, 403, 500} {
		c, _ := newClient(t, status, `{"message": "no"}`)
		if _, err := c.ServiceUsers.Get(t.Context(), "ci"); err == nil || errors.Is(err, ErrAbsent) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestServiceUserForms(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want ServiceUser
	}{
		"both names of a type, and profile for role": {
			`{"username": "ci", "profile": "OWNER", "apiKeys": {"apiKeys": [
				{"keyType": "A", "key": "•••••12345"}, {"apiKeyType": "B", "key": "0a1b2c3d4e5f6"}]}}`,
			ServiceUser{Username: "ci", Role: "OWNER",
				Keys: []Key{{Type: "A", Tail: "12345"}, {Type: "B", Tail: "4e5f6"}}},
		},
		"nothing but a name": {`{"username": "ci"}`, ServiceUser{Username: "ci"}},
		"nulls": {`{"username": "ci", "displayName": null, "administrators": null, "apiKeys": null}`,
			ServiceUser{Username: "ci"}},
		"unknown members": {`{"username": "ci", "validationMessages": {"a": "b"}}`, ServiceUser{Username: "ci"}},
		"keys without a key": {`{"username": "ci", "apiKeys": {"apiKeys": [{"keyType": "A"}]}}`,
			ServiceUser{Username: "ci", Keys: []Key{{Type: "A"}}}},
		"no keys": {`{"username": "ci", "apiKeys": {"apiKeys": []}}`,
			ServiceUser{Username: "ci", Keys: []Key{}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got ServiceUser
			if err := json.Unmarshal([]byte(test.text), &got); err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("%v: got %+v, want %+v", err, got, test.want)
			}
		})
	}
	for _, text := range []string{`{}`, `{"username": ""}`, `{"username": 5}`, `[]`,
		`{"username": "ci", "apiKeys": {"apiKeys": [{"key": "•••••12345"}]}}`} {
		var got ServiceUser
		if err := json.Unmarshal([]byte(text), &got); err == nil && got.Complete() == nil {
			t.Errorf("%s was accepted as a service user", text)
		}
	}
}

// The vendor's samples have as many keys as their names say.
func TestSamples(t *testing.T) {
	dir := os.Getenv("SVCACCT_OPENAPI_DIR")
	if dir == "" {
		t.Skip("SVCACCT_OPENAPI_DIR is not set")
	}
	for name, keys := range map[string]int{"create-201.json": 3, "create-201-no-keys.json": 0, "get-200.json": 3,
		"update-200.json": 2} {
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
