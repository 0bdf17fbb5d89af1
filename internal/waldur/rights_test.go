package waldur

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSeesServiceAccounts(t *testing.T) {
	const (
		manager = "role-1"
		member  = "role-2"
		roles   = `200 [{"uuid": "role-1", "permissions": ["X", "SERVICE_ACCOUNT.MANAGE"]},
			{"uuid": "role-2", "permissions": []}, {"uuid": "role-3"},
			{"uuid": "role-5", "permissions": ["SERVICE_ACCOUNT.MANAGE"], "is_active": false},
			{"uuid": "dddddddd-DDDD-dddd-dddd-dddddddddddd", "permissions": ["SERVICE_ACCOUNT.MANAGE"],
			"is_active": true}]`
		incomplete = "the responses of GET /api/users/me/ and GET /api/roles/ do not have all of a role"
		listRoles  = "GET /api/roles/"
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
			[]exchange{{getCaller, grant("project", projectUUID, manager, at(2*time.Hour))}, {listRoles, roles}}, true,
			""},
		{"a role that has ended", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, manager, at(-2*time.Hour))}}, false, ""},
		{"a role whose end is no time", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, manager, `"expiration_time": "soon"`)}}, false,
			incomplete},
		{"a role that ends about now", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, manager, at(-time.Minute))}}, false, incomplete},
		{"a role without its kind of scope", projectUUID, []exchange{{getCaller, grant("", projectUUID, manager)}},
			false, incomplete},
		{"a role without its scope", projectUUID, []exchange{{getCaller, grant("project", "", manager)}}, false,
			incomplete},
		{"a role without its UUID", projectUUID, []exchange{{getCaller, grant("project", projectUUID, "")}}, false,
			incomplete},
		{"a role that is disabled", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, "role-5")}, {listRoles, roles}}, false, incomplete},
		{"UUIDs in other spellings", projectUUID, []exchange{{getCaller, grant("project",
			"BBBBBBBB-bbbb-bbbb-bbbb-bbbbbbbbbbbb", strings.Repeat("d", 32))}, {listRoles, roles}}, true, ""},
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
			incomplete},
		{"the role has no permissions", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, "role-3")}, {listRoles, roles}}, false,
			incomplete},
		{"not permitted", projectUUID, []exchange{{getCaller, forbidden}}, false, "GET /api/users/me/" + forbiddenText},
		{"no list of roles", projectUUID,
			[]exchange{{getCaller, grant("project", projectUUID, manager)}, {listRoles, broken}}, false,
			"GET /api/roles/" + brokenText},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newServer(t, test.script...).client
			c.rights.gathering = 0
			sees, err := c.rights.seesNow(t.Context(), "project", test.uuid)
			wantError(t, err, test.err)
			wantEqual(t, sees, test.sees)
			// The question for what was seen in this run costs no request.
			saw, err := c.rights.sawInThisRun(t.Context(), "project", test.uuid)
			wantError(t, err, test.err)
			wantEqual(t, saw, test.sees)
		})
	}
}

// A role may be lost at any time: only a reading that begins after a 404 says what the 404 means.
func TestSeesNow(t *testing.T) {
	c := newServer(t, exchange{getCaller, staff}, exchange{getCaller, nobody}).client
	c.rights.gathering = 0
	for _, want := range []bool{true, false} {
		sees, err := c.rights.seesNow(t.Context(), "project", projectUUID)
		wantError(t, err, "")
		wantEqual(t, sees, want)
	}
}

// Questions at the same time share one reading.
func TestSeesNowTogether(t *testing.T) {
	c := newServer(t, exchange{getCaller, staff}).client
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if sees, err := c.rights.seesNow(t.Context(), "project", projectUUID); err != nil || !sees {
				t.Errorf("sees %t, %v", sees, err)
			}
		})
	}
	all.Wait()
}

// A failure answers all questions for a while, since each reading is retried.
func TestFailedReading(t *testing.T) {
	now := time.Now()
	c := newServer(t, exchange{getCaller, broken}, exchange{getCaller, nobody}).client
	c.rights.gathering, c.rights.clock = 0, func() time.Time { return now }
	for _, want := range []string{brokenText, brokenText, ""} {
		_, err := c.rights.sawInThisRun(t.Context(), "project", projectUUID)
		if want != "" {
			want = "GET /api/users/me/" + want
		}
		wantError(t, err, want)
		now = now.Add(failureAge * 2 / 3)
	}
}

// An interrupt is no answer.
func TestRightsInterrupted(t *testing.T) {
	c := newServer(t, exchange{getCaller, staff}).client
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.rights.seesNow(ctx, "project", projectUUID)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	sees, err := c.rights.seesNow(t.Context(), "project", projectUUID)
	wantError(t, err, "")
	wantEqual(t, sees, true)
}
