package tfkit

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// kinds configure an object of each kind with the provider's data. Each has an earlier client, as
// after an earlier configuration.
var kinds = map[string]func(*testing.T, System, any) (Base[client], diag.Diagnostics){
	"resource": func(t *testing.T, s System, data any) (Base[client], diag.Diagnostics) {
		var resp resource.ConfigureResponse
		r := s.Resources[0]().(*testResource)
		r.Data, r.Client = &Data{}, &client{}
		r.Configure(t.Context(), resource.ConfigureRequest{ProviderData: data}, &resp)
		return r.Base, resp.Diagnostics
	},
	"list resource": func(t *testing.T, s System, data any) (Base[client], diag.Diagnostics) {
		var resp resource.ConfigureResponse
		r := s.ListResources[0]().(*testListResource)
		r.Data, r.Client = &Data{}, &client{}
		r.Configure(t.Context(), resource.ConfigureRequest{ProviderData: data}, &resp)
		return r.Base, resp.Diagnostics
	},
	"data source": func(t *testing.T, s System, data any) (Base[client], diag.Diagnostics) {
		var resp datasource.ConfigureResponse
		d := s.DataSources[0]().(*testDataSource)
		d.Data, d.Client = &Data{}, &client{}
		d.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: data}, &resp)
		return d.Base, resp.Diagnostics
	},
	"ephemeral resource": func(t *testing.T, s System, data any) (Base[client], diag.Diagnostics) {
		var resp ephemeral.ConfigureResponse
		e := s.EphemeralResources[0]().(*testEphemeralResource)
		e.Data, e.Client = &Data{}, &client{}
		e.Configure(t.Context(), ephemeral.ConfigureRequest{ProviderData: data}, &resp)
		return e.Base, resp.Diagnostics
	},
	"action": func(t *testing.T, s System, data any) (Base[client], diag.Diagnostics) {
		var resp action.ConfigureResponse
		a := s.Actions[0]().(*testAction)
		a.Data, a.Client = &Data{}, &client{}
		a.Configure(t.Context(), action.ConfigureRequest{ProviderData: data}, &resp)
		return a.Base, resp.Diagnostics
	},
}

func TestBases(t *testing.T) {
	shared := &Data{}
	connect := func(s System) { s.Connect(shared, transport.Unavailable(errors.New("off")), Values{"token": "t"}) }
	lack := func(s System) { s.Unusable("Missing provider configuration", errors.New("no token")) }
	for kind, configure := range kinds {
		for name, test := range map[string]struct {
			prepare func(System)
			data    any // of the provider
			client  bool
			want    []string
		}{
			"not configured":        {func(System) {}, nil, false, nil},
			"not connected":         {func(System) {}, shared, false, nil},
			"connected":             {connect, shared, true, nil},
			"connected, validation": {connect, nil, false, nil},
			"settings are missing": {
				lack, shared, false, []string{"Error: Missing provider configuration: no token"},
			},
			"settings are missing, validation": {lack, nil, false, nil},
		} {
			t.Run(kind+", "+name, func(t *testing.T) {
				s := definition.System()
				test.prepare(s)
				got, diags := configure(t, s, test.data)
				wantStrings(t, texts(diags), test.want...)
				switch {
				case got.Connection == nil:
					t.Error("the connection is lost")
				case test.client && (got.Client == nil || got.Client.token != "t" || got.Data != shared):
					t.Errorf("got %+v", got)
				case !test.client && (got.Client != nil || got.Data != nil):
					t.Errorf("an earlier client is left: %+v", got)
				}
			})
		}
	}
}
