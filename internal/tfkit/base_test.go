package tfkit

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// configured is what came of handing the provider's data to each kind of base.
type configured[C any] struct {
	kind   string
	data   *Data // nil too of what keeps none
	client *C
	diags  diag.Diagnostics
}

// configure hands data to every kind of base. Each has the client of an earlier configuration.
func configure[C any](t *testing.T, data any) []configured[C] {
	t.Helper()
	earlier, earlierData := new(C), &Data{}
	r, d := ResourceBase[C]{earlierData, earlier}, DataSourceBase[C]{earlier}
	a, e := ActionBase[C]{earlier}, EphemeralBase[C]{earlierData, earlier}
	var (
		ofResource   resource.ConfigureResponse
		ofDataSource datasource.ConfigureResponse
		ofAction     action.ConfigureResponse
		ofEphemeral  ephemeral.ConfigureResponse
	)
	r.Configure(t.Context(), resource.ConfigureRequest{ProviderData: data}, &ofResource)
	d.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: data}, &ofDataSource)
	a.Configure(t.Context(), action.ConfigureRequest{ProviderData: data}, &ofAction)
	e.Configure(t.Context(), ephemeral.ConfigureRequest{ProviderData: data}, &ofEphemeral)
	return []configured[C]{
		{"resource", r.Data, r.Client, ofResource.Diagnostics},
		{"data source", nil, d.Client, ofDataSource.Diagnostics},
		{"action", nil, a.Client, ofAction.Diagnostics},
		{"ephemeral resource", e.Data, e.Client, ofEphemeral.Diagnostics},
	}
}

// checkBases configures the bases of one system: ready has it alone, missing all others.
func checkBases[C any](t *testing.T, ready, missing *Data, client *C, lacks string) {
	t.Helper()
	for name, test := range map[string]struct {
		given  any
		data   *Data
		client *C
		want   []string
	}{
		"not configured yet":       {nil, nil, nil, nil},
		"ready":                    {ready, ready, client, nil},
		"its settings are missing": {missing, nil, nil, []string{"Error: Missing provider configuration: " + lacks}},
		"something else":           {7, nil, nil, []string{"Error: Unexpected provider data: This is a bug in the provider: got int."}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, got := range configure[C](t, test.given) {
				wantStrings(t, texts(got.diags), test.want...)
				keepsData := got.kind == "resource" || got.kind == "ephemeral resource"
				if got.client != test.client || keepsData && got.data != test.data {
					t.Errorf("%s: got %p, %p, want %p, %p", got.kind, got.data, got.client, test.data, test.client)
				}
			}
		})
	}
}

func TestBases(t *testing.T) {
	var (
		noWaldur      = System[waldurapi.Client]{Missing: errors.New("no Waldur")}
		noWavefront   = System[wavefrontapi.Client]{Missing: errors.New("no Wavefront")}
		noInstaclustr = System[instaclustrapi.Client]{Missing: errors.New("no Instaclustr")}
		waldur        = System[waldurapi.Client]{Client: &waldurapi.Client{}}
		wavefront     = System[wavefrontapi.Client]{Client: &wavefrontapi.Client{}}
		instaclustr   = System[instaclustrapi.Client]{Client: &instaclustrapi.Client{}}
	)
	t.Run("Waldur", func(t *testing.T) {
		checkBases(t, &Data{Waldur: waldur, Wavefront: noWavefront, Instaclustr: noInstaclustr},
			&Data{Waldur: noWaldur, Wavefront: wavefront, Instaclustr: instaclustr}, waldur.Client, "no Waldur")
	})
	t.Run("Wavefront", func(t *testing.T) {
		checkBases(t, &Data{Waldur: noWaldur, Wavefront: wavefront, Instaclustr: noInstaclustr},
			&Data{Waldur: waldur, Wavefront: noWavefront, Instaclustr: instaclustr}, wavefront.Client, "no Wavefront")
	})
	t.Run("Instaclustr", func(t *testing.T) {
		checkBases(t, &Data{Waldur: noWaldur, Wavefront: noWavefront, Instaclustr: instaclustr},
			&Data{Waldur: waldur, Wavefront: wavefront, Instaclustr: noInstaclustr}, instaclustr.Client, "no Instaclustr")
	})
}

// A client of no system is the provider's own fault, and told as such.
func TestBasesOfNoSystem(t *testing.T) {
	type stranger struct{}
	for _, got := range configure[stranger](t, &Data{}) {
		wantStrings(t, texts(got.diags), "Error: Missing provider configuration: the provider has no system with the client *tfkit.stranger; this is a bug in the provider")
		if got.client != nil || got.data != nil {
			t.Errorf("%s: got %p, %p", got.kind, got.data, got.client)
		}
	}
}
