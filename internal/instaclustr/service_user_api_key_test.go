package instaclustr

func TestParseKeyID(t *testing.T) {
	for id, want := range map[string][2]string{"ci/MONITORING": {"ci", "MONITORING"}, "team/ci/X": {"team/ci", "X"}, "a_b/X": {"a_b", "X"}} {
		if username, kind, err := parseKeyID(id); err != nil || username != want[0] || kind != want[1] || keyID(username, kind) != id {
			t.Errorf("%q: %q, %q, %v", id, username, kind, err)
		}
	}
	for _, id := range []string{"", "/", "ci", "ci/", "/MONITORING"} {
		if _, _, err := parseKeyID(id); err == nil {
			t.Errorf("%q is taken for an id", id)
		}
	}
}

func TestWantedAllowList(t *testing.T) {
	none := types.SetNull(types.StringType)
	for name, test := range map[string]struct {
		configured, prior types.Set
		want              []string
	}{
		"configured":        {cidrs("10.0.0.1/8"), tfkit.StringSetOf([]string{"192.0.2.0/24"}), []string{"10.0.0.0/8"}},
		"once written":      {types.SetNull(cidrType{}), tfkit.StringSetOf([]string{"192.0.2.0/24"}), []string{"192.0.2.0/24"}},
		"whichever it is":   {types.SetNull(cidrType{}), none, nil},
		"configured, first": {cidrs("10.0.0.0/8"), none, []string{"10.0.0.0/8"}},
	} {
		m := apiKeyResourceModel{CIDRAllowList: test.configured}
		if got := m.wanted(test.prior); !slices.Equal(got, test.want) || (got == nil) != (test.want == nil) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	if !inForce(nil).IsNull() || !holds(inForce([]string{"10.1.0.0/8"}), []string{"10.0.0.0/8"}) || holds(none, []string{}) {
		t.Error("what is in force is not what was told")
	}
}

func TestAPIKeysOf(t *testing.T) {
	users := []instaclustrapi.ServiceUser{{Username: "z", Keys: []instaclustrapi.Key{{Type: "MONITORING", Tail: "33333", Account: "acc"}}}, *aServiceUser()}
	ids := func(username, kind string) []string {
		found := []string{}
		for _, key := range apiKeysOf(users, username, kind) {
			found = append(found, key.ID.ValueString())
		}
		return found
	}
	wantEqual(t, ids("", ""), []string{"ci/MONITORING", "ci/PROVISIONING", "z/MONITORING"})
	wantEqual(t, ids("ci", ""), []string{"ci/MONITORING", "ci/PROVISIONING"})
	wantEqual(t, ids("", "MONITORING"), []string{"ci/MONITORING", "z/MONITORING"})
	wantEqual(t, ids("nobody", ""), []string{})
	wantEqual(t, apiKeysOf(users, "z", "")[0], apiKey{
		ID: types.StringValue("z/MONITORING"), Username: types.StringValue("z"), KeyType: types.StringValue("MONITORING"), Account: types.StringValue("acc"),
		MaskedKey: types.StringValue("•••••••••••••••••••••••••••33333"),
	})
}
