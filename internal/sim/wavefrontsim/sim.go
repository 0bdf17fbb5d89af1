// Package wavefrontsim is a stateful simulator of the part of the Wavefront API (also sold as Tanzu
// Observability and as Aria Operations for Applications) that keeps service accounts and their API
// tokens. It imports no client, so a mistake in a client's types shows here.
//
// It serves service accounts, the deletion and the sub-actions of accounts, the tokens of service
// accounts and, for looking things up, single reads and searches of roles and user groups. Tests
// create roles, groups and organisation defaults with the Add and Set methods.
//
// No live service is known with which the simulator could be compared. Where the API document is
// not sure of a behaviour, Options has the other behaviour; row numbers in comments are those of
// its emulator contract.
package wavefrontsim

import (
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const (
	// Customer is the id of the one tenant.
	Customer = "acme-observe"
	// AdminIdentifier is the user account of the start state. It holds user_management.
	AdminIdentifier = "admin@acme.example"
	// EveryoneID is the system group of user accounts, and of service accounts with LegacyEveryone.
	EveryoneID = "6b1f0c52-7e7b-4d0e-9a55-0d7a5b6c1e00"
	// ServiceAccountsID is the system group of all service accounts.
	ServiceAccountsID = "6b1f0c52-7e7b-4d0e-9a55-0d7a5b6c1e01"
	// TokenLimit is how many tokens a service account can have at a time.
	TokenLimit = 20
)

// Sim is one tenant. It is an http.Handler, and all its methods may be called while it serves.
type Sim struct {
	*simkit.Server
	options Options
	store   store
	index   []snapshot
	admin   string // the token of the start state
}

// New returns a tenant with the system groups and one user account.
func New(options Options) *Sim {
	s := &Sim{options: options, store: newStore()}
	// The server in front of the application responds to paths that are not served, with or without
	// a token.
	s.Server = simkit.NewServer(options.Now, func(_ *http.Request, methods []string) simkit.Response {
		if len(methods) > 0 {
			return htmlPage(http.StatusMethodNotAllowed)
		}
		return htmlPage(http.StatusNotFound)
	})
	s.handle()
	s.store.groups = []*UserGroup{
		{ID: EveryoneID, Name: "Everyone", Description: "System group", system: true},
		{ID: ServiceAccountsID, Name: "Service Accounts", Description: "System group", system: true},
	}
	admin := s.add(ServiceAccount{Identifier: AdminIdentifier, Permissions: []string{permissionAccounts}, user: true})
	s.admin = s.issue(admin, Token{})
	s.seeded()
	return s
}

// call is one request on its way through the application.
type call struct {
	*Sim
	request *http.Request
	body    []byte
}

// handle registers the operations. The first path that fits a request decides, so literal segments
// come before parameters: DELETE account/serviceaccount must not delete an account of that name.
func (s *Sim) handle() {
	const (
		root    = " /api/v2/"
		service = root + "account/serviceaccount"
		account = root + "account"
		tokens  = root + "apitoken/serviceaccount/{id}"
	)
	s.write("createServiceAccount", "POST"+service, (*call).createServiceAccount)
	s.read("getAllServiceAccounts", "GET"+service, (*call).listServiceAccounts)
	s.read("getServiceAccount", "GET"+service+"/{id}", (*call).readServiceAccount)
	s.write("updateServiceAccount", "PUT"+service+"/{id}", (*call).updateServiceAccount)
	s.write("activateAccount", "POST"+service+"/{id}/activate", (*call).activate)
	s.write("deactivateAccount", "POST"+service+"/{id}/deactivate", (*call).deactivate)

	s.write("deleteMultipleAccounts", "POST"+account+"/deleteAccounts", (*call).deleteAccounts)
	s.write("deleteAccount", "DELETE"+account+"/{id}", (*call).deleteAccount)
	s.write("addAccountToRoles", "POST"+account+"/{id}/addRoles", (*call).addRoles)
	s.write("removeAccountFromRoles", "POST"+account+"/{id}/removeRoles", (*call).removeRoles)
	s.write("addAccountToUserGroups", "POST"+account+"/{id}/addUserGroups", (*call).addUserGroups)
	s.write("removeAccountFromUserGroups", "POST"+account+"/{id}/removeUserGroups", (*call).removeUserGroups)
	s.write("grantAccountPermission", "POST"+account+"/{id}/grant/{permission}", (*call).grant)
	s.write("revokeAccountPermission", "POST"+account+"/{id}/revoke/{permission}", (*call).revoke)

	s.read("getTokensServiceAccount", "GET"+tokens, (*call).listTokens)
	s.write("generateTokenServiceAccount", "POST"+tokens, (*call).generateToken)
	s.write("updateTokenNameServiceAccount", "PUT"+tokens+"/{token}", (*call).renameToken)
	s.write("deleteTokenServiceAccount", "DELETE"+tokens+"/{token}", (*call).revokeToken)

	s.read("getRole", "GET"+root+"role/{id}", (*call).readRole)
	s.read("getUserGroup", "GET"+root+"usergroup/{id}", (*call).readUserGroup)
	s.read("searchServiceAccountEntities", "POST"+root+"search/serviceaccount", search(kindServiceAccount))
	s.read("searchRoleEntities", "POST"+root+"search/role", search(kindRole))
	s.read("searchUserGroupEntities", "POST"+root+"search/usergroup", search(kindUserGroup))
}

// read registers an operation. A call that is refused changes nothing but lastUsed of the caller.
func (s *Sim) read(id, pattern string, run func(*call) simkit.Response) {
	s.Handle(id, pattern, func(r *http.Request, body []byte) simkit.Response {
		c := &call{Sim: s, request: r, body: body}
		if p := c.authorize(); p != nil {
			return *p
		}
		return run(c)
	})
}

// write registers an operation that the search index sees.
func (s *Sim) write(id, pattern string, run func(*call) simkit.Response) {
	s.read(id, pattern, func(c *call) simkit.Response {
		defer s.changed()
		return run(c)
	})
}

// issue adds a token to an account and returns its id, which is generated if empty. Its date is the
// present unless it has one.
func (s *Sim) issue(a *ServiceAccount, t Token) string {
	if t.ID == "" {
		t.ID = s.UUID()
	} else if owner, _ := s.store.owner(t.ID); owner != nil {
		panic("wavefrontsim: the token is in use") // without the secret
	}
	if t.Generated.IsZero() {
		t.Generated = s.Now()
	}
	a.Tokens = append(a.Tokens, t)
	s.store.byToken[t.ID] = a
	if !a.user {
		s.store.issued = append(s.store.issued, issuedToken{t.ID, a.Identifier, t.Name})
	}
	return t.ID
}

// Throttled is a fault for Inject: that many calls are refused with 406. This API returns 406 where
// others return 429, and sends no Retry-After (row 27).
func Throttled(times int) simkit.Fault {
	return simkit.Fault{
		Times: times, Status: http.StatusNotAcceptable,
		Body: `{"status":{"result":"ERROR","message":"Request rate limit exceeded","code":406}}`,
	}
}

// BadGateway is a fault for Inject: that many calls get a 502 with a page of HTML instead of the
// envelope (row 27).
func BadGateway(times int) simkit.Fault {
	page := htmlPage(http.StatusBadGateway)
	return simkit.Fault{Times: times, Status: page.Status, Body: string(page.Body)}
}
