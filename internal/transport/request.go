package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/hashicorp/go-retryablehttp"
)

// Request is one call of an API.
type Request struct {
	Method string
	Path   string     // below the endpoint, made by Path
	Query  url.Values // nil: none
	Body   any        // sent as JSON; nil: no body
	// Secret is a part of Path that no log or error may show: Wavefront names a token in paths by its value. Empty: none.
	Secret string
	// Whole says that a send which has begun is not cut off when the context ends: its answer may be lost for good.
	Whole bool
	// Repeatable says that sending a POST twice leaves the far side as sending it once does, or that what the
	// first one made is dead after the second. All other methods are repeatable anyway.
	Repeatable bool
}

// Path joins the parts of a path, each escaped, so that no identifier can lead elsewhere. A part "" at the end
// gives the slash at the end. A part that is "." or "..", or "" elsewhere, makes the request fail before it is sent.
func Path(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = url.PathEscape(part)
	}
	return "/" + strings.Join(escaped, "/")
}

// straight tells whether no part of a path would vanish, and others with it, when a proxy or server tidies it up.
func straight(path string) bool {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, part := range parts {
		if part == "." || part == ".." || part == "" && i < len(parts)-1 {
			return false
		}
	}
	return true
}

// Get reads T from a path.
func Get[T any](ctx context.Context, c *Client, path string, query url.Values) (*T, error) {
	value, _, err := Call[T](ctx, c, Request{Method: http.MethodGet, Path: path, Query: query})
	return value, err
}

// Post sends a body that makes something, and reads T from the answer. It is never sent twice, unless the first
// send surely did nothing, and never cut off.
func Post[T any](ctx context.Context, c *Client, path string, body any) (*T, error) {
	value, _, err := Call[T](ctx, c, Request{Method: http.MethodPost, Path: path, Body: body, Whole: true})
	return value, err
}

// Patch changes what body names, and reads T from the answer. It is never cut off.
func Patch[T any](ctx context.Context, c *Client, path string, body any) (*T, error) {
	value, _, err := Call[T](ctx, c, Request{Method: http.MethodPatch, Path: path, Body: body, Whole: true})
	return value, err
}

// Delete removes what stands at a path. The answer's body is not read.
func Delete(ctx context.Context, c *Client, path string) error {
	return Do(ctx, c, Request{Method: http.MethodDelete, Path: path})
}

// Do sends a request whose answer, if it is a 2xx, says no more. Its body is not read. Every error is an *Error.
func Do(ctx context.Context, c *Client, r Request) error {
	_, err := c.send(ctx, r)
	return err
}

// Call sends a request and reads T from the JSON of a 2xx answer. Every error is an *Error.
func Call[T any](ctx context.Context, c *Client, r Request) (*T, http.Header, error) {
	got, err := c.send(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	var value T
	err = json.Unmarshal(got.body, &value)
	if string(bytes.TrimSpace(got.body)) == "null" {
		err = errors.New("it is null")
	}
	if complete, ok := any(&value).(Complete); err == nil && ok {
		err = complete.Complete()
	}
	if err != nil {
		failure := c.failure(r, got, fmt.Errorf("the answer is not the expected JSON: %w", err))
		failure.lost = true
		return nil, nil, failure
	}
	return &value, got.header, nil
}

// Complete is implemented by answers that are worth nothing without certain members, such as an id.
type Complete interface {
	// Complete returns an error that says what is missing.
	Complete() error
}

// answer is what came back; the zero value is nothing.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (c *Client) send(ctx context.Context, r Request) (answer, error) {
	redact := redactor(c.credential, r.Secret)
	if c.unavailable != nil {
		return answer{}, &Error{Method: r.Method, Path: redact.Replace(r.Path), Err: c.unavailable}
	}
	request := &sends{repeatable: r.Repeatable || r.Method != http.MethodPost, whole: r.Whole, redact: redact}
	req, err := c.encode(context.WithValue(ctx, sendsKey{}, request), r)
	if err != nil {
		return answer{}, c.failure(r, answer{}, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		failure := c.failure(r, answer{}, err)
		failure.lost = request.acted
		return answer{}, failure
	}
	defer func() { _ = resp.Body.Close() }()
	got := answer{status: resp.StatusCode, header: resp.Header}
	got.body, err = io.ReadAll(resp.Body)
	if err != nil || got.status < 200 || got.status > 299 {
		failure := c.failure(r, got, err)
		failure.lost = request.acted
		return answer{}, failure
	}
	if c.refused != nil {
		if problem, refused := c.refused(got.body); refused {
			failure := c.failure(r, got, nil)
			failure.Problem = problem.redacted(redact)
			failure.lost = true // such an answer is in no document, so what it means is looked up
			return answer{}, failure
		}
	}
	return got, nil
}

func (c *Client) encode(ctx context.Context, r Request) (*retryablehttp.Request, error) {
	if !straight(r.Path) {
		return nil, errors.New("an identifier in the path is empty, or made of dots")
	}
	target := c.base.String() + r.Path
	if len(r.Query) > 0 {
		target += "?" + r.Query.Encode()
	}
	if r.Body == nil {
		return retryablehttp.NewRequestWithContext(ctx, r.Method, target, nil)
	}
	body, err := json.Marshal(r.Body)
	if err != nil {
		return nil, err
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, r.Method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	return req, nil
}

// failure builds the one error type from whatever is known of a failed exchange.
func (c *Client) failure(r Request, got answer, cause error) *Error {
	var request *url.Error
	if errors.As(cause, &request) {
		cause = request.Err // without the URL: Error prints method and path itself
	}
	redact := redactor(c.credential, r.Secret)
	e := &Error{Method: r.Method, Path: redact.Replace(r.Path), Status: got.status, Err: cause, redact: redact}
	switch {
	case got.status < 300:
	case got.status < 400:
		e.Problem.Message = redirectHint(got.header.Get(redirectedTo))
	case !json.Valid(got.body) && len(got.body) > 0:
		e.foreign = true
		e.Problem.Message = "the answer is no JSON: it seems to come from a proxy, or the endpoint is not the API's"
		if got.status >= 500 {
			e.Problem.Message = "the server failed without saying why, or a proxy answered for it"
		}
	case c.decode != nil && len(got.body) > 0:
		e.Problem = c.decode(got.body)
	}
	if got.status == http.StatusNotFound && e.Problem.Message == "" {
		e.foreign = true // an API that answers says of what; gateways answer with nothing, or with an object of their own
	}
	e.Problem = e.Problem.redacted(redact)
	return e
}

func redirectHint(location string) string {
	target, err := url.Parse(location)
	if err != nil {
		target = &url.URL{Path: "an address that is no URL"}
	}
	where := (&url.URL{Scheme: target.Scheme, Host: target.Host, Path: target.Path}).String() // no credential, no query
	return fmt.Sprintf("the server redirects to %q, which is not followed, so that credentials go nowhere else; "+
		"the endpoint probably has the wrong scheme (http for https), host or path", where)
}
