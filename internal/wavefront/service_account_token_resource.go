package wavefront

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
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

const tokenType = "svcacct_wavefront_service_account_token"

// tokenResource manages tokens of service accounts.
type tokenResource struct{ resourceBase }

var (
	_ resource.ResourceWithConfigure   = &tokenResource{}
	_ resource.ResourceWithIdentity    = &tokenResource{}
	_ resource.ResourceWithImportState = &tokenResource{}
	_ resource.ResourceWithModifyPlan  = &tokenResource{}
)

func newTokenResource(c *connection) resource.Resource {
	return &tokenResource{resourceBase{base{Connection: c}}}
}

func (r *tokenResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = tokenType
	resp.ResourceBehavior.MutableIdentity = true // a name can be changed
}

func (r *tokenResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = tokenSchema()
}

func (r *tokenResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"service_account": identityschema.StringAttribute{RequiredForImport: true, Description: "Identifier of the service account."},
		"name":            identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the token."},
	}}
}

func (r *tokenResource) accountTokens(serviceAccount types.String) accountTokens {
	return accountTokens{r.Client, serviceAccount.ValueString()}
}

// lock makes those wait who would generate a token of the same account at the same time: whose is whose could not be told.
func (r *tokenResource) lock(m *managedToken) (unlock func()) {
	return r.Data.Locks.Lock(tokenType + "/" + m.ServiceAccount.ValueString())
}

// Create has a token generated. If it stays unknown whether one was, the resource is in state without a key: Terraform replaces it then, which
// revokes a token of its name that may have been made.
func (r *tokenResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m managedToken
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer r.lock(&m)()

	m.ID = tokenID(m.ServiceAccount, m.Name)
	generated, refused := r.accountTokens(m.ServiceAccount).create(ctx, m.Name.ValueString())
	if refused != nil {
		hints := refused.hints
		if refused.unsettled {
			m.Clear()
			tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
			hints = append(hints, "The token is in state, without its key. The next apply replaces it, which revokes one that may have been made.")
		}
		fail(&resp.Diagnostics, "create Wavefront service account token", m.key(), refused.error, hints...)
		return
	}
	h := held{current: generated}
	m.Set(rotation.Issued{Secret: generated.ID}, r.Data.Clock)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
	privatePrints.Store(ctx, resp.Private, h.prints(), &resp.Diagnostics)
}

func (r *tokenResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m managedToken
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	p := privatePrints.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.SaveIdentity(ctx, &m, resp.Identity, &resp.Diagnostics)

	live, err := r.accountTokens(m.ServiceAccount).list(ctx)
	if errors.Is(err, errNoAccount) {
		resp.State.RemoveResource(ctx)
		return
	}
	var h held
	if err == nil {
		h, err = live.find(p, m.ServiceAccount.ValueString(), m.Name.ValueString())
	}
	if err == nil && h.current == nil {
		h, err = m.afterRevocation(live, h, &resp.Diagnostics)
	}
	if err != nil {
		fail(&resp.Diagnostics, "read Wavefront service account token", m.key(), err)
		return
	}
	if h.current == nil {
		resp.State.RemoveResource(ctx)
		return
	}
	m.refresh(h)
	m.warnOfStrangers(live, h, p.Unsettled, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)

	now := h.prints()
	if p.Unsettled.made(live, h) != nil {
		now.Unsettled = p.Unsettled
	}
	privatePrints.Store(ctx, resp.Private, now, &resp.Diagnostics)
	rotation.MarkUnconfirmed(ctx, resp.Private, now.Unsettled != nil, &resp.Diagnostics)
	rotation.StoreReadTime(ctx, resp.Private, r.Data.Clock, &resp.Diagnostics)
}

func (m *managedToken) refresh(h held) {
	m.Name = types.StringValue(h.current.Name)
	if m.RotatedAt.IsNull() {
		m.RotatedAt = tfkit.MillisOrNull(h.current.DateGenerated)
	}
	m.ID = tokenID(m.ServiceAccount, m.Name)
	m.setHeld(h, m.OverlappingKey)
}

// warnOfStrangers tells of other tokens of the same name: made elsewhere, or by a run that was killed.
func (m *managedToken) warnOfStrangers(live tokens, h held, unsettled *attempt, diags *diag.Diagnostics) {
	made := unsettled.made(live, h)
	strangers := slices.DeleteFunc(live.named(m.Name.ValueString()), func(token wavefrontapi.Token) bool {
		return h.has(token) || made != nil && made.ID.Fingerprint() == token.ID.Fingerprint()
	})
	if len(strangers) > 0 {
		diags.AddWarning("Another token of the same name", fmt.Sprintf("Besides %s, the account has tokens of this name that were generated at %s: elsewhere, or by a run that was killed. "+
			"They are valid. Rename or revoke them in Wavefront; until then, nothing can find this token by its name.", m.key(), strangers.dates()))
	}
}

// afterRevocation finds what became of a resource whose token was revoked outside Terraform: another token of its name took its place, or
// its previous token is valid still, or there is none any more.
func (m *managedToken) afterRevocation(live tokens, h held, diags *diag.Diagnostics) (held, error) {
	const summary = "A token was revoked outside Terraform"
	name := m.Name.ValueString()
	switch {
	case len(live.named(name)) > 0:
		replacement, err := live.only(m.ServiceAccount.ValueString(), name)
		if err != nil {
			return held{}, err
		}
		m.RotatedAt = tfkit.MillisOrNull(replacement.DateGenerated)
		diags.AddWarning(summary, fmt.Sprintf("The token %s was revoked, and another one of its name was generated at %s, which takes its place from now on. "+
			"If that was not meant to happen, change a keeper to rotate it.", m.key(), tokens{*replacement}.dates()))
		return held{replacement, h.previous}, nil
	case h.previous != nil:
		m.RotatedAt = tfkit.MillisOrNull(h.previous.DateGenerated)
		diags.AddWarning(summary, fmt.Sprintf("The token %s was revoked, while its predecessor is valid still, which takes its place from now on. "+
			"Change a keeper to rotate it.", m.key()))
		return held{current: h.previous}, nil
	}
	diags.AddWarning(summary, fmt.Sprintf("The token %s was revoked. The next apply generates a new one; consumers need it. "+
		"If none is wanted any more, remove the resource from the configuration.", m.key()))
	return held{}, nil
}

func (r *tokenResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m managedToken
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	p := privatePrints.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	defer r.lock(&m)()

	if err := r.accountTokens(m.ServiceAccount).revokeAll(ctx, &m, p.orState(&m)); err != nil {
		fail(&resp.Diagnostics, "revoke Wavefront service account token", m.key(), err)
	}
}

func (r *tokenResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	account, name, ok := strings.Cut(req.ID, "/")
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("service_account"), &account)...)
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("name"), &name)...)
		ok = !resp.Diagnostics.HasError()
	}
	if !ok || name == "" || spelledIdentifier(account) != account {
		resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf("A token is imported by <identifier>/<name>, such as sa::ci/deploy, the identifier in lower case and "+
			"with its prefix; got %q and %q.", account, name))
		return
	}
	for attribute, value := range map[string]string{"service_account": account, "name": name} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root(attribute), value)...)
	}
}
