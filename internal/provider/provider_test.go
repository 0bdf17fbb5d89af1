package provider

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func TestMetadata(t *testing.T) {
	var resp provider.MetadataResponse
	newProvider(nil).Metadata(t.Context(), provider.MetadataRequest{}, &resp)
	if resp.TypeName != "svcacct" || resp.Version != "1.2.3" {
		t.Errorf("%+v", resp)
	}
}

func TestProviderSchemaIsValid(t *testing.T) {
	var resp provider.SchemaResponse
	newProvider(nil).Schema(t.Context(), provider.SchemaRequest{}, &resp)
	wantTexts(t, texts(append(resp.Diagnostics, resp.Schema.ValidateImplementation(t.Context())...)))
	wantTexts(t, protocolTexts(schemas(t).Diagnostics))
}

func TestResourceSchemasAreValid(t *testing.T) {
	for _, construct := range newProvider(nil).Resources(t.Context()) {
		r := construct()
		var meta resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "svcacct"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			var resp resource.SchemaResponse
			r.Schema(t.Context(), resource.SchemaRequest{}, &resp)
			wantTexts(t, texts(append(resp.Diagnostics, resp.Schema.ValidateImplementation(t.Context())...)))
			if id, ok := resp.Schema.Attributes["id"]; !ok || !id.IsComputed() || id.IsOptional() || id.IsSensitive() {
				t.Error("there is no computed id")
			}

			identified, ok := r.(resource.ResourceWithIdentity)
			if !ok {
				t.Fatal("the resource has no identity")
			}
			var identity resource.IdentitySchemaResponse
			identified.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &identity)
			wantTexts(t, texts(append(identity.Diagnostics, identity.IdentitySchema.ValidateImplementation(t.Context())...)))
			for name, attribute := range identity.IdentitySchema.Attributes {
				if !attribute.IsRequiredForImport() && !attribute.IsOptionalForImport() || attribute.GetDescription() == "" {
					t.Errorf("identity attribute %s: of no use for an import, or not described", name)
				}
			}
		})
	}
}

func TestDataSourceSchemasAreValid(t *testing.T) {
	for _, construct := range newProvider(nil).DataSources(t.Context()) {
		d := construct()
		var meta datasource.MetadataResponse
		d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "svcacct"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			var resp datasource.SchemaResponse
			d.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
			wantTexts(t, texts(append(resp.Diagnostics, resp.Schema.ValidateImplementation(t.Context())...)))
		})
	}
}

// served returns the names of all types, by kind, and all schemas with the provider's own under "provider".
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
	for _, names := range types {
		slices.Sort(names)
	}
	return types, schema
}

func TestNames(t *testing.T) {
	form := regexp.MustCompile(`^svcacct_((waldur|wavefront|instaclustr)_[a-z]+(_[a-z]+)*|inventory)$`)
	types, _ := served(t)
	if len(types["resources"]) == 0 || len(types["data-sources"]) == 0 {
		t.Fatalf("nothing is served: %v", types)
	}
	for kind, names := range types {
		for _, name := range names {
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
	secrets := []string{"token", "api_key", "previous_api_key"}
	_, all := served(t)
	for where, schema := range all {
		eachAttribute(where, schema.Block.Attributes, func(where string, attribute *tfprotov6.SchemaAttribute) {
			if want := slices.Contains(secrets, attribute.Name); attribute.Sensitive != want {
				t.Errorf("%s: sensitive %v", where, attribute.Sensitive)
			}
		})
	}
}

func eachAttribute(where string, attributes []*tfprotov6.SchemaAttribute, visit func(string, *tfprotov6.SchemaAttribute)) {
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
	for _, s := range []system{waldurSystem, wavefrontSystem, instaclustrSystem} {
		for _, setting := range s.settings {
			variables = append(variables, setting.variable)
		}
	}
	described := 0
	eachAttribute("provider", schemas(t).Provider.Block.Attributes, func(where string, attribute *tfprotov6.SchemaAttribute) {
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
