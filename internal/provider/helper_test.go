package provider

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// object is a block by attribute. Attributes that it does not have are null.
type object map[string]any

// unknown is a value that is not known yet.
type unknown struct{}

// valueOf returns a value of a type from nil, unknown, object, or a value of Go.
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

// newProvider returns a provider with this environment, and with hardly any wait before retries.
func newProvider(env environment) *svcacctProvider {
	return &svcacctProvider{
		version: "1.2.3",
		options: Options{Clock: func() time.Time { return time.Unix(0, 0) }, RetryWait: time.Millisecond},
		getenv:  env.get,
		systems: systems(),
	}
}

// running is a provider that is served over the protocol, as Terraform sees it.
type running struct {
	tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

func serve(t testing.TB, env environment) running {
	t.Helper()
	return serveProvider(t, newProvider(env))
}

func serveProvider(t testing.TB, p *svcacctProvider) running {
	t.Helper()
	s := providerserver.NewProtocol6(p)()
	all, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return running{s, all}
}

// validate returns the diagnostics of the validation of a provider block.
func validate(t testing.TB, block object) []string {
	t.Helper()
	r := serve(t, nil)
	resp, err := r.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{
		Config: dynamic(t, r.schemas.Provider.ValueType(), block),
	})
	if err != nil {
		t.Fatal(err)
	}
	return protocolTexts(resp.Diagnostics)
}

// configure returns a provider that is configured, and the diagnostics of that.
func configure(t testing.TB, env environment, block object) (running, []string) {
	t.Helper()
	r := serve(t, env)
	return r, r.configure(t, block)
}

func (r running) configure(t testing.TB, block object) []string {
	t.Helper()
	resp, err := r.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0", Config: dynamic(t, r.schemas.Provider.ValueType(), block),
	})
	if err != nil {
		t.Fatal(err)
	}
	return protocolTexts(resp.Diagnostics)
}

// configured is configure for a configuration without diagnostics.
func configured(t testing.TB, env environment, block object) running {
	t.Helper()
	r, diags := configure(t, env, block)
	wantTexts(t, diags)
	return r
}

const customerUUID = "0123456789abcdef0123456789abcdef"

// uses are data sources of the systems that send one request.
var uses = map[string]struct {
	dataSource string
	config     object
}{
	"waldur":      {"svcacct_waldur_customer", object{"uuid": customerUUID}},
	"wavefront":   {"svcacct_wavefront_service_account", object{"identifier": "sa::abc"}},
	"instaclustr": {"svcacct_instaclustr_service_user", object{"username": "abc"}},
}

// read reads the data source of a system.
func (r running) read(t *testing.T, system string) []*tfprotov6.Diagnostic {
	t.Helper()
	name := uses[system].dataSource
	resp, err := r.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: dynamic(t, r.schemas.DataSourceSchemas[name].ValueType(), uses[system].config),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// create creates a resource as Terraform does, plan and apply. The response to a plan that fails has only the
// diagnostics.
func (r running) create(
	ctx context.Context, typeName string, config object,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	kind := r.schemas.ResourceSchemas[typeName].ValueType()
	wanted, err := tfprotov6.NewDynamicValue(kind, valueOf(kind, config))
	if err != nil {
		return nil, err
	}
	none, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
	if err != nil {
		return nil, err
	}
	plan, err := r.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: &none, ProposedNewState: &wanted, Config: &wanted,
	})
	if err != nil || len(plan.Diagnostics) > 0 {
		return &tfprotov6.ApplyResourceChangeResponse{Diagnostics: plan.Diagnostics}, err
	}
	return r.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: &none, PlannedState: plan.PlannedState, Config: &wanted,
		PlannedPrivate: plan.PlannedPrivate, PlannedIdentity: plan.PlannedIdentity,
	})
}

// use is read that returns the detail of the error, "" if there is none.
func (r running) use(t *testing.T, system string) string {
	t.Helper()
	diags := r.read(t, system)
	switch len(diags) {
	case 0:
		return ""
	case 1:
		return diags[0].Detail
	}
	t.Fatalf("got %q", protocolTexts(diags))
	return ""
}

func dynamic(t testing.TB, kind tftypes.Type, from any) *tfprotov6.DynamicValue {
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

// protocolTexts is texts for diagnostics of the protocol.
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

func wantTexts(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// wantError compares the text of an error. The text of nil is "".
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

// remote is a server with the same response to all requests. It records the requests.
type remote struct {
	*httptest.Server
	status int

	mu       sync.Mutex
	requests []*http.Request
	refused  string // the Authorization that gets a 401
}

func newRemote(t *testing.T, start func(http.Handler) *httptest.Server) *remote {
	t.Helper()
	r := &remote{status: http.StatusOK}
	r.Server = start(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.requests = append(r.requests, req)
		if req.Header.Get("Authorization") == r.refused {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(r.status)
		_, _ = fmt.Fprintf(w, `{"uuid": %q, "name": "ACME", "identifier": "sa::abc", "username": "abc"}`, customerUUID)
	}))
	t.Cleanup(r.Close)
	return r
}

// refuse lets the server refuse a credential from now on.
func (r *remote) refuse(authorization string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused = authorization
}

func (r *remote) seen() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// only returns the request that came, which must be one.
func (r *remote) only(t *testing.T) *http.Request {
	t.Helper()
	seen := r.seen()
	if len(seen) != 1 {
		t.Fatalf("%d requests came", len(seen))
	}
	return seen[0]
}
