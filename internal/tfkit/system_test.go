package tfkit

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// client is the client of the system of the tests.
type client struct {
	http  *transport.Client
	token string
}

// One object of each kind. They do nothing.
type (
	testResource struct {
		resource.Resource
		ResourceBase[client]
	}
	testDataSource struct {
		datasource.DataSource
		DataSourceBase[client]
	}
	testEphemeralResource struct {
		ephemeral.EphemeralResource
		EphemeralBase[client]
	}
	testListResource struct {
		list.ListResource
		ResourceBase[client]
	}
	testAction struct {
		action.Action
		ActionBase[client]
	}
)

var tokenSetting = Setting{Name: "token", Variable: "TEST_TOKEN", Sensitive: true}

var definition = Definition[client]{
	Block: "test", Title: "Test", Settings: []Setting{tokenSetting},
	Options: func(o transport.Options, v Values) transport.Options {
		o.UserAgent += v.Of(tokenSetting)
		return o
	},
	Client: func(_ *Data, http *transport.Client, v Values) *client { return &client{http, v.Of(tokenSetting)} },
	Resources: []func(*Connection[client]) resource.Resource{func(c *Connection[client]) resource.Resource {
		return &testResource{ResourceBase: ResourceBase[client]{Base[client]{Connection: c}}}
	}},
	DataSources: []func(*Connection[client]) datasource.DataSource{func(c *Connection[client]) datasource.DataSource {
		return &testDataSource{DataSourceBase: DataSourceBase[client]{Base[client]{Connection: c}}}
	}},
	EphemeralResources: []func(*Connection[client]) ephemeral.EphemeralResource{
		func(c *Connection[client]) ephemeral.EphemeralResource {
			return &testEphemeralResource{EphemeralBase: EphemeralBase[client]{Base[client]{Connection: c}}}
		},
	},
	ListResources: []func(*Connection[client]) list.ListResource{func(c *Connection[client]) list.ListResource {
		return &testListResource{ResourceBase: ResourceBase[client]{Base[client]{Connection: c}}}
	}},
	Actions: []func(*Connection[client]) action.Action{func(c *Connection[client]) action.Action {
		return &testAction{ActionBase: ActionBase[client]{Base[client]{Connection: c}}}
	}},
}

func TestDefinitionSystem(t *testing.T) {
	s := definition.System()
	if s.Block != "test" || s.Title != "Test" || len(s.Settings) != 1 || s.Settings[0] != tokenSetting {
		t.Errorf("got %q, %q, %v", s.Block, s.Title, s.Settings)
	}
	if got := s.Options(transport.Options{UserAgent: "a"}, Values{"token": "t"}); got.UserAgent != "at" {
		t.Errorf("options %+v", got)
	}
	if len(s.Resources) != 1 || len(s.DataSources) != 1 || len(s.EphemeralResources) != 1 ||
		len(s.ListResources) != 1 || len(s.Actions) != 1 {
		t.Error("not one constructor of each kind")
	}
	if s.Resources[0]() == s.Resources[0]() {
		t.Error("a constructor returns one object twice")
	}
}

// Systems of one definition do not share a connection: two configurations of the provider have two
// clients.
func TestSystemsHaveTheirOwnConnections(t *testing.T) {
	first, second := definition.System(), definition.System()
	data := &Data{}
	first.Connect(data, transport.Unavailable(errors.New("off")), Values{"token": "t"})
	if got := open(t, first); got.client == nil || got.client.token != "t" || got.data != data {
		t.Errorf("the first system: %+v", got)
	}
	if got := open(t, second); got.client != nil || got.data != nil {
		t.Errorf("the second system: %+v", got)
	}
}

type opened struct {
	data   *Data
	client *client
	diags  diag.Diagnostics
}

// open returns the client and the error that a resource of a system gets.
func open(t *testing.T, s System) (o opened) {
	t.Helper()
	o.data, o.client = s.Resources[0]().(*testResource).Connection.open(&Data{}, &o.diags)
	return o
}

func TestConnection(t *testing.T) {
	const missing = "Error: Missing provider configuration: no token"
	data, http := &Data{}, transport.Unavailable(errors.New("off"))
	connect := func(token string) func(System) {
		return func(s System) { s.Connect(data, http, Values{"token": token}) }
	}
	lack := func(s System) { s.Unusable("Missing provider configuration", errors.New("no token")) }
	for name, test := range map[string]struct {
		steps []func(System)
		token string // "": there is no client
		want  []string
	}{
		"not connected":           {nil, "", nil},
		"connected":               {[]func(System){connect("a")}, "a", nil},
		"missing":                 {[]func(System){lack}, "", []string{missing}},
		"connected again":         {[]func(System){connect("a"), connect("b")}, "b", nil},
		"missing, then connected": {[]func(System){lack, connect("a")}, "a", nil},
		"connected, then missing": {[]func(System){connect("a"), lack}, "", []string{missing}},
	} {
		t.Run(name, func(t *testing.T) {
			s := definition.System()
			for _, step := range test.steps {
				step(s)
			}
			got := open(t, s)
			wantStrings(t, texts(got.diags), test.want...)
			switch {
			case test.token == "" && (got.client != nil || got.data != nil):
				t.Errorf("got %+v", got)
			case test.token != "" && (*got.client != client{http, test.token} || got.data != data):
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestValuesOf(t *testing.T) {
	values := Values{"token": "t"}
	if got := values.Of(tokenSetting); got != "t" {
		t.Errorf("got %q", got)
	}
	if got := values.Of(Setting{Name: EndpointName}); got != "" {
		t.Errorf("a setting that is not set: %q", got)
	}
	if got := Values(nil).Of(tokenSetting); got != "" {
		t.Errorf("no settings: %q", got)
	}
}

func TestSources(t *testing.T) {
	inFile := tokenSetting
	inFile.InFile = true
	for _, test := range []struct {
		setting          Setting
		sources, missing string
	}{
		{
			tokenSetting, "test.token in the provider block or the environment variable TEST_TOKEN",
			"test.token (or the environment variable TEST_TOKEN)",
		},
		{
			inFile, "test.token or test.token_file in the provider block or the environment variable TEST_TOKEN or " +
				"TEST_TOKEN_FILE",
			"test.token or test.token_file (or the environment variable TEST_TOKEN or TEST_TOKEN_FILE)",
		},
	} {
		if got := test.setting.Sources("test"); got != test.sources {
			t.Errorf("got %q, want %q", got, test.sources)
		}
		if got := test.setting.Missing("test"); got != test.missing {
			t.Errorf("got %q, want %q", got, test.missing)
		}
	}
}
