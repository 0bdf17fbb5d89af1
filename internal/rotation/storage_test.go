package rotation

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestStorageOf(t *testing.T) {
	yes, no, null, unknown := types.BoolValue(true), types.BoolValue(false), types.BoolNull(), types.BoolUnknown()
	toAlice := storage{place: encrypted, recipients: []string{alice}}
	for name, test := range map[string]struct {
		storeAPIKey types.Bool
		recipients  types.List
		want        storage
	}{
		"true":                            {yes, recipients(), storage{place: inState}},
		"false":                           {no, recipients(), storage{place: nowhere}},
		"null":                            {null, recipients(), storage{place: inState}},
		"unknown":                         {unknown, recipients(), storage{place: undecided, mayBePlain: true}},
		"recipients":                      {null, recipients(alice), toAlice},
		"recipients, not known if stored": {unknown, recipients(alice), toAlice},
		"recipients, an unknown one": {
			yes, withUnknownRecipient(alice), storage{place: undecided, mayBeSealed: true},
		},
		"recipients unknown": {
			yes, unknownRecipients(), storage{place: undecided, mayBePlain: true, mayBeSealed: true},
		},
		"all unknown": {
			unknown, unknownRecipients(), storage{place: undecided, mayBePlain: true, mayBeSealed: true},
		},
		"not stored, so recipients are null": {no, unknownRecipients(), storage{place: nowhere}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := storageOf(test.storeAPIKey, test.recipients); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestStorage(t *testing.T) {
	value, null, unknown := types.StringValue, types.StringNull(), types.StringUnknown()
	key, none := transport.NewSecret("key-1"), transport.Secret{}
	plain, hidden := values{value("key-1"), null}, values{null, value("ciphertext")}
	state, owners := storage{place: inState}, storage{place: encrypted, recipients: []string{alice}}
	away, unsure := storage{place: nowhere}, storage{place: undecided, mayBePlain: true, mayBeSealed: true}
	for name, test := range map[string]struct {
		storage     storage
		secret      transport.Secret
		value       values // with the ciphertext of the prior values
		prior       values
		fresh, same bool
		planned     values
	}{
		"in state":                             {state, key, plain, plain, false, false, plain},
		"in state, no key":                     {state, none, noValues(), plain, false, false, plain},
		"in state, a rotation":                 {state, key, plain, plain, true, false, values{unknown, null}},
		"in state, where it has not been":      {state, key, plain, noValues(), false, false, values{unknown, null}},
		"in state, where it was encrypted":     {state, key, plain, hidden, false, false, values{unknown, null}},
		"encrypted":                            {owners, key, hidden, hidden, false, true, hidden},
		"encrypted, no key":                    {owners, none, noValues(), hidden, false, true, hidden},
		"encrypted, to others":                 {owners, key, hidden, hidden, false, false, values{null, unknown}},
		"encrypted, a rotation":                {owners, key, hidden, hidden, true, true, values{null, unknown}},
		"nowhere":                              {away, key, noValues(), noValues(), false, false, noValues()},
		"nowhere, no key":                      {away, none, noValues(), noValues(), false, false, noValues()},
		"nowhere, where it has been in state":  {away, key, noValues(), plain, false, false, noValues()},
		"nowhere, where it has been encrypted": {away, key, noValues(), hidden, false, false, noValues()},
		"nowhere, a rotation":                  {away, key, noValues(), plain, true, false, noValues()},
		"undecided": {
			unsure, key, noValues(), plain, false, false, values{unknown, unknown},
		},
		"undecided, a rotation": {
			unsure, none, noValues(), plain, true, false, values{unknown, unknown},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := test.storage.values(test.secret, test.prior.sealed); err != nil || got != test.value {
				t.Errorf("values: got %+v (%v), want %+v", got, err, test.value)
			}
			if got := test.storage.planned(test.prior, test.fresh, test.same); got != test.planned {
				t.Errorf("planned: got %+v, want %+v", got, test.planned)
			}
		})
	}
	got, err := owners.values(key, null)
	if err != nil || opened(t, got.sealed, aliceIdentity) != "key-1" || !got.plain.IsNull() {
		t.Errorf("got %+v (%v)", got, err)
	}
	for name, test := range map[string]struct {
		s    storage
		want values
	}{
		"may be encrypted": {storage{place: undecided, mayBeSealed: true}, values{null, unknown}},
		"may be plain":     {storage{place: undecided, mayBePlain: true}, values{unknown, null}},
	} {
		if got := test.s.planned(plain, false, false); got != test.want {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
