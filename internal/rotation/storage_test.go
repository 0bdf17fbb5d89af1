package rotation

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestStorageOf(t *testing.T) {
	for name, test := range map[string]struct {
		storeAPIKey types.Bool
		want        storage
	}{
		"true":    {types.BoolValue(true), inState},
		"false":   {types.BoolValue(false), nowhere},
		"null":    {types.BoolNull(), inState},
		"unknown": {types.BoolUnknown(), undecided},
	} {
		t.Run(name, func(t *testing.T) {
			if got := storageOf(test.storeAPIKey); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestStorage(t *testing.T) {
	value, null, unknown := types.StringValue, types.StringNull(), types.StringUnknown()
	key, none := transport.NewSecret("key-1"), transport.Secret{}
	for name, test := range map[string]struct {
		storage        storage
		secret         transport.Secret
		value          types.String
		current, prior types.String // of a plan
		planned        types.String
	}{
		"in state": {
			inState, key, value("key-1"), value("key-1"), value("key-1"), value("key-1"),
		},
		"in state, no key":                    {inState, none, null, null, value("key-1"), null},
		"in state, a rotation":                {inState, key, value("key-1"), unknown, value("key-1"), unknown},
		"in state, where it has not been":     {inState, key, value("key-1"), null, null, unknown},
		"in state, rotated and it was not":    {inState, key, value("key-1"), unknown, null, unknown},
		"nowhere":                             {nowhere, key, null, null, null, null},
		"nowhere, no key":                     {nowhere, none, null, null, null, null},
		"nowhere, where it has been in state": {nowhere, key, null, value("key-1"), value("key-1"), null},
		"nowhere, a rotation":                 {nowhere, key, null, unknown, value("key-1"), null},
		"undecided":                           {undecided, key, null, value("key-1"), value("key-1"), unknown},
		"undecided, where it has not been":    {undecided, key, null, null, null, unknown},
		"undecided, a rotation":               {undecided, none, null, unknown, value("key-1"), unknown},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.storage.value(test.secret); !got.Equal(test.value) {
				t.Errorf("value: got %s, want %s", got, test.value)
			}
			if got := test.storage.planned(test.current, test.prior); !got.Equal(test.planned) {
				t.Errorf("planned: got %s, want %s", got, test.planned)
			}
		})
	}
}
