package provider

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

var blockTypes = map[string]attr.Type{
	"endpoint": types.StringType, "username": types.StringType, "api_key": types.StringType,
	"api_key_file": types.StringType,
}

// instaclustrBlock returns a block of Instaclustr, which has settings with and without a default.
func instaclustrBlock(endpoint, username, apiKey types.String) types.Object {
	return types.ObjectValueMust(blockTypes, map[string]attr.Value{
		"endpoint": endpoint, "username": username, "api_key": apiKey, "api_key_file": types.StringNull(),
	})
}

// settings returns the values of the settings that are not empty.
func settings(endpoint, username, apiKey string) tfkit.Values {
	values := tfkit.Values{"endpoint": endpoint, "username": username, "api_key": apiKey}
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	return values
}

const (
	notConfigured = "Instaclustr is used, but not configured. Set in the provider block: "
	needsUsername = "instaclustr.username (or the environment variable IC_USERNAME)"
	needsAPIKey   = "instaclustr.api_key or instaclustr.api_key_file (or the environment variable IC_API_KEY or " +
		"IC_API_KEY_FILE)"
)

func notYet(title, attributes string) string {
	return title + " can't be reached yet: " + attributes + " in the provider block depends on a resource that has " +
		"not been applied. Apply that resource first, with -target, or give the value by a variable"
}

func TestResolve(t *testing.T) {
	value, null, unknown, empty := types.StringValue, types.StringNull(), types.StringUnknown(), types.StringValue("")
	full := environment{"IC_API_URL": "https://env", "IC_USERNAME": "env-user", "IC_API_KEY": "env-key"}
	blank := environment{"IC_API_URL": "", "IC_USERNAME": " ", "IC_API_KEY": "\n"}
	noBlock, unknownBlock := types.ObjectNull(blockTypes), types.ObjectUnknown(blockTypes)
	const (
		standard = "https://api.instaclustr.com"
		needsTwo = notConfigured + needsUsername + ", " + needsAPIKey
	)
	for _, test := range []struct {
		name             string
		block            types.Object
		env              environment
		values           tfkit.Values
		unknown, missing string
	}{
		{"nothing anywhere", noBlock, nil, settings(standard, "", ""), "", needsTwo},
		{"an empty block", instaclustrBlock(null, null, null), nil, settings(standard, "", ""), "", needsTwo},
		{
			"block alone", instaclustrBlock(value("https://b"), value("u"), value("k")), nil,
			settings("https://b", "u", "k"), "", "",
		},
		{"environment alone", noBlock, full, settings("https://env", "env-user", "env-key"), "", ""},
		{
			"block before environment", instaclustrBlock(value("https://b"), value("u"), value("k")), full,
			settings("https://b", "u", "k"), "", "",
		},
		{
			"one from each", instaclustrBlock(null, value("u"), null), environment{"IC_API_KEY": "env-key"},
			settings(standard, "u", "env-key"), "", "",
		},
		{
			"white space is removed", instaclustrBlock(null, value(" u\n"), null),
			environment{"IC_API_KEY": "env-key\n"},
			settings(standard, "u", "env-key"), "", "",
		},
		{
			"empty texts in the block, environment", instaclustrBlock(empty, empty, empty), full,
			settings("https://env", "env-user", "env-key"), "", "",
		},
		{
			"empty texts everywhere", instaclustrBlock(empty, empty, empty), blank,
			settings(standard, "", ""), "", needsTwo,
		},
		{
			"one is missing", instaclustrBlock(null, value("u"), null), nil,
			settings(standard, "u", ""), "", notConfigured + needsAPIKey,
		},
		{
			"the environment of another system", noBlock, environment{"WALDUR_ACCESS_TOKEN": "t"},
			settings(standard, "", ""), "", needsTwo,
		},
		{
			"an unknown attribute", instaclustrBlock(null, value("u"), unknown), nil,
			settings(standard, "u", ""), notYet("Instaclustr", "instaclustr.api_key"), "",
		},
		{
			"an unknown attribute is not taken from the environment", instaclustrBlock(null, value("u"), unknown), full,
			settings("https://env", "u", ""), notYet("Instaclustr", "instaclustr.api_key"), "",
		},
		{
			"unknown and missing", instaclustrBlock(null, unknown, null), nil,
			settings(standard, "", ""), notYet("Instaclustr", "instaclustr.username"), notConfigured + needsAPIKey,
		},
		{
			"two unknown attributes", instaclustrBlock(unknown, value("u"), unknown), nil,
			settings("", "u", ""), notYet("Instaclustr", "instaclustr.endpoint, instaclustr.api_key"), "",
		},
		{
			"an unknown block", unknownBlock, full, tfkit.Values{},
			notYet("Instaclustr", "instaclustr.endpoint, instaclustr.username, instaclustr.api_key"), "",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := resolve(system(t, "instaclustr"), test.block, test.env.get)
			if !maps.Equal(got.values, test.values) {
				t.Errorf("values %v, want %v", got.values, test.values)
			}
			wantError(t, got.unknown, test.unknown)
			wantError(t, got.missing, test.missing)
		})
	}
}

// The key may be in a file instead. The block comes before the environment, with either.
func TestResolveFile(t *testing.T) {
	null, unknown, value := types.StringNull(), types.StringUnknown(), types.StringValue
	const excluded = "the environment variables IC_API_KEY and IC_API_KEY_FILE exclude each other, and both are set"
	for name, test := range map[string]struct {
		key, file                   types.String
		env                         environment
		wantKey, wantFile           string
		unknown, missing, exclusion string
	}{
		"file in the block": {null, value(" /f\n"), nil, "", "/f", "", "", ""},
		"file in the block, key in the environment": {
			null, value("/f"), environment{"IC_API_KEY": "k"}, "", "/f", "", "", "",
		},
		"key in the block, file in the environment": {
			value("k"), null, environment{"IC_API_KEY_FILE": "/f"}, "k", "", "", "", "",
		},
		"file in the environment": {null, null, environment{"IC_API_KEY_FILE": "/f\n"}, "", "/f", "", "", ""},
		"both in the environment": {
			null, null, environment{"IC_API_KEY": "k", "IC_API_KEY_FILE": "/f"}, "", "", "", "", excluded,
		},
		"both in the environment, and the block": {
			null, value("/g"), environment{"IC_API_KEY": "k", "IC_API_KEY_FILE": "/f"}, "", "/g", "", "", "",
		},
		"unknown file": {
			null, unknown, environment{"IC_API_KEY": "k"}, "", "", notYet("Instaclustr", "instaclustr.api_key_file"),
			"", "",
		},
		"blank": {null, value(" "), environment{"IC_API_KEY_FILE": " "}, "", "", "", notConfigured + needsAPIKey, ""},
	} {
		t.Run(name, func(t *testing.T) {
			block := types.ObjectValueMust(blockTypes, map[string]attr.Value{
				"endpoint": null, "username": value("u"), "api_key": test.key, "api_key_file": test.file,
			})
			got := resolve(system(t, "instaclustr"), block, test.env.get)
			if got.values["api_key"] != test.wantKey || got.file != test.wantFile {
				t.Errorf("key %q, file %q", got.values["api_key"], got.file)
			}
			wantError(t, got.unknown, test.unknown)
			wantError(t, got.missing, test.missing)
			wantError(t, got.invalid, test.exclusion)
		})
	}
}

// system returns the system with a block.
func system(t *testing.T, block string) tfkit.System {
	t.Helper()
	for _, s := range systems() {
		if s.Block == block {
			return s
		}
	}
	t.Fatalf("there is no system %s", block)
	return tfkit.System{}
}

func TestMissingSettingsNameBothSources(t *testing.T) {
	const used = " is used, but not configured. Set in the provider block: "
	for block, want := range map[string]string{
		"waldur": "Waldur" + used + "waldur.endpoint (or the environment variable WALDUR_API_URL), " +
			"waldur.token or waldur.token_file (or the environment variable WALDUR_ACCESS_TOKEN or " +
			"WALDUR_ACCESS_TOKEN_FILE)",
		"wavefront": "Wavefront" + used + "wavefront.endpoint (or the environment variable WAVEFRONT_ADDRESS), " +
			"wavefront.token or wavefront.token_file (or the environment variable WAVEFRONT_TOKEN or " +
			"WAVEFRONT_TOKEN_FILE)",
		"instaclustr": notConfigured + needsUsername + ", " + needsAPIKey,
	} {
		t.Run(block, func(t *testing.T) {
			wantError(t, resolve(system(t, block), types.ObjectNull(nil), environment{}.get).missing, want)
		})
	}
}

func TestVariables(t *testing.T) {
	for block, want := range map[string]string{
		"waldur":      "WALDUR_API_URL, WALDUR_ACCESS_TOKEN, WALDUR_ACCESS_TOKEN_FILE",
		"wavefront":   "WAVEFRONT_ADDRESS, WAVEFRONT_TOKEN, WAVEFRONT_TOKEN_FILE",
		"instaclustr": "IC_API_URL, IC_USERNAME, IC_API_KEY, IC_API_KEY_FILE",
	} {
		if got := variables(system(t, block)); got != want {
			t.Errorf("%s: got %s, want %s", block, got, want)
		}
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
		wantError(t, unknownAttributes("http", types.ObjectValueMust(kinds, values)), notYet("The system", "http.a, "+
			"http.b, http.c, http.d"))
	}
}
