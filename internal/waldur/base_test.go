package waldur

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

const (
	accountUUID  = "0123456789abcdef0123456789abcdef"
	hyphenated   = "01234567-89AB-cdef-0123-456789abcdef"
	customerUUID = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	projectUUID  = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	scopeUUID    = "cccccccccccccccccccccccccccccccc"

	// Responses: a status, and JSON.
	missing   = `404 {"detail": "No CustomerServiceAccount matches the given query."}`
	forbidden = `403 {"detail": "You do not have permission to perform this action."}`
	broken    = `500 {"detail": "Sorry."}`

	getCaller = "GET /api/users/me/"
	staff     = `200 {"is_staff": true, "permissions": []}`
	nobody    = `200 {"permissions": []}`

	// The errors of these responses, after the operation.
	missingText   = ": 404 Not Found: No CustomerServiceAccount matches the given query."
	forbiddenText = ": 403 Forbidden: You do not have permission to perform this action."
	brokenText    = ": 500 Internal Server Error: Sorry."
	ambiguousText = missingText + ": Waldur also returns 404 for an account that the token may not see"
)

var bothKinds = []*serviceAccountKind{customerServiceAccountKind, projectServiceAccountKind}

func description(text string) tfkit.Text { return tfkit.Text{StringValue: types.StringValue(text)} }

func noDescription() tfkit.Text { return tfkit.Text{StringValue: types.StringNull()} }

// exchange is a request such as "GET /api/x/?a=b", without the page and the fields in the query, and the
// response to it.
type exchange struct{ request, response string }

// server expects the requests of a script, in their order.
type server struct {
	client  *client
	during  func(request int) // called before each response
	undated bool              // responses have no Date

	mu       sync.Mutex
	script   []exchange
	requests []string
	bodies   []string // of the requests that have one
}

// newServer starts a server. When the test ends, it fails unless all of the script was requested,
// and nothing else.
func newServer(t *testing.T, script ...exchange) *server { return newRetryServer(t, 0, script...) }

// newRetryServer is newServer for a client that sends a failed request again.
func newRetryServer(t *testing.T, retries int, script ...exchange) *server {
	t.Helper()
	s := &server{script: script}
	listener := httptest.NewServer(s)
	client, err := transport.New(waldurapi.Options(transport.Options{
		Endpoint: listener.URL, MaxRetries: retries, RetryWait: time.Millisecond,
	}, "token-1"))
	if err != nil {
		t.Fatal(err)
	}
	s.client = newClient(client, &tfkit.Data{Clock: tfkit.SystemClock})
	t.Cleanup(func() {
		listener.Close()
		var want []string
		for _, e := range script {
			want = append(want, e.request)
		}
		if !slices.Equal(s.requests, want) {
			t.Errorf("requested %s\nwant      %s", strings.Join(s.requests, "\n          "),
				strings.Join(want, "\n          "))
		}
	})
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if body, _ := io.ReadAll(r.Body); len(body) > 0 {
		s.bodies = append(s.bodies, string(body))
	}
	query := r.URL.Query()
	query.Del("page")
	query.Del("page_size")
	query.Del("field")
	request := r.Method + " " + r.URL.EscapedPath()
	if len(query) > 0 {
		request += "?" + query.Encode()
	}
	if s.during != nil {
		s.during(len(s.requests))
	}
	response := missing
	if n := len(s.requests); n < len(s.script) && s.script[n].request == request {
		response = s.script[n].response
	}
	s.requests = append(s.requests, request)

	status, body, _ := strings.Cut(response, " ")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header()["Date"] = nil
	if !s.undated {
		w.Header().Set("Date", "Wed, 04 Feb 2026 09:10:08 GMT") // when the accounts of the scripts were created
	}
	var rows []json.RawMessage
	if json.Unmarshal([]byte(body), &rows) == nil {
		w.Header().Set("X-Result-Count", strconv.Itoa(len(rows)))
	}
	code, err := strconv.Atoi(status)
	if err != nil {
		panic(err)
	}
	w.WriteHeader(code)
	_, _ = w.Write([]byte(body))
}

// A resource block that is renamed destroys and creates one account in one apply. The destroy holds the
// lock that the create waits for.
func TestDestroyHoldsTheLockOfACreate(t *testing.T) {
	data := &tfkit.Data{Clock: tfkit.SystemClock, Locks: &tfkit.Locks{}}
	robot := newRobotAccountResource(&connection{}).(*robotAccountResource)
	test := func(name string, s *server, r resource.Resource, model tfkit.ResourceModel, unlock func()) {
		t.Run(name, func(t *testing.T) {
			var described resource.SchemaResponse
			r.Schema(t.Context(), resource.SchemaRequest{}, &described)
			state := tfsdk.State{
				Schema: described.Schema, Raw: empty(t, described.Schema.Type().TerraformType(t.Context())),
			}
			wantDiagnostics(t, state.Set(t.Context(), model))
			var resp resource.DeleteResponse
			done := make(chan struct{})
			go func() {
				r.Delete(t.Context(), resource.DeleteRequest{State: state}, &resp)
				close(done)
			}()
			time.Sleep(50 * time.Millisecond)
			s.mu.Lock()
			wantEqual(t, len(s.requests), 0)
			s.mu.Unlock()
			unlock()
			<-done
			wantDiagnostics(t, resp.Diagnostics)
		})
	}
	for _, kind := range bothKinds {
		one := "/api/marketplace-" + kind.scope + "-service-accounts/" + accountUUID + "/"
		s := newServer(t, exchange{"DELETE " + one, "204"}, exchange{"GET " + one, missing})
		r := kind.newResource(&connection{}).(*serviceAccountResource)
		r.Client, r.Data = s.client, data
		model := kind.newModel()
		model.account().Key = rotation.NoKey()
		model.account().serviceAccountModel, *model.scope() = bareAccountModel(), tfkit.UUIDOrNull(scopeUUID)
		test(kind.scope, s, r, model, data.Locks.Lock(kind.typeName()+"/"+scopeUUID+"/ci"))
	}
	s := newServer(t, exchange{deleteRobot, "204"}, exchange{getRobot, missing})
	robot.Client, robot.Data = s.client, data
	test("robot", s, robot, robotModel(func(*robotAccountResourceModel) {}),
		data.Locks.Lock(robotAccountType+"/"+resourceUUID+"/cicd"))
}

// decoded reads what a server writes.
func decoded[T any](t *testing.T, text string) *T {
	t.Helper()
	into := new(T)
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
	return into
}

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

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

// wantDiagnostics compares diagnostics, as "Severity path: summary: detail".
func wantDiagnostics(t *testing.T, got diag.Diagnostics, want ...string) {
	t.Helper()
	var all []string
	for _, d := range got {
		line := d.Severity().String()
		if located, ok := d.(diag.DiagnosticWithPath); ok {
			line += " " + located.Path().String()
		}
		all = append(all, line+": "+d.Summary()+": "+d.Detail())
	}
	if !slices.Equal(all, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(all, "\n     "), strings.Join(want, "\n     "))
	}
}

// readCase is a test of a data source that sends one request.
type readCase[M any] struct {
	config   M
	exchange exchange
	want     M      // the configuration again, with an error
	err      string // "": none
}

func testRead[M any](t *testing.T, source tfkit.DataSource[client, M], cases map[string]readCase[M]) {
	t.Helper()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			m := test.config
			source.Read(t.Context(), newServer(t, test.exchange).client, &m, &diags)
			var want []string
			if test.err != "" {
				want = append(want, test.err)
			}
			wantDiagnostics(t, diags, want...)
			wantEqual(t, m, test.want)
		})
	}
}

// empty is an object with attributes that are null.
func empty(t *testing.T, kind tftypes.Type) tftypes.Value {
	t.Helper()
	object, ok := kind.(tftypes.Object)
	if !ok {
		t.Fatalf("%s is no object", kind)
	}
	attributes := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		attributes[name] = tftypes.NewValue(kind, nil)
	}
	return tftypes.NewValue(object, attributes)
}

// Every attribute has a field in the model, and every field an attribute.
func TestModelsFitTheirSchemas(t *testing.T) {
	customer, project := customerServiceAccountKind, projectServiceAccountKind
	for _, test := range []struct {
		source datasource.DataSource
		model  any
	}{
		{customerDataSource.New(nil), &customerDataModel{}},
		{projectDataSource.New(nil), &projectDataModel{}},
		{resourceDataSource.New(nil), &resourceDataModel{}},
		{userDataSource.New(nil), &userDataModel{}},
		{
			serviceAccountDataSource[customerServiceAccountDataModel](customer).New(nil),
			&customerServiceAccountDataModel{},
		},
		{serviceAccountDataSource[projectServiceAccountDataModel](project).New(nil), &projectServiceAccountDataModel{}},
		{
			serviceAccountsDataSource[customerServiceAccountsDataModel](customer).New(nil),
			&customerServiceAccountsDataModel{},
		},
		{
			serviceAccountsDataSource[projectServiceAccountsDataModel](project).New(nil),
			&projectServiceAccountsDataModel{},
		},
		{robotAccountDataSource.New(nil), &robotAccountModel{}},
		{robotAccountsDataSource.New(nil), &robotAccountsDataModel{}},
	} {
		var name datasource.MetadataResponse
		test.source.Metadata(t.Context(), datasource.MetadataRequest{}, &name)
		t.Run("data source "+name.TypeName, func(t *testing.T) {
			var resp datasource.SchemaResponse
			test.source.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
			state := tfsdk.State{Schema: resp.Schema, Raw: empty(t, resp.Schema.Type().TerraformType(t.Context()))}
			wantDiagnostics(t, state.Get(t.Context(), test.model))
		})
	}
	for model, r := range map[tfkit.ResourceModel]resource.Resource{
		customer.newModel():          customer.newResource(nil),
		project.newModel():           project.newResource(nil),
		&robotAccountResourceModel{}: newRobotAccountResource(nil),
	} {
		var name resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{}, &name)
		t.Run("resource "+name.TypeName, func(t *testing.T) {
			var resp resource.SchemaResponse
			r.Schema(t.Context(), resource.SchemaRequest{}, &resp)
			state := tfsdk.State{Schema: resp.Schema, Raw: empty(t, resp.Schema.Type().TerraformType(t.Context()))}
			wantDiagnostics(t, state.Get(t.Context(), model))

			var identity resource.IdentitySchemaResponse
			r.(resource.ResourceWithIdentity).IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &identity)
			raw := empty(t, identity.IdentitySchema.Type().TerraformType(t.Context()))
			stored := tfsdk.ResourceIdentity{Schema: identity.IdentitySchema, Raw: raw}
			wantDiagnostics(t, stored.Set(t.Context(), model.Identity()))
		})
	}
	ofCustomer := serviceAccountListResource[customerServiceAccountFilterModel](customer)
	ofProject := serviceAccountListResource[projectServiceAccountFilterModel](project)
	for model, l := range map[any]list.ListResource{
		&customerServiceAccountFilterModel{}: ofCustomer.New(nil),
		&projectServiceAccountFilterModel{}:  ofProject.New(nil),
		&robotAccountFilterModel{}:           robotAccountListResource.New(nil),
	} {
		var resp list.ListResourceSchemaResponse
		l.ListResourceConfigSchema(t.Context(), list.ListResourceSchemaRequest{}, &resp)
		config := tfsdk.Config{Schema: resp.Schema, Raw: empty(t, resp.Schema.Type().TerraformType(t.Context()))}
		wantDiagnostics(t, config.Get(t.Context(), model))
	}
	for model, a := range map[any]action.Action{
		&rotateAPIKeyModel{}:         rotateAPIKeyAction.New(nil),
		&setRobotAccountStateModel{}: setRobotAccountStateAction.New(nil),
	} {
		var resp action.SchemaResponse
		a.Schema(t.Context(), action.SchemaRequest{}, &resp)
		config := tfsdk.Config{Schema: resp.Schema, Raw: empty(t, resp.Schema.Type().TerraformType(t.Context()))}
		wantDiagnostics(t, config.Get(t.Context(), model))
	}
}
