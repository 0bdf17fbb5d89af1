package wavefrontapi

import (
	"encoding/json"
	"testing"
)

func TestByName(t *testing.T) {
	const query = ` {"limit":1000,"offset":0,"query":[{"key":"name","values":["a \"b\""],"matchingMethod":"EXACT"}]}`
	s := serve(t, good(`{"items":[{"id":"1","name":"x"},{"id":"2","name":"y"}]}`))
	roles, err := s.client(t).Roles.ByName(t.Context(), `a "b"`)
	if err != nil || len(roles) != 2 || roles[1].Name != "y" {
		t.Errorf("roles %+v, %v", roles, err)
	}
	groups, err := s.client(t).UserGroups.ByName(t.Context(), `a "b"`)
	if err != nil || len(groups) != 2 || groups[1].ID != "2" {
		t.Errorf("groups %+v, %v", groups, err)
	}
	s.wantSent(t, "POST /api/v2/search/role"+query, "POST /api/v2/search/usergroup"+query)
}

func TestRole(t *testing.T) {
	const body = `{"id":"r1","name":"Ops","description":"Operators","permissions":["ingestion"],
		"linkedAccountsCount":3}`
	got, err := serve(t, good(body)).client(t).Roles.Get(t.Context(), "r1")
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, *got, Role{ID: "r1", Name: "Ops", Description: "Operators", Permissions: []string{"ingestion"}})
}

func TestUserGroup(t *testing.T) {
	const body = `{"id":"g1","name":"Ops","description":"Operators","userCount":5000000000,"users":["a"],
		"roles":[{"id":"r1"},"r2"],"properties":{"nameEditable":true,"usersEditable":true}}`
	got, err := serve(t, good(body)).client(t).UserGroups.Get(t.Context(), "g1")
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != "g1" || got.Name != "Ops" || got.Description != "Operators" || *got.UserCount != 5000000000 ||
		*got.System() {
		t.Errorf("got %+v", got)
	}
	wantEqual(t, got.Roles, []Named{{ID: "r1"}, {ID: "r2"}})
	if _, err := serve(t, good(`{"name":"Ops"}`)).client(t).UserGroups.Get(t.Context(), "g1"); err == nil {
		t.Error("a group without an id was accepted")
	}
}

func TestSystemGroups(t *testing.T) {
	yes, no := ptr(true), ptr(false)
	for properties, want := range map[string]*bool{
		`{"nameEditable":false,"usersEditable":false}`:                      yes,
		`{"nameEditable":false,"usersEditable":false,"rolesEditable":true}`: yes,
		`{"nameEditable":true,"usersEditable":false}`:                       no,
		`{"nameEditable":false,"usersEditable":true}`:                       no,
		`{"nameEditable":true,"usersEditable":true}`:                        no,
		`{"nameEditable":true}`:                                             no,
		`{"usersEditable":true}`:                                            no,
		`{"nameEditable":false}`:                                            nil,
		`{"usersEditable":false}`:                                           nil,
		`{"nameEditable":null,"usersEditable":null}`:                        nil,
		`{"nameEditable":false,"usersAddable":false,"deletable":false}`:     nil, // properties of a role
		`{}`:   nil,
		`null`: nil,
	} {
		t.Run(properties, func(t *testing.T) {
			body := `{"id":"g1","name":"Service Accounts","properties":` + properties + `}`
			got, err := serve(t, good(body)).client(t).UserGroups.Get(t.Context(), "g1")
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, got.System(), want)
			var named Named
			if err := json.Unmarshal([]byte(body), &named); err != nil || named != (Named{"g1", want == yes}) {
				t.Errorf("in an account: %+v, %v", named, err)
			}
		})
	}
	if new(UserGroup).System() != nil {
		t.Error("a group without properties is known to be a system group, or not")
	}
}

// What a response leaves out is empty, and no count or list of no elements.
func TestRolesAndGroupsLeftOut(t *testing.T) {
	for _, body := range []string{`{"id":"1"}`, `{"id":"1","name":null,"description":null,"permissions":null,
		"roles":null,"userCount":null,"properties":null}`} {
		s := serve(t, good(body))
		role, err := s.client(t).Roles.Get(t.Context(), "1")
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, *role, Role{ID: "1"})
		group, err := s.client(t).UserGroups.Get(t.Context(), "1")
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, *group, UserGroup{ID: "1"})
	}
}
