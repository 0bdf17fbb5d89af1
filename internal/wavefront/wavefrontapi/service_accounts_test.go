package wavefrontapi

import (
	"encoding/json"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// system and own are user groups of an account; nobody can edit system.
const (
	system = `{"id":"g-sys","name":"Service Accounts","customer":"acme","users":["sa::ci"],"userCount":1,"roles":[],
		"properties":{"nameEditable":false,"usersEditable":false,"rolesEditable":true}}`
	own = `{"id":"g-own","name":"Ops","properties":{"nameEditable":true,"usersEditable":true,"rolesEditable":true},
		"roles":[{"id":"r1","name":"x"}]}`
)

func TestServiceAccountForms(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want ServiceAccount
	}{
		"all members": {
			`{"identifier":"sa::ci","active":true,"description":"Builds","groups":["ingestion","metrics_management"],
			"roles":[{"id":"r1","name":"x","permissions":["a"],"properties":{"nameEditable":false,"usersAddable":false},
				"linkedAccountsCount":2}],
			"userGroups":[` + system + `,` + own + `],
			"tokens":[{"tokenID":"` + token + `","tokenName":"deploy",
				"account":"sa::ci","accountType":"SERVICE_ACCOUNT",
				"lastUsed":1700000000123,"dateGenerated":1600000000456}],
			"unitedRoles":["r1","r2"],"unitedPermissions":["ingestion"],"lastUsed":1700000000124}`,
			ServiceAccount{
				Identifier: "sa::ci", Active: ptr(true), Description: "Builds",
				Permissions: []string{"ingestion", "metrics_management"},
				Roles:       []Named{{ID: "r1"}},
				UserGroups:  []Named{{ID: "g-sys", System: true}, {ID: "g-own"}},
				Tokens: []Token{{
					ID: transport.NewSecret(token), Name: "deploy", AccountType: "SERVICE_ACCOUNT",
					LastUsed: 1700000000123, DateGenerated: 1600000000456,
				}},
				UnitedRoles: []string{"r1", "r2"}, UnitedPermissions: []string{"ingestion"}, LastUsed: 1700000000124,
			},
		},
		"the identifier alone": {`{"identifier":"sa::ci"}`, ServiceAccount{Identifier: "sa::ci"}},
		"nulls": {
			`{"identifier":"sa::ci","active":null,"description":null,"groups":null,"roles":null,"userGroups":null,
			"tokens":null,
			"unitedRoles":null,"unitedPermissions":null,"lastUsed":null}`,
			ServiceAccount{Identifier: "sa::ci"},
		},
		"empty lists": {
			`{"identifier":"sa::ci","groups":[],"roles":[],"userGroups":[],"tokens":[]}`,
			ServiceAccount{Identifier: "sa::ci", Permissions: []string{}, Roles: []Named{}, UserGroups: []Named{},
				Tokens: []Token{}},
		},
		"bare ids": {
			`{"identifier":"sa::ci","roles":["r1","r2"],"userGroups":["g1"]}`,
			ServiceAccount{Identifier: "sa::ci", Roles: []Named{{ID: "r1"}, {ID: "r2"}},
				UserGroups: []Named{{ID: "g1"}}},
		},
		"objects and bare ids": {
			`{"identifier":"sa::ci","userGroups":[ "g1" , ` + system + `]}`,
			ServiceAccount{Identifier: "sa::ci", UserGroups: []Named{{ID: "g1"}, {ID: "g-sys", System: true}}},
		},
		"an old token": {
			`{"identifier":"sa::ci","tokens":[{"tokenID":"` + token + `"}]}`,
			ServiceAccount{Identifier: "sa::ci", Tokens: []Token{{ID: transport.NewSecret(token)}}},
		},
		"members of servers before 2023": {
			`{"identifier":"sa::ci","ingestionPolicyId":"p","ingestionPolicies":[{"id":"p"}]}`,
			ServiceAccount{Identifier: "sa::ci"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for form, body := range map[string]string{"bare": test.body, "wrapped": wrapped(test.body)} {
				got, err := serve(t, respond(200, body)).client(t).ServiceAccounts.Get(t.Context(), "sa::ci")
				if err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				wantEqual(t, *got, test.want)
			}
			all, err := serve(t, good("["+test.body+"]")).client(t).ServiceAccounts.List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, all, []ServiceAccount{test.want})
			found, err := serve(t, good(`{"items":[`+test.body+`]}`)).client(t).ServiceAccounts.Search(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, found, []ServiceAccount{test.want})
		})
	}
}

// A response without the identifier is a lost response: the result of a write is unknown.
func TestIncompleteServiceAccounts(t *testing.T) {
	for _, body := range []string{`{}`, `{"identifier":""}`, `{"identifier":null}`, `{"active":true,"tokens":[]}`,
		`{"account":"sa::ci"}`} {
		for _, op := range operations {
			if op.name != "create account" && op.name != "get account" && op.name != "update account" {
				continue
			}
			t.Run(op.name+" "+body, func(t *testing.T) {
				s := serve(t, good(body))
				err := op.call(t.Context(), s.client(t))
				s.wantSends(t, 1)
				wantLost(t, err, true)
				if err == nil || transport.NotFound(err) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

func TestNamedThatCannotBeRead(t *testing.T) {
	for _, body := range []string{`7`, `[]`, `true`, `{"id":7}`} {
		if err := json.Unmarshal([]byte(body), &Named{}); err == nil {
			t.Errorf("%s: no error", body)
		}
	}
}

// All seven members are written each time, and never a null.
func TestWriteBodies(t *testing.T) {
	for name, test := range map[string]struct {
		wanted ServiceAccountWrite
		body   string
	}{
		"nothing": {
			ServiceAccountWrite{Identifier: "sa::ci"},
			`{"identifier":"sa::ci","active":false,"description":"",
			"groups":[],"roles":[],"userGroups":[],"tokens":[]}`,
		},
		"empty lists": {
			ServiceAccountWrite{Identifier: "sa::ci", Permissions: []string{}, Roles: []string{},
				UserGroups: []string{}},
			`{"identifier":"sa::ci","active":false,"description":"",
			"groups":[],"roles":[],"userGroups":[],"tokens":[]}`,
		},
		"all": {
			ServiceAccountWrite{"sa::ci", true, `a "b"`, []string{"p2", "p1"}, []string{"r1"}, []string{"g1", "g2"}},
			`{"identifier":"sa::ci","active":true,"description":"a \"b\"",
			"groups":["p2","p1"],"roles":["r1"],"userGroups":["g1","g2"],"tokens":[]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, good(`{"identifier":"sa::ci"}`))
			c := s.client(t)
			if _, _, err := c.ServiceAccounts.Create(t.Context(), test.wanted); err != nil {
				t.Error(err)
			}
			if _, err := c.ServiceAccounts.Update(t.Context(), test.wanted); err != nil {
				t.Error(err)
			}
			s.wantSent(t, "POST /api/v2/account/serviceaccount "+test.body,
				"PUT /api/v2/account/serviceaccount/sa::ci "+test.body)
		})
	}
}

// The client does not read these responses: an envelope, an account of another form, or no body.
func TestResponsesThatAreNotRead(t *testing.T) {
	for _, body := range []string{``, `null`, `{}`, wrapped(`null`), wrapped(`[]`),
		`{"identifier":"sa::ci","groups":[]}`, `<p>`} {
		for _, op := range operations {
			switch op.name {
			case "activate account", "deactivate account", "delete account":
				if err := op.call(t.Context(), serve(t, respond(200, body)).client(t)); err != nil {
					t.Errorf("%s, %s: %v", op.name, body, err)
				}
			}
		}
	}
}

// These requests have no body.
func TestRequestsWithoutABody(t *testing.T) {
	for _, op := range operations {
		switch op.name {
		case "activate account", "deactivate account", "delete account", "revoke token", "get account", "list accounts",
			"list tokens":
			s := serve(t, good(op.response))
			_ = op.call(t.Context(), s.client(t))
			method, path := cutRequest(op.request)
			s.wantSent(t, method+" /api/v2"+path)
		}
	}
}
