package rotation

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// storage is the place of a key's value. Only this file decides on it.
type storage int

const (
	inState   storage = iota // api_key, in the clear
	nowhere                  // not in state: the server returns the key when it is needed
	undecided                // not known before apply
)

// storageOf returns the storage for a value of store_api_key. Null is true.
func storageOf(storeAPIKey types.Bool) storage {
	switch {
	case storeAPIKey.IsUnknown():
		return undecided
	case storeAPIKey.IsNull() || storeAPIKey.ValueBool():
		return inState
	}
	return nowhere
}

// value returns the attribute value of a key, null for the zero Secret.
func (s storage) value(secret transport.Secret) types.String {
	if s != inState || secret.Reveal() == "" {
		return types.StringNull()
	}
	return types.StringValue(secret.Reveal())
}

// planned returns the planned value of a key that exists after the apply, given the value in the
// plan so far and the value in state.
func (s storage) planned(current, prior types.String) types.String {
	switch {
	case s == nowhere:
		return types.StringNull()
	case s == undecided, prior.IsNull():
		return types.StringUnknown()
	}
	return current
}
