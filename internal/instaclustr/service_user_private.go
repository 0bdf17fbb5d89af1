package instaclustr

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceUserPrivate is the private state of a service user: values that no response has.
type serviceUserPrivate struct {
	// Creator holds the administrators whom the server added when the user was created, and the person
	// whose key the provider uses, after an import, or if somebody added them elsewhere. They stay
	// without being listed.
	Creator []string `json:"creator,omitempty"`
	// KeysToRevoke holds the last characters of the keys that are still to be revoked, by type:
	// keys that came with the user, and keys that its role does not allow any more. The characters
	// distinguish them from later keys.
	KeysToRevoke map[string]string `json:"doomed_keys,omitempty"`
	// Lowering is the role of an update that lowered the role, and whose response was lost. If the
	// server executed the update, there may be keys to revoke.
	Lowering string `json:"lowering,omitempty"`
	// ImportedKeys holds the last characters of the keys that the user had when it was imported, by type.
	// If the response to the create was lost, they are keys that came with the user, which nobody knows.
	ImportedKeys map[string]string `json:"imported_keys,omitempty"`
	// Stored is true in every private state that this version begins, so that it is never empty: without
	// private state, the provider was terminated during an update.
	Stored bool `json:"stored,omitempty"`
}

var privateServiceUser = tfkit.Private[serviceUserPrivate]{Key: "service_user", About: "the private state of the user"}

// newServiceUserPrivate returns the private state of a service user that was just created.
func newServiceUserPrivate(created *instaclustrapi.ServiceUser, initialAPIKeys string) serviceUserPrivate {
	private := serviceUserPrivate{Creator: tfkit.Distinct(created.Administrators), Stored: true}
	if initialAPIKeys == initialRevoked {
		private.addKeysToRevoke(created, keyTypesOf(created))
	}
	return private
}

// importedServiceUserPrivate returns the private state of a service user that was just imported. The
// person whose key the provider uses stays an administrator, as after a create.
func importedServiceUserPrivate(imported *instaclustrapi.ServiceUser, caller string) serviceUserPrivate {
	private := serviceUserPrivate{ImportedKeys: tailsOf(imported, keyTypesOf(imported)), Stored: true}
	if slices.Contains(imported.Administrators, caller) {
		private.Creator = []string{caller}
	}
	return private
}

// recoveredServiceUserPrivate returns the private state of a user whose private state Terraform has lost,
// as it does when the provider is terminated during an update. Known are the administrators and the role
// in state: administrators who are not in state were not listed, and a role below that in state may
// have been lowered by that update, with keys left.
func recoveredServiceUserPrivate(
	now *instaclustrapi.ServiceUser, administrators []string, role string,
) serviceUserPrivate {
	private := serviceUserPrivate{Creator: unlisted(now.Administrators, administrators), Stored: true}
	if rank(now.Role) < rank(role) {
		private.Lowering = now.Role
	}
	return private
}

// unlisted returns the names that are not listed.
func unlisted(names, listed []string) []string {
	return slices.DeleteFunc(tfkit.Distinct(names), func(name string) bool { return slices.Contains(listed, name) })
}

// tailsOf returns the last characters of the keys that a user has of some types, by type.
func tailsOf(user *instaclustrapi.ServiceUser, keyTypes []string) map[string]string {
	tails := map[string]string{}
	for _, keyType := range keyTypes {
		if key := user.Key(keyType); key != nil {
			tails[keyType] = key.Tail
		}
	}
	return tails
}

// left returns those of some keys, by type, that a user still has. A later key of the type is another key.
// If the response has no keys, it says nothing about them.
func left(keys map[string]string, now *instaclustrapi.ServiceUser) map[string]string {
	if now.Keys == nil {
		return keys
	}
	var kept map[string]string
	for keyType, tail := range keys {
		if key := now.Key(keyType); key != nil && (key.Tail == tail || key.Tail == "") {
			if kept == nil {
				kept = map[string]string{}
			}
			kept[keyType] = tail
		}
	}
	return kept
}

// addKeysToRevoke adds the keys that a user has of some types.
func (p *serviceUserPrivate) addKeysToRevoke(user *instaclustrapi.ServiceUser, keyTypes []string) {
	p.toRevoke(tailsOf(user, keyTypes))
}

func (p *serviceUserPrivate) toRevoke(keys map[string]string) {
	all := maps.Clone(p.KeysToRevoke)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, keys)
	p.KeysToRevoke = all
}

// settleImport decides on the keys that the user had when it was imported, if initial_api_keys does.
func (p *serviceUserPrivate) settleImport(prior, planned string) {
	if revokesImported(prior, planned) {
		p.toRevoke(p.ImportedKeys)
	}
	if planned != "" {
		p.ImportedKeys = nil
	}
}

// revokesImported reports whether a change of initial_api_keys revokes the keys that the user had when
// it was imported. An import sets no value.
func revokesImported(prior, planned string) bool {
	return planned == initialRevoked && prior != initialRevoked
}

// keepCaller adds the person whose key the provider uses, if somebody made them an administrator elsewhere:
// the list in state does not have them. An update would remove them, and lock the provider out.
func (p *serviceUserPrivate) keepCaller(now *instaclustrapi.ServiceUser, listed []string, caller string) {
	if len(listed) > 0 && slices.Contains(unlisted(now.Administrators, listed), caller) {
		p.Creator = tfkit.Distinct(append(slices.Clone(p.Creator), caller))
	}
}

// store writes the private state.
func (p serviceUserPrivate) store(ctx context.Context, to tfkit.PrivateState, diags *diag.Diagnostics) {
	privateServiceUser.Store(ctx, to, p, diags)
}

// refreshed returns the private state that fits a user as it is now. It drops creators who are no
// administrators any more and keys that are gone. It adds the keys that a lowered role does not
// allow. What the response does not have changes nothing.
func (p serviceUserPrivate) refreshed(now *instaclustrapi.ServiceUser) serviceUserPrivate {
	kept := serviceUserPrivate{
		KeysToRevoke: left(p.KeysToRevoke, now), ImportedKeys: left(p.ImportedKeys, now), Stored: p.Stored,
	}
	for _, name := range p.Creator {
		if now.Administrators == nil || slices.Contains(now.Administrators, name) {
			kept.Creator = append(kept.Creator, name)
		}
	}
	switch {
	case now.Keys == nil || now.Role == "":
		kept.Lowering = p.Lowering
	case p.Lowering != "" && p.Lowering == now.Role:
		kept.addKeysToRevoke(now, disallowed(now.Role, keyTypesOf(now)))
	}
	return kept
}

// keyTypesToRevoke returns the types of the keys that are still to be revoked.
func (p serviceUserPrivate) keyTypesToRevoke() []string {
	return slices.Sorted(maps.Keys(p.KeysToRevoke))
}

// importedKeyTypes returns the types of the keys that the user had when it was imported, and still has.
func (p serviceUserPrivate) importedKeyTypes() []string {
	return slices.Sorted(maps.Keys(p.ImportedKeys))
}
