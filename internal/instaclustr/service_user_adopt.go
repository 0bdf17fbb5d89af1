package instaclustr

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// adoptions prevents that two resources manage one service user, as far as one run shows it. The maps are by
// user name.
type adoptions struct {
	planned sync.Map // true: a plan adopts the user, false: the state has it
	taken   sync.Map // users that this run has created or adopted
}

// plan says how the plan of a resource comes to a user. It returns false if another plan of this run comes
// to it in the other way.
func (a *adoptions) plan(username types.String, adopts bool) bool {
	before, _ := a.planned.LoadOrStore(username.ValueString(), adopts)
	return before == adopts
}

// adopted returns the existing user that a new resource takes into the state; nil: none. Both the user name
// and the e-mail address must be those of the configuration.
func (m *serviceUserResourceModel) adopted(existing []*instaclustrapi.ServiceUser) *instaclustrapi.ServiceUser {
	if !m.AdoptExisting.ValueBool() {
		return nil
	}
	for _, user := range existing {
		if user.Username == m.Username.ValueString() && strings.EqualFold(user.Email, m.Email.ValueString()) {
			return user
		}
	}
	return nil
}

// beforeAdoption returns the model and the private state of an existing user, as after an import, and fills in
// what the plan leaves to the server: it stays as it is.
func (m *serviceUserResourceModel) beforeAdoption(
	found *instaclustrapi.ServiceUser, caller string,
) (prior serviceUserResourceModel, private serviceUserPrivate) {
	private = importedServiceUserPrivate(found, caller)
	prior.fromAPI(found, private)
	if m.DisplayName.IsUnknown() {
		m.DisplayName = prior.DisplayName
	}
	if m.Administrators.IsUnknown() {
		m.Administrators = prior.Administrators
	}
	return prior, private
}

// planAdoption warns that a plan takes an existing user into the state, and of what happens to it. It refuses
// what an update of this user would refuse.
func (r *serviceUserResource) planAdoption(
	found *instaclustrapi.ServiceUser, planned serviceUserResourceModel, diags *diag.Diagnostics,
) {
	prior, private := planned.beforeAdoption(found, r.Client.Username())
	if !r.Client.adoptions.plan(planned.Username, true) {
		twoManagers(planned.Username, diags)
		return
	}
	texts := []string{
		fmt.Sprintf("The service user %s exists, with the same e-mail address. Applying this plan takes it into the "+
			"state.", planned.Username),
		r.planAdoptedKeys(found, planned, diags),
	}
	for _, change := range []struct {
		name          string
		prior, wanted types.String
	}{{"role", prior.Role, planned.Role}, {"display name", prior.DisplayName, planned.DisplayName}} {
		if !change.wanted.IsUnknown() && !change.wanted.Equal(change.prior) {
			texts = append(texts, fmt.Sprintf("Its %s changes from %s to %s.",
				change.name, change.prior, change.wanted))
		}
	}
	wanted := planned.toUpdate(private).Administrators
	if tfkit.WhollyKnown(planned.Administrators) && !slices.Equal(wanted, tfkit.Distinct(found.Administrators)) {
		texts = append(texts, "Its administrators change.")
	}
	diags.AddAttributeWarning(path.Root("adopt_existing"), "An existing service user is adopted",
		strings.Join(texts, " "))
	r.refuseOwnRemoval(prior, planned, private, diags)
	r.planRole(prior, &planned, diags)
}

// planAdoptedKeys says what happens to the keys of an adopted user.
func (r *serviceUserResource) planAdoptedKeys(
	found *instaclustrapi.ServiceUser, planned serviceUserResourceModel, diags *diag.Diagnostics,
) string {
	had := "API keys of the types " + strings.Join(tfkit.Distinct(keyTypesOf(found)), ", ")
	switch {
	case found.Keys != nil && len(found.Keys) == 0:
		return "It has no API keys."
	case found.Keys == nil:
		had = "API keys, which the service does not return"
	}
	switch {
	case planned.InitialAPIKeys.IsUnknown():
		return "It may have " + had + ". If initial_api_keys turns out \"revoke\", they are revoked, whoever uses them."
	case planned.InitialAPIKeys.ValueString() == initialKept:
		return "It keeps its " + had + ". If this resource is tainted, they are revoked first: run terraform untaint " +
			"instead."
	case r.Client.signsInAs(found.Username) && !lockoutAllowed(planned.AllowSelfLockout):
		tfkit.RefuseLockout(diags, path.Root("initial_api_keys"), adoptionRevokes(found.Username))
	}
	return "Its " + had + " are revoked, whoever uses them; initial_api_keys = \"keep\" keeps them."
}

func adoptionRevokes(username string) string {
	return fmt.Sprintf("Adopting %q with initial_api_keys = \"revoke\" revokes all its API keys", username)
}

// claim notes that the state has a user, unless there is no state. It refuses a plan that adopts the user.
func (r *serviceUserResource) claim(prior serviceUserResourceModel, diags *diag.Diagnostics) {
	if r.Client != nil && !prior.Username.IsNull() && !r.Client.adoptions.plan(prior.Username, false) {
		twoManagers(prior.Username, diags)
	}
}

// twoManagers refuses that a resource adopts a user that another resource has in the state.
func twoManagers(username types.String, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("username"), "Two resources would manage one service user", fmt.Sprintf("A "+
		"resource with adopt_existing would adopt %s, which another resource of this configuration has in the state. "+
		"If you renamed the resource block, write a moved block. Otherwise remove one of the two.", username))
}

// adopt changes an existing user to what is planned, and returns it. It returns no user and no error if there
// is no user to adopt. The keys that are to be revoked are in the private state. An error comes before the
// user is changed; the exception is a key that the new role does not allow, and that can't be revoked: such keys
// are in the private state too.
func (r *serviceUserResource) adopt(
	ctx context.Context, config tfsdk.Config, m *serviceUserResourceModel,
) (*instaclustrapi.ServiceUser, serviceUserPrivate, error) {
	username := m.Username.ValueString()
	found, err := r.toAdopt(ctx, m)
	if found == nil || err != nil {
		return nil, serviceUserPrivate{}, err
	}
	prior, private := m.beforeAdoption(found, r.Client.Username())
	switch revokes := m.InitialAPIKeys.ValueString() == initialRevoked; {
	case revokes && found.Keys == nil:
		return nil, private, errKeysNotReturned
	case revokes && len(found.Keys) > 0 && r.Client.signsInAs(username) && !m.AllowSelfLockout.ValueBool():
		return nil, private, tfkit.LockoutError(adoptionRevokes(username))
	}
	private.settleImport("", m.InitialAPIKeys.ValueString())
	wanted := m.toUpdate(private)
	if inEffect(wanted, found.DisplayName, found.Role, found.Administrators) {
		return found, private, nil
	}
	lowered := lowers(prior.Role, m.Role)
	if ends := disallowed(wanted.Role, keyTypesOf(found)); lowered && len(ends) > 0 &&
		r.Client.signsInAs(username) && !m.AllowSelfLockout.ValueBool() {
		return nil, private, tfkit.LockoutError(fmt.Sprintf("The role %s ends API keys of %q", wanted.Role, username))
	}
	now, err := r.update(ctx, config, *m, wanted, lowered)
	if err != nil && now != nil {
		private.addKeysToRevoke(now, disallowed(wanted.Role, keyTypesOf(now)))
		return now, private, nil
	}
	return now, private, err
}

// toAdopt returns the user that a resource adopts, as it is now; nil: none.
func (r *serviceUserResource) toAdopt(
	ctx context.Context, m *serviceUserResourceModel,
) (*instaclustrapi.ServiceUser, error) {
	if !m.AdoptExisting.ValueBool() {
		return nil, nil
	}
	existing, err := r.Client.known.All(ctx)
	if err != nil || m.adopted(existing) == nil {
		return nil, err
	}
	if _, taken := r.Client.adoptions.taken.Load(m.Username.ValueString()); taken {
		return nil, errTaken
	}
	return r.Client.users().get(ctx, m.Username.ValueString())
}

// errTaken says that another resource has taken a user in this run.
var errTaken = errors.New("another resource of this configuration has created or adopted this service user in this " +
	"run. One of the two must go")
