package instaclustrsim_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

// A request that is wrong in every way is refused for the next reason each time the one before is put right.
func TestOrderOfChecks(t *testing.T) {
	w := newWorld(t, func(o *instaclustrsim.Options) { o.RequestsPerMinute = 1 })
	w.robot("ci", "READ_ONLY", "MONITORING")
	wrongType := credential{w.other.name, w.sim.AddKey(w.other.name, "PROVISIONING")}
	steps := []struct {
		why          string
		as           credential
		contentType  string
		user, body   string
		status       int
		want         string
		keepsLimited bool
	}{
		{"throttle", credential{}, "text/plain", "nobody", ``, 429, `{"status":429,"message":"Rate Limit Exceeded"}`, true},
		{"credentials", credential{}, "text/plain", "nobody", ``, 401, ``, false},
		{"key type", wrongType, "text/plain", "nobody", ``, 403, `{"message":"This operation requires a User Management API key."}`, false},
		{"content type", w.other, "text/plain", "nobody", ``, 415, `{"status":415,"message":"Unsupported Media Type"}`, false},
		{"body", w.other, "application/json", "nobody", ``, 400, `{"resource":"resource cannot be null."}`, false},
		{"fields", w.other, "application/json", "nobody", `{}`, 400, `{"apiKeyType":"apiKeyType cannot be null."}`, false},
		{"target", w.other, "application/json", "nobody", `{"apiKeyType":"MONITORING"}`, 404, `{"status":404,"message":"Resource not found"}`, false},
		{"rights", w.other, "application/json", "ci", `{"apiKeyType":"MONITORING"}`, 403, `{"message":"You are not an administrator of this service user."}`, false},
		{"rules", w.admin, "application/json", "ci", `{"apiKeyType":"MONITORING"}`, 400, `{"apiKeyType":"an API key of this type already exists."}`, false},
		{"act", w.admin, "application/json", "ci", `{"apiKeyType":"PROVISIONING_READONLY"}`, 200, ``, false},
	}
	w.do(w.owner, "GET", usersPath, nil).want(200) // uses the limit up
	for _, step := range steps {
		t.Run(step.why, func(t *testing.T) {
			w := w.in(t)
			if !step.keepsLimited {
				w.now.advance(time.Minute)
			}
			r, err := w.send(step.as, "POST", keysOf(step.user), http.Header{"Content-Type": {step.contentType}}, []byte(step.body))
			if err != nil {
				t.Fatal(err)
			}
			r.want(step.status)
			if step.want != "" {
				r.wantBody(step.want)
			}
		})
	}
}

func TestLimit(t *testing.T) {
	w := newWorld(t, func(o *instaclustrsim.Options) { o.RequestsPerMinute = 2 })
	status := func() int { return w.do(w.owner, "GET", usersPath, nil).status }
	got := []int{status()}
	w.now.advance(40 * time.Second)
	got = append(got, status(), status())
	w.now.advance(20 * time.Second)
	got = append(got, status(), status())
	equal(t, "statuses", got, []int{200, 200, 429, 200, 429})
	w.do(w.owner, "GET", "/nowhere", nil).want(404)
}

func TestCredentials(t *testing.T) {
	w := newWorld(t)
	robot := w.robot("ci", "CLUSTER_ADMIN", "MONITORING", "USER_MANAGEMENT")
	tests := map[string]struct {
		as     credential
		status int
	}{
		"owner":                         {w.owner, 200},
		"cluster admin":                 {w.admin, 200},
		"nobody":                        {credential{}, 401},
		"unknown user":                  {credential{"nobody", w.owner.key}, 401},
		"wrong key":                     {credential{w.owner.name, "0123456789abcdef0123456789abcdef"}, 401},
		"empty key":                     {credential{w.owner.name, ""}, 401},
		"key of somebody else":          {credential{w.owner.name, w.admin.key}, 401},
		"name in another case":          {credential{"J.DOE", w.owner.key}, 401},
		"provisioning key":              {credential{w.owner.name, w.sim.AddKey(w.owner.name, "PROVISIONING")}, 403},
		"read only human":               {w.reader, 403},
		"billing":                       {w.billing, 403},
		"service user":                  {credential{"ci", robot["USER_MANAGEMENT"]}, 403},
		"service user, wrong kind even": {credential{"ci", robot["MONITORING"]}, 403},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			r := w.do(test.as, "GET", usersPath, nil).want(test.status)
			if test.status == 401 {
				r.wantEmpty()
				equal(t, "challenge", r.header.Get("WWW-Authenticate"), `Basic realm="Instaclustr"`)
			}
			if _, ok := r.refusal()["message"]; test.status == 403 && !ok {
				t.Errorf("no message in %s", r.body)
			}
		})
	}
	r, err := w.send(credential{}, "GET", usersPath, http.Header{"Authorization": {"Bearer " + w.owner.key}}, nil)
	if err != nil || r.status != 401 {
		t.Errorf("a bearer token: %v %v", r.status, err)
	}
}

// refusal is the object of an answer, and nothing for a list or an empty body.
func (r reply) refusal() object {
	r.t.Helper()
	if r.body == "" || r.body[0] == '[' {
		return nil
	}
	return r.object()
}

func TestServiceUserRotatesItself(t *testing.T) {
	w := newWorld(t)
	robot := w.robot("ci", "OWNER", "MONITORING", "USER_MANAGEMENT")
	w.robot("cd", "OWNER", "MONITORING")
	as := func(kind string) credential { return credential{"ci", robot[kind]} }
	for _, path := range []string{rotate("cd", "MONITORING"), rotate("nobody", "MONITORING"), rotate("j.doe", "USER_MANAGEMENT")} {
		w.do(as("USER_MANAGEMENT"), "POST", path, nil).want(403)
	}
	for _, request := range []struct {
		method, path string
		body         any
	}{
		{"GET", usersPath, nil},
		{"POST", usersPath, create("new", "READ_ONLY")},
		{"GET", one("ci"), nil},
		{"PUT", one("ci"), object{}},
		{"POST", keysOf("ci"), of("PROVISIONING")},
		{"DELETE", keysOf("ci"), of("MONITORING")},
		{"PUT", restrict("ci", "MONITORING"), cidrs("10.0.0.0/8")},
	} {
		w.do(as("USER_MANAGEMENT"), request.method, request.path, request.body).want(403)
	}
	fresh := w.do(as("MONITORING"), "POST", rotate("ci", "MONITORING"), nil).want(200).object()["key"].(string)
	w.do(as("MONITORING"), "POST", rotate("ci", "MONITORING"), nil).want(401)
	robot["MONITORING"] = fresh
	w.do(as("MONITORING"), "POST", rotate("ci", "USER_MANAGEMENT"), nil).want(200)
}

func TestCallerAddress(t *testing.T) {
	tests := []struct {
		list   []string
		from   string
		status int
	}{
		{[]string{"0.0.0.0/0"}, "127.0.0.1", 200},
		{[]string{"0.0.0.0/0"}, "::1", 200},
		{[]string{"0.0.0.0/0"}, "2001:db8::7", 200},
		{[]string{"198.51.100.0/24"}, "198.51.100.9", 200},
		{[]string{"198.51.100.0/24"}, "::ffff:198.51.100.9", 200},
		{[]string{"198.51.100.0/24"}, "203.0.113.7", 403},
		{[]string{"198.51.100.0/24"}, "127.0.0.1", 403},
		{[]string{"198.51.100.0/24", "203.0.113.7/32"}, "203.0.113.7", 200},
		{[]string{"127.0.0.1/31"}, "127.0.0.0", 200},
		{[]string{"2001:db8::/32"}, "2001:db8::7", 200},
		{[]string{"2001:db8::/32"}, "198.51.100.9", 403},
		{[]string{"::/0"}, "2001:db8::7", 200},
		{[]string{"::/0"}, "198.51.100.9", 403},
		{[]string{"nonsense"}, "198.51.100.9", 403},
		{nil, "198.51.100.9", 403},
	}
	w := newWorld(t)
	for _, test := range tests {
		w.sim.SetAllowList(w.owner.name, "USER_MANAGEMENT", test.list...)
		w.address.set(test.from)
		if got := w.do(w.owner, "GET", usersPath, nil).status; got != test.status {
			t.Errorf("%v from %s: status %d, want %d", test.list, test.from, got, test.status)
		}
	}
}

// Without the hook the address is that of the connection.
func TestCallerAddressOfConnection(t *testing.T) {
	w := newWorld(t, func(o *instaclustrsim.Options) { o.CallerAddress = nil })
	w.do(w.owner, "GET", usersPath, nil).want(200)
	w.sim.SetAllowList(w.owner.name, "USER_MANAGEMENT", "127.0.0.0/8", "::1/128")
	w.do(w.owner, "GET", usersPath, nil).want(200)
	w.sim.SetAllowList(w.owner.name, "USER_MANAGEMENT", "203.0.113.0/24")
	w.do(w.owner, "GET", usersPath, nil).want(403)

	for list, status := range map[string]int{"0.0.0.0/0": 200, "10.0.0.0/8": 403} {
		w.sim.SetAllowList(w.owner.name, "USER_MANAGEMENT", list)
		request := httptest.NewRequest("GET", usersPath, nil)
		request.RemoteAddr = "@" // of a Unix socket
		request.SetBasicAuth(w.owner.name, w.owner.key)
		answer := httptest.NewRecorder()
		w.sim.ServeHTTP(answer, request)
		equal(t, list, answer.Code, status)
	}
}

func TestRights(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "CLUSTER_ADMIN", "MONITORING", "PROVISIONING")
	requests := []struct {
		method, path string
		body         any
	}{
		{"GET", one("ci"), nil},
		{"PUT", one("ci"), object{"displayName": "CI"}},
		{"POST", keysOf("ci"), of("PROVISIONING_READONLY")},
		{"PUT", restrict("ci", "MONITORING"), cidrs("10.0.0.0/8")},
		{"POST", rotate("ci", "MONITORING"), nil},
		{"DELETE", keysOf("ci"), of("PROVISIONING_READONLY")},
	}
	for _, caller := range []struct {
		as     credential
		status int
	}{{w.other, 403}, {w.foreigner, 404}, {w.admin, 200}, {w.owner, 200}} {
		for _, r := range requests {
			w.do(caller.as, r.method, r.path, r.body).want(caller.status)
		}
	}
	for _, name := range []string{"nobody", "j.doe", "CI"} {
		w.do(w.owner, "GET", one(name), nil).want(404).wantBody(`{"status":404,"message":"Resource not found"}`)
	}
}

func TestBodies(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "CLUSTER_ADMIN", "MONITORING")
	for _, path := range []struct{ method, path string }{
		{"POST", usersPath}, {"PUT", one("ci")}, {"POST", keysOf("ci")}, {"DELETE", keysOf("ci")},
		{"PUT", restrict("ci", "MONITORING")},
	} {
		for name, test := range map[string]struct {
			header http.Header
			body   string
			status int
			want   string
		}{
			"nothing":             {http.Header{}, "", 400, `{"resource":"resource cannot be null."}`},
			"typed nothing":       {http.Header{"Content-Type": {"application/json"}}, "", 400, `{"resource":"resource cannot be null."}`},
			"null":                {http.Header{"Content-Type": {"application/json"}}, " null\n", 400, `{"resource":"resource cannot be null."}`},
			"broken":              {http.Header{"Content-Type": {"application/json"}}, `{"username":`, 400, `{"resource":"resource is not a JSON object."}`},
			"two objects":         {http.Header{"Content-Type": {"application/json"}}, `{}{}`, 400, `{"resource":"resource is not a JSON object."}`},
			"an array":            {http.Header{"Content-Type": {"application/json"}}, `[]`, 400, `{"resource":"resource is not a JSON object."}`},
			"no type":             {http.Header{}, `{}`, 415, ""},
			"a form":              {http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, `{}`, 415, ""},
			"wrong type, nothing": {http.Header{"Content-Type": {"text/plain"}}, ``, 415, ""},
		} {
			t.Run(path.method+" "+path.path+" "+name, func(t *testing.T) {
				r, err := w.in(t).send(w.owner, path.method, path.path, test.header, []byte(test.body))
				if err != nil {
					t.Fatal(err)
				}
				r.want(test.status)
				if test.want != "" {
					r.wantBody(test.want)
				}
			})
		}
	}
	// Operations without a body take any.
	w.do(w.owner, "POST", rotate("ci", "MONITORING"), "[").want(200)
	w.do(w.owner, "GET", one("ci"), "null").want(200)
}
