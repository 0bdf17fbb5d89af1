package waldursim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// maxUsername is the width of Waldur's column.
const maxUsername = 32

// BackendFault is one failure of the account service behind Waldur: exactly one of Status,
// Unreachable, NoToken and Accepted is set.
type BackendFault struct {
	// Status, from 400 on, is the service's refusal. Waldur passes the body on.
	Status int
	// Body belongs to Status. Waldur returns 400 if it is JSON or empty, and 500 otherwise.
	Body string
	// Unreachable means that Waldur gets no response: a 500.
	Unreachable bool
	// NoToken, for create and rotate, is success without a key. A create leaves an account that
	// Waldur does not know; a rotation issues nothing, and the old key still works.
	NoToken bool
	// Accepted, for close, is a 202 and an account that stays. Waldur returns 204 and leaves its
	// record OK.
	Accepted bool
}

// refusal returns Waldur's response to a failed call of the account service, and the error message
// that Waldur stores: empty for a failure that Waldur does not catch. Without a failure the
// response is nil.
func (f BackendFault) refusal() (message string, problem *simkit.Response) {
	detail := json.RawMessage(f.Body)
	switch {
	case f.Status == 0 && !f.Unreachable:
		return "", nil
	case f.Status != 0 && f.Body == "":
		detail = simkit.Encode(fmt.Sprintf("Status code: %d, empty body", f.Status))
	case !json.Valid(detail):
		return "", serverFault()
	}
	if err := json.Unmarshal(detail, &message); err != nil {
		message = string(detail)
	}
	return message, refuse(http.StatusBadRequest, detail)
}

// issuedKey is a key that was issued; it stays in the list after it is revoked.
type issuedKey struct {
	key, username string
	dead          bool
	expires       time.Time // zero: never
}

// accountService names accounts and issues keys. A new key revokes the key before.
type accountService struct {
	now      func() time.Time
	lifetime time.Duration
	closed   map[string]bool // by the usernames of all accounts
	keys     []*issuedKey
	faults   map[string][]BackendFault
}

// secret is a key with its expiry, both null without a key. Neither is stored with an account.
type secret struct{ token, expiresAt any }

func (a *accountService) fault(op string) BackendFault {
	queue := a.faults[op]
	if len(queue) == 0 {
		return BackendFault{}
	}
	a.faults[op] = queue[1:]
	return queue[0]
}

// name returns a username that differs from the username that the client sent, and that no account
// has had before.
func (a *accountService) name(identifier, asked string) string {
	if identifier == "" {
		identifier = simkit.RandomHex(8)
	}
	for n := 1; ; n++ {
		tail := ""
		if n > 1 {
			tail = "-" + strconv.Itoa(n)
		}
		head := []rune("svc-" + identifier)
		name := string(head[:min(len(head), maxUsername-len(tail))]) + tail
		if _, taken := a.closed[name]; !taken && name != asked {
			return name
		}
	}
}

func (a *accountService) create(identifier, asked string) (username string, issued secret, problem *simkit.Response) {
	f := a.fault("create")
	if _, problem := f.refusal(); problem != nil {
		return "", secret{}, problem
	}
	username = a.name(identifier, asked)
	a.closed[username] = false
	if !f.NoToken {
		issued = a.issue(username, "")
	}
	return username, issued, nil
}

// known refuses an account that is closed or was never created.
func (a *accountService) known(username string) (message string, problem *simkit.Response) {
	if closed, ok := a.closed[username]; ok && !closed {
		return "", nil
	}
	return BackendFault{Status: http.StatusNotFound, Body: `{"message": "account not found"}`}.refusal()
}

func (a *accountService) update(username string) (message string, problem *simkit.Response) {
	if message, problem = a.fault("update").refusal(); problem != nil {
		return message, problem
	}
	return a.known(username)
}

func (a *accountService) rotate(username string) (secret, *simkit.Response) {
	f := a.fault("rotate")
	if _, problem := f.refusal(); problem != nil {
		return secret{}, problem
	}
	if _, problem := a.known(username); problem != nil || f.NoToken {
		return secret{}, problem
	}
	a.end(username)
	return a.issue(username, ""), nil
}

// close reports whether the account does not exist afterwards; this is true for an account that the
// service never had.
func (a *accountService) close(username string) (gone bool, message string, problem *simkit.Response) {
	f := a.fault("close")
	if message, problem = f.refusal(); problem != nil || f.Accepted {
		return false, message, problem
	}
	a.shut(username)
	return true, "", nil
}

func (a *accountService) shut(username string) {
	if _, ok := a.closed[username]; ok {
		a.closed[username] = true
		a.end(username)
	}
}

// end revokes all keys of an account.
func (a *accountService) end(username string) {
	for _, k := range a.keys {
		k.dead = k.dead || k.username == username
	}
}

// issue returns a new key, a random key if the given key is empty.
func (a *accountService) issue(username, key string) secret {
	if key == "" {
		key = "sak-" + simkit.RandomHex(40)
	}
	k := &issuedKey{key: key, username: username}
	issued := secret{token: k.key}
	if a.lifetime > 0 {
		k.expires = a.now().UTC().Add(a.lifetime).Truncate(time.Second)
		issued.expiresAt = k.expires.Format(time.RFC3339)
	}
	a.keys = append(a.keys, k)
	return issued
}

// live returns the keys that open an account now.
func (a *accountService) live() []*issuedKey {
	return slices.DeleteFunc(slices.Clone(a.keys), func(k *issuedKey) bool {
		return k.dead || !k.expires.IsZero() && !a.now().Before(k.expires)
	})
}

// SetBackend changes the mode of the account service. The account service keeps its accounts and
// keys in the other modes.
func (s *Sim) SetBackend(mode BackendMode) {
	s.Lock()
	defer s.Unlock()
	s.options.Backend = mode
}

// FailBackend sets how the next call of one kind to the account service fails: "create", "update",
// "rotate" or "close". Each of several faults applies to one call, in their order. Calls reach the
// service in BackendAPI mode only, and only after Waldur's own checks.
func (s *Sim) FailBackend(op string, fault BackendFault) {
	if !slices.Contains([]string{"create", "update", "rotate", "close"}, op) || fault == (BackendFault{}) {
		panic("waldursim: no such failure of the account service: " + op)
	}
	s.Lock()
	defer s.Unlock()
	s.service.faults[op] = append(s.service.faults[op], fault)
}

// KeyAlive reports whether a key opens an account now. Keys of BackendMock never do.
func (s *Sim) KeyAlive(key string) bool {
	s.Lock()
	defer s.Unlock()
	return slices.ContainsFunc(s.service.live(), func(k *issuedKey) bool { return k.key == key })
}

// LiveKeys returns the keys that open an account of the account service.
func (s *Sim) LiveKeys(username string) []string {
	s.Lock()
	defer s.Unlock()
	var keys []string
	for _, k := range s.service.live() {
		if k.username == username {
			keys = append(keys, k.key)
		}
	}
	return keys
}

// Keys returns every key that the account service ever issued, oldest first, revoked keys included.
func (s *Sim) Keys() []string {
	s.Lock()
	defer s.Unlock()
	var keys []string
	for _, k := range s.service.keys {
		keys = append(keys, k.key)
	}
	return keys
}

// probe returns the account that a key opens. It is a path of the account service, not of Waldur.
func (s *Sim) probe(r *http.Request, _ []byte) simkit.Response {
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, k := range s.service.live() {
		if k.key == key {
			return simkit.JSON(http.StatusOK, record{"username": k.username})
		}
	}
	return simkit.JSON(http.StatusUnauthorized, record{"error": "this key opens no account"})
}
