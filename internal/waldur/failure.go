package waldur

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
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
			"session token expires after an hour without use, a personal access token at its date.")
	}
	f.Add(diags, err)
}

// fail reports a failed call. The verb is one of create, read, list, update, delete, import,
// "rotate the API key of". The subject names the account; "" if none is known yet.
func (k *serviceAccountKind) fail(diags *diag.Diagnostics, verb, subject string, err error, hints ...string) {
	switch {
	case transport.Forbidden(err):
		hints = append(hints, fmt.Sprintf(
			"The token's user needs the permission SERVICE_ACCOUNT.MANAGE on the %s.", k.scope))
	case transport.Conflict(err):
		hints = append(hints, "Waldur refuses this request for an account in state Erred. Plan again, with a "+
			"refresh: the plan then repairs the account first.")
	}
	fail(diags, tfkit.Failure{
		Doing:   verb + " " + k.title,
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
	return tfkit.ImportHint(k.typeName(), uuid) + "\n\nDo not import it if another resource manages it, or if this " +
		"resource replaces it by create_before_destroy. Choose another preferred_identifier, or destroy that account " +
		"first."
}

// limitHint explains a refused create if the customer or project has as many accounts as it may
// have, else it is "". A limit nil means no limit. Waldur's own words are in the language of the
// server.
func (k *serviceAccountKind) limitHint(limit *int64, existing int) string {
	if limit == nil || int64(existing) < *limit {
		return ""
	}
	hint := fmt.Sprintf("The %s has %d service accounts, and its max_service_accounts is %d.",
		k.scope, existing, *limit)
	if *limit == 0 {
		hint += " Zero is Waldur's default: nothing can be created until it is raised."
	}
	if k.scope == "project" {
		return hint + " The API can't change it for a project: ask the operator of this Waldur server."
	}
	return hint + " Raise it on the customer, as staff, or ask the operator of this Waldur server."
}

// unseenWarning is for errUnseen.
func (k *serviceAccountKind) unseenWarning(uuid, username string) string {
	return fmt.Sprintf("Waldur returns 404 for %s, username %q. Its %s is visible, but none of its accounts: the "+
		"account was deleted outside of Terraform, and is removed from the state. If it was not deleted, the token "+
		"has lost the permission SERVICE_ACCOUNT.MANAGE on the %s: do not apply, grant the permission again, and "+
		"plan again.",
		uuid, username, k.scope, k.scope)
}

const (
	robotPermissionHint = "The token's user needs the permissions RESOURCE.CREATE_ROBOT_ACCOUNT, " +
		"RESOURCE.UPDATE_ROBOT_ACCOUNT and RESOURCE.DELETE_ROBOT_ACCOUNT on the customer that provides the resource. " +
		"Users of the resource can only read its robot accounts."

	robotPeopleHint = "While a user of the account has no role in the project or the customer of its resource, " +
		"Waldur refuses every change of the account. The provider takes nobody out by itself: take the person out of " +
		"users (and responsible_user) and apply.\n\nIf an SSH key has leaked meanwhile, take the key out of keys and " +
		"the person out of users in the same apply: a Waldur server of October 2024 refuses even a change of keys " +
		"alone."

	robotSwapHint = "Nothing was changed. If that account gets another type in the same apply, apply again. Two accounts " +
		"that swap their types need a third, temporary type, in two applies: first change one account to the " +
		"temporary type and the other account to its new type, then change the first account to its new type."

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
		Doing:   verb + " Waldur robot account",
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
		strings.Join(unseen, ", ") + ". A token of the provider of the resource does not see people who have a role in " +
		"the customer alone: they may still be there."
}

// robotExistsHint says how to go on if a create finds an account of its type, which is in this state.
func robotExistsHint(uuid, state string) string {
	hint := tfkit.ImportHint(robotAccountType, uuid)
	if state == robotRequestedDeletion || state == robotDeleted || state == robotError {
		return "An account in this state can't become OK again: delete it first, in Waldur, or by an import followed " +
			"by a destroy.\n\n" + hint
	}
	return hint
}
