package instaclustr

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// The values of initial_api_keys.
const (
	initialRevoked = "revoke"
	initialKept    = "keep"
)

// email is a string attribute that holds an e-mail address. Case does not count: no service
// distinguishes two addresses by it, and some change it.
type email = tfkit.Normalized[emailNormalizer]

type emailType = tfkit.NormalizedType[emailNormalizer]

type emailNormalizer struct{}

func (emailNormalizer) Name() string { return "e-mail address" }

// Canonical accepts every text: it must be possible to read and list a user whatever its address is.
func (emailNormalizer) Canonical(text string) (string, error) { return strings.ToLower(text), nil }

// serviceUserModel holds the attributes of a service user that resource and data sources share.
type serviceUserModel struct {
	ID              types.String `tfsdk:"id"`
	Username        types.String `tfsdk:"username"`
	Email           email        `tfsdk:"email"`
	DisplayName     types.String `tfsdk:"display_name"`
	Role            types.String `tfsdk:"role"`
	Administrators  types.Set    `tfsdk:"administrators"`
	AllowedKeyTypes types.Set    `tfsdk:"allowed_key_types"`
	KeyTypes        types.Set    `tfsdk:"key_types"`
}

// fromAPI sets the attributes from a response. What the response does not have stays as it is.
func (m *serviceUserModel) fromAPI(in *instaclustrapi.ServiceUser) {
	m.ID, m.Username = types.StringValue(in.Username), types.StringValue(in.Username)
	m.Email = tfkit.OrPrior(tfkit.NormalizedOrNull[emailNormalizer](in.Email), m.Email)
	m.DisplayName = tfkit.OrPrior(tfkit.StringOrNull(in.DisplayName), m.DisplayName)
	m.Role = tfkit.OrPrior(tfkit.StringOrNull(in.Role), m.Role)
	m.Administrators = tfkit.OrPrior(tfkit.StringSetOrNull(in.Administrators), m.Administrators)
	m.keyTypesFromAPI(in)
}

func (m *serviceUserModel) keyTypesFromAPI(in *instaclustrapi.ServiceUser) {
	m.AllowedKeyTypes = tfkit.OrPrior(tfkit.StringSetOrNull(allowedKeyTypesOf(in)), m.AllowedKeyTypes)
	m.KeyTypes = tfkit.OrPrior(tfkit.StringSetOrNull(keyTypesOf(in)), m.KeyTypes)
}

// allowedKeyTypesOf returns the key types that the role of a user allows; nil: not returned.
func allowedKeyTypesOf(in *instaclustrapi.ServiceUser) []string {
	if in.AllowedKeyTypes == nil {
		return nil
	}
	allowed := []string{}
	for _, keyType := range in.AllowedKeyTypes {
		allowed = append(allowed, keyType.Name)
	}
	return allowed
}

// keyTypesOf returns the types of the keys of a user; nil: not returned.
func keyTypesOf(in *instaclustrapi.ServiceUser) []string {
	if in.Keys == nil {
		return nil
	}
	keyTypes := []string{}
	for _, key := range in.Keys {
		keyTypes = append(keyTypes, key.Type)
	}
	return keyTypes
}

// serviceUserDataModel is a service user with its keys, as data sources show it.
type serviceUserDataModel struct {
	serviceUserModel
	APIKeys []apiKeyDataModel `tfsdk:"api_keys"`
}

func (m *serviceUserDataModel) fromAPI(in *instaclustrapi.ServiceUser) {
	m.serviceUserModel.fromAPI(in)
	if in.Keys != nil {
		m.APIKeys = apiKeysOf([]instaclustrapi.ServiceUser{*in}, "", "")
	}
}

// serviceUserResourceModel is the model that the resource manages.
type serviceUserResourceModel struct {
	serviceUserModel
	AdoptExisting    types.Bool   `tfsdk:"adopt_existing"`
	InitialAPIKeys   types.String `tfsdk:"initial_api_keys"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
}

// serviceUserIdentity is the identity of a service user.
type serviceUserIdentity struct {
	Username types.String `tfsdk:"username"`
}

// Identity implements tfkit.ResourceModel.
func (m *serviceUserResourceModel) Identity() any { return serviceUserIdentity{m.Username} }

// fromAPI copies what the server returned, without the creator, who stays an administrator without
// being listed.
func (m *serviceUserResourceModel) fromAPI(in *instaclustrapi.ServiceUser, private serviceUserPrivate) {
	listed, chosen := tfkit.Strings(m.Administrators), !m.Administrators.IsNull() && !m.Administrators.IsUnknown()
	m.serviceUserModel.fromAPI(in)
	if chosen && in.Administrators != nil && !m.AllowSelfLockout.ValueBool() {
		unlisted := func(name string) bool {
			return slices.Contains(private.Creator, name) && !slices.Contains(listed, name)
		}
		m.Administrators = tfkit.StringSetOf(slices.DeleteFunc(tfkit.Distinct(in.Administrators), unlisted))
	}
	if len(m.Administrators.Elements()) == 0 { // no configuration may say so, not even a generated one
		m.Administrators = types.SetNull(types.StringType)
	}
}

// fillUnknown sets the attributes that the plan left unknown. All other values stay as planned: if
// the server has other values, the next refresh shows them.
func (m *serviceUserResourceModel) fillUnknown(from serviceUserModel) {
	m.ID = types.StringValue(m.Username.ValueString())
	if m.DisplayName.IsUnknown() {
		m.DisplayName = from.DisplayName
	}
	if m.Administrators.IsUnknown() {
		m.Administrators = from.Administrators
	}
	if m.AllowedKeyTypes.IsUnknown() {
		m.AllowedKeyTypes = from.AllowedKeyTypes
	}
	if m.KeyTypes.IsUnknown() {
		m.KeyTypes = from.KeyTypes
	}
}

func (m *serviceUserResourceModel) toCreate() instaclustrapi.ServiceUserCreate {
	return instaclustrapi.ServiceUserCreate{
		Username: m.Username.ValueString(), Email: m.Email.ValueString(),
		Role: m.Role.ValueString(), DisplayName: m.DisplayName.ValueString(),
	}
}

// toUpdate returns the update to what is planned. It holds all fields, since the documentation does
// not say what happens to a field that is left out.
func (m *serviceUserResourceModel) toUpdate(private serviceUserPrivate) instaclustrapi.ServiceUserUpdate {
	var kept []string
	if !m.AllowSelfLockout.ValueBool() {
		kept = private.Creator
	}
	return instaclustrapi.ServiceUserUpdate{
		DisplayName: m.DisplayName.ValueString(), Role: m.Role.ValueString(),
		Administrators: tfkit.Distinct(tfkit.Strings(m.Administrators), kept),
	}
}

// inEffect reports whether a service user already has what an update gives it.
func inEffect(update instaclustrapi.ServiceUserUpdate, displayName, role string, administrators []string) bool {
	return update.DisplayName == displayName && update.Role == role &&
		slices.Equal(update.Administrators, tfkit.Distinct(administrators))
}
