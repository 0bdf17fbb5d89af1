package rotation

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/sealed"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// values are the two attributes that can hold the value of a key: in the clear and encrypted. At most one
// of them is set.
type values struct{ plain, sealed types.String }

func noValues() values { return values{types.StringNull(), types.StringNull()} }

// held reports whether state holds the value in either form.
func (v values) held() bool { return !v.plain.IsNull() || !v.sealed.IsNull() }

// place is where the value of a key is stored.
type place int

const (
	inState   place = iota // api_key, in the clear
	encrypted              // encrypted_api_key
	nowhere                // not in state: the server returns the key when it is needed
	undecided              // not known before apply
)

// storage is the place of a key's value. Only this file decides on it.
type storage struct {
	place      place
	recipients []string // that the value is encrypted to

	mayBePlain, mayBeSealed bool // which attributes can have the value, if the place is undecided
}

// storageOf returns the storage for the values of store_api_key and age_recipients. Null is true for
// store_api_key. An unknown list may turn out null; a list with an unknown element does not.
func storageOf(storeAPIKey types.Bool, ageRecipients types.List) storage {
	recipients, known := recipientsOf(ageRecipients)
	discards := !storeAPIKey.IsNull() && !storeAPIKey.IsUnknown() && !storeAPIKey.ValueBool()
	switch {
	case len(recipients) > 0 && known:
		return storage{place: encrypted, recipients: recipients}
	case discards: // with recipients this is an error
		return storage{place: nowhere}
	case ageRecipients.IsUnknown():
		return storage{place: undecided, mayBePlain: true, mayBeSealed: true}
	case !known:
		return storage{place: undecided, mayBeSealed: true}
	case storeAPIKey.IsUnknown():
		return storage{place: undecided, mayBePlain: true}
	}
	return storage{place: inState}
}

// values returns the attribute values of a key, null for the zero Secret. An encrypted value that is held
// already stays as it is: each encryption has another result.
func (s storage) values(secret transport.Secret, sealedBefore types.String) (values, error) {
	v := noValues()
	switch {
	case secret.Reveal() == "":
	case s.place == inState:
		v.plain = types.StringValue(secret.Reveal())
	case s.place == encrypted && sealedBefore.ValueString() != "":
		v.sealed = sealedBefore
	case s.place == encrypted:
		text, err := s.seal(secret)
		if err != nil {
			return v, err
		}
		v.sealed = types.StringValue(text)
	}
	return v, nil
}

func (s storage) seal(secret transport.Secret) (string, error) {
	to := make([]sealed.Recipient, len(s.recipients))
	for i, text := range s.recipients {
		recipient, err := sealed.ParseRecipient(text)
		if err != nil {
			return "", err
		}
		to[i] = recipient
	}
	return sealed.Seal(secret, to)
}

// planned returns the planned values of a key that exists after the apply, given the values in state. Fresh
// says that the apply issues the key or reads it from the server, same that the recipients stay the same.
func (s storage) planned(prior values, fresh, same bool) values {
	planned := noValues()
	switch s.place {
	case inState:
		planned.plain = unlessFresh(prior.plain, fresh)
	case encrypted:
		planned.sealed = unlessFresh(prior.sealed, fresh || !same)
	case undecided:
		if s.mayBePlain {
			planned.plain = types.StringUnknown()
		}
		if s.mayBeSealed {
			planned.sealed = types.StringUnknown()
		}
	case nowhere:
	}
	return planned
}

// unlessFresh returns the value in state if the apply does not set another one.
func unlessFresh(prior types.String, fresh bool) types.String {
	if fresh || prior.IsNull() {
		return types.StringUnknown()
	}
	return prior
}
