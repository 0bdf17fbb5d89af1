package instaclustr

import (
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func cidrs(texts ...string) types.Set {
	elements := []attr.Value{}
	for _, text := range texts {
		elements = append(elements, cidr{StringValue: types.StringValue(text)})
	}
	return types.SetValueMust(cidrType{}, elements)
}

func TestPrefixes(t *testing.T) {
	for name, test := range map[string]struct{ texts, want []string }{
		"order":              {[]string{"203.0.113.0/24", "198.51.100.0/24"}, []string{"198.51.100.0/24", "203.0.113.0/24"}},
		"bits of the host":   {[]string{"127.0.0.1/31"}, []string{"127.0.0.0/31"}},
		"one, spelled twice": {[]string{"10.0.0.1/8", "10.255.0.0/8"}, []string{"10.0.0.0/8"}},
		"one address":        {[]string{"203.0.113.7/32"}, []string{"203.0.113.7/32"}},
		"everything":         {[]string{"0.0.0.0/0", "::/0"}, []string{"0.0.0.0/0", "::/0"}},
		"IPv6":               {[]string{"2001:DB8:0::1/32"}, []string{"2001:db8::/32"}},
		"IPv4 in IPv6":       {[]string{"::ffff:192.0.2.1/112"}, []string{"::ffff:192.0.0.0/112"}},
		"none":               {nil, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := prefixes(cidrs(test.texts...)); !slices.Equal(got, test.want) {
				t.Errorf("sent %q, want %q", got, test.want)
			}
			if got := prefixesOf(test.texts); !slices.Equal(got, test.want) {
				t.Errorf("told %q, want %q", got, test.want)
			}
		})
	}
	if got := prefixesOf([]string{"everywhere", "10.1.0.0/8"}); !slices.Equal(got, []string{"10.0.0.0/8", "everywhere"}) {
		t.Errorf("a text that is no prefix: %q", got)
	}
	for _, text := range []string{"", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "010.0.0.0/8", "2001:db8::/129", "fe80::1%eth0/64", "10.0.0.0/08", " 10.0.0.0/8", "example.com/24"} {
		if _, err := (cidrNormalizer{}).Canonical(text); err == nil {
			t.Errorf("%q is taken for a prefix", text)
		}
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

func TestUserMemory(t *testing.T) {
	made := aServiceUser()
	wantEqual(t, remembered(made, initialKept), userMemory{Creator: []string{"a.smith", "j.doe"}})
	memory := remembered(made, initialRevoked)
	wantEqual(t, memory.doomedTypes(), []string{"MONITORING", "PROVISIONING"})

	now := aServiceUser()
	now.Administrators = []string{"a.smith"}
	now.Keys = []instaclustrapi.Key{{Type: "MONITORING", Tail: "99999"}, {Type: "PROVISIONING", Tail: "22222"}, {Type: "OTHER", Tail: "1"}}
	memory = memory.still(now)
	wantEqual(t, memory, userMemory{Creator: []string{"a.smith"}, Doomed: map[string]string{"PROVISIONING": "22222"}})
	memory.doom(now, []string{"OTHER", "none"})
	wantEqual(t, memory.doomedTypes(), []string{"OTHER", "PROVISIONING"})
}

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

func TestPlanRestriction(t *testing.T) {
	none, unknown := types.SetNull(types.StringType), types.SetUnknown(types.StringType)
	written := tfkit.StringSetOf([]string{"10.0.0.0/8"})
	for name, test := range map[string]struct {
		configured, prior, want types.Set
		writes                  bool
	}{
		"no list":                {types.SetNull(cidrType{}), none, none, false},
		"left out":               {types.SetNull(cidrType{}), written, written, false},
		"another spelling":       {cidrs("10.9.9.9/8"), written, written, false},
		"first after an import":  {cidrs("10.0.0.0/8"), none, written, true},
		"another list":           {cidrs("10.0.0.0/8"), tfkit.StringSetOf([]string{"0.0.0.0/0"}), written, true},
		"not known":              {types.SetUnknown(cidrType{}), written, unknown, true},
		"an element not known":   {types.SetValueMust(cidrType{}, []attr.Value{cidr{StringValue: types.StringUnknown()}}), written, unknown, true},
		"none was in force, yet": {cidrs("10.0.0.0/8"), tfkit.StringSetOf(nil), written, true},
	} {
		m := apiKeyResourceModel{CIDRAllowList: test.configured}
		if got := m.planRestriction(apiKeyResourceModel{EffectiveCIDRAllowList: test.prior}); got != test.writes || !m.EffectiveCIDRAllowList.Equal(test.want) {
			t.Errorf("%s: %t, %s", name, got, m.EffectiveCIDRAllowList)
		}
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
