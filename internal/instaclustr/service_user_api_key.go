package instaclustr

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// failAPIKey reports a failed call, as failure does. The subject is an id.
func failAPIKey(diags *diag.Diagnostics, verb, subject string, err error, hints ...string) {
	failure(verb, "Instaclustr API key", subject, map[string]path.Path{
		"username":      path.Root("username"),
		"apiKeyType":    path.Root("key_type"),
		"cidrAllowList": path.Root("cidr_allow_list"),
	}, err, hints...).Add(diags, err)
}

// apiKey is what the API tells of a key, whoever asks.
type apiKey struct {
	ID        types.String `tfsdk:"id"`
	Username  types.String `tfsdk:"username"`
	KeyType   types.String `tfsdk:"key_type"`
	MaskedKey types.String `tfsdk:"masked_key"`
	Account   types.String `tfsdk:"account"`
}

func (m *apiKey) fromAPI(username string, in instaclustrapi.Key) {
	m.ID = types.StringValue(keyID(username, in.Type))
	m.Username = types.StringValue(username) // not the one in the key's own entry, which differs in the vendor's samples
	m.KeyType = types.StringValue(in.Type)
	m.MaskedKey = types.StringValue(in.Mask())
	m.Account = tfkit.StringOrNull(in.Account)
}

// apiKeysOf returns the keys of some service users, of one type if that is given, ordered by user name and type.
func apiKeysOf(users []instaclustrapi.ServiceUser, username, keyType string) []apiKey {
	found := []apiKey{}
	for _, user := range users {
		for _, key := range user.Keys {
			if username != "" && user.Username != username || keyType != "" && key.Type != keyType {
				continue
			}
			var m apiKey
			m.fromAPI(user.Username, key)
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b apiKey) int { return strings.Compare(a.ID.ValueString(), b.ID.ValueString()) })
	return found
}

func keyID(username, keyType string) string { return username + "/" + keyType }

// parseKeyID reads an import id, <username>/<KEY_TYPE>. Types have no slash, names may.
func parseKeyID(id string) (username, keyType string, err error) {
	at := strings.LastIndex(id, "/")
	if at <= 0 || at == len(id)-1 {
		return "", "", fmt.Errorf("the import id must be <username>/<KEY_TYPE>, such as ci_pipeline/MONITORING; got %q", id)
	}
	return id[:at], id[at+1:], nil
}

// apiKeyResourceModel is the state of the resource.
type apiKeyResourceModel struct {
	rotation.Key
	ID                     types.String `tfsdk:"id"`
	Username               types.String `tfsdk:"username"`
	KeyType                types.String `tfsdk:"key_type"`
	CIDRAllowList          types.Set    `tfsdk:"cidr_allow_list"`
	EffectiveCIDRAllowList types.Set    `tfsdk:"effective_cidr_allow_list"`
	AdoptByRotation        types.Bool   `tfsdk:"adopt_by_rotation"`
	AllowSelfLockout       types.Bool   `tfsdk:"allow_self_lockout"`
}

// importedAPIKey is the state of a key of which no more than its place is known.
func importedAPIKey(username, keyType string) *apiKeyResourceModel {
	return &apiKeyResourceModel{
		Key: rotation.NoKey(), ID: types.StringValue(keyID(username, keyType)), Username: types.StringValue(username), KeyType: types.StringValue(keyType),
		CIDRAllowList: types.SetNull(cidrType{}), EffectiveCIDRAllowList: types.SetNull(types.StringType),
	}
}

// Identity implements tfkit.ResourceModel.
func (m *apiKeyResourceModel) Identity() any { return apiKeyIdentity{m.Username, m.KeyType} }

func (m *apiKeyResourceModel) subject() string {
	return keyID(m.Username.ValueString(), m.KeyType.ValueString())
}

// wanted returns the allow list to have in force: the configured one, else the one that was in force, as far as that is known; nil: whichever.
func (m *apiKeyResourceModel) wanted(prior types.Set) []string {
	switch {
	case !m.CIDRAllowList.IsNull():
		return prefixes(m.CIDRAllowList)
	case !prior.IsNull():
		return stringsOf(prior)
	}
	return nil
}

// afterRotation takes over the allow list that a rotation told, and returns the one to have in force again; nil: whichever. Without a configured
// one, nothing is ever opened: only where the service has dropped a list that was known, that one is put back.
func (m *apiKeyResourceModel) afterRotation(prior types.Set, told []string) []string {
	if !m.CIDRAllowList.IsNull() {
		m.EffectiveCIDRAllowList = inForce(told)
		return prefixes(m.CIDRAllowList)
	}
	m.EffectiveCIDRAllowList = prior
	if told != nil {
		m.EffectiveCIDRAllowList = inForce(told)
	}
	if open(m.EffectiveCIDRAllowList) && !prior.IsNull() && !open(prior) {
		return stringsOf(prior)
	}
	return nil
}

// open tells whether an allow list holds all addresses.
func open(effective types.Set) bool {
	return slices.ContainsFunc(stringsOf(effective), func(prefix string) bool { return prefix == "0.0.0.0/0" || prefix == "::/0" })
}

// inForce returns what state shows of an allow list that the server told; null if it told none.
func inForce(told []string) types.Set {
	if told == nil {
		return types.SetNull(types.StringType)
	}
	return tfkit.StringSetOf(prefixesOf(told))
}

// holds tells whether an allow list is in force.
func holds(effective types.Set, wanted []string) bool {
	return !effective.IsNull() && slices.Equal(stringsOf(effective), wanted)
}

// privateTail is the last characters of the key that exists now, which may be another key than the one in state.
var privateTail = tfkit.Private[string]{Key: "key_tail", About: "the end of the key"}

// errExists says that there is a key of a type already.
var errExists = errors.New("there is an API key of this type already; no user can have two of one type, and the secret of one that exists can't be read")
