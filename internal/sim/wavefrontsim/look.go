package wavefrontsim

import (
	"slices"
	"strings"
	"time"
)

// Account is a service account as it is, past the API. Lists are sorted, Tokens in the order of their making.
type Account struct {
	Identifier, Description        string
	Active                         bool
	Permissions, Roles, UserGroups []string
	Tokens                         []Token
	// LastUsed is zero before the first use of any token.
	LastUsed time.Time
}

// Token is a token that was not revoked. ID is the secret.
type Token struct {
	ID, Name            string
	Generated, LastUsed time.Time
}

// Accounts are all service accounts, in the order of their making.
func (s *Sim) Accounts() []Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Account
	for _, a := range s.store.accounts {
		if !a.user {
			all = append(all, a.export())
		}
	}
	return all
}

// Account finds one service account, in either case.
func (s *Sim) Account(identifier string) (Account, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.store.serviceAccount(strings.ToLower(identifier))
	if a == nil {
		return Account{}, false
	}
	return a.export(), true
}

// LiveTokens are the tokens of a service account that were not revoked; those of an inactive account are there too,
// though they do not work. An unknown account has none.
func (s *Sim) LiveTokens(identifier string) []Token {
	a, _ := s.Account(identifier)
	return a.Tokens
}

// TokenAlive tells whether the API takes a token: not revoked, and its account active. It looks at no permission.
func (s *Sim) TokenAlive(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, _ := s.store.owner(id)
	return a != nil && a.active
}

// Tokens are all tokens that service accounts ever had, the revoked ones included: what no log and no state may hold.
// The tokens of user accounts are not among them.
func (s *Sim) Tokens() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.store.minted)
}

func (a *account) export() Account {
	out := Account{
		Identifier: a.identifier, Description: a.description, Active: a.active,
		Permissions: texts(a.permissions), Roles: texts(a.roles), UserGroups: texts(a.groups), LastUsed: a.lastUsed,
	}
	for _, t := range a.tokens {
		out.Tokens = append(out.Tokens, Token{t.id, t.name, t.generated, t.lastUsed})
	}
	return out
}
