package wavefront

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// recovered returns the fingerprints of a resource that has none in private state: it was imported, or
// it is tainted, or the provider was killed during an update. After such an update Terraform keeps the
// attributes from before it, without private state. The tokens are found by the keys that state holds,
// else by their names. The token that an interrupted rotation generated is an unconfirmed generation.
// Planned is the name that an update gives the token; "": there is no update.
func (l tokenList) recovered(m *tokenResourceModel, planned string) (fingerprints, error) {
	known := fingerprints{}.orOfState(m)
	var found tokenPair
	var created *wavefrontapi.Token
	var err error
	if known.Current == "" {
		found, created, err = l.recoverByName(m)
		if err == nil && found == (tokenPair{}) {
			found, err = l.recoverByDate(m, planned)
			created = l.successor(found)
		}
	} else {
		found = l.find(known)
		created = l.successor(found)
	}
	if err != nil {
		return known, err
	}
	if known.Current == "" {
		known = found.fingerprints()
	}
	if created != nil {
		known.Unconfirmed = &unconfirmedGeneration{
			Name: created.Name, At: time.UnixMilli(created.DateGenerated),
			Before: l.without(created).fingerprints(),
		}
	}
	return known, nil
}

// recoverByName returns the current and the previous token by their names, and the token that an
// interrupted rotation generated; nil: none. A rotation with an overlap first gives the current token
// the name of the previous token. Whether the token of that name is the current token of the state, the
// dates show, if the state has a previous token. A rotation without an overlap leaves two tokens of the
// name, which only their dates tell apart.
func (l tokenList) recoverByName(m *tokenResourceModel) (pair tokenPair, created *wavefrontapi.Token, err error) {
	account, name := m.ServiceAccount.ValueString(), m.Name.ValueString()
	pair.current, err = l.atMostOne(account, name)
	if same := l.named(name); len(same) == 2 && len(l.named(name+previousSuffix)) == 0 {
		if current, created := m.tellApart(same[0], same[1]); current != nil {
			return tokenPair{current: current}, created, nil
		}
	}
	if err == nil {
		pair.previous, err = l.atMostOne(account, name+previousSuffix)
	}
	interrupted := m.Held() && !m.HasPrevious()
	switch {
	case err != nil:
		return tokenPair{}, nil, m.explainDates(err)
	case pair.previous == nil:
		return pair, nil, nil
	case pair.current == nil && m.HasPrevious() && m.since(pair.previous) > clockTolerance:
		err := fmt.Errorf("%s has no token named %q, but its previous token, generated at %s", account, name,
			tokenList{*pair.previous}.dates())
		return tokenPair{}, nil, m.explainDates(err)
	case pair.current == nil:
		return tokenPair{current: pair.previous}, nil, nil
	case interrupted, m.since(pair.previous).Abs()+clockTolerance < m.since(pair.current).Abs():
		return tokenPair{current: pair.previous}, pair.current, nil
	}
	return pair, nil, nil
}

// recoverByDate returns the current token if no token has its name. An update that was interrupted may
// have renamed it: then the token has the planned name, and the date of the state. If another token has
// that date, it is an error: the token may exist under another name.
func (l tokenList) recoverByDate(m *tokenResourceModel, planned string) (pair tokenPair, err error) {
	at, dated := m.IssuedAt()
	var candidates []string
	for i, token := range l {
		if !dated || token.DateGenerated == 0 || m.since(&token).Abs() > clockTolerance {
			continue
		}
		asPlanned := planned != "" && strings.TrimSuffix(token.Name, previousSuffix) == planned
		if asPlanned && (pair.current == nil || token.DateGenerated < pair.current.DateGenerated) {
			pair.current = &l[i]
		}
		candidates = append(candidates, strconv.Quote(token.Name))
	}
	if pair.current != nil || len(candidates) == 0 {
		return pair, nil
	}
	err = fmt.Errorf("%s has no token named %q, but at the time of that token, %s, these tokens were generated: %s",
		m.ServiceAccount.ValueString(), m.Name.ValueString(), at.Format(time.RFC3339), strings.Join(candidates, ", "))
	return pair, tfkit.WithHints(err, append(tfkit.HintsOf(m.explainDates(err)), "If the token of the state is "+
		"revoked already, remove the resource from the state, with terraform state rm.")...)
}

// tellApart returns which of two tokens of one name is the current token of the state, and the other if it
// is newer: an interrupted rotation generated it. The current token is the token whose date is closer to
// that of the state; nil: the dates do not show it.
func (m *tokenResourceModel) tellApart(a, b wavefrontapi.Token) (current, created *wavefrontapi.Token) {
	if a.DateGenerated > b.DateGenerated {
		a, b = b, a
	}
	_, dated := m.IssuedAt()
	older, newer := m.since(&a).Abs(), m.since(&b).Abs()
	switch {
	case !dated || a.DateGenerated == 0:
		return nil, nil
	case older+clockTolerance < newer:
		return &a, &b
	case newer+clockTolerance < older:
		return &b, nil
	}
	return nil, nil
}

// clockTolerance is by how much the times of two tokens must differ to show which of them the state
// means: state has seconds of the provider's clock.
const clockTolerance = 2 * time.Second

// since returns how much later than a token the current token was generated, according to the state; 0
// if that is not known.
func (m *tokenResourceModel) since(token *wavefrontapi.Token) time.Duration {
	at, dated := m.IssuedAt()
	if !dated || token.DateGenerated == 0 {
		return 0
	}
	return at.Sub(time.UnixMilli(token.DateGenerated))
}

// warnAmbiguous reports the error of recovered for a resource that is not being imported. An error at a
// refresh would block the plan of everything else.
func (m *tokenResourceModel) warnAmbiguous(err error, diags *diag.Diagnostics) {
	parts := append([]string{m.subject() + ": " + err.Error() + "."}, tfkit.HintsOf(err)...)
	diags.AddWarning("A token was not found", strings.Join(parts, "\n\n"))
}

// explainDates adds to an error about tokens that names do not tell apart when the token in state was
// generated, and what to do.
func (m *tokenResourceModel) explainDates(err error) error {
	at, dated := m.IssuedAt()
	if !dated {
		return err
	}
	return tfkit.WithHints(err, fmt.Sprintf("The token in the state was generated at %s. A run that was killed may "+
		"have generated or renamed a token. Revoke the token that nobody uses, or give the token of the state its "+
		"name %q back, in Wavefront, and run again.", at.Format(time.RFC3339), m.Name.ValueString()))
}

// successor returns the token that an interrupted rotation generated: the only token of the current
// token's name, or of the name that the current token had before, that is not in the pair and not older
// than the current token; nil if there is none.
func (l tokenList) successor(pair tokenPair) *wavefrontapi.Token {
	var others tokenList
	if pair.current == nil {
		return nil
	}
	for _, token := range l.named(strings.TrimSuffix(pair.current.Name, previousSuffix)) {
		if !pair.has(token) {
			others = append(others, token)
		}
	}
	if len(others) != 1 || others[0].DateGenerated < pair.current.DateGenerated {
		return nil
	}
	return &others[0]
}

// noteDate records that another token has taken the place of the token in state, if the current token,
// which was found by its name, is newer than the state says.
func (m *tokenResourceModel) noteDate(current *wavefrontapi.Token, diags *diag.Diagnostics) {
	generated := time.UnixMilli(current.DateGenerated).UTC()
	at, _ := m.IssuedAt()
	if _, stored := m.Known(); stored || m.since(current) > -clockTolerance {
		return
	}
	diags.AddWarning("A token was found by its name", fmt.Sprintf("The token in the state was generated at %s, the "+
		"token %s at %s. It takes the place of the token in the state from now on. A run that was killed during a "+
		"rotation may have generated it. If somebody else did, change a keeper to rotate it.",
		at.Format(time.RFC3339), m.subject(), generated.Format(time.RFC3339)))
	m.Replace(tfkit.MillisOrNull(current.DateGenerated))
}
