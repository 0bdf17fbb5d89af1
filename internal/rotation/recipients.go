package rotation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/sealed"
)

// recipientsOf returns the public keys of a list, and whether all of them are known.
func recipientsOf(list types.List) (recipients []string, known bool) {
	known = !list.IsUnknown()
	for _, element := range list.Elements() {
		text, ok := element.(types.String)
		if !ok || element.IsUnknown() {
			known = false
			continue
		}
		recipients = append(recipients, text.ValueString())
	}
	return recipients, known
}

// sameRecipients reports whether two lists are known, not null, and have the same public keys, in any order
// and spelling.
func sameRecipients(a, b types.List) bool {
	before, known := recipientsOf(a)
	now, alsoKnown := recipientsOf(b)
	return known && alsoKnown && !a.IsNull() && !b.IsNull() && slices.Equal(canonical(before), canonical(now))
}

// canonical returns public keys in their only spelling, sorted, each once.
func canonical(recipients []string) []string {
	texts := make([]string, len(recipients))
	for i, text := range recipients {
		texts[i] = strings.TrimSpace(text)
		if recipient, err := sealed.ParseRecipient(text); err == nil {
			texts[i] = recipient.String()
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// recipientsCheck refuses what is no list of public keys, and plans no change for a list that differs from
// the list in state only in order and spelling. Values that are not known when the configuration is
// validated are checked by the plan.
type recipientsCheck struct{}

func (recipientsCheck) Description(context.Context) string { return "must be public keys" }

func (c recipientsCheck) MarkdownDescription(ctx context.Context) string { return c.Description(ctx) }

func (recipientsCheck) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	checkRecipients(req.Path, req.ConfigValue, &resp.Diagnostics)
}

func (recipientsCheck) PlanModifyList(
	_ context.Context, req planmodifier.ListRequest, resp *planmodifier.ListResponse,
) {
	checkRecipients(req.Path, req.ConfigValue, &resp.Diagnostics)
	if sameRecipients(req.StateValue, req.PlanValue) {
		resp.PlanValue = req.StateValue
	}
}

// checkRecipients names the position of each element that it refuses, from 1, and never the element. With a
// path, Terraform shows the line of the configuration, and a list is often one line: if an element may be a
// private key, no element gets a path.
func checkRecipients(at path.Path, list types.List, diags *diag.Diagnostics) {
	const summary = "Invalid recipient"
	if !list.IsNull() && !list.IsUnknown() && len(list.Elements()) == 0 {
		diags.AddAttributeError(at, summary, fmt.Sprintf("%s must have at least one public key. Without the "+
			"attribute, or with null, the key is not encrypted.", at))
	}
	found, private := map[int]error{}, false
	for i, element := range list.Elements() {
		text, ok := element.(types.String)
		if !ok || element.IsUnknown() {
			continue
		}
		if _, err := sealed.ParseRecipient(text.ValueString()); element.IsNull() {
			found[i] = errors.New("is null")
		} else if err != nil {
			found[i], private = err, private || errors.Is(err, sealed.ErrNotPublic)
		}
	}
	for _, i := range slices.Sorted(maps.Keys(found)) {
		detail := fmt.Sprintf("Element %d of %s %v.", i+1, at, found[i])
		if private {
			diags.AddError(summary, detail)
		} else {
			diags.AddAttributeError(at.AtListIndex(i), summary, detail)
		}
	}
}

// storeCheck refuses recipients for a key that is not stored.
type storeCheck struct{}

func (storeCheck) Description(context.Context) string { return "excludes age_recipients if false" }

func (c storeCheck) MarkdownDescription(ctx context.Context) string { return c.Description(ctx) }

func (storeCheck) ValidateBool(ctx context.Context, req validator.BoolRequest, resp *validator.BoolResponse) {
	checkStored(ctx, req.Path, req.ConfigValue, req.Config, &resp.Diagnostics)
}

func (storeCheck) PlanModifyBool(ctx context.Context, req planmodifier.BoolRequest, resp *planmodifier.BoolResponse) {
	checkStored(ctx, req.Path, req.ConfigValue, req.Config, &resp.Diagnostics)
}

func checkStored(ctx context.Context, at path.Path, stored types.Bool, config tfsdk.Config, diags *diag.Diagnostics) {
	var recipients types.List
	diags.Append(config.GetAttribute(ctx, recipientsPath, &recipients)...)
	if stored.IsNull() || stored.IsUnknown() || stored.ValueBool() || recipients.IsNull() || recipients.IsUnknown() {
		return
	}
	diags.AddAttributeError(at, "No key to encrypt", fmt.Sprintf("With %s = false the state holds no key, and so %s "+
		"can't be set. Remove one of them.", at, recipientsPath))
}

var recipientsPath = path.Root("age_recipients")
