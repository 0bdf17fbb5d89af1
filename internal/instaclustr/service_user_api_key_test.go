package instaclustr

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestParseKeyID(t *testing.T) {
	for id, want := range map[string][2]string{
		"ci/MONITORING": {"ci", "MONITORING"}, "team/ci/X": {"team/ci", "X"}, "a_b/X": {"a_b", "X"},
	} {
		username, keyType, err := parseKeyID(id)
		if err != nil || username != want[0] || keyType != want[1] || keyID(username, keyType) != id {
			t.Errorf("%q: %q, %q, %v", id, username, keyType, err)
		}
	}
	for _, id := range []string{"", "/", "ci", "ci/", "/MONITORING"} {
		if _, _, err := parseKeyID(id); err == nil {
			t.Errorf("%q is accepted as an id", id)
		}
	}
}

func TestAPIKeysOf(t *testing.T) {
	users := []instaclustrapi.ServiceUser{
		{Username: "z", Keys: []instaclustrapi.Key{{Type: "MONITORING", Tail: "33333", Account: "acc"}}},
		*aServiceUser(),
	}
	for name, test := range map[string]struct {
		username, keyType string
		want              []string
	}{
		"all":       {"", "", []string{"ci/MONITORING", "ci/PROVISIONING", "z/MONITORING"}},
		"of a user": {"ci", "", []string{"ci/MONITORING", "ci/PROVISIONING"}},
		"of a type": {"", "MONITORING", []string{"ci/MONITORING", "z/MONITORING"}},
		"one":       {"ci", "PROVISIONING", []string{"ci/PROVISIONING"}},
		"no match":  {"nobody", "", []string{}},
	} {
		found := []string{}
		for _, key := range apiKeysOf(users, test.username, test.keyType) {
			found = append(found, key.ID.ValueString())
		}
		if !slices.Equal(found, test.want) {
			t.Errorf("%s: %q, want %q", name, found, test.want)
		}
	}
	wantEqual(t, apiKeysOf(users, "z", "")[0], apiKeyDataModel{
		apiKeyModel: newAPIKeyModel("z", "MONITORING"), Account: types.StringValue("acc"),
		MaskedKey: types.StringValue(strings.Repeat("•", 27) + "33333"),
	})
}

func TestAPIKeyWithoutKey(t *testing.T) {
	var m apiKeyDataModel
	m.fromAPI("ci", instaclustrapi.Key{Type: "MONITORING"})
	wantEqual(t, m, apiKeyDataModel{apiKeyModel: newAPIKeyModel("ci", "MONITORING")})
}

func TestAfterRotation(t *testing.T) {
	noList, unknown := types.SetNull(cidrType{}), types.SetNull(types.StringType)
	open, closed := tfkit.StringSetOf([]string{"0.0.0.0/0"}), tfkit.StringSetOf([]string{"192.0.2.0/24"})
	for name, test := range map[string]struct {
		configured, prior types.Set
		returned          []string
		effective         types.Set
		writes            []string
	}{
		"configured, dropped": {cidrs("10.0.0.1/8"), closed, []string{"0.0.0.0/0"}, open, []string{"10.0.0.0/8"}},
		"configured, kept": {
			cidrs("192.0.2.0/24"), closed, []string{"192.0.2.9/24"}, closed, []string{"192.0.2.0/24"},
		},
		"configured, no list":   {cidrs("10.0.0.0/8"), closed, nil, unknown, []string{"10.0.0.0/8"}},
		"written once, dropped": {noList, closed, []string{"0.0.0.0/0"}, open, []string{"192.0.2.0/24"}},
		"written once, opened": {
			noList, closed, []string{"::/0"}, tfkit.StringSetOf([]string{"::/0"}), []string{"192.0.2.0/24"},
		},
		"written once, kept":     {noList, closed, []string{"192.0.2.0/24"}, closed, nil},
		"written once, no list":  {noList, closed, nil, closed, nil},
		"closed elsewhere":       {noList, open, []string{"192.0.2.0/24"}, closed, nil},
		"open before":            {noList, open, []string{"0.0.0.0/0"}, open, nil},
		"imported, open now":     {noList, unknown, []string{"0.0.0.0/0"}, open, nil},
		"imported, without list": {noList, unknown, nil, unknown, nil},
	} {
		m := apiKeyResourceModel{CIDRAllowList: test.configured}
		writes := m.afterRotation(test.prior, test.returned)
		if !slices.Equal(writes, test.writes) || !m.EffectiveCIDRAllowList.Equal(test.effective) {
			t.Errorf("%s: %s is in force, %q is written", name, m.EffectiveCIDRAllowList, writes)
		}
	}
}

func TestIsEffective(t *testing.T) {
	if !isEffective([]string{"10.0.0.0/8"}, effectiveList([]string{"10.1.0.0/8"})) {
		t.Error("bits of the host count")
	}
	for _, effective := range []types.Set{
		effectiveList(nil), types.SetNull(types.StringType), effectiveList([]string{"::/0"}),
	} {
		if isEffective([]string{"10.0.0.0/8"}, effective) || isEffective([]string{}, effective) {
			t.Errorf("%s is in force", effective)
		}
	}
}

// privateValues is a private state.
type privateValues map[string][]byte

func (p privateValues) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

func (p privateValues) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

// A key that was rotated elsewhere is noticed by its last characters, also if the state has it only encrypted.
func TestRotatedElsewhere(t *testing.T) {
	const identity = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	owners := types.ListValueMust(types.StringType, []attr.Value{types.StringValue(identity)})
	for name, test := range map[string]struct {
		recipients types.List
		cleared    bool // as after an import
		now        string
		want       bool
	}{
		"the same":             {types.ListNull(types.StringType), false, "12345", false},
		"another":              {types.ListNull(types.StringType), false, "99999", true},
		"not returned":         {types.ListNull(types.StringType), false, "", false},
		"encrypted":            {owners, false, "12345", false},
		"encrypted, another":   {owners, false, "99999", true},
		"imported":             {types.ListNull(types.StringType), true, "99999", false},
		"imported, recipients": {owners, true, "99999", false},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			m := newAPIKeyResourceModel("ci", "MONITORING")
			m.AgeRecipients = test.recipients
			private := privateValues{}
			if !test.cleared {
				secret := transport.NewSecret("0123456789-12345")
				m.Set(rotation.Issued{Secret: secret}, time.Now, &diags)
				m.storeHeldTail(t.Context(), secret, private, &diags)
			}
			held := privateHeldTail.Load(t.Context(), private, &diags)
			if got := m.rotatedElsewhere(held, test.now); got != test.want || diags.HasError() {
				t.Errorf("got %t, %v", got, diags)
			}
			if wanted := map[bool]string{true: "12345"}[m.Encrypts() && !test.cleared]; held != wanted {
				t.Errorf("private state has %q", held)
			}
		})
	}
}

// The key of an import must end as the service shows; a mask without a character of the key checks nothing.
func TestCheckOfImport(t *testing.T) {
	key := transport.NewSecret("s3cret-12345")
	for tail, want := range map[string]bool{"12345": true, "2345": true, "12346": false} {
		if err := checkOf(tail)(key); (err == nil) != want {
			t.Errorf("%s: %v", tail, err)
		}
	}
	if checkOf("") != nil {
		t.Error("nothing to compare with, and a check")
	}
}
