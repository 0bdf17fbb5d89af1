package wavefront

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// tokenResource manages tokens of service accounts.
type tokenResource struct {
	tfkit.Resource[client]
}

var (
	_ resource.ResourceWithConfigure   = &tokenResource{}
	_ resource.ResourceWithIdentity    = &tokenResource{}
	_ resource.ResourceWithImportState = &tokenResource{}
	_ resource.ResourceWithModifyPlan  = &tokenResource{}
)

func newTokenResource(c *connection) resource.Resource {
	return &tokenResource{tfkit.ResourceType[client]{
		Name: tokenType, Schema: tokenSchema, MutableIdentity: true, // a name can be changed
		Identity: []tfkit.IdentityAttribute{
			{Name: "service_account", Description: "Identifier of the service account."},
			{Name: "name", Description: "Name of the token."},
		},
		Resolve: resolveToken,
	}.Bind(c)}
}

// resolveToken does not repeat the import id in an error: it may be the URL of a token, which holds the
// key.
func resolveToken(_ context.Context, _ *client, id string, diags *diag.Diagnostics) []string {
	account, name, _ := strings.Cut(strings.TrimSpace(id), "/")
	if name == "" || normalizedIdentifier(account) != account {
		diags.AddError("Invalid import id", "A token is imported by <identifier>/<name>, such as sa::ci/deploy, the "+
			"identifier in lower case and with its prefix. The URL of a token is no import id, since it holds the key.")
	}
	return []string{account, name}
}

func (r *tokenResource) tokens(m *tokenResourceModel) tokens {
	return tokens{r.Client, m.ServiceAccount.ValueString()}
}

// lock lets writes to the tokens of one account wait for each other: if two tokens are generated at
// the same time, nobody knows which request generated which token.
func (r *tokenResource) lock(m *tokenResourceModel) (unlock func()) {
	return r.Data.Locks.Lock(tokenType + "/" + m.ServiceAccount.ValueString())
}

// Create generates a token. If it is not known whether a token was generated, the resource is in
// the state without a key: Terraform replaces it, which revokes the token of its name.
func (r *tokenResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	const next = "The token is in the state, without its key. The next apply replaces it, and revokes the token that " +
		"may have been created"
	var m tokenResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer r.lock(&m)()

	token, err := r.tokens(&m).create(ctx, m.Name.ValueString(), next)
	if errors.Is(err, rotation.ErrUnconfirmed) {
		m.Clear()
		tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
	}
	if err != nil {
		fail(&resp.Diagnostics, "create Wavefront service account token", m.subject(), err)
		return
	}
	m.Set(rotation.Issued{Secret: token.ID}, r.Data.Clock, &resp.Diagnostics)
	tfkit.Save(ctx, &m, &resp.State, resp.Identity, &resp.Diagnostics)
	privateFingerprints.Store(ctx, resp.Private, tokenPair{current: token}.fingerprints(), &resp.Diagnostics)
}

func (r *tokenResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m tokenResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	known := privateFingerprints.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	save := tfkit.BeginRead(ctx, &m, resp)

	live, err := r.tokens(&m).refresh(ctx, known)
	if errors.Is(err, errNoAccount) {
		resp.State.RemoveResource(ctx)
		return
	}
	lost := known.Current == ""
	if err == nil && lost {
		known, err = live.recovered(&m, "")
		if err != nil && !m.ID.IsNull() {
			m.warnAmbiguous(err, &resp.Diagnostics)
			return
		}
	}
	valid := live.find(known)
	if err == nil && valid.current == nil {
		valid = m.afterRevoke(live, valid, &resp.Diagnostics)
	}
	if err != nil {
		fail(&resp.Diagnostics, "read Wavefront service account token", m.subject(), err)
		return
	}
	if valid.current == nil {
		resp.State.RemoveResource(ctx)
		return
	}
	if lost {
		m.noteDate(valid.current, &resp.Diagnostics)
		m.Reseal() // the token was found by name and date
	}
	m.SetIssuedAt(tfkit.MillisOrNull(valid.current.DateGenerated))
	m.SetImported(r.Data.Imports)
	m.setTokens(valid, m.OverlappingKey, &resp.Diagnostics)
	m.FinishRead(ctx, resp.Private, r.Data.Clock, &resp.Diagnostics)
	save()

	created, now := known.Unconfirmed.created(live, valid), valid.fingerprints()
	if created != nil || known.Unconfirmed.open(r.Client.now(r.Data.Clock)) {
		now.Unconfirmed = known.Unconfirmed
	}
	m.warnOfSameName(live, valid, created, &resp.Diagnostics)
	privateFingerprints.Store(ctx, resp.Private, now, &resp.Diagnostics)
	rotation.MarkUnconfirmed(ctx, resp.Private, created != nil, &resp.Diagnostics)
}

func (r *tokenResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m tokenResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	known := privateFingerprints.Load(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	defer r.lock(&m)()

	if err := r.tokens(&m).remove(ctx, &m, known); err != nil {
		fail(&resp.Diagnostics, "revoke Wavefront service account token", m.subject(), err)
	}
}
