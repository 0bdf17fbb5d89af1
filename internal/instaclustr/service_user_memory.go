package instaclustr

import (
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr/instaclustrapi"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// userMemory is what the provider alone knows of a service user. It is kept in private state.
type userMemory struct {
	// Creator holds the administrators whom the server added when the user was made. They stay, without being listed.
	Creator []string `json:"creator,omitempty"`
	// Doomed holds the keys that are still to be revoked, by type, with their last characters, so that a later key of that type is not taken
	// for one of them: those that came with the user, and those that its role does not allow any more.
	Doomed map[string]string `json:"doomed_keys,omitempty"`
	// Lowering is a role to which an update was to lower the user, if it is not known whether it did. Keys that it does not allow may be left then.
	Lowering string `json:"lowering,omitempty"`
}

var privateUser = tfkit.Private[userMemory]{Key: "service_user", About: "what is stored of the service user"}

// remembered is what there is to remember of a service user that was made just now.
func remembered(made *instaclustrapi.ServiceUser, initialAPIKeys string) userMemory {
	memory := userMemory{Creator: distinct(made.Administrators)}
	if initialAPIKeys == initialRevoked {
		memory.doom(made, keyTypesOf(made))
	}
	return memory
}

// doom has keys of some types revoked.
func (u *userMemory) doom(in *instaclustrapi.ServiceUser, kinds []string) {
	if u.Doomed == nil {
		u.Doomed = map[string]string{}
	}
	for _, kind := range kinds {
		if key := in.Key(kind); key != nil {
			u.Doomed[kind] = key.Tail
		}
	}
}

// still returns what is true of it now: a creator who has left the administrators, and a key that is gone, are forgotten.
func (u userMemory) still(now *instaclustrapi.ServiceUser) userMemory {
	kept := userMemory{Doomed: map[string]string{}}
	for _, name := range u.Creator {
		if slices.Contains(now.Administrators, name) {
			kept.Creator = append(kept.Creator, name)
		}
	}
	for kind, tail := range u.Doomed {
		if key := now.Key(kind); key != nil && (key.Tail == tail || key.Tail == "") {
			kept.Doomed[kind] = tail
		}
	}
	return kept
}

// settle finds out what became of a lowering: if it took place, keys that the role does not allow are to be revoked.
func (u *userMemory) settle(now *instaclustrapi.ServiceUser) {
	if u.Lowering != "" && u.Lowering == now.Role {
		u.doom(now, strandedBy(now.Role, keyTypesOf(now)))
	}
	u.Lowering = ""
}

// doomedTypes are the types of the keys that are still to be revoked.
func (u userMemory) doomedTypes() []string {
	kinds := []string{}
	for kind := range u.Doomed {
		kinds = append(kinds, kind)
	}
	return distinct(kinds)
}
