package wavefrontapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// MaxTokens is how many tokens a service account may have at a time.
const MaxTokens = 20

// Token is an API token of a service account. Its id is the secret itself, and every read shows it.
type Token struct {
	ID            transport.Secret `json:"tokenID"`
	Name          string           `json:"tokenName"`     // not unique
	DateGenerated int64            `json:"dateGenerated"` // in ms since 1970; 0: not told, as by servers before 2022
	LastUsed      int64            `json:"lastUsed"`      // likewise; 0: never, or not told
	AccountType   string           `json:"accountType"`
}

// Complete implements transport.Complete.
func (t *Token) Complete() error {
	if t.ID.Reveal() == "" {
		return errors.New("a token has no tokenID")
	}
	return nil
}

type tokens []Token

// Complete implements transport.Complete.
func (t *tokens) Complete() error { return complete(*t) }

// Tokens are the operations on the tokens of service accounts. There is none that reads one token.
type Tokens struct{ http *transport.Client }

func tokenPath(identifier string, more ...string) string {
	return path(append([]string{"apitoken", "serviceaccount", identifier}, more...)...)
}

// List returns all tokens of an account (GET /apitoken/serviceaccount/{id}).
func (t Tokens) List(ctx context.Context, identifier string) ([]Token, error) {
	found, err := get[tokens](ctx, t.http, tokenPath(identifier), nil)
	if err != nil {
		return nil, err
	}
	return *found, nil
}

// Generate makes a token and returns all tokens of the account, the new one among them (POST /apitoken/serviceaccount/{id}). The API
// documents that it is the last one, which is a race if two are generated at a time.
func (t Tokens) Generate(ctx context.Context, identifier, name string) ([]Token, error) {
	body := map[string]string{"tokenName": name}
	found, _, err := call[tokens](ctx, t.http, transport.Request{Method: http.MethodPost, Path: tokenPath(identifier), Body: body})
	if err != nil {
		return nil, err
	}
	return *found, nil
}

// Rename gives a token another name, and returns the one that it has then (PUT /apitoken/serviceaccount/{id}/{token}).
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

// Revoke kills a token for good, and returns the tokens that are left (DELETE /apitoken/serviceaccount/{id}/{token}).
func (t Tokens) Revoke(ctx context.Context, identifier string, token transport.Secret) ([]Token, error) {
	left, _, err := call[tokens](ctx, t.http, transport.Request{Method: http.MethodDelete, Path: tokenPath(identifier, token.Reveal()), Secret: token.Reveal()})
	if err != nil {
		return nil, err
	}
	return *left, nil
}
