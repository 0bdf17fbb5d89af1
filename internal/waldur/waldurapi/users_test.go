package waldurapi

import (
	"reflect"
	"testing"
)

const (
	userJSON = `{"url": "https://h/api/users/` + ann + `/", "uuid": "` + ann + `", "username": "ann",
		"full_name": "Ann A.", "email": "ann@example.org",
		"is_active": true, "is_staff": true}`
	userFieldsQuery = "field=uuid&field=username&field=full_name&field=email&field=is_active"
)

func exampleUser() User {
	return User{UUID: ann, Username: "ann", FullName: "Ann A.", Email: "ann@example.org", IsActive: ptr(true)}
}

func TestUsersGet(t *testing.T) {
	for name, test := range map[string]struct {
		status         int
		body, id, path string
		want           User
		fail           string
	}{
		"one": {200, userJSON, ann, ann + "/", exampleUser(), ""},
		"not active": {200, `{"uuid":"u","is_active":false}`, ann, ann + "/",
			User{UUID: "u", IsActive: ptr(false)}, ""},
		"not returned":       {200, `{"uuid":"u"}`, ann, ann + "/", User{UUID: "u"}, ""},
		"null":               {200, `{"uuid":"u","email":null,"is_active":null}`, ann, ann + "/", User{UUID: "u"}, ""},
		"an id with a slash": {200, userJSON, "me/../x", "me%2F..%2Fx/", exampleUser(), ""},
		"none":               {404, `{"detail":"Not found."}`, ann, ann + "/", User{}, ": 404 Not Found: Not found."},
		"no uuid": {200, `{"username":"x"}`, ann, ann + "/", User{},
			": 200 OK: the response is not the expected JSON: it has no uuid"},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fixed{status: test.status, body: test.body}
			got, err := serve(t, f).Users.Get(t.Context(), test.id)
			switch {
			case test.fail != "":
				if want := "GET /api/users/" + test.path + test.fail; got != nil || err == nil || err.Error() != want {
					t.Errorf("got %+v, %v\nwant %s", got, err, want)
				}
			case err != nil || !reflect.DeepEqual(*got, test.want):
				t.Errorf("got %+v, %v\nwant %+v", got, err, test.want)
			}
			f.wantSent(t, "GET /api/users/"+test.path+"?"+userFieldsQuery+" ")
		})
	}
}

func TestUsersList(t *testing.T) {
	for name, test := range map[string]struct {
		filter UserFilter
		query  string // besides the paging and the fields
	}{
		"all":      {UserFilter{}, ""},
		"username": {UserFilter{Username: "a&b"}, "username=a%26b"},
		"email":    {UserFilter{Email: "a+b@h"}, "email=a%2Bb%40h"},
		"customer": {UserFilter{CustomerUUID: "c"}, "customer_uuid=c"},
		"project":  {UserFilter{ProjectUUID: "p"}, "project_uuid=p"},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fixed{status: 200, body: "[" + userJSON + "]", count: "1"}
			got, err := serve(t, f).Users.List(t.Context(), test.filter)
			if want := []User{exampleUser()}; err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, want)
			}
			f.wantSent(t, "GET /api/users/?"+sortedQuery("page=1&page_size=300&"+userFieldsQuery+"&"+test.query)+" ")
		})
	}
}

func TestCaller(t *testing.T) {
	tests := []struct {
		name, body string
		want       *Caller
	}{
		{"roles", `{"uuid": "u", "permissions": [{"role_uuid": "r", "scope_type": "project", "scope_uuid": "p",
			"expiration_time": null}, {"role_uuid": "s", "scope_type": "customer", "scope_uuid": "c",
			"expiration_time": "2026-05-31T08:15:30Z"}]}`, &Caller{Grants: []Grant{
			{Role: "r", Scope: "project", UUID: "p"},
			{Role: "s", Scope: "customer", UUID: "c", Expires: "2026-05-31T08:15:30Z"},
		}}},
		{"no role", `{"permissions": []}`, &Caller{Grants: []Grant{}}},
		{"roles not reported", `{"uuid": "u"}`, nil},
		{"roles null", `{"permissions": null}`, nil},
		{"staff", `{"is_staff": true}`, &Caller{Staff: true}},
		{"support", `{"is_support": true}`, &Caller{Support: true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fixed{status: 200, body: test.body}
			got, err := serve(t, f).Users.Caller(t.Context())
			if (err == nil) != (test.want != nil) || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, %v", got, err)
			}
			f.wantSent(t, "GET /api/users/me/?field=uuid&field=is_staff&field=is_support&field=permissions ")
		})
	}
}

func TestRoles(t *testing.T) {
	f := &fixed{status: 200, body: `[{"uuid": "r", "permissions": ["A", "B"]}, {"uuid": "s"}]`, count: "2"}
	got, err := serve(t, f).Users.Roles(t.Context())
	want := []Role{{UUID: "r", Permissions: []string{"A", "B"}}, {UUID: "s"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	f.wantSent(t, "GET /api/roles/?page=1&page_size=300 ")
}
