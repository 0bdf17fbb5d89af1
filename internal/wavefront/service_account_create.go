package wavefront

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// Create creates an account and compares it with the plan: the server may return success and ignore
// a part.
func (r *serviceAccountResource) Create(
	ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse,
) {
	var m serviceAccountResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	wanted := m.toWrite(nil)
	defer r.Data.Locks.Lock(serviceAccountType + "/" + wanted.Identifier)()

	account, remark, err := r.accounts().create(ctx, wanted)
	if err != nil {
		fail(&resp.Diagnostics, "create Wavefront service account", wanted.Identifier, err)
		return
	}
	added := groupsAdded(wanted.UserGroups, account)
	m.fromAPI(account, added)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
	privateAddedGroups.Store(ctx, resp.Private, added, &resp.Diagnostics)

	ignored := verify(wanted, account, remark)
	resp.Diagnostics.Append(ignored...)
	if ignored.HasError() {
		r.deleteIncomplete(ctx, wanted.Identifier, resp)
	}
}

// deleteIncomplete deletes an account that the server created with a part missing. In the state it
// would be tainted, and replaced by the next apply.
func (r *serviceAccountResource) deleteIncomplete(
	ctx context.Context, identifier string, resp *resource.CreateResponse,
) {
	if err := r.accounts().remove(context.WithoutCancel(ctx), identifier); err != nil {
		const doing = "delete incomplete Wavefront service account"
		fail(&resp.Diagnostics, doing, identifier, err, "The account stays in the state. The next apply replaces it.")
		return
	}
	resp.State.RemoveResource(ctx)
	resp.Diagnostics.AddWarning("The account was deleted again", "The server did not create the service account "+
		identifier+" as the configuration wants it. It was deleted, so that nothing is left behind.")
}
