package main

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

func TestSetOption(t *testing.T) {
	for text, want := range map[string]world.Settings{
		"waldur.ListsByCreation=true":  {Waldur: waldursim.Options{ListsByCreation: true}},
		"waldur.ListsByCreation=false": {},
		"waldur.Backend=off":           {Waldur: waldursim.Options{Backend: waldursim.BackendOff}},
		"waldur.ServiceWait=20ms":      {Waldur: waldursim.Options{ServiceWait: 20 * time.Millisecond}},
		"wavefront.SearchLag=2m":       {Wavefront: wavefrontsim.Options{SearchLag: 2 * time.Minute}},
		"instaclustr.GetUser=405":      {Instaclustr: instaclustrsim.Options{GetUser: "405"}},
	} {
		var got world.Settings
		if err := setOption(&got, text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, error %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"waldur.ListsByCreation":     "name=value",
		"waldur.ListsByCreation=ja":  "true or false",
		"waldur.Backend=on":          "mock or off",
		"waldur.ServiceWait=20":      "a time such as 20ms",
		"waldur.Now=x":               "no option",
		"ListsByCreation=true":       "wavefront.EmptyMembers: true or false",
		"instaclustr.GetUser=":       "404 or 405",
		"wavefront.emptymembers=yes": "no option",
	} {
		var s world.Settings
		if err := setOption(&s, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}

// TestOptionsHaveValues finds a text option that a simulator does not list.
func TestOptionsHaveValues(t *testing.T) {
	var s world.Settings
	for _, o := range options(&s) {
		if o.wants() == "" {
			t.Errorf("%s has no values", o.name)
		}
	}
}
