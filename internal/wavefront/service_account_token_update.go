package wavefront

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// Update renames the tokens, revokes the previous token if it is due, and rotates, in this order.
func (r *tokenResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, plan tokenResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	known := privateFingerprints.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	defer r.lock(&plan)()

	live, err := r.tokens(&plan).refresh(ctx, known)
	if err == nil && known.Current == "" {
		known, err = live.recovered(&prior, plan.Name.ValueString())
	}
	valid := live.find(known)
	keepsPrevious := prior.HasPrevious() && plan.HasPrevious() && !plan.WillRotate()
	if err == nil && (valid.current == nil || valid.previous == nil && keepsPrevious) {
		err = errors.New("a token was revoked after the plan was made; plan again")
	}
	if err != nil {
		fail(&resp.Diagnostics, updateToken, prior.subject(), err)
		return
	}
	u := &tokenUpdate{r, resp, &plan, &prior, live, valid, known.Unconfirmed}
	u.run(ctx)
}

const updateToken = "update Wavefront service account token"

// tokenUpdate is an update in progress.
type tokenUpdate struct {
	r           *tokenResource
	resp        *resource.UpdateResponse
	plan, prior *tokenResourceModel
	live        tokenList // before the update
	valid       tokenPair
	unconfirmed *unconfirmedGeneration
}

func (u *tokenUpdate) tokens() tokens { return u.r.tokens(u.plan) }

func (u *tokenUpdate) run(ctx context.Context) {
	err := u.rename(ctx)
	if err == nil && (u.plan.WillRotate() || !u.plan.HasPrevious()) {
		err = u.revokePrevious(ctx)
	}
	if err != nil {
		u.plan.Restore(u.prior.OverlappingKey)
		u.fail(ctx, err)
		return
	}
	rotated := u.plan.Rotate(ctx, u.prior.OverlappingKey, rotation.Steps{
		Issue:   u.issue,
		Save:    func() { u.save(ctx) },
		Fail:    func(err error, _ ...string) { u.fail(ctx, err) }, // the hints are for keys that a rotation revokes
		Private: u.resp.Private, Clock: u.r.Data.Clock,
	}, &u.resp.Diagnostics)
	if !rotated || u.plan.Overlaps() {
		return
	}
	if err := u.revokePrevious(ctx); err != nil {
		u.fail(ctx, err)
		return
	}
	u.save(ctx)
}

// fail reports an error, and saves what the update has changed before it: a name, an unconfirmed
// generation.
func (u *tokenUpdate) fail(ctx context.Context, err error) {
	fail(&u.resp.Diagnostics, updateToken, u.plan.subject(), err)
	u.save(ctx)
}

// save writes the attributes that are known so far to the state.
func (u *tokenUpdate) save(ctx context.Context) {
	m, now := *u.plan, u.valid.fingerprints()
	m.setTokens(u.valid, u.prior.OverlappingKey, &u.resp.Diagnostics)
	now.Unconfirmed = u.unconfirmed
	tfkit.Save(ctx, &m, &u.resp.State, u.resp.Identity, &u.resp.Diagnostics)
	privateFingerprints.Store(ctx, u.resp.Private, now, &u.resp.Diagnostics)
}

// rename gives the tokens the planned name. A previous token that will be revoked keeps its name. A
// rotation with an overlap gives the current token the name of a previous token, and no other before.
func (u *tokenUpdate) rename(ctx context.Context) error {
	name := u.plan.Name.ValueString()
	if u.plan.WillRotate() && u.plan.Overlaps() {
		return nil
	}
	err := u.tokens().rename(ctx, u.valid.current, name)
	if err != nil || u.valid.previous == nil || u.plan.WillRotate() || !u.plan.HasPrevious() {
		return err
	}
	return u.tokens().rename(ctx, u.valid.previous, name+previousSuffix)
}

func (u *tokenUpdate) revokePrevious(ctx context.Context) error {
	if u.valid.previous == nil {
		return nil
	}
	err := u.mayRevoke(u.valid.previous)
	if err == nil {
		err = u.tokens().revoke(ctx, u.valid.previous)
	}
	if err == nil {
		u.valid.previous = nil
	}
	return err
}

// mayRevoke refuses to revoke the token that the provider signs in with. The plan has refused that
// already, unless it was made without a refresh.
func (u *tokenUpdate) mayRevoke(token *wavefrontapi.Token) error {
	if u.r.Client.RunsWith(token.ID) && !u.plan.AllowSelfLockout.ValueBool() {
		return tfkit.LockoutError("This apply would revoke the token")
	}
	return nil
}

// issue generates a token, or takes the token that an unconfirmed generation created, and makes it
// the current token. The token before it becomes the previous token.
func (u *tokenUpdate) issue(ctx context.Context) (issued rotation.Issued, err error) {
	name, old := u.plan.Name.ValueString(), u.valid.current
	if u.plan.Overlaps() {
		err = u.tokens().rename(ctx, old, name+previousSuffix)
	} else {
		err = u.mayRevoke(old)
	}
	if err != nil {
		return issued, err
	}
	token := u.unconfirmed.created(u.live, u.valid)
	pending := u.unconfirmed // unless its token is taken: the server may still generate it
	if token == nil {
		token, err = u.generate(ctx, name)
	} else {
		pending, err = nil, u.tokens().rename(ctx, token, name)
	}
	if err != nil {
		return issued, errors.Join(err, u.tokens().rename(context.WithoutCancel(ctx), old, name))
	}
	u.valid, u.unconfirmed = tokenPair{current: token, previous: old}, nil
	if pending.open(u.r.Client.now(u.r.Data.Clock)) {
		u.unconfirmed = pending
	}
	return rotation.Issued{Secret: token.ID}, nil
}

// generate generates a token. If it is not known whether a token was generated, private state
// remembers the request.
func (u *tokenUpdate) generate(ctx context.Context, name string) (*wavefrontapi.Token, error) {
	const next = "The next apply takes the token that was created, if there is one"
	at := u.r.Client.now(u.r.Data.Clock)
	token, err := u.tokens().generate(ctx, name, u.live, next)
	if errors.Is(err, rotation.ErrUnconfirmed) {
		u.unconfirmed = &unconfirmedGeneration{Name: name, At: at, Before: u.live.fingerprints()}
	}
	return token, err
}
