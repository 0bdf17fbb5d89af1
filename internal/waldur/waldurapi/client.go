// Package waldurapi is a typed client of the Waldur MasterMind API, as far as the provider uses it.
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

// Client has one field an area of the API.
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
		CustomerServiceAccounts: ServiceAccounts{http: http, area: "marketplace-customer-service-accounts", scope: "customer"},
		ProjectServiceAccounts:  ServiceAccounts{http: http, area: "marketplace-project-service-accounts", scope: "project"},
		Customers:               Customers{http},
		Projects:                Projects{http},
		RobotAccounts:           RobotAccounts{http},
		Resources:               Resources{http},
		Users:                   Users{http},
	}
}

// Options completes the options of a transport with what Waldur needs: messages in English and its form of
// errors. The endpoint may be given with or without the "/api" that all paths start with. A token that starts
// with "w_" is a personal access token, one with two dots an OIDC one; both go by Bearer, all others by Token.
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

// object is the path of one object, items that of a list. All paths end in a slash: without it the server redirects,
// and a redirected POST would arrive as a GET.
func object(area, uuid string, more ...string) string {
	return transport.Path(slices.Concat([]string{"api", area, uuid}, more, []string{""})...)
}

func items(area string) string { return transport.Path("api", area, "") }

const pageSize = 300 // the server's maximum; it cuts larger ones silently

// ErrListMoved says that a list never had as many rows as the server counted.
var ErrListMoved = errors.New("the list changed while it was read, several times over; try again")

// list reads all rows of a list. Pages are cut by offset, so that a row made or deleted between two reads shifts the
// rest: rows and counts are checked, and everything is read again if they don't fit. A row made and another one deleted between
// two reads can't be told from no change.
func list[T any](ctx context.Context, c *transport.Client, area string, filter url.Values, uuid func(T) string) ([]T, error) {
	for range 3 {
		rows, settled, err := readPages(ctx, c, area, filter, uuid)
		if err != nil {
			return nil, err
		}
		if settled {
			return rows, nil
		}
	}
	return nil, fmt.Errorf("GET %s: %w", items(area), ErrListMoved)
}

// readPages tells whether the list stood still: all pages had the same count, and there are as many rows, each once.
func readPages[T any](ctx context.Context, c *transport.Client, area string, filter url.Values, uuid func(T) string) (rows []T, settled bool, err error) {
	query := maps.Clone(filter)
	query.Set("page_size", strconv.Itoa(pageSize))
	seen := map[string]bool{}
	for page, count := 1, -1; ; page++ {
		query.Set("page", strconv.Itoa(page))
		got, header, err := transport.Call[[]T](ctx, c, transport.Request{Method: http.MethodGet, Path: items(area), Query: query})
		if transport.NotFound(err) && page > 1 {
			return nil, false, nil // rows went away, and the last page with them
		}
		if err != nil {
			return nil, false, err
		}
		total, err := strconv.Atoi(header.Get("X-Result-Count"))
		if err != nil {
			return nil, false, fmt.Errorf("GET %s: the answer lacks a valid X-Result-Count header, so it is not known whether "+
				"the list is complete; a proxy may have removed it", items(area))
		}
		if count == -1 {
			count = total
		}
		for _, row := range *got {
			seen[uuid(row)] = true
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

// decodeProblem reads an error body: texts by field, texts of a list by field and index, or one "detail", which is
// any JSON where the external account service behind Waldur is quoted.
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

// identified returns an error for an object without a UUID, with which nothing can be done.
func identified(uuid string) error {
	if uuid == "" {
		return errors.New("it has no uuid")
	}
	return nil
}
