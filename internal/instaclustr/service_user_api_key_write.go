package instaclustr

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Create issues the key, saves, and then restricts it. A failure of the restriction is a warning:
// after an error Terraform would revoke and replace the key. State shows that the list is not in
// force, so that the next plan restricts the key.
func (r *apiKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m apiKeyResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	username, keyType, id := m.key()
	defer lock(r.Data, username)()

	m.ID, m.EffectiveCIDRAllowList = types.StringValue(id), types.SetNull(types.StringType)
	issued, err := r.Client.keys().create(ctx, username, keyType, m.AdoptByRotation.ValueBool())
	if err != nil {
		failAPIKey(&resp.Diagnostics, "create", id, err, createHints(err, id)...)
		if errors.Is(err, rotation.ErrUnconfirmed) { // the next apply revokes it and issues another key
			m.Clear()
			rotation.MarkUnconfirmed(ctx, resp.Private, true, &resp.Diagnostics) // and after an untaint rotates it
			tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
		}
		return
	}
	m.Set(rotation.Issued{Secret: issued.Secret}, r.Data.Clock, &resp.Diagnostics)
	m.EffectiveCIDRAllowList = effectiveList(issued.AllowList)
	privateKeyTail.Store(ctx, resp.Private, instaclustrapi.TailOf(issued.Secret.Reveal()), &resp.Diagnostics)
	m.storeHeldTail(ctx, issued.Secret, resp.Private, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)

	if err := r.restrict(ctx, &m, prefixes(m.CIDRAllowList)); err != nil {
		resp.Diagnostics.AddAttributeWarning(path.Root("cidr_allow_list"), "The API key is not restricted",
			fmt.Sprintf("The API key %s was issued, but its allow list could not be written: the key works from any "+
				"address. The next apply restricts it.\n\n%s\n\n%s", id, err, hintOn(err)))
		return
	}
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
}

// afterKeyImport says how to get a key after an import.
const afterKeyImport = "After an import, api_key is null. To get a key that is known, apply with keepers, then " +
	"change one of them: that rotates the key."

func createHints(err error, id string) []string {
	switch {
	case errors.Is(err, rotation.ErrUnconfirmed):
		return []string{"There may be a key now, or soon, that nobody knows and that works from all addresses. The " +
			"resource is in the state, without a key. The next apply replaces it, which revokes such a key. After " +
			"terraform untaint, the next apply rotates the key instead."}
	case errors.Is(err, errKeyExists):
		return []string{tfkit.ImportHint(apiKeyType, id), "Or set adopt_by_rotation = true, which rotates the " +
			"existing key and so revokes it at once for everybody who uses it.", afterKeyImport, "The key may have " +
			"come with the user (initial_api_keys on its resource says what happens to such keys), belong to " +
			"somebody else, or be left from an ephemeral resource whose run crashed."}
	}
	return nil
}

// Update restricts the key first, saves, then rotates it, saves, and restricts it again if the
// rotation has opened it.
func (r *apiKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, m apiKeyResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	lists := privateLists.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	username, _, id := m.key()
	defer lock(r.Data, username)()

	if m.EffectiveCIDRAllowList = prior.EffectiveCIDRAllowList; m.WillRotate() || m.restricts(lists.Dropped) {
		tail := privateKeyTail.Load(ctx, req.Private, &resp.Diagnostics)
		r.refuseOwnAtApply(ctx, prior, tail, m.AllowSelfLockout, "This rotates or restricts", &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	if err := r.restrict(ctx, &m, m.wanted(lists.Dropped)); err != nil {
		failAPIKey(&resp.Diagnostics, "restrict", id, err)
		return
	}
	if lists.Dropped != nil {
		privateLists.Store(ctx, resp.Private, apiKeyLists{}, &resp.Diagnostics)
	}
	if secret, known := prior.Known(); known {
		m.storeHeldTail(ctx, secret, resp.Private, &resp.Diagnostics)
	}
	before := m.EffectiveCIDRAllowList
	var wanted []string
	save := func() { tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics) }
	rotated := m.Rotate(ctx, prior.Key, rotation.Steps{
		Issue: func(ctx context.Context) (issued rotation.Issued, err error) {
			issued, wanted, err = r.rotate(ctx, &m, before, resp)
			return issued, err
		},
		Save:     save,
		Fail:     func(err error, hints ...string) { failAPIKey(&resp.Diagnostics, "rotate", id, err, hints...) },
		Imported: func(key transport.Secret) { m.storeHeldTail(ctx, key, resp.Private, &resp.Diagnostics) },
		Private:  resp.Private, Clock: r.Data.Clock, Imports: r.Data.Imports,
	}, &resp.Diagnostics)
	if !rotated {
		return
	}
	if err := r.restrict(ctx, &m, wanted); err != nil {
		if m.CIDRAllowList.IsNull() {
			privateLists.Store(ctx, resp.Private, apiKeyLists{Dropped: wanted}, &resp.Diagnostics)
		}
		failAPIKey(&resp.Diagnostics, "restrict", id, err, "The key was rotated, and state holds the new key, but "+
			"the server has dropped its allow list: the key works from any address. The next apply restricts it.")
		return
	}
	save()
}

// rotate issues a new key, and records the allow list that the response has. It returns the allow
// list that must be written then; nil if the list stays as it is.
func (r *apiKeyResource) rotate(
	ctx context.Context, m *apiKeyResourceModel, prior types.Set, resp *resource.UpdateResponse,
) (rotation.Issued, []string, error) {
	username, keyType, id := m.key()
	issued, err := r.Client.keys().rotate(ctx, username, keyType)
	if err != nil {
		return rotation.Issued{}, nil, err
	}
	wanted := m.afterRotation(prior, issued.AllowList)
	if wanted == nil && isOpen(m.EffectiveCIDRAllowList) && prior.IsNull() {
		resp.Diagnostics.AddAttributeWarning(path.Root("cidr_allow_list"), "The API key works from any address",
			fmt.Sprintf("The API key %s was rotated, and works from any address now. It was imported, so that it is "+
				"not known whether it did before. Set cidr_allow_list to restrict it.", id))
	}
	privateKeyTail.Store(ctx, resp.Private, instaclustrapi.TailOf(issued.Secret.Reveal()), &resp.Diagnostics)
	m.storeHeldTail(ctx, issued.Secret, resp.Private, &resp.Diagnostics)
	if wanted == nil {
		if returned := m.keepPlanned(prior); returned != nil {
			privateLists.Store(ctx, resp.Private, apiKeyLists{Returned: returned}, &resp.Diagnostics)
		}
	}
	return rotation.Issued{Secret: issued.Secret}, wanted, nil
}

// wanted returns the allow list to write: the configured list, or else a list that the service dropped.
func (m *apiKeyResourceModel) wanted(dropped []string) []string {
	if m.CIDRAllowList.IsNull() {
		return dropped
	}
	return prefixes(m.CIDRAllowList)
}

// restricts reports whether restrict writes the wanted list.
func (m *apiKeyResourceModel) restricts(dropped []string) bool {
	wanted := m.wanted(dropped)
	return len(wanted) > 0 && !isEffective(wanted, m.EffectiveCIDRAllowList)
}

// restrict writes an allow list unless it is in force already. With an empty list it does nothing.
func (r *apiKeyResource) restrict(ctx context.Context, m *apiKeyResourceModel, wanted []string) error {
	if len(wanted) == 0 || isEffective(wanted, m.EffectiveCIDRAllowList) {
		return nil
	}
	username, keyType, _ := m.key()
	if err := r.Client.keys().restrict(ctx, username, keyType, wanted); err != nil {
		return err
	}
	m.EffectiveCIDRAllowList = tfkit.StringSetOf(wanted)
	return nil
}
