package provider_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	acceptance "github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr"
	"github.com/svcacct/terraform-provider-svcacct/internal/provider"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront"
)

func newProvider() framework.Provider { return provider.New("1.2.3", provider.Options{})() }

func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	server := providerserver.NewProtocol6(newProvider())()
	all, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wantNone(t *testing.T, diags diag.Diagnostics) {
	t.Helper()
	for _, d := range diags {
		t.Errorf("%s: %s", d.Summary(), d.Detail())
	}
}

func TestMetadata(t *testing.T) {
	var resp framework.MetadataResponse
	newProvider().Metadata(t.Context(), framework.MetadataRequest{}, &resp)
	if resp.TypeName != "svcacct" || resp.Version != "1.2.3" {
		t.Errorf("%+v", resp)
	}
}

func TestProviderSchemaIsValid(t *testing.T) {
	var resp framework.SchemaResponse
	newProvider().Schema(t.Context(), framework.SchemaRequest{}, &resp)
	wantNone(t, append(resp.Diagnostics, resp.Schema.ValidateImplementation(t.Context())...))
	for _, d := range schemas(t).Diagnostics {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
}

func TestResourceSchemasAreValid(t *testing.T) {
	for _, construct := range newProvider().Resources(t.Context()) {
		r := construct()
		var meta resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "svcacct"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			var resp resource.SchemaResponse
			r.Schema(t.Context(), resource.SchemaRequest{}, &resp)
			wantNone(t, append(resp.Diagnostics, resp.Schema.ValidateImplementation(t.Context())...))
			if id, ok := resp.Schema.Attributes["id"]; !ok || !id.IsComputed() || id.IsOptional() || id.IsSensitive() {
				t.Error("there is no computed id")
			}

			identified, ok := r.(resource.ResourceWithIdentity)
			if !ok {
				t.Fatal("the resource has no identity")
			}
			var identity resource.IdentitySchemaResponse
			identified.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &identity)
			wantNone(t, append(identity.Diagnostics, identity.IdentitySchema.ValidateImplementation(t.Context())...))
			for name, attribute := range identity.IdentitySchema.Attributes {
				if !attribute.IsRequiredForImport() && !attribute.IsOptionalForImport() {
					t.Errorf("identity attribute %s: an import cannot use it", name)
				}
				if attribute.GetDescription() == "" {
					t.Errorf("identity attribute %s has no description", name)
				}
			}
		})
	}
}

func TestDataSourceSchemasAreValid(t *testing.T) {
	for _, construct := range newProvider().DataSources(t.Context()) {
		d := construct()
		var meta datasource.MetadataResponse
		d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "svcacct"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			var resp datasource.SchemaResponse
			d.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
			wantNone(t, append(resp.Diagnostics, resp.Schema.ValidateImplementation(t.Context())...))
		})
	}
}

// served returns the names of all types, by kind, and all schemas with the provider's own under
// "provider".
func served(t *testing.T) (types map[string][]string, schema map[string]*tfprotov6.Schema) {
	t.Helper()
	all := schemas(t)
	types, schema = map[string][]string{}, map[string]*tfprotov6.Schema{"provider": all.Provider}
	add := func(kind, name string, s *tfprotov6.Schema) {
		types[kind] = append(types[kind], name)
		schema[kind+"/"+name] = s
	}
	for name, s := range all.ResourceSchemas {
		add("resources", name, s)
	}
	for name, s := range all.DataSourceSchemas {
		add("data-sources", name, s)
	}
	for name, s := range all.EphemeralResourceSchemas {
		add("ephemeral-resources", name, s)
	}
	for name, s := range all.ListResourceSchemas {
		add("list-resources", name, s)
	}
	for name, s := range all.ActionSchemas {
		add("actions", name, s.Schema)
	}
	for name := range all.Functions {
		types["functions"] = append(types["functions"], name)
	}
	for _, names := range types {
		slices.Sort(names)
	}
	return types, schema
}

func TestNames(t *testing.T) {
	const ofSystem, ofNone = `(waldur|wavefront|instaclustr)_[a-z]+(_[a-z]+)*`, `inventory|decrypted_api_key`
	form := regexp.MustCompile(`^svcacct_(` + ofSystem + `|` + ofNone + `)$`)
	functionForm := regexp.MustCompile(`^(waldur|wavefront|instaclustr)_[a-z]+$`)
	types, _ := served(t)
	if len(types["resources"]) == 0 || len(types["data-sources"]) == 0 {
		t.Fatalf("nothing is served: %v", types)
	}
	for kind, names := range types {
		for _, name := range names {
			if kind == "functions" && functionForm.MatchString(name) {
				continue
			}
			if !form.MatchString(name) {
				t.Errorf("%s: %s is no svcacct_<system>_<thing>", kind, name)
			}
		}
	}
	for _, name := range types["resources"] {
		for _, wanted := range []string{name, name + "s"} {
			if !slices.Contains(types["data-sources"], wanted) {
				t.Errorf("the resource %s lacks the data source %s", name, wanted)
			}
		}
	}
}

func TestEveryAttributeIsDescribed(t *testing.T) {
	_, all := served(t)
	for where, schema := range all {
		if len(schema.Block.BlockTypes) > 0 {
			t.Errorf("%s has blocks: nested attributes are better", where)
		}
		if !strings.HasSuffix(schema.Block.Description, ".") {
			t.Errorf("%s: the description %q is no sentence", where, schema.Block.Description)
		}
		eachAttribute(where, schema.Block.Attributes, func(where string, attribute *tfprotov6.SchemaAttribute) {
			if !strings.HasSuffix(attribute.Description, ".") || strings.Contains(attribute.Description, "  ") {
				t.Errorf("%s: the description %q is no sentence", where, attribute.Description)
			}
			if attribute.DescriptionKind != tfprotov6.StringKindMarkdown {
				t.Errorf("%s: the description is no Markdown", where)
			}
		})
	}
}

// Secrets, and nothing else, are sensitive.
func TestSensitiveAttributes(t *testing.T) {
	secrets := []string{"token", "api_key", "previous_api_key", "identity", "client_key"}
	_, all := served(t)
	for where, schema := range all {
		eachAttribute(where, schema.Block.Attributes, func(where string, attribute *tfprotov6.SchemaAttribute) {
			if want := slices.Contains(secrets, attribute.Name); attribute.Sensitive != want {
				t.Errorf("%s: sensitive %v", where, attribute.Sensitive)
			}
		})
	}
}

func eachAttribute(
	where string, attributes []*tfprotov6.SchemaAttribute, visit func(string, *tfprotov6.SchemaAttribute),
) {
	for _, attribute := range attributes {
		visit(where+"."+attribute.Name, attribute)
		if attribute.NestedType != nil {
			eachAttribute(where+"."+attribute.Name, attribute.NestedType.Attributes, visit)
		}
	}
}

// Every setting of the provider can be left out: the environment may give it.
func TestProviderSettingsAreOptional(t *testing.T) {
	var variables []string
	for _, s := range []tfkit.System{waldur.System(), wavefront.System(), instaclustr.System()} {
		for _, setting := range s.Settings {
			variables = append(variables, setting.Variable)
		}
	}
	described := 0
	attributes := schemas(t).Provider.Block.Attributes
	eachAttribute("provider", attributes, func(where string, attribute *tfprotov6.SchemaAttribute) {
		if !attribute.Optional || attribute.Required || attribute.Computed {
			t.Errorf("%s is not optional", where)
		}
		for _, variable := range variables {
			if strings.Contains(attribute.Description, "`"+variable+"`") {
				described++
			}
		}
	})
	if described != len(variables) {
		t.Errorf("%d environment variables, %d described", len(variables), described)
	}
}

const lookup = "data \"svcacct_waldur_customer\" \"test\" {\n  name = \"ACME Research\"\n}\n"

// An error in the provider block is reported at plan, on the attribute.
func TestAccProvider_invalid(t *testing.T) {
	cases := map[string]struct{ block, words string }{
		"endpoint that is not a URL": {
			`waldur = { endpoint = "waldur", token = "t" }`, `waldur.endpoint is not an absolute http or https URL`,
		},
		"endpoint with a password": {
			`waldur = { endpoint = "https://user:hunter2@waldur.example.org", token = "t" }`,
			`waldur.endpoint is a URL with a user name or password`,
		},
		"Wavefront endpoint": {
			`wavefront = { endpoint = "ftp://example.wavefront.com", token = "t" }`, `wavefront.endpoint is not`,
		},
		"Instaclustr endpoint": {
			`instaclustr = { endpoint = "", username = "u", api_key = "k" }`, `instaclustr.endpoint is not`,
		},
		"timeout that is not a duration": {`http = { request_timeout = "soon" }`, `Invalid duration`},
		"timeout of zero":                {`http = { request_timeout = "0s" }`, `http.request_timeout must be`},
		"negative retries": {
			`http = { max_retries = -1 }`, `http.max_retries must be a whole number from 0 to 20`,
		},
		"rate limit of zero": {
			`http = { max_requests_per_second = 0 }`, `http.max_requests_per_second value must be at least`,
		},
		"malformed certificate": {
			`http = { ca_certificate = "trust me" }`, `http.ca_certificate is no PEM text`,
		},
		"system used without settings": {``, `waldur.endpoint (or the environment variable WALDUR_API_URL)`},
		"system used without a token": {
			`waldur = { endpoint = "https://waldur.example.org" }`,
			`waldur.token or waldur.token_file (or the environment variable WALDUR_ACCESS_TOKEN or ` +
				`WALDUR_ACCESS_TOKEN_FILE)`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			acctest.Run(t, &acctest.Clock{}, acceptance.TestCase{Steps: []acceptance.TestStep{{
				Config:   fmt.Sprintf("provider \"svcacct\" {\n  %s\n}\n\n%s", c.block, lookup),
				PlanOnly: true, ExpectError: acctest.Words(c.words),
			}}})
		})
	}
}

// A token from another resource is known only during apply. Objects without a request can be
// planned before; a request fails with the reason.
func TestAccProvider_unknownToken(t *testing.T) {
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "another resource passes the token of the simulator on")
	block := fmt.Sprintf(`
resource "terraform_data" "token" {
  input = %q
}

provider "svcacct" {
  waldur = { endpoint = %q, token = terraform_data.token.output }
}

`, w.Settings["token"], w.Settings["endpoint"])
	account := fmt.Sprintf(`
resource "svcacct_waldur_customer_service_account" "test" {
  customer_uuid        = %q
  preferred_identifier = "bot"
}
`, w.Customer)
	w.Run(t,
		acceptance.TestStep{
			Config: block + lookup,
			ExpectError: acctest.Words("Waldur can't be reached yet: waldur.token in the provider block depends on a " +
				"resource"),
		},
		acceptance.TestStep{
			Config: block + account,
			Check:  acceptance.TestCheckResourceAttrSet("svcacct_waldur_customer_service_account.test", "api_key"),
		},
		acceptance.TestStep{Config: block + account + lookup},
	)
}
