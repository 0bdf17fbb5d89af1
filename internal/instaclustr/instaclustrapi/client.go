// Package instaclustrapi is a typed client of NetApp Instaclustr's Service User Management API. The
// operations and their fields are documented. The paths are documented for two operations alone; see
// the table of routes.
package instaclustrapi

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Client has one field for each area of the API.
type Client struct {
	ServiceUsers ServiceUsers
	APIKeys      APIKeys

	http     *transport.Client
	username string // in the credential of the client
}

// New returns a client that sends requests through the transport. The user name is that of the transport.
func New(http *transport.Client, username string) *Client {
	router := &router{http: http}
	return &Client{
		ServiceUsers: ServiceUsers{router, &atomic.Bool{}}, APIKeys: APIKeys{router},
		http: http, username: username,
	}
}

// Options completes the options of a transport for Instaclustr: basic authentication with user name
// and API key, the forms of error bodies, and the header with which the vendor's own tools identify
// themselves.
func Options(o transport.Options, username, apiKey string) transport.Options {
	o.CredentialOf = func(apiKey string) transport.Credential {
		basic := base64.StdEncoding.EncodeToString([]byte(username + ":" + apiKey))
		return transport.Credential{Header: "Basic " + basic, Secret: apiKey}
	}
	o.Credential = o.CredentialOf(apiKey)
	o.DecodeProblem, o.OwnNotFound = decodeProblem, ownNotFound
	if source, _, _ := strings.Cut(o.UserAgent, " "); source != "" {
		o.Header = http.Header{"Instaclustr-Source": {source}}
	}
	return o
}

// Username is the user name in the credential of the client; "" if it has none.
func (c *Client) Username() string { return c.username }

// RunsWith reports whether a user's key with this tail is the credential of the client, now or after the
// next 401.
func (c *Client) RunsWith(username, tail string) bool {
	return tail != "" && username == c.username && c.http.SignsInWith(func(own transport.Secret) bool {
		return strings.HasSuffix(own.Reveal(), tail)
	})
}

// ErrAbsent says that the server returned a service user neither at its own path nor in the list.
var ErrAbsent = errors.New("the service user was not found. Names are case-sensitive")

// unrouted reports whether a response may mean that the path or its method does not exist. The
// response may be that of the API or of a proxy.
func unrouted(err error) bool {
	var e *transport.Error
	return errors.As(err, &e) && (e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed)
}

// BodyLost reports whether a request arrived without its body. A proxy may drop the body of a DELETE.
func BodyLost(err error) bool { return Refused(err, "resource") }

// Refused reports whether the server refused a request (400) because of a field, named as in the JSON.
func Refused(err error, field string) bool {
	var e *transport.Error
	return errors.As(err, &e) && e.Status == http.StatusBadRequest && len(e.Problem.Fields[field]) > 0
}

// decodeProblem reads an error body. The documented form is an object of texts by field. Other forms
// are those of the vendor's other endpoints: one "message" or "error"; "errors", which is a list of
// names and messages, a list of texts, or an object of texts by field.
func decodeProblem(body []byte) transport.Problem {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return transport.Problem{Message: cmp.Or(text(body), content(body))}
	}
	problem := transport.Problem{Fields: map[string][]string{}}
	for name, value := range members {
		switch message := text(value); {
		case name == "errors":
			addErrors(&problem, value)
		case name == "message", name == "error" && problem.Message == "":
			problem.Message = message
		case message != "" && !slices.Contains(noFields, name):
			problem.Fields[name] = []string{message}
		}
	}
	if problem.Message == "" && len(problem.Fields) == 0 {
		problem.Message = content(body)
	}
	return problem
}

// ownNotFound reports whether the body of a 404 is the API's own: an object with the status and a message,
// as the vendor's sibling endpoints document it, and at most the members that they have besides. Gateways
// and frameworks return less (API gateways: a message alone) or more (timestamp and path; error).
func ownNotFound(body []byte) bool {
	var members map[string]json.RawMessage
	var status float64
	if json.Unmarshal(body, &members) != nil || json.Unmarshal(members["status"], &status) != nil {
		return false
	}
	for name := range members {
		if !slices.Contains([]string{"status", "message", "code", "errorDetails", "link"}, name) {
			return false
		}
	}
	return status == http.StatusNotFound && strings.TrimSpace(text(members["message"])) != ""
}

// noFields are the members of an error body that describe the response, and no field of the request.
var noFields = []string{"status", "code", "error", "errorDetails", "link", "path", "timestamp"}

// content returns a body of an unknown form; "" for a body without content. It is not shortened here:
// transport first hides secrets, and a half of a secret would not be recognized.
func content(body []byte) string {
	text := strings.TrimSpace(string(body))
	if strings.Trim(text, "{}[]\" ") == "" || text == "null" {
		return ""
	}
	return text
}

// addErrors adds the messages of the member "errors".
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

// text returns a JSON text; "" for all other JSON.
func text(value json.RawMessage) string {
	var one string
	if json.Unmarshal(value, &one) != nil {
		return ""
	}
	return one
}
