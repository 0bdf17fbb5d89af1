// Package instaclustrapi is a typed client of NetApp Instaclustr's Service User Management API, as far as it is documented: the
// operations and their fields are, the paths of all but two are not. The table of routes says which.
package instaclustrapi

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Client sends the requests of this API.
type Client struct {
	http     *transport.Client
	username string
	apiKey   transport.Secret
	working  [operations]atomic.Int32 // by operation, the route that worked last
	listOnly atomic.Bool              // one service user can't be read but through the list
}

// New returns a client that sends requests through the transport, which signs in as a user with an API key.
func New(http *transport.Client, username, apiKey string) *Client {
	return &Client{http: http, username: username, apiKey: transport.NewSecret(apiKey)}
}

// Options completes the options of a transport with what Instaclustr needs: basic authentication with a user name and an API key,
// its forms of errors, and the header in which the vendor's own tools say what they are.
func Options(o transport.Options, username, apiKey string) transport.Options {
	basic := base64.StdEncoding.EncodeToString([]byte(username + ":" + apiKey))
	o.Credential = transport.Credential{Header: "Basic " + basic, Secret: apiKey}
	o.DecodeProblem = decodeProblem
	if source, _, _ := strings.Cut(o.UserAgent, " "); source != "" {
		o.Header = http.Header{"Instaclustr-Source": {source}}
	}
	return o
}

// Username is the name of the user that the client signs in as; "" if it has none.
func (c *Client) Username() string { return c.username }

// RunsWith tells whether a key of a user, of which the end is known, is the one that the client signs in with.
func (c *Client) RunsWith(username, tail string) bool {
	return tail != "" && username == c.username && strings.HasSuffix(c.apiKey.Reveal(), tail)
}

// ErrAbsent says that a service user is neither at its own path nor in the list.
var ErrAbsent = errors.New("there is no such service user, or it is not visible to the credential of the provider")

// unrouted tells whether an answer may mean that there is nothing at a path, whoever it comes from.
func unrouted(err error) bool {
	var e *transport.Error
	return errors.As(err, &e) && (e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed)
}

// BodyLost tells whether a request arrived without its body, as that of a DELETE may.
func BodyLost(err error) bool {
	var e *transport.Error
	return errors.As(err, &e) && e.Status == http.StatusBadRequest && len(e.Problem.Fields["resource"]) > 0
}

// Refused tells whether the server refused a request (400) because of a field, by its name on the wire.
func Refused(err error, field string) bool {
	var e *transport.Error
	return errors.As(err, &e) && e.Status == http.StatusBadRequest && len(e.Problem.Fields[field]) > 0
}

// decodeProblem reads an error body. Documented is a flat object of texts by field; the others stand in the vendor's documents of
// other endpoints: one "message" or "error", and "errors", a list of names and messages or an object of texts by field.
func decodeProblem(body []byte) transport.Problem {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return transport.Problem{Message: cmp.Or(text(body), cut(body))}
	}
	problem := transport.Problem{Fields: map[string][]string{}}
	for name, value := range members {
		switch message := text(value); {
		case name == "errors":
			addErrors(&problem, value)
		case name == "message", name == "error" && problem.Message == "":
			problem.Message = message
		case message != "" && !slices.Contains(aboutTheAnswer, name):
			problem.Fields[name] = []string{message}
		}
	}
	if problem.Message == "" && len(problem.Fields) == 0 {
		problem.Message = cut(body)
	}
	return problem
}

// aboutTheAnswer are members that go with a message and are no fields.
var aboutTheAnswer = []string{"status", "code", "error", "errorDetails", "link", "path", "timestamp"}

// cut returns the beginning of a body that is of no known form; "" for one that says nothing.
func cut(body []byte) string {
	text := strings.TrimSpace(string(body))
	if strings.Trim(text, "{}[]\" ") == "" || text == "null" {
		return ""
	}
	const most = 300
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return text
}

func addErrors(problem *transport.Problem, value json.RawMessage) {
	var list []struct{ Name, Message string }
	var words []string
	var byName map[string]json.RawMessage
	switch {
	case json.Unmarshal(value, &words) == nil:
		problem.Message = strings.TrimSpace(problem.Message + " " + strings.Join(words, " "))
	case json.Unmarshal(value, &list) == nil:
		for _, entry := range list {
			if entry.Name == "" {
				problem.Message = strings.TrimSpace(problem.Message + " " + entry.Message)
			} else {
				problem.Fields[entry.Name] = append(problem.Fields[entry.Name], entry.Message)
			}
		}
	case json.Unmarshal(value, &byName) == nil:
		for name, message := range byName {
			problem.Fields[name] = []string{text(message)}
		}
	}
}

// text returns a JSON text, "" of anything else.
func text(value json.RawMessage) string {
	var one string
	if json.Unmarshal(value, &one) != nil {
		return ""
	}
	return one
}

func lacks(what string) error { return fmt.Errorf("it has no %s", what) }
