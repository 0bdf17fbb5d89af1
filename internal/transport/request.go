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
	// Repeatable says that sending a POST twice leaves the far side as sending it once does, or that what the
	// first one made is dead after the second. All other methods are repeatable anyway.
	Repeatable bool
}

// Path joins the parts of a path, each escaped, so that no identifier can lead elsewhere. A part "" at the end
// gives the slash at the end.
func Path(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = url.PathEscape(part)
	}
	return "/" + strings.Join(escaped, "/")
}

// Get reads T from a path.
func Get[T any](ctx context.Context, c *Client, path string, query url.Values) (*T, error) {
	value, _, err := Call[T](ctx, c, Request{Method: http.MethodGet, Path: path, Query: query})
	return value, err
}

// Post sends a body that makes something, and reads T from the answer. It is never sent twice, unless the first
// send surely did nothing.
func Post[T any](ctx context.Context, c *Client, path string, body any) (*T, error) {
	value, _, err := Call[T](ctx, c, Request{Method: http.MethodPost, Path: path, Body: body})
	return value, err
}

// Patch changes what body names, and reads T from the answer.
func Patch[T any](ctx context.Context, c *Client, path string, body any) (*T, error) {
	value, _, err := Call[T](ctx, c, Request{Method: http.MethodPatch, Path: path, Body: body})
	return value, err
}

// Delete removes what stands at a path. The answer's body is not read.
func Delete(ctx context.Context, c *Client, path string) error {
	_, err := c.send(ctx, Request{Method: http.MethodDelete, Path: path})
	return err
}

// Call sends a request and reads T from the JSON of a 2xx answer. Every error is an *Error.
func Call[T any](ctx context.Context, c *Client, r Request) (*T, http.Header, error) {
	got, err := c.send(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	var value T
	if err := json.Unmarshal(got.body, &value); err != nil {
		return nil, nil, c.failure(r, got, fmt.Errorf("the answer is not the expected JSON: %w", err))
	}
	return &value, got.header, nil
}

// answer is what came back; the zero value is nothing.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (c *Client) send(ctx context.Context, r Request) (answer, error) {
	if c.unavailable != nil {
		return answer{}, &Error{Method: r.Method, Path: r.Path, Err: &unsentError{c.unavailable}}
	}
	req, err := c.encode(withRepeatable(ctx, r.Repeatable || r.Method != http.MethodPost), r)
	if err != nil {
		return answer{}, &Error{Method: r.Method, Path: r.Path, Err: &unsentError{err}}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{}, c.failure(r, answer{}, err)
	}
	defer func() { _ = resp.Body.Close() }()
	got := answer{status: resp.StatusCode, header: resp.Header}
	got.body, err = io.ReadAll(resp.Body)
	if err != nil || got.status < 200 || got.status > 299 {
		return answer{}, c.failure(r, got, err)
	}
	return got, nil
}

func (c *Client) encode(ctx context.Context, r Request) (*retryablehttp.Request, error) {
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
	e := &Error{Method: r.Method, Path: r.Path, Status: got.status, Err: cause, redact: c.redact}
	switch {
	case got.status < 300:
	case got.status < 400:
		e.Problem.Message = redirectHint(got.header.Get("Location"))
	case json.Valid(got.body) && c.decode != nil:
		e.Problem = c.decode(got.body)
	case len(got.body) > 0:
		e.Problem.Message = "the answer is no JSON: it seems to come from a proxy, or the endpoint is not the API's"
	}
	return e
}

func redirectHint(location string) string {
	if target, err := url.Parse(location); err == nil && target.Host != "" {
		location = (&url.URL{Scheme: target.Scheme, Host: target.Host, Path: target.Path}).String()
	}
	return fmt.Sprintf("the server redirects to %q, which is not followed, so that credentials go nowhere else; "+
		"the endpoint probably has the wrong scheme (http for https), host or path", location)
}
