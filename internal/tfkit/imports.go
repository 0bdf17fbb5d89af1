package tfkit

import (
	"strings"
	"sync/atomic"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// The environment variables of an import, whose request has no configuration.
const (
	// ImportKeyVariable has the API key of the object that is imported, if the server does not return it.
	ImportKeyVariable = "SVCACCT_IMPORT_API_KEY"
	// ImportStoreVariable is "false" if an import shall not store a key that the server returns.
	ImportStoreVariable = "SVCACCT_IMPORT_STORE_API_KEY"
)

// Imports are the settings of imports. nil has no key, and stores keys.
type Imports struct {
	key     transport.Secret
	taken   atomic.Bool
	discard bool
}

// NewImports reads the settings from the environment.
func NewImports(getenv func(name string) string) *Imports {
	return &Imports{
		key:     transport.NewSecret(strings.TrimSpace(getenv(ImportKeyVariable))),
		discard: strings.EqualFold(strings.TrimSpace(getenv(ImportStoreVariable)), "false"),
	}
}

// Key returns the key of the object that is imported, and false if there is none.
func (i *Imports) Key() (key transport.Secret, given bool) {
	if i == nil {
		return key, false
	}
	return i.key, i.key.Reveal() != ""
}

// Take reserves the key for one import. It returns false if another import has it.
func (i *Imports) Take() bool { return !i.taken.Swap(true) }

// Stores reports whether an import stores a key that the server returns.
func (i *Imports) Stores() bool { return i == nil || !i.discard }
