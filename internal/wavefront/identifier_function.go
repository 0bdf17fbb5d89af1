package wavefront

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

var identifierFunction = tfkit.TextFunction{
	Name: "wavefront_identifier", Summary: "The identifier of a Wavefront service account",
	Description: "Returns the identifier that Wavefront gives to a service account of a name: in lower case, with " +
		"the prefix `sa::`, and with hyphens in place of white space. An identifier stays as it is. A name without " +
		"characters, or with a slash, is an error.",
	Parameter: "name", About: "Name of the account, such as `CI pipeline`, with or without the prefix `sa::`.",
	Call: identifierOf,
}

func identifierOf(name string) (string, error) {
	identifier := normalizedIdentifier(name)
	var diags diag.Diagnostics
	if checkIdentifier(path.Empty(), identifier, &diags); diags.HasError() {
		return "", fmt.Errorf("must be the name of an account, without a slash; got %s", tfkit.Quote(name))
	}
	return identifier, nil
}
