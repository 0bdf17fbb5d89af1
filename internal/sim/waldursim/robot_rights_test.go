package waldursim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestRobotRights(t *testing.T) {
	const (
		all     = "all"     // sees and writes
		reads   = "reads"   // sees, 403 on writes
		nothing = "nothing" // 404, and 403 on create
	)
	grants := []struct {
		name string
		user waldursim.User
		role waldursim.Role
		on   func(w *robotWorld) string
		want string
	}{
		{name: "nobody", want: nothing},
		{name: "staff", user: waldursim.User{Staff: true}, want: all},
		{name: "support", user: waldursim.User{Support: true}, want: reads},
		{"provider owner", waldursim.User{}, waldursim.ProviderOwner, func(w *robotWorld) string { return w.provider }, all},
		{"support that is provider owner", waldursim.User{Support: true}, waldursim.ProviderOwner, func(w *robotWorld) string { return w.provider }, all},
		{"owner of the provider", waldursim.User{}, waldursim.CustomerOwner, func(w *robotWorld) string { return w.provider }, reads},
		{"reader of the provider", waldursim.User{}, waldursim.CustomerReader, func(w *robotWorld) string { return w.provider }, reads},
		{"owner of another provider", waldursim.User{}, waldursim.ProviderOwner, func(w *robotWorld) string { return w.rival }, nothing},
		{"owner of the customer", waldursim.User{}, waldursim.CustomerOwner, func(w *robotWorld) string { return w.customer }, reads},
		{"reader of the customer", waldursim.User{}, waldursim.CustomerReader, func(w *robotWorld) string { return w.customer }, reads},
		{"provider owner of the customer", waldursim.User{}, waldursim.ProviderOwner, func(w *robotWorld) string { return w.customer }, reads},
		{"manager of the project", waldursim.User{}, waldursim.ProjectManager, func(w *robotWorld) string { return w.project }, reads},
		{"member of the project", waldursim.User{}, waldursim.ProjectMember, func(w *robotWorld) string { return w.project }, reads},
		{"manager of another project", waldursim.User{}, waldursim.ProjectManager, func(w *robotWorld) string { return w.otherProject }, nothing},
	}
	for _, test := range grants {
		t.Run(test.name, func(t *testing.T) {
			w := newRobots(t)
			test.user.Username = "caller"
			w.addUser("caller", test.user)
			if test.on != nil {
				w.sim.Grant(w.users["caller"], test.role, test.on(w))
			}
			path := w.robot(waldursim.RobotAccount{State: "Requested"})
			create := w.do("caller", "POST", robots, object{"resource": resourcePath(w.resource), "type": "new"})
			read := w.do("caller", "GET", path, nil)
			rows := len(w.do("caller", "GET", robots+"?type=cicd", nil).want(200).list())
			writes := []reply{
				w.do("caller", "PUT", path, object{"resource": resourcePath(w.resource), "type": "cicd"}),
				w.do("caller", "PATCH", path, object{}),
			}
			for _, action := range []string{"creating", "ok", "request_deletion", "deleted"} {
				writes = append(writes, w.do("caller", "POST", path+"set_state_"+action+"/", nil))
			}
			second := w.robot(waldursim.RobotAccount{Type: "two"})
			writes = append(writes, w.do("caller", "POST", second+"set_state_erred/", nil))
			remove := w.do("caller", "DELETE", path, nil)
			switch test.want {
			case all:
				create.want(201)
				read.want(200)
				remove.want(204)
			case reads:
				create.want(403).wantBody(forbidden)
				read.want(200)
				remove.want(403).wantBody(forbidden)
			case nothing:
				create.want(403).wantBody(forbidden)
				read.want(404).wantBody(robotMissing)
				remove.want(404).wantBody(robotMissing)
			}
			for _, r := range writes {
				r.want(map[string]int{all: 200, reads: 403, nothing: 404}[test.want])
			}
			if want := map[string]int{all: 1, reads: 1, nothing: 0}[test.want]; rows != want {
				t.Errorf("%d rows, want %d", rows, want)
			}
		})
	}
}

// TestRobotsOfACustomerThatProvidesForItself has both sides in one customer.
func TestRobotsOfACustomerThatProvidesForItself(t *testing.T) {
	w := newRobots(t)
	own := w.sim.AddResource(waldursim.Resource{Name: "own", Project: w.project})
	body := object{"resource": resourcePath(own), "type": "cicd"}
	w.do("owner", "POST", robots, body).want(403)
	w.sim.Grant(w.users["owner"], waldursim.ProviderOwner, w.customer)
	made := w.do("owner", "POST", robots, body).want(201).object()
	read := w.do("owner", "GET", robots+made["uuid"].(string)+"/", nil).want(200).object()
	wantFields(t, read, object{"customer_uuid": w.customer, "provider_uuid": w.customer})
}

func TestRobotListsShowWhatTheCallerSees(t *testing.T) {
	w := newRobots(t)
	w.robot(waldursim.RobotAccount{Type: "mine"})
	w.robot(waldursim.RobotAccount{Type: "other", Resource: w.foreign})
	for caller, want := range map[string][]string{
		"provider": {"mine"}, "rival": {"other"}, "ada": {"mine"}, "olga": {"other"}, "bo": {"mine", "other"},
		"staff": {"mine", "other"}, "support": {"mine", "other"}, "otto": {},
	} {
		r := w.do(caller, "GET", robots, nil).want(200)
		wantStrings(t, r.column("type"), want...)
		head := w.do(caller, "HEAD", robots, nil).want(200)
		if got := head.header.Get("X-Result-Count"); got != string(rune('0'+len(want))) {
			t.Errorf("%s counts %s", caller, got)
		}
	}
	// A lost role looks like a deletion.
	w.sim.Revoke(w.users["provider"], w.provider)
	wantStrings(t, w.do("provider", "GET", robots, nil).want(200).column("type"))
}

// TestProviderOwnerElsewhere has the role give what any role on a customer gives,
// and no service accounts.
func TestProviderOwnerElsewhere(t *testing.T) {
	w := newRobots(t)
	w.sim.SetLimit(w.provider, waldursim.Unlimited)
	wantStrings(t, w.do("provider", "GET", "/api/customers/", nil).want(200).column("uuid"), w.provider)
	seen := w.do("provider", "GET", "/api/marketplace-provider-resources/", nil).want(200)
	wantStrings(t, seen.column("uuid"), w.resource, w.spare)
	body := object{"customer": w.provider, "preferred_identifier": "bot"}
	w.do("provider", "POST", kinds[0].path, body).want(403)
	wantPanic(t, func() { w.sim.Grant(w.users["provider"], waldursim.ProviderOwner, w.project) })
}
