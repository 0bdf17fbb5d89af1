package instaclustrapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Key is an existing API key without its secret. Only the responses to generate and rotate have the
// secret, and the response to create, if the server creates keys with a service user; the client drops
// it there.
type Key struct {
	Account string // UUID
	Type    string
	Tail    string // the last five characters of the secret
}

const (
	tailLength = 5
	maskLength = 27
	bullet     = "\u2022"
)

// Mask is the secret as the API returns it.
func (k Key) Mask() string { return strings.Repeat(bullet, maskLength) + k.Tail }

// TailOf returns the last characters of a key, from the key or from its mask; "" if the mask shows none. A mask
// hides characters with others that no key has.
func TailOf(key string) string {
	if last := strings.LastIndexFunc(key, hides); last >= 0 {
		_, size := utf8.DecodeRuneInString(key[last:])
		return key[last+size:]
	}
	runes := []rune(key)
	return string(runes[max(0, len(runes)-tailLength):])
}

func hides(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' }

// IssuedKey is a key with its secret, as the server returns it once.
type IssuedKey struct {
	Account   string // UUID
	Type      string
	AllowList []string // nil: unknown
	Secret    transport.Secret
}

// UnmarshalJSON reads the documented forms.
func (k *IssuedKey) UnmarshalJSON(body []byte) error {
	var wire struct {
		Account, APIKeyType, KeyType, Key string
		CIDRAllowList                     []string
	}
	if json.Unmarshal(body, &wire) != nil {
		return errors.New("a key is not of a documented form") // the error of encoding/json could quote the secret
	}
	*k = IssuedKey{
		Account: wire.Account, Type: cmp.Or(wire.APIKeyType, wire.KeyType), AllowList: wire.CIDRAllowList,
		Secret: transport.NewSecret(wire.Key),
	}
	return nil
}

// Complete implements transport.Complete.
func (k *IssuedKey) Complete() error {
	if k.Secret.Reveal() == "" || strings.HasPrefix(k.Secret.Reveal(), bullet) {
		return errors.New("it has no key in clear")
	}
	return nil
}

// APIKeys has the operations on the API keys of service users. A user has at most one key of each type.
type APIKeys struct{ router *router }

type keyTypeBody struct {
	KeyType string `json:"apiKeyType"`
}

// Generate creates the key of a type; the user must have no key of that type. All addresses may use
// it. The server returns the secret only in this response.
//
// POST /v1/service-users/{username}/api-keys
func (k APIKeys) Generate(ctx context.Context, username, keyType string) (*IssuedKey, error) {
	return call[IssuedKey](ctx, k.router, generateKey, target{username: username}, keyTypeBody{keyType})
}

// Revoke revokes the key of a type. The response is not documented: read the service user again.
//
// DELETE /v1/service-users/{username}/api-keys
func (k APIKeys) Revoke(ctx context.Context, username, keyType string) error {
	return do(ctx, k.router, revokeKey, target{username: username}, keyTypeBody{keyType})
}

// Restrict replaces the allow list of a key. No operation reads an allow list.
//
// PUT /v1/service-users/{username}/api-keys/{apiKeyType}/ip-restrictions
func (k APIKeys) Restrict(ctx context.Context, username, keyType string, allowList []string) error {
	body := map[string][]string{"cidrAllowList": allowList}
	return do(ctx, k.router, restrictKey, target{username, keyType}, body)
}

// Rotate issues a new secret for the key of a type, and revokes the current secret at once. The server
// returns the new secret only in this response. A request whose response was lost is not sent again: the
// server may execute it late, and would then revoke the secret that the second request returned.
//
// POST /v1/service-users/{username}/api-keys/{apiKeyType}/rotate
func (k APIKeys) Rotate(ctx context.Context, username, keyType string) (*IssuedKey, error) {
	return call[IssuedKey](ctx, k.router, rotateKey, target{username, keyType}, nil)
}
