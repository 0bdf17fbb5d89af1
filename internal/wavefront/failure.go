package wavefront

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// fail reports an error. Doing is the operation that failed, such as "read Wavefront service
// account"; the subject names the object, "" if none is known. Hints say what to do, in addition to
// the hints of the error itself.
func fail(diags *diag.Diagnostics, doing, subject string, err error, hints ...string) {
	switch {
	case transport.Unauthorized(err):
		hints = append(hints, "The token, from "+tokenSetting.Sources(block)+
			", is wrong or revoked, or its account is inactive.")
	case transport.Forbidden(err):
		hints = append(hints, "The token's account needs the permission user_management (Accounts).")
	}
	tfkit.Failure{Doing: doing, Subject: subject, Hints: hints}.Add(diags, err)
}
