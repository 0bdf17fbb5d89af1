// Package waldurapi is a typed client of the parts of the Waldur MasterMind API that the provider uses.
package waldurapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Client has one field for each area of the API.
type Client struct {
	CustomerServiceAccounts ServiceAccounts
	ProjectServiceAccounts  ServiceAccounts
	Customers               Customers
	Projects                Projects
	RobotAccounts           RobotAccounts
	Resources               Resources
	Users                   Users
}

// New returns a client that sends requests through the transport.
func New(http *transport.Client) *Client {
	return &Client{
		CustomerServiceAccounts: ServiceAccounts{http, "marketplace-customer-service-accounts", "customer"},
		ProjectServiceAccounts:  ServiceAccounts{http, "marketplace-project-service-accounts", "project"},
		Customers:               Customers{http},
		Projects:                Projects{http},
		RobotAccounts:           RobotAccounts{http},
		Resources:               Resources{http},
		Users:                   Users{http},
	}
}

// Options completes the options of a transport for Waldur: the token, messages in English, and the
// form of error bodies. The endpoint may end in the "/api" that all paths start with. A token that
// starts with "w_" is a personal access token, a token with two dots is an OIDC token. Their scheme
// is Bearer; all other tokens have the scheme Token.
func Options(o transport.Options, token string) transport.Options {
	if u, err := transport.ParseEndpoint(o.Endpoint); err == nil {
		u.Path = strings.TrimRight(strings.TrimSuffix(u.Path, "/api"), "/")
		o.Endpoint = u.String()
	}
	o.Header = http.Header{"Accept-Language": {"en"}}
	o.DecodeProblem = decodeProblem
	scheme := "Token "
	if strings.HasPrefix(token, "w_") || strings.Count(token, ".") == 2 {
		scheme = "Bearer "
	}
	o.Credential = transport.Credential{Header: scheme + token, Secret: token}
	return o
}

// object is the path of one object. All paths end in a slash: without it the server redirects, and a
// redirected POST would arrive as a GET.
func object(area, uuid string, more ...string) string {
	return transport.Path(slices.Concat([]string{"api", area, uuid}, more, []string{""})...)
}

// items is the path of a list.
func items(area string) string { return transport.Path("api", area, "") }

const pageSize = 300 // the server's maximum; the server reduces a larger size without an error

// ErrListMoved says that the rows of a list never matched the count of the server.
var ErrListMoved = errors.New("the list changed while it was read, three times in a row; try again")

// list returns all rows of a list. The server cuts pages by offset, so that a row that is created or
// deleted between two reads shifts the rest. Rows and counts are checked, and if they don't match, all
// pages are read again. The check can't detect that between two reads one row was created and another
// row was deleted.
func list[T any](
	ctx context.Context, client *transport.Client, area string, filter url.Values, uuid func(*T) string,
) ([]T, error) {
	for range 3 {
		rows, unchanged, err := readPages(ctx, client, area, filter, uuid)
		if err != nil {
			return nil, err
		}
		if unchanged {
			return rows, nil
		}
	}
	return nil, fmt.Errorf("GET %s: %w", items(area), ErrListMoved)
}

// readPages reads all pages once. unchanged means that all pages had the same count, and that the
// pages have as many rows, each row once.
func readPages[T any](
	ctx context.Context, client *transport.Client, area string, filter url.Values, uuid func(*T) string,
) (rows []T, unchanged bool, err error) {
	query := maps.Clone(filter)
	query.Set("page_size", strconv.Itoa(pageSize))
	seen := map[string]bool{}
	for page, count := 1, -1; ; page++ {
		query.Set("page", strconv.Itoa(page))
		request := transport.Request{Method: http.MethodGet, Path: items(area), Query: query}
		got, header, err := transport.Call[[]T](ctx, client, request)
		if transport.NotFound(err) && page > 1 {
			return nil, false, nil // rows were deleted, and the last page does not exist any more
		}
		if err != nil {
			return nil, false, err
		}
		total, err := strconv.Atoi(header.Get("X-Result-Count"))
		if err != nil {
			return nil, false, fmt.Errorf("GET %s: the response has no valid X-Result-Count header, so it is unknown "+
				"whether the list is complete; a proxy may have removed the header", items(area))
		}
		if count == -1 {
			count = total
		}
		for i := range *got {
			seen[uuid(&(*got)[i])] = true
		}
		rows = append(rows, *got...)
		switch {
		case total != count, len(rows) > count, len(seen) != len(rows), len(*got) == 0 && len(rows) < count:
			return nil, false, nil
		case len(rows) == count:
			return rows, true, nil
		}
	}
}

// decodeProblem reads an error body: texts by field, texts by field and index, or one "detail". Where
// "detail" quotes the external account service behind Waldur, it is any JSON.
func decodeProblem(body []byte) transport.Problem {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return transport.Problem{Message: strings.Join(texts(body), " ")}
	}
	problem := transport.Problem{Fields: map[string][]string{}}
	for name, value := range members {
		problem.Fields[name] = texts(value)
	}
	for _, general := range []string{"detail", "non_field_errors"} {
		problem.Message = strings.TrimSpace(problem.Message + " " + strings.Join(problem.Fields[general], " "))
		delete(problem.Fields, general)
	}
	return problem
}

// texts returns a JSON text or list of texts, and all other JSON as it is.
func texts(value json.RawMessage) []string {
	var one string
	if json.Unmarshal(value, &one) == nil {
		return []string{one}
	}
	var many []string
	if json.Unmarshal(value, &many) == nil {
		return many
	}
	return []string{string(value)}
}
