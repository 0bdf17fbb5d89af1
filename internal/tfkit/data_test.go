package tfkit

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

func TestFromProvider(t *testing.T) {
	client := &waldurapi.Client{}
	ready := &Data{Waldur: System[waldurapi.Client]{Client: client}, Wavefront: System[wavefrontapi.Client]{Missing: errors.New("no Wavefront")}}
	missing := &Data{Waldur: System[waldurapi.Client]{Missing: errors.New("no token anywhere")}, Wavefront: System[wavefrontapi.Client]{Client: &wavefrontapi.Client{}}}
	both := &Data{Waldur: System[waldurapi.Client]{Client: client, Missing: errors.New("half of it")}}

	for name, test := range map[string]struct {
		given  any
		data   *Data
		client *waldurapi.Client
		want   []string
	}{
		"not configured yet":          {nil, nil, nil, nil},
		"ready":                       {ready, ready, client, nil},
		"its settings are missing":    {missing, nil, nil, []string{"Error: Missing provider configuration: no token anywhere"}},
		"missing settings come first": {both, nil, nil, []string{"Error: Missing provider configuration: half of it"}},
		"something else":              {"data", nil, nil, []string{"Error: Unexpected provider data: This is a bug in the provider: got string."}},
		"a value, no pointer":         {*ready, nil, nil, []string{"Error: Unexpected provider data: This is a bug in the provider: got tfkit.Data."}},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			data, got := FromProvider[waldurapi.Client](test.given, &diags)
			if data != test.data || got != test.client {
				t.Errorf("got %p, %p, want %p, %p", data, got, test.data, test.client)
			}
			wantStrings(t, texts(diags), test.want...)
		})
	}
}
