package instaclustrsim_test

import (
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

func TestRoutes(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "CLUSTER_ADMIN", "MONITORING")
	tests := []struct {
		method, path string
		body         any
		status       int
		operation    string
	}{
		{"GET", usersPath, nil, 200, "listServiceUsers"},
		{"POST", usersPath, create("new", "OWNER"), 201, "createServiceUser"},
		{"GET", one("ci"), nil, 200, "getServiceUser"},
		{"PUT", one("ci"), object{}, 200, "updateServiceUser"},
		{"POST", keysOf("ci"), of("PROVISIONING"), 200, "generateServiceUserApiKey"},
		{"DELETE", keysOf("ci"), of("PROVISIONING"), 200, "revokeServiceUserApiKey"},
		{"PUT", restrict("ci", "MONITORING"), cidrs("10.0.0.0/8"), 200, "updateServiceUserApiKeyIpRestrictions"},
		{"POST", rotate("ci", "MONITORING"), nil, 200, "rotateServiceUserApiKey"},

		{"PATCH", usersPath, nil, 405, ""},
		{"HEAD", usersPath, nil, 405, ""},
		{"DELETE", one("ci"), nil, 405, ""},
		{"PATCH", one("ci"), object{}, 405, ""},
		{"GET", keysOf("ci"), nil, 405, ""},
		{"PUT", rotate("ci", "MONITORING"), nil, 405, ""},
		{"POST", restrict("ci", "MONITORING"), nil, 405, ""},

		{"GET", usersPath + "/", nil, 404, ""},
		{"GET", one("ci") + "/", nil, 404, ""},
		{"GET", "/v1/service-users//api-keys", nil, 404, ""},
		{"GET", "/v2/service-users", nil, 404, ""},
		{"GET", "/", nil, 404, ""},
		{"POST", keysOf("ci") + "/rotate?apiKeyType=MONITORING", nil, 404, ""},
		{"POST", usersPath + "/api-keys/rotate?username=ci&apiKeyType=MONITORING", nil, 404, ""},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			w := w.in(t)
			w.sim.ResetRequests()
			w.do(w.owner, test.method, test.path, test.body).want(test.status)
			requests := w.sim.Requests()
			if len(requests) != 1 {
				t.Fatalf("%d requests on record", len(requests))
			}
			equal(t, "operation", requests[0].Operation, test.operation)
			equal(t, "status", requests[0].Status, test.status)
		})
	}
}

func TestRoutesAllow(t *testing.T) {
	w := newWorld(t)
	for path, allow := range map[string]string{
		usersPath:            "GET, POST",
		one("ci"):            "GET, PUT",
		keysOf("ci"):         "POST, DELETE",
		rotate("ci", "ANY"):  "POST",
		restrict("ci", "NO"): "PUT",
	} {
		r := w.do(w.owner, "PATCH", path, nil).want(405)
		equal(t, path, r.header.Get("Allow"), allow)
		r.wantBody(`{"status":405,"message":"Method Not Allowed"}`)
	}
	w.do(w.owner, "GET", "/nowhere", nil).want(404).wantBody(`{"status":404,"message":"Resource not found"}`)
}

func TestUsernameIsOneSegment(t *testing.T) {
	w := newWorld(t)
	for name, escaped := range map[string]string{
		"a/b":      "a%2Fb",
		"a b":      "a%20b",
		"100%":     "100%25",
		"q?x=1":    "q%3Fx=1",
		"d\u00f6r": "d%C3%B6r",
		"..":       "%2E%2E",
		"api-keys": "api-keys",
	} {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			w.do(w.owner, "POST", usersPath, create(name, "READ_ONLY")).want(201)
			equal[any](t, "get", w.do(w.owner, "GET", one(escaped), nil).want(200).object()["username"], name)
			equal[any](t, "rotate", w.do(w.owner, "POST", rotate(escaped, "MONITORING"), nil).want(200).object()["username"], name)
		})
	}
	w.do(w.owner, "GET", one("a/b"), nil).want(404)
	equal(t, "operation of a slash that is not encoded", w.sim.Requests()[len(w.sim.Requests())-1].Operation, "")
}

func TestKeyParamsQuery(t *testing.T) {
	w := newWorld(t, func(o *instaclustrsim.Options) { o.KeyParams = instaclustrsim.KeyParamsQuery })
	w.robot("c i", "CLUSTER_ADMIN", "MONITORING")
	half, both := keysOf("c%20i"), usersPath+"/api-keys"
	for _, test := range []struct{ rotate, restrict string }{
		{half + "/rotate?apiKeyType=MONITORING", half + "/ip-restrictions?apiKeyType=MONITORING"},
		{both + "/rotate?username=c%20i&apiKeyType=MONITORING", both + "/ip-restrictions?username=c+i&apiKeyType=MONITORING"},
	} {
		before := w.sim.Secret("c i", "MONITORING")
		w.do(w.owner, "POST", test.rotate, nil).want(200)
		equal(t, "alive", w.sim.KeyAlive("c i", before), false)
		w.do(w.owner, "PUT", test.restrict, cidrs("10.1.0.0/16")).want(200).wantEmpty()
		equal(t, "list", w.sim.AllowList("c i", "MONITORING"), []string{"10.1.0.0/16"})
	}
	// The documented sample of a 400.
	w.do(w.owner, "PUT", both+"/ip-restrictions", cidrs("10.0.0.0/8")).want(400).
		wantBody(`{"apiKeyType":"apiKeyType cannot be null.","username":"username cannot be null."}`)
	w.do(w.owner, "POST", both+"/rotate?apiKeyType=", nil).wantNames("apiKeyType", "username")
	w.do(w.owner, "POST", half+"/rotate", nil).wantNames("apiKeyType")
	w.do(w.owner, "PUT", half+"/ip-restrictions", object{}).wantNames("apiKeyType", "cidrAllowList")
	w.do(w.owner, "POST", half+"/rotate?apiKeyType=NONE", nil).wantNames("apiKeyType")
	w.do(w.owner, "POST", rotate("c%20i", "MONITORING"), nil).want(404)
	w.do(w.owner, "PUT", restrict("c%20i", "MONITORING"), cidrs("10.0.0.0/8")).want(404)
	equal(t, "count", w.sim.Count("rotateServiceUserApiKey"), 5)
}

func TestRouteMissing(t *testing.T) {
	for value, status := range map[instaclustrsim.GetUser]int{
		instaclustrsim.GetUserNotFound: 404, instaclustrsim.GetUserNotAllowed: 405,
	} {
		w := newWorld(t, func(o *instaclustrsim.Options) { o.GetUser = value })
		w.robot("ci", "READ_ONLY")
		w.do(w.owner, "GET", one("ci"), nil).want(status)
		w.do(w.owner, "PUT", one("ci"), object{}).want(200)
		w.do(w.owner, "PATCH", one("ci"), nil).want(405)
		equal(t, "count", w.sim.Count("getServiceUser"), 0)
		if body := w.do(w.owner, "GET", usersPath, nil).want(200).body; !strings.Contains(body, `"ci"`) {
			t.Errorf("the list lacks the user: %s", body)
		}
	}
}
