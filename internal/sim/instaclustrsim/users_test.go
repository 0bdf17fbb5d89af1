package instaclustrsim_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

var hexKey = regexp.MustCompile(`^[0-9a-f]{32}$`)

const (
	allTypes   = "MONITORING PROVISIONING_READONLY PROVISIONING USER_MANAGEMENT"
	readTypes  = "MONITORING PROVISIONING_READONLY"
	adminKeys  = "MONITORING PROVISIONING PROVISIONING_READONLY"
	adminNames = `[{"displayName":"Monitoring","name":"MONITORING"},
		{"displayName":"Read Only Provisioning","name":"PROVISIONING_READONLY"},
		{"displayName":"Provisioning","name":"PROVISIONING"},{"displayName":"User Management","name":"USER_MANAGEMENT"}]`
)

func TestCreate(t *testing.T) {
	w := newWorld(t)
	r := w.do(w.owner, "POST", usersPath, object{
		"username": "ci_pipeline", "email": "ci@example.com", "profile": "CLUSTER_ADMIN", "displayName": "CI <pipeline>",
		"validationMessages": object{"a": "b"}, "role": "OWNER", "Username": "other",
	}).want(201)
	entry := `{"account":"` + w.sim.Account() + `","key":"%s","apiKeyType":"%s","username":"ci_pipeline"}`
	secret := func(kind string) string { return w.sim.Secret("ci_pipeline", kind) }
	r.wantBody(fmt.Sprintf(`{"administrators":["j.doe"],"apiKeys":{"allowedApiKeyTypes":%s,"apiKeys":[`+entry+`,`+entry+`,`+entry+`]},
		"displayName":"CI <pipeline>","email":"ci@example.com","role":"CLUSTER_ADMIN","username":"ci_pipeline"}`, adminNames,
		secret("MONITORING"), "MONITORING", secret("PROVISIONING"), "PROVISIONING",
		secret("PROVISIONING_READONLY"), "PROVISIONING_READONLY"))
	for _, key := range keys(r.object()) {
		if !hexKey.MatchString(key["key"].(string)) {
			t.Errorf("key %v", key["key"])
		}
	}
	if strings.Contains(r.body, `\u003c`) {
		t.Errorf("escaped for HTML: %s", r.body)
	}
}

func TestCreateByRole(t *testing.T) {
	for _, test := range []struct{ role, allowed, keys string }{
		{"READ_ONLY", readTypes, readTypes},
		{"CLUSTER_ADMIN", allTypes, adminKeys},
		{"OWNER", allTypes, adminKeys},
	} {
		w := newWorld(t)
		user := w.do(w.owner, "POST", usersPath, create("ci", test.role)).want(201).object()
		equal[any](t, "role", user["role"], test.role)
		equal(t, "allowed", allowed(user), test.allowed)
		equal(t, "keys", types(user), test.keys)
		equal(t, "fields", fields(user), strings.TrimSpace(strings.Repeat("apiKeyType ", len(keys(user)))))
		equal[any](t, "display name", user["displayName"], "ci")
	}
}

func TestCreateRefused(t *testing.T) {
	w := newWorld(t)
	w.sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "taken", Email: "Ops@example.com"})
	w.sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "far", Email: "far@example.com", Account: w.foreign})
	with := func(name string, value any) object {
		body := create("new", "READ_ONLY")
		body[name] = value
		return body
	}
	tests := map[string]struct {
		as   credential
		body object
		want string
	}{
		"nothing": {w.owner, object{}, `{"username":"username cannot be null.","email":"email cannot be null.",
			"profile":"profile cannot be null."}`},
		"null":           {w.owner, with("email", nil), `{"email":"email cannot be null."}`},
		"number":         {w.owner, with("username", 5), `{"username":"username must be a string."}`},
		"blank":          {w.owner, with("username", " "), `{"username":"username cannot be blank."}`},
		"blank e-mail":   {w.owner, with("email", ""), `{"email":"email cannot be blank."}`},
		"display name":   {w.owner, with("displayName", []int{}), `{"displayName":"displayName must be a string."}`},
		"role":           {w.owner, with("profile", "BILLING"), `{"profile":"profile must be one of READ_ONLY, CLUSTER_ADMIN, OWNER."}`},
		"taken name":     {w.owner, with("username", "taken"), `{"username":"username must be unique."}`},
		"human's name":   {w.owner, with("username", "a.smith"), `{"username":"username must be unique."}`},
		"other account":  {w.owner, with("username", "far"), `{"username":"username must be unique."}`},
		"taken e-mail":   {w.owner, with("email", "ops@EXAMPLE.com"), `{"email":"email must be unique."}`},
		"human's e-mail": {w.owner, with("email", "J.Doe@example.com"), `{"email":"email must be unique."}`},
		"both taken": {w.owner, object{"username": "taken", "email": "far@example.com", "profile": "OWNER"},
			`{"username":"username must be unique.","email":"email must be unique."}`},
		"above": {w.admin, with("profile", "OWNER"), `{"profile":"profile must not be above the role of the caller."}`},
		"above and taken": {w.admin, object{"username": "taken", "email": "x", "profile": "OWNER"},
			`{"username":"username must be unique.","profile":"profile must not be above the role of the caller."}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { w.in(t).do(test.as, "POST", usersPath, test.body).want(400).wantBody(test.want) })
	}
	equal(t, "users", len(w.sim.ServiceUsers()), 2)
	w.do(w.owner, "POST", usersPath, with("email", "ops+2@example.com")).want(201)
	w.do(w.owner, "POST", usersPath, create("Taken", "OWNER")).want(201)
	w.do(w.admin, "POST", usersPath, create("mine", "CLUSTER_ADMIN")).want(201)
	mine, _ := w.sim.ServiceUser("mine")
	equal(t, "administrators", mine.Administrators, []string{"a.smith"})
}

func TestMask(t *testing.T) {
	w := newWorld(t)
	made := keys(w.do(w.owner, "POST", usersPath, create("ci", "CLUSTER_ADMIN")).want(201).object())
	for name, user := range map[string]object{
		"get":    w.do(w.owner, "GET", one("ci"), nil).want(200).object(),
		"list":   w.do(w.owner, "GET", usersPath, nil).want(200).list()[0],
		"update": w.do(w.owner, "PUT", one("ci"), object{}).want(200).object(),
	} {
		for i, entry := range keys(user) {
			shown, secret := entry["key"].(string), made[i]["key"].(string)
			equal(t, name, shown, hidden+secret[27:])
			equal(t, name+" runes", utf8.RuneCountInString(shown), 32)
			equal(t, name+" bytes", len(shown), 86)
		}
	}
}

func TestTypeFieldMixed(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "CLUSTER_ADMIN", "MONITORING", "PROVISIONING", "USER_MANAGEMENT")
	w.robot("bare", "CLUSTER_ADMIN")
	equal(t, "get", fields(w.do(w.owner, "GET", one("ci"), nil).object()), "apiKeyType keyType keyType")
	equal(t, "update", fields(w.do(w.owner, "PUT", one("ci"), object{}).object()), "apiKeyType keyType keyType")
	list := w.do(w.owner, "GET", usersPath, nil).list()
	equal(t, "list", fields(list[1]), "keyType keyType keyType")
	equal(t, "no keys", len(keys(list[0])), 0)
}

func TestList(t *testing.T) {
	w := newWorld(t)
	w.do(w.owner, "GET", usersPath, nil).want(200).wantBody(`[]`)
	for _, name := range []string{"b", "c", "a"} {
		w.robot(name, "READ_ONLY")
	}
	w.sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "aa", Account: w.foreign})
	for caller, want := range map[credential]string{w.owner: "a b c", w.admin: "a b c", w.other: "a b c", w.foreigner: "aa"} {
		names := []string{}
		for _, user := range w.do(caller, "GET", usersPath, nil).want(200).list() {
			names = append(names, user["username"].(string))
		}
		equal(t, caller.name, strings.Join(names, " "), want)
	}
}

func TestUpdate(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "CLUSTER_ADMIN", "MONITORING")
	user := w.do(w.owner, "PUT", one("ci"), object{
		"displayName": "CI (blue)", "profile": "OWNER", "administrators": []string{"j.doe", "o.brown", "j.doe"},
		"username": "new", "email": "new@example.com",
	}).want(200).object()
	equal[any](t, "display name", user["displayName"], "CI (blue)")
	equal[any](t, "role", user["role"], "OWNER")
	equal[any](t, "administrators", user["administrators"], []any{"j.doe", "o.brown"})
	equal[any](t, "user name", user["username"], "ci")
	equal[any](t, "e-mail", user["email"], "ci@service.example.com")
	equal(t, "keys", types(user), "MONITORING")
	w.do(w.owner, "GET", one("ci"), nil).want(200).wantBody(w.do(w.owner, "PUT", one("ci"), object{}).want(200).body)
	w.do(w.admin, "GET", one("ci"), nil).want(403)

	same := w.do(w.other, "PUT", one("ci"), object{"profile": "OWNER", "displayName": ""}).want(200).object()
	equal[any](t, "a role above that stays", same["role"], "OWNER")
	equal[any](t, "empty display name", same["displayName"], "")
	w.do(w.other, "PUT", one("ci"), object{"administrators": []string{"a.smith"}}).want(200)
	w.do(w.other, "GET", one("ci"), nil).want(403)
}

func TestUpdateRefused(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "CLUSTER_ADMIN", "PROVISIONING")
	w.robot("cd", "CLUSTER_ADMIN")
	before, _ := w.sim.ServiceUser("ci")
	tests := map[string]struct {
		body object
		want []string
	}{
		"role":                       {object{"profile": "BILLING"}, []string{"profile"}},
		"types":                      {object{"profile": 1, "displayName": 1, "administrators": "j.doe"}, []string{"profile", "displayName", "administrators"}},
		"null among administrators":  {object{"administrators": []any{"j.doe", nil}}, []string{"administrators"}},
		"number among them":          {object{"administrators": []any{1}}, []string{"administrators"}},
		"no administrators":          {object{"displayName": "x", "administrators": []string{}}, []string{"administrators"}},
		"unknown administrator":      {object{"administrators": []string{"j.doe", "nobody"}}, []string{"administrators"}},
		"service user administrator": {object{"administrators": []string{"cd"}}, []string{"administrators"}},
		"read only administrator":    {object{"administrators": []string{"r.white"}}, []string{"administrators"}},
		"billing administrator":      {object{"administrators": []string{"b.green"}}, []string{"administrators"}},
		"foreign administrator":      {object{"administrators": []string{"x.black"}}, []string{"administrators"}},
		"above":                      {object{"displayName": "x", "profile": "OWNER"}, []string{"profile"}},
		"above and administrators":   {object{"profile": "OWNER", "administrators": []string{}}, []string{"profile", "administrators"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			w.do(w.admin, "PUT", one("ci"), test.body).wantNames(test.want...)
			after, _ := w.sim.ServiceUser("ci")
			equal(t, "user", after, before)
		})
	}
}

func TestDowngrade(t *testing.T) {
	w := newWorld(t)
	robot := w.robot("ci", "CLUSTER_ADMIN", "MONITORING", "PROVISIONING", "USER_MANAGEMENT")
	user := w.do(w.owner, "PUT", one("ci"), object{"profile": "READ_ONLY"}).want(200).object()
	equal(t, "keys", types(user), "MONITORING")
	equal(t, "allowed", allowed(user), readTypes)
	equal(t, "kept", w.sim.KeyAlive("ci", robot["MONITORING"]), true)
	equal(t, "revoked", w.sim.KeyAlive("ci", robot["PROVISIONING"]), false)
	user = w.do(w.owner, "PUT", one("ci"), object{"profile": "OWNER"}).want(200).object()
	equal(t, "no keys by raising", types(user), "MONITORING")
	equal(t, "allowed again", allowed(user), allTypes)
}

// A key that the role never allowed ends with a change of the role only.
func TestNoDowngrade(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "READ_ONLY")
	stray := w.sim.AddKey("ci", "PROVISIONING")
	w.do(w.owner, "PUT", one("ci"), object{"profile": "READ_ONLY", "displayName": "x"}).want(200)
	equal(t, "alive", w.sim.KeyAlive("ci", stray), true)
}

func TestUpdateOmitted(t *testing.T) {
	for _, test := range []struct {
		value instaclustrsim.UpdateOmitted
		body  object
		want  string // of display name, role, administrators; or the names of a 400
	}{
		{instaclustrsim.OmittedKeeps, object{}, "Robot CLUSTER_ADMIN [a.smith]"},
		{instaclustrsim.OmittedKeeps, object{"displayName": nil, "profile": nil, "administrators": nil}, "Robot CLUSTER_ADMIN [a.smith]"},
		{instaclustrsim.OmittedKeeps, object{"displayName": "x"}, "x CLUSTER_ADMIN [a.smith]"},
		{instaclustrsim.OmittedClears, object{"profile": "CLUSTER_ADMIN"}, "ci CLUSTER_ADMIN [j.doe]"},
		{instaclustrsim.OmittedClears, object{"profile": "OWNER", "displayName": "x"}, "x OWNER [j.doe]"},
		{instaclustrsim.OmittedClears, object{}, "profile"},
		{instaclustrsim.OmittedRefused, object{"profile": nil}, "profile displayName administrators"},
		{instaclustrsim.OmittedRefused, object{"profile": "OWNER", "displayName": "x"}, "administrators"},
		{
			instaclustrsim.OmittedRefused, object{"profile": "OWNER", "displayName": "x", "administrators": []string{"o.brown"}},
			"x OWNER [o.brown]",
		},
	} {
		t.Run(fmt.Sprintf("%s %v", test.value, test.body), func(t *testing.T) {
			w := newWorld(t, func(o *instaclustrsim.Options) { o.UpdateOmitted = test.value })
			w.robot("ci", "CLUSTER_ADMIN")
			w.sim.SetDisplayName("ci", "Robot")
			r := w.do(w.owner, "PUT", one("ci"), test.body)
			if !strings.Contains(test.want, "[") {
				r.wantNames(strings.Fields(test.want)...)
				return
			}
			user := r.want(200).object()
			equal(t, "user", fmt.Sprint(user["displayName"], " ", user["role"], " ", user["administrators"]), test.want)
		})
	}
}
