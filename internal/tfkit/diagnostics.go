package tfkit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Failure describes a failed API call for the person who has to act on it.
type Failure struct {
	Doing      string               // what was tried, after "Unable to"; always the same words for one operation
	Subject    string               // which object; empty: none is known yet
	Attributes map[string]path.Path // the attribute behind a field of the wire
	Hint       string               // what to do; empty: the server's words must serve
}

// Add turns an error of a call into diagnostics: one a refused field that has an attribute, on that attribute,
// and one for all the rest.
func (f Failure) Add(diags *diag.Diagnostics, err error) {
	summary := "Unable to " + f.Doing
	refused, bare := err.(*transport.Error) //nolint:errorlint // what wraps it has something to say, too
	if !bare || len(refused.Problem.Fields) == 0 {
		diags.AddError(summary, f.detail(err.Error(), ""))
		return
	}
	operation := refused.Method + " " + refused.Path
	rest := *refused
	rest.Problem.Fields = maps.Clone(refused.Problem.Fields)
	for _, field := range slices.Sorted(maps.Keys(refused.Problem.Fields)) {
		attribute, ok := f.Attributes[field]
		if !ok {
			continue
		}
		delete(rest.Problem.Fields, field)
		diags.AddAttributeError(attribute, summary, f.detail(strings.Join(refused.Problem.Fields[field], " "), operation))
	}
	if len(rest.Problem.Fields) < len(refused.Problem.Fields) && rest.Reason() == "" {
		return
	}
	diags.AddError(summary, f.detail(rest.Error(), ""))
}

func (f Failure) detail(reason, operation string) string {
	if f.Subject != "" {
		reason = f.Subject + ": " + reason
	}
	if operation != "" {
		reason += fmt.Sprintf(" (%s)", operation)
	}
	if f.Hint != "" {
		reason += "\n\n" + f.Hint
	}
	return reason
}

// ImportHint is the part of an "already exists" error that brings the object under management.
func ImportHint(resourceType, id string) string {
	return fmt.Sprintf("To manage the existing one, import it, with the address of your resource block after \"to\":\n\n"+
		"  import {\n    to = %s.NAME\n    id = %q\n  }", resourceType, id)
}
