package transport

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Problem is the server's reason for refusing a request.
type Problem struct {
	Message string              // about the whole request; empty: none
	Fields  map[string][]string // messages by the name of the field in the request's JSON
}

// Limits of the server's words in an error, so that no server fills the terminal or the log of a run.
const (
	longestMessage = 2000 // characters
	longestField   = 100  // characters of the name
	longestReason  = 8000 // characters, of all together
	mostFields     = 50
	mostMessages   = 20 // of one field
)

// redacted returns the problem without secrets and control characters, and within the limits.
func (p Problem) redacted(redact *strings.Replacer) Problem {
	clean := func(text string, longest int) string { return Printable(redact.Replace(text), longest) }
	fields := slices.Sorted(maps.Keys(p.Fields))
	fields = fields[:min(len(fields), mostFields)]
	safe := Problem{Message: clean(p.Message, longestMessage), Fields: make(map[string][]string, len(fields))}
	for _, field := range fields {
		name := clean(field, longestField)
		for _, message := range p.Fields[field][:min(len(p.Fields[field]), mostMessages)] {
			safe.Fields[name] = append(safe.Fields[name], clean(message, longestMessage))
		}
	}
	return safe
}

// Error is a request that failed: refused, without a usable response, or never sent.
type Error struct {
	Method  string
	Path    string
	Status  int // 0: there was no response
	Problem Problem
	Err     error // why there is no usable response; nil if the server refused

	redact     *strings.Replacer
	lost       bool // see Lost
	notFromAPI bool // the response seems to come from a proxy or from another server
}

// Error returns method, path, status and reason. It never contains the credential.
func (e *Error) Error() string {
	text := e.Method + " " + e.Path
	if e.Status != 0 {
		text += strings.TrimRight(fmt.Sprintf(": %d %s", e.Status, http.StatusText(e.Status)), " ")
	}
	if reason := e.Reason(); reason != "" {
		text += ": " + reason
	}
	return e.clean(text)
}

func (e *Error) clean(text string) string {
	if e.redact != nil {
		text = e.redact.Replace(text)
	}
	return Printable(text, longestReason)
}

// Reason returns the server's own words, and why there is no usable response.
func (e *Error) Reason() string {
	var parts []string
	if e.Problem.Message != "" {
		parts = append(parts, e.Problem.Message)
	}
	for _, field := range slices.Sorted(maps.Keys(e.Problem.Fields)) {
		parts = append(parts, field+": "+strings.Join(e.Problem.Fields[field], " "))
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return e.clean(strings.Join(parts, "; "))
}

// Unwrap returns the cause; nil if the server refused the request.
func (e *Error) Unwrap() error { return e.Err }

// NotFound reports whether the API returned 404. Some APIs also return 404 for an object that the
// caller may not see. A 404 from a gateway, or from a server at the wrong endpoint, does not count:
// Options.DecodeProblem finds no message in it, or Options.OwnNotFound says so.
func NotFound(err error) bool { return hasStatus(err, http.StatusNotFound) }

// Unauthorized reports whether the server refused the credential (401).
func Unauthorized(err error) bool { return hasStatus(err, http.StatusUnauthorized) }

// Forbidden reports whether the credential lacks a right (403).
func Forbidden(err error) bool { return hasStatus(err, http.StatusForbidden) }

// Conflict reports whether the object's state does not allow the request (409).
func Conflict(err error) bool { return hasStatus(err, http.StatusConflict) }

// BadRequest reports whether the server refused the request's content (400).
func BadRequest(err error) bool { return hasStatus(err, http.StatusBadRequest) }

// Lost reports whether the response was lost: the server may have executed the request, but there is
// no usable response. One attempt of the request had a connection, and then the connection broke, the
// time limit passed, the response was unreadable, its status was 408 or 5xx, or a 2xx response
// reported an error.
func Lost(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.lost
}

// hasStatus reports whether the API returned a status. The page of a gateway with this status does not
// count: it says nothing about the credential or about the request.
func hasStatus(err error, status int) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == status && !e.notFromAPI
}
