package provider

import (
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestNoSystemIsConfigured(t *testing.T) {
	for name, block := range map[string]object{
		"no block":     {},
		"empty blocks": {"waldur": object{}, "wavefront": object{}, "instaclustr": object{}, "http": object{}},
		"http alone":   {"http": object{"max_retries": 1}},
		"half configured": {
			"waldur": object{"token": "t"}, "wavefront": object{"endpoint": "https://w.example.org"},
			"instaclustr": object{"username": "u"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := configured(t, nil, block)
			for system := range uses {
				want := " is used, but not configured. Set in the provider block: " + system + "."
				if got := r.use(t, system); !strings.Contains(got, want) {
					t.Errorf("%s: %q", system, got)
				}
			}
		})
	}
}

func TestOneSystemIsConfigured(t *testing.T) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("ops:ic-key"))
	customer, account := "/api/customers/"+customerUUID+"/", "/api/v2/account/serviceaccount/sa::abc"
	for _, test := range []struct {
		system, name  string
		settings      object      // without the endpoint
		env           environment // without the endpoint
		endpoint      string      // the variable of the endpoint
		suffix        string      // after the endpoint
		path          string
		authorization string
	}{
		{
			"waldur", "session token", object{"token": "tok-1"}, environment{"WALDUR_ACCESS_TOKEN": "tok-1"},
			"WALDUR_API_URL", "", customer, "Token tok-1",
		},
		{
			"waldur", "with /api", object{"token": "tok-1"}, environment{"WALDUR_ACCESS_TOKEN": "tok-1"},
			"WALDUR_API_URL", "/api/", customer, "Token tok-1",
		},
		{
			"waldur", "personal access token", object{"token": "w_1_x"}, environment{"WALDUR_ACCESS_TOKEN": "w_1_x"},
			"WALDUR_API_URL", "", customer, "Bearer w_1_x",
		},
		{
			"wavefront", "token", object{"token": "tok-1"}, environment{"WAVEFRONT_TOKEN": "tok-1"},
			"WAVEFRONT_ADDRESS", "", account, "Bearer tok-1",
		},
		{
			"instaclustr", "key", object{"username": "ops", "api_key": "ic-key"},
			environment{"IC_USERNAME": "ops", "IC_API_KEY": "ic-key"},
			"IC_API_URL", "/base", "/base/v1/service-users/abc", basic,
		},
	} {
		check := func(t *testing.T, server *remote, r running) {
			t.Helper()
			for system := range uses {
				if got := r.use(t, system); (got == "") != (system == test.system) {
					t.Errorf("%s: %q", system, got)
				}
			}
			req := server.only(t)
			if got := req.URL.Path; got != test.path {
				t.Errorf("path %s, want %s", got, test.path)
			}
			if got := req.Header.Get("Authorization"); got != test.authorization {
				t.Errorf("authorization %q, want %q", got, test.authorization)
			}
			if got := req.Header.Get("User-Agent"); got != "terraform-provider-svcacct/1.2.3 Terraform/1.14.0" {
				t.Errorf("user agent %q", got)
			}
		}
		t.Run(test.system+" by its block: "+test.name, func(t *testing.T) {
			server := newRemote(t, httptest.NewServer)
			test.settings["endpoint"] = server.URL + test.suffix
			check(t, server, configured(t, nil, object{test.system: test.settings}))
		})
		t.Run(test.system+" by the environment: "+test.name, func(t *testing.T) {
			server := newRemote(t, httptest.NewServer)
			test.env[test.endpoint] = server.URL + test.suffix
			check(t, server, configured(t, test.env, object{}))
		})
	}
}

// probe is a data source of a system of this test: it shows the client or the error that a system
// gets.
type probe struct {
	datasource.DataSource
	tfkit.DataSourceBase[transport.Client]
}

func TestConfigureSharesItsData(t *testing.T) {
	construct := func(c *tfkit.Connection[transport.Client]) datasource.DataSource {
		base := tfkit.Base[transport.Client]{Connection: c}
		return &probe{DataSourceBase: tfkit.DataSourceBase[transport.Client]{Base: base}}
	}
	var passed tfkit.Values
	definition := tfkit.Definition[transport.Client]{
		Block: "probe", Title: "Probe",
		Settings: []tfkit.Setting{
			{Name: tfkit.EndpointName, Variable: "PROBE_URL", Default: "https://probe.example.org"},
			{Name: "color", Variable: "PROBE_COLOR"},
		},
		Options: func(o transport.Options, _ tfkit.Values) transport.Options { return o },
		Client: func(_ *tfkit.Data, http *transport.Client, v tfkit.Values) *transport.Client {
			passed = v
			return http
		},
		DataSources: []func(*tfkit.Connection[transport.Client]) datasource.DataSource{construct},
	}
	p := newProvider(environment{"PROBE_COLOR": "red"})
	p.systems = []tfkit.System{definition.System()}
	s := configSchema(p.systems)
	var resp provider.ConfigureResponse
	p.Configure(t.Context(), provider.ConfigureRequest{
		Config: tfsdk.Config{Schema: s, Raw: valueOf(s.Type().TerraformType(t.Context()), object{"probe": object{}})},
	}, &resp)
	wantTexts(t, texts(resp.Diagnostics))

	d := p.DataSources(t.Context())[0]().(*probe)
	for kind, data := range map[string]any{
		"resources": resp.ResourceData, "data sources": resp.DataSourceData, "actions": resp.ActionData,
		"ephemeral resources": resp.EphemeralResourceData, "list resources": resp.ListResourceData,
	} {
		d.Data, d.Client = nil, nil
		var configured datasource.ConfigureResponse
		d.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: data}, &configured)
		wantTexts(t, texts(configured.Diagnostics))
		if d.Client == nil || d.Data == nil {
			t.Fatalf("%s get no client", kind)
		}
		if got := d.Data.Clock(); !got.Equal(time.Unix(0, 0)) {
			t.Errorf("%s: the clock returns %s", kind, got)
		}
		d.Data.Locks.Lock("a")()
	}
	if passed[tfkit.EndpointName] != "https://probe.example.org" || passed["color"] != "red" || len(passed) != 2 {
		t.Errorf("settings %v", passed)
	}
}

func TestNewTakesTheClockAndTheEnvironmentOfTheMachine(t *testing.T) {
	p, ok := New("9", Options{})().(*svcacctProvider)
	if !ok || p.version != "9" || len(p.systems) != 3 {
		t.Fatalf("%+v", p)
	}
	if age := time.Since(p.options.Clock()); age < 0 || age > time.Minute {
		t.Errorf("the clock is off by %s", age)
	}
	t.Setenv("WALDUR_ACCESS_TOKEN", "from the environment")
	if got := p.getenv("WALDUR_ACCESS_TOKEN"); got != "from the environment" {
		t.Errorf("got %q", got)
	}
}

// An invalid environment is not an error before the system is used: it may be set for other programs.
func TestInvalidSettings(t *testing.T) {
	const (
		from        = " can't be reached: the address from the environment variable "
		notAbsolute = " is not an absolute http or https URL"
		url         = "https://waldur.example.org"
		example     = ". An example is "
	)
	absent := filepath.Join(t.TempDir(), "token")
	noSuchFile := strings.TrimSuffix(syscall.ENOENT.Error(), ".") // other words on Windows
	for _, test := range []struct {
		name, system string
		env          environment
		block        object
		want         string
	}{
		{
			"no URL", "waldur", environment{"WALDUR_API_URL": "waldur.example.org", "WALDUR_ACCESS_TOKEN": "t"},
			object{},
			"Waldur" + from + "WALDUR_API_URL" + notAbsolute + example + url,
		},
		{
			"a password", "waldur",
			environment{"WALDUR_API_URL": "https://u:s3cret@waldur.example.org", "WALDUR_ACCESS_TOKEN": "t"}, object{},
			"Waldur" + from + "WALDUR_API_URL is a URL with a user name or password in it; credentials have settings " +
				"of their own" + example + url,
		},
		{
			"a token of two lines", "waldur", environment{"WALDUR_API_URL": url, "WALDUR_ACCESS_TOKEN": "a\nb"},
			object{},
			"Waldur can't be reached: the credential holds a line break or another control character. The settings " +
				"come from the block waldur, or from the environment: WALDUR_API_URL, WALDUR_ACCESS_TOKEN, " +
				"WALDUR_ACCESS_TOKEN_FILE",
		},
		{
			"a file that is not there", "waldur", nil,
			object{"waldur": object{"endpoint": url, "token_file": absent}},
			"Waldur can't be reached: the credential file " + strconv.Quote(absent) + " can't be read: " + noSuchFile +
				". The settings come from the block waldur, or from the environment: WALDUR_API_URL, " +
				"WALDUR_ACCESS_TOKEN, WALDUR_ACCESS_TOKEN_FILE",
		},
		{
			"a token and a file", "waldur",
			environment{"WALDUR_API_URL": url, "WALDUR_ACCESS_TOKEN": "t", "WALDUR_ACCESS_TOKEN_FILE": "/nowhere"},
			object{},
			"Waldur can't be reached: the environment variables WALDUR_ACCESS_TOKEN and WALDUR_ACCESS_TOKEN_FILE " +
				"exclude each other, and both are set. The settings come from the block waldur, or from the " +
				"environment: WALDUR_API_URL, WALDUR_ACCESS_TOKEN, WALDUR_ACCESS_TOKEN_FILE",
		},
		{
			"no host", "wavefront", environment{"WAVEFRONT_ADDRESS": "https://", "WAVEFRONT_TOKEN": "t"}, object{},
			"Wavefront" + from + "WAVEFRONT_ADDRESS" + notAbsolute + example + "https://example.wavefront.com",
		},
		{
			"another scheme", "instaclustr", environment{"IC_API_URL": "ftp://api.instaclustr.com"},
			object{"instaclustr": object{"username": "u", "api_key": "k"}},
			"Instaclustr" + from + "IC_API_URL" + notAbsolute + example + "https://api.instaclustr.com",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := configured(t, test.env, test.block).use(t, test.system); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// An error of the connection names the address, the setting or the variable that it comes from, and the fix.
func TestConnectionErrorsNameTheSetting(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String() // nothing listens there any more
	_ = listener.Close()
	once := object{"max_retries": 0}
	for name, test := range map[string]struct {
		system string
		env    environment
		block  object
		want   []string
	}{
		"the block": {
			"instaclustr", environment{"IC_API_URL": "https://api.instaclustr.com"},
			object{
				"instaclustr": object{"endpoint": "https://" + closed, "username": "u", "api_key": "k"}, "http": once,
			},
			[]string{"https://" + closed + " can't be reached", "instaclustr.endpoint in the provider block"},
		},
		"a variable": {
			"waldur", environment{"WALDUR_API_URL": "http://" + closed, "WALDUR_ACCESS_TOKEN": "t"},
			object{"http": once},
			[]string{"http://" + closed, "the environment variable WALDUR_API_URL"},
		},
		"a bare host": {
			"wavefront", environment{}, object{"wavefront": object{"endpoint": closed, "token": "t"}, "http": once},
			[]string{"https://" + closed + " can't be reached", "wavefront.endpoint in the provider block"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := configured(t, test.env, test.block).use(t, test.system)
			for _, part := range append(test.want, "Nothing accepts connections there: check host and port") {
				if !strings.Contains(got, part) {
					t.Errorf("not found: %s\n%s", part, got)
				}
			}
		})
	}
}

func TestPlainHTTPWarns(t *testing.T) {
	for _, test := range []struct {
		endpoint string
		warns    bool
	}{
		{"http://waldur.example.org", true},
		{"http://192.0.2.1:8080", true},
		{"HTTP://waldur.example.org", true},
		{"https://waldur.example.org", false},
		{"http://127.0.0.1:8080", false},
		{"http://localhost:8080", false},
		{"http://[::1]:8080", false},
	} {
		for system, settings := range map[string]object{
			"waldur": {"token": "t"}, "wavefront": {"token": "t"}, "instaclustr": {"username": "u", "api_key": "k"},
		} {
			t.Run(system+" "+test.endpoint, func(t *testing.T) {
				settings["endpoint"] = test.endpoint
				_, diags := configure(t, nil, object{system: settings})
				want := []string{}
				if test.warns {
					endpoint := system + ".endpoint"
					want = append(want, "Warning "+endpoint+": Credentials cross the network unencrypted: "+endpoint+
						" is plain http, and its host is not this machine: the credential of the provider, "+
						"and every issued key, can be read on the network. Use https.")
				}
				wantTexts(t, diags, want...)
			})
		}
	}
}

func TestUnknownSettingsFailWhenTheyAreUsed(t *testing.T) {
	server := newRemote(t, httptest.NewServer)
	waldur := object{"endpoint": server.URL, "token": "tok-1"}
	const get = "GET /api/customers/" + customerUUID + "/: "
	for _, test := range []struct {
		name  string
		block object
		want  string
	}{
		{
			"unknown token", object{"waldur": object{"endpoint": server.URL, "token": unknown{}}},
			get + notYet("Waldur", "waldur.token"),
		},
		{
			"unknown endpoint", object{"waldur": object{"endpoint": unknown{}, "token": "t"}},
			get + notYet("Waldur", "waldur.endpoint"),
		},
		{"unknown block", object{"waldur": unknown{}}, get + notYet("Waldur", "waldur.endpoint, waldur.token")},
		{
			"unknown http setting", object{"waldur": waldur, "http": object{"max_retries": unknown{}}},
			get + notYet("The system", "http.max_retries"),
		},
		{"unknown http block", object{"waldur": waldur, "http": unknown{}}, get + notYet("The system", "http")},
		{
			"first the settings of the system", object{"waldur": unknown{}, "http": unknown{}},
			get + notYet("Waldur", "waldur.endpoint, waldur.token"),
		},
		{
			"first the missing settings", object{"waldur": object{"endpoint": unknown{}}},
			"Waldur is used, but not configured. Set in the provider block: waldur.token or waldur.token_file (or " +
				"the environment variable WALDUR_ACCESS_TOKEN or WALDUR_ACCESS_TOKEN_FILE)",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := configured(t, nil, test.block).use(t, "waldur"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	if seen := server.seen(); len(seen) > 0 {
		t.Errorf("%d requests were sent", len(seen))
	}
}

func TestTransportOptions(t *testing.T) {
	defaults := func(change func(*transport.Options)) transport.Options {
		o := transport.Options{
			MaxRetries: 4, RetryWait: time.Millisecond,
			UserAgent: "terraform-provider-svcacct/1.2.3 Terraform/1.14.0",
		}
		change(&o)
		return o
	}
	nothing := func(*transport.Options) {}
	suffixed := func(o *transport.Options) { o.UserAgent += " platform-team" }
	for _, test := range []struct {
		name   string
		http   any
		change func(*transport.Options)
	}{
		{"no block", nil, nothing},
		{"an empty block", object{}, nothing},
		{"an unknown block", unknown{}, nothing},
		{"unknown attributes", object{
			"max_retries": unknown{}, "request_timeout": unknown{}, "max_requests_per_second": unknown{},
			"max_wait": unknown{}, "ca_certificate": unknown{}, "user_agent_suffix": unknown{},
			"client_certificate": unknown{}, "client_key": unknown{},
		}, nothing},
		{"max_retries", object{"max_retries": 7}, func(o *transport.Options) { o.MaxRetries = 7 }},
		{"no retries", object{"max_retries": 0}, func(o *transport.Options) { o.MaxRetries = 0 }},
		{
			"request_timeout", object{"request_timeout": "1m30s"},
			func(o *transport.Options) { o.RequestTimeout = 90 * time.Second },
		},
		{"max_wait", object{"max_wait": "20m"}, func(o *transport.Options) { o.MaxWait = 20 * time.Minute }},
		{
			"max_requests_per_second", object{"max_requests_per_second": 0.5},
			func(o *transport.Options) { o.MaxRequestsPerSecond = 0.5 },
		},
		{"ca_certificate", object{"ca_certificate": "PEM"}, func(o *transport.Options) { o.CACertificate = "PEM" }},
		{
			"client certificate", object{"client_certificate": "C", "client_key": "K"},
			func(o *transport.Options) { o.ClientCertificate, o.ClientKey = "C", "K" },
		},
		{"user_agent_suffix", object{"user_agent_suffix": "platform-team"}, suffixed},
		{"user_agent_suffix with a line's end", object{"user_agent_suffix": "platform-team\n"}, suffixed},
	} {
		t.Run(test.name, func(t *testing.T) {
			var diags diag.Diagnostics
			block := configBlock(t, "http", test.http)
			got := newProvider(nil).transportOptions(httpSettings(t.Context(), block, &diags), "1.14.0")
			wantTexts(t, texts(diags))
			if got.Header != nil || got.DecodeProblem != nil {
				t.Errorf("a header or a decoder: %+v", got)
			}
			if want := defaults(test.change); !equalOptions(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
	t.Run("a malformed duration, without validation", func(t *testing.T) {
		_, diags := configure(t, nil, object{"http": object{"request_timeout": "soon"}})
		if len(diags) != 1 || !strings.HasPrefix(diags[0], "Error") {
			t.Errorf("got %q", diags)
		}
	})
}

func equalOptions(a, b transport.Options) bool {
	return a.Endpoint == b.Endpoint && a.Credential == b.Credential && a.UserAgent == b.UserAgent &&
		a.MaxRetries == b.MaxRetries && a.RetryWait == b.RetryWait && a.RequestTimeout == b.RequestTimeout &&
		a.MaxRequestsPerSecond == b.MaxRequestsPerSecond && a.MaxWait == b.MaxWait &&
		a.CACertificate == b.CACertificate && a.ClientCertificate == b.ClientCertificate && a.ClientKey == b.ClientKey
}

// configBlock returns a block as Configure reads it.
func configBlock(t *testing.T, name string, from any) types.Object {
	t.Helper()
	kind := configSchema(systems()).Attributes[name].GetType()
	value, err := kind.ValueFromTerraform(t.Context(), valueOf(kind.TerraformType(t.Context()), from))
	if err != nil {
		t.Fatal(err)
	}
	return value.(types.Object)
}

func TestHTTPSettingsReachTheTransport(t *testing.T) {
	use := func(t *testing.T, server *remote, http object) string {
		t.Helper()
		return configured(t, nil, object{
			"waldur": object{"endpoint": server.URL, "token": "tok-1"}, "http": http,
		}).use(t, "waldur")
	}
	t.Run("user_agent_suffix", func(t *testing.T) {
		server := newRemote(t, httptest.NewServer)
		if got := use(t, server, object{"user_agent_suffix": "platform-team"}); got != "" {
			t.Error(got)
		}
		const want = "terraform-provider-svcacct/1.2.3 Terraform/1.14.0 platform-team"
		if got := server.only(t).Header.Get("User-Agent"); got != want {
			t.Errorf("user agent %q", got)
		}
	})
	for name, test := range map[string]struct {
		http object
		want int
	}{
		"max_retries 0":      {object{"max_retries": 0}, 1},
		"max_retries 2":      {object{"max_retries": 2}, 3},
		"max_retries, unset": {object{}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			server := newRemote(t, httptest.NewServer)
			server.status = http.StatusServiceUnavailable
			if use(t, server, test.http) == "" {
				t.Error("no error")
			}
			if got := len(server.seen()); got != test.want {
				t.Errorf("sent %d times, want %d", got, test.want)
			}
		})
	}
	t.Run("request_timeout", func(t *testing.T) {
		hung, stop := make(chan struct{}), make(chan struct{})
		server := newRemote(t, func(http.Handler) *httptest.Server {
			return httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				close(hung)
				<-stop
			}))
		})
		defer close(stop)
		got := use(t, server, object{"request_timeout": "50ms", "max_retries": 0})
		if !strings.HasPrefix(got, "GET /api/customers/"+customerUUID+"/: ") || !strings.Contains(got, " within 50ms") {
			t.Errorf("got %q", got)
		}
		<-hung
	})
	t.Run("ca_certificate", func(t *testing.T) {
		server := newRemote(t, func(handler http.Handler) *httptest.Server {
			s := httptest.NewUnstartedServer(handler)
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			return s
		})
		certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		if use(t, server, object{"max_retries": 0}) == "" {
			t.Error("a server of an unknown authority is trusted")
		}
		if got := use(t, server, object{"ca_certificate": string(certificate)}); got != "" {
			t.Error(got)
		}
	})
}

// A credential in a file is read again when the server refuses it, in each system.
func TestCredentialFiles(t *testing.T) {
	basic := func(key string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte("ops:"+key)) }
	for system, test := range map[string]struct {
		setting, variable, endpoint string
		further                     environment
		header                      func(secret string) string
	}{
		"waldur": {
			"token_file", "WALDUR_ACCESS_TOKEN_FILE", "WALDUR_API_URL", nil,
			func(token string) string { return "Bearer " + token }, // w_ is a personal access token
		},
		"wavefront": {
			"token_file", "WAVEFRONT_TOKEN_FILE", "WAVEFRONT_ADDRESS", nil,
			func(token string) string { return "Bearer " + token },
		},
		"instaclustr": {
			"api_key_file", "IC_API_KEY_FILE", "IC_API_URL", environment{"IC_USERNAME": "ops"}, basic,
		},
	} {
		for _, source := range []string{"block", "environment"} {
			t.Run(system+" by the "+source, func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "credential")
				server := newRemote(t, httptest.NewServer)
				env, block := environment{test.endpoint: server.URL}, object{}
				maps.Copy(env, test.further)
				if source == "block" {
					block[system] = object{test.setting: file}
				} else {
					env[test.variable] = file
				}
				write(t, file, "w_first\n")
				r := configured(t, env, block)
				if got := r.use(t, system); got != "" {
					t.Fatal(got)
				}
				server.refuse(test.header("w_first"))
				write(t, file, "w_second\n")
				if got := r.use(t, system); got != "" {
					t.Error(got)
				}
				var sent []string
				for _, request := range server.seen() {
					sent = append(sent, request.Header.Get("Authorization"))
				}
				first, second := test.header("w_first"), test.header("w_second")
				if want := []string{first, first, second}; !slices.Equal(sent, want) {
					t.Errorf("sent %q, want %q", sent, want)
				}
			})
		}
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// White space around a credential is removed: a token that is read from a file ends with a newline.
func TestWhiteSpaceAroundACredential(t *testing.T) {
	server := newRemote(t, httptest.NewServer)
	block := object{"waldur": object{"endpoint": server.URL + "\n", "token": " tok-1\r\n"}}
	if got := configured(t, nil, block).use(t, "waldur"); got != "" {
		t.Error(got)
	}
	if got := server.only(t).Header.Get("Authorization"); got != "Token tok-1" {
		t.Errorf("authorization %q", got)
	}
}

// The error of a system that is not configured belongs to the object that uses the system.
func TestErrorsOfASystem(t *testing.T) {
	for _, test := range []struct {
		name  string
		block object
		want  string
	}{
		{
			"not configured", object{}, "Error: Missing provider configuration: Waldur is used, but not configured. " +
				"Set in the provider block: waldur.endpoint (or the environment variable WALDUR_API_URL), " +
				"waldur.token or waldur.token_file (or the environment variable WALDUR_ACCESS_TOKEN or " +
				"WALDUR_ACCESS_TOKEN_FILE)",
		},
		{
			"not known yet", object{"waldur": object{"endpoint": "https://waldur.example.org", "token": unknown{}}},
			"Error: Unable to read Waldur customer: GET /api/customers/" + customerUUID + "/: " +
				notYet("Waldur", "waldur.token"),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantTexts(t, protocolTexts(configured(t, nil, test.block).read(t, "waldur")), test.want)
		})
	}
}

// A server allows 100 requests a minute, and 40 users are created, ten at a time. A minute takes 4 seconds
// here, as the waits before retries are a fifteenth of the usual waits.
func TestRateLimitOfAServer(t *testing.T) {
	const users, limit, minute = 40, 100, 4 * time.Second
	sim := instaclustrsim.New(instaclustrsim.Options{})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	sim.Inject("*", simkit.Fault{
		Times: -1, Skip: limit, Window: minute,
		Status: http.StatusTooManyRequests, Body: `{"status":429,"message":"Rate Limit Exceeded"}`,
	})
	owner, key := sim.Owner()
	p := newProvider(nil)
	p.options.RetryWait = minute / 60
	r := serveProvider(t, p)
	wantTexts(t, r.configure(t, object{
		"instaclustr": object{"endpoint": server.URL, "username": owner, "api_key": key},
		"http":        object{"max_retries": 0},
	}))
	names := make(chan string, users)
	for i := range users {
		names <- fmt.Sprintf("ci%d", i)
	}
	close(names)
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for name := range names {
				created, err := r.create(t.Context(), "svcacct_instaclustr_service_user", object{
					"username": name, "email": name + "@example.com", "role": "OWNER",
				})
				if err != nil || len(created.Diagnostics) > 0 {
					t.Errorf("%s: %v, %q", name, err, protocolTexts(created.Diagnostics))
				}
			}
		})
	}
	group.Wait()
	refused, created := 0, 0
	requests := sim.Requests()
	for _, request := range requests {
		switch {
		case request.Status == http.StatusTooManyRequests:
			refused++
		case request.Operation == "createServiceUser":
			created++
		}
	}
	t.Logf("%d requests, %d refused", len(requests), refused)
	if refused == 0 || refused*5 >= len(requests) || created != users {
		t.Errorf("%d of %d requests were refused, %d users were created", refused, len(requests), created)
	}
}

// A refresh of an object that the provider knows already, and a plan without a change: what they cost is the
// conversion of state, configuration and private state.
func BenchmarkReadAndPlan(b *testing.B) {
	w := world.Start()
	b.Cleanup(w.Close)
	env := environment{}
	for _, entry := range slices.Concat(w.Environment(), w.IDs()) {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	r := configured(b, env, object{})
	for _, resource := range []struct {
		name   string
		config object
	}{
		{"svcacct_waldur_customer_service_account", object{
			"customer_uuid": env["WALDUR_CUSTOMER_UUID"], "preferred_identifier": "bench",
		}},
		{"svcacct_wavefront_service_account", object{"identifier": "sa::bench"}},
		{"svcacct_wavefront_service_account_token", object{"service_account": "sa::bench", "name": "bench"}},
		{"svcacct_instaclustr_service_user", object{
			"username": "bench", "email": "bench@acme.example", "role": "READ_ONLY",
		}},
		{"svcacct_instaclustr_service_user_api_key", object{"username": "bench", "key_type": "PROVISIONING_READONLY"}},
	} {
		created, err := r.create(b.Context(), resource.name, resource.config)
		if err != nil || len(created.Diagnostics) > 0 {
			b.Fatalf("%s: %v, %q", resource.name, err, protocolTexts(created.Diagnostics))
		}
		b.Run(resource.name+"/read", func(b *testing.B) {
			for b.Loop() {
				resp, err := r.ReadResource(b.Context(), &tfprotov6.ReadResourceRequest{
					TypeName: resource.name, CurrentState: created.NewState, Private: created.Private,
					CurrentIdentity: created.NewIdentity,
				})
				if err != nil || len(resp.Diagnostics) > 0 {
					b.Fatalf("%v, %q", err, protocolTexts(resp.Diagnostics))
				}
			}
		})
		b.Run(resource.name+"/plan", func(b *testing.B) {
			config := dynamic(b, r.schemas.ResourceSchemas[resource.name].ValueType(), resource.config)
			for b.Loop() {
				resp, err := r.PlanResourceChange(b.Context(), &tfprotov6.PlanResourceChangeRequest{
					TypeName: resource.name, PriorState: created.NewState, ProposedNewState: created.NewState,
					Config: config, PriorPrivate: created.Private, PriorIdentity: created.NewIdentity,
				})
				if err != nil || len(resp.Diagnostics) > 0 {
					b.Fatalf("%v, %q", err, protocolTexts(resp.Diagnostics))
				}
			}
		})
	}
}

// Any provider block is read, or refused with words that show no credential and no control character. What is
// configured can be used.
func FuzzProviderBlock(f *testing.F) {
	f.Fuzz(func(t *testing.T, endpoint, credential, file, duration, certificate string, retries, rate float64) {
		if !utf8.ValidString(endpoint + credential + file + duration + certificate) {
			return // Terraform sends none
		}
		credential = "s3cret" + credential
		block := object{
			"waldur":      object{"endpoint": endpoint, "token": credential},
			"wavefront":   object{"endpoint": endpoint, "token_file": file},
			"instaclustr": object{"endpoint": endpoint, "username": file, "api_key": credential},
			"http": object{
				"max_retries": retries, "max_requests_per_second": rate, "request_timeout": duration,
				"max_wait": duration, "ca_certificate": certificate, "user_agent_suffix": file,
				"client_certificate": certificate, "client_key": credential,
			},
		}
		_, diags := configure(t, nil, block)
		for _, text := range append(diags, validate(t, block)...) {
			if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) &&
				!strings.Contains(text, "Duration") || strings.Contains(text, "s3cret") {
				t.Errorf("%.300q", text)
			}
		}
	})
}

// Any import id is read or refused. The id that an import gives an object is an import id of the same object.
func FuzzImportIDs(f *testing.F) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Result-Count", "1")
		const rows = `[{"uuid": %q, "username": "ci", "type": "ci", "preferred_identifier": "ci"}]`
		_, _ = fmt.Fprintf(w, rows, customerUUID)
	}))
	f.Cleanup(server.Close)
	r := configured(f, nil, object{
		"waldur":      object{"endpoint": server.URL, "token": "t"},
		"wavefront":   object{"endpoint": server.URL, "token": "t"},
		"instaclustr": object{"endpoint": server.URL, "username": "u", "api_key": "k"},
		"http":        object{"max_retries": 0},
	})
	imported := func(t *testing.T, name, id string) string {
		resp, err := r.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: name, ID: id})
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.ImportedResources) != 1 {
			return ""
		}
		value, err := resp.ImportedResources[0].State.Unmarshal(r.schemas.ResourceSchemas[name].ValueType())
		if err != nil {
			t.Fatal(err)
		}
		var attributes map[string]tftypes.Value
		var own string
		if err := value.As(&attributes); err != nil || !attributes["id"].IsKnown() || attributes["id"].IsNull() {
			return ""
		}
		if err := attributes["id"].As(&own); err != nil {
			t.Fatal(err)
		}
		return own
	}
	f.Fuzz(func(t *testing.T, id string) {
		if !utf8.ValidString(id) {
			return // Terraform sends none
		}
		for name := range r.schemas.ResourceSchemas {
			own := imported(t, name, id)
			if own == "" {
				continue
			}
			if again := imported(t, name, own); again != own {
				t.Errorf("%s: %q has the id %q, which imports %q", name, id, own, again)
			}
		}
	})
}
