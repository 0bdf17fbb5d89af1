package transport

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Problem is what a server says of a request that it refused.
type Problem struct {
	Message string              // of the whole request; empty: none
	Fields  map[string][]string // messages by the field's name on the wire
}

func (p Problem) redacted(redact *strings.Replacer) Problem {
	clean := Problem{Message: redact.Replace(p.Message), Fields: make(map[string][]string, len(p.Fields))}
	for field, messages := range p.Fields {
		for _, message := range messages {
			clean.Fields[field] = append(clean.Fields[field], redact.Replace(message))
		}
	}
	return clean
}

// Error is any failed exchange: refused, broken, or never sent.
type Error struct {
	Method  string
	Path    string
	Status  int // 0: no answer came
	Problem Problem
	Err     error // why there is no usable answer; nil if the server refused

	redact  *strings.Replacer
	lost    bool // see Lost
	foreign bool // the answer is not the API's own
}

// Error says what was tried and what came back. It never holds the credential.
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
	if e.redact == nil {
		return text
	}
	return e.redact.Replace(text)
}

// Reason is the server's own words, or what kept them from coming.
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

// Unwrap returns the cause, if there is one besides the server's answer.
func (e *Error) Unwrap() error { return e.Err }

// NotFound tells whether the API answered 404. Some APIs say it of what the caller may not see. A 404 of a gateway, or of a server
// at the wrong endpoint, does not count: it has no message that Options.DecodeProblem finds.
func NotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound && !e.foreign
}

// Unauthorized tells whether the server refused the credential (401).
func Unauthorized(err error) bool { return hasStatus(err, http.StatusUnauthorized) }

// Forbidden tells whether the credential lacks a right (403).
func Forbidden(err error) bool { return hasStatus(err, http.StatusForbidden) }

// Conflict tells whether the object's state does not allow the request (409).
func Conflict(err error) bool { return hasStatus(err, http.StatusConflict) }

// BadRequest tells whether the server refused the request's content (400).
func BadRequest(err error) bool { return hasStatus(err, http.StatusBadRequest) }

// Lost tells whether a request may have been carried out although no usable answer to it came: one of its sends reached a
// connection, and then the connection broke, the time ran out, the answer was unreadable, or its status blames the server.
func Lost(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.lost
}

func hasStatus(err error, status int) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == status
}
