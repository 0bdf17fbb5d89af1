package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Action describes an action: C is the client of its system, M the model of its configuration.
type Action[C, M any] struct {
	Type       string // the full name of its type
	Schema     schema.Schema
	Validators []action.ConfigValidator
	// Plan refuses what cannot work. It is called after the provider was configured; values may be
	// unknown. Nil: no check.
	Plan func(ctx context.Context, client *C, m *M, diags *diag.Diagnostics)
	// Invoke runs the action. Progress shows a message to the user.
	Invoke func(ctx context.Context, client *C, m *M, progress func(message string), diags *diag.Diagnostics)
}

// New constructs the action. It is an entry of Definition.Actions.
func (a Action[C, M]) New(connection *Connection[C]) action.Action {
	return &configuredAction[C, M]{ActionBase[C]{Base[C]{Connection: connection}}, a}
}

type configuredAction[C, M any] struct {
	ActionBase[C]
	definition Action[C, M]
}

var (
	_ action.ActionWithConfigValidators = &configuredAction[struct{}, struct{}]{}
	_ action.ActionWithModifyPlan       = &configuredAction[struct{}, struct{}]{}
)

func (a *configuredAction[C, M]) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = a.definition.Type
}

func (a *configuredAction[C, M]) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = a.definition.Schema
}

func (a *configuredAction[C, M]) ConfigValidators(context.Context) []action.ConfigValidator {
	return a.definition.Validators
}

func (a *configuredAction[C, M]) ModifyPlan(
	ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse,
) {
	var m M
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if a.definition.Plan != nil && a.Client != nil && !resp.Diagnostics.HasError() {
		a.definition.Plan(ctx, a.Client, &m, &resp.Diagnostics)
	}
}

func (a *configuredAction[C, M]) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m M
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }
	a.definition.Invoke(ctx, a.Client, &m, progress, &resp.Diagnostics)
}
