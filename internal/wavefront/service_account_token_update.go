package wavefront

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// Update renames, revokes the previous token if its time has come, and rotates, in this order.
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
	if err == nil && (h.current == nil || h.previous == nil && prior.HasPrevious() && plan.HasPrevious() && !plan.Planned()) {
		err = errors.New("a token was revoked since the plan was made; plan again")
	}
	if err != nil {
		fail(&resp.Diagnostics, "update Wavefront service account token", prior.key(), err)
		return
	}
	u := &tokenUpdate{r: r, resp: resp, plan: &plan, prior: &prior, live: live, held: h, unsettled: p.Unsettled}
	if err := u.run(ctx); err != nil {
		fail(&resp.Diagnostics, "update Wavefront service account token", plan.key(), err)
	}
	u.save(ctx)
}

// tokenUpdate is an update on its way.
type tokenUpdate struct {
	r           *tokenResource
	resp        *resource.UpdateResponse
	plan, prior *managedToken
	live        tokens
	held        held
	unsettled   *attempt
	rotated     bool
}

func (u *tokenUpdate) tokens() accountTokens { return u.r.accountTokens(u.plan.ServiceAccount) }

func (u *tokenUpdate) run(ctx context.Context) error {
	if err := u.rename(ctx); err != nil {
		return err
	}
	rotates := u.plan.Planned()
	if rotates || !u.plan.HasPrevious() {
		if err := u.revokePrevious(ctx); err != nil {
			return err
		}
	}
	if !rotates {
		return nil
	}
	if err := u.rotate(ctx); err != nil || u.plan.Overlaps() {
		return err
	}
	return u.revokePrevious(ctx)
}

// save puts into state what is known to be so by now. As long as a planned rotation has not taken place, it is still due.
func (u *tokenUpdate) save(ctx context.Context) {
	m := *u.plan
	if m.Planned() && !u.rotated {
		m.Keep(u.prior.Overlapping)
	}
	m.Name = types.StringValue(u.held.current.Name)
	m.hold(u.held, u.prior.Overlapping)
	m.save(ctx, &u.resp.State, u.resp.Identity, &u.resp.Diagnostics)
	p := u.held.prints()
	p.Unsettled = u.unsettled
	u.resp.Diagnostics.Append(p.store(ctx, u.resp.Private)...)
	u.resp.Diagnostics.Append(rotation.Doubt(ctx, u.resp.Private, u.unsettled != nil)...)
}

func (u *tokenUpdate) rename(ctx context.Context) error {
	wanted := u.plan.Name.ValueString()
	if err := u.tokens().rename(ctx, u.held.current, wanted); err != nil {
		return err
	}
	if u.held.previous == nil || u.plan.Planned() || !u.plan.HasPrevious() {
		return nil
	}
	return u.tokens().rename(ctx, u.held.previous, wanted+previousSuffix)
}

func (u *tokenUpdate) revokePrevious(ctx context.Context) error {
	if u.held.previous == nil {
		return nil
	}
	if err := u.mayRevoke(u.held.previous); err != nil {
		return err
	}
	if err := u.tokens().revoke(ctx, u.held.previous); err != nil {
		return err
	}
	u.held.previous = nil
	return nil
}

// mayRevoke refuses to revoke the token that the provider runs with. The plan has refused that already, unless it was made without a refresh.
func (u *tokenUpdate) mayRevoke(token *wavefrontapi.Token) error {
	if u.r.Client.RunsWith(token.ID) && !u.plan.AllowSelfLockout.ValueBool() {
		return lockoutError("the token that this would revoke")
	}
	return nil
}

// rotate generates a token and makes it the current one. The one before it is the previous one from then on, however short.
func (u *tokenUpdate) rotate(ctx context.Context) error {
	name, old := u.plan.Name.ValueString(), u.held.current
	if !u.plan.Overlaps() {
		if err := u.mayRevoke(old); err != nil {
			return err
		}
	}
	generated := u.unsettled.made(u.live, u.held)
	if u.plan.Overlaps() {
		if err := u.tokens().rename(ctx, old, name+previousSuffix); err != nil {
			return err
		}
	}
	var err error
	if generated == nil {
		generated, err = u.generate(ctx, name)
	} else {
		err = u.tokens().rename(ctx, generated, name)
	}
	if err != nil {
		return errors.Join(err, u.tokens().rename(context.WithoutCancel(ctx), old, name))
	}
	u.held, u.unsettled, u.rotated = held{current: generated, previous: old}, nil, true
	u.plan.APIKey = u.prior.APIKey
	u.plan.Succeed(generated.ID.Reveal(), u.r.Data.Clock)
	return nil
}

func (u *tokenUpdate) generate(ctx context.Context, name string) (*wavefrontapi.Token, error) {
	at := u.r.Data.Clock()
	generated, unsettled, err := u.tokens().generate(ctx, name, u.live.prints())
	if unsettled {
		u.unsettled = &attempt{Name: name, At: at, Before: u.live.prints()}
		err = fmt.Errorf("%w. The next apply takes the token that was made, should there be one", err)
	}
	return generated, err
}
