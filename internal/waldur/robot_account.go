package waldur

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

const robotAccountType = "svcacct_waldur_robot_account"

// The values of deletion_mode.
const (
	deleteAtOnce    = "delete"
	deleteOnRequest = "request_deletion"
)

// robotAccountModel has the attributes that the resource and the data sources share.
type robotAccountModel struct {
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
	BackendID       types.String      `tfsdk:"backend_id"`

	// The responses to create and update lack the rest.
	ResourceName types.String `tfsdk:"resource_name"`
	ProjectUUID  tfkit.UUID   `tfsdk:"project_uuid"`
	ProjectName  types.String `tfsdk:"project_name"`
	CustomerUUID tfkit.UUID   `tfsdk:"customer_uuid"`
	CustomerName types.String `tfsdk:"customer_name"`
	ProviderUUID tfkit.UUID   `tfsdk:"provider_uuid"`
	ProviderName types.String `tfsdk:"provider_name"`
}

// fromAPI sets the attributes from a response. What the response does not have stays as it is: a server
// of 2024 returns no description and no state.
func (m *robotAccountModel) fromAPI(in *waldurapi.RobotAccount) {
	m.UUID = tfkit.UUIDOrNull(in.UUID)
	m.Created = tfkit.OrPrior(tfkit.TimeOrNull(in.Created), m.Created)
	m.ResourceUUID = tfkit.OrPrior(tfkit.UUIDOrNull(cmp.Or(string(in.Resource), in.ResourceUUID)), m.ResourceUUID)
	m.Type = tfkit.OrPrior(tfkit.StringOrNull(in.Type), m.Type)
	m.Username = tfkit.OrPrior(types.StringPointerValue(in.Username), m.Username)
	if in.Description != nil {
		m.Description = m.Description.Refreshed(*in.Description)
	}
	if m.Description.IsUnknown() {
		m.Description = tfkit.Text{}
	}
	m.Users = tfkit.IfReturned(in.Users != nil, tfkit.UUIDSet(m.Users, uuidsOf(in.Users)), m.Users)
	responsible := tfkit.UUIDOrNull(string(in.ResponsibleUser.Reference))
	m.ResponsibleUser = tfkit.IfReturned(in.ResponsibleUser.Returned, responsible, m.ResponsibleUser)
	m.Keys = tfkit.IfReturned(in.Keys != nil, publicKeys(m.Keys, in.Keys), m.Keys)
	m.Fingerprints = tfkit.IfReturned(in.Fingerprints != nil, fingerprints(in.Fingerprints), m.Fingerprints)
	m.State = tfkit.OrPrior(tfkit.StringOrNull(string(in.State)), m.State)
	message := tfkit.StringPointerOrNull(in.ErrorMessage)
	m.ErrorMessage = tfkit.IfReturned(in.ErrorMessage != nil, message, m.ErrorMessage)
	m.BackendID = tfkit.IfReturned(in.BackendID != nil, tfkit.StringPointerOrNull(in.BackendID), m.BackendID)
	m.ResourceName = tfkit.OrPrior(tfkit.StringOrNull(in.ResourceName), m.ResourceName)
	m.ProjectUUID = tfkit.OrPrior(tfkit.UUIDOrNull(in.ProjectUUID), m.ProjectUUID)
	m.ProjectName = tfkit.OrPrior(tfkit.StringOrNull(in.ProjectName), m.ProjectName)
	m.CustomerUUID = tfkit.OrPrior(tfkit.UUIDOrNull(in.CustomerUUID), m.CustomerUUID)
	m.CustomerName = tfkit.OrPrior(tfkit.StringOrNull(in.CustomerName), m.CustomerName)
	provider := tfkit.UUIDOrNull(cmp.Or(in.ProviderUUID, in.OfferingCustomerUUID))
	m.ProviderUUID = tfkit.OrPrior(provider, m.ProviderUUID)
	m.ProviderName = tfkit.OrPrior(tfkit.StringOrNull(in.ProviderName), m.ProviderName)
}

// publicKeys returns the keys that a server returns. An empty list is null, unless the prior list
// is empty. Servers before 8.0.9 keep white space around a key.
func publicKeys(prior types.List, now []string) types.List {
	if len(now) == 0 && !tfkit.IsEmpty(prior) {
		return types.ListNull(tfkit.PublicKeyType{})
	}
	elements := []attr.Value{}
	for _, key := range now {
		elements = append(elements, tfkit.PublicKeyOf(strings.TrimSpace(key)))
	}
	return types.ListValueMust(tfkit.PublicKeyType{}, elements)
}

var fingerprintType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"md5": types.StringType, "sha256": types.StringType, "sha512": types.StringType,
}}

// fingerprints returns the fingerprints that a server returns; null for nil.
func fingerprints(in []waldurapi.Fingerprint) types.List {
	if in == nil {
		return types.ListNull(fingerprintType)
	}
	elements := []attr.Value{}
	for _, f := range in {
		elements = append(elements, types.ObjectValueMust(fingerprintType.AttrTypes, map[string]attr.Value{
			"md5":    tfkit.StringOrNull(f.MD5),
			"sha256": tfkit.StringOrNull(f.SHA256),
			"sha512": tfkit.StringOrNull(f.SHA512),
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

// robotAccountDataModel is the model of a data source. A list without elements is empty there, so that
// expressions can use it without a check, and null if the server does not return it.
type robotAccountDataModel struct{ robotAccountModel }

func (m *robotAccountDataModel) fromAPI(in *waldurapi.RobotAccount) {
	m.robotAccountModel.fromAPI(in)
	if in.Users != nil && len(in.Users) == 0 {
		m.Users = types.SetValueMust(tfkit.UUIDType{}, []attr.Value{})
	}
	if in.Keys != nil && len(in.Keys) == 0 {
		m.Keys = types.ListValueMust(tfkit.PublicKeyType{}, []attr.Value{})
	}
}

// robotAccountResourceModel is the model that the resource manages.
type robotAccountResourceModel struct {
	robotAccountModel
	ID           types.String `tfsdk:"id"`
	DeletionMode types.String `tfsdk:"deletion_mode"`
}

// Identity implements tfkit.ResourceModel.
func (m *robotAccountResourceModel) Identity() any { return identityOf(m.UUID) }

func (m *robotAccountResourceModel) fromAPI(in *waldurapi.RobotAccount) {
	m.robotAccountModel.fromAPI(in)
	m.ID = types.StringValue(in.UUID)
	if m.DeletionMode.IsNull() { // after an import
		m.DeletionMode = types.StringValue(deleteAtOnce)
	}
}

func (m *robotAccountResourceModel) toCreate() waldurapi.RobotAccountWrite {
	write, _ := m.toUpdate(&robotAccountResourceModel{})
	resource, kind := m.ResourceUUID.Canonical(), m.Type.ValueString()
	write.Resource, write.Type = &resource, &kind
	return write
}

// toUpdate returns the update that leads from the prior state to the planned one, without the state
// of the account, and whether an update is needed.
func (m *robotAccountResourceModel) toUpdate(
	prior *robotAccountResourceModel,
) (write waldurapi.RobotAccountWrite, needed bool) {
	write.Type = changed(m.Type.ValueString(), prior.Type.ValueString())
	write.Username = changed(m.Username.ValueString(), prior.Username.ValueString())
	write.Description = changed(m.Description.Canonical(), prior.Description.Canonical())
	write.ResponsibleUser = changed(m.ResponsibleUser.Canonical(), prior.ResponsibleUser.Canonical())
	users := tfkit.CanonicalElements(m.Users)
	if !slices.Equal(tfkit.Distinct(users), tfkit.Distinct(tfkit.CanonicalElements(prior.Users))) {
		write.Users = &users
	}
	if keys := tfkit.CanonicalElements(m.Keys); !slices.Equal(keys, tfkit.CanonicalElements(prior.Keys)) {
		write.Keys = &keys
	}
	return write, write != waldurapi.RobotAccountWrite{}
}

// changed returns a text that differs from the prior one, else nil.
func changed(text, prior string) *string {
	if text == prior {
		return nil
	}
	return &text
}
