package inventory_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/provider"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

const typeName = "svcacct_inventory"

// start starts the simulators with keys and accounts of all kinds.
func start(t *testing.T) *world.World {
	t.Helper()
	day := 24 * time.Hour
	w, err := world.New(world.Settings{Waldur: waldursim.Options{KeyLifetime: 10 * day}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	id := func(name string) string {
		for _, pair := range w.IDs() {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				return value
			}
		}
		panic(name)
	}
	w.Waldur.AddProjectServiceAccount(waldursim.ServiceAccount{
		Scope: id("WALDUR_PROJECT_UUID"), Username: "svc-failed", PreferredIdentifier: "failed", State: "Erred",
		ErrorMessage: "quota",
	})
	w.Waldur.AddRobotAccount(waldursim.RobotAccount{Resource: id("WALDUR_RESOURCE_UUID"), Type: "ci"})
	w.Wavefront.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::build", Tokens: []wavefrontsim.Token{
		{Name: "busy", Generated: time.Now().Add(-100 * day), LastUsed: time.Now()},
		{Name: "idle", Generated: time.Now().Add(-200 * day), LastUsed: time.Now().Add(-60 * day)},
		{Name: "new"},
	}})
	return w
}

// populated is start with the settings of the provider in the environment, except for those that begin with
// one of the prefixes.
func populated(t *testing.T, without ...string) *world.World {
	t.Helper()
	w := start(t)
	for _, pair := range w.Environment() {
		name, value, _ := strings.Cut(pair, "=")
		if slices.ContainsFunc(without, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			value = ""
		}
		t.Setenv(name, value)
	}
	w.ResetTraffic()
	return w
}

// configured returns the provider, configured from the environment.
func configured(t *testing.T, block map[string]tftypes.Value) (tfprotov6.ProviderServer, tftypes.Object) {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test", provider.Options{RetryWait: time.Millisecond})())()
	all, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: dynamic(t, all.Provider.ValueType(), block),
	})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	return server, all.DataSourceSchemas[typeName].ValueType().(tftypes.Object)
}

// dynamic returns an object in which the attributes that it does not have are null.
func dynamic(t *testing.T, kind tftypes.Type, from map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	attributes := map[string]tftypes.Value{}
	for name, kind := range kind.(tftypes.Object).AttributeTypes {
		attributes[name] = tftypes.NewValue(kind, nil)
	}
	for name, value := range from {
		attributes[name] = value
	}
	value, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, attributes))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

func text(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

func texts(values ...string) tftypes.Value {
	elements := make([]tftypes.Value, len(values))
	for i, value := range values {
		elements[i] = text(value)
	}
	return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, elements)
}

// read returns the rows as "system kind name", with a question mark if undecided, and the diagnostics.
func read(
	t *testing.T, server tfprotov6.ProviderServer, kind tftypes.Object, config map[string]tftypes.Value,
) (rows, diags []string) {
	t.Helper()
	resp, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: typeName, Config: dynamic(t, kind, config),
	})
	if err != nil {
		t.Error(err)
		return nil, nil
	}
	for _, d := range resp.Diagnostics {
		diags = append(diags, d.Summary+": "+d.Detail)
	}
	if len(diags) > 0 {
		return nil, diags
	}
	value, err := resp.State.Unmarshal(kind)
	if err != nil {
		t.Error(err)
		return nil, nil
	}
	var object map[string]tftypes.Value
	var list []tftypes.Value
	if value.As(&object) != nil || object["rows"].As(&list) != nil {
		t.Error("no rows")
	}
	for _, element := range list {
		rows = append(rows, rowText(t, element))
	}
	return rows, nil
}

func rowText(t *testing.T, row tftypes.Value) string {
	t.Helper()
	var members map[string]tftypes.Value
	if err := row.As(&members); err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, name := range []string{"system", "kind", "name"} {
		var part *string
		if err := members[name].As(&part); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, *part)
	}
	var undecided bool
	if err := members["undecided"].As(&undecided); err != nil {
		t.Fatal(err)
	}
	if undecided {
		parts = append(parts, "?")
	}
	return strings.Join(parts, " ")
}

func wantTexts(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func requests(w *world.World) (count int) {
	for _, traffic := range w.Traffic() {
		count += len(traffic.Requests)
	}
	return count
}

func TestRead(t *testing.T) {
	const (
		customer, project = "waldur customer_service_account svc-legacy", "waldur project_service_account svc-failed"
		robot             = "waldur robot_account ci"
		build, legacy     = "wavefront service_account sa::build", "wavefront service_account sa::legacy"
		token             = "wavefront service_account_token "
		user, key         = "instaclustr service_user legacy", "instaclustr service_user_api_key MONITORING"
	)
	w := populated(t)
	server, kind := configured(t, nil)
	for _, test := range []struct {
		name     string
		config   map[string]tftypes.Value
		requests int
		want     []string
	}{
		{"everything", nil, 5, []string{
			customer, project, robot, build, legacy, token + "busy", token + "idle", token + "new", user, key,
		}},
		{"one system", map[string]tftypes.Value{"systems": texts("wavefront")}, 1, []string{
			build, legacy, token + "busy", token + "idle", token + "new",
		}},
		{"by age", map[string]tftypes.Value{"older_than": text("2160h")}, 5, []string{
			build + " ?", legacy + " ?", token + "busy", token + "idle", user + " ?", key + " ?",
		}},
		{"by use", map[string]tftypes.Value{"unused_for": text("720h")}, 5, []string{
			build + " ?", legacy + " ?", token + "idle", user + " ?", key + " ?",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.ResetTraffic()
			rows, diags := read(t, server, kind, test.config)
			wantTexts(t, diags)
			wantTexts(t, rows, test.want...)
			if got := requests(w); got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
		})
	}
}

// Data sources that are read at the same time share their requests. A later read asks again.
func TestReadShared(t *testing.T) {
	w := populated(t)
	server, kind := configured(t, nil)
	var all sync.WaitGroup
	for _, limit := range []string{"1h", "2h", "3h"} {
		all.Go(func() {
			_, diags := read(t, server, kind, map[string]tftypes.Value{"older_than": text(limit)})
			wantTexts(t, diags)
		})
	}
	all.Wait()
	if got := requests(w); got != 5 {
		t.Errorf("%d requests, want 5", got)
	}
	w.Wavefront.AddToken("sa::build", "later")
	rows, _ := read(t, server, kind, nil)
	if !slices.Contains(rows, "wavefront service_account_token later") {
		t.Errorf("a later read is not fresh: %v", rows)
	}
}

func TestReadProblems(t *testing.T) {
	const notSet = "Missing provider configuration: "
	wavefront := map[string]tftypes.Value{"systems": texts("wavefront")}
	for name, test := range map[string]struct {
		without []string
		config  map[string]tftypes.Value
		fails   bool
		rows    int
		want    string
	}{
		"a system is not configured":       {[]string{"WAVEFRONT_"}, nil, false, 5, ""},
		"a half configured environment":    {[]string{"WAVEFRONT_TOKEN"}, nil, false, 5, ""},
		"a wanted system is not":           {[]string{"WAVEFRONT_"}, wavefront, false, 0, notSet + "Wavefront is one"},
		"no system is configured":          {[]string{"WA", "IC_"}, nil, false, 0, notSet + "No system is configured"},
		"a system fails":                   {nil, nil, true, 0, "Unable to list Wavefront service accounts: "},
		"a system fails, another is asked": {nil, map[string]tftypes.Value{"systems": texts("waldur")}, true, 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := populated(t, test.without...)
			if test.fails {
				all := func(simkit.Request) bool { return true }
				if err := w.Wavefront.InjectWhere(all, simkit.Fault{Status: 403, Times: 100}); err != nil {
					t.Fatal(err)
				}
			}
			server, kind := configured(t, nil)
			rows, diags := read(t, server, kind, test.config)
			if len(rows) != test.rows || !strings.HasPrefix(strings.Join(diags, "\n"), test.want) ||
				(test.want == "") != (len(diags) == 0) {
				t.Errorf("%d rows, %q", len(rows), diags)
			}
		})
	}
}

// A block without a required setting was meant: that is an error, and not a system to leave out.
func TestReadIncompleteBlock(t *testing.T) {
	populated(t, "WAVEFRONT_")
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"endpoint": tftypes.String, "token": tftypes.String, "token_file": tftypes.String,
	}}
	block := tftypes.NewValue(object, map[string]tftypes.Value{
		"endpoint": text("https://example.org"), "token": tftypes.NewValue(tftypes.String, nil),
		"token_file": tftypes.NewValue(tftypes.String, nil),
	})
	server, kind := configured(t, map[string]tftypes.Value{"wavefront": block})
	_, diags := read(t, server, kind, nil)
	wantTexts(t, diags, "Missing provider configuration: Wavefront is used, but not configured. Set in the provider "+
		"block: wavefront.token or wavefront.token_file (or the environment variable WAVEFRONT_TOKEN or "+
		"WAVEFRONT_TOKEN_FILE)")
}
