package wavefrontapi

import (
	"context"
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// MaxTokens is the largest number of tokens that a service account may have at a time.
const MaxTokens = 20

// Token is an API token of a service account. Its id is the secret itself, and every read returns it.
type Token struct {
	ID            transport.Secret `json:"tokenID"`
	Name          string           `json:"tokenName"`     // not unique; "": none, or not returned
	DateGenerated int64            `json:"dateGenerated"` // in ms since 1970; 0: unknown, on servers before 2022
	LastUsed      int64            `json:"lastUsed"`      // likewise; 0: never, or unknown
	AccountType   string           `json:"accountType"`
}

// Complete implements transport.Complete.
func (t *Token) Complete() error { return transport.Required("tokenID", t.ID.Reveal()) }

// Tokens has the operations on the tokens of service accounts. The API has no operation that reads one
// token.
type Tokens struct{ http *transport.Client }

// tokenPath is the path of the tokens of an account.
func tokenPath(identifier string, more ...string) string {
	return path(append([]string{"apitoken", "serviceaccount", identifier}, more...)...)
}

// List returns all tokens of an account.
//
// GET /api/v2/apitoken/serviceaccount/{id}
func (t Tokens) List(ctx context.Context, identifier string) ([]Token, error) {
	found, err := get[[]Token](ctx, t.http, tokenPath(identifier), nil)
	if err != nil {
		return nil, err
	}
	return *found, nil
}

// Generate creates a token and returns all tokens of the account, also the new token. The API's
// documents say that the new token is the last in the list; that is wrong if two tokens are generated
// at the same time.
//
// POST /api/v2/apitoken/serviceaccount/{id}
func (t Tokens) Generate(ctx context.Context, identifier, name string) ([]Token, error) {
	body := map[string]string{"tokenName": name}
	request := transport.Request{Method: http.MethodPost, Path: tokenPath(identifier), Body: body}
	found, _, err := call[[]Token](ctx, t.http, request)
	if err != nil {
		return nil, err
	}
	return *found, nil
}

// Rename changes the name of a token, and returns the name that the token has afterwards.
//
// PUT /api/v2/apitoken/serviceaccount/{id}/{token}
func (t Tokens) Rename(ctx context.Context, identifier string, token transport.Secret, name string) (string, error) {
	type renamed struct {
		Name string `json:"tokenName"`
	}
	now, _, err := call[renamed](ctx, t.http, transport.Request{
		Method: http.MethodPut, Path: tokenPath(identifier, token.Reveal()), Secret: token.Reveal(),
		Body: map[string]string{"tokenID": token.Reveal(), "tokenName": name},
	})
	if err != nil {
		return "", err
	}
	return now.Name, nil
}

// Revoke revokes a token for good, and returns the remaining tokens.
//
// DELETE /api/v2/apitoken/serviceaccount/{id}/{token}
func (t Tokens) Revoke(ctx context.Context, identifier string, token transport.Secret) ([]Token, error) {
	left, _, err := call[[]Token](ctx, t.http, transport.Request{
		Method: http.MethodDelete, Path: tokenPath(identifier, token.Reveal()), Secret: token.Reveal(),
	})
	if err != nil {
		return nil, err
	}
	return *left, nil
}
