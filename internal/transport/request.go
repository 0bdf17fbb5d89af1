package transport

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/hashicorp/go-retryablehttp"
)

// Request is one call of an API.
type Request struct {
	Method string
	Path   string     // below the endpoint; from Path
	Query  url.Values // nil: none
	Body   any        // sent as JSON; nil: no body
	// Secret is a part of Path that no log or error may show: Wavefront has a token's value in paths.
	// Empty: none.
	Secret string
	// ReadOnly says that the request changes nothing although its method is not GET, as a search by
	// POST. A request that only reads is cut off when the context ends, and is repeatable. A write is
	// never cut off: its response may hold a key.
	ReadOnly bool
	// Repeatable says that sending a POST twice has the same result as sending it once, or that the
	// second request revokes what the first request created. All other methods are repeatable anyway.
	Repeatable bool
	// Exclusive says that no other request of this client is in flight together with this request. It
	// serves requests that issue a key, on a server that runs the requests of a token one after the
	// other: time that a request spends in the server's queue would count as time without a response.
	Exclusive bool
	// Final are statuses from 500 on that another attempt would get too. Such a response is not retried.
	Final []int
	// Slow says that the server may need longer than the time limit. A request that was cut off by the
	// limit is not sent again: the server still works on it, and on the next one as long.
	Slow bool
	// Budget is what the responses of several requests may have together, such as the pages of a list;
	// nil: each may have as much as the client permits.
	Budget *Budget
}

// Budget is how many bytes several responses have left together.
type Budget struct{ left int }

// NewBudget returns a budget of so many bytes. It serves one request at a time.
func NewBudget(size int) *Budget { return &Budget{size} }

// spend returns an error if a response has more bytes than are left.
func (b *Budget) spend(size int) error {
	if b == nil {
		return nil
	}
	if b.left -= size; b.left < 0 {
		return errors.New("the pages of the list are too large together")
	}
	return nil
}

func (r Request) readOnly() bool { return r.ReadOnly || r.Method == http.MethodGet }

// Path joins the parts of a path, each escaped, so that no identifier changes the other parts. A part
// "" at the end gives the slash at the end. A part that is "." or "..", or "" elsewhere, lets the
// request fail before it is sent.
func Path(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = url.PathEscape(part)
	}
	return "/" + strings.Join(escaped, "/")
}

// validPath reports whether a proxy or server that normalizes a path leaves it as it is.
func validPath(path string) bool {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, part := range parts {
		if part == "." || part == ".." || part == "" && i < len(parts)-1 {
			return false
		}
	}
	return true
}

// Query returns a query of the parameters that are not empty. It is never nil.
func Query(parameters map[string]string) url.Values {
	query := url.Values{}
	for name, value := range parameters {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// Get reads T from a path.
func Get[T any](ctx context.Context, c *Client, path string, query url.Values) (*T, error) {
	value, _, err := Call[T](ctx, c, Request{Method: http.MethodGet, Path: path, Query: query})
	return value, err
}

// Post sends a body that creates something, and reads T from the response. It is sent again only if
// the first attempt certainly did nothing.
func Post[T any](ctx context.Context, c *Client, path string, body any) (*T, error) {
	value, _, err := Call[T](ctx, c, Request{Method: http.MethodPost, Path: path, Body: body})
	return value, err
}

// Patch changes the members that body has, and reads T from the response.
func Patch[T any](ctx context.Context, c *Client, path string, body any) (*T, error) {
	value, _, err := Call[T](ctx, c, Request{Method: http.MethodPatch, Path: path, Body: body})
	return value, err
}

// Delete removes the object at a path. It does not read the response's body.
func Delete(ctx context.Context, c *Client, path string) error {
	return Do(ctx, c, Request{Method: http.MethodDelete, Path: path})
}

// Do sends a request, and does not read the body of a 2xx response. Every error is an *Error.
func Do(ctx context.Context, c *Client, r Request) error {
	_, err := c.send(ctx, r)
	return err
}

// Call sends a request and reads T from the JSON of a 2xx response. Every error is an *Error.
func Call[T any](ctx context.Context, c *Client, r Request) (*T, http.Header, error) {
	got, err := c.send(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	if err := r.Budget.spend(len(got.body)); err != nil {
		return nil, nil, c.failure(r, response{}, err)
	}
	var value T
	err = decode(got.body, &value)
	if err == nil {
		err = CheckComplete(&value)
	}
	if err != nil {
		if !errors.Is(err, errNotJSON) {
			err = fmt.Errorf("the response is not the expected JSON: %w", err)
		}
		failure := c.failure(r, got, err)
		failure.lost = true
		return nil, nil, failure
	}
	return &value, got.header, nil
}

// Clean returns a text of a 2xx response for errors and warnings: without credentials, and not longer than the
// message of an error.
func (c *Client) Clean(r Request, text string) string {
	return Problem{Message: text}.redacted(c.credentials.redactor(r.Secret)).Message
}

// Complete is implemented by responses that are useless without certain members, such as an id.
type Complete interface {
	// Complete returns an error that names the missing member.
	Complete() error
}

// CheckComplete returns the error of a pointer to a Complete, or that of the first incomplete entry of
// a slice that a pointer points to. It returns nil for all other values.
func CheckComplete(pointer any) error {
	if c, ok := pointer.(Complete); ok {
		return c.Complete()
	}
	if list := reflect.ValueOf(pointer).Elem(); list.Kind() == reflect.Slice {
		for i := range list.Len() {
			if err := CheckComplete(list.Index(i).Addr().Interface()); err != nil {
				return fmt.Errorf("entry %d: %w", i+1, err)
			}
		}
	}
	return nil
}

// Required returns an error if the member of that name is empty. It serves implementations of Complete.
func Required(name, value string) error {
	if value == "" {
		return fmt.Errorf("it has no %s", name)
	}
	return nil
}

// response is what the server sent; the zero value is no response.
type response struct {
	status int
	header http.Header
	body   []byte
}

func (c *Client) send(ctx context.Context, r Request) (response, error) {
	redact := c.credentials.redactor(r.Secret)
	if c.unavailable != nil {
		return response{}, &Error{Method: r.Method, Path: redact.Replace(r.Path), Err: c.unavailable}
	}
	state := &requestState{
		readOnly:   r.readOnly(),
		repeatable: r.Repeatable || r.readOnly() || r.Method != http.MethodPost,
		exclusive:  r.Exclusive,
		final:      r.Final,
		slow:       r.Slow,
		secret:     r.Secret,
		redact:     redact,
	}
	req, err := c.encode(context.WithValue(ctx, requestStateKey{}, state), r)
	if err != nil {
		return response{}, c.failure(r, response{}, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		failure := c.failure(r, response{}, err)
		failure.lost = state.maybeExecuted
		return response{}, failure
	}
	defer func() { _ = resp.Body.Close() }()
	got := response{status: resp.StatusCode, header: resp.Header}
	if got.status < 300 { // an error may be that of a gateway, with another clock
		c.time.learn(resp.Header)
	}
	got.body, err = io.ReadAll(resp.Body)
	if err == nil {
		err = cmp.Or(state.overdue, state.unreadable)
	}
	if err != nil || got.status < 200 || got.status > 299 {
		failure := c.failure(r, got, err)
		failure.lost = state.maybeExecuted
		return response{}, failure
	}
	if c.refused != nil {
		if problem, refused := c.refused(got.body); refused {
			failure := c.failure(r, got, nil)
			failure.Problem = problem.redacted(state.redact)
			failure.lost = true // no document says whether the server did anything before such a response
			return response{}, failure
		}
	}
	return got, nil
}

func (c *Client) encode(ctx context.Context, r Request) (*retryablehttp.Request, error) {
	if !validPath(r.Path) {
		return nil, errors.New(`an identifier in the path is empty, "." or ".."`)
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

// failure returns the error of a request from the response, if there is one, and the cause, if it is
// known.
func (c *Client) failure(r Request, got response, cause error) *Error {
	var request *url.Error
	if errors.As(cause, &request) {
		cause = request.Err // without the URL: Error prints method and path itself
	}
	if fault := connectionFaultOf(cause); fault != nil {
		if fault.words != "" {
			cause = errors.New(fault.words)
		}
		cause = fmt.Errorf("%s can't be reached: %w. %s%s", c.base, unpunctuated{cause}, fault.fix, c.origin)
	}
	redact := c.credentials.redactor(r.Secret)
	e := &Error{Method: r.Method, Path: redact.Replace(r.Path), Status: got.status, Err: cause, redact: redact}
	switch {
	case got.status < 300 && !errors.Is(cause, errNotJSON):
	case got.status >= 300 && got.status < 400:
		e.Problem.Message = redirectHint(got.header.Get(redirectedTo), redact)
	case !plausible(got.body) && len(got.body) > 0:
		e.notFromAPI = true
		if cause == nil || errors.Is(cause, errNotJSON) {
			e.Err = fmt.Errorf("%w%s", errNotJSON, c.origin)
		}
	case c.decode != nil && len(got.body) > 0:
		e.Problem = c.decode(got.body)
	}
	if got.status == http.StatusNotFound && e.Problem.Message == "" {
		e.notFromAPI = true // an API says what it did not find; gateways send no body, or an object of their own
	}
	if got.status == http.StatusNotFound && c.ownNotFound != nil && !c.ownNotFound(got.body) {
		e.notFromAPI = true
	}
	e.Problem = e.Problem.redacted(redact)
	return e
}

// plausible reports whether a body is JSON that an API may send.
func plausible(body []byte) bool { return json.Valid(body) && checkShape(body) == nil }

func redirectHint(location string, redact *strings.Replacer) string {
	where := "an address that is not a URL"
	if target, err := url.Parse(location); err == nil {
		// Without user name, password and query: they may be credentials.
		where = (&url.URL{Scheme: target.Scheme, Host: target.Host, Path: target.Path}).String()
		where = Printable(redact.Replace(where), longestField)
	}
	return fmt.Sprintf("the server redirects to %q; the redirect is not followed, so that no other server gets the "+
		"credentials; the endpoint probably has the wrong scheme (http for https), host or path", where)
}
