package wavefront

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

func validated(t *testing.T, v validator.String, value types.String) diag.Diagnostics {
	t.Helper()
	if v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) != v.Description(t.Context()) {
		t.Error("a validator without a description")
	}
	var resp validator.StringResponse
	v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("some"), ConfigValue: value}, &resp)
	return resp.Diagnostics
}

func validatedSet(t *testing.T, validators []validator.Set, set types.Set) diag.Diagnostics {
	t.Helper()
	var resp validator.SetResponse
	for _, v := range validators {
		v.ValidateSet(t.Context(), validator.SetRequest{Path: path.Root("some"), ConfigValue: set}, &resp)
	}
	return resp.Diagnostics
}

func TestIdentifiers(t *testing.T) {
	const (
		must    = `Error some: Invalid identifier: some must be a lower case name with the prefix "sa::"`
		nothing = "sa::"
	)
	for given, right := range map[string]string{
		"sa::ci":         "sa::ci",
		"sa::c-i_2.x":    "sa::c-i_2.x",
		"sa::sa::ci":     "sa::sa::ci",
		"SA::CI":         "sa::ci",
		"sa::CI":         "sa::ci",
		"Sa::ci":         "sa::ci",
		"sa::ÄB":         "sa::äb",
		"ci":             "sa::ci",
		"CI":             "sa::ci",
		"sa:ci":          "sa::ci",
		"SA:CI":          "sa::ci",
		"saci":           "sa::saci",
		"sa":             "sa::sa",
		"SA-CI":          "sa::sa-ci",
		"a::b":           "sa::a::b",
		" sa::ci ":       "sa::ci",
		"sa::ci\n":       "sa::ci",
		"\tci":           "sa::ci",
		"sa::my ci":      "sa::my-ci",
		"my  \n ci":      "sa::my-ci",
		"sa::a\u00a0b":   "sa::a-b",
		"":               nothing,
		" \n":            nothing,
		"sa::":           nothing,
		"SA::":           nothing,
		"sa:":            nothing,
		" SA: ":          nothing,
		"sa:::ci":        "sa:::ci", // no document forbids it
		"sa::\"quoted\"": "sa::\"quoted\"",
	} {
		t.Run(given, func(t *testing.T) {
			if got := normalizedIdentifier(given); got != right {
				t.Errorf("spelled %q, want %q", got, right)
			}
			if again := normalizedIdentifier(right); again != right {
				t.Errorf("the right spelling %q is corrected to %q", right, again)
			}
			switch diags := validated(t, validIdentifier[0], types.StringValue(given)); {
			case right == nothing:
				wantMessages(t, diags, must+`, such as "sa::ci", and without a slash; got `+tfkit.Quote(given)+".")
			case right != given:
				wantMessages(t, diags, must+fmt.Sprintf(", without white space: write %s instead of %s.",
					tfkit.Quote(right), tfkit.Quote(given)))
			default:
				wantMessages(t, diags)
			}
		})
	}
	wantMessages(t, validated(t, validIdentifier[0], types.StringNull()))
	wantMessages(t, validated(t, validIdentifier[0], types.StringUnknown()))
}

func TestPermissions(t *testing.T) {
	for _, name := range knownPermissions {
		if name != tokenManagement {
			wantMessages(t, validatedSet(t, validPermissions, setOf(name)))
		}
	}
	if len(knownPermissions) != 17 || !slices.IsSorted(knownPermissions) {
		t.Errorf("%d known permissions, the documents have 17: %q", len(knownPermissions), knownPermissions)
	}
	const refused = `Error some[Value("token_management")]: Permission not for service accounts: Wavefront grants ` +
		"token_management to users only, not to service accounts."
	unknown := func(name string) string {
		return fmt.Sprintf("Warning some[Value(%q)]: Unknown permission: %q is not among the permissions that "+
			"Wavefront documents: agent_management, alerts_management, ", name, name)
	}
	for name, test := range map[string]struct {
		value types.Set
		want  []string
	}{
		"not for service accounts": {setOf("token_management"), []string{refused}},
		"unknown to the documents": {setOf("ingestion_policies"), []string{unknown("ingestion_policies")}},
		"in another case":          {setOf("Ingestion"), []string{unknown("Ingestion")}},
		"empty":                    {setOf(""), []string{unknown("")}},
		"null":                     {noSet(), nil},
		"not known yet":            {unknownSet(), nil},
		"an element not known yet": {types.SetValueMust(types.StringType, []attr.Value{types.StringUnknown()}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			diags := validatedSet(t, validPermissions, test.value)
			wantMessages(t, diags, test.want...)
			if strings.Contains(strings.Join(messages(diags.Warnings()), ""), tokenManagement) {
				t.Error("token_management is suggested")
			}
		})
	}
}

func TestIDElements(t *testing.T) {
	const id = "0123abcd-89ab-4cde-8f01-23456789abcd"
	for name, test := range map[string]struct {
		set  types.Set
		bad  int
		hint string
	}{
		"null":            {noSet(), 0, ""},
		"unknown":         {unknownSet(), 0, ""},
		"empty":           {setOf(), 0, ""},
		"an id":           {setOf(id), 0, ""},
		"upper case":      {setOf(strings.ToUpper(id)), 1, "svcacct_wavefront_role finds the id of a name"},
		"no hyphens":      {setOf(strings.ReplaceAll(id, "-", "")), 1, "lower case UUID with hyphens"},
		"a name":          {setOf("Operators"), 1, "svcacct_wavefront_role finds the id of a name"},
		"an id and more":  {setOf(id + "\n"), 1, "lower case UUID"},
		"an id and names": {setOf(id, "a", "b"), 2, "lower case UUID"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := messages(
				validatedSet(t, validIDs("role"), test.set),
			); len(got) != test.bad || test.bad > 0 && !strings.Contains(got[0], test.hint) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestPastedIdentifier(t *testing.T) {
	const server = "https://example.wavefront.com"
	for pasted, want := range map[string]string{
		"sa::ci":          "sa::ci",
		"\t sa::ci \n":    "sa::ci",
		"sa::a/b":         "sa::a/b",
		"":                "",
		"https://":        "https://",
		server:            server,
		server + "/sa::x": server + "/sa::x",
		server + "/api/v2/account/serviceaccount/sa::ci":            "sa::ci",
		"/api/v2/account/serviceaccount/sa::ci":                     "sa::ci",
		"/api/v2/account/sa%3A%3Aci/":                               "sa::ci",
		"/account/sa::ci":                                           "/account/sa::ci",
		" " + server + "/api/v2/account/serviceaccount/sa%3A%3Aci/": "sa::ci",
		server + "/api/v2/account/sa::ci":                           "sa::ci",
		server + "/proxy/api/v2/account/sa::ci?x=y":                 "sa::ci",
	} {
		if got := pastedIdentifier(pasted); got != want {
			t.Errorf("%q: got %q, want %q", pasted, got, want)
		}
	}
}

// A normalized identifier is its own normalized identifier, and importing what an import id names is the same
// import.
func FuzzIdentifier(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		once := normalizedIdentifier(text)
		if again := normalizedIdentifier(once); again != once || !strings.HasPrefix(once, identifierPrefix) {
			t.Errorf("%q became %q, then %q", text, once, again)
		}
		pastedIdentifier(text)
	})
}
