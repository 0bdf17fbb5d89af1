// Package waldurapi is a typed client of the parts of the Waldur MasterMind API that the provider uses.
package waldurapi

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

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
	o.DecodeProblem, o.OwnNotFound = decodeProblem, ownNotFound
	o.Credential, o.CredentialOf = credential(token), credential
	return o
}

func credential(token string) transport.Credential {
	scheme := "Token "
	if strings.HasPrefix(token, "w_") || strings.Count(token, ".") == 2 {
		scheme = "Bearer "
	}
	return transport.Credential{Header: scheme + token, Secret: token}
}

// ownNotFound reports whether the body of a 404 is the API's own: a gateway has other texts, such as
// "Not Found".
func ownNotFound(body []byte) bool {
	var members struct {
		Detail string `json:"detail"`
	}
	return json.Unmarshal(body, &members) == nil && notFoundText.MatchString(members.Detail)
}

var notFoundText = regexp.MustCompile(`^(Not found\.|Invalid page\.|No \w+ matches the given query\.)$`)

// object is the path of one object. All paths end in a slash: without it the server redirects, and a
// redirected POST would arrive as a GET.
func object(area, uuid string, more ...string) string {
	return transport.Path(slices.Concat([]string{"api", area, uuid}, more, []string{""})...)
}

// uuidIn returns the last part of the URL of one object, as the server and people write it, or of the
// path of this URL; "" for any other text.
func uuidIn(area, text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" && !strings.HasPrefix(text, "/") {
		return ""
	}
	before, uuid, ok := strings.Cut(strings.TrimRight(u.Path, "/"), "/api/"+area+"/")
	if !ok || strings.Contains(uuid, "/") || strings.Contains(before, "/api/") {
		return ""
	}
	return uuid
}

// items is the path of a list.
func items(area string) string { return transport.Path("api", area, "") }

const pageSize = 300 // the server's maximum; the server reduces a larger size without an error

// ErrListMoved says that no readings of a list had as many rows as the count of the server.
var ErrListMoved = fmt.Errorf("the list changed while it was read, %d times in a row; try again", maxReadings)

const maxReadings = 5

// list returns all rows of a list, each once, in the order of the server. A list that fits on one page
// is one request.
//
// The server cuts pages by offset. A row that is created or deleted between two pages shifts the rest,
// and any update of a service account moves its row: rows are then read twice or not at all, also with
// an unchanged count. The rows of several readings are joined until they are as many as the server
// counts. If the count changes, or the joined rows are more, some of them are gone: then only the last
// reading and further readings count.
//
// No reading can detect that one row was deleted and another row created between two pages if the
// pages have as many different rows as the unchanged count: the deleted row may be in the result, and a
// row that was shifted, or the new row, may be missing.
func list[T any](
	ctx context.Context, client *transport.Client, area string, filter url.Values, uuid func(*T) string,
) ([]T, error) {
	var known []T
	before := 0
	for range maxReadings {
		rows, count, err := readPages[T](ctx, client, area, filter)
		if err != nil {
			return nil, err
		}
		rows = distinct(rows, uuid)
		if known = distinct(slices.Concat(rows, known), uuid); len(known) > count || before != count {
			known = rows
		}
		before = count
		if len(known) == count {
			return known, nil
		}
	}
	return nil, fmt.Errorf("GET %s: %w", items(area), ErrListMoved)
}

// compareAge compares two accounts by the time of their creation, and accounts of one time by uuid. The
// server writes "Z" or an offset, and no fraction of a second if it is zero.
func compareAge(created, uuid, otherCreated, otherUUID string) int {
	at, _ := time.Parse(time.RFC3339, created) // an account without a time comes first
	otherAt, _ := time.Parse(time.RFC3339, otherCreated)
	return cmp.Or(at.Compare(otherAt), strings.Compare(uuid, otherUUID))
}

// distinct returns the rows without those that are there a second time.
func distinct[T any](rows []T, uuid func(*T) string) []T {
	seen := map[string]bool{}
	return slices.DeleteFunc(rows, func(row T) bool {
		id := uuid(&row)
		again := seen[id]
		seen[id] = true
		return again
	})
}

// How many rows of a list, and how many bytes, are read, so that no server fills the memory with pages without
// end.
const (
	maxRows  = 300_000
	maxBytes = 512 << 20
)

// readPages reads pages until they have as many rows as the server counts, or a page is empty. If the
// count changes meanwhile, the rows are useless: it returns no rows, and the count -1.
func readPages[T any](
	ctx context.Context, client *transport.Client, area string, filter url.Values,
) (rows []T, count int, err error) {
	query := maps.Clone(filter)
	query.Set("page_size", strconv.Itoa(pageSize))
	request := transport.Request{
		Method: http.MethodGet, Path: items(area), Query: query, Budget: transport.NewBudget(maxBytes),
	}
	for page := 1; ; page++ {
		query.Set("page", strconv.Itoa(page))
		got, header, err := transport.Call[[]T](ctx, client, request)
		if transport.NotFound(err) && page > 1 {
			return nil, -1, nil // rows were deleted, and the last page does not exist any more
		}
		if err != nil {
			return nil, -1, err
		}
		total, err := resultCount(area, header)
		if err != nil {
			return nil, -1, err
		}
		if page > 1 && total != count {
			return nil, -1, nil
		}
		count = total
		if max(count, len(rows)+len(*got)) > maxRows || page > maxRows/pageSize {
			return nil, -1, fmt.Errorf("GET %s: the server counts %d rows; the provider reads at most %d, in pages "+
				"of %d", items(area), count, maxRows, pageSize)
		}
		rows = append(rows, *got...)
		if len(rows) >= count || len(*got) == 0 {
			return rows, count, nil
		}
	}
}

// resultCount returns how many rows a list has in all, from the header of one of its pages.
func resultCount(area string, header http.Header) (int, error) {
	count, err := strconv.Atoi(header.Get("X-Result-Count"))
	if err != nil || count < 0 {
		err = fmt.Errorf("GET %s: the response has no valid X-Result-Count header, so it is unknown "+
			"whether the list is complete; a proxy may have removed the header", items(area))
	}
	return count, err
}

// count returns how many rows a list has in all, and the first row, if there is one. It reads one row.
func count[T any](
	ctx context.Context, client *transport.Client, area string, filter url.Values,
) (first T, n int, err error) {
	query := maps.Clone(filter)
	query.Set("page_size", "1")
	query.Set("page", "1")
	request := transport.Request{Method: http.MethodGet, Path: items(area), Query: query}
	rows, header, err := transport.Call[[]T](ctx, client, request)
	if err != nil {
		return first, 0, err
	}
	if len(*rows) > 0 {
		first = (*rows)[0]
	}
	n, err = resultCount(area, header)
	return first, n, err
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
