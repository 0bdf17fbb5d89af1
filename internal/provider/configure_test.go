package provider

import (
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// use sends one request to a system, or returns why there is no client.
var use = map[string]func(*testing.T, *tfkit.Data) error{
	"waldur": func(t *testing.T, d *tfkit.Data) error {
		if d.Waldur.Client == nil {
			return d.Waldur.Missing
		}
		_, err := d.Waldur.Client.Customers.Get(t.Context(), "abc")
		return err
	},
	"wavefront": func(t *testing.T, d *tfkit.Data) error {
		if d.Wavefront.Client == nil {
			return d.Wavefront.Missing
		}
		_, err := d.Wavefront.Client.ServiceAccounts.Get(t.Context(), "sa::abc")
		return err
	},
	"instaclustr": func(t *testing.T, d *tfkit.Data) error {
		if d.Instaclustr.Client == nil {
			return d.Instaclustr.Missing
		}
		_, err := d.Instaclustr.Client.ServiceUsers.Get(t.Context(), "abc")
		return err
	},
}

func TestNoSystemIsConfigured(t *testing.T) {
	for name, block := range map[string]object{
		"no block":        {},
		"empty blocks":    {"waldur": object{}, "wavefront": object{}, "instaclustr": object{}, "http": object{}},
		"http alone":      {"http": object{"max_retries": 1}},
		"half configured": {"waldur": object{"token": "t"}, "wavefront": object{"endpoint": "https://w.example.org"}, "instaclustr": object{"username": "u"}},
	} {
		t.Run(name, func(t *testing.T) {
			data := configured(t, nil, block)
			for system, send := range use {
				if err := send(t, data); err == nil || !strings.Contains(err.Error(), " is used, but not configured. Set in the provider block: "+system+".") {
					t.Errorf("%s: %v", system, err)
				}
			}
		})
	}
}

func TestOneSystemIsConfigured(t *testing.T) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("ops:ic-key"))
	for _, test := range []struct {
		system, name  string
		block         object            // without the endpoint
		env           map[string]string // without the endpoint
		endpoint      string            // the variable of the endpoint
		suffix        string            // after the endpoint
		path          string
		authorization string
	}{
		{"waldur", "session token", object{"token": "tok-1"}, environment{"WALDUR_ACCESS_TOKEN": "tok-1"}, "WALDUR_API_URL", "", "/api/customers/abc/", "Token tok-1"},
		{"waldur", "with /api", object{"token": "tok-1"}, environment{"WALDUR_ACCESS_TOKEN": "tok-1"}, "WALDUR_API_URL", "/api/", "/api/customers/abc/", "Token tok-1"},
		{"waldur", "personal access token", object{"token": "w_1_x"}, environment{"WALDUR_ACCESS_TOKEN": "w_1_x"}, "WALDUR_API_URL", "", "/api/customers/abc/", "Bearer w_1_x"},
		{"wavefront", "token", object{"token": "tok-1"}, environment{"WAVEFRONT_TOKEN": "tok-1"}, "WAVEFRONT_ADDRESS", "", "/api/v2/account/serviceaccount/sa::abc", "Bearer tok-1"},
		{"instaclustr", "key", object{"username": "ops", "api_key": "ic-key"}, environment{"IC_USERNAME": "ops", "IC_API_KEY": "ic-key"}, "IC_API_URL", "/base", "/base/v1/service-users/abc", basic},
	} {
		check := func(t *testing.T, r *remote, data *tfkit.Data) {
			t.Helper()
			for system, send := range use {
				if err := send(t, data); (err == nil) != (system == test.system) {
					t.Errorf("%s: %v", system, err)
				}
			}
			req := r.only(t)
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
			r := newRemote(t, httptest.NewServer)
			test.block["endpoint"] = r.URL + test.suffix
			check(t, r, configured(t, nil, object{test.system: test.block}))
		})
		t.Run(test.system+" by the environment: "+test.name, func(t *testing.T) {
			r := newRemote(t, httptest.NewServer)
			test.env[test.endpoint] = r.URL + test.suffix
			check(t, r, configured(t, test.env, object{}))
		})
	}
}

func TestConfigureHandsOverClockAndLocks(t *testing.T) {
	data := configured(t, nil, object{})
	if got := data.Clock(); !got.Equal(time.Unix(0, 0)) {
		t.Errorf("the clock tells %s", got)
	}
	data.Locks.Lock("a")()

	p, ok := New("9", Options{})().(*svcacctProvider)
	if !ok || p.version != "9" || p.getenv == nil {
		t.Fatalf("%+v", p)
	}
	if age := time.Since(p.options.Clock()); age < 0 || age > time.Minute {
		t.Errorf("the machine's clock is off by %s", age)
	}
}

// What is wrong in the environment is no error before the system is used: it may be meant for other programs.
func TestUnusableSettings(t *testing.T) {
	const (
		waldur      = ". Its settings come from the block waldur, or from the environment: WALDUR_API_URL, WALDUR_ACCESS_TOKEN"
		wavefront   = ". Its settings come from the block wavefront, or from the environment: WAVEFRONT_ADDRESS, WAVEFRONT_TOKEN"
		instaclustr = ". Its settings come from the block instaclustr, or from the environment: IC_API_URL, IC_USERNAME, IC_API_KEY"
		notAbsolute = " can't be reached: the endpoint is not an absolute http or https URL such as https://waldur.example.org"
	)
	for _, test := range []struct {
		name, system string
		env          environment
		block        object
		want         string
	}{
		{"no URL", "waldur", environment{"WALDUR_API_URL": "waldur.example.org", "WALDUR_ACCESS_TOKEN": "t"}, object{}, "Waldur" + notAbsolute + waldur},
		{"a password", "waldur", environment{"WALDUR_API_URL": "https://u:s3cret@waldur.example.org", "WALDUR_ACCESS_TOKEN": "t"}, object{},
			"Waldur can't be reached: the endpoint is a URL with a user name or password in it; credentials have settings of their own" + waldur},
		{"a token of two lines", "waldur", environment{"WALDUR_API_URL": "https://waldur.example.org", "WALDUR_ACCESS_TOKEN": "a\nb"}, object{},
			"Waldur can't be reached: the credential holds a line break or another control character" + waldur},
		{"no host", "wavefront", environment{"WAVEFRONT_ADDRESS": "https://", "WAVEFRONT_TOKEN": "t"}, object{},
			"Wavefront" + notAbsolute + wavefront},
		{"another scheme", "instaclustr", environment{"IC_API_URL": "ftp://api.instaclustr.com"}, object{"instaclustr": object{"username": "u", "api_key": "k"}},
			"Instaclustr" + notAbsolute + instaclustr},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantError(t, use[test.system](t, configured(t, test.env, test.block)), test.want)
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
					want = append(want, "Warning "+system+".endpoint: Credentials cross the network unencrypted: "+system+".endpoint is plain http, and its host is "+
						"not this machine: the credential of the provider, and every key that is issued, can be read on the way. Use https.")
				}
				wantTexts(t, texts(diags), want...)
			})
		}
	}
}

func TestUnknownSettingsFailWhenTheyAreUsed(t *testing.T) {
	r := newRemote(t, httptest.NewServer)
	waldur := object{"endpoint": r.URL, "token": "tok-1"}
	get := "GET /api/customers/abc/: "
	for _, test := range []struct {
		name  string
		block object
		want  string
	}{
		{"unknown token", object{"waldur": object{"endpoint": r.URL, "token": unknown{}}}, get + notYet("Waldur", "waldur.token")},
		{"unknown endpoint", object{"waldur": object{"endpoint": unknown{}, "token": "t"}}, get + notYet("Waldur", "waldur.endpoint")},
		{"unknown block", object{"waldur": unknown{}}, get + notYet("Waldur", "waldur.endpoint, waldur.token")},
		{"unknown http setting", object{"waldur": waldur, "http": object{"max_retries": unknown{}}}, get + notYet("The system", "http.max_retries")},
		{"unknown http block", object{"waldur": waldur, "http": unknown{}}, get + notYet("The system", "http")},
		{"the system's own come first", object{"waldur": unknown{}, "http": unknown{}}, get + notYet("Waldur", "waldur.endpoint, waldur.token")},
		{"what is missing comes first", object{"waldur": object{"endpoint": unknown{}}},
			"Waldur is used, but not configured. Set in the provider block: waldur.token (or the environment variable WALDUR_ACCESS_TOKEN)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := use["waldur"](t, configured(t, nil, test.block))
			wantError(t, err, test.want)
			if transport.Lost(err) {
				t.Error("a request that was never sent counts as lost")
			}
		})
	}
	if seen := r.seen(); len(seen) > 0 {
		t.Errorf("%d requests were sent", len(seen))
	}
}

func TestTransportOptions(t *testing.T) {
	defaults := func(change func(*transport.Options)) transport.Options {
		o := transport.Options{
			MaxRetries: 4, MaxRequestsPerSecond: 10, RetryWait: time.Millisecond,
			UserAgent: "terraform-provider-svcacct/1.2.3 Terraform/1.14.0",
		}
		change(&o)
		return o
	}
	for _, test := range []struct {
		name string
		http any
		want transport.Options
	}{
		{"no block", nil, defaults(func(*transport.Options) {})},
		{"an empty block", object{}, defaults(func(*transport.Options) {})},
		{"an unknown block", unknown{}, defaults(func(*transport.Options) {})},
		{"unknown attributes", object{"max_retries": unknown{}, "request_timeout": unknown{}, "max_requests_per_second": unknown{}, "ca_certificate": unknown{}, "user_agent_suffix": unknown{}},
			defaults(func(*transport.Options) {})},
		{"max_retries", object{"max_retries": 7}, defaults(func(o *transport.Options) { o.MaxRetries = 7 })},
		{"no retries", object{"max_retries": 0}, defaults(func(o *transport.Options) { o.MaxRetries = 0 })},
		{"request_timeout", object{"request_timeout": "1m30s"}, defaults(func(o *transport.Options) { o.RequestTimeout = 90 * time.Second })},
		{"max_requests_per_second", object{"max_requests_per_second": 0.5}, defaults(func(o *transport.Options) { o.MaxRequestsPerSecond = 0.5 })},
		{"ca_certificate", object{"ca_certificate": "PEM"}, defaults(func(o *transport.Options) { o.CACertificate = "PEM" })},
		{"user_agent_suffix", object{"user_agent_suffix": "platform-team"},
			defaults(func(o *transport.Options) { o.UserAgent += " platform-team" })},
		{"user_agent_suffix with a line's end", object{"user_agent_suffix": "platform-team\n"},
			defaults(func(o *transport.Options) { o.UserAgent += " platform-team" })},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, block := newProvider(nil), configBlock(t, "http", test.http)
			got, diags := p.transportOptions(t.Context(), block, "1.14.0")
			wantTexts(t, texts(diags))
			if got.Header != nil || got.DecodeProblem != nil {
				t.Errorf("a header or a decoder: %+v", got)
			}
			got.Header, got.DecodeProblem = nil, nil
			if !equalOptions(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
	t.Run("a duration that validation would have refused", func(t *testing.T) {
		data, diags := configure(t, nil, object{"http": object{"request_timeout": "soon"}})
		if len(diags) != 1 || !diags.HasError() || data != nil {
			t.Errorf("got %s, %v", texts(diags), data)
		}
	})
}

func equalOptions(a, b transport.Options) bool {
	return a.Endpoint == b.Endpoint && a.Credential == b.Credential && a.UserAgent == b.UserAgent && a.MaxRetries == b.MaxRetries &&
		a.RetryWait == b.RetryWait && a.RequestTimeout == b.RequestTimeout && a.MaxRequestsPerSecond == b.MaxRequestsPerSecond &&
		a.CACertificate == b.CACertificate
}

// configBlock returns a block as Configure reads it.
func configBlock(t *testing.T, name string, from any) types.Object {
	t.Helper()
	kind := configSchema().Attributes[name].GetType()
	value, err := kind.ValueFromTerraform(t.Context(), valueOf(kind.TerraformType(t.Context()), from))
	if err != nil {
		t.Fatal(err)
	}
	return value.(types.Object)
}

func TestHTTPSettingsReachTheTransport(t *testing.T) {
	settings := func(r *remote, http object) object {
		return object{"waldur": object{"endpoint": r.URL, "token": "tok-1"}, "http": http}
	}
	t.Run("user_agent_suffix", func(t *testing.T) {
		r := newRemote(t, httptest.NewServer)
		wantError(t, use["waldur"](t, configured(t, nil, settings(r, object{"user_agent_suffix": "platform-team"}))), "")
		if got := r.only(t).Header.Get("User-Agent"); got != "terraform-provider-svcacct/1.2.3 Terraform/1.14.0 platform-team" {
			t.Errorf("user agent %q", got)
		}
	})
	for name, test := range map[string]struct {
		http object
		want int
	}{
		"max_retries 0":       {object{"max_retries": 0}, 1},
		"max_retries 2":       {object{"max_retries": 2}, 3},
		"max_retries, unset ": {object{}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRemote(t, httptest.NewServer)
			r.status = http.StatusServiceUnavailable
			if err := use["waldur"](t, configured(t, nil, settings(r, test.http))); err == nil {
				t.Error("no error")
			}
			if got := len(r.seen()); got != test.want {
				t.Errorf("sent %d times, want %d", got, test.want)
			}
		})
	}
	t.Run("request_timeout", func(t *testing.T) {
		hung, stop := make(chan struct{}), make(chan struct{})
		r := newRemote(t, func(http.Handler) *httptest.Server {
			return httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				close(hung)
				<-stop
			}))
		})
		defer close(stop)
		err := use["waldur"](t, configured(t, nil, settings(r, object{"request_timeout": "50ms", "max_retries": 0})))
		wantError(t, err, "GET /api/customers/abc/: no complete response within 50ms")
		<-hung
	})
	t.Run("ca_certificate", func(t *testing.T) {
		r := newRemote(t, func(handler http.Handler) *httptest.Server {
			s := httptest.NewUnstartedServer(handler)
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			return s
		})
		certificate := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Certificate().Raw}))
		if err := use["waldur"](t, configured(t, nil, settings(r, object{"max_retries": 0}))); err == nil {
			t.Error("a server of an unknown authority is trusted")
		}
		wantError(t, use["waldur"](t, configured(t, nil, settings(r, object{"ca_certificate": certificate}))), "")
	})
}

// What is used and not configured is an error of the object that uses it, over the protocol too.
func TestUseOverTheProtocol(t *testing.T) {
	all := schemas(t)
	providerType := all.Provider.ValueType()
	const dataSource = "svcacct_waldur_customer"
	dataSourceType := all.DataSourceSchemas[dataSource].ValueType()
	for _, test := range []struct {
		name  string
		block object
		want  string
	}{
		{"not configured", object{}, "Error: Missing provider configuration: Waldur is used, but not configured. Set in the provider block: " +
			"waldur.endpoint (or the environment variable WALDUR_API_URL), waldur.token (or the environment variable WALDUR_ACCESS_TOKEN)"},
		{"not known yet", object{"waldur": object{"endpoint": "https://waldur.example.org", "token": unknown{}}},
			"Error: Unable to read Waldur customer: GET /api/customers/0123456789abcdef0123456789abcdef/: " + notYet("Waldur", "waldur.token")},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := server(t, nil)
			ready, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: dynamic(t, providerType, test.block)})
			wantTexts(t, protocolTexts(ready.Diagnostics))
			read, readErr := s.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
				TypeName: dataSource, Config: dynamic(t, dataSourceType, object{"uuid": "0123456789abcdef0123456789abcdef"}),
			})
			if err := errors.Join(err, readErr); err != nil {
				t.Fatal(err)
			}
			wantTexts(t, protocolTexts(read.Diagnostics), test.want)
		})
	}
}

// A value that no header can hold is cut to fit, as a token that was read from a file with the line's end, or refused.
func TestValuesThatNoHeaderCanHold(t *testing.T) {
	kind := schemas(t).Provider.ValueType()
	r := newRemote(t, httptest.NewServer)
	for name, block := range map[string]object{
		"token with a line's end": {"waldur": object{"endpoint": r.URL, "token": "tok-1\n"}},
		"suffix of two lines":     {"waldur": object{"endpoint": r.URL, "token": "tok-1"}, "http": object{"user_agent_suffix": "a\nb"}},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := server(t, nil).ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: dynamic(t, kind, block)})
			if err != nil {
				t.Fatal(err)
			}
			if len(resp.Diagnostics) > 0 {
				return
			}
			if err := use["waldur"](t, configured(t, nil, block)); err != nil {
				t.Errorf("valid, but not usable: %s", err)
			}
		})
	}
}
