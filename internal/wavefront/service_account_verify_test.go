package wavefront

import (
	"encoding/json"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

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
