package instaclustr

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// apiKeyModel holds the attributes of a key that resource and data sources share.
type apiKeyModel struct {
	ID       types.String `tfsdk:"id"`
	Username types.String `tfsdk:"username"`
	KeyType  types.String `tfsdk:"key_type"`
}

func newAPIKeyModel(username, keyType string) apiKeyModel {
	id := types.StringValue(keyID(username, keyType))
	return apiKeyModel{ID: id, Username: types.StringValue(username), KeyType: types.StringValue(keyType)}
}

// key returns the values that identify the key in requests, and its id, which identifies it in
// messages.
func (m *apiKeyModel) key() (username, keyType, id string) {
	username, keyType = m.Username.ValueString(), m.KeyType.ValueString()
	return username, keyType, keyID(username, keyType)
}

func keyID(username, keyType string) string { return username + "/" + keyType }

// parseKeyID reads an import id, <username>/<KEY_TYPE>. Types have no slash, names may.
func parseKeyID(id string) (username, keyType string, err error) {
	at := strings.LastIndex(id, "/")
	if at <= 0 || at == len(id)-1 {
		return "", "", fmt.Errorf("the import id must be <username>/<KEY_TYPE>, such as ci/MONITORING; got %s",
			tfkit.Quote(id))
	}
	return id[:at], id[at+1:], nil
}

// apiKeyDataModel is a key as data sources show it.
type apiKeyDataModel struct {
	apiKeyModel
	MaskedKey types.String `tfsdk:"masked_key"`
	Account   types.String `tfsdk:"account"`
}

// fromAPI copies what the server returned, without the user name in the entry of the key: in the
// vendor's samples it differs from the name of the user.
func (m *apiKeyDataModel) fromAPI(username string, in instaclustrapi.Key) {
	m.apiKeyModel = newAPIKeyModel(username, in.Type)
	if in.Tail != "" {
		m.MaskedKey = types.StringValue(in.Mask())
	}
	m.Account = tfkit.StringOrNull(in.Account)
}

// apiKeysOf returns the keys of some service users, sorted by user name and type. User name and
// type narrow the result; "" does not.
func apiKeysOf(users []instaclustrapi.ServiceUser, username, keyType string) []apiKeyDataModel {
	found := []apiKeyDataModel{}
	for _, user := range users {
		for _, key := range user.Keys {
			if username != "" && user.Username != username || keyType != "" && key.Type != keyType {
				continue
			}
			var m apiKeyDataModel
			m.fromAPI(user.Username, key)
			found = append(found, m)
		}
	}
	byID := func(a, b apiKeyDataModel) int { return strings.Compare(a.ID.ValueString(), b.ID.ValueString()) }
	slices.SortFunc(found, byID)
	return found
}

// apiKeyResourceModel is the model that the resource manages.
type apiKeyResourceModel struct {
	rotation.Key
	apiKeyModel
	CIDRAllowList          types.Set  `tfsdk:"cidr_allow_list"`
	EffectiveCIDRAllowList types.Set  `tfsdk:"effective_cidr_allow_list"`
	AdoptByRotation        types.Bool `tfsdk:"adopt_by_rotation"`
	AllowSelfLockout       types.Bool `tfsdk:"allow_self_lockout"`
}

// newAPIKeyResourceModel returns the model of a key of which only the user and the type are known,
// as after an import.
func newAPIKeyResourceModel(username, keyType string) *apiKeyResourceModel {
	return &apiKeyResourceModel{
		Key: rotation.NoKey(), apiKeyModel: newAPIKeyModel(username, keyType),
		CIDRAllowList: types.SetNull(cidrType{}), EffectiveCIDRAllowList: types.SetNull(types.StringType),
	}
}

// apiKeyIdentity is the identity of a key.
type apiKeyIdentity struct {
	Username types.String `tfsdk:"username"`
	KeyType  types.String `tfsdk:"key_type"`
}

// Identity implements tfkit.ResourceModel.
func (m *apiKeyResourceModel) Identity() any { return apiKeyIdentity{m.Username, m.KeyType} }

// afterRotation records the allow list that the response to a rotation has. It returns the list
// that must be written then; nil if the list stays as it is. Without a configured list a rotation
// never opens a key: a known list that the service has dropped is written again.
func (m *apiKeyResourceModel) afterRotation(prior types.Set, returned []string) []string {
	m.EffectiveCIDRAllowList = effectiveList(returned)
	switch {
	case !m.CIDRAllowList.IsNull():
		return prefixes(m.CIDRAllowList)
	case returned == nil:
		m.EffectiveCIDRAllowList = prior
	case isOpen(m.EffectiveCIDRAllowList) && !prior.IsNull() && !isOpen(prior):
		return tfkit.Strings(prior)
	}
	return nil
}

// effectiveList returns the state's value for an allow list that the server returned; null if it
// returned no list.
func effectiveList(returned []string) types.Set {
	if returned == nil {
		return types.SetNull(types.StringType)
	}
	return tfkit.StringSetOf(prefixesOf(returned))
}

// keepPlanned keeps the list that the plan of a rotation shows, if nothing configures one: the prior list,
// unless it is not known. It returns another list that the response has, for the next refresh; nil if
// there is none.
func (m *apiKeyResourceModel) keepPlanned(prior types.Set) (returned []string) {
	if !m.CIDRAllowList.IsNull() || prior.IsNull() || m.EffectiveCIDRAllowList.Equal(prior) {
		return nil
	}
	returned = tfkit.Strings(m.EffectiveCIDRAllowList)
	m.EffectiveCIDRAllowList = prior
	return returned
}

// isOpen reports whether an allow list holds all addresses.
func isOpen(effective types.Set) bool {
	return slices.ContainsFunc(tfkit.Strings(effective), func(prefix string) bool {
		return prefix == "0.0.0.0/0" || prefix == "::/0"
	})
}

// isEffective reports whether an allow list is in force.
func isEffective(wanted []string, effective types.Set) bool {
	return !effective.IsNull() && slices.Equal(wanted, tfkit.Strings(effective))
}

// privateKeyTail is the private state of a key: the last characters of the key that exists now, which
// may be another key than the key in state.
var privateKeyTail = tfkit.Private[string]{Key: "key_tail", About: "the end of the key"}

// privateHeldTail has the last characters of the key in state, if the state has it only encrypted. The service
// shows them to everybody who may list keys.
var privateHeldTail = tfkit.Private[string]{Key: "held_key_tail", About: "the end of the key in state"}

// storeHeldTail stores the end of a key that the state gets.
func (m *apiKeyResourceModel) storeHeldTail(
	ctx context.Context, secret transport.Secret, private tfkit.PrivateState, diags *diag.Diagnostics,
) {
	tail := ""
	if m.Encrypts() {
		tail = instaclustrapi.TailOf(secret.Reveal())
	}
	privateHeldTail.Store(ctx, private, tail, diags)
}

// rotatedElsewhere reports whether the key that exists now ends with other characters than the key in state.
// Held are the last characters of the key in state, if the state has it only encrypted; "" if it has not.
func (m *apiKeyResourceModel) rotatedElsewhere(held, now string) bool {
	if secret, known := m.Known(); known {
		held = secret.Reveal()
	}
	return held != "" && now != "" && !strings.HasSuffix(held, now)
}

// apiKeyLists is the private state of the allow lists of a key without a configured list.
type apiKeyLists struct {
	// Returned is the list in the response to the last rotation, if the plan showed another one.
	Returned []string `json:"returned,omitempty"`
	// Dropped is a list that the service dropped at a rotation, and that could not be written again.
	Dropped []string `json:"dropped,omitempty"`
}

var privateLists = tfkit.Private[apiKeyLists]{Key: "allow_lists", About: "the allow lists of the key"}
