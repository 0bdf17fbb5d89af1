package wavefront

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// decoded reads what a server writes.
func decoded[T any](t *testing.T, text string) *T {
	t.Helper()
	into := new(T)
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
	return into
}

func setOf(texts ...string) types.Set {
	elements := []attr.Value{}
	for _, text := range texts {
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}

func noSet() types.Set { return types.SetNull(types.StringType) }

func unknownSet() types.Set { return types.SetUnknown(types.StringType) }

func TestWithout(t *testing.T) {
	for name, test := range map[string]struct{ texts, others, want []string }{
		"nothing":          {nil, nil, nil},
		"nothing but some": {nil, []string{"a"}, nil},
		"some but nothing": {[]string{"a", "b"}, nil, []string{"a", "b"}},
		"others":           {[]string{"a", "b"}, []string{"c"}, []string{"a", "b"}},
		"one in common":    {[]string{"a", "b"}, []string{"b", "c"}, []string{"a"}},
		"the same":         {[]string{"a", "b"}, []string{"b", "a"}, []string{}},
		"one twice":        {[]string{"a", "b", "a"}, []string{"a"}, []string{"b"}},
	} {
		t.Run(name, func(t *testing.T) {
			texts := slices.Clone(test.texts)
			if got := without(texts, test.others); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if !slices.Equal(texts, test.texts) {
				t.Errorf("the caller's list is %q now", texts)
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
		"nothing asked":                {nil, []string{"sys", "default"}, []string{"default", "sys"}},
		"some asked":                   {[]string{"a"}, []string{"sys", "a", "default"}, []string{"default", "sys"}},
		"all asked":                    {[]string{"sys", "default"}, []string{"sys", "default"}, nil},
		"one that was ignored":         {[]string{"a", "b"}, []string{"a", "sys"}, []string{"sys"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := groupsAdded(test.wanted, inGroups(test.got...)); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestKeptGroupsRefreshed(t *testing.T) {
	for name, test := range map[string]struct {
		added addedGroups
		now   []string
		want  addedGroups
	}{
		"none":                         {nil, nil, addedGroups{}},
		"an import":                    {nil, []string{"sys", "a"}, addedGroups{"sys"}},
		"as it was":                    {addedGroups{"sys", "b"}, []string{"sys", "b", "a"}, addedGroups{"sys", "b"}},
		"in another order":             {addedGroups{"b", "sys"}, []string{"sys", "b"}, addedGroups{"b", "sys"}},
		"it left a default":            {addedGroups{"sys", "b"}, []string{"sys"}, addedGroups{"sys"}},
		"it left the system group":     {addedGroups{"sys", "b"}, []string{"b"}, addedGroups{"b"}},
		"it left all":                  {addedGroups{"sys", "b"}, nil, addedGroups{}},
		"it joined one by other means": {addedGroups{"sys"}, []string{"sys", "b"}, addedGroups{"sys"}},
		"another system group":         {addedGroups{"sys"}, []string{"sys", "sys2"}, addedGroups{"sys", "sys2"}},
	} {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, test.added.refreshed(inGroups(test.now...)), test.want)
		})
	}
}

// Without private state, the added groups are those that the state does not list.
func TestLoadAddedGroups(t *testing.T) {
	for name, test := range map[string]struct {
		stored            string // in private state; "": nothing
		effective, listed types.Set
		want              addedGroups
	}{
		"stored":       {`["sys","b"]`, setOf("a", "b", "sys"), setOf("a", "b"), addedGroups{"sys", "b"}},
		"stored, none": {`[]`, setOf("a"), noSet(), addedGroups{}},
		"lost":         {"", setOf("a", "b", "sys"), setOf("a"), addedGroups{"b", "sys"}},
		"lost, none":   {"", setOf("a"), setOf("a"), addedGroups{}},
		"an import":    {"", noSet(), noSet(), nil},
		"null":         {"null", setOf("b"), noSet(), addedGroups{"b"}},
	} {
		t.Run(name, func(t *testing.T) {
			state := private{}
			if test.stored != "" {
				state["kept_user_groups"] = test.stored
			}
			var diags diag.Diagnostics
			m := serviceAccountResourceModel{UserGroups: test.listed, EffectiveUserGroups: test.effective}
			got := loadAddedGroups(t.Context(), state, &m, &diags)
			wantMessages(t, diags)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

const fullAccount = `{"identifier":"sa::ci","active":true,"description":"Builds","groups":["p2","p1"],
	"roles":[{"id":"r1"}],
	"userGroups":[{"id":"sys","properties":{"nameEditable":false,"usersEditable":false}},{"id":"default"},{"id":"g1"}],
	"unitedRoles":["r1","r2"],"unitedPermissions":["p1","p2","p3"],"tokens":[{"tokenID":"t1"}],"lastUsed":1}`

func TestServiceAccountFromAPI(t *testing.T) {
	empty := serviceAccountResourceModel{
		serviceAccountModel: serviceAccountModel{
			Description: tfkit.TextOrNull(""), Permissions: noSet(), Roles: noSet(),
		},
		UserGroups: noSet(),
	}
	listed := empty
	listed.Description, listed.Permissions, listed.Roles, listed.UserGroups = tfkit.Text{
		StringValue: types.StringValue(""),
	}, setOf(), setOf(), setOf()
	listed.AllowSelfLockout = types.BoolValue(true)
	full := serviceAccountResourceModel{
		serviceAccountModel: serviceAccountModel{
			Identifier: types.StringValue("sa::ci"), Active: types.BoolValue(
				true,
			), Description: tfkit.TextOrNull("Builds"),
			Permissions: setOf("p1", "p2"), Roles: setOf("r1"), UnitedPermissions: setOf(
				"p1", "p2", "p3",
			), UnitedRoles: setOf("r1", "r2"),
		},
		ID: types.StringValue("sa::ci"), UserGroups: setOf("g1"), EffectiveUserGroups: setOf("default", "g1", "sys"),
	}
	bare := empty
	bare.Identifier, bare.ID, bare.Active = types.StringValue("sa::ci"), types.StringValue("sa::ci"), types.BoolNull()
	bare.UnitedPermissions, bare.UnitedRoles, bare.EffectiveUserGroups = setOf(), setOf(), setOf()
	bareListed := bare
	bareListed.Description, bareListed.Permissions = listed.Description, setOf()
	bareListed.Roles, bareListed.UserGroups = setOf(), setOf()
	bareListed.AllowSelfLockout = types.BoolValue(true)
	bareActive, bareInactive := bare, bare
	bareActive.Active, bareInactive.Active = types.BoolValue(true), types.BoolValue(false)

	for name, test := range map[string]struct {
		prior serviceAccountResourceModel
		body  string
		added addedGroups
		want  serviceAccountResourceModel
	}{
		"all":                  {empty, fullAccount, addedGroups{"sys", "default"}, full},
		"the identifier alone": {empty, `{"identifier":"sa::ci"}`, nil, bare},
		"empty lists stay empty": {
			listed, `{"identifier":"sa::ci","groups":[],"roles":[]}`, addedGroups{"sys"}, bareListed,
		},
		"absent is like empty": {listed, `{"identifier":"sa::ci"}`, nil, bareListed},
		"what was there goes":  {full, `{"identifier":"sa::ci"}`, nil, bareActive},
		"null is like absent":  {full, `{"identifier":"sa::ci","active":null,"groups":null}`, nil, bareActive},
		"it is inactive":       {full, `{"identifier":"sa::ci","active":false}`, nil, bareInactive},
		"an added group is listed": {
			withGroups(full, "default", "g1"), fullAccount, addedGroups{"sys", "default"},
			withGroups(full, "default", "g1"),
		},
		"what was there is replaced": {bare, fullAccount, addedGroups{"default", "sys"}, full},
	} {
		t.Run(name, func(t *testing.T) {
			got := test.prior
			got.fromAPI(decoded[wavefrontapi.ServiceAccount](t, test.body), test.added)
			wantEqual(t, got, test.want)
		})
	}
}

func withGroups(m serviceAccountResourceModel, groups ...string) serviceAccountResourceModel {
	m.UserGroups = setOf(groups...)
	return m
}

func TestServiceAccountDataFromAPI(t *testing.T) {
	for name, test := range map[string]struct {
		body   string
		active types.Bool
		tokens types.Int64
	}{
		"returned": {
			`{"identifier":"sa::ci","active":false,"tokens":[]}`, types.BoolValue(false), types.Int64Value(0),
		},
		"not returned": {`{"identifier":"sa::ci"}`, types.BoolNull(), types.Int64Null()},
		"null":         {`{"identifier":"sa::ci","active":null,"tokens":null}`, types.BoolNull(), types.Int64Null()},
	} {
		t.Run(name, func(t *testing.T) {
			var m serviceAccountDataModel
			m.fromAPI(decoded[wavefrontapi.ServiceAccount](t, test.body))
			wantEqual(t, m, serviceAccountDataModel{
				serviceAccountModel: serviceAccountModel{
					Identifier: types.StringValue("sa::ci"), Active: test.active,
					Permissions: setOf(), Roles: setOf(), UnitedPermissions: setOf(), UnitedRoles: setOf(),
				},
				UserGroups: setOf(), TokenCount: test.tokens,
			})
		})
	}
}

func TestServiceAccountToWrite(t *testing.T) {
	m := serviceAccountResourceModel{
		serviceAccountModel: serviceAccountModel{
			Identifier: types.StringValue("sa::ci"), Active: types.BoolValue(true), Description: tfkit.Text{
				StringValue: types.StringValue(" Builds\n"),
			},
			Permissions: setOf("p1"), Roles: setOf("r1"), UnitedPermissions: setOf("p9"), UnitedRoles: setOf("r9"),
		},
		UserGroups: setOf("g1", "sys"), EffectiveUserGroups: setOf("g9"),
	}
	wantEqual(t, m.toWrite(addedGroups{"sys", "default"}), wavefrontapi.ServiceAccountWrite{
		Identifier: "sa::ci", Active: true, Description: "Builds", Permissions: []string{"p1"}, Roles: []string{
			"r1",
		}, UserGroups: []string{"g1", "sys", "default"},
	})
	wantEqual(
		t, (&serviceAccountResourceModel{}).toWrite(nil),
		wavefrontapi.ServiceAccountWrite{Permissions: []string{}, Roles: []string{}, UserGroups: []string{}},
	)
}

func TestVerify(t *testing.T) {
	wanted := func(change func(*wavefrontapi.ServiceAccountWrite)) wavefrontapi.ServiceAccountWrite {
		w := wavefrontapi.ServiceAccountWrite{
			Identifier: "sa::ci", Active: true, Description: "Builds", Permissions: []string{
				"p1", "p2",
			}, Roles: []string{"r1", "r2"}, UserGroups: []string{"g1", "g2"},
		}
		if change != nil {
			change(&w)
		}
		return w
	}
	const summary = ": Wavefront ignored a part of the change: The server returned success, but "
	for name, test := range map[string]struct {
		change func(*wavefrontapi.ServiceAccountWrite)
		got    string // members that differ from the account as it is wanted
		words  string
		want   []string
	}{
		"all as wanted": {nil, ``, "", nil},
		"all as wanted, with words": {
			nil, ``, "Something odd", []string{"Warning: A remark on the service account: Something odd"},
		},
		"in another order": {
			nil, `"groups":["p2","p1"],"roles":[{"id":"r2"},{"id":"r1"}],"userGroups":["g2","g1"]`, "", nil,
		},
		"the server added a group": {nil, `"userGroups":["sys","g1","g2"]`, "", nil},
		"the server trims":         {nil, `"description":"  Builds\n"`, "", nil},
		"a role is ignored": {
			nil, `"roles":["r2"]`, "",
			[]string{
				"Error roles" + summary + "the account does not have r1: the data source svcacct_wavefront_role finds",
			},
		},
		"all roles are ignored": {nil, `"roles":null`, "ids ignored", []string{
			"Error roles" + summary + "the account does not have r1, r2: the data source svcacct_wavefront_role " +
				"finds the id of a name. ids ignored",
		}},
		"a user group is ignored": {nil, `"userGroups":["g1","sys"]`, "g2 ignored",
			[]string{
				"Error user_groups" + summary + "the account does not have g2: the data source " +
					"svcacct_wavefront_user_group finds the id of a name. g2 ignored",
			}},
		"a permission is ignored": {
			nil, `"groups":["p1"]`, "",
			[]string{
				"Error permissions" + summary + "the account does not have p2: they do not exist, or service " +
					"accounts cannot have them",
			},
		},
		"a role is left": {
			nil, `"roles":["r1","r2","r3"]`, "", []string{"Error roles" + summary + "the account still has r3"},
		},
		"permissions are left": {
			nil, `"groups":["p0","p1","p2","p3"]`, "why not",
			[]string{"Error permissions" + summary + "the account still has p0, p3. why not"},
		},
		"a role in place of others": {
			nil, `"roles":["r3"]`, "",
			[]string{
				"Error roles" + summary + "the account does not have r1, r2",
				"Error roles" + summary + "the account still has r3",
			},
		},
		"lists are not cleared": {func(w *wavefrontapi.ServiceAccountWrite) {
			w.Roles, w.Permissions, w.UserGroups = nil, nil, nil
		}, ``, "",
			[]string{
				"Error roles" + summary + "the account still has r1, r2",
				"Error permissions" + summary + "the account still has p1, p2",
			}},
		"it is inactive": {
			nil, `"active":false`, "", []string{"Error active" + summary + "active is false"},
		},
		"whether it is active is not returned": {nil, `"active":null`, "", nil},
		"it is active": {
			func(w *wavefrontapi.ServiceAccountWrite) { w.Active = false }, ``, "",
			[]string{"Error active" + summary + "active is true"},
		},
		"the description is another": {
			nil, `"description":"Other"`, "", []string{`Error description` + summary + `the description is "Other"`},
		},
		"the description is not clear": {
			func(w *wavefrontapi.ServiceAccountWrite) { w.Description = "" }, ``, "",
			[]string{`Error description` + summary + `the description is "Builds"`},
		},
		"the description is missing": {
			nil, `"description":""`, "", []string{`Error description` + summary + `the description is ""`},
		},
		"everything": {nil, `"active":false,"description":"","groups":[],"roles":[],"userGroups":[]`, "",
			[]string{"Error roles", "Error user_groups", "Error permissions", "Error active", "Error description"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := decoded[wavefrontapi.ServiceAccount](t, `{"identifier":"sa::ci","active":true,`+
				`"description":"Builds","groups":["p1","p2"],"roles":["r1","r2"],"userGroups":["g1","g2"]}`)
			if err := json.Unmarshal([]byte("{"+test.got+"}"), got); err != nil {
				t.Fatal(err)
			}
			wantMessages(t, verify(wanted(test.change), got, test.words), test.want...)
		})
	}
}
