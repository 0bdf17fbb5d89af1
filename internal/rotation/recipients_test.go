package rotation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/sealed"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// The recipients of the tests. The owner of alice opens what the tests encrypt.
var (
	aliceIdentity, alice = newIdentity()
	bobIdentity, bob     = newIdentity()
)

const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

func newIdentity() (identity, recipient string) {
	i, err := age.GenerateX25519Identity()
	if err != nil {
		panic(err)
	}
	return i.String(), i.Recipient().String()
}

// opened returns what an attribute holds: the opened key, or "null", "unknown", "no key of the identity".
func opened(t *testing.T, value types.String, identity string) string {
	t.Helper()
	if value.IsNull() || value.IsUnknown() {
		return strings.Trim(value.String(), "<>")
	}
	identities, err := sealed.ParseIdentities(identity)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := sealed.Open(value.ValueString(), identities)
	if err != nil {
		return "no key of the identity"
	}
	return secret.Reveal()
}

func unknownRecipients() types.List { return types.ListUnknown(types.StringType) }

// withUnknownRecipient returns a list with an unknown element after the others.
func withUnknownRecipient(texts ...string) types.List {
	elements := append(recipients(append(texts, "")...).Elements()[:len(texts)], types.StringUnknown())
	return types.ListValueMust(types.StringType, elements)
}

func TestSameRecipients(t *testing.T) {
	for name, test := range map[string]struct {
		a, b types.List
		want bool
	}{
		"the same":           {recipients(alice, bob), recipients(alice, bob), true},
		"another order":      {recipients(alice, bob), recipients(bob, alice), true},
		"twice":              {recipients(alice, bob), recipients(bob, alice, alice), true},
		"white space":        {recipients(alice), recipients(alice + "\n"), true},
		"another comment":    {recipients(sshKey + " ci@a"), recipients(sshKey), true},
		"one more":           {recipients(alice), recipients(alice, bob), false},
		"one less":           {recipients(alice, bob), recipients(alice), false},
		"another":            {recipients(alice), recipients(bob), false},
		"none":               {recipients(), recipients(), false},
		"removed":            {recipients(alice), recipients(), false},
		"not known":          {recipients(alice), unknownRecipients(), false},
		"an unknown element": {recipients(alice), withUnknownRecipient(alice), false},
	} {
		t.Run(name, func(t *testing.T) {
			if sameRecipients(test.a, test.b) != test.want || sameRecipients(test.b, test.a) != test.want {
				t.Errorf("want %t", test.want)
			}
		})
	}
}

// A list in another order keeps the list of the state, so that nothing changes.
func TestRecipientsPlanModifier(t *testing.T) {
	state := recipients(alice, bob)
	for name, test := range map[string]struct{ state, config, want types.List }{
		"another order": {state, recipients(bob, alice+" "), state},
		"another":       {state, recipients(bob), recipients(bob)},
		"removed":       {state, recipients(), recipients()},
		"the first":     {recipients(), state, state},
		"not known":     {state, unknownRecipients(), unknownRecipients()},
	} {
		t.Run(name, func(t *testing.T) {
			resp := planmodifier.ListResponse{PlanValue: test.config}
			recipientsCheck{}.PlanModifyList(t.Context(), planmodifier.ListRequest{
				Path: recipientsPath, StateValue: test.state, ConfigValue: test.config, PlanValue: test.config,
			}, &resp)
			wantTexts(t, resp.Diagnostics)
			if !resp.PlanValue.Equal(test.want) {
				t.Errorf("got %s", resp.PlanValue)
			}
		})
	}
}

// Each refused element is named by its position, at validation and at plan. An element that may be private is
// not shown, and with it no element has a path, so that Terraform does not show its line.
func TestRecipientsAreChecked(t *testing.T) {
	secret := bobIdentity
	withNull := types.ListValueMust(types.StringType, []attr.Value{types.StringValue(alice), types.StringNull()})
	for name, test := range map[string]struct {
		list types.List
		want []string // each by its beginning
	}{
		"null":        {recipients(), nil},
		"unknown":     {unknownRecipients(), nil},
		"good":        {recipients(alice, sshKey+" a comment"), nil},
		"good so far": {withUnknownRecipient(alice), nil},
		"empty": {
			recipients([]string{}...), []string{"Error age_recipients: Invalid recipient: age_recipients must"},
		},
		"null element": {
			withNull, []string{"Error age_recipients[1]: Invalid recipient: Element 2 of age_recipients is null"},
		},
		"wrong": {
			recipients(alice, alice[:50], "ssh-rsa x"),
			[]string{
				"Error age_recipients[1]: Invalid recipient: Element 2 of age_recipients is not the public key",
				"Error age_recipients[2]: Invalid recipient: Element 3 of age_recipients is a damaged public key " +
					"of SSH.",
			},
		},
		"private": {
			recipients(secret, "hunter2"),
			[]string{
				"Error: Invalid recipient: Element 1 of age_recipients is a private key. Replace it",
				"Error: Invalid recipient: Element 2 of age_recipients is no public key.",
			},
		},
		"private, after others that are wrong": { // which may be on the same line
			recipients(alice[:50], " ", secret),
			[]string{
				"Error: Invalid recipient: Element 1 of age_recipients is not the public key",
				"Error: Invalid recipient: Element 2 of age_recipients is empty.",
				"Error: Invalid recipient: Element 3 of age_recipients is a private key. Replace it",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var validated validator.ListResponse
			recipientsCheck{}.ValidateList(t.Context(),
				validator.ListRequest{Path: recipientsPath, ConfigValue: test.list}, &validated)
			planned := planmodifier.ListResponse{PlanValue: test.list}
			recipientsCheck{}.PlanModifyList(t.Context(), planmodifier.ListRequest{
				Path: recipientsPath, ConfigValue: test.list, PlanValue: test.list, StateValue: recipients(),
			}, &planned)
			for _, got := range [][]string{texts(validated.Diagnostics), texts(planned.Diagnostics)} {
				if !slices.EqualFunc(got, test.want, strings.HasPrefix) {
					t.Errorf("got %q, want %q", got, test.want)
				}
				if all := fmt.Sprint(got); strings.Contains(all, secret[:20]) || strings.Contains(all, "hunter2") {
					t.Errorf("shown: %s", all)
				}
			}
		})
	}
}

func TestRecipientsNeedAStoredKey(t *testing.T) {
	s := schemaOf(overlapping)
	kind := s.Type().TerraformType(t.Context())
	for name, test := range map[string]struct {
		store types.Bool
		list  types.List
		fails bool
	}{
		"both":           {types.BoolValue(false), recipients(alice), true},
		"partly unknown": {types.BoolValue(false), withUnknownRecipient(), true},
		"stored":         {types.BoolValue(true), recipients(alice), false},
		"the default":    {types.BoolNull(), recipients(alice), false},
		"no recipients":  {types.BoolValue(false), recipients(), false},
		"unknown list":   {types.BoolValue(false), unknownRecipients(), false},
		"unknown store":  {types.BoolUnknown(), recipients(alice), false},
	} {
		t.Run(name, func(t *testing.T) {
			key := withoutPrevious()
			key.StoreAPIKey, key.AgeRecipients = test.store, test.list
			state := tfsdk.State{Schema: s, Raw: tftypes.NewValue(kind, nil)}
			wantTexts(t, state.Set(t.Context(), &key))
			config := tfsdk.Config{Schema: s, Raw: state.Raw}

			store := s.Attributes["store_api_key"].(schema.BoolAttribute)
			var validated validator.BoolResponse
			store.Validators[0].ValidateBool(t.Context(),
				validator.BoolRequest{Path: path.Root("store_api_key"), ConfigValue: test.store, Config: config},
				&validated)
			var planned planmodifier.BoolResponse
			store.PlanModifiers[0].PlanModifyBool(t.Context(), planmodifier.BoolRequest{
				Path: path.Root("store_api_key"), ConfigValue: test.store, Config: config,
			}, &planned)
			for _, diags := range []diag.Diagnostics{validated.Diagnostics, planned.Diagnostics} {
				if diags.HasError() != test.fails {
					t.Errorf("got %s", texts(diags))
				}
			}
		})
	}
}

// sealedKey returns a key as the state has it, encrypted to the recipients.
func sealedKey(t *testing.T, to ...string) Key {
	t.Helper()
	k := issuedKey()
	k.AgeRecipients = recipients(to...)
	var diags diag.Diagnostics
	k.EncryptedAPIKey = types.StringUnknown()
	k.encrypt(issuedKey(), &diags)
	wantTexts(t, diags)
	return k
}

const (
	resealed       = ", the state holds the key only encrypted, and the server does not return it again"
	otherOwners    = "its age_recipients have changed" + resealed
	noOwners       = "its age_recipients were removed" + resealed
	mayHaveChanged = "its age_recipients are not known before apply, and may have changed" + resealed
)

// A plan says for each change of the recipients where the key will be, and whether it is rotated. "kept" is the
// value of the state.
var recipientsCases = map[string]struct {
	prior  []string // recipients in state; nil: the key is in the clear
	config types.List
	reason string // of a rotation
	plain  string // api_key
	sealed string // encrypted_api_key

	// The same for a key that the server returns again, which is never rotated.
	plainAgain, sealedAgain string
}{
	"never any":             {nil, recipients(), "", "kept", "null", "kept", "null"},
	"added":                 {nil, recipients(alice), "", "null", "unknown", "null", "unknown"},
	"added, partly unknown": {nil, withUnknownRecipient(alice), "", "null", "unknown", "null", "unknown"},
	"added, unknown":        {nil, unknownRecipients(), "", "unknown", "unknown", "unknown", "unknown"},
	"the same":              {[]string{alice}, recipients(alice), "", "null", "kept", "null", "kept"},
	"another order": {
		[]string{alice, bob}, recipients(bob, alice), "", "null", "kept", "null", "kept",
	},
	"one more": {
		[]string{alice}, recipients(alice, bob), otherOwners, "null", "unknown", "null", "unknown",
	},
	"one less": {
		[]string{alice, bob}, recipients(alice), otherOwners, "null", "unknown", "null", "unknown",
	},
	"another": {
		[]string{alice}, recipients(bob), otherOwners, "null", "unknown", "null", "unknown",
	},
	"removed": {[]string{alice}, recipients(), noOwners, "unknown", "null", "unknown", "null"},
	"changed, partly unknown": {
		[]string{alice}, withUnknownRecipient(bob), mayHaveChanged, "null", "unknown", "null", "unknown",
	},
	"changed or not, or removed, none": {
		[]string{alice}, unknownRecipients(), mayHaveChanged, "unknown", "unknown", "unknown", "unknown",
	},
}

// planned describes a planned value.
func planned(value, prior types.String) string {
	if !value.IsNull() && !value.IsUnknown() && value.Equal(prior) {
		return "kept"
	}
	return strings.Trim(value.String(), "<>")
}

func TestPlanOfRecipients(t *testing.T) {
	for name, test := range recipientsCases {
		t.Run(name, func(t *testing.T) {
			prior := issuedKey()
			if test.prior != nil {
				prior = sealedKey(t, test.prior...)
			}
			got := prior
			got.AgeRecipients = test.config
			diags := got.Plan(prior, PlanContext{}, "It dies.")
			if test.reason == "" {
				wantTexts(t, diags)
			} else {
				wantTexts(t, diags, strings.ReplaceAll(rotationText(test.reason, test.reason != mayHaveChanged),
					"EFFECT", "It dies."))
			}
			plain, encrypted := planned(got.APIKey, prior.APIKey), planned(got.EncryptedAPIKey, prior.EncryptedAPIKey)
			if plain != test.plain || encrypted != test.sealed || got.WillRotate() != (test.reason != "") {
				t.Errorf("api_key %s, encrypted_api_key %s, rotates %t", plain, encrypted, got.WillRotate())
			}
			if !got.WillRotate() && (!got.KeyVersion.Equal(prior.KeyVersion) || !got.RotatedAt.Equal(prior.RotatedAt)) {
				t.Error("version or time have changed")
			}
			if certain := test.reason != "" &&
				test.reason != mayHaveChanged; certain != got.CertainToRotate(prior, PlanContext{}) {
				t.Errorf("certain: %t", !certain)
			}
		})
	}
}

func rotationText(reason string, certain bool) string {
	if certain {
		return "Warning: API key rotation: Applying this plan rotates the API key: " + reason + ". EFFECT"
	}
	return "Warning: API key rotation: Applying this plan may rotate the API key: " + reason + ". If the key is " +
		"rotated: EFFECT"
}

// A key that the server returns again is encrypted anew, and so is the previous key.
func TestOverlappingPlanOfRecipients(t *testing.T) {
	for name, test := range recipientsCases {
		t.Run(name, func(t *testing.T) {
			prior := withPrevious()
			if test.prior != nil {
				prior.Key = sealedKey(t, test.prior...)
				prior.ExpiresAt, prior.Overlap = types.StringNull(), withPrevious().Overlap
				prior.setPreviousValues(values{types.StringNull(), types.StringValue("a ciphertext")})
			}
			got := prior
			got.AgeRecipients = test.config
			wantTexts(t, got.Plan(prior, PlanContext{ReadAt: issuedAt}))
			for what, pair := range map[string][2]string{
				"api_key":           {planned(got.APIKey, prior.APIKey), test.plainAgain},
				"encrypted_api_key": {planned(got.EncryptedAPIKey, prior.EncryptedAPIKey), test.sealedAgain},
				"previous_api_key":  {planned(got.PreviousAPIKey, prior.PreviousAPIKey), test.plainAgain},
				"encrypted_previous_…": {
					planned(got.EncryptedPreviousAPIKey, prior.EncryptedPreviousAPIKey), test.sealedAgain,
				},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s: got %s, want %s", what, pair[0], pair[1])
				}
			}
			if got.WillRotate() || !got.HasPrevious() {
				t.Errorf("rotates %t, previous %t", got.WillRotate(), got.HasPrevious())
			}
		})
	}
}

// A key that is not known, as after an import, stays so until something else rotates it.
func TestRecipientsOfAnImportedKey(t *testing.T) {
	for name, test := range map[string]struct{ before, after types.List }{
		"added":   {recipients(), recipients(alice)},
		"changed": {recipients(alice), recipients(bob)},
		"removed": {recipients(alice), recipients()},
		"unknown": {recipients(alice), unknownRecipients()},
	} {
		t.Run(name, func(t *testing.T) {
			prior := importedKey()
			prior.AgeRecipients = test.before
			got := prior
			got.AgeRecipients = test.after
			want := got
			wantTexts(t, got.Plan(prior, PlanContext{}, "It dies."))
			wantKey(t, got, want)

			var h history
			h.key = func() Key { return got }
			got.Rotate(t.Context(), prior, h.asSteps(), &h.diags)
			wantKey(t, got, want)
			wantTexts(t, h.diags)
		})
	}
}

// A rotation that is planned for another reason puts the key where the plan says.
func TestPlanOfRotationWithRecipients(t *testing.T) {
	for name, test := range map[string]struct {
		to            types.List
		plain, sealed types.String
	}{
		"encrypted": {recipients(alice), types.StringNull(), types.StringUnknown()},
		"plain":     {recipients(), types.StringUnknown(), types.StringNull()},
		"not known": {unknownRecipients(), types.StringUnknown(), types.StringUnknown()},
	} {
		t.Run(name, func(t *testing.T) {
			prior := issuedKey()
			prior.AgeRecipients, prior.Keepers = test.to, keepers("v", "1")
			got := prior
			got.Keepers = keepers("v", "2")
			wantTexts(t, got.Plan(prior, PlanContext{}, "It dies."), rotationWarning(keepersDiffer, "It dies."))
			want := rotating(prior)
			want.setValues(values{test.plain, test.sealed})
			wantKey(t, got, want)

			created := prior
			created.PlanCreate()
			wantKey(t, Key{APIKey: created.APIKey, EncryptedAPIKey: created.EncryptedAPIKey},
				Key{APIKey: test.plain, EncryptedAPIKey: test.sealed})
		})
	}
}

// An update without a rotation encrypts the key that state holds. The version stays.
func TestUpdateEncrypts(t *testing.T) {
	prior := issuedKey()
	got := prior
	got.AgeRecipients = recipients(bob, alice)
	wantTexts(t, got.Plan(prior, PlanContext{}, ""))
	var h history
	h.key = func() Key { return got }
	if got.Rotate(t.Context(), prior, h.asSteps(), &h.diags) || h.saves != 1 {
		t.Errorf("rotated, or saved %d times", h.saves)
	}
	wantTexts(t, h.diags)
	if prior.Encrypts() || !got.Encrypts() {
		t.Error("the key before is encrypted, or the key is not")
	}
	if text := opened(t, got.EncryptedAPIKey, aliceIdentity); text != "key-1" || !got.APIKey.IsNull() {
		t.Errorf("encrypted %s, plain %s", text, got.APIKey)
	}
	if !got.KeyVersion.Equal(prior.KeyVersion) || !got.RotatedAt.Equal(prior.RotatedAt) || !got.Held() {
		t.Errorf("got %+v", got)
	}
}

// A rotation encrypts the new key alone. A rotation that fails leaves the key, encrypted to the recipients of
// the state, so that a change of recipients stays due.
func TestRotateEncrypts(t *testing.T) {
	for name, issueErr := range map[string]error{"done": nil, "failed": errBroken, "lost": Unconfirmed(errBroken)} {
		t.Run(name, func(t *testing.T) {
			prior := sealedKey(t, bob)
			got := prior
			got.AgeRecipients = recipients(alice)
			got.Plan(prior, PlanContext{}, "")
			h := history{issueErr: issueErr}
			h.key = func() Key { return got }
			if rotated := got.Rotate(t.Context(), prior, h.asSteps(), &h.diags); rotated != (issueErr == nil) {
				t.Errorf("rotated: %t", rotated)
			}
			if issueErr != nil {
				wantKey(t, got, prior)
				return
			}
			if text := opened(t, got.EncryptedAPIKey, aliceIdentity); text != "key-2" || !got.APIKey.IsNull() {
				t.Errorf("encrypted %s, plain %s", text, got.APIKey)
			}
			for _, step := range h.steps {
				if strings.Contains(step, "key-") {
					t.Errorf("in the clear: %s", step)
				}
			}
		})
	}
}

// If a new key can't be encrypted, which the plan has tried, the key is unconfirmed and the state unchanged.
func TestKeyThatCannotBeEncrypted(t *testing.T) {
	prior := issuedKey()
	prior.Keepers = keepers("v", "1")
	got := rotating(prior)
	got.AgeRecipients = recipients("age1")
	var h history
	h.key = func() Key { return got }
	if got.Rotate(t.Context(), prior, h.asSteps(), &h.diags) || !h.diags.HasError() || !h.load(t).Unconfirmed {
		t.Errorf("%q, %s", h.steps, texts(h.diags))
	}
	wantKey(t, got, prior)

	encrypting := prior
	encrypting.AgeRecipients, encrypting.EncryptedAPIKey = recipients("age1"), types.StringUnknown()
	var diags diag.Diagnostics
	encrypting.encrypt(prior, &diags)
	wantKey(t, encrypting, prior)
	var created diag.Diagnostics
	got.AgeRecipients = recipients("age1")
	got.Set(Issued{Secret: transport.NewSecret("key-2")}, at(endsAt), &created)
	if !diags.HasError() || !created.HasError() || !got.APIKey.IsNull() {
		t.Errorf("%s, %s", texts(diags), texts(created))
	}
}

// Reading the values from the server encrypts what is not encrypted yet, and nothing twice.
func TestSetValuesEncrypts(t *testing.T) {
	current, previous := transport.NewSecret("key-1"), transport.NewSecret("key-0")
	k := withPrevious()
	k.AgeRecipients = recipients(alice)
	var diags diag.Diagnostics
	k.SetValues(current, previous, k, &diags)
	first := k
	k.SetValues(current, previous, k, &diags)
	wantKey(t, k, first)
	if opened(t, k.EncryptedAPIKey, aliceIdentity) != "key-1" || !k.APIKey.IsNull() ||
		opened(t, k.EncryptedPreviousAPIKey, aliceIdentity) != "key-0" || !k.PreviousAPIKey.IsNull() {
		t.Errorf("got %+v", k)
	}

	k.Replace(timetypes.NewRFC3339TimeValue(endsAt))
	k.SetValues(transport.NewSecret("key-9"), previous, k, &diags)
	if opened(t, k.EncryptedAPIKey, aliceIdentity) != "key-9" ||
		!k.EncryptedPreviousAPIKey.Equal(first.EncryptedPreviousAPIKey) {
		t.Error("another key keeps the encrypted value of the key before, or the previous key does not keep its own")
	}
	k.Reseal()
	k.SetValues(current, transport.Secret{}, k, &diags)
	if opened(t, k.EncryptedAPIKey, aliceIdentity) != "key-1" || !k.EncryptedPreviousAPIKey.IsNull() {
		t.Errorf("got %+v", k)
	}
	wantTexts(t, diags)
}

// A rotation with an overlap moves the encrypted value to the previous key, unless the recipients change: then
// the server's value is encrypted again. A rotation that fails stores the keys as the plan says.
func TestOverlappingRotateEncrypts(t *testing.T) {
	for name, test := range map[string]struct {
		to       []string
		issueErr error
	}{
		"the same recipients":            {[]string{bob}, nil},
		"other recipients":               {[]string{alice}, nil},
		"the same recipients, a failure": {[]string{bob}, errBroken},
		"other recipients, a failure":    {[]string{alice}, errBroken},
	} {
		t.Run(name, func(t *testing.T) {
			prior := withoutPrevious()
			prior.Overlap, prior.AgeRecipients = lasting(2*day), recipients(bob)
			var diags diag.Diagnostics
			prior.SetValues(transport.NewSecret("key-1"), transport.Secret{}, prior, &diags)
			k := prior
			k.Keepers, k.AgeRecipients = keepers("v", "2"), recipients(test.to...)
			wantTexts(t, k.Plan(prior, PlanContext{}), rotationWarning(keepersDiffer, staysValid))
			h := history{issueErr: test.issueErr}
			h.key = func() Key { return k.Key }
			k.Rotate(t.Context(), prior, h.asSteps(), &h.diags)
			identity := map[string]string{alice: aliceIdentity, bob: bobIdentity}[test.to[0]]
			old, current := k.EncryptedPreviousAPIKey, "key-2"
			if test.issueErr != nil {
				k.SetValues(transport.NewSecret("key-1"), transport.Secret{}, prior, &diags)
				old, current = k.EncryptedAPIKey, "key-1"
			} else {
				k.SetValues(transport.NewSecret("key-2"), transport.NewSecret("key-1"), prior, &diags)
				if opened(t, k.EncryptedPreviousAPIKey, identity) != "key-1" || !k.HasPrevious() {
					t.Errorf("previous: %+v", k)
				}
			}
			if same := old.Equal(prior.EncryptedAPIKey); same != (test.to[0] == bob) {
				t.Errorf("encrypted again: %t", !same)
			}
			if got := opened(t, k.EncryptedAPIKey, identity); got != current || !k.APIKey.IsNull() ||
				!k.PreviousAPIKey.IsNull() {
				t.Errorf("current: %s, %+v", got, k)
			}
			wantTexts(t, diags)
			if h.diags.HasError() != errors.Is(test.issueErr, errBroken) {
				t.Errorf("%s", texts(h.diags))
			}
		})
	}
}
