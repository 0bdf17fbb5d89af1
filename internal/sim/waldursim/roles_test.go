package waldursim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// TestMe has what a token learns of itself.
func TestMe(t *testing.T) {
	const path = "/api/users/me/?field=is_staff&field=is_support&field=permissions"
	w := newWorld(t)
	w.sim.Grant(w.users["manager"], waldursim.CustomerReader, w.customer)
	for caller, want := range map[string]string{
		"staff":    "200 true false []",
		"support":  "200 false true []",
		"zed":      "200 <nil> <nil> []",
		"owner":    "200 <nil> <nil> [CUSTOMER.OWNER]",
		"provider": "200 <nil> <nil> [CUSTOMER.PROVIDER]",
	} {
		got := w.do(caller, "GET", path, nil).See("is_staff", "is_support", "permissions.*.role_name")
		simtest.Equal(t, caller, got, want)
	}
	r := w.do("manager", "GET", path, nil)
	simtest.Equal(t, "roles",
		r.See("permissions.*.role_name", "permissions.*.scope_type", "permissions.*.scope_uuid",
			"permissions.*.customer_uuid", "permissions.0.expiration_time"),
		"200 [PROJECT.MANAGER CUSTOMER.READER] [project customer] ["+w.project+" "+w.customer+"] ["+
			w.customer+" <nil>] <nil>")
	simtest.Equal(t, "token", w.do("owner", "GET", "/api/users/me/", nil).See("token", "token_lifetime"),
		"200 "+w.tokens["owner"]+" <nil>")
}

// TestRoles reads, as anybody, which permissions the roles of a user have.
func TestRoles(t *testing.T) {
	w, again := newWorld(t), newWorld(t)
	permissions := func(w *world, caller, filter string) map[string]any {
		all := map[string]any{}
		for _, row := range w.do("zed", "GET", "/api/roles/?page_size=100&field=uuid"+filter, nil).Want(200).List() {
			all[row["uuid"].(string)] = row["permissions"]
		}
		uuid := w.do(caller, "GET", "/api/users/me/", nil).See("permissions.0.role_uuid")
		return object{"of the role": all[uuid[len("200 "):]], "rows": len(all)}
	}
	manage := []any{"SERVICE_ACCOUNT.MANAGE"}
	for caller, want := range map[string][]any{
		"owner": manage, "manager": manage, "member": {}, "reader": {}, "provider": {
			"RESOURCE.CREATE_ROBOT_ACCOUNT", "RESOURCE.UPDATE_ROBOT_ACCOUNT", "RESOURCE.DELETE_ROBOT_ACCOUNT",
		},
	} {
		simtest.Equal(t, caller, permissions(w, caller, ""), object{"of the role": want, "rows": 6})
	}
	// Several roles may have one name: the UUID says which a user has. It is the same on every server.
	simtest.Equal(t, "by name", permissions(w, "owner", "&name=CUSTOMER.OWNER"),
		object{"of the role": manage, "rows": 2})
	simtest.Equal(t, "by an unknown name", w.do("owner", "GET", "/api/roles/?name=x", nil).Body, "[]")
	names := func(w *world) []string { return w.do("zed", "GET", "/api/roles/", nil).Column("uuid") }
	simtest.Equal(t, "UUIDs", names(w), names(again))
}

// TestDisableRole has a role that creates accounts, and no longer shows them.
func TestDisableRole(t *testing.T) {
	w := newWorld(t)
	account, _ := w.seed(kinds[1], waldursim.ServiceAccount{})
	w.do("manager", "GET", kinds[1].one(account), nil).Want(200)
	w.sim.DisableRole(waldursim.ProjectManager)
	w.do("manager", "GET", kinds[1].one(account), nil).Want(404)
	w.do("manager", "POST", kinds[1].path, object{
		"project": w.project, "preferred_identifier": "disabled",
	}).Want(201)
	roles := w.do("manager", "GET", "/api/users/me/?field=permissions", nil).See("permissions.*.role_name")
	simtest.Equal(t, "the role stays", roles, "200 [PROJECT.MANAGER]")
	active := w.do("zed", "GET", "/api/roles/?name=PROJECT.MANAGER", nil).See("0.is_active")
	simtest.Equal(t, "the role is marked", active, "200 false")
}

// TestSetPermissions takes a permission from a role and gives another.
func TestSetPermissions(t *testing.T) {
	w := newWorld(t)
	account, _ := w.seed(kinds[1], waldursim.ServiceAccount{})
	w.sim.SetPermissions(waldursim.ProjectManager)
	w.do("manager", "GET", kinds[1].one(account), nil).Want(404)
	w.sim.SetPermissions(waldursim.ProjectMember, "SERVICE_ACCOUNT.MANAGE")
	w.do("member", "GET", kinds[1].one(account), nil).Want(200)
	rows := w.do("zed", "GET", "/api/roles/?name=PROJECT.MANAGER", nil).List()
	simtest.Equal(t, "permissions", rows[0]["permissions"], any([]any{}))
	simtest.Panics(t, func() { w.sim.SetPermissions("nobody") })
}
