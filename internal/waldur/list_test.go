package waldur

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// listRequest is a request for robot accounts.
func listRequest(t *testing.T, limit int64, include bool) list.ListRequest {
	t.Helper()
	var identity resource.IdentitySchemaResponse
	newRobotAccountResource().(*robotAccountResource).IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &identity)
	return list.ListRequest{Limit: limit, IncludeResource: include, ResourceSchema: robotAccountSchema(), ResourceIdentitySchema: identity.IdentitySchema}
}

func TestStream(t *testing.T) {
	uuids := []string{strings.Repeat("1", 32), strings.Repeat("2", 32), strings.Repeat("3", 32)}
	for name, test := range map[string]struct {
		objects int
		limit   int64
		include bool
		takes   int // push returns false at this one; 0: never
		want    int
	}{
		"all":                      {3, 0, false, 0, 3},
		"all, with resources":      {3, 0, true, 0, 3},
		"a limit":                  {3, 2, false, 0, 2},
		"a limit, with resources":  {3, 1, true, 0, 1},
		"as many as the limit":     {3, 3, false, 0, 3},
		"less than the limit":      {3, 5, false, 0, 3},
		"enough":                   {3, 0, true, 2, 2},
		"enough at once":           {3, 0, false, 1, 1},
		"enough before the limit":  {3, 3, false, 1, 1},
		"none":                     {0, 5, true, 0, 0},
		"a limit below 0 is none":  {3, -1, false, 0, 3},
		"enough, just at the last": {3, 0, true, 3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			objects := []tfkit.Listed{}
			for _, uuid := range uuids[:test.objects] {
				objects = append(objects, tfkit.Listed{Identity: identityOf(uuid), DisplayName: "name of " + uuid, State: func() any {
					asked++
					var state robotAccountResourceModel
					in := decoded[waldurapi.RobotAccount](t, detailedRobot)
					in.UUID = uuid
					state.fromAPI(in, hiddenUsers{})
					state.robotAccountPlace.fromAPI(in)
					return &state
				}})
			}
			var got []string
			tfkit.Stream(t.Context(), listRequest(t, test.limit, test.include), objects)(func(result list.ListResult) bool {
				wantTexts(t, result.Diagnostics, []string{}...)
				var identity, uuid, kind types.String
				wantTexts(t, result.Identity.GetAttribute(t.Context(), path.Root("uuid"), &identity), []string{}...)
				if result.DisplayName != "name of "+identity.ValueString() {
					t.Errorf("%s is called %q", identity, result.DisplayName)
				}
				if result.Resource.Raw.IsNull() == test.include {
					t.Errorf("resource: %s", result.Resource.Raw)
				}
				if test.include {
					wantTexts(t, result.Resource.GetAttribute(t.Context(), path.Root("id"), &uuid), []string{}...)
					wantTexts(t, result.Resource.GetAttribute(t.Context(), path.Root("type"), &kind), []string{}...)
					if !uuid.Equal(identity) || kind.ValueString() != "cicd" {
						t.Errorf("resource of %s is %s, of type %s", identity, uuid, kind)
					}
				}
				got = append(got, identity.ValueString())
				return len(got) != test.takes
			})
			if !slices.Equal(got, uuids[:test.want]) {
				t.Errorf("got %q, want %d", got, test.want)
			}
			if wanted := map[bool]int{true: test.want}[test.include]; asked != wanted {
				t.Errorf("%d states were made, want %d", asked, wanted)
			}
		})
	}
}

// What can't be put into a result is told with it.
func TestStreamFaults(t *testing.T) {
	object := tfkit.Listed{Identity: identityOf(accountUUID), DisplayName: "robot", State: func() any { return &struct{}{} }}
	tfkit.Stream(t.Context(), listRequest(t, 0, true), []tfkit.Listed{object})(func(result list.ListResult) bool {
		if !result.Diagnostics.HasError() || result.DisplayName != "robot" {
			t.Errorf("%q: %s", result.DisplayName, diagnosed(result.Diagnostics))
		}
		return true
	})
}
