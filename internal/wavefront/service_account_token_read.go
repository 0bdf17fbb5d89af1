package wavefront

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

func (r *tokenResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m tokenResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	known := privateFingerprints.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.SaveIdentity(ctx, &m, resp.Identity, &resp.Diagnostics)

	live, err := r.tokens(&m).read(ctx)
	if errors.Is(err, errNoAccount) {
		resp.State.RemoveResource(ctx)
		return
	}
	var valid tokenPair
	if err == nil {
		valid, err = live.find(known, &m)
	}
	switch {
	case err != nil || valid.current != nil:
	case known.Current == "": // imported
		err = r.tokens(&m).noToken(m.Name.ValueString())
	default:
		valid, err = m.afterRevocation(live, valid, &resp.Diagnostics)
	}
	if err != nil {
		fail(&resp.Diagnostics, "read Wavefront service account token", m.subject(), err)
		return
	}
	if valid.current == nil {
		resp.State.RemoveResource(ctx)
		return
	}
	if m.RotatedAt.IsNull() {
		m.RotatedAt = tfkit.MillisOrNull(valid.current.DateGenerated)
	}
	m.setTokens(valid, m.OverlappingKey)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)

	created, now := known.Unconfirmed.created(live, valid), valid.fingerprints()
	if created != nil {
		now.Unconfirmed = known.Unconfirmed
	}
	m.warnOfSameName(live, valid, created, &resp.Diagnostics)
	privateFingerprints.Store(ctx, resp.Private, now, &resp.Diagnostics)
	rotation.MarkUnconfirmed(ctx, resp.Private, created != nil, &resp.Diagnostics)
	rotation.StoreReadTime(ctx, resp.Private, r.Data.Clock, &resp.Diagnostics)
}

// warnOfSameName warns of other tokens of the same name: somebody else generated them, or a run
// that was killed. Created is the token of an unconfirmed generation; nil: none.
func (m *tokenResourceModel) warnOfSameName(
	live tokenList, valid tokenPair, created *wavefrontapi.Token, diags *diag.Diagnostics,
) {
	known := valid.has
	others := slices.DeleteFunc(live.named(m.Name.ValueString()), func(token wavefrontapi.Token) bool {
		return known(token) || created != nil && created.ID.Fingerprint() == token.ID.Fingerprint()
	})
	if len(others) > 0 {
		diags.AddWarning("Another token of the same name", fmt.Sprintf("The account has other tokens with the name "+
			"of %s, generated at %s by somebody else, or by a run that was killed. They are valid. Rename or revoke "+
			"them in Wavefront; until then, this token cannot be found by its name.", m.subject(), others.dates()))
	}
}

// afterRevocation returns what is left of a resource whose token was revoked outside of Terraform:
// another token of its name, or its previous token, or nothing.
func (m *tokenResourceModel) afterRevocation(
	live tokenList, valid tokenPair, diags *diag.Diagnostics,
) (tokenPair, error) {
	warn := func(what string) {
		diags.AddWarning("A token was revoked outside of Terraform", "The token "+m.subject()+" was revoked. "+what)
	}
	sameName, err := live.atMostOne(m.ServiceAccount.ValueString(), m.Name.ValueString())
	switch {
	case err != nil:
		return tokenPair{}, err
	case sameName != nil:
		valid.current = sameName
		warn("Another token of its name, generated at " + tokenList{*sameName}.dates() + ", takes its place from now " +
			"on. If nobody intended this, change a keeper to rotate it.")
	case valid.previous != nil:
		valid = tokenPair{current: valid.previous}
		warn("The previous token is still valid, and takes its place from now on. Change a keeper to rotate it.")
	default:
		warn("The next apply generates a new token, which its consumers need. If nobody needs it any more, remove " +
			"the resource from the configuration.")
		return tokenPair{}, nil
	}
	m.RotatedAt = tfkit.MillisOrNull(valid.current.DateGenerated)
	return valid, nil
}
