package waldursim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// probePath is where a key can be tried. It belongs to the account service, not
// to Waldur.
const probePath = "/account-service/whoami"

// maxUsername is the width of Waldur's column; a longer name would fail there.
const maxUsername = 32

// BackendFault is one failure of the account service behind Waldur. Exactly one
// of Status, Unreachable, NoToken and Accepted is set.
type BackendFault struct {
	// Status, from 400 on, is the service's refusal. Waldur passes the body on.
	Status int
	// Body goes with Status. Waldur answers 400 if it is JSON or empty, and 500
	// if it is anything else.
	Body string
	// Unreachable means that Waldur gets no answer: a 500.
	Unreachable bool
	// NoToken, for create and rotate, is success without a key. A create leaves
	// an account behind that Waldur does not know; a rotate mints nothing and
	// leaves the old key alive.
	NoToken bool
	// Accepted, for close, is a 202 and an account that stays. Waldur answers 204
	// and leaves its record OK.
	Accepted bool
}

// serviceAccount is an account as the account service knows it.
type serviceAccount struct {
	username, email, description string
	closed                       bool
}

// mintedKey stays in the log after its death.
type mintedKey struct {
	key, username string
	dead          bool
	expires       time.Time // zero: never
}

// accountService names accounts and mints keys. A fresh key kills the one before.
type accountService struct {
	now      func() time.Time
	lifetime time.Duration
	accounts map[string]*serviceAccount
	keys     []*mintedKey
	faults   map[string][]BackendFault
}

func newAccountService(now func() time.Time, lifetime time.Duration) accountService {
	return accountService{
		now: now, lifetime: lifetime,
		accounts: map[string]*serviceAccount{}, faults: map[string][]BackendFault{},
	}
}

// secret is a key with its end, told once and never stored with a record.
type secret struct {
	token     any
	expiresAt any
}

// refusal is a failed call of the account service as Waldur sees it. A nil body
// is a failure that Waldur does not catch.
type refusal struct {
	detail json.RawMessage
}

func (f BackendFault) refusal() *refusal {
	switch {
	case f.Unreachable:
		return &refusal{}
	case f.Status == 0:
		return nil
	case f.Body == "":
		return &refusal{encode(fmt.Sprintf("Status code: %d, empty body", f.Status))}
	case !json.Valid([]byte(f.Body)):
		return &refusal{}
	}
	return &refusal{json.RawMessage(f.Body)}
}

func (r *refusal) answer() answer {
	if r.detail == nil {
		return serverFault()
	}
	return refuse(http.StatusBadRequest, r.detail)
}

// message is what Waldur keeps of the failure: text as it is, anything else in
// the notation of its language.
func (r *refusal) message() string {
	var value any
	decoder := json.NewDecoder(strings.NewReader(string(r.detail)))
	decoder.UseNumber()
	// The text was found valid when the fault was armed.
	_ = decoder.Decode(&value)
	if text, ok := value.(string); ok {
		return text
	}
	return pythonNotation(value)
}

func pythonNotation(value any) string {
	var parts []string
	switch value := value.(type) {
	case nil:
		return "None"
	case bool:
		return map[bool]string{true: "True", false: "False"}[value]
	case string:
		quote, quoted := "'", strconv.Quote(value)
		if strings.Contains(value, quote) && !strings.Contains(value, `"`) {
			quote = `"`
		}
		return quote + strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`) + quote
	case []any:
		for _, item := range value {
			parts = append(parts, pythonNotation(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			parts = append(parts, pythonNotation(name)+": "+pythonNotation(value[name]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(value)
}

func (a *accountService) fault(op string) BackendFault {
	queue := a.faults[op]
	if len(queue) == 0 {
		return BackendFault{}
	}
	a.faults[op] = queue[1:]
	return queue[0]
}

// name is never the one that the client asked for, and never one that was used
// before, by a closed account either.
func (a *accountService) name(identifier, asked string) string {
	if identifier == "" {
		identifier = randomHex(8)
	}
	for n := 1; ; n++ {
		tail := ""
		if n > 1 {
			tail = "-" + strconv.Itoa(n)
		}
		head := []rune("svc-" + identifier)
		name := string(head[:min(len(head), maxUsername-len(tail))]) + tail
		if _, taken := a.accounts[name]; !taken && name != asked {
			return name
		}
	}
}

func (a *accountService) create(identifier, asked, email, description string) (string, secret, *refusal) {
	f := a.fault("create")
	if r := f.refusal(); r != nil {
		return "", secret{}, r
	}
	username := a.name(identifier, asked)
	a.accounts[username] = &serviceAccount{username: username, email: email, description: description}
	if f.NoToken {
		return username, secret{}, nil
	}
	return username, a.mint(username), nil
}

// open finds an account that is not closed.
func (a *accountService) open(username string) (*serviceAccount, *refusal) {
	found, ok := a.accounts[username]
	if !ok || found.closed {
		return nil, BackendFault{Status: http.StatusNotFound, Body: `{"message": "account not found"}`}.refusal()
	}
	return found, nil
}

func (a *accountService) update(username, email, description string) *refusal {
	if r := a.fault("update").refusal(); r != nil {
		return r
	}
	found, r := a.open(username)
	if r == nil {
		found.email, found.description = email, description
	}
	return r
}

func (a *accountService) rotate(username string) (secret, *refusal) {
	f := a.fault("rotate")
	if r := f.refusal(); r != nil {
		return secret{}, r
	}
	if _, r := a.open(username); r != nil || f.NoToken {
		return secret{}, r
	}
	a.kill(username)
	return a.mint(username), nil
}

// close reports whether the account is gone: an account that the service does not
// know counts as gone.
func (a *accountService) close(username string) (gone bool, r *refusal) {
	f := a.fault("close")
	if r := f.refusal(); r != nil {
		return false, r
	}
	if f.Accepted {
		return false, nil
	}
	a.shut(username)
	return true, nil
}

func (a *accountService) shut(username string) {
	if found, ok := a.accounts[username]; ok {
		found.closed = true
		a.kill(username)
	}
}

func (a *accountService) kill(username string) {
	for _, k := range a.keys {
		if k.username == username {
			k.dead = true
		}
	}
}

func (a *accountService) mint(username string) secret {
	k := &mintedKey{key: "sak-" + randomHex(40), username: username}
	told := secret{token: k.key}
	if a.lifetime > 0 {
		k.expires = a.now().UTC().Add(a.lifetime).Truncate(time.Second)
		told.expiresAt = k.expires.Format(time.RFC3339)
	}
	a.keys = append(a.keys, k)
	return told
}

func (a *accountService) alive(k *mintedKey) bool {
	return !k.dead && (k.expires.IsZero() || a.now().Before(k.expires))
}

// owner gives the account that a live key opens.
func (a *accountService) owner(key string) (username string, ok bool) {
	for _, k := range a.keys {
		if k.key == key && a.alive(k) {
			return k.username, true
		}
	}
	return "", false
}
