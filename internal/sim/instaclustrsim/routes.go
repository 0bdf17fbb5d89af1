package instaclustrsim

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const (
	paramUsername = "username"
	paramKeyType  = "apiKeyType"
	userPath      = "/v1/service-users/{username}"
)

// operation is what happens, wherever it is reached.
type operation struct {
	// id is the operationId of the API document.
	id string
	// read looks at the fields of the body; nil where the request has none.
	read func(*call)
	run  func(*call) simkit.Answer
}

var (
	listUsers   = operation{id: "listServiceUsers", run: (*call).list}
	createUser  = operation{id: "createServiceUser", read: (*call).readCreate, run: (*call).create}
	getUser     = operation{id: "getServiceUser", run: (*call).get}
	updateUser  = operation{id: "updateServiceUser", read: (*call).readUpdate, run: (*call).update}
	generateKey = operation{id: "generateServiceUserApiKey", read: (*call).readKeyType, run: (*call).generate}
	revokeKey   = operation{id: "revokeServiceUserApiKey", read: (*call).readKeyType, run: (*call).revoke}
	restrictKey = operation{id: "updateServiceUserApiKeyIpRestrictions", read: (*call).readAllowList, run: (*call).restrict}
	rotateKey   = operation{id: rotateID, run: (*call).rotate}
)

// rotateID is the one operation that a service user may call, for itself.
const rotateID = "rotateServiceUserApiKey"

// route is one method of one path. A segment in braces is any text but the empty one, percent-encoded slashes
// included.
type route struct {
	operation
	method string
	path   string
	// query names the parameters that travel in the query string.
	query []string
}

// The table of routes (API document 1). Of the last two operations one variant is served: the first under
// keyParams=path; under keyParams=query the two others, since the documentation allows for both: the key type alone, or
// the user name too.
var (
	userRoutes = []route{
		{listUsers, http.MethodGet, "/v1/service-users", nil},
		{createUser, http.MethodPost, "/v1/service-users", nil},
		{getUser, http.MethodGet, userPath, nil},
		{updateUser, http.MethodPut, userPath, nil},
		{generateKey, http.MethodPost, userPath + "/api-keys", nil},
		{revokeKey, http.MethodDelete, userPath + "/api-keys", nil},
	}
	keyRoutesPath = []route{
		{restrictKey, http.MethodPut, userPath + "/api-keys/{apiKeyType}/ip-restrictions", nil},
		{rotateKey, http.MethodPost, userPath + "/api-keys/{apiKeyType}/rotate", nil},
	}
	keyRoutesQuery = []route{
		{restrictKey, http.MethodPut, userPath + "/api-keys/ip-restrictions", []string{paramKeyType}},
		{rotateKey, http.MethodPost, userPath + "/api-keys/rotate", []string{paramKeyType}},
		{restrictKey, http.MethodPut, "/v1/service-users/api-keys/ip-restrictions", []string{paramUsername, paramKeyType}},
		{rotateKey, http.MethodPost, "/v1/service-users/api-keys/rotate", []string{paramUsername, paramKeyType}},
	}
)

func operationIDs() []string {
	var ids []string
	for _, r := range slices.Concat(userRoutes, keyRoutesPath) {
		ids = append(ids, r.id)
	}
	return ids
}

// served is the part of the table that the options leave.
func served(options Options) []route {
	keys := keyRoutesPath
	if options.KeyParams == KeyParamsQuery {
		keys = keyRoutesQuery
	}
	return slices.DeleteFunc(slices.Concat(userRoutes, keys), func(r route) bool {
		return r.id == getUser.id && options.GetUser != GetUserServed
	})
}

// find gives the route of a request and its parameters. Without one, it gives the methods that the path has.
func (s *Sim) find(r *http.Request) (found route, params map[string]string, allowed []string) {
	for _, candidate := range s.routes {
		params, ok := match(candidate.path, r)
		if !ok {
			continue
		}
		if candidate.method != r.Method {
			allowed = append(allowed, candidate.method)
			continue
		}
		for _, name := range candidate.query {
			params[name] = r.URL.Query().Get(name)
		}
		return candidate, params, nil
	}
	return route{}, nil, allowed
}

func isUserPath(r *http.Request) bool {
	_, ok := match(userPath, r)
	return ok
}

func match(pattern string, r *http.Request) (map[string]string, bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(r.URL.EscapedPath(), "/")
	if len(want) != len(got) {
		return nil, false
	}
	params := map[string]string{}
	for i, segment := range got {
		text, err := url.PathUnescape(segment)
		if err != nil {
			return nil, false
		}
		if strings.HasPrefix(want[i], "{") && text != "" {
			params[strings.Trim(want[i], "{}")] = text
		} else if want[i] != text {
			return nil, false
		}
	}
	return params, true
}
