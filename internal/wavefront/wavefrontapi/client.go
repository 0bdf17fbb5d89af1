// Package wavefrontapi is a typed client of the parts of the API of VMware Aria Operations for
// Applications (Wavefront) that the provider uses.
package wavefrontapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Client has one field for each area of the API.
type Client struct {
	ServiceAccounts ServiceAccounts
	Tokens          Tokens
	Roles           Roles
	UserGroups      UserGroups

	http *transport.Client
}

// New returns a client that sends requests through the transport.
func New(http *transport.Client) *Client {
	return &Client{
		ServiceAccounts: ServiceAccounts{http}, Tokens: Tokens{http}, Roles: Roles{http}, UserGroups: UserGroups{http},
		http: http,
	}
}

// Options completes the options of a transport for Wavefront: the token, the forms of error bodies,
// and that 406 means "too many requests". The endpoint may end in the "/api/v2" that all paths start
// with. It may also be a host name alone, as other tools read it from WAVEFRONT_ADDRESS.
func Options(o transport.Options, token string) transport.Options {
	if !strings.Contains(o.Endpoint, "://") {
		o.Endpoint = "https://" + o.Endpoint
	}
	if u, err := transport.ParseEndpoint(o.Endpoint); err == nil {
		u.Path = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(u.Path, "/v2"), "/api"), "/")
		o.Endpoint = u.String()
	}
	o.DecodeProblem, o.Refused, o.OwnNotFound = decodeProblem, decodeRefusal, ownNotFound
	o.Throttled = []int{http.StatusNotAcceptable}
	o.Credential, o.CredentialOf = credential(token), credential
	return o
}

func credential(token string) transport.Credential {
	return transport.Credential{Header: "Bearer " + token, Secret: token}
}

// RunsWith reports whether a token is the credential of the client, now or after the next 401.
func (c *Client) RunsWith(token transport.Secret) bool {
	return c.http.SignsInWith(func(own transport.Secret) bool { return own.Reveal() == token.Reveal() })
}

// RunsWithFingerprint is RunsWith for the token of a fingerprint.
func (c *Client) RunsWithFingerprint(fingerprint string) bool {
	return c.http.SignsInWith(func(own transport.Secret) bool { return own.Fingerprint() == fingerprint })
}

// path is a path below /api/v2.
func path(parts ...string) string {
	return transport.Path(slices.Concat([]string{"api", "v2"}, parts)...)
}

// reply is the payload of a response. Some responses have it in an envelope, others have it alone; the
// API's documents changed over time in that.
type reply[T any] struct {
	payload T
	warning string
}

// UnmarshalJSON reads an object with a "status" that is an object as an envelope.
func (r *reply[T]) UnmarshalJSON(body []byte) error {
	var envelope struct {
		Status   *status         `json:"status"`
		Response json.RawMessage `json:"response"`
	}
	if json.Unmarshal(body, &envelope) == nil && envelope.Status != nil {
		if envelope.Status.Code != 0 && envelope.Status.Code != http.StatusOK {
			code := strconv.Itoa(envelope.Status.Code)
			r.warning = cmp.Or(envelope.Status.Message, "the status code in the response is "+code)
		}
		body = envelope.Response
	}
	if len(body) == 0 || bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
		return errors.New("it has no response")
	}
	return json.Unmarshal(body, &r.payload)
}

// Complete implements transport.Complete.
func (r *reply[T]) Complete() error { return transport.CheckComplete(&r.payload) }

// status is the result of a request in an envelope. Code 202 in a good response says that the server
// ignored a part of the request.
type status struct {
	Result  string `json:"result"`
	Message string `json:"message"`
	Code    int    `json:"code"`
}

// call sends a request and returns the payload of the response, and the server's warning in a good
// response; "": none.
func call[T any](ctx context.Context, c *transport.Client, r transport.Request) (*T, string, error) {
	got, _, err := transport.Call[reply[T]](ctx, c, r)
	if err != nil {
		return nil, "", err
	}
	return &got.payload, c.Clean(r, got.warning), nil
}

func get[T any](ctx context.Context, c *transport.Client, path string, query url.Values) (*T, error) {
	value, _, err := call[T](ctx, c, transport.Request{Method: http.MethodGet, Path: path, Query: query})
	return value, err
}

// decodeProblem reads an error body: an envelope, or an object with a "message" or an "error".
func decodeProblem(body []byte) transport.Problem {
	var members struct {
		Status  status `json:"status"`
		Message string `json:"message"`
		Error   string `json:"error"`
	}
	_ = json.Unmarshal(body, &members) // after a member of another type, the remaining members are still read
	noReason := ""
	if members.Status.Result == resultError || members.Status.Code != 0 {
		noReason = "the server gave no reason"
	}
	return transport.Problem{Message: cmp.Or(members.Status.Message, members.Message, members.Error, noReason)}
}

// ownNotFound reports whether the body of a 404 is the API's envelope of failures: the result ERROR and
// the code 404, and no response. A gateway sends other JSON.
func ownNotFound(body []byte) bool {
	var envelope struct {
		Status   *status         `json:"status"`
		Response json.RawMessage `json:"response"`
	}
	if json.Unmarshal(body, &envelope) != nil || envelope.Status == nil {
		return false
	}
	empty := len(envelope.Response) == 0 || string(envelope.Response) == "null"
	return empty && envelope.Status.Result == resultError && envelope.Status.Code == http.StatusNotFound
}

const resultError = "ERROR"

// decodeRefusal reads a 2xx response, and returns true if it is an envelope with the result ERROR.
func decodeRefusal(body []byte) (transport.Problem, bool) {
	var envelope struct {
		Status status `json:"status"`
	}
	refused := json.Unmarshal(body, &envelope) == nil && envelope.Status.Result == resultError
	return decodeProblem(body), refused
}

// Condition is one condition of a search. Several conditions are joined by AND.
type Condition struct {
	Key            string   `json:"key"`
	Values         []string `json:"values"`                   // any of them
	MatchingMethod string   `json:"matchingMethod,omitempty"` // "": CONTAINS
	Negated        bool     `json:"negated,omitempty"`
}

// The matching methods of a condition.
const (
	Contains   = "CONTAINS"
	StartsWith = "STARTSWITH"
	Exact      = "EXACT"
)

const pageSize = 1000 // the maximum of a search

// page is the payload of a search.
type page[T any] struct {
	Items      []T    `json:"items"`
	MoreItems  *bool  `json:"moreItems"`
	TotalItems *int64 `json:"totalItems"` // a lower bound
}

// Complete implements transport.Complete.
func (p *page[T]) Complete() error {
	if p.Items == nil && (p.TotalItems == nil || *p.TotalItems > 0) {
		return errors.New("it has no items")
	}
	return transport.CheckComplete(&p.Items)
}

// more reports whether there may be items after this page.
func (p *page[T]) more() bool {
	if p.MoreItems == nil {
		return len(p.Items) >= pageSize
	}
	return *p.MoreItems && len(p.Items) > 0
}

// How many items of a list, and how many bytes, are read, so that no server fills the memory with pages without
// end.
const (
	maxItems = 300_000
	maxBytes = 512 << 20
)

// maxReadings is how often a list is read that changes meanwhile.
const maxReadings = 5

// search returns all items of a kind that match, each once.
func search[T any](
	ctx context.Context, client *transport.Client, kind string, conditions []Condition, id func(*T) string,
) ([]T, error) {
	request := transport.Request{Method: http.MethodPost, Path: path("search", kind), ReadOnly: true}
	for range maxReadings {
		items, complete, err := readPages(ctx, client, request, conditions, id)
		if err != nil || complete {
			return items, err
		}
	}
	return nil, fmt.Errorf("POST %s: the list changed while it was read, %d times in a row; try again", request.Path,
		maxReadings)
}

// readPages reads the pages of a search. The server cuts pages by offset, so that an item that is
// created or deleted meanwhile shifts the others, and some are read twice or not at all. Each page
// therefore begins with the last item of the page before. If it does not, or an item comes twice, the
// list has changed, and the reading is not complete.
func readPages[T any](
	ctx context.Context, client *transport.Client, request transport.Request, conditions []Condition,
	id func(*T) string,
) (items []T, complete bool, err error) {
	items, seen := []T{}, map[string]bool{}
	request.Budget = transport.NewBudget(maxBytes)
	for pages := 0; ; pages++ {
		if len(items) > maxItems || pages > maxItems/pageSize {
			return nil, false, fmt.Errorf("POST %s: the server has more items after %d; the provider reads at most "+
				"%d, in pages of %d", request.Path, len(items), maxItems, pageSize)
		}
		request.Body = map[string]any{"query": conditions, "limit": pageSize, "offset": max(len(items)-1, 0)}
		got, _, err := call[page[T]](ctx, client, request)
		if err != nil {
			return nil, false, err
		}
		rest := got.Items
		if last := len(items) - 1; last >= 0 {
			if len(rest) == 0 || id(&rest[0]) != id(&items[last]) {
				return nil, false, nil
			}
			if rest = rest[1:]; len(rest) == 0 && got.more() {
				return nil, false, fmt.Errorf("POST %s: the server reports more items, but the next page has no new "+
					"items", request.Path)
			}
		}
		for i := range rest {
			if seen[id(&rest[i])] {
				return nil, false, nil
			}
			seen[id(&rest[i])] = true
		}
		if items = append(items, rest...); !got.more() {
			return items, true, nil
		}
	}
}
