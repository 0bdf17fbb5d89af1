package instaclustr

import (
	"maps"
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// serviceUserPrivate is the private state of a service user: values that no response has.
type serviceUserPrivate struct {
	// Creator holds the administrators whom the server added when the user was created. They stay
	// without being listed.
	Creator []string `json:"creator,omitempty"`
	// KeysToRevoke holds the last characters of the keys that are still to be revoked, by type:
	// keys that came with the user, and keys that its role does not allow any more. The characters
	// distinguish them from later keys.
	KeysToRevoke map[string]string `json:"doomed_keys,omitempty"`
	// Lowering is the role of an update that lowered the role, and whose response was lost. If the
	// server executed the update, there may be keys to revoke.
	Lowering string `json:"lowering,omitempty"`
}

var privateServiceUser = tfkit.Private[serviceUserPrivate]{Key: "service_user", About: "the private state of the user"}

// newServiceUserPrivate returns the private state of a service user that was just created.
func newServiceUserPrivate(created *instaclustrapi.ServiceUser, initialAPIKeys string) serviceUserPrivate {
	private := serviceUserPrivate{Creator: tfkit.Distinct(created.Administrators)}
	if initialAPIKeys == initialRevoked {
		private.addKeysToRevoke(created, keyTypesOf(created))
	}
	return private
}

// addKeysToRevoke adds the keys that a user has of some types.
func (p *serviceUserPrivate) addKeysToRevoke(user *instaclustrapi.ServiceUser, keyTypes []string) {
	if p.KeysToRevoke == nil {
		p.KeysToRevoke = map[string]string{}
	}
	for _, keyType := range keyTypes {
		if key := user.Key(keyType); key != nil {
			p.KeysToRevoke[keyType] = key.Tail
		}
	}
}

// refreshed returns the private state that fits a user as it is now. It drops creators who are no
// administrators any more and keys that are gone. It adds the keys that a lowered role does not
// allow. What the response does not have changes nothing.
func (p serviceUserPrivate) refreshed(now *instaclustrapi.ServiceUser) serviceUserPrivate {
	kept := serviceUserPrivate{KeysToRevoke: map[string]string{}}
	for _, name := range p.Creator {
		if now.Administrators == nil || slices.Contains(now.Administrators, name) {
			kept.Creator = append(kept.Creator, name)
		}
	}
	for keyType, tail := range p.KeysToRevoke {
		if key := now.Key(keyType); now.Keys == nil || key != nil && (key.Tail == tail || key.Tail == "") {
			kept.KeysToRevoke[keyType] = tail
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
