package wavefront

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

func TestIdentifiers(t *testing.T) {
	const (
		must    = `Error some: Invalid identifier: some must be a lower case name with the prefix "sa::"`
		nothing = "sa::"
	)
	for given, right := range map[string]string{
		"sa::ci":         "sa::ci",
		"sa::c-i_2.x":    "sa::c-i_2.x",
		"sa::sa::ci":     "sa::sa::ci",
		"SA::CI":         "sa::ci",
		"sa::CI":         "sa::ci",
		"Sa::ci":         "sa::ci",
		"sa::ÄB":         "sa::äb",
		"ci":             "sa::ci",
		"CI":             "sa::ci",
		"sa:ci":          "sa::ci",
		"SA:CI":          "sa::ci",
		"saci":           "sa::saci",
		"sa":             "sa::sa",
		"SA-CI":          "sa::sa-ci",
		"a::b":           "sa::a::b",
		" sa::ci ":       "sa::ci",
		"sa::ci\n":       "sa::ci",
		"\tci":           "sa::ci",
		"sa::my ci":      "sa::my-ci",
		"my  \n ci":      "sa::my-ci",
		"sa::a\u00a0b":   "sa::a-b",
		"":               nothing,
		" \n":            nothing,
		"sa::":           nothing,
		"SA::":           nothing,
		"sa:":            nothing,
		" SA: ":          nothing,
		"sa:::ci":        "sa:::ci", // no document forbids it
		"sa::\"quoted\"": "sa::\"quoted\"",
	} {
		t.Run(given, func(t *testing.T) {
			if got := spelledIdentifier(given); got != right {
				t.Errorf("spelled %q, want %q", got, right)
			}
			if again := spelledIdentifier(right); again != right {
				t.Errorf("the right spelling %q is corrected to %q", right, again)
			}
			switch diags := validated(t, identifier{}, types.StringValue(given)); {
			case right == nothing:
				wantMessages(t, diags, must+fmt.Sprintf(`, such as "sa::ci", and without a slash; got %q.`, given))
			case right != given:
				wantMessages(t, diags, must+fmt.Sprintf(", without white space: write %q instead of %q.", right, given))
			default:
				wantMessages(t, diags)
			}
		})
	}
	wantMessages(t, validated(t, identifier{}, types.StringNull()))
	wantMessages(t, validated(t, identifier{}, types.StringUnknown()))
}

func TestPermissions(t *testing.T) {
	for _, name := range knownPermissions {
		if name != tokenManagement {
			wantMessages(t, validated(t, permission{}, types.StringValue(name)))
		}
	}
	if len(knownPermissions) != 17 || !slices.IsSorted(knownPermissions) {
		t.Errorf("%d known permissions, the documents have 17: %q", len(knownPermissions), knownPermissions)
	}
	const refused = "Error some: Permission not for service accounts: Wavefront gives token_management to people only."
	unknown := func(name string) string {
		return fmt.Sprintf("Warning some: Unknown permission: %q is not among the permissions that Wavefront documents: agent_management, alerts_management, ", name)
	}
	for name, test := range map[string]struct {
		value types.String
		want  []string
	}{
		"not for service accounts": {types.StringValue("token_management"), []string{refused}},
		"unknown to the documents": {types.StringValue("ingestion_policies"), []string{unknown("ingestion_policies")}},
		"in another case":          {types.StringValue("Ingestion"), []string{unknown("Ingestion")}},
		"empty":                    {types.StringValue(""), []string{unknown("")}},
		"null":                     {types.StringNull(), nil},
		"not known yet":            {types.StringUnknown(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			diags := validated(t, permission{}, test.value)
			wantMessages(t, diags, test.want...)
			if strings.Contains(strings.Join(messages(diags.Warnings()), ""), tokenManagement) {
				t.Error("token_management is suggested")
			}
		})
	}
}

func TestIDElements(t *testing.T) {
	const id = "0123abcd-89ab-4cde-8f01-23456789abcd"
	for name, test := range map[string]struct {
		set  types.Set
		bad  int
		hint string
	}{
		"null":            {noSet(), 0, ""},
		"unknown":         {unknownSet(), 0, ""},
		"empty":           {setOf(), 0, ""},
		"an id":           {setOf(id), 0, ""},
		"upper case":      {setOf(strings.ToUpper(id)), 1, "svcacct_wavefront_role finds the id of a name"},
		"no hyphens":      {setOf(strings.ReplaceAll(id, "-", "")), 1, "lower case UUID with hyphens"},
		"a name":          {setOf("Operators"), 1, "svcacct_wavefront_role finds the id of a name"},
		"an id and more":  {setOf(id + "\n"), 1, "lower case UUID"},
		"an id and names": {setOf(id, "a", "b"), 2, "lower case UUID"},
	} {
		t.Run(name, func(t *testing.T) {
			var resp validator.SetResponse
			for _, v := range idElements("role") {
				v.ValidateSet(t.Context(), validator.SetRequest{Path: path.Root("roles"), ConfigValue: test.set}, &resp)
			}
			if got := messages(resp.Diagnostics); len(got) != test.bad || test.bad > 0 && !strings.Contains(got[0], test.hint) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestSetsOfTexts(t *testing.T) {
	for name, test := range map[string]struct{ texts, others, without, union []string }{
		"nothing":          {nil, nil, nil, nil},
		"nothing but some": {nil, []string{"a"}, nil, []string{"a"}},
		"some but nothing": {[]string{"a", "b"}, nil, []string{"a", "b"}, []string{"a", "b"}},
		"others":           {[]string{"a", "b"}, []string{"c"}, []string{"a", "b"}, []string{"a", "b", "c"}},
		"one in common":    {[]string{"a", "b"}, []string{"b", "c"}, []string{"a"}, []string{"a", "b", "c"}},
		"the same":         {[]string{"a", "b"}, []string{"b", "a"}, []string{}, []string{"a", "b"}},
		"one twice":        {[]string{"a", "b", "a"}, []string{"a"}, []string{"b"}, []string{"a", "b", "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			texts, others := slices.Clone(test.texts), slices.Clone(test.others)
			if got := without(texts, others); !slices.Equal(got, test.without) {
				t.Errorf("without: %q", got)
			}
			if got := union(texts, others); !slices.Equal(got, test.union) {
				t.Errorf("union: %q", got)
			}
			if !slices.Equal(texts, test.texts) || !slices.Equal(others, test.others) {
				t.Errorf("the caller's lists are %q, %q now", texts, others)
			}
		})
	}
}

// inGroups is an account in user groups. An id with "sys" in it is that of a system group.
func inGroups(groups ...string) *wavefrontapi.ServiceAccount {
	account := &wavefrontapi.ServiceAccount{Identifier: "sa::ci"}
	for _, id := range groups {
		account.UserGroups = append(account.UserGroups, wavefrontapi.Named{ID: id, System: strings.Contains(id, "sys")})
	}
	return account
}

func TestAddedTo(t *testing.T) {
	for name, test := range map[string]struct{ wanted, got, want []string }{
		"nothing asked, nothing added": {nil, nil, nil},
		"nothing asked":                {nil, []string{"sys", "default"}, []string{"sys", "default"}},
		"some asked":                   {[]string{"a"}, []string{"sys", "a", "default"}, []string{"sys", "default"}},
		"all asked":                    {[]string{"sys", "default"}, []string{"sys", "default"}, nil},
		"one that was ignored":         {[]string{"a", "b"}, []string{"a", "sys"}, []string{"sys"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := addedTo(test.wanted, inGroups(test.got...)); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestKeptGroupsRefreshed(t *testing.T) {
	for name, test := range map[string]struct {
		kept         keptGroups
		listed, held []string
		want         keptGroups
	}{
		"none":                            {nil, nil, nil, keptGroups{}},
		"an import":                       {nil, nil, []string{"sys", "a"}, keptGroups{"sys"}},
		"as it was":                       {keptGroups{"sys", "default"}, []string{"a"}, []string{"sys", "default", "a"}, keptGroups{"sys", "default"}},
		"in another order":                {keptGroups{"default", "sys"}, nil, []string{"sys", "default"}, keptGroups{"sys", "default"}},
		"it left a default":               {keptGroups{"sys", "default"}, nil, []string{"sys"}, keptGroups{"sys"}},
		"it left the system group":        {keptGroups{"sys", "default"}, nil, []string{"default"}, keptGroups{"default"}},
		"it left all":                     {keptGroups{"sys", "default"}, nil, nil, keptGroups{}},
		"it joined one by other means":    {keptGroups{"sys"}, nil, []string{"sys", "b"}, keptGroups{"sys"}},
		"it joined another system group":  {keptGroups{"sys"}, nil, []string{"sys", "sys2"}, keptGroups{"sys", "sys2"}},
		"a default is listed":             {keptGroups{"sys", "default"}, []string{"default"}, []string{"sys", "default"}, keptGroups{"sys"}},
		"the system group is listed":      {keptGroups{"sys", "default"}, []string{"sys"}, []string{"sys", "default"}, keptGroups{"default"}},
		"one is listed that it is not in": {keptGroups{"sys"}, []string{"c"}, []string{"sys"}, keptGroups{"sys"}},
		"all are listed":                  {keptGroups{"sys"}, []string{"sys", "a"}, []string{"a", "sys"}, keptGroups{}},
	} {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, test.kept.refreshed(test.listed, inGroups(test.held...)), test.want)
		})
	}
}

func TestVerify(t *testing.T) {
	wanted := func(change func(*wavefrontapi.ServiceAccountWrite)) wavefrontapi.ServiceAccountWrite {
		w := wavefrontapi.ServiceAccountWrite{
			Identifier: "sa::ci", Active: true, Description: "Builds", Permissions: []string{"p1", "p2"}, Roles: []string{"r1", "r2"}, UserGroups: []string{"g1", "g2"},
		}
		if change != nil {
			change(&w)
		}
		return w
	}
	const summary = ": Wavefront ignored a part of the change: Wavefront answered with success, but "
	for name, test := range map[string]struct {
		change func(*wavefrontapi.ServiceAccountWrite)
		got    string // members that differ from the account as it is wanted
		words  string
		want   []string
	}{
		"all as wanted":             {nil, ``, "", nil},
		"all as wanted, with words": {nil, ``, "Something odd", []string{"Warning: Wavefront answered with a remark: All is as it was asked for, but the server said: Something odd"}},
		"in another order":          {nil, `"groups":["p2","p1"],"roles":[{"id":"r2"},{"id":"r1"}],"userGroups":["g2","g1"]`, "", nil},
		"the server added a group":  {nil, `"userGroups":["sys","g1","g2"]`, "", nil},
		"the server trims":          {nil, `"description":"  Builds\n"`, "", nil},
		"a role is ignored":         {nil, `"roles":["r2"]`, "", []string{"Error roles" + summary + "the account does not have r1: no such role?"}},
		"all roles are ignored": {nil, `"roles":null`, "ids ignored", []string{"Error roles" + summary + "the account does not have r1, r2: no such role? " +
			"The data source svcacct_wavefront_role finds the id of a name. It said: ids ignored"}},
		"a user group is ignored": {nil, `"userGroups":["g1","sys"]`, "g2 ignored",
			[]string{"Error user_groups" + summary + "the account does not have g2: no such user group? The data source svcacct_wavefront_user_group finds the id of a name. It said: g2 ignored"}},
		"a permission is ignored":   {nil, `"groups":["p1"]`, "", []string{"Error permissions" + summary + "the account does not have p2: no such permission, or none for service accounts?"}},
		"a role is left":            {nil, `"roles":["r1","r2","r3"]`, "", []string{"Error roles" + summary + "the account still has r3"}},
		"permissions are left":      {nil, `"groups":["p0","p1","p2","p3"]`, "why not", []string{"Error permissions" + summary + "the account still has p0, p3. It said: why not"}},
		"a role in place of others": {nil, `"roles":["r3"]`, "", []string{"Error roles" + summary + "the account does not have r1, r2", "Error roles" + summary + "the account still has r3"}},
		"lists are not cleared": {func(w *wavefrontapi.ServiceAccountWrite) { w.Roles, w.Permissions, w.UserGroups = nil, nil, nil }, ``, "",
			[]string{"Error roles" + summary + "the account still has r1, r2", "Error permissions" + summary + "the account still has p1, p2"}},
		"it is inactive":               {nil, `"active":false`, "", []string{"Error active" + summary + "active is false"}},
		"it is active":                 {func(w *wavefrontapi.ServiceAccountWrite) { w.Active = false }, ``, "", []string{"Error active" + summary + "active is true"}},
		"the description is another":   {nil, `"description":"Other"`, "", []string{`Error description` + summary + `the description is "Other"`}},
		"the description is not clear": {func(w *wavefrontapi.ServiceAccountWrite) { w.Description = "" }, ``, "", []string{`Error description` + summary + `the description is "Builds"`}},
		"the description is missing":   {nil, `"description":null`, "", []string{`Error description` + summary + `the description is ""`}},
		"everything": {nil, `"active":false,"description":"","groups":[],"roles":[],"userGroups":[]`, "",
			[]string{"Error roles", "Error user_groups", "Error permissions", "Error active", "Error description"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := decoded[wavefrontapi.ServiceAccount](t,
				`{"identifier":"sa::ci","active":true,"description":"Builds","groups":["p1","p2"],"roles":["r1","r2"],"userGroups":["g1","g2"]}`)
			if test.got != "" {
				differing := decoded[map[string]any](t, "{"+test.got+"}")
				other := decoded[wavefrontapi.ServiceAccount](t, "{"+test.got+"}")
				for member := range *differing {
					switch member {
					case "active":
						got.Active = other.Active
					case "description":
						got.Description = other.Description
					case "groups":
						got.Permissions = other.Permissions
					case "roles":
						got.Roles = other.Roles
					case "userGroups":
						got.UserGroups = other.UserGroups
					}
				}
			}
			wantMessages(t, verify(wanted(test.change), got, test.words), test.want...)
		})
	}
}

func TestRemoved(t *testing.T) {
	partly := types.SetValueMust(types.StringType, append(setOf("a").Elements(), types.StringUnknown()))
	for name, test := range map[string]struct {
		state, plan types.Set
		names       []string
		want        []string
	}{
		"nothing":                         {noSet(), noSet(), nil, nil},
		"the same":                        {setOf("a", "b"), setOf("b", "a"), nil, nil},
		"one":                             {setOf("a", "b"), setOf("a"), nil, []string{"b"}},
		"all, left out":                   {setOf("a", "b"), noSet(), nil, []string{"a", "b"}},
		"all, empty":                      {setOf("a", "b"), setOf(), nil, []string{"a", "b"}},
		"one for another":                 {setOf("a"), setOf("b"), nil, []string{"a"}},
		"one more":                        {setOf("a"), setOf("a", "b"), nil, nil},
		"not known yet":                   {setOf("a", "b"), unknownSet(), nil, nil},
		"partly known":                    {setOf("a", "b"), partly, nil, nil},
		"a name that goes":                {setOf("a", "b"), setOf(), []string{"b"}, []string{"b"}},
		"a name that stays":               {setOf("a", "b"), setOf("b"), []string{"b"}, nil},
		"a name that was not there":       {setOf("a"), setOf(), []string{"b"}, nil},
		"a name that comes":               {setOf("a"), setOf("a", "b"), []string{"b"}, nil},
		"two names, one of which goes":    {setOf("a", "b", "c"), setOf("c"), []string{"b", "c"}, []string{"b"}},
		"a name that goes, not known yet": {setOf("b"), unknownSet(), []string{"b"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := removed(test.state, test.plan, test.names...); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

const fullAccount = `{"identifier":"sa::ci","active":true,"description":"Builds","groups":["p2","p1"],"roles":[{"id":"r1"}],
	"userGroups":[{"id":"sys","properties":{"nameEditable":false,"usersEditable":false}},{"id":"default"},{"id":"g1"}],
	"unitedRoles":["r1","r2"],"unitedPermissions":["p1","p2","p3"],"tokens":[{"tokenID":"t1"}],"lastUsed":1}`

func TestServiceAccountFromAPI(t *testing.T) {
	empty := managedServiceAccount{serviceAccount: serviceAccount{Description: tfkit.TextOrNull(""), Permissions: noSet(), Roles: noSet()}, UserGroups: noSet()}
	listed := empty
	listed.Description, listed.Permissions, listed.Roles, listed.UserGroups = tfkit.Text{StringValue: types.StringValue("")}, setOf(), setOf(), setOf()
	listed.AllowSelfLockout = types.BoolValue(true)
	full := managedServiceAccount{
		serviceAccount: serviceAccount{
			Identifier: types.StringValue("sa::ci"), Active: types.BoolValue(true), Description: tfkit.TextOrNull("Builds"),
			Permissions: setOf("p1", "p2"), Roles: setOf("r1"), UnitedPermissions: setOf("p1", "p2", "p3"), UnitedRoles: setOf("r1", "r2"),
		},
		ID: types.StringValue("sa::ci"), UserGroups: setOf("g1"), EffectiveUserGroups: setOf("default", "g1", "sys"),
	}
	bare := empty
	bare.Identifier, bare.ID, bare.Active = types.StringValue("sa::ci"), types.StringValue("sa::ci"), types.BoolValue(false)
	bare.UnitedPermissions, bare.UnitedRoles, bare.EffectiveUserGroups = setOf(), setOf(), setOf()
	bareListed := bare
	bareListed.Description, bareListed.Permissions, bareListed.Roles, bareListed.UserGroups = listed.Description, setOf(), setOf(), setOf()
	bareListed.AllowSelfLockout = types.BoolValue(true)

	for name, test := range map[string]struct {
		prior managedServiceAccount
		body  string
		kept  keptGroups
		want  managedServiceAccount
	}{
		"all":                        {empty, fullAccount, keptGroups{"sys", "default"}, full},
		"the identifier alone":       {empty, `{"identifier":"sa::ci"}`, nil, bare},
		"empty lists stay empty":     {listed, `{"identifier":"sa::ci","groups":[],"roles":[]}`, keptGroups{"sys"}, bareListed},
		"none is as good as empty":   {listed, `{"identifier":"sa::ci"}`, nil, bareListed},
		"what was there goes":        {full, `{"identifier":"sa::ci"}`, nil, bare},
		"what was there is replaced": {bare, fullAccount, keptGroups{"default", "sys"}, full},
	} {
		t.Run(name, func(t *testing.T) {
			got := test.prior
			got.fromAPI(decoded[wavefrontapi.ServiceAccount](t, test.body), test.kept)
			wantEqual(t, got, test.want)
		})
	}
}

func TestServiceAccountToWrite(t *testing.T) {
	m := managedServiceAccount{
		serviceAccount: serviceAccount{
			Identifier: types.StringValue("sa::ci"), Active: types.BoolValue(true), Description: tfkit.Text{StringValue: types.StringValue(" Builds\n")},
			Permissions: setOf("p1"), Roles: setOf("r1"), UnitedPermissions: setOf("p9"), UnitedRoles: setOf("r9"),
		},
		UserGroups: setOf("g1", "sys"), EffectiveUserGroups: setOf("g9"),
	}
	wantEqual(t, m.toWrite(keptGroups{"sys", "default"}), wavefrontapi.ServiceAccountWrite{
		Identifier: "sa::ci", Active: true, Description: "Builds", Permissions: []string{"p1"}, Roles: []string{"r1"}, UserGroups: []string{"g1", "sys", "default"},
	})
	wantEqual(t, (&managedServiceAccount{}).toWrite(nil), wavefrontapi.ServiceAccountWrite{Permissions: []string{}, Roles: []string{}, UserGroups: []string{}})
}
