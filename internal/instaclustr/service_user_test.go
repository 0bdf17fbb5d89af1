package instaclustr

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestEmailMeaning(t *testing.T) {
	for text, want := range map[string]string{"CI+2@Example.com": "ci+2@example.com", "a@b.c": "a@b.c"} {
		if got, err := (emailNormalizer{}).Canonical(text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "ci", "ci@", "@example.com", "ci@example", "a b@example.com", "a@b@example.com", "a@example..com", "ci@example.com "} {
		if _, err := (emailNormalizer{}).Canonical(text); err == nil {
			t.Errorf("%q is taken for an address", text)
		}
	}
}

func aServiceUser() *instaclustrapi.ServiceUser {
	return &instaclustrapi.ServiceUser{
		Username: "ci", Email: "ci@example.com", DisplayName: "CI", Role: "CLUSTER_ADMIN", Administrators: []string{"j.doe", "a.smith"},
		AllowedKeyTypes: []instaclustrapi.KeyType{{Name: "MONITORING"}, {Name: "PROVISIONING"}},
		Keys:            []instaclustrapi.Key{{Type: "PROVISIONING", Tail: "22222"}, {Type: "MONITORING", Tail: "11111"}},
	}
}

func TestServiceUserFromAPI(t *testing.T) {
	creator := userMemory{Creator: []string{"j.doe"}}
	for name, test := range map[string]struct {
		before serviceUserResourceModel
		memory userMemory
		want   []string
	}{
		"imported":                        {serviceUserResourceModel{}, userMemory{}, []string{"a.smith", "j.doe"}},
		"the creator is not listed":       {serviceUserResourceModel{serviceUser: serviceUser{Administrators: tfkit.StringSetOf([]string{"a.smith"})}}, creator, []string{"a.smith"}},
		"the creator is listed":           {serviceUserResourceModel{serviceUser: serviceUser{Administrators: tfkit.StringSetOf([]string{"a.smith", "j.doe"})}}, creator, []string{"a.smith", "j.doe"}},
		"somebody is added":               {serviceUserResourceModel{serviceUser: serviceUser{Administrators: tfkit.StringSetOf([]string{"b.jones"})}}, creator, []string{"a.smith"}},
		"exactly those who are listed":    {serviceUserResourceModel{serviceUser: serviceUser{Administrators: tfkit.StringSetOf([]string{"a.smith"})}, AllowSelfLockout: types.BoolValue(true)}, creator, []string{"a.smith", "j.doe"}},
		"nobody is known as the creator":  {serviceUserResourceModel{serviceUser: serviceUser{Administrators: tfkit.StringSetOf([]string{"a.smith"})}}, userMemory{}, []string{"a.smith", "j.doe"}},
		"the administrators were unknown": {serviceUserResourceModel{serviceUser: serviceUser{Administrators: types.SetUnknown(types.StringType)}}, creator, []string{"a.smith", "j.doe"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := test.before
			m.fromAPI(aServiceUser(), test.memory)
			wantEqual(t, stringsOf(m.Administrators), test.want)
			wantEqual(t, m.ID.ValueString()+" "+m.Email.ValueString()+" "+m.DisplayName.ValueString()+" "+m.Role.ValueString()+" "+m.InitialAPIKeys.ValueString(), "ci ci@example.com CI CLUSTER_ADMIN revoke")
			wantEqual(t, stringsOf(m.KeyTypes), []string{"MONITORING", "PROVISIONING"})
			wantEqual(t, stringsOf(m.AllowedKeyTypes), []string{"MONITORING", "PROVISIONING"})
		})
	}
}

func TestServiceUserToUpdate(t *testing.T) {
	m := serviceUserResourceModel{serviceUser: serviceUser{
		DisplayName: types.StringValue("CI"), Role: types.StringValue("OWNER"), Administrators: tfkit.StringSetOf([]string{"b", "a"}),
	}}
	update := m.toUpdate(userMemory{Creator: []string{"j", "a"}})
	wantEqual(t, update, instaclustrapi.ServiceUserUpdate{DisplayName: "CI", Role: "OWNER", Administrators: []string{"a", "b", "j"}})
	if !done(update, "CI", "OWNER", []string{"j", "b", "a", "a"}) {
		t.Error("what is there is to be written")
	}
	for name, there := range map[string]bool{
		"name": done(update, "", "OWNER", []string{"a", "b", "j"}), "role": done(update, "CI", "READ_ONLY", []string{"a", "b", "j"}),
		"one less": done(update, "CI", "OWNER", []string{"a", "b"}), "one more": done(update, "CI", "OWNER", []string{"a", "b", "j", "x"}),
	} {
		if there {
			t.Errorf("%s: what is not there is not to be written", name)
		}
	}
	m.AllowSelfLockout = types.BoolValue(true)
	wantEqual(t, m.toUpdate(userMemory{Creator: []string{"j"}}).Administrators, []string{"a", "b"})
}

func TestServiceUserFill(t *testing.T) {
	prior := serviceUserResourceModel{}
	prior.fromAPI(aServiceUser(), userMemory{})
	open := serviceUserResourceModel{serviceUser: serviceUser{
		DisplayName: types.StringUnknown(), Administrators: types.SetUnknown(types.StringType), AllowedKeyTypes: types.SetUnknown(types.StringType), KeyTypes: types.SetUnknown(types.StringType),
	}}
	for name, test := range map[string]struct {
		now  *instaclustrapi.ServiceUser
		want []string
	}{
		"not asked": {nil, []string{"MONITORING", "PROVISIONING"}},
		"asked":     {&instaclustrapi.ServiceUser{Keys: []instaclustrapi.Key{{Type: "X"}}}, []string{"X"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := open
			m.fill(prior, test.now)
			wantEqual(t, stringsOf(m.KeyTypes), test.want)
			wantEqual(t, m.DisplayName.ValueString()+" "+stringsOf(m.Administrators)[0], "CI a.smith")
			m = prior
			m.fill(prior, test.now)
			wantEqual(t, m, prior) // what was planned stays
		})
	}
}
