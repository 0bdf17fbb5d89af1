package waldur

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// robotAccountResource manages robot accounts.
type robotAccountResource struct{ resourceBase }

var (
	_ resource.ResourceWithConfigure   = &robotAccountResource{}
	_ resource.ResourceWithIdentity    = &robotAccountResource{}
	_ resource.ResourceWithImportState = &robotAccountResource{}
	_ resource.ResourceWithModifyPlan  = &robotAccountResource{}
)

func newRobotAccountResource(c *connection) resource.Resource {
	return &robotAccountResource{resourceBase{base{Connection: c}}}
}

func (r *robotAccountResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = robotAccountType
}

func (r *robotAccountResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = robotAccountSchema()
}

func (r *robotAccountResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"uuid": identityschema.StringAttribute{RequiredForImport: true, Description: "UUID of the account."},
	}}
}

func (r *robotAccountResource) accounts() robotAccounts { return robotAccounts{r.Client} }

func (r *robotAccountResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m robotAccountResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	wanted, planned := m.toCreate(), m
	defer r.Data.Locks.Lock(robotAccountType + "/" + *wanted.Resource + "/" + *wanted.Type)()

	made, err := r.accounts().create(ctx, wanted)
	if err != nil {
		failRobotAccount(&resp.Diagnostics, "create", "", err)
		return
	}
	hidden := hiddenFrom(tfkit.CanonicalElements(planned.Users), planned.ResponsibleUser.Canonical(), made)
	m.fromAPI(made, hidden)
	m.robotAccountPlace.fromAPI(made)
	privateHidden.Store(ctx, resp.Private, hidden, &resp.Diagnostics)
	storeWanted(ctx, req.Config, resp.Private, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)

	r.settle(ctx, &m, planned, hidden, &resp.State, &resp.Diagnostics)
}

// settle reads where a new account is, and takes it to the state that is wanted.
func (r *robotAccountResource) settle(ctx context.Context, m *robotAccountResourceModel, planned robotAccountResourceModel, hidden hiddenUsers, state *tfsdk.State, diags *diag.Diagnostics) {
	ctx = context.WithoutCancel(ctx) // an interrupt here would have the account replaced by the next apply
	uuid := m.UUID.ValueString()
	account, err := r.accounts().api().Get(ctx, uuid)
	if err != nil {
		diags.AddWarning("Not all is known of the account", "The account was made, but could not be read: "+err.Error()+". The next refresh completes the state.")
		account = &waldurapi.RobotAccount{State: waldurapi.RobotAccountState(m.State.ValueString())}
	} else {
		m.fromAPI(account, hidden)
		m.robotAccountPlace.fromAPI(account)
	}
	wanted := planned.State.ValueString()
	switch {
	case planned.State.IsUnknown():
	case account.State == "" && wanted == robotOK: // a server of 2024 has no states, but its accounts are what OK means
		m.State = planned.State
	default:
		account, err = r.accounts().step(ctx, uuid, wanted, planned.ErrorMessage.ValueString(), account, func(string) {})
		m.State, m.ErrorMessage = tfkit.StringOrNull(string(account.State)), tfkit.StringOrNull(account.ErrorMessage)
		if err != nil {
			failRobotAccount(diags, "create", uuid, err, "The account was made, but is not in the state that is wanted.")
		}
	}
	diags.Append(state.Set(ctx, m)...)
	warnOfMissingFields(account, planned, diags)
}

func (r *robotAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m robotAccountResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	hidden := privateHidden.Load(ctx, resp.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.SaveIdentity(ctx, &m, resp.Identity, &resp.Diagnostics)

	account, err := r.accounts().get(ctx, m.UUID.ValueString(), m.ResourceUUID.Canonical())
	if errors.Is(err, errAbsent) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		failRobotAccount(&resp.Diagnostics, "read", m.UUID.ValueString(), err)
		return
	}
	hidden = hidden.without(account)
	m.fromAPI(account, hidden)
	m.robotAccountPlace.fromAPI(account)
	privateHidden.Store(ctx, resp.Private, hidden, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Update changes the fields first, saves, and then goes from state to state.
func (r *robotAccountResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, m robotAccountResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	uuid, planned := m.UUID.ValueString(), m

	hidden := privateHidden.Load(ctx, resp.Private, &resp.Diagnostics)
	m.State, m.ErrorMessage = prior.State, prior.ErrorMessage
	if write, needed := m.toUpdate(&prior); needed {
		updated, left, err := r.update(ctx, uuid, write, &resp.Diagnostics)
		if err != nil {
			failRobotAccount(&resp.Diagnostics, "update", uuid, err)
			return
		}
		// All that is known is as planned; what somebody else has changed meanwhile, the next refresh tells.
		if m.Fingerprints.IsUnknown() {
			m.Fingerprints = fingerprints(updated.Fingerprints)
		}
		if m.Username.IsUnknown() {
			m.Username = types.StringValue(updated.Username)
		}
		warnOfHidden(hidden, write, &resp.Diagnostics)
		privateHidden.Store(ctx, resp.Private, hidden.after(write, updated).except(left), &resp.Diagnostics)
		warnOfMissingFields(updated, planned, &resp.Diagnostics)
	}
	storeWanted(ctx, req.Config, resp.Private, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
	if planned.State.Equal(prior.State) || resp.Diagnostics.HasError() {
		return
	}
	account := &waldurapi.RobotAccount{State: waldurapi.RobotAccountState(prior.State.ValueString()), ErrorMessage: prior.ErrorMessage.ValueString()}
	account, err := r.accounts().step(ctx, uuid, planned.State.ValueString(), planned.ErrorMessage.ValueString(), account, func(string) {})
	m.State, m.ErrorMessage = tfkit.StringOrNull(string(account.State)), tfkit.StringOrNull(account.ErrorMessage)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
	if err != nil {
		failRobotAccount(&resp.Diagnostics, "set the state of", uuid, err)
	}
}

// update changes an account. If it is refused, it may be because of a user who has left: then those who are left are sent along, and
// a warning says so. It returns the users who were taken off.
func (r *robotAccountResource) update(ctx context.Context, uuid string, write waldurapi.RobotAccountWrite, diags *diag.Diagnostics) (updated *waldurapi.RobotAccount, left []string, err error) {
	updated, err = r.accounts().api().Update(ctx, uuid, write)
	if !transport.BadRequest(err) || write.Users != nil {
		return updated, nil, err
	}
	account, readErr := r.accounts().api().Get(ctx, uuid)
	if readErr != nil {
		return nil, nil, err
	}
	left, lookupErr := r.accounts().leavers(ctx, account, err)
	if lookupErr != nil || len(left) == 0 {
		return nil, nil, err
	}
	staying := slices.DeleteFunc(uuidsOf(account.Users), func(user string) bool { return slices.Contains(left, user) })
	write.Users = &staying
	if none := ""; slices.Contains(left, string(account.ResponsibleUser)) && write.ResponsibleUser == nil {
		write.ResponsibleUser = &none
	}
	updated, againErr := r.accounts().api().Update(ctx, uuid, write)
	if againErr != nil {
		return nil, nil, err
	}
	diags.AddAttributeWarning(path.Root("users"), "Users have left", fmt.Sprintf("Waldur refuses any change of an account with users who have left "+
		"the project and customer of its resource. So these users were taken off the account: %s. Take them out of the configuration, too.", strings.Join(left, ", ")))
	return updated, left, nil
}

func (r *robotAccountResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m robotAccountResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	remove := r.accounts().remove
	if m.DeletionMode.ValueString() == deleteOnRequest {
		remove = r.accounts().requestDeletion
	}
	if err := remove(ctx, m.UUID.ValueString(), m.ResourceUUID.Canonical()); err != nil {
		failRobotAccount(&resp.Diagnostics, "delete", m.UUID.ValueString(), err)
	}
}

func (r *robotAccountResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("uuid"), &id)...)
	}
	uuid, err := r.accounts().resolve(ctx, id)
	if err != nil {
		failRobotAccount(&resp.Diagnostics, "import", id, err)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("uuid"), uuid)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("uuid"), uuid)...)
}

// warnOfHidden tells that a write does not take off whom the server hides.
func warnOfHidden(hidden hiddenUsers, write waldurapi.RobotAccountWrite, diags *diag.Diagnostics) {
	const summary, detail = "Users whom Waldur hides", "Waldur hides users who have not given their consent from this token, and keeps them when they are removed. Ask someone who " +
		"sees them to remove: "
	if write.Users != nil {
		if kept := hidden.except(*write.Users).Users; len(kept) > 0 {
			diags.AddAttributeWarning(path.Root("users"), summary, detail+strings.Join(kept, ", "))
		}
	}
	if write.ResponsibleUser != nil && hidden.ResponsibleUser != "" && *write.ResponsibleUser == "" {
		diags.AddAttributeWarning(path.Root("responsible_user"), summary, detail+hidden.ResponsibleUser)
	}
}

// warnOfMissingFields tells what a server of 2024 does not keep.
func warnOfMissingFields(account *waldurapi.RobotAccount, planned robotAccountResourceModel, diags *diag.Diagnostics) {
	if account != nil && account.Description == nil && !planned.Description.IsNull() && !planned.Description.IsUnknown() {
		diags.AddAttributeWarning(path.Root("description"), "No descriptions on this server", "This Waldur is too old to keep descriptions of robot accounts.")
	}
}
