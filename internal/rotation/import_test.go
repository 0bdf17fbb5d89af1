package rotation

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// importsOf returns the settings of an environment with a key, "" is none.
func importsOf(key string) *tfkit.Imports {
	return tfkit.NewImports(func(name string) string {
		return map[string]string{tfkit.ImportKeyVariable: key}[name]
	})
}

func TestMarkImport(t *testing.T) {
	refuse := func(transport.Secret) error { return errors.New("it has another end") }
	accept := func(transport.Secret) error { return nil }
	for name, test := range map[string]struct {
		key    string
		taken  bool
		check  func(transport.Secret) error
		marked bool
		want   []string
	}{
		"no key":  {"", false, refuse, false, nil},
		"checked": {"key-9", false, accept, true, nil},
		"wrong key": {"key-9", false, refuse, false, []string{"Error: Wrong API key for the import: The key in " +
			"SVCACCT_IMPORT_API_KEY is not that of the imported object: it has another end."}},
		"not to be checked": {"key-9", false, nil, true, []string{"Warning: API key not checked: The server does not " +
			"show which key the object has. The next apply stores the key from SVCACCT_IMPORT_API_KEY as it is."}},
		"the second import": {"key-9", true, accept, false, []string{"Error: Two imports with one API key: " +
			"SVCACCT_IMPORT_API_KEY has the key of one object, and this run imports another one too. Import the " +
			"objects one by one, each with its own key."}},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			imports, private := importsOf(test.key), &privateState{}
			if test.taken {
				imports.Take()
			}
			MarkImport(t.Context(), imports, test.check, private, &diags)
			wantTexts(t, diags, test.want...)
			want := ""
			if test.marked {
				want = transport.NewSecret(test.key).Fingerprint()
			}
			if got := importMark.Load(t.Context(), private, &diags); got != want {
				t.Errorf("marked %q, want %q", got, want)
			}
		})
	}
}

// The plan after an import stores the key, where the configuration says. The apply does it, or is an error that
// leaves the mark. Terraform plans again during apply: without the key too, the plan must say the same, so that a
// consumer of the key does not get null.
func TestStoreImported(t *testing.T) {
	const (
		later = "Warning api_key: API key of the import is missing: This object was imported with a key, and " +
			"SVCACCT_IMPORT_API_KEY does not have it: applying this plan fails. Set it to the same key, for the plan " +
			"and for the apply. To do without the key, remove the object from the state, and import it without " +
			"SVCACCT_IMPORT_API_KEY."
		missing = "Error api_key: API key of the import is missing: The plan stores the key of the imported object, " +
			"but SVCACCT_IMPORT_API_KEY does not have it. Set it to the same key as for the plan, and apply again."
	)
	warned, failed := []string{later}, []string{missing}
	for name, test := range map[string]struct {
		mark, planned, applied string // keys
		recipients             types.List
		prior                  change
		planTexts, applyTexts  []string
		want                   string // the key that is stored
	}{
		"stored":                  {"key-9", "key-9", "key-9", recipients(), cleared, nil, nil, "key-9"},
		"encrypted":               {"key-9", "key-9", "key-9", recipients(alice), cleared, nil, nil, "key-9"},
		"not imported with a key": {"", "key-9", "key-9", recipients(), cleared, nil, nil, ""},
		"not given":               {"key-9", "", "", recipients(), cleared, warned, failed, ""},
		"not given, encrypted":    {"key-9", "", "", recipients(alice), cleared, warned, failed, ""},
		"another key is given":    {"key-9", "key-8", "key-8", recipients(), cleared, warned, failed, ""},
		"not given at apply":      {"key-9", "key-9", "", recipients(), cleared, nil, failed, ""},
		"another one at apply":    {"key-9", "key-9", "key-8", recipients(), cleared, nil, failed, ""},
		"the key is known":        {"key-9", "key-9", "key-9", recipients(), func(*Key) {}, nil, nil, "key-1"},
	} {
		t.Run(name, func(t *testing.T) {
			var planned, applied diag.Diagnostics
			p := &privateState{}
			if test.mark != "" {
				importMark.Store(t.Context(), p, transport.NewSecret(test.mark).Fingerprint(), &planned)
			}
			prior := issuedKey()
			test.prior(&prior)
			k := prior
			k.AgeRecipients = test.recipients
			context := LoadPlanContext(t.Context(), p, &planned).With(importsOf(test.planned))
			planned.Append(k.Plan(prior, context, "Effect.")...)
			wantTexts(t, planned, test.planTexts...)
			if k.KeyVersion.IsUnknown() != (test.mark != "" && prior.APIKey.IsNull()) {
				t.Errorf("planned version %s", k.KeyVersion)
			}
			k.Rotate(t.Context(), prior, Steps{
				Save: func() {}, Private: p, Clock: at(endsAt), Imports: importsOf(test.applied),
			}, &applied)
			wantTexts(t, applied, test.applyTexts...)
			got := k.APIKey.ValueString()
			if k.Encrypts() && test.want != "" {
				got = opened(t, k.EncryptedAPIKey, aliceIdentity)
			}
			if got != test.want || k.KeyVersion.IsUnknown() || k.KeyVersion.IsNull() != (test.want == "") {
				t.Errorf("got %q, version %s, want %q", got, k.KeyVersion, test.want)
			}
			if stored := test.want == "key-9"; stored && k.KeyVersion.ValueInt64() != endsAt.Unix() {
				t.Errorf("version %s, want the time of the apply: a later import must have another", k.KeyVersion)
			}
			if !k.AgeRecipients.Equal(test.recipients) { // nor are keepers lost: the next change of a keeper rotates
				t.Errorf("recipients %s, want %s", k.AgeRecipients, test.recipients)
			}
			mark := importMark.Load(t.Context(), p, &applied)
			if stored := test.want == "key-9"; (mark == "") != (stored || test.mark == "") {
				t.Errorf("the mark is %q", mark)
			}
		})
	}
}
