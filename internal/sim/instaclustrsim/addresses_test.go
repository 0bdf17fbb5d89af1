package instaclustrsim_test

import (
	"fmt"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

func TestRestrict(t *testing.T) {
	const refused = "400 [0.0.0.0/0]"
	for _, test := range []struct {
		options instaclustrsim.Options
		list    []string
		want    string
	}{
		{instaclustrsim.Options{}, []string{"198.51.100.0/24", "127.0.0.1/31"}, "200 [198.51.100.0/24 127.0.0.1/31]"},
		{instaclustrsim.Options{}, []string{"10.0.0.0/8", "10.0.0.0/8"}, "200 [10.0.0.0/8 10.0.0.0/8]"},
		{instaclustrsim.Options{}, []string{}, refused},
		{instaclustrsim.Options{}, []string{"203.0.113.7"}, refused},
		{instaclustrsim.Options{}, []string{"10.0.0.0/8", "10.0.0.0/33"}, refused},
		{instaclustrsim.Options{}, []string{"2001:db8::/32"}, refused},
		{instaclustrsim.Options{IPv6: "accept"}, []string{"2001:db8::1/32"}, "200 [2001:db8::1/32]"},
		{instaclustrsim.Options{CIDR: "normalise"}, []string{"127.0.0.1/31"}, "200 [127.0.0.0/31]"},
		{instaclustrsim.Options{CIDR: "refuseHostBits"}, []string{"127.0.0.1/31"}, refused},
		{instaclustrsim.Options{CIDR: "refuseHostBits"}, []string{"127.0.0.0/31"}, "200 [127.0.0.0/31]"},
	} {
		w := newWorld(t, func(o *instaclustrsim.Options) { *o = test.options })
		body := simtest.Object{"cidrAllowList": test.list}
		r := w.send(owner, "PUT /ci/api-keys/MONITORING/ip-restrictions", body)
		got := fmt.Sprint(r.Status, " ", w.sim.AllowList(robot, "MONITORING"))
		simtest.Equal(t, fmt.Sprint(test.options, test.list), got, test.want)
	}
	newWorld(t).run(
		step{owner, "PUT /ci/api-keys/USER_MANAGEMENT/ip-restrictions", `{"cidrAllowList":["10.0.0.0/8"]}`, "", noKey},
		step{owner, "PUT /ci/api-keys/MONITORING/ip-restrictions", `{"cidrAllowList":["10.0.0.1/8\""]}`, "",
			`400 {"cidrAllowList":"cidrAllowList holds \"10.0.0.1/8\\\"\", which is not a CIDR."}`},
	)
}

// 0.0.0.0/0 is open to all, as the documentation says, to IPv6 too.
func TestAllowList(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		list    []string
		address string
		status  int
	}{
		{[]string{"0.0.0.0/0"}, "2001:db8::7", 200},
		{[]string{"198.51.100.0/24"}, "198.51.100.9", 200},
		{[]string{"198.51.100.0/24"}, "::ffff:198.51.100.9", 200},
		{[]string{"198.51.100.0/24"}, "203.0.113.7", 403},
		{[]string{"198.51.100.0/24", "203.0.113.7/32"}, "203.0.113.7", 200},
		{[]string{"127.0.0.1/31"}, "127.0.0.0", 200},
		{[]string{"2001:db8::/32"}, "2001:db8::7", 200},
		{[]string{"::/0"}, "198.51.100.9", 403},
		{[]string{"nonsense"}, "198.51.100.9", 403},
		{nil, "198.51.100.9", 403},
	} {
		w.sim.SetAllowList(robot, "MONITORING", test.list...)
		w.send(robot, "GET //_emu/whoami?address="+test.address, nil).Want(test.status)
	}
}
