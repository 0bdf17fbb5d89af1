package wavefront

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// Update renames, revokes the previous token if its time has come, and rotates, in this order.
func (r *tokenResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, plan managedToken
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	p := privatePrints.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	defer r.lock(&plan)()

	live, err := r.accountTokens(plan.ServiceAccount).list(ctx)
	var h held
	if err == nil {
		h, err = live.find(p, plan.ServiceAccount.ValueString(), prior.Name.ValueString())
	}
	if err == nil && (h.current == nil || h.previous == nil && prior.HasPrevious() && plan.HasPrevious() && !plan.WillRotate()) {
		err = errors.New("a token was revoked since the plan was made; plan again")
	}
	if err != nil {
		fail(&resp.Diagnostics, "update Wavefront service account token", prior.key(), err)
		return
	}
	u := &tokenUpdate{r: r, resp: resp, plan: &plan, prior: &prior, live: live, held: h, unsettled: p.Unsettled}
	u.run(ctx)
}

// tokenUpdate is an update on its way.
type tokenUpdate struct {
	r           *tokenResource
	resp        *resource.UpdateResponse
	plan, prior *managedToken
	live        tokens
	held        held
	unsettled   *attempt
}

func (u *tokenUpdate) tokens() accountTokens { return u.r.accountTokens(u.plan.ServiceAccount) }

func (u *tokenUpdate) run(ctx context.Context) {
	rotates, overlaps := u.plan.WillRotate(), u.plan.Overlaps()
	err := u.rename(ctx)
	if err == nil && (rotates || !u.plan.HasPrevious()) {
		err = u.revokePrevious(ctx)
	}
	if err != nil {
		u.plan.Restore(u.prior.OverlappingKey)
		u.fail(err)
		u.save(ctx)
		return
	}
	rotated := u.plan.Rotate(ctx, u.prior.OverlappingKey, rotation.Steps{
		Issue: u.issue, Save: func() { u.save(ctx) }, Fail: u.failToRotate(ctx),
		Private: u.resp.Private, Clock: u.r.Data.Clock,
	}, &u.resp.Diagnostics)
	if rotated && !overlaps {
		if err := u.revokePrevious(ctx); err != nil {
			u.fail(err)
		}
		u.save(ctx)
	}
}

func (u *tokenUpdate) fail(err error) {
	fail(&u.resp.Diagnostics, "update Wavefront service account token", u.plan.key(), err)
}

// failToRotate reports an error, and saves what the rotation has changed nevertheless: a name, an unsettled generation.
func (u *tokenUpdate) failToRotate(ctx context.Context) func(error, ...string) {
	return func(err error, _ ...string) {
		u.fail(err)
		u.save(ctx)
	}
}

// save writes what is known to be true by now to the state.
func (u *tokenUpdate) save(ctx context.Context) {
	m := *u.plan
	m.Name = types.StringValue(u.held.current.Name)
	m.ID = tokenID(m.ServiceAccount, m.Name)
	m.setHeld(u.held, u.prior.OverlappingKey)
	tfkit.Save(ctx, &m, &u.resp.State, u.resp.Identity, &u.resp.Diagnostics)
	p := u.held.prints()
	p.Unsettled = u.unsettled
	privatePrints.Store(ctx, u.resp.Private, p, &u.resp.Diagnostics)
}

// rename gives the tokens the planned name. A previous token that is about to be revoked keeps its name.
func (u *tokenUpdate) rename(ctx context.Context) error {
	wanted := u.plan.Name.ValueString()
	if err := u.tokens().rename(ctx, u.held.current, wanted); err != nil {
		return err
	}
	if u.held.previous == nil || u.plan.WillRotate() || !u.plan.HasPrevious() {
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

// issue has a token generated, or takes the token that an unsettled generation created, and makes it the current one. The
// token before it is the previous one from then on, however short.
func (u *tokenUpdate) issue(ctx context.Context) (rotation.Issued, error) {
	name, old, overlaps := u.plan.Name.ValueString(), u.held.current, u.plan.Overlaps()
	if !overlaps {
		if err := u.mayRevoke(old); err != nil {
			return rotation.Issued{}, err
		}
	}
	generated := u.unsettled.made(u.live, u.held)
	if overlaps {
		if err := u.tokens().rename(ctx, old, name+previousSuffix); err != nil {
			return rotation.Issued{}, err
		}
	}
	var err error
	if generated == nil {
		generated, err = u.generate(ctx, name)
	} else {
		err = u.tokens().rename(ctx, generated, name)
	}
	if err != nil {
		return rotation.Issued{}, errors.Join(err, u.tokens().rename(context.WithoutCancel(ctx), old, name))
	}
	u.held, u.unsettled = held{current: generated, previous: old}, nil
	return rotation.Issued{Secret: generated.ID}, nil
}

// generate has a token generated. If it stays open whether one was, the next apply settles it.
func (u *tokenUpdate) generate(ctx context.Context, name string) (*wavefrontapi.Token, error) {
	at := u.r.Data.Clock()
	generated, unsettled, err := u.tokens().generate(ctx, name, u.live.prints())
	if unsettled {
		u.unsettled = &attempt{Name: name, At: at, Before: u.live.prints()}
		err = rotation.Unconfirmed(fmt.Errorf("%w. The next apply takes the token that was created, if there is one", err))
	}
	return generated, err
}
