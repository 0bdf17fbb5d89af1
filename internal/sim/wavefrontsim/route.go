package wavefrontsim

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const root = "/api/v2/"

// route is one operation. A {name} in its path stands for one segment that is not empty. http.ServeMux does not fit:
// account/grant/{permission} and account/{id}/addRoles overlap, and it refuses such pairs.
type route struct {
	method, path string
	// operation is the operationId of the API document.
	operation string
	run       func(*call) (simkit.Answer, *problem)
	// writes tells that the search index hears of the call.
	writes bool
}

// routes are in the order in which paths are tried: literal segments before parameters.
func routes() []route {
	const (
		service = "account/serviceaccount"
		tokens  = "apitoken/serviceaccount/{id}"
	)
	return []route{
		{"POST", service, "createServiceAccount", (*call).createServiceAccount, true},
		{"GET", service, "getAllServiceAccounts", (*call).listServiceAccounts, false},
		{"GET", service + "/{id}", "getServiceAccount", (*call).readServiceAccount, false},
		{"PUT", service + "/{id}", "updateServiceAccount", (*call).updateServiceAccount, true},
		{"POST", service + "/{id}/activate", "activateAccount", (*call).activate, true},
		{"POST", service + "/{id}/deactivate", "deactivateAccount", (*call).deactivate, true},

		{"GET", "account", "getAllAccounts", (*call).listAccounts, false},
		{"POST", "account/deleteAccounts", "deleteMultipleAccounts", (*call).deleteAccounts, true},
		{"POST", "account/grant/{permission}", "grantPermissionToAccounts", (*call).grantToMany, true},
		{"POST", "account/revoke/{permission}", "revokePermissionFromAccounts", (*call).revokeFromMany, true},
		{"GET", "account/{id}", "getAccount", (*call).readAccount, false},
		{"DELETE", "account/{id}", "deleteAccount", (*call).deleteAccount, true},
		{"POST", "account/{id}/addRoles", "addAccountToRoles", (*call).addRoles, true},
		{"POST", "account/{id}/removeRoles", "removeAccountFromRoles", (*call).removeRoles, true},
		{"POST", "account/{id}/addUserGroups", "addAccountToUserGroups", (*call).addUserGroups, true},
		{"POST", "account/{id}/removeUserGroups", "removeAccountFromUserGroups", (*call).removeUserGroups, true},
		{"POST", "account/{id}/grant/{permission}", "grantAccountPermission", (*call).grantToOne, true},
		{"POST", "account/{id}/revoke/{permission}", "revokeAccountPermission", (*call).revokeFromOne, true},

		{"GET", tokens, "getTokensServiceAccount", (*call).listTokens, false},
		{"POST", tokens, "generateTokenServiceAccount", (*call).generateToken, true},
		{"PUT", tokens + "/{token}", "updateTokenNameServiceAccount", (*call).renameToken, true},
		{"DELETE", tokens + "/{token}", "deleteTokenServiceAccount", (*call).revokeToken, true},

		{"GET", "role", "getAllRoles", (*call).listRoles, false},
		{"GET", "role/{id}", "getRole", (*call).readRole, false},
		{"GET", "usergroup", "getAllUserGroups", (*call).listUserGroups, false},
		{"GET", "usergroup/{id}", "getUserGroup", (*call).readUserGroup, false},

		{"POST", "search/serviceaccount", "searchServiceAccountEntities", (*call).searchServiceAccounts, false},
		{"POST", "search/role", "searchRoleEntities", (*call).searchRoles, false},
		{"POST", "search/usergroup", "searchUserGroupEntities", (*call).searchUserGroups, false},
	}
}

// find tells which operation a request is for, or 404 or 405 and no operation. The first path that fits decides, as
// DELETE account/serviceaccount must not delete an account of that name.
func (s *Sim) find(r *http.Request) (found route, parameters map[string]string, status int) {
	sent, ok := strings.CutPrefix(r.URL.EscapedPath(), root)
	if !ok {
		return route{}, nil, http.StatusNotFound
	}
	path := ""
	for _, candidate := range s.routes {
		if path != "" && candidate.path != path {
			continue
		}
		values, ok := match(candidate.path, sent)
		if !ok {
			continue
		}
		if candidate.method == r.Method {
			return candidate, values, http.StatusOK
		}
		path = candidate.path
	}
	if path != "" {
		return route{}, nil, http.StatusMethodNotAllowed
	}
	return route{}, nil, http.StatusNotFound
}

// match splits before it decodes: %2F is a part of a segment.
func match(pattern, sent string) (map[string]string, bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(sent, "/")
	if len(want) != len(got) {
		return nil, false
	}
	values := map[string]string{}
	for i := range want {
		segment, err := url.PathUnescape(got[i])
		name, parameter := strings.CutPrefix(want[i], "{")
		switch {
		case err != nil || segment == "":
			return nil, false
		case parameter:
			values[strings.TrimSuffix(name, "}")] = segment
		case segment != want[i]:
			return nil, false
		}
	}
	return values, true
}
