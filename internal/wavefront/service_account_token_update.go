package wavefront

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// Update renames, revokes the previous token if its time has come, and rotates, in this order, and saves after each.
func (r *tokenResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, plan managedToken
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	p, diags := loadPrints(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer r.lock(&plan)()

	live, err := r.accountTokens(plan.ServiceAccount).list(ctx)
	var h held
	if err == nil {
		h, err = live.find(p, plan.ServiceAccount.ValueString(), prior.Name.ValueString())
	}
	if err == nil && h.current == nil {
		err = errors.New("the token was revoked since the plan was made; plan again")
	}
	if err != nil {
		fail(&resp.Diagnostics, "update Wavefront service account token", prior.key(), err)
		return
	}
	u := tokenUpdate{r: r, resp: resp, m: &plan, planned: plan.Overlapping, held: h, prints: p}
	u.m.Keep(prior.Overlapping)
	u.run(ctx, live)
}

// tokenUpdate is an update on its way. Until its rotation is done, m holds the prior keys together with the planned settings.
type tokenUpdate struct {
	r       *tokenResource
	resp    *resource.UpdateResponse
	m       *managedToken
	planned rotation.Overlapping
	held    held
	prints  prints
}

func (u *tokenUpdate) run(ctx context.Context, live tokens) {
	rotates := u.planned.Planned()
	steps := []func() error{
		func() error { return u.rename(ctx) },
		func() error { return u.revokePrevious(ctx, rotates) },
	}
	if rotates {
		steps = append(steps, func() error { return u.rotate(ctx, live) }, func() error { return u.revokePrevious(ctx, !u.planned.Overlaps()) })
	}
	for _, step := range steps {
		if err := step(); err != nil {
			fail(&u.resp.Diagnostics, "update Wavefront service account token", u.m.key(), err)
			u.save(ctx)
			return
		}
		u.save(ctx)
	}
}

// save puts into state what is known to be so by now.
func (u *tokenUpdate) save(ctx context.Context) {
	u.m.Name = types.StringValue(u.held.current.Name)
	u.m.hold(u.held)
	if !u.planned.Planned() {
		u.m.RotatedAt, u.m.Keepers = u.planned.RotatedAt, u.planned.Keepers
		if u.held.previous != nil {
			u.m.PreviousExpiresAt = u.planned.PreviousExpiresAt
		}
	}
	u.m.save(ctx, &u.resp.State, u.resp.Identity, &u.resp.Diagnostics)
	now := u.held.prints(u.r.runsWith)
	now.Before = u.prints.Before
	u.resp.Diagnostics.Append(now.store(ctx, u.resp.Private)...)
}

func (u *tokenUpdate) tokens() accountTokens { return u.r.accountTokens(u.m.ServiceAccount) }

// renameTo gives a token another name. If the answer gets lost, the name may be either: the next refresh tells.
func (u *tokenUpdate) renameTo(ctx context.Context, token *wavefrontapi.Token, name string) error {
	if token.Name == name {
		return nil
	}
	if err := u.r.Client.Tokens.Rename(ctx, u.m.ServiceAccount.ValueString(), token.ID, name); err != nil {
		return err
	}
	token.Name = name
	return nil
}

func (u *tokenUpdate) rename(ctx context.Context) error {
	wanted := u.m.Name.ValueString()
	if err := u.renameTo(ctx, u.held.current, wanted); err != nil {
		return err
	}
	if u.held.previous == nil || u.planned.Planned() {
		return nil
	}
	return u.renameTo(ctx, u.held.previous, wanted+previousSuffix)
}

func (u *tokenUpdate) revokePrevious(ctx context.Context, due bool) error {
	if u.held.previous == nil || !due && u.planned.HasPrevious() {
		return nil
	}
	if err := u.tokens().revoke(ctx, u.held.previous); err != nil {
		return err
	}
	u.held.previous = nil
	return nil
}

// rotate generates a token and makes it the current one. The one before it is the previous one from then on, however short.
func (u *tokenUpdate) rotate(ctx context.Context, live tokens) error {
	name, old := u.m.Name.ValueString(), u.held.current
	generated := u.unsettled(live, name)
	if u.planned.Overlaps() {
		if err := u.renameTo(ctx, old, name+previousSuffix); err != nil {
			return err
		}
	}
	if generated == nil {
		var unsettled bool
		var err error
		if generated, unsettled, err = u.tokens().generate(ctx, name, live.prints()); err != nil {
			if unsettled {
				u.prints.Before = live.prints()
			}
			return errors.Join(err, u.renameTo(context.WithoutCancel(ctx), old, name))
		}
	}
	u.prints.Before = nil
	u.held = held{current: generated, previous: old}
	u.m.Succeed(generated.ID.Reveal(), u.r.Data.Clock)
	u.planned.RotatedAt, u.planned.PreviousExpiresAt = u.m.RotatedAt, u.m.PreviousExpiresAt
	return nil
}

// unsettled returns the token that an earlier rotation made, though its answer got lost and no list could be read: it need not be made again.
func (u *tokenUpdate) unsettled(live tokens, name string) *wavefrontapi.Token {
	if u.prints.Before == nil {
		return nil
	}
	return newest(live.since(u.prints.Before).named(name))
}
