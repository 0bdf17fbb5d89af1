package instaclustr

import (
	"encoding/json"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
)

// States of earlier versions hold this JSON.
func TestServiceUserPrivateJSON(t *testing.T) {
	const text = `{"creator":["j.doe"],"doomed_keys":{"MONITORING":"11111"},"lowering":"READ_ONLY"}`
	var private serviceUserPrivate
	if err := json.Unmarshal([]byte(text), &private); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, private, serviceUserPrivate{
		Creator: []string{"j.doe"}, KeysToRevoke: map[string]string{"MONITORING": "11111"}, Lowering: "READ_ONLY",
	})
	if got, err := json.Marshal(private); err != nil || string(got) != text {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := json.Marshal(serviceUserPrivate{}); err != nil || string(got) != "{}" {
		t.Errorf("%s, %v", got, err)
	}
	keys := []string{privateServiceUser.Key, privateKeyTail.Key, privateOpenKey.Key}
	wantEqual(t, keys, []string{"service_user", "key_tail", "opened"})
}

func TestNewServiceUserPrivate(t *testing.T) {
	wantEqual(
		t, newServiceUserPrivate(aServiceUser(), initialKept),
		serviceUserPrivate{Creator: []string{"a.smith", "j.doe"}, Stored: true},
	)
	private := newServiceUserPrivate(aServiceUser(), initialRevoked)
	wantEqual(t, private.KeysToRevoke, map[string]string{"MONITORING": "11111", "PROVISIONING": "22222"})
	wantEqual(t, private.keyTypesToRevoke(), []string{"MONITORING", "PROVISIONING"})
}

func TestImportedServiceUserPrivate(t *testing.T) {
	keys := map[string]string{"MONITORING": "11111", "PROVISIONING": "22222"}
	wantEqual(t, importedServiceUserPrivate(aServiceUser(), "ops"),
		serviceUserPrivate{ImportedKeys: keys, Stored: true})
	wantEqual(t, importedServiceUserPrivate(aServiceUser(), "j.doe"),
		serviceUserPrivate{ImportedKeys: keys, Creator: []string{"j.doe"}, Stored: true})
	for _, test := range []struct {
		prior, planned   string
		revoked, waiting map[string]string
	}{
		{"", "", nil, keys}, {"", "keep", nil, nil}, {"", "revoke", keys, nil}, {"keep", "revoke", keys, nil},
		{"revoke", "revoke", nil, nil},
	} {
		private := serviceUserPrivate{ImportedKeys: keys}
		private.settleImport(test.prior, test.planned)
		wantEqual(t, private, serviceUserPrivate{KeysToRevoke: test.revoked, ImportedKeys: test.waiting})
	}
}

// Terraform loses the private state if the provider is terminated during an update.
func TestRecoveredServiceUserPrivate(t *testing.T) {
	wantEqual(t, recoveredServiceUserPrivate(aServiceUser(), []string{"a.smith", "gone"}, "OWNER"),
		serviceUserPrivate{Creator: []string{"j.doe"}, Lowering: "CLUSTER_ADMIN", Stored: true})
	wantEqual(t, recoveredServiceUserPrivate(aServiceUser(), []string{"a.smith", "j.doe"}, "READ_ONLY"),
		serviceUserPrivate{Creator: []string{}, Stored: true})
}

// Somebody adds the person whose key the provider uses elsewhere: that is no reason to refuse every plan.
func TestKeepCaller(t *testing.T) {
	for _, test := range []struct {
		listed []string
		caller string
		want   []string
	}{
		{[]string{"a.smith"}, "j.doe", []string{"j.doe"}},
		{[]string{"a.smith", "j.doe"}, "j.doe", nil},
		{[]string{"a.smith"}, "ops", nil},
		{nil, "j.doe", nil},
	} {
		var private serviceUserPrivate
		private.keepCaller(aServiceUser(), test.listed, test.caller)
		wantEqual(t, private.Creator, test.want)
	}
}

func TestServiceUserPrivateRefreshed(t *testing.T) {
	now := &instaclustrapi.ServiceUser{
		Role: "READ_ONLY", Administrators: []string{"a.smith"}, Keys: []instaclustrapi.Key{
			{Type: "MONITORING", Tail: "99999"}, {Type: "PROVISIONING", Tail: "22222"}, {Type: "USER_MANAGEMENT"},
		},
	}
	toRevoke := func(keys map[string]string) serviceUserPrivate { return serviceUserPrivate{KeysToRevoke: keys} }
	for name, test := range map[string]struct{ private, want serviceUserPrivate }{
		"nothing stored":         {serviceUserPrivate{}, serviceUserPrivate{}},
		"a creator who has left": {serviceUserPrivate{Creator: []string{"j.doe"}}, serviceUserPrivate{}},
		"a creator who stays": {
			serviceUserPrivate{Creator: []string{"a.smith", "j.doe"}},
			serviceUserPrivate{Creator: []string{"a.smith"}},
		},
		"a key that exists": {
			toRevoke(map[string]string{"PROVISIONING": "22222"}), toRevoke(map[string]string{"PROVISIONING": "22222"}),
		},
		"a later key of the type": {
			toRevoke(map[string]string{"MONITORING": "11111"}), serviceUserPrivate{},
		},
		"a key that is gone": {toRevoke(map[string]string{"OTHER": "1"}), serviceUserPrivate{}},
		"imported keys": {
			serviceUserPrivate{ImportedKeys: map[string]string{"MONITORING": "11111", "PROVISIONING": "22222"}},
			serviceUserPrivate{ImportedKeys: map[string]string{"PROVISIONING": "22222"}},
		},
		"a key without its last part": {
			toRevoke(map[string]string{"USER_MANAGEMENT": "33333"}),
			toRevoke(map[string]string{"USER_MANAGEMENT": "33333"}),
		},
		"a role that was lowered": {
			serviceUserPrivate{Lowering: "READ_ONLY"},
			toRevoke(map[string]string{"PROVISIONING": "22222", "USER_MANAGEMENT": ""}),
		},
		"a role that was not lowered": {serviceUserPrivate{Lowering: "CLUSTER_ADMIN"}, serviceUserPrivate{}},
	} {
		t.Run(name, func(t *testing.T) { wantEqual(t, test.private.refreshed(now), test.want) })
	}
	all := serviceUserPrivate{
		Creator: []string{"j.doe"}, KeysToRevoke: map[string]string{"MONITORING": "11111"}, Lowering: "READ_ONLY",
		ImportedKeys: map[string]string{"MONITORING": "11111"}, Stored: true,
	}
	wantEqual(t, all.refreshed(&instaclustrapi.ServiceUser{Username: "ci"}), all)
}
