package instaclustrsim_test

import (
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

func TestGenerate(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "CLUSTER_ADMIN")
	r := w.do(w.owner, "POST", keysOf("ci"), of("MONITORING")).want(200)
	secret := w.sim.Secret("ci", "MONITORING")
	r.wantBody(`{"account":"` + w.sim.Account() + `","apiKeyType":"MONITORING","cidrAllowList":["0.0.0.0/0"],"key":"` + secret + `","username":"ci"}`)
	if !hexKey.MatchString(secret) {
		t.Errorf("key %s", secret)
	}
	w.do(w.owner, "POST", keysOf("ci"), of("MONITORING")).want(400).wantBody(`{"apiKeyType":"an API key of this type already exists."}`)
	equal(t, "the key after a refusal", w.sim.Secret("ci", "MONITORING"), secret)
	w.do(w.owner, "DELETE", keysOf("ci"), of("MONITORING")).want(200)
	again := w.do(w.owner, "POST", keysOf("ci"), of("MONITORING")).want(200).object()["key"]
	if again == secret {
		t.Error("the same key twice")
	}
	for _, kind := range []string{"PROVISIONING", "PROVISIONING_READONLY", "USER_MANAGEMENT"} {
		w.do(w.owner, "POST", keysOf("ci"), of(kind)).want(200)
	}
	equal(t, "keys", types(w.do(w.owner, "GET", one("ci"), nil).object()), adminKeys+" USER_MANAGEMENT")
}

func TestGenerateRefused(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "READ_ONLY")
	for name, test := range map[string]struct {
		body any
		want string
	}{
		"missing":     {object{}, "apiKeyType cannot be null."},
		"null":        {object{"apiKeyType": nil}, "apiKeyType cannot be null."},
		"empty":       {of(""), "apiKeyType cannot be null."},
		"number":      {object{"apiKeyType": 1}, "apiKeyType must be a string."},
		"wrong name":  {object{"keyType": "MONITORING"}, "apiKeyType cannot be null."},
		"unknown":     {of("monitoring"), "apiKeyType must be one of MONITORING, PROVISIONING, PROVISIONING_READONLY, USER_MANAGEMENT."},
		"not allowed": {of("PROVISIONING"), "an API key of this type is not allowed for the role of the service user."},
	} {
		t.Run(name, func(t *testing.T) {
			w.in(t).do(w.owner, "POST", keysOf("ci"), test.body).want(400).wantBody(`{"apiKeyType":"` + test.want + `"}`)
		})
	}
	equal(t, "keys", len(w.sim.ServiceUsers()[0].Keys), 0)
}

func TestRevoke(t *testing.T) {
	w := newWorld(t)
	robot := w.robot("ci", "CLUSTER_ADMIN", "MONITORING", "PROVISIONING")
	r := w.do(w.owner, "DELETE", keysOf("ci"), of("MONITORING")).want(200)
	r.wantEmpty()
	equal(t, "length", r.header.Get("Content-Length"), "0")
	equal(t, "revoked", w.sim.KeyAlive("ci", robot["MONITORING"]), false)
	equal(t, "other", w.sim.KeyAlive("ci", robot["PROVISIONING"]), true)
	w.do(w.owner, "DELETE", keysOf("ci"), of("MONITORING")).want(400).wantBody(`{"apiKeyType":"there is no API key of this type."}`)
	w.do(w.owner, "DELETE", keysOf("ci"), of("ANY")).wantNames("apiKeyType")
	w.do(w.owner, "DELETE", keysOf("ci"), nil).want(400).wantBody(`{"resource":"resource cannot be null."}`)
}

func TestRotate(t *testing.T) {
	w := newWorld(t)
	old := w.robot("ci", "CLUSTER_ADMIN", "MONITORING", "PROVISIONING")
	w.do(w.owner, "PUT", restrict("ci", "MONITORING"), cidrs("198.51.100.0/24", "203.0.113.7/32")).want(200)
	r := w.do(w.owner, "POST", rotate("ci", "MONITORING"), nil).want(200)
	fresh := w.sim.Secret("ci", "MONITORING")
	r.wantBody(`{"account":"` + w.sim.Account() + `","apiKeyType":"MONITORING","cidrAllowList":["198.51.100.0/24","203.0.113.7/32"],"key":"` +
		fresh + `","username":"ci"}`)
	equal(t, "old key", w.sim.KeyAlive("ci", old["MONITORING"]), false)
	equal(t, "new key", w.sim.KeyAlive("ci", fresh), true)
	equal(t, "other key", w.sim.KeyAlive("ci", old["PROVISIONING"]), true)
	w.do(w.owner, "POST", rotate("ci", "USER_MANAGEMENT"), nil).want(400).wantBody(`{"apiKeyType":"there is no API key of this type."}`)
	w.do(w.owner, "POST", rotate("ci", "ANY"), nil).wantNames("apiKeyType")
	w.do(w.owner, "POST", rotate("ci", "monitoring"), nil).wantNames("apiKeyType")
}

// A key that outlives the role it needs can be rotated and revoked, but not made anew.
func TestKeyBeyondRole(t *testing.T) {
	w := newWorld(t, func(o *instaclustrsim.Options) { o.OnDowngrade = instaclustrsim.DowngradeKeeps })
	w.robot("ci", "CLUSTER_ADMIN", "PROVISIONING")
	w.do(w.owner, "PUT", one("ci"), object{"profile": "READ_ONLY"}).want(200)
	w.do(w.owner, "POST", rotate("ci", "PROVISIONING"), nil).want(200)
	w.do(w.owner, "DELETE", keysOf("ci"), of("PROVISIONING")).want(200)
	w.do(w.owner, "POST", keysOf("ci"), of("PROVISIONING")).wantNames("apiKeyType")
}

func TestRestrict(t *testing.T) {
	for _, test := range []struct {
		options instaclustrsim.Options
		list    []string
		stored  []string // nil is a 400
	}{
		{instaclustrsim.Options{}, []string{"198.51.100.0/24", "203.0.113.7/32"}, []string{"198.51.100.0/24", "203.0.113.7/32"}},
		{instaclustrsim.Options{}, []string{"127.0.0.1/31"}, []string{"127.0.0.1/31"}},
		{instaclustrsim.Options{}, []string{"10.0.0.0/8", "10.0.0.0/8"}, []string{"10.0.0.0/8", "10.0.0.0/8"}},
		{instaclustrsim.Options{}, []string{"0.0.0.0/0"}, []string{"0.0.0.0/0"}},
		{instaclustrsim.Options{}, []string{}, nil},
		{instaclustrsim.Options{}, []string{"203.0.113.7"}, nil},
		{instaclustrsim.Options{}, []string{"10.0.0.0/33"}, nil},
		{instaclustrsim.Options{}, []string{"10.0.0.0/8", ""}, nil},
		{instaclustrsim.Options{}, []string{"2001:db8::/32"}, nil},
		{instaclustrsim.Options{}, []string{"::ffff:10.0.0.0/104"}, nil},
		{instaclustrsim.Options{IPv6: instaclustrsim.IPv6Accepted}, []string{"2001:db8::1/32"}, []string{"2001:db8::1/32"}},
		{instaclustrsim.Options{CIDR: instaclustrsim.CIDRNormalise}, []string{"127.0.0.1/31", "10.0.0.0/8"}, []string{"127.0.0.0/31", "10.0.0.0/8"}},
		{instaclustrsim.Options{CIDR: instaclustrsim.CIDRRefuseHostBits}, []string{"127.0.0.1/31"}, nil},
		{instaclustrsim.Options{CIDR: instaclustrsim.CIDRRefuseHostBits}, []string{"127.0.0.0/31"}, []string{"127.0.0.0/31"}},
	} {
		t.Run(string(test.options.CIDR)+" "+strings.Join(test.list, " "), func(t *testing.T) {
			w := newWorld(t, func(o *instaclustrsim.Options) { o.CIDR, o.IPv6 = test.options.CIDR, test.options.IPv6 })
			w.robot("ci", "READ_ONLY", "MONITORING", "PROVISIONING_READONLY")
			r := w.do(w.owner, "PUT", restrict("ci", "MONITORING"), cidrs(test.list...))
			if test.stored == nil {
				r.wantNames("cidrAllowList")
				test.stored = []string{"0.0.0.0/0"}
			} else {
				r.want(200).wantEmpty()
				equal(t, "length", r.header.Get("Content-Length"), "0")
			}
			equal(t, "list", w.sim.AllowList("ci", "MONITORING"), test.stored)
			equal(t, "other key", w.sim.AllowList("ci", "PROVISIONING_READONLY"), []string{"0.0.0.0/0"})
		})
	}
}

func TestRestrictRefused(t *testing.T) {
	w := newWorld(t)
	w.robot("ci", "READ_ONLY", "MONITORING")
	w.do(w.owner, "PUT", restrict("ci", "PROVISIONING"), cidrs("10.0.0.0/8")).want(400).
		wantBody(`{"apiKeyType":"there is no API key of this type."}`)
	w.do(w.owner, "PUT", restrict("ci", "ANY"), object{}).wantNames("apiKeyType", "cidrAllowList")
	w.do(w.owner, "PUT", restrict("ci", "MONITORING"), object{"cidrAllowList": nil}).want(400).
		wantBody(`{"cidrAllowList":"cidrAllowList cannot be null."}`)
	w.do(w.owner, "PUT", restrict("ci", "MONITORING"), object{"cidrAllowList": "10.0.0.0/8"}).wantNames("cidrAllowList")
	w.do(w.owner, "PUT", restrict("ci", "MONITORING"), cidrs("10.0.0.1/8\"")).want(400).
		wantBody(`{"cidrAllowList":"cidrAllowList holds \"10.0.0.1/8\\\"\", which is not a CIDR."}`)
}
