package waldursim

import (
	"fmt"
	"net/http"
)

// account is the record of a service account. Its key is not part of it.
type account struct {
	kind                         *accountKind
	uuid, created, modified      string
	scope                        string // empty is null
	username, description, email string
	state                        string
	errorMessage, errorTraceback string
	preferredIdentifier          string
}

func (s *Sim) newAccount(k *accountKind, scope string) *account {
	now := s.stamp()
	a := &account{kind: k, uuid: newUUID(), created: now, modified: now, scope: scope, state: stateOK}
	s.store.accounts.add(a.uuid, a)
	return a
}

func (a *account) texts() map[string]*string {
	return map[string]*string{
		"username":             &a.username,
		"description":          &a.description,
		"email":                &a.email,
		"state":                &a.state,
		"error_message":        &a.errorMessage,
		"error_traceback":      &a.errorTraceback,
		"preferred_identifier": &a.preferredIdentifier,
	}
}

func (a *account) fields() map[string]any {
	fields := map[string]any{"uuid": a.uuid, "created": a.created, "modified": a.modified}
	for name, text := range a.texts() {
		fields[name] = *text
	}
	fields[a.kind.scope] = nil
	if a.scope != "" {
		fields[a.kind.scope] = a.scope
	}
	return fields
}

// setFields is for edits by a test, where a mistake must not pass.
func (a *account) setFields(s *Sim, fields map[string]any) {
	before := a.fields()
	for name := range before {
		value, ok := fields[name]
		text, isText := value.(string)
		switch target := a.texts()[name]; {
		case !ok:
			panic("waldursim: the edit removed the field " + name)
		case value == before[name]:
		case target != nil && isText:
			*target = text
		case name == a.kind.scope && value == nil:
			a.scope = ""
		case name == a.kind.scope && isText:
			a.scope = s.mustLook(a.kind, text)
		default:
			panic(fmt.Sprintf("waldursim: the field %s cannot become %v", name, value))
		}
	}
	for name := range fields {
		if _, ok := before[name]; !ok {
			panic("waldursim: service accounts have no field " + name)
		}
	}
	if a.state != stateOK && a.state != stateErred && a.state != stateClosed {
		panic("waldursim: service accounts have no state " + a.state)
	}
}

// writing is a checked body: the texts that were sent and the scope, if sent.
type writing struct {
	texts    map[string]string
	scope    string
	hasScope bool
}

func (w writing) apply(a *account) {
	for name, text := range w.texts {
		*a.texts()[name] = text
	}
	if w.hasScope {
		a.scope = w.scope
	}
}

// accountTexts are the texts that a client may send. The server means
// error_traceback to be its own and takes it nevertheless.
var accountTexts = []textField{
	{name: "username", max: 32, blank: true},
	{name: "description", blank: true},
	{name: "error_traceback", blank: true},
	{name: "email", max: 320, email: true},
	{name: "preferred_identifier", max: 32, blank: true},
}

// read checks a body and reports all faulty fields together. What it does not
// know it ignores.
func (k *accountKind) read(c *call, needScope bool) (writing, *answer) {
	body, problem := c.fields()
	if problem != nil {
		return writing{}, problem
	}
	w := writing{texts: map[string]string{}}
	problems := record{}
	for _, field := range accountTexts {
		value, sent := body[field.name]
		if !sent {
			continue
		}
		text, faults := field.check(value)
		if faults != nil {
			problems[field.name] = faults
		}
		w.texts[field.name] = text
	}
	value, sent := body[k.scope]
	if sent {
		var fault string
		if w.scope, fault = k.readScope(c.sim, value); fault != "" {
			problems[k.scope] = []string{fault}
		}
		w.hasScope = true
	} else if needScope {
		problems[k.scope] = []string{"This field is required."}
	}
	if len(problems) > 0 {
		return writing{}, badRequest(problems)
	}
	return w, nil
}

// readScope takes a UUID, not an address; null and empty text mean no scope.
func (k *accountKind) readScope(s *Sim, value any) (uuid, fault string) {
	if value == nil || value == "" {
		return "", ""
	}
	text, _ := value.(string)
	uuid, ok := parseUUID(text)
	if !ok {
		return "", "Invalid value."
	}
	if _, ok := k.look(s, uuid); !ok {
		return "", "Object with uuid=" + text + " does not exist."
	}
	return uuid, ""
}

// openAccount has the backend of the present mode make an account.
func (s *Sim) openAccount(w writing, scopeEmail string) (username string, told secret, problem *answer) {
	disabled := refuse(http.StatusBadRequest, "Service account creation is disabled or returned no token.")
	identifier, named := w.texts["preferred_identifier"]
	switch s.mode {
	case BackendMock:
		if !named {
			identifier = "mock-" + randomHex(8)
		}
		return identifier, s.mockSecret("mock-api-key-" + randomHex(16)), nil
	case BackendOff:
		return "", secret{}, &disabled
	}
	if !named {
		// The server reads the field without asking whether it was sent.
		a := serverFault()
		return "", secret{}, &a
	}
	email, sent := w.texts["email"]
	if !sent {
		email = scopeEmail
	}
	username, told, refused := s.service.create(identifier, w.texts["username"], email, w.texts["description"])
	if refused != nil {
		a := refused.answer()
		return "", secret{}, &a
	}
	if told.token == nil {
		return "", secret{}, &disabled
	}
	return username, told, nil
}

func (s *Sim) mockSecret(token string) secret {
	return secret{token, isoFormat(s.options.Now().Add(mockKeyLifetime))}
}
