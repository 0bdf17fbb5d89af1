package instaclustr

func TestRoles(t *testing.T) {
	all := []string{"USER_MANAGEMENT", "MONITORING", "PROMETHEUS", "PROVISIONING", "PROVISIONING_READONLY"}
	wantEqual(t, strandedBy("READ_ONLY", all), []string{"PROVISIONING", "USER_MANAGEMENT"})
	wantEqual(t, strandedBy("CLUSTER_ADMIN", all), []string{})
	for name, test := range map[string]struct {
		from, to string
		want     bool
	}{
		"down": {"OWNER", "CLUSTER_ADMIN", true}, "up": {"READ_ONLY", "OWNER", false}, "the same": {"OWNER", "OWNER", false}, "from one that is not known": {"KING", "OWNER", false},
	} {
		if got := lowers(types.StringValue(test.from), types.StringValue(test.to)); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// A role that is planned for a user is known to those who are configured alike, and to nobody else.
func TestPlannedRoles(t *testing.T) {
	one, other := &tfkit.Data{Planned: &sync.Map{}}, &tfkit.Data{Planned: &sync.Map{}}
	notePlannedRole(one, types.StringValue("ci"), types.StringValue("OWNER"))
	notePlannedRole(one, types.StringUnknown(), types.StringValue("READ_ONLY"))
	notePlannedRole(nil, types.StringValue("ci"), types.StringValue("READ_ONLY"))
	if role, ok := plannedRoleOf(one, "ci"); !ok || role.ValueString() != "OWNER" {
		t.Errorf("the planned role is %s", role)
	}
	for _, test := range []struct {
		data     *tfkit.Data
		username string
	}{{other, "ci"}, {one, "other"}, {one, ""}} {
		if role, ok := plannedRoleOf(test.data, test.username); ok {
			t.Errorf("%q has the planned role %s", test.username, role)
		}
	}
}
