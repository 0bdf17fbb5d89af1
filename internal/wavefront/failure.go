package wavefront

import (
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// hintedError is an error together with hints on what to do about it.
type hintedError struct {
	error
	hints []string
}

// fail reports an error. Doing is what was tried, such as "read Wavefront service account"; the
// subject names the object, "" if none is known. Hints say what to do, besides the hints of the
// error itself.
func fail(diags *diag.Diagnostics, doing, subject string, err error, hints ...string) {
	var hinted *hintedError
	if errors.As(err, &hinted) {
		hints = slices.Concat(hinted.hints, hints)
	}
	switch {
	case transport.Unauthorized(err):
		hints = append(hints, "The token, from "+tokenSetting.Sources(block)+
			", is wrong or revoked, or its account is inactive.")
	case transport.Forbidden(err):
		hints = append(hints, "The token's account needs the permission user_management (Accounts).")
	}
	tfkit.Failure{Doing: doing, Subject: subject, Hint: strings.Join(hints, "\n\n")}.Add(diags, err)
}
