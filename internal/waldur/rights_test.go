package waldur

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestSeesServiceAccounts(t *testing.T) {
	const (
		manager = "role-1"
		member  = "role-2"
		roles   = `200 [{"uuid": "role-1", "permissions": ["X", "SERVICE_ACCOUNT.MANAGE"]},
			{"uuid": "role-2", "permissions": []}, {"uuid": "role-3"}]`
		listRoles = "GET /api/roles/"
	)
	grant := func(scope, uuid, role string, more ...string) string {
		text := `200 {"permissions": [{"scope_type": "` + scope + `", "scope_uuid": "` + uuid + `", "role_uuid": "` +
			role +
			`"`
		for _, member := range more {
			text += ", " + member
		}
		return text + "}]}"
	}
	at := func(d time.Duration) string {
		return `"expiration_time": "` + time.Now().Add(d).UTC().Format(time.RFC3339) + `"`
	}
	for _, test := range []struct {
		name, uuid string
		script     []exchange
		sees       bool
		err        string
	}{
		{"staff", projectUUID, []exchange{{getCaller, staff}}, true, ""},
		{"support", projectUUID, []exchange{{getCaller, `200 {"is_support": true}`}}, true, ""},
		{"staff, of all", "", []exchange{{getCaller, staff}}, true, ""},
		{"no role", projectUUID, []exchange{{getCaller, nobody}}, false, ""},
		{"a role, of all", "", []exchange{{getCaller, grant("project", projectUUID, manager)}}, false, ""},
		{"a role on the project", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, manager)}, {listRoles, roles}}, true, ""},
		{"a role with an end to come", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, manager, at(time.Hour))}, {listRoles, roles}}, true,
			""},
		{"a role that has ended", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, manager, at(-time.Hour))}}, false, ""},
		{"a role whose end is no time", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, manager, `"expiration_time": "soon"`)}}, false, ""},
		{"a role without the permission", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, member)}, {listRoles, roles}}, false, ""},
		{"a role on the customer alone", projectUUID,
			[]exchange{{getCaller, grant("customer", customerUUID, manager)}}, false, ""},
		{"a role on another project", projectUUID,
			[]exchange{{getCaller, grant("project", customerUUID, manager)}}, false, ""},
		{"the roles are missing", projectUUID, []exchange{{getCaller, `200 {"uuid": "x"}`}}, false,
			"GET /api/users/me/: 200 OK: the response is not the expected JSON: it has no permissions"},
		{"the role is not listed", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, "role-4")}, {listRoles, roles}}, false,
			"GET /api/roles/: the response does not have the permissions of a role of the user"},
		{"the role has no permissions", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, "role-3")}, {listRoles, roles}}, false,
			"GET /api/roles/: the response does not have the permissions of a role of the user"},
		{"not permitted", projectUUID, []exchange{{getCaller, forbidden}}, false, "GET /api/users/me/" + forbiddenText},
		{"no list of roles", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, manager)}, {listRoles, broken}}, false,
			"GET /api/roles/" + brokenText},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newServer(t, test.script...).client
			sees, err := c.rights.seesServiceAccounts(t.Context(), "project", test.uuid)
			wantError(t, err, test.err)
			wantEqual(t, sees, test.sees)
			// The second question costs no request.
			again, err := c.rights.seesServiceAccounts(t.Context(), "project", test.uuid)
			wantError(t, err, test.err)
			wantEqual(t, again, test.sees)
		})
	}
}

func TestRightsAge(t *testing.T) {
	now := time.Now()
	c := newServer(t, exchange{getCaller, staff}, exchange{getCaller, broken}, exchange{getCaller, nobody}).client
	c.rights.clock = func() time.Time { return now }
	for _, test := range []struct {
		sees bool
		err  string
	}{{true, ""}, {false, "GET /api/users/me/" + brokenText}, {false, ""}} {
		for range 2 {
			sees, err := c.rights.seesServiceAccounts(t.Context(), "project", projectUUID)
			wantError(t, err, test.err)
			wantEqual(t, sees, test.sees)
			now = now.Add(rightsAge / 2)
		}
		now = now.Add(time.Second)
	}
}

// An interrupt is no answer.
func TestRightsInterrupted(t *testing.T) {
	c := newServer(t, exchange{getCaller, staff}).client
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.rights.seesServiceAccounts(ctx, "project", projectUUID)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	sees, err := c.rights.seesServiceAccounts(t.Context(), "project", projectUUID)
	wantError(t, err, "")
	wantEqual(t, sees, true)
}
