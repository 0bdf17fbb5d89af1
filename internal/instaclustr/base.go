package instaclustr

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

type (
	connection     = tfkit.Connection[client]
	base           = tfkit.Base[client]
	resourceBase   = tfkit.ResourceBase[client]
	dataSourceBase = tfkit.DataSourceBase[client]
	actionBase     = tfkit.ActionBase[client]
	ephemeralBase  = tfkit.EphemeralBase[client]
)

const (
	serviceUserType = "svcacct_instaclustr_service_user"
	apiKeyType      = "svcacct_instaclustr_service_user_api_key"
)

var notEmpty = []validator.String{stringvalidator.LengthAtLeast(1)}

// lock waits until nobody else of this provider looks at a service user in order to change it.
func lock(data *tfkit.Data, username string) (unlock func()) {
	return data.Locks.Lock(serviceUserType + "/" + username)
}

// whose says which credential this API takes. An error of it may be a bare 401.
const whose = "The API takes a User Management API key of a person who is Owner or Cluster Admin of the account. A Provisioning key, such as the terraform_key of " +
	"Instaclustr's own provider holds, and a key of a service user, whatever its type and role, can't manage service users."

// hintOn joins what to do about an error: what the caller says, and what the server does not say.
func hintOn(err error, hints ...string) string {
	switch {
	case transport.Unauthorized(err):
		hints = append(hints, "The user name comes from "+usernameSetting.Sources(block)+", the key from "+apiKeySetting.Sources(block)+". "+
			"Either they are wrong, or the key was rotated or revoked, or it is of the wrong kind, or its allow list leaves out this machine. "+whose)
	case transport.Forbidden(err):
		hints = append(hints, whose+" A Cluster Admin must be an administrator of the service user, too, and can give no role above its own. "+
			"The allow list of the key must hold the address of this machine.")
	case instaclustrapi.BodyLost(err):
		hints = append(hints, "The request arrived without its body. Revoking a key is a DELETE with a body, which some proxies drop: let requests to Instaclustr pass around the proxy.")
	}
	return strings.Join(hints, "\n\n")
}

// failure describes a failed call. The title names the object, the verb is one of create, read, list, update and so on.
func failure(verb, title, subject string, attributes map[string]path.Path, err error, hints ...string) tfkit.Failure {
	return tfkit.Failure{Doing: verb + " " + title, Subject: subject, Attributes: attributes, Hint: hintOn(err, hints...)}
}

// lockedOut is the error of a plan that would take the provider's own access away.
func lockedOut(diags *diag.Diagnostics, where path.Path, what string) {
	diags.AddAttributeError(where, "The provider would lock itself out", what+" The provider signs in with it, so that it could do nothing after that, and Terraform could not "+
		"finish what it has begun. If that is what you want, set allow_self_lockout = true on this resource, and apply that first if you destroy it.")
}
