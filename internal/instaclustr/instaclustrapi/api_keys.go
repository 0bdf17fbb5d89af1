package instaclustrapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Key is an API key that exists, without its secret: that is in the answers to generate and rotate alone. (It is in the answer to create,
// too, for keys that come with a new service user, and is dropped there.)
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

// Mask is the secret as the API shows it.
func (k Key) Mask() string { return strings.Repeat(bullet, maskLength) + k.Tail }

// TailOf returns the last characters of a key, which a mask shows, from the key or from its mask.
func TailOf(key string) string {
	if bare := strings.TrimLeft(key, bullet+"*"); bare != key {
		return bare
	}
	runes := []rune(key)
	return string(runes[max(0, len(runes)-tailLength):])
}

// IssuedKey is a key that has been issued just now.
type IssuedKey struct {
	Account   string // UUID
	Type      string
	AllowList []string // nil: not told
	Secret    transport.Secret
}

// UnmarshalJSON reads the shape on the wire.
func (k *IssuedKey) UnmarshalJSON(body []byte) error {
	var wire struct {
		Account, APIKeyType, KeyType, Key string
		CIDRAllowList                     []string
	}
	if json.Unmarshal(body, &wire) != nil {
		return errors.New("a key is not of the documented shape") // what encoding/json says might quote the secret
	}
	*k = IssuedKey{Account: wire.Account, Type: cmp.Or(wire.APIKeyType, wire.KeyType), AllowList: wire.CIDRAllowList, Secret: transport.NewSecret(wire.Key)}
	return nil
}

// Complete implements transport.Complete.
func (k *IssuedKey) Complete() error {
	if k.Secret.Reveal() == "" || strings.HasPrefix(k.Secret.Reveal(), bullet) {
		return lacks("key in clear")
	}
	return nil
}

type keyTypeBody struct {
	KeyType string `json:"apiKeyType"`
}

// GenerateKey makes the key of a type, which must not exist. It is open to all addresses. The answer carries the secret, this once.
//
// POST /v1/service-users/{username}/api-keys
func (c *Client) GenerateKey(ctx context.Context, username, keyType string) (*IssuedKey, error) {
	return call[IssuedKey](ctx, c, generateKey, target{username: username}, keyTypeBody{keyType})
}

// RevokeKey ends the key of a type. No answer is documented: read again.
//
// DELETE /v1/service-users/{username}/api-keys
func (c *Client) RevokeKey(ctx context.Context, username, keyType string) error {
	return do(ctx, c, revokeKey, target{username: username}, keyTypeBody{keyType})
}

// RestrictKey replaces the allow list of a key. There is no way to read one. It may be repeated.
//
// PUT /v1/service-users/{username}/api-keys/{apiKeyType}/ip-restrictions
func (c *Client) RestrictKey(ctx context.Context, username, keyType string, allowList []string) error {
	body := map[string][]string{"cidrAllowList": allowList}
	return do(ctx, c, restrictKey, target{username, keyType}, body)
}

// RotateKey has a new secret issued for the key of a type and kills the current one at once. The answer carries the new one, this once. It
// may be repeated: the second rotation kills a secret whose answer got lost.
//
// POST /v1/service-users/{username}/api-keys/{apiKeyType}/rotate
func (c *Client) RotateKey(ctx context.Context, username, keyType string) (*IssuedKey, error) {
	return call[IssuedKey](ctx, c, rotateKey, target{username, keyType}, nil)
}
