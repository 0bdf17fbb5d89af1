package instaclustr

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// email is a string attribute that holds an e-mail address. Case does not count: no service keeps two addresses apart by it, and some
// write it their own way.
type email = tfkit.Normalized[emailNormalizer]

type emailType = tfkit.NormalizedType[emailNormalizer]

type emailNormalizer struct{}

var emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$`)

func (emailNormalizer) Name() string { return "e-mail address" }

func (emailNormalizer) Canonical(text string) (string, error) {
	if !emailForm.MatchString(text) {
		return "", errors.New("an e-mail address such as ci@example.com")
	}
	return strings.ToLower(text), nil
}

// failServiceUser reports a failed call, as failure does.
func failServiceUser(diags *diag.Diagnostics, verb, username string, err error, hints ...string) {
	failure(verb, "Instaclustr service user", username, map[string]path.Path{
		"username":       path.Root("username"),
		"email":          path.Root("email"),
		"profile":        path.Root("role"),
		"displayName":    path.Root("display_name"),
		"administrators": path.Root("administrators"),
	}, err, hints...).Add(diags, err)
}

// serviceUser is what the API tells of a service user, whoever asks.
type serviceUser struct {
	Username        types.String `tfsdk:"username"`
	Email           email        `tfsdk:"email"`
	DisplayName     types.String `tfsdk:"display_name"`
	Role            types.String `tfsdk:"role"`
	Administrators  types.Set    `tfsdk:"administrators"`
	AllowedKeyTypes types.Set    `tfsdk:"allowed_key_types"`
	KeyTypes        types.Set    `tfsdk:"key_types"`
}

func (m *serviceUser) fromAPI(in *instaclustrapi.ServiceUser) {
	m.Username = types.StringValue(in.Username)
	m.Email = tfkit.NormalizedOrNull[emailNormalizer](in.Email)
	m.DisplayName = tfkit.StringOrNull(in.DisplayName)
	m.Role = types.StringValue(in.Role)
	m.Administrators = tfkit.StringSetOf(distinct(in.Administrators))
	m.keysFromAPI(in)
}

func (m *serviceUser) keysFromAPI(in *instaclustrapi.ServiceUser) {
	allowed := []string{}
	for _, kind := range in.AllowedKeyTypes {
		allowed = append(allowed, kind.Name)
	}
	m.AllowedKeyTypes = tfkit.StringSetOf(distinct(allowed))
	m.KeyTypes = tfkit.StringSetOf(distinct(keyTypesOf(in)))
}

func keyTypesOf(in *instaclustrapi.ServiceUser) []string {
	kinds := []string{}
	for _, key := range in.Keys {
		kinds = append(kinds, key.Type)
	}
	return kinds
}

// serviceUserResourceModel is the state of the resource.
type serviceUserResourceModel struct {
	serviceUser
	ID               types.String `tfsdk:"id"`
	InitialAPIKeys   types.String `tfsdk:"initial_api_keys"`
	AllowSelfLockout types.Bool   `tfsdk:"allow_self_lockout"`
}

// Identity implements tfkit.ResourceModel.
func (m *serviceUserResourceModel) Identity() any { return serviceUserIdentity{m.Username} }

// fromAPI takes over what the server tells, but for the creator, who stays an administrator without being listed.
func (m *serviceUserResourceModel) fromAPI(in *instaclustrapi.ServiceUser, memory userMemory) {
	listed, chosen := stringsOf(m.Administrators), !m.Administrators.IsNull() && !m.Administrators.IsUnknown()
	m.serviceUser.fromAPI(in)
	if chosen && !m.AllowSelfLockout.ValueBool() {
		m.Administrators = tfkit.StringSetOf(slices.DeleteFunc(stringsOf(m.Administrators), func(name string) bool {
			return slices.Contains(memory.Creator, name) && !slices.Contains(listed, name)
		}))
	}
	m.ID = types.StringValue(in.Username)
	if m.InitialAPIKeys.IsNull() {
		m.InitialAPIKeys = types.StringValue(initialRevoked) // after an import
	}
}

// complete fills in what the plan left open. All else is as planned; where the server says otherwise, the next refresh shows it.
func (m *serviceUserResourceModel) complete(in *instaclustrapi.ServiceUser) {
	if m.DisplayName.IsUnknown() {
		m.DisplayName = tfkit.StringOrNull(in.DisplayName)
	}
	if m.Administrators.IsUnknown() {
		m.Administrators = tfkit.StringSetOf(distinct(in.Administrators))
	}
	m.keysFromAPI(in)
	m.ID = types.StringValue(m.Username.ValueString())
}

// fill fills in what the plan of an update left open, from what the server tells, if it was asked, or from the prior state.
func (m *serviceUserResourceModel) fill(prior serviceUserResourceModel, now *instaclustrapi.ServiceUser) {
	told := prior
	if now != nil {
		told.keysFromAPI(now)
	}
	if m.DisplayName.IsUnknown() {
		m.DisplayName = prior.DisplayName
	}
	if m.Administrators.IsUnknown() {
		m.Administrators = prior.Administrators
	}
	if m.AllowedKeyTypes.IsUnknown() {
		m.AllowedKeyTypes = told.AllowedKeyTypes
	}
	if m.KeyTypes.IsUnknown() {
		m.KeyTypes = told.KeyTypes
	}
}

func (m *serviceUserResourceModel) toCreate() instaclustrapi.ServiceUserCreate {
	return instaclustrapi.ServiceUserCreate{
		Username: m.Username.ValueString(), Email: m.Email.ValueString(), Role: m.Role.ValueString(), DisplayName: m.DisplayName.ValueString(),
	}
}

// toUpdate returns the update that makes the server have what is planned. It holds all fields, since it is not documented what becomes of
// those that are left out.
func (m *serviceUserResourceModel) toUpdate(memory userMemory) instaclustrapi.ServiceUserUpdate {
	administrators := stringsOf(m.Administrators)
	if !m.AllowSelfLockout.ValueBool() {
		administrators = slices.Concat(administrators, memory.Creator)
	}
	return instaclustrapi.ServiceUserUpdate{
		DisplayName: m.DisplayName.ValueString(), Role: m.Role.ValueString(), Administrators: distinct(administrators),
	}
}

// done tells whether a service user has what an update would give it.
func done(update instaclustrapi.ServiceUserUpdate, displayName, role string, administrators []string) bool {
	return update.DisplayName == displayName && update.Role == role && slices.Equal(update.Administrators, distinct(administrators))
}
