package tfkit

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// WarnOfReplacement warns of a replacement by an attribute if its planned value is unknown. Terraform can
// no longer keep the object when the value is known. Object is what is replaced, such as "the account";
// effect goes on with what the replacement does.
func WarnOfReplacement(attribute string, planned attr.Value, object, effect string, diags *diag.Diagnostics) {
	if planned.IsUnknown() {
		diags.AddAttributeWarning(path.Root(attribute), "Replacement by an unknown value", fmt.Sprintf("%s is not "+
			"known at plan. The apply replaces %s%s, even if the value turns out the same as before. To keep %s, "+
			"write the value itself, or first apply with -target what the value comes from.",
			attribute, object, effect, object))
	}
}
