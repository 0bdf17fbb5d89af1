package provider

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var blockTypes = map[string]attr.Type{"endpoint": types.StringType, "username": types.StringType, "api_key": types.StringType}

// block returns a block of Instaclustr, which has a setting of each sort.
func block(endpoint, username, apiKey types.String) types.Object {
	return types.ObjectValueMust(blockTypes, map[string]attr.Value{"endpoint": endpoint, "username": username, "api_key": apiKey})
}

const (
	notConfigured = "Instaclustr is used, but not configured. Set in the provider block: "
	needsUsername = "instaclustr.username (or the environment variable IC_USERNAME)"
	needsAPIKey   = "instaclustr.api_key (or the environment variable IC_API_KEY)"
)

func notYet(title, attributes string) string {
	return title + " can't be reached yet: " + attributes + " in the provider block depends on a resource that has not been applied. " +
		"Apply that resource first, with -target, or give the value by a variable"
}

func TestResolve(t *testing.T) {
	value, null, unknown, empty := types.StringValue, types.StringNull(), types.StringUnknown(), types.StringValue("")
	full := environment{"IC_API_URL": "https://env", "IC_USERNAME": "env-user", "IC_API_KEY": "env-key"}
	for _, test := range []struct {
		name             string
		block            types.Object
		env              environment
		values           map[string]string
		unknown, missing string
	}{
		{"nothing anywhere", types.ObjectNull(blockTypes), nil,
			map[string]string{"endpoint": "https://api.instaclustr.com"}, "", notConfigured + needsUsername + ", " + needsAPIKey},
		{"an empty block", block(null, null, null), nil,
			map[string]string{"endpoint": "https://api.instaclustr.com"}, "", notConfigured + needsUsername + ", " + needsAPIKey},
		{"block alone", block(value("https://b"), value("u"), value("k")), nil,
			map[string]string{"endpoint": "https://b", "username": "u", "api_key": "k"}, "", ""},
		{"environment alone", types.ObjectNull(blockTypes), full,
			map[string]string{"endpoint": "https://env", "username": "env-user", "api_key": "env-key"}, "", ""},
		{"block before environment", block(value("https://b"), value("u"), value("k")), full,
			map[string]string{"endpoint": "https://b", "username": "u", "api_key": "k"}, "", ""},
		{"one from each", block(null, value("u"), null), environment{"IC_API_KEY": "env-key"},
			map[string]string{"endpoint": "https://api.instaclustr.com", "username": "u", "api_key": "env-key"}, "", ""},
		{"empty texts in the block, environment", block(empty, empty, empty), full,
			map[string]string{"endpoint": "https://env", "username": "env-user", "api_key": "env-key"}, "", ""},
		{"empty texts everywhere", block(empty, empty, empty), environment{"IC_API_URL": "", "IC_USERNAME": "", "IC_API_KEY": ""},
			map[string]string{"endpoint": "https://api.instaclustr.com"}, "", notConfigured + needsUsername + ", " + needsAPIKey},
		{"one is missing", block(null, value("u"), null), nil,
			map[string]string{"endpoint": "https://api.instaclustr.com", "username": "u"}, "", notConfigured + needsAPIKey},
		{"another system's environment", types.ObjectNull(blockTypes), environment{"WALDUR_ACCESS_TOKEN": "t"},
			map[string]string{"endpoint": "https://api.instaclustr.com"}, "", notConfigured + needsUsername + ", " + needsAPIKey},
		{"an unknown attribute", block(null, value("u"), unknown), nil,
			map[string]string{"endpoint": "https://api.instaclustr.com", "username": "u"}, notYet("Instaclustr", "instaclustr.api_key"), ""},
		{"an unknown attribute is not taken from the environment", block(null, value("u"), unknown), full,
			map[string]string{"endpoint": "https://env", "username": "u"}, notYet("Instaclustr", "instaclustr.api_key"), ""},
		{"unknown and missing", block(null, unknown, null), nil,
			map[string]string{"endpoint": "https://api.instaclustr.com"}, notYet("Instaclustr", "instaclustr.username"), notConfigured + needsAPIKey},
		{"two unknown attributes", block(unknown, value("u"), unknown), nil,
			map[string]string{"username": "u"}, notYet("Instaclustr", "instaclustr.endpoint, instaclustr.api_key"), ""},
		{"an unknown block", types.ObjectUnknown(blockTypes), full,
			map[string]string{}, notYet("Instaclustr", "instaclustr.endpoint, instaclustr.username, instaclustr.api_key"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := instaclustrSystem.resolve(test.block, test.env.get)
			if !maps.Equal(got.values, test.values) {
				t.Errorf("values %v, want %v", got.values, test.values)
			}
			wantError(t, got.unknown, test.unknown)
			wantError(t, got.missing, test.missing)
		})
	}
}

func TestMissingSettingsNameBothWays(t *testing.T) {
	for _, test := range []struct {
		system system
		want   string
	}{
		{waldurSystem, "Waldur is used, but not configured. Set in the provider block: waldur.endpoint (or the environment variable WALDUR_API_URL), " +
			"waldur.token (or the environment variable WALDUR_ACCESS_TOKEN)"},
		{wavefrontSystem, "Wavefront is used, but not configured. Set in the provider block: wavefront.endpoint (or the environment variable WAVEFRONT_ADDRESS), " +
			"wavefront.token (or the environment variable WAVEFRONT_TOKEN)"},
		{instaclustrSystem, notConfigured + needsUsername + ", " + needsAPIKey},
	} {
		t.Run(test.system.block, func(t *testing.T) {
			wantError(t, test.system.resolve(types.ObjectNull(nil), environment{}.get).missing, test.want)
		})
	}
}

func TestUnknownAttributes(t *testing.T) {
	attributes := map[string]attr.Type{"a": types.StringType, "b": types.Int64Type}
	of := func(a types.String, b types.Int64) types.Object {
		return types.ObjectValueMust(attributes, map[string]attr.Value{"a": a, "b": b})
	}
	for name, test := range map[string]struct {
		object types.Object
		want   string
	}{
		"null":             {types.ObjectNull(attributes), ""},
		"unknown":          {types.ObjectUnknown(attributes), notYet("The system", "http")},
		"all known":        {of(types.StringValue(""), types.Int64Value(0)), ""},
		"all null":         {of(types.StringNull(), types.Int64Null()), ""},
		"one unknown":      {of(types.StringValue("x"), types.Int64Unknown()), notYet("The system", "http.b")},
		"the other":        {of(types.StringUnknown(), types.Int64Null()), notYet("The system", "http.a")},
		"of no attributes": {types.ObjectValueMust(nil, nil), ""},
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, unknownAttributes("http", test.object), test.want)
		})
	}
}

func TestUnknownAttributesAreInOrder(t *testing.T) {
	kinds, values := map[string]attr.Type{}, map[string]attr.Value{}
	for _, name := range []string{"a", "b", "c", "d"} {
		kinds[name], values[name] = types.StringType, types.StringUnknown()
	}
	for range 20 {
		wantError(t, unknownAttributes("http", types.ObjectValueMust(kinds, values)), notYet("The system", "http.a, http.b, http.c, http.d"))
	}
}
