// Package wavefrontapi is a typed client of the account API of VMware Aria Operations for Applications (Wavefront), as far
// as the provider uses it.
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

// Client has one field an area of the API.
type Client struct {
	ServiceAccounts ServiceAccounts
	Tokens          Tokens
	Roles           Roles
	UserGroups      UserGroups

	token transport.Secret // the client's own
}

// New returns a client that sends requests through the transport, which signs them with a token.
func New(http *transport.Client, token string) *Client {
	return &Client{
		ServiceAccounts: ServiceAccounts{http}, Tokens: Tokens{http}, Roles: Roles{http}, UserGroups: UserGroups{http},
		token: transport.NewSecret(token),
	}
}

// RunsWith tells whether a token is the one that the client itself signs in with.
func (c *Client) RunsWith(token transport.Secret) bool {
	return token.Reveal() != "" && token.Reveal() == c.token.Reveal()
}

// Fingerprint is that of the token that the client signs in with; "" if it has none.
func (c *Client) Fingerprint() string {
	if c.token.Reveal() == "" {
		return ""
	}
	return c.token.Fingerprint()
}

// Options completes the options of a transport with what Wavefront needs: its form of errors, and that 406 says
// "too many requests". The endpoint may be given with or without the "/api/v2" that all paths start with, or as a bare host name, as
// other tools take it from WAVEFRONT_ADDRESS.
func Options(o transport.Options, token string) transport.Options {
	if !strings.Contains(o.Endpoint, "://") {
		o.Endpoint = "https://" + o.Endpoint
	}
	if u, err := transport.ParseEndpoint(o.Endpoint); err == nil {
		u.Path = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(u.Path, "/v2"), "/api"), "/")
		o.Endpoint = u.String()
	}
	o.DecodeProblem, o.Refused = decodeProblem, decodeRefusal
	o.Throttled = []int{http.StatusNotAcceptable}
	o.Credential = transport.Credential{Header: "Bearer " + token, Secret: token}
	return o
}

// path is a path below /api/v2.
func path(parts ...string) string {
	return transport.Path(slices.Concat([]string{"api", "v2"}, parts)...)
}

// reply is an answer's payload, wrapped in an envelope or bare: the API's documents changed over time which answers are wrapped.
type reply[T any] struct {
	payload T
	warning string
}

// UnmarshalJSON takes an object with a "status" and a "response" for an envelope.
func (r *reply[T]) UnmarshalJSON(body []byte) error {
	var envelope struct {
		Status   *status         `json:"status"`
		Response json.RawMessage `json:"response"`
	}
	if json.Unmarshal(body, &envelope) == nil && envelope.Status != nil {
		if envelope.Status.Code != 0 && envelope.Status.Code != http.StatusOK {
			r.warning = cmp.Or(envelope.Status.Message, "the answer's status code is "+strconv.Itoa(envelope.Status.Code))
		}
		body = envelope.Response
	}
	if len(body) == 0 || bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
		return errors.New("it has no response")
	}
	return json.Unmarshal(body, &r.payload)
}

// Complete implements transport.Complete.
func (r *reply[T]) Complete() error {
	if complete, ok := any(&r.payload).(transport.Complete); ok {
		return complete.Complete()
	}
	return nil
}

// status says in an envelope how a request went. A code 202 inside a good answer says that something was left out.
type status struct {
	Result  string `json:"result"`
	Message string `json:"message"`
	Code    int    `json:"code"`
}

// call sends a request and returns the payload of its answer, and what the answer's status says in spite of success.
func call[T any](ctx context.Context, c *transport.Client, r transport.Request) (*T, string, error) {
	got, _, err := transport.Call[reply[T]](ctx, c, r)
	if err != nil {
		return nil, "", err
	}
	return &got.payload, got.warning, nil
}

func get[T any](ctx context.Context, c *transport.Client, path string, query url.Values) (*T, error) {
	value, _, err := call[T](ctx, c, transport.Request{Method: http.MethodGet, Path: path, Query: query})
	return value, err
}

// complete returns an error for the first of some items that is not complete.
func complete[T any](items []T) error {
	for i := range items {
		if item, ok := any(&items[i]).(transport.Complete); ok {
			if err := item.Complete(); err != nil {
				return err
			}
		}
	}
	return nil
}

// decodeProblem reads an error body: an envelope, or the flat objects that some answers are.
func decodeProblem(body []byte) transport.Problem {
	var members struct {
		Status  status `json:"status"`
		Message string `json:"message"`
		Error   string `json:"error"`
	}
	_ = json.Unmarshal(body, &members) // of members with other types, those that fit are read all the same
	silent := ""
	if members.Status.Result == resultError || members.Status.Code != 0 {
		silent = "the server does not say why"
	}
	return transport.Problem{Message: cmp.Or(members.Status.Message, members.Message, members.Error, silent)}
}

const resultError = "ERROR"

// decodeRefusal finds an envelope that says ERROR, whatever the status of the answer.
func decodeRefusal(body []byte) (transport.Problem, bool) {
	var envelope struct {
		Status status `json:"status"`
	}
	refused := json.Unmarshal(body, &envelope) == nil && envelope.Status.Result == resultError
	return decodeProblem(body), refused
}

// Condition is one condition of a search. Several are joined by AND.
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

const pageSize = 1000 // the most that a search takes

// search returns all items that match (POST /search/{kind}), read page by page, each once: pages are cut by offset, and their order is not
// promised.
func search[T any](ctx context.Context, c *transport.Client, kind string, conditions []Condition, id func(*T) string) ([]T, error) {
	type page struct {
		Items     []T  `json:"items"`
		MoreItems bool `json:"moreItems"`
	}
	items, seen := []T{}, map[string]bool{}
	for offset := 0; ; {
		body := map[string]any{"query": conditions, "limit": pageSize, "offset": offset}
		got, _, err := call[page](ctx, c, transport.Request{Method: http.MethodPost, Path: path("search", kind), Body: body, ReadOnly: true})
		if err != nil {
			return nil, err
		}
		if err := complete(got.Items); err != nil {
			return nil, fmt.Errorf("POST %s: %w", path("search", kind), err)
		}
		known := len(items)
		offset += len(got.Items)
		for i := range got.Items {
			if key := id(&got.Items[i]); !seen[key] {
				seen[key] = true
				items = append(items, got.Items[i])
			}
		}
		switch {
		case !got.MoreItems, len(got.Items) == 0:
			return items, nil
		case len(items) == known:
			return nil, fmt.Errorf("POST %s: the server announces more items, but the next page brings none that are new", path("search", kind))
		}
	}
}
