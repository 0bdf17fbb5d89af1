package rotation

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// storage says where the value of a key goes. No other code asks this question.
type storage int

const (
	inState   storage = iota // api_key, in the clear
	nowhere                  // the server returns the key again when it is needed
	undecided                // not known before apply
)

// storageOf returns what store_api_key says; null means true.
func storageOf(storeAPIKey types.Bool) storage {
	switch {
	case storeAPIKey.IsUnknown():
		return undecided
	case storeAPIKey.IsNull() || storeAPIKey.ValueBool():
		return inState
	}
	return nowhere
}

// value returns what state holds of a key. Without a key it is null.
func (s storage) value(secret transport.Secret) types.String {
	if s != inState || secret.Reveal() == "" {
		return types.StringNull()
	}
	return types.StringValue(secret.Reveal())
}

// planned returns the planned value of a key that exists after the apply. Current is the value that the plan has now,
// prior the value in state.
func (s storage) planned(current, prior types.String) types.String {
	switch {
	case s == nowhere:
		return types.StringNull()
	case s == undecided, prior.IsNull():
		return types.StringUnknown()
	}
	return current
}
