package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// object is a block by attribute; what it lacks is null.
type object map[string]any

// unknown stands for a value that is not known yet.
type unknown struct{}

// valueOf makes a value of a type from nil, unknown, object, or what Go has for it.
func valueOf(kind tftypes.Type, from any) tftypes.Value {
	switch from := from.(type) {
	case unknown:
		return tftypes.NewValue(kind, tftypes.UnknownValue)
	case object:
		attributes := map[string]tftypes.Value{}
		for name, kind := range kind.(tftypes.Object).AttributeTypes {
			attributes[name] = valueOf(kind, from[name])
		}
		for name := range from {
			if _, ok := attributes[name]; !ok {
				panic("no attribute " + name)
			}
		}
		return tftypes.NewValue(kind, attributes)
	default:
		return tftypes.NewValue(kind, from)
	}
}

type environment map[string]string

func (e environment) get(name string) string { return e[name] }

// newProvider returns a provider that waits hardly before retries and reads this environment.
func newProvider(env environment) *svcacctProvider {
	return &svcacctProvider{
		version: "1.2.3",
		options: Options{Clock: func() time.Time { return time.Unix(0, 0) }, RetryWait: time.Millisecond},
		getenv:  env.get,
	}
}

// configure configures a provider, and returns what it hands to everything that it serves.
func configure(t *testing.T, env environment, block object) (*tfkit.Data, diag.Diagnostics) {
	t.Helper()
	s := configSchema()
	req := provider.ConfigureRequest{
		TerraformVersion: "1.14.0",
		Config:           tfsdk.Config{Schema: s, Raw: valueOf(s.Type().TerraformType(t.Context()), block)},
	}
	var resp provider.ConfigureResponse
	newProvider(env).Configure(t.Context(), req, &resp)
	data, _ := resp.ResourceData.(*tfkit.Data)
	for kind, other := range map[string]any{
		"data sources": resp.DataSourceData, "ephemeral resources": resp.EphemeralResourceData,
		"list resources": resp.ListResourceData, "actions": resp.ActionData,
	} {
		if got, _ := other.(*tfkit.Data); got != data {
			t.Errorf("%s get other data: %v", kind, other)
		}
	}
	return data, resp.Diagnostics
}

// configured is configure for a configuration that gives no diagnostics.
func configured(t *testing.T, env environment, block object) *tfkit.Data {
	t.Helper()
	data, diags := configure(t, env, block)
	wantTexts(t, texts(diags))
	if data == nil {
		t.Fatal("no data")
	}
	return data
}

// server serves a provider over the protocol, as Terraform sees it.
func server(t *testing.T, env environment) tfprotov6.ProviderServer {
	t.Helper()
	return providerserver.NewProtocol6(newProvider(env))()
}

func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	all, err := server(t, nil).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func dynamic(t *testing.T, kind tftypes.Type, from any) *tfprotov6.DynamicValue {
	t.Helper()
	value, err := tfprotov6.NewDynamicValue(kind, valueOf(kind, from))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

// texts writes diagnostics as "Severity path: summary: detail".
func texts(diags diag.Diagnostics) []string {
	all := []string{}
	for _, d := range diags {
		text := d.Severity().String()
		if located, ok := d.(diag.DiagnosticWithPath); ok {
			text += " " + located.Path().String()
		}
		all = append(all, text+": "+d.Summary()+": "+d.Detail())
	}
	return all
}

// protocolTexts is texts for what came over the protocol.
func protocolTexts(diags []*tfprotov6.Diagnostic) []string {
	all := []string{}
	for _, d := range diags {
		text := map[tfprotov6.DiagnosticSeverity]string{
			tfprotov6.DiagnosticSeverityError: "Error", tfprotov6.DiagnosticSeverityWarning: "Warning",
		}[d.Severity]
		if d.Attribute != nil {
			var steps []string
			for _, step := range d.Attribute.Steps() {
				steps = append(steps, fmt.Sprint(step))
			}
			text += " " + strings.Join(steps, ".")
		}
		all = append(all, text+": "+d.Summary+": "+d.Detail)
	}
	return all
}

func wantTexts(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// wantError checks the text of an error, "" for none.
func wantError(t *testing.T, got error, want string) {
	t.Helper()
	text := ""
	if got != nil {
		text = got.Error()
	}
	if text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

// remote is a server that answers everything alike and records what it is asked.
type remote struct {
	*httptest.Server
	status int

	mu       sync.Mutex
	requests []*http.Request
}

func newRemote(t *testing.T, start func(http.Handler) *httptest.Server) *remote {
	t.Helper()
	r := &remote{status: http.StatusOK}
	r.Server = start(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.requests = append(r.requests, req)
		w.WriteHeader(r.status)
		_, _ = w.Write([]byte(`{"uuid": "abc", "name": "ACME", "identifier": "sa::abc", "username": "abc"}`))
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *remote) seen() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// only returns the one request that came.
func (r *remote) only(t *testing.T) *http.Request {
	t.Helper()
	seen := r.seen()
	if len(seen) != 1 {
		t.Fatalf("%d requests came", len(seen))
	}
	return seen[0]
}
