package waldur

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

const ambiguous404 = "Waldur also returns 404 for an account that the token may not see"

// bothInvisible returns what a 404 means if the customer, project or resource of the account is not
// visible either.
func bothInvisible(notFound error, parent, uuid string) error {
	return fmt.Errorf("%w: neither the account nor its %s %s is visible. Either both were deleted, or the token has "+
		"lost its role. Waldur does not report which, so the account stays in the state. If it was deleted, run "+
		"\"terraform state rm\" for this resource", notFound, parent, uuid)
}

// fail reports an error, with a hint if it is about the token.
func fail(diags *diag.Diagnostics, f tfkit.Failure, err error) {
	if transport.Unauthorized(err) {
		f.Hints = append(f.Hints, "The token, from "+tokenSetting.Sources(block)+", is wrong or has expired. A "+
			"session token expires after an hour without use, a personal access token at its date. Waldur servers "+
			"before 8.0.7 do not know personal access tokens, which begin with w_.")
	}
	f.Add(diags, err)
}

// fail reports a failed call. The verb is one of create, read, list, update, delete, import,
// "rotate the API key of". The subject names the account; "" if none is known yet.
func (k *serviceAccountKind) fail(diags *diag.Diagnostics, verb, subject string, err error, hints ...string) {
	switch {
	case transport.Forbidden(err):
		hints = append(hints, fmt.Sprintf(
			"The token's user needs the permission %s on the %s.", manageServiceAccounts, k.scope))
	case transport.Conflict(err):
		hints = append(hints, "Waldur refuses this request for an account in state Erred. Plan again, with a "+
			"refresh: the plan then repairs the account first.")
	case transport.NotFound(err) && (verb == "update" || verb == "rotate the API key of"):
		hints = append(hints, ambiguous404+". Plan again, with a refresh: it says whether the account was deleted.")
	case endpointMissing(err):
		hints = append(hints, "If the endpoint of the provider is right, this Waldur server may be too old: servers "+
			"of 2024 have no service accounts.")
	case verb != "read" && verb != "list" && verb != "import" && waldurapi.ReachedAccountService(err) &&
		!waldurapi.FieldsRefused(err):
		hints = append(hints, "Waldur passes this request on to its account service, and waits 5 seconds for it. If "+
			"the error does not say more, the account service may be slow, or fail: ask the operator of this Waldur "+
			"server.")
	}
	fail(diags, tfkit.Failure{
		Doing:   tfkit.Doing(verb, k.title),
		Subject: subject,
		Attributes: map[string]path.Path{
			k.scope:                path.Root(k.scopeAttribute()),
			"preferred_identifier": path.Root("preferred_identifier"),
			"description":          path.Root("description"),
			"email":                path.Root("email"),
		},
		Hints: hints,
	}, err)
}

// existsHint says how to go on if a create finds an account with its preferred_identifier.
func (k *serviceAccountKind) existsHint(uuid string) string {
	return tfkit.ImportHint(k.typeName(), uuid) + "\n\nAfter the import, api_key " +
		"is null, and the key that was issued with the account still works. To replace that key by a known key, " +
		"apply with keepers, then change one of the keepers and apply again.\n\nDo not import the account if another " +
		"resource manages it, or if this resource replaces it by create_before_destroy: a changed keeper rotates the " +
		"key without a replacement. Otherwise choose another preferred_identifier, or destroy that account first."
}

// endpointMissing reports whether the server does not have the path of a request.
func endpointMissing(err error) bool {
	var refused *transport.Error
	return errors.As(err, &refused) && refused.Status == http.StatusNotFound && !transport.NotFound(err)
}

// roleHint says what to grant so that the token sees accounts.
func (k *serviceAccountKind) roleHint(uuid string) string {
	hint := fmt.Sprintf("Grant the user of the token a role on the %s %s itself that has the permission %s.",
		k.scope, uuid, manageServiceAccounts)
	if k.scope == "project" {
		hint += " A role on the customer of the project does not show the accounts of the project."
	}
	return hint
}

// unseen returns what a 404 means if the token may not see the accounts of a customer or project.
func (k *serviceAccountKind) unseen(notFound error, uuid string) error {
	return tfkit.WithHints(fmt.Errorf("%w: the token does not see the service accounts of the %s %s. Either its user "+
		"has lost a role, or the account was deleted. Waldur does not report which, so the account stays in the "+
		"state. If it was deleted, run \"terraform state rm\" for this "+
		"resource", notFound, k.scope, uuid), k.roleHint(uuid))
}

// undecided returns what a 404 means if the server does not say what the token may see.
func (k *serviceAccountKind) undecided(notFound error, uuid string, cause error) error {
	return tfkit.WithHints(fmt.Errorf("%w: "+ambiguous404+", and it is not known what the token may see: %w. Either "+
		"the account was deleted, or the user of the token has lost a role. The account stays in the state. If it "+
		"was deleted, run \"terraform state rm\" for this resource", notFound, cause), k.roleHint(uuid))
}

// orphanHint says what a create that failed may have left.
func (k *serviceAccountKind) orphanHint(identifier string) string {
	return fmt.Sprintf("The account service behind Waldur may have created an account for the preferred_identifier "+
		"%q, with a key that works. Waldur does not list such an account, and this provider can't see it. Ask the "+
		"operator of the account service to look for it and to close it. Each further apply that fails in this way "+
		"may leave another account.", identifier)
}

// limitHint explains a refused create by the limit of the customer or project, and says whether the
// accounts that the token sees reach the limit. A limit nil means that there is none, or that it is not
// known: then there is no hint. Waldur's own words are in the language of the server.
func (k *serviceAccountKind) limitHint(limit *int64, visible int) (hint string, reached bool) {
	if limit == nil {
		return "", false
	}
	hint = fmt.Sprintf("The %s has %d service accounts, and its max_service_accounts is %d.", k.scope, visible, *limit)
	reached = int64(visible) >= *limit
	switch {
	case *limit == 0:
		hint += " Zero is Waldur's default: nothing can be created until it is raised."
	case !reached:
		hint += " If Waldur says that the maximum is reached, it counts closed accounts, which nobody sees: some " +
			"releases do so."
	}
	return hint + " " + k.raiseHint(), reached
}

// replacementWarning is for a replacement while the limit is reached.
func (k *serviceAccountKind) replacementWarning(limit int64, visible int) string {
	return fmt.Sprintf("The %s has %d service accounts, and its max_service_accounts is %d. Some releases of Waldur "+
		"count closed accounts too: on such a server the apply closes the account, and then can't create the new one. "+
		"With create_before_destroy the create fails on every server. Make room first. %s",
		k.scope, visible, limit, k.raiseHint())
}

func (k *serviceAccountKind) raiseHint() string {
	if k.scope == "project" {
		return "The API can't change the limit of a project: ask the operator of this Waldur server."
	}
	return "Raise it on the customer, as staff, or ask the operator of this Waldur server."
}

const (
	robotPermissionHint = "The token's user needs the permissions RESOURCE.CREATE_ROBOT_ACCOUNT, " +
		"RESOURCE.UPDATE_ROBOT_ACCOUNT and RESOURCE.DELETE_ROBOT_ACCOUNT on the customer that provides the resource. " +
		"Users of the resource can only read its robot accounts."

	robotPeopleHint = "While a user of the account has no role in the project or the customer of its resource, " +
		"Waldur refuses every change of the account. The provider takes nobody out by itself: take the person out of " +
		"users (and responsible_user) and apply.\n\nIf an SSH key has leaked meanwhile, take the key out of keys and " +
		"the person out of users in the same apply: Waldur refuses a change of keys alone."

	robotSwapHint = "The account was not changed. If that other account gets another type in the same apply, apply " +
		"again. Two accounts that swap their types need a third, temporary type, in two applies: first change one " +
		"account to the temporary type and the other account to its new type, then change the first account to its " +
		"new type."

	// replaceHint says how to get a new account. With -replace Terraform would first plan the
	// change, and fail again.
	replaceHint = "To get a new account, run terraform taint (or tofu taint) for this resource, and apply. A robot " +
		"account with deletion_mode = \"request_deletion\" needs \"delete\" applied before."
)

// failRobotAccount reports a failed call, as serviceAccountKind.fail does.
func failRobotAccount(diags *diag.Diagnostics, verb, subject string, err error, hints ...string) {
	if transport.Forbidden(err) {
		hints = append(hints, robotPermissionHint)
	}
	fail(diags, tfkit.Failure{
		Doing:   tfkit.Doing(verb, "Waldur robot account"),
		Subject: subject,
		Attributes: map[string]path.Path{
			"resource":         path.Root("resource_uuid"),
			"type":             path.Root("type"),
			"username":         path.Root("username"),
			"description":      path.Root("description"),
			"users":            path.Root("users"),
			"responsible_user": path.Root("responsible_user"),
			"keys":             path.Root("keys"),
		},
		Hints: hints,
	}, err)
}

// failRobotAccountAt is failRobotAccount for an error that names no field: it stands at an attribute.
func failRobotAccountAt(
	attribute string, diags *diag.Diagnostics, verb, subject string, err error, hints ...string,
) {
	var failures diag.Diagnostics
	failRobotAccount(&failures, verb, subject, err, hints...)
	for _, failure := range failures {
		diags.Append(diag.WithPath(path.Root(attribute), failure))
	}
}

// unseenHint names users whom this token does not see among the people of the account's resource, ""
// if there are none.
func unseenHint(unseen []string) string {
	if len(unseen) == 0 {
		return ""
	}
	return "Not among the people of the project and the customer, as this token sees them: " +
		strings.Join(unseen, ", ") + ". A token of the provider of the resource does not see people who have a role " +
		"in the customer alone: they may still be there."
}

// robotExistsHint says how to go on if a create finds an account of its type, which is in this state.
func robotExistsHint(uuid, state string) string {
	hint := tfkit.ImportHint(robotAccountType, uuid) + "\n\nDo not import it " +
		"if another resource manages it. If that resource gives up the type in the same apply, apply again."
	if state == robotRequestedDeletion || state == robotDeleted || state == robotError {
		return "An account in this state can't become OK again: delete it first, in Waldur, or by an import followed " +
			"by a destroy.\n\n" + hint
	}
	return hint
}
