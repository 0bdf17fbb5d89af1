package tfkit

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// WithHints returns an error that carries what the user can do about it. Failure shows the hints;
// the text of the error is without them.
func WithHints(err error, hints ...string) error { return &hintedError{err, hints} }

// HintsOf returns the hints that an error, or an error that it wraps, carries.
func HintsOf(err error) []string {
	var hinted *hintedError
	if !errors.As(err, &hinted) {
		return nil
	}
	return hinted.hints
}

type hintedError struct {
	error
	hints []string
}

func (e *hintedError) Unwrap() error { return e.error }

// Failure describes a failed operation to the user.
type Failure struct {
	Doing      string               // what failed, after "Unable to"; the same words for the same operation
	Subject    string               // the object; empty: it is not known yet
	Attributes map[string]path.Path // the attribute of a field of the request
	Hints      []string             // what the user can do, besides the hints of the error itself
}

// Add turns an error into diagnostics: one for each refused field that has an attribute, on that
// attribute, and one for everything else.
func (f Failure) Add(diags *diag.Diagnostics, err error) {
	summary := "Unable to " + f.Doing
	f.Hints = slices.Concat(f.Hints, HintsOf(err))
	if outermost, ok := err.(*hintedError); ok { //nolint:errorlint // the text of an error around it must not be lost
		err = outermost.error
	}
	refused, ok := err.(*transport.Error) //nolint:errorlint // the text of an error around it must not be lost
	if !ok || len(refused.Problem.Fields) == 0 {
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
		reason := strings.Join(refused.Problem.Fields[field], " ")
		diags.AddAttributeError(attribute, summary, f.detail(reason, operation))
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
	return strings.Join(append([]string{reason}, f.Hints...), "\n\n")
}

// ImportHint is the part of an "already exists" error that says how to import the object.
func ImportHint(resourceType, id string) string {
	literal := strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strconv.Quote(id)) // the id is no template
	return fmt.Sprintf("If you renamed the resource block, the object is in the state at its old address. Apply again "+
		"with a moved block:\n\n  moved {\n    from = %[1]s.OLD_NAME\n    to   = %[1]s.NAME\n  }\n\nTo manage an "+
		"object that is in no state, import it, with the address of your resource block after \"to\":\n\n  import {\n "+
		"   to = %[1]s.NAME\n    id = %[2]s\n  }", resourceType, literal)
}
