package waldur

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// robotAccount is what the API tells of an account, whoever asks.
type robotAccount struct {
	UUID            tfkit.UUID        `tfsdk:"uuid"`
	Created         timetypes.RFC3339 `tfsdk:"created"`
	ResourceUUID    tfkit.UUID        `tfsdk:"resource_uuid"`
	Type            types.String      `tfsdk:"type"`
	Username        types.String      `tfsdk:"username"`
	Description     tfkit.Text        `tfsdk:"description"`
	Users           types.Set         `tfsdk:"users"`
	ResponsibleUser tfkit.UUID        `tfsdk:"responsible_user"`
	Keys            types.List        `tfsdk:"keys"`
	Fingerprints    types.List        `tfsdk:"fingerprints"`
	State           types.String      `tfsdk:"state"`
	ErrorMessage    types.String      `tfsdk:"error_message"`
	robotAccountPlace
}

// robotAccountPlace tells where an account is. The answers to create and update lack it.
type robotAccountPlace struct {
	BackendID    types.String `tfsdk:"backend_id"`
	ResourceName types.String `tfsdk:"resource_name"`
	ProjectUUID  tfkit.UUID   `tfsdk:"project_uuid"`
	ProjectName  types.String `tfsdk:"project_name"`
	CustomerUUID tfkit.UUID   `tfsdk:"customer_uuid"`
	CustomerName types.String `tfsdk:"customer_name"`
	ProviderUUID tfkit.UUID   `tfsdk:"provider_uuid"`
	ProviderName types.String `tfsdk:"provider_name"`
}

func (m *robotAccountPlace) fromAPI(in *waldurapi.RobotAccount) {
	m.BackendID = tfkit.StringOrNull(in.BackendID)
	m.ResourceName = tfkit.StringOrNull(in.ResourceName)
	m.ProjectUUID = tfkit.UUIDOrNull(in.ProjectUUID)
	m.ProjectName = tfkit.StringOrNull(in.ProjectName)
	m.CustomerUUID = tfkit.UUIDOrNull(in.CustomerUUID)
	m.CustomerName = tfkit.StringOrNull(in.CustomerName)
	m.ProviderUUID = tfkit.UUIDOrNull(in.ProviderUUID)
	m.ProviderName = tfkit.StringOrNull(in.ProviderName)
}

// fromAPI takes over what the server tells, and the users whom it hides. A server without descriptions (2024) leaves the
// description as it is.
func (m *robotAccount) fromAPI(in *waldurapi.RobotAccount, hidden hiddenUsers) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.Created = tfkit.TimeOrNull(in.Created)
	m.ResourceUUID = tfkit.UUIDOrNull(string(in.Resource))
	m.Type = types.StringValue(in.Type)
	m.Username = types.StringValue(in.Username)
	if in.Description != nil {
		m.Description = m.Description.Refreshed(*in.Description)
	}
	if m.Description.IsUnknown() {
		m.Description = tfkit.Text{}
	}
	responsible := string(in.ResponsibleUser)
	if responsible == "" {
		responsible = hidden.ResponsibleUser
	}
	m.Users = tfkit.UUIDSet(m.Users, union(uuidsOf(in.Users), hidden.Users))
	m.ResponsibleUser = tfkit.UUIDOrNull(responsible)
	m.Keys = publicKeys(m.Keys, in.Keys)
	m.Fingerprints = fingerprints(in.Fingerprints)
	if in.State != "" || m.State.IsUnknown() { // a server of 2024 has none
		m.State = tfkit.StringOrNull(string(in.State))
	}
	m.ErrorMessage = tfkit.StringOrNull(in.ErrorMessage)
}

func publicKeys(prior types.List, now []string) types.List {
	if len(now) == 0 && (prior.IsNull() || prior.IsUnknown() || len(prior.Elements()) > 0) {
		return types.ListNull(tfkit.PublicKeyType{})
	}
	elements := []attr.Value{}
	for _, key := range now {
		elements = append(elements, tfkit.PublicKeyOf(key))
	}
	return types.ListValueMust(tfkit.PublicKeyType{}, elements)
}

var fingerprintType = types.ObjectType{AttrTypes: fingerprintTypes}

var fingerprintTypes = map[string]attr.Type{"md5": types.StringType, "sha256": types.StringType, "sha512": types.StringType}

func fingerprints(in []waldurapi.Fingerprint) types.List {
	elements := []attr.Value{}
	for _, f := range in {
		elements = append(elements, types.ObjectValueMust(fingerprintTypes, map[string]attr.Value{
			"md5": types.StringValue(f.MD5), "sha256": types.StringValue(f.SHA256), "sha512": types.StringValue(f.SHA512),
		}))
	}
	return types.ListValueMust(fingerprintType, elements)
}

func uuidsOf(references []waldurapi.Reference) []string {
	uuids := make([]string, len(references))
	for i, reference := range references {
		uuids[i] = string(reference)
	}
	return uuids
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// robotAccountResourceModel is the state of the resource.
type robotAccountResourceModel struct {
	robotAccount
	ID           types.String `tfsdk:"id"`
	DeletionMode types.String `tfsdk:"deletion_mode"`
}

// Identity implements tfkit.ResourceModel.
func (m *robotAccountResourceModel) Identity() any {
	return uuidIdentity{types.StringValue(m.UUID.ValueString())}
}

func (m *robotAccountResourceModel) fromAPI(in *waldurapi.RobotAccount, hidden hiddenUsers) {
	m.robotAccount.fromAPI(in, hidden)
	m.ID = types.StringValue(in.UUID)
	if m.DeletionMode.IsNull() {
		m.DeletionMode = types.StringValue(deleteAtOnce) // after an import
	}
}

func (m *robotAccountResourceModel) toCreate() waldurapi.RobotAccountWrite {
	resource, kind := m.ResourceUUID.Canonical(), m.Type.ValueString()
	write := waldurapi.RobotAccountWrite{Resource: &resource, Type: &kind}
	m.setChanged(&write, &robotAccountResourceModel{})
	return write
}

// toUpdate returns the update that leads from the prior state to the planned one, but for the state of the account, and whether
// one is needed.
func (m *robotAccountResourceModel) toUpdate(prior *robotAccountResourceModel) (write waldurapi.RobotAccountWrite, needed bool) {
	if m.Type.ValueString() != prior.Type.ValueString() {
		kind := m.Type.ValueString()
		write.Type = &kind
	}
	m.setChanged(&write, prior)
	return write, write != waldurapi.RobotAccountWrite{}
}

func (m *robotAccountResourceModel) setChanged(write *waldurapi.RobotAccountWrite, prior *robotAccountResourceModel) {
	if username := m.Username.ValueString(); username != prior.Username.ValueString() {
		write.Username = &username
	}
	if description := m.Description.Canonical(); description != prior.Description.Canonical() {
		write.Description = &description
	}
	if users := tfkit.CanonicalElements(m.Users); !slices.Equal(union(users, nil), union(tfkit.CanonicalElements(prior.Users), nil)) {
		write.Users = &users
	}
	if responsible := m.ResponsibleUser.Canonical(); responsible != prior.ResponsibleUser.Canonical() {
		write.ResponsibleUser = &responsible
	}
	if keys := tfkit.CanonicalElements(m.Keys); !slices.Equal(keys, tfkit.CanonicalElements(prior.Keys)) {
		write.Keys = &keys
	}
}
