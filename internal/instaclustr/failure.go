package instaclustr

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// credentialHint says which credential this API accepts. Its own error may be a 401 without a text.
const credentialHint = "The API accepts a User Management API key of a person who is Owner or Cluster Admin of the " +
	"account. Two kinds of keys can't manage service users: a Provisioning key, such as the terraform_key of " +
	"Instaclustr's own provider holds, and a key of a service user, whatever its type and role."

// hintsOn returns the hints of an error, and further hints that the status suggests.
func hintsOn(err error, hints ...string) []string {
	switch {
	case transport.Unauthorized(err):
		hints = append(hints, fmt.Sprintf("The user name comes from %s, the key from %s. One of them is wrong, or the "+
			"key was rotated or revoked, or it is of the wrong type, or its allow list does not hold the address of "+
			"this machine. %s", usernameSetting.Sources(block), apiKeySetting.Sources(block), credentialHint))
	case transport.Forbidden(err):
		hints = append(hints, credentialHint+" A Cluster Admin must also be an administrator of the service user, "+
			"and can't give it a role above its own. The allow list of the key must hold the address of this machine.")
	case instaclustrapi.BodyLost(err):
		hints = append(hints, "The request arrived without its body. Revoking a key is a DELETE with a body, which "+
			"some proxies drop: configure an exception from the proxy for Instaclustr.")
	}
	return hints
}

// hintOn returns all hints on an error as one text, for a warning.
func hintOn(err error) string { return strings.Join(hintsOn(err, tfkit.HintsOf(err)...), "\n\n") }

// attributes are the attributes of the fields that the API names.
var attributes = map[string]path.Path{
	"username":       path.Root("username"),
	"email":          path.Root("email"),
	"profile":        path.Root("role"),
	"displayName":    path.Root("display_name"),
	"administrators": path.Root("administrators"),
	"apiKeyType":     path.Root("key_type"),
	"cidrAllowList":  path.Root("cidr_allow_list"),
}

// failServiceUser reports a failed call. The verb is one of create, read, list, update and so on.
// The user name is "" if the call is not about one user.
func failServiceUser(diags *diag.Diagnostics, verb, username string, err error, hints ...string) {
	fail(diags, tfkit.Doing(verb, "Instaclustr service user"), username, err, hints)
}

// failAPIKey is failServiceUser for a key with an id.
func failAPIKey(diags *diag.Diagnostics, verb, id string, err error, hints ...string) {
	fail(diags, tfkit.Doing(verb, "Instaclustr API key"), id, err, hints)
}

func fail(diags *diag.Diagnostics, doing, subject string, err error, hints []string) {
	tfkit.Failure{Doing: doing, Subject: subject, Attributes: attributes, Hints: hintsOn(err, hints...)}.Add(diags, err)
}
