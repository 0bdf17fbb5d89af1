package waldursim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// maxUsername is the width of Waldur's column.
const maxUsername = 32

// BackendFault is one failure of the account service behind Waldur: exactly one of Status,
// Unreachable, TimedOut, Disconnected, NotJSON, NoToken and Accepted is set.
//
// If the account service does not respond, Waldur returns 400 with the text of its HTTP client at a
// rotation (and with Sources2025 at a create), and 500 otherwise.
type BackendFault struct {
	// Status, from 400 on, is the service's refusal. Waldur passes the body on.
	Status int
	// Body belongs to Status. Waldur returns 400 if it is JSON or empty, and 500 otherwise.
	Body string
	// Unreachable means that the call does not reach the service, so nothing is done.
	Unreachable bool
	// TimedOut means that the service carries the call out, but Waldur no longer waits for the
	// response. It needs no time, unlike a ServiceTime above ServiceWait.
	TimedOut bool
	// Disconnected means that the service carries the call out and closes the connection.
	Disconnected bool
	// NotJSON means that the service carries the call out, and that Waldur cannot read the 200: a
	// 500.
	NotJSON bool
	// NoToken, for create and rotate, is success without a key. A create leaves an account that
	// Waldur does not know.
	NoToken bool
	// Minted belongs to NoToken: the service issued a key, which a rotation puts in the place of the
	// old key, and the response does not have it. Without Minted no key is issued, and the old key
	// still works.
	Minted bool
	// Accepted, for close, is a 202 and an account that stays. Waldur returns 204 and leaves its
	// record OK.
	Accepted bool
}

// reply is what a call of the account service comes to.
type reply struct {
	username string
	issued   secret
	gone     bool // the account does not exist afterwards
	// problem is Waldur's response to a failed call, and message the error that Waldur stores with
	// the account: empty for a failure that Waldur does not catch.
	problem *simkit.Response
	message string
}

// ask calls the account service. It returns when the service responds or when Waldur no longer
// waits; in that case the service carries the call out later.
func (s *Sim) ask(op string, work func(BackendFault) reply) reply {
	fault := s.service.fault(op)
	run := func() reply {
		switch {
		case fault.Status != 0:
			return s.refusal(fault)
		case fault.Unreachable:
			return s.silence(op, "[Errno 111] Connection refused")
		}
		answer := work(fault)
		switch {
		case fault.TimedOut:
			return s.silence(op, textTimedOut)
		case fault.Disconnected:
			return s.silence(op, "Server disconnected without sending a response.")
		case fault.NotJSON:
			return reply{problem: serverFault()}
		}
		return answer
	}
	if s.options.ServiceTime <= s.options.ServiceWait {
		s.pause(s.options.ServiceTime)
		return run()
	}
	s.service.late.Add(1)
	time.AfterFunc(s.options.ServiceTime, func() {
		defer s.service.late.Done()
		s.Lock()
		defer s.Unlock()
		run()
	})
	s.pause(s.options.ServiceWait)
	return s.silence(op, textTimedOut)
}

const textTimedOut = "timed out"

// silence is a call that got no response.
func (s *Sim) silence(op, text string) reply {
	if op == "rotate" || op == "create" && s.options.Sources2025 {
		return reply{problem: refuse(http.StatusBadRequest, text)}
	}
	return reply{problem: serverFault()}
}

// refusal is a call that got an error from the account service.
func (s *Sim) refusal(f BackendFault) reply {
	var detail any = fmt.Sprintf("Status code: %d, empty body", f.Status)
	switch {
	case f.Body == "" && s.options.Sources2025:
		side := "Server"
		if f.Status < http.StatusInternalServerError {
			side = "Client"
		}
		detail = fmt.Sprintf("%s error '%d %s' for url 'http://accounts.internal/'", side, f.Status,
			http.StatusText(f.Status))
	case f.Body != "":
		if json.Unmarshal([]byte(f.Body), &detail) != nil {
			return reply{problem: serverFault()}
		}
	}
	message, isText := detail.(string)
	if !isText {
		message = f.Body
	}
	if s.options.EmptyErrors {
		return reply{message: message, problem: emptyRefusal()}
	}
	return reply{message: message, problem: refuse(http.StatusBadRequest, asTexts(detail))}
}

// emptyRefusal is a refusal without a reason.
func emptyRefusal() *simkit.Response {
	r := simkit.JSON(http.StatusBadRequest, record{})
	return &r
}

// asTexts turns the leaves of JSON that Waldur passes on into texts.
func asTexts(value any) any {
	switch value := value.(type) {
	case map[string]any:
		texts := record{}
		for name, inner := range value {
			texts[name] = asTexts(inner)
		}
		return texts
	case []any:
		texts := []any{}
		for _, inner := range value {
			texts = append(texts, asTexts(inner))
		}
		return texts
	case string:
		return value
	case bool:
		return map[bool]string{true: "True", false: "False"}[value]
	case nil:
		return "None"
	}
	return fmt.Sprint(value)
}

// issuedKey is a key that was issued; it stays in the list after it is revoked.
type issuedKey struct {
	key, username string
	dead          bool
	expires       time.Time // zero: never
}

// serviceEntry is an account of the account service, with what Waldur sent of it last.
type serviceEntry struct {
	closed             bool
	email, description string
}

// accountService names accounts and issues keys. A new key revokes the key before.
type accountService struct {
	now      func() time.Time
	hex      func(digits int) string // random
	lifetime time.Duration
	accounts map[string]*serviceEntry // by username
	keys     []*issuedKey
	faults   map[string][]BackendFault
	late     sync.WaitGroup // calls for which Waldur does not wait
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
		identifier = a.hex(8)
	}
	for n := 1; ; n++ {
		tail := ""
		if n > 1 {
			tail = "-" + strconv.Itoa(n)
		}
		head := []rune("svc-" + identifier)
		name := string(head[:min(len(head), maxUsername-len(tail))]) + tail
		if a.accounts[name] == nil && name != asked {
			return name
		}
	}
}

func (s *Sim) serviceCreate(sent ServiceAccount, email string) reply {
	return s.ask("create", func(f BackendFault) reply {
		username := s.service.name(sent.PreferredIdentifier, sent.Username)
		s.service.accounts[username] = &serviceEntry{email: email, description: sent.Description}
		return reply{username: username, issued: s.service.issueUnless(f, username)}
	})
}

// issueUnless issues a key, and returns it unless the fault withholds it.
func (a *accountService) issueUnless(f BackendFault, username string) secret {
	if f.NoToken && !f.Minted {
		return secret{}
	}
	a.end(username)
	issued := a.issue(username, "")
	if f.NoToken {
		return secret{}
	}
	return issued
}

// known refuses an account that is closed or was never created.
func (s *Sim) known(username string) (entry *serviceEntry, refused reply) {
	if entry := s.service.accounts[username]; entry != nil && !entry.closed {
		return entry, reply{}
	}
	return nil, s.refusal(BackendFault{Status: http.StatusNotFound, Body: `{"message": "account not found"}`})
}

func (s *Sim) serviceUpdate(username, email, description string) reply {
	return s.ask("update", func(BackendFault) reply {
		entry, refused := s.known(username)
		if entry != nil {
			entry.email, entry.description = email, description
		}
		return refused
	})
}

func (s *Sim) serviceRotate(username string) reply {
	return s.ask("rotate", func(f BackendFault) reply {
		entry, refused := s.known(username)
		if entry == nil {
			return refused
		}
		return reply{issued: s.service.issueUnless(f, username)}
	})
}

// serviceClose finds an account gone that the service never had.
func (s *Sim) serviceClose(username string) reply {
	return s.ask("close", func(f BackendFault) reply {
		if !f.Accepted {
			s.service.shut(username)
		}
		return reply{gone: !f.Accepted}
	})
}

func (a *accountService) shut(username string) {
	if entry := a.accounts[username]; entry != nil {
		entry.closed = true
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
		key = "sak-" + a.hex(40)
	}
	k := &issuedKey{key: key, username: username}
	if a.lifetime > 0 {
		k.expires = a.now().UTC().Add(a.lifetime).Truncate(time.Second)
	}
	a.keys = append(a.keys, k)
	return k.secret()
}

func (k *issuedKey) secret() secret {
	if k.expires.IsZero() {
		return secret{token: k.key}
	}
	return secret{k.key, k.expires.Format(time.RFC3339)}
}

// opens reports whether a key opens an account now.
func (a *accountService) opens(k *issuedKey) bool {
	return !k.dead && (k.expires.IsZero() || a.now().Before(k.expires))
}

// live returns the keys that open an account now.
func (a *accountService) live() []*issuedKey {
	return slices.DeleteFunc(slices.Clone(a.keys), func(k *issuedKey) bool { return !a.opens(k) })
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
