package waldurapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport/transporttest"
)

func TestOptionsEndpoint(t *testing.T) {
	tests := map[string]string{
		"https://h":              "https://h",
		"https://h/":             "https://h",
		"https://h/api":          "https://h",
		"https://h/api/":         "https://h",
		"https://h/api//":        "https://h",
		"https://h/waldur":       "https://h/waldur",
		"https://h/waldur/api/":  "https://h/waldur",
		"https://h/rapi":         "https://h/rapi",
		"https://h/api/v2":       "https://h/api/v2",
		"https://api.example.eu": "https://api.example.eu",
		"http://api":             "http://api",
	}
	for give, want := range tests {
		t.Run(give, func(t *testing.T) {
			if got := Options(transport.Options{Endpoint: give}, token).Endpoint; got != want {
				t.Errorf("endpoint %q, want %q", got, want)
			}
		})
	}
}

func TestOptionsEndpointWithSpace(t *testing.T) {
	u, err := transport.ParseEndpoint(Options(transport.Options{Endpoint: "https://h/api/\n"}, token).Endpoint)
	if err != nil || u.String() != "https://h" {
		t.Errorf("endpoint %v, %v", u, err)
	}
}

func TestOptionsCredential(t *testing.T) {
	tests := []struct{ name, token, want string }{
		{"classic", token, "Token " + token},
		{"personal access token", "w_1790000000_abcDEF-_", "Bearer w_1790000000_abcDEF-_"},
		{"JWT", "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl", "Bearer eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl"},
		{"one dot", "a.b", "Token a.b"},
		{"three dots", "a.b.c.d", "Token a.b.c.d"},
		{"w without underscore", "wabc", "Token wabc"},
		{"upper case", "W_1_a", "Token W_1_a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Options(transport.Options{}, test.token).Credential
			if want := (transport.Credential{Header: test.want, Secret: test.token}); got != want {
				t.Errorf("credential %+v, want %+v", got, want)
			}
		})
	}
}

func TestOwnNotFound(t *testing.T) {
	for body, want := range map[string]bool{
		`{"detail":"Not found."}`:                                         true,
		`{"detail":"Invalid page."}`:                                      true,
		`{"detail":"No CustomerServiceAccount matches the given query."}`: true,
		`{"detail":"Not Found"}`:                                          false, // of a gateway
		`{"message":"no Route matched"}`:                                  false,
		`{"detail":{"code":"unavailable"}}`:                               false,
		`{"detail":"No route."}`:                                          false,
		`"not found"`:                                                     false,
		`["Not found."]`:                                                  false,
		`{"status":404,"error":"Not Found"}`:                              false,
		`{}`:                                                              false,
		`<html>Not found.</html>`:                                         false,
	} {
		if got := ownNotFound([]byte(body)); got != want {
			t.Errorf("%s: %t", body, got)
		}
	}
}

func TestOptionsKeepTheRest(t *testing.T) {
	given := transport.Options{UserAgent: "agent", MaxRetries: 7, RequestTimeout: time.Second, MaxRequestsPerSecond: 3,
		CACertificate: "pem"}
	got := Options(given, token)
	if got.DecodeProblem == nil {
		t.Error("no error body would be read")
	}
	got.Endpoint, got.Header, got.Credential = "", nil, transport.Credential{}
	got.DecodeProblem, got.OwnNotFound, got.CredentialOf = nil, nil, nil
	if !reflect.DeepEqual(got, given) {
		t.Errorf("options %+v, want %+v", got, given)
	}
}

func TestHeadersOfRequests(t *testing.T) {
	var got http.Header
	c := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		_, _ = w.Write([]byte(`{"uuid": "u"}`))
	}))
	if _, err := c.Customers.Get(t.Context(), uuid); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Accept-Language": "en", "Accept": "application/json", "Authorization": "Token " + token,
	} {
		if values := strings.Join(got.Values(name), "|"); values != want {
			t.Errorf("%s: %q, want %q", name, values, want)
		}
	}
}

func TestPaths(t *testing.T) {
	tests := []struct{ name, got, want string }{
		{"list", items("customers"), "/api/customers/"},
		{"object", object("customers", uuid), "/api/customers/" + uuid + "/"},
		{"action", object("customers", uuid, "close", "now"), "/api/customers/" + uuid + "/close/now/"},
		{"slash", object("customers", "../users/a"), "/api/customers/..%2Fusers%2Fa/"},
		{"query", object("customers", "a?b#c"), "/api/customers/a%3Fb%23c/"},
		{"percent", object("customers", "%2e%2e"), "/api/customers/%252e%252e/"},
		{"unicode", object("customers", "ä b"), "/api/customers/%C3%A4%20b/"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.got != test.want {
				t.Errorf("path %q, want %q", test.got, test.want)
			}
		})
	}
}

// listed reads the table as a list of customers and returns the identifiers.
func listed(t *testing.T, handler http.Handler) ([]string, error) {
	t.Helper()
	customers, err := serve(t, handler).Customers.ByName(t.Context(), "any")
	var uuids []string
	for _, c := range customers {
		uuids = append(uuids, c.UUID)
	}
	return uuids, err
}

// People paste the URL of an object, or its path alone.
func TestUUIDIn(t *testing.T) {
	const path = "/api/things/"
	for text, want := range map[string]string{
		"https://h" + path + uuid + "/":            uuid,
		"https://h/deep" + path + uuid:             uuid,
		"https://h" + path + uuid + "/?field=uuid": uuid,
		path + uuid + "/":                          uuid,
		path + uuid:                                uuid,
		"/deep" + path + uuid + "/":                uuid,
		path + uuid + "/rotate/":                   "",
		"/api/others/" + uuid + "/":                "",
		"api/things/" + uuid:                       "",
		path:                                       "",
		customer + path + uuid:                     "",
		uuid:                                       "",
		"":                                         "",
	} {
		if got := uuidIn("things", text); got != want {
			t.Errorf("%q has %q, want %q", text, got, want)
		}
	}
}

func TestListPages(t *testing.T) {
	tests := []struct {
		name  string
		table *table
		pages []int
	}{
		{"empty", numbered(0), []int{1}},
		{"one row", numbered(1), []int{1}},
		{"one page, full", numbered(300), []int{1}},
		{"a row more than a page", numbered(301), []int{1, 2}},
		{"two pages, full", numbered(600), []int{1, 2}},
		{"three pages", numbered(601), []int{1, 2, 3}},
		{"server with smaller pages", &table{rows: numbered(25).rows, limit: 10}, []int{1, 2, 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := listed(t, test.table)
			if err != nil || !slices.Equal(got, test.table.rows) {
				t.Errorf("got %d rows, %v; want the %d of the table", len(got), err, len(test.table.rows))
			}
			test.table.wantPages(t, test.pages...)
		})
	}
}

// TestListWhileItChanges changes the table after a read. The result must be the table as it is in the
// end.
func TestListWhileItChanges(t *testing.T) {
	remove := func(rows ...string) func(*table) {
		return func(tb *table) {
			for _, row := range rows {
				tb.remove(row)
			}
		}
	}
	tests := []struct {
		name  string
		rows  int
		after map[int]func(*table)
		pages []int
	}{
		{"last page vanishes with its row", 301, map[int]func(*table){1: remove("301")}, []int{1, 2, 1}},
		{"last page vanishes, a row before it was deleted", 301, map[int]func(*table){1: remove("5")}, []int{1, 2, 1}},
		{"last page vanishes, several rows deleted", 303, map[int]func(*table){1: remove("1", "5", "300")},
			[]int{1, 2, 1}},
		{"last page vanishes, its rows shifted and deleted", 302, map[int]func(*table){1: remove("5", "302")},
			[]int{1, 2, 1}},
		{"all rows deleted", 301, map[int]func(*table){1: func(tb *table) { tb.rows = nil }}, []int{1, 2, 1}},
		{"the third page vanishes", 601, map[int]func(*table){2: remove("601")}, []int{1, 2, 3, 1, 2}},
		{"row added at the end", 301, map[int]func(*table){1: func(tb *table) { tb.rows = append(tb.rows, "new") }},
			[]int{1, 2, 1, 2}},
		{
			"row added before the pages", 301,
			map[int]func(*table){1: func(tb *table) { tb.rows = slices.Insert(tb.rows, 0, "new") }},
			[]int{1, 2, 1, 2},
		},
		{"a row before the last page deleted, and rows left on it", 302, map[int]func(*table){1: remove("5")},
			[]int{1, 2, 1, 2}},
		{"the same on more pages", 901, map[int]func(*table){2: remove("5")}, []int{1, 2, 3, 1, 2, 3}},
		{
			"settles at the third reading", 301,
			map[int]func(*table){
				1: remove("7"),
				2: func(tb *table) { tb.rows = append(tb.rows, "late") },
				3: remove("8"),
			},
			[]int{1, 2, 1, 2, 1},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tb := numbered(test.rows)
			tb.after = test.after
			got, err := listed(t, tb)
			if err != nil || !slices.Equal(got, tb.rows) {
				t.Errorf("got %d rows, %v; want the %d of the table", len(got), err, len(tb.rows))
			}
			tb.wantPages(t, test.pages...)
		})
	}
}

// TestListWhileRowsMove changes the table after reads without changing its count, as updates of
// service accounts do. Nothing may be lost or doubled.
func TestListWhileRowsMove(t *testing.T) {
	move := func(from, to int) func(*table) {
		return func(tb *table) {
			for row := from; row <= to; row++ {
				tb.remove(strconv.Itoa(row))
				tb.rows = append(tb.rows, strconv.Itoa(row))
			}
		}
	}
	replace := func(old, successor string) func(*table) {
		return func(tb *table) {
			tb.remove(old)
			tb.rows = append(tb.rows, successor)
		}
	}
	restore := func(tb *table) { tb.rows = numbered(600).rows }
	both := func(first, second func(*table)) func(*table) {
		return func(tb *table) { first(tb); second(tb) }
	}
	tests := []struct {
		name  string
		after map[int]func(*table)
		pages []int
	}{
		{"12 rows between two pages", map[int]func(*table){1: move(1, 12)}, []int{1, 2, 1, 2}},
		{"a row of the second page", map[int]func(*table){1: move(301, 301)}, []int{1, 2}},
		{"in two readings, which have all rows together", map[int]func(*table){1: move(1, 1), 3: move(2, 2)},
			[]int{1, 2, 1, 2}},
		{"in every reading",
			map[int]func(*table){1: move(1, 12), 3: move(13, 13), 5: move(14, 14), 7: move(15, 15), 9: move(16, 16)},
			[]int{1, 2, 1, 2}},
		{"in three readings, the first two of which lose the same row",
			map[int]func(*table){1: move(1, 1), 2: restore, 3: move(1, 1)},
			[]int{1, 2, 1, 2, 1, 2}},
		{"in a reading before a row is replaced", map[int]func(*table){1: move(1, 1), 2: replace("2", "new")},
			[]int{1, 2, 1, 2}},
		{"in two readings between which a row is replaced",
			map[int]func(*table){1: move(1, 2), 2: replace("3", "new"), 3: move(4, 4)},
			[]int{1, 2, 1, 2, 1, 2}},
		{"in a reading before a row is deleted",
			map[int]func(*table){1: move(1, 1), 2: func(tb *table) { tb.remove("2") }, 3: move(3, 3)},
			[]int{1, 2, 1, 2, 1, 2}},
		{"while a row is replaced", map[int]func(*table){1: both(replace("5", "new"), move(1, 1))},
			[]int{1, 2, 1, 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tb := numbered(600)
			tb.after = test.after
			got, err := listed(t, tb)
			want := slices.Clone(tb.rows)
			slices.Sort(got)
			slices.Sort(want)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("got %d rows, %v; want the %d of the table", len(got), err, len(want))
			}
			tb.wantPages(t, test.pages...)
		})
	}
}

// pages returns rows by page number, and 404 for all other pages.
func pages(count string, rows ...[]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page := number(r.URL.Query().Get("page"))
		if page > len(rows) {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"detail": "Invalid page."}`))
			return
		}
		if count != "" {
			w.Header().Set("X-Result-Count", count)
		}
		writeRows(w, rows[page-1])
	}
}

// counted wraps a handler and counts its requests.
func counted(handler http.Handler, n *int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*n++
		handler.ServeHTTP(w, r)
	})
}

func TestListThatNeverSettles(t *testing.T) {
	tests := []struct {
		name    string
		handler http.Handler
		reads   int
	}{
		{"fewer rows than counted", pages("3", []string{"a", "b"}), 10},
		{"empty page before the count is reached", pages("3", []string{"a", "b"}, nil), 10},
		{"empty list with a count", pages("3", nil), 5},
		{"more rows than counted", pages("1", []string{"a", "b"}), 5},
		{"duplicate on one page", pages("2", []string{"a", "a"}), 5},
		{"duplicate on the next page", pages("4", []string{"a", "b"}, []string{"b", "c"}), 10},
		{"page that is always the first", pages("4", []string{"a", "b"}, []string{"a", "b"}), 10},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var reads int
			got, err := listed(t, counted(test.handler, &reads))
			if !errors.Is(err, ErrListMoved) || got != nil {
				t.Fatalf("got %v, %v; want ErrListMoved", got, err)
			}
			const want = "GET /api/customers/: the list changed while it was read, 5 times in a row; try again"
			if err.Error() != want {
				t.Errorf("error %q, want %q", err, want)
			}
			if reads != test.reads {
				t.Errorf("reads = %d, want %d", reads, test.reads)
			}
		})
	}
}

func TestListErrors(t *testing.T) {
	const noCount = "GET /api/customers/: the response has no valid X-Result-Count header, so it is unknown " +
		"whether the list is complete; a proxy may have removed the header"
	second := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("page") == "1" {
				pages("2", []string{"a"})(w, r)
				return
			}
			next(w, r)
		}
	}
	tests := []struct {
		name    string
		handler http.Handler
		want    string
	}{
		{"no count", pages("", []string{"a"}), noCount},
		{"count that is no number", pages("many", []string{"a"}), noCount},
		{"negative count", pages("-1", []string{"a"}), noCount},
		{"count of two headers", pages("1, 2", []string{"a"}), noCount},
		{"count larger than a number can be", pages("99999999999999999999", []string{"a"}), noCount},
		{"count larger than any list", pages("300001", []string{"a"}), "GET /api/customers/: the server counts " +
			"300001 rows; the provider reads at most 300000, in pages of 300"},
		{"no count on the second page", second(pages("", nil, []string{"b"})), noCount},
		{"first page not found", &fixed{status: 404, body: `{"detail":"Not found."}`},
			"GET /api/customers/: 404 Not Found: Not found."},
		{"forbidden", &fixed{status: 403, body: `{"detail":"No."}`}, "GET /api/customers/: 403 Forbidden: No."},
		{"second page forbidden", second((&fixed{status: 403, body: `{"detail":"No."}`}).ServeHTTP),
			"GET /api/customers/: 403 Forbidden: No."},
		{"second page fails", second((&fixed{status: 500}).ServeHTTP),
			"GET /api/customers/: 500 Internal Server Error"},
		{
			"row without a uuid", &fixed{status: 200, body: `[{"uuid":"a"},{}]`, count: "2"},
			"GET /api/customers/: 200 OK: the response is not the expected JSON: entry 2: it has no uuid",
		},
		{
			"object", &fixed{status: 200, body: `{}`, count: "0"},
			"GET /api/customers/: 200 OK: the response is not the expected JSON: " +
				"it has the wrong type: expected a list",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := listed(t, test.handler)
			if err == nil || err.Error() != test.want || got != nil {
				t.Errorf("got %v, error\n     %v\nwant %s", got, err, test.want)
			}
		})
	}
}

func TestDecodeProblem(t *testing.T) {
	fields := func(nameAndTexts ...[]string) map[string][]string {
		m := map[string][]string{}
		for _, f := range nameAndTexts {
			m[f[0]] = f[1:]
		}
		return m
	}
	tests := []struct {
		name, body string
		message    string
		fields     map[string][]string
	}{
		{"detail", `{"detail":"Not found."}`, "Not found.", fields()},
		{"detail of an object", `{"detail":{"code":7,"why":["a"]}}`, `{"code":7,"why":["a"]}`, fields()},
		{"detail of texts", `{"detail":["one","two"]}`, "one two", fields()},
		{"detail of objects", `{"detail":[{"a":1},"b"]}`, `[{"a":1},"b"]`, fields()},
		{"detail of a number", `{"detail":503}`, "503", fields()},
		{"detail of null", `{"detail":null}`, "", fields()},
		{"detail empty", `{"detail":""}`, "", fields()},
		{"non_field_errors", `{"non_field_errors":["one","two"]}`, "one two", fields()},
		{"field", `{"email":["Enter a valid email address."]}`, "",
			fields([]string{"email", "Enter a valid email address."})},
		{"field of several texts", `{"email":["one","two"]}`, "", fields([]string{"email", "one", "two"})},
		{"field of one text", `{"email":"one"}`, "", fields([]string{"email", "one"})},
		{
			"several fields", `{"email":["one"],"description":["two"]}`, "",
			fields([]string{"email", "one"}, []string{"description", "two"}),
		},
		{"field and detail", `{"detail":"no","email":["one"]}`, "no", fields([]string{"email", "one"})},
		{"field keyed by index", `{"keys":{"1":["msg"]}}`, "", fields([]string{"keys", `{"1":["msg"]}`})},
		{"field of a list of lists", `{"keys":[["a"],["b"]]}`, "", fields([]string{"keys", `[["a"],["b"]]`})},
		{"unicode", `{"detail":"nicht erlaubt f\u00fcr \u20ac"}`, "nicht erlaubt für €", fields()},
		{"empty object", `{}`, "", fields()},
		{"array of texts", `["one","two"]`, "one two", nil},
		{"array of objects", `[{"a":1}]`, `[{"a":1}]`, nil},
		{"text", `"one"`, "one", nil},
		{"number", `7`, "7", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := decodeProblem([]byte(test.body))
			if want := (transport.Problem{Message: test.message, Fields: test.fields}); !reflect.DeepEqual(got, want) {
				t.Errorf("problem\n got %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestErrorsOfTheServer(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"detail", 403, `{"detail":"You do not have permission."}`, "403 Forbidden: You do not have permission."},
		{"fields", 400, `{"email":["bad"],"customer":["unknown"]}`, "400 Bad Request: customer: unknown; email: bad"},
		{"keyed by index", 400, `{"keys":{"1":["bad"]}}`, `400 Bad Request: keys: {"1":["bad"]}`},
		{"words of the account service", 400, `{"detail":{"error":"down"}}`, `400 Bad Request: {"error":"down"}`},
		{
			"HTML", 404, "<!doctype html><h1>Not Found</h1>",
			"404 Not Found: the response is not JSON: the server or a proxy failed, or the endpoint is not the " +
				"address of the API",
		},
		{"token echoed within any JSON", 400, `{"detail":{"sent":"Token ` + token + `"}}`,
			`400 Bad Request: {"sent":"Token (redacted)"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := serve(t, &fixed{status: test.status, body: test.body}).Customers.Get(t.Context(), uuid)
			if want := "GET /api/customers/" + uuid + "/: " + test.want; err == nil || err.Error() != want {
				t.Errorf("error\n got %v\nwant %s", err, want)
			}
		})
	}
}

// A server that has new rows on each page, fewer than asked for, is read up to a limit.
func TestListOfSmallPages(t *testing.T) {
	var reads atomic.Int64
	endless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reads.Add(1)
		w.Header().Set("X-Result-Count", "300000")
		writeRows(w, []string{r.URL.Query().Get("page")})
	})
	_, err := serve(t, endless).Customers.ByName(t.Context(), "any")
	if err == nil || !strings.Contains(err.Error(), "the server counts 300000 rows") || reads.Load() != 1001 {
		t.Errorf("%d pages, %v", reads.Load(), err)
	}
}

// Pages are found by their numbers: an address in a response gets no request, and so no token.
func TestListIgnoresLinks(t *testing.T) {
	elsewhere := &fixed{status: 200, body: "[]", count: "0"}
	other := httptest.NewServer(elsewhere)
	t.Cleanup(other.Close)
	got, err := listed(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "<"+other.URL+`/api/customers/?page=2>; rel="next", <`+other.URL+`>; rel="first"`)
		w.Header().Set("Content-Location", other.URL)
		pages("2", []string{"a"}, []string{"b"})(w, r)
	}))
	if err != nil || len(got) != 2 {
		t.Errorf("got %v, %v", got, err)
	}
	elsewhere.wantSent(t)
}

// If a server or cache ignores "page", the client stops reading.
func TestListWithoutEnd(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	reads := 0
	same := counted(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Result-Count", "2")
		writeRows(w, []string{"a"})
	}), &reads)
	_, err := serve(t, same).Customers.ByName(ctx, "any")
	if ctx.Err() != nil {
		t.Errorf("still reading after %d pages: %v", reads, err)
	}
}

func TestProblemOrder(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		seen[decodeProblem([]byte(`{"detail":"a","non_field_errors":["b"]}`)).Message] = true
	}
	if len(seen) != 1 {
		t.Errorf("messages %v", seen)
	}
}

func TestCompareAge(t *testing.T) {
	accounts := [][2]string{ // time and uuid, in order
		{"", "a"},
		{"yesterday", "b"},
		{"2026-02-04T09:10:08.1+00:00", "d"},
		{"2026-02-04T09:10:09Z", "a"},
		{"2026-02-04T09:10:09+00:00", "b"},
		{"2026-02-04T09:10:09.000000Z", "c"},
		{"2026-02-04T11:10:09.000001+02:00", "a"},
		{"2026-02-04T09:10:10Z", "a"},
	}
	for i, a := range accounts {
		for j, b := range accounts {
			if got := compareAge(a[0], a[1], b[0], b[1]); got != cmp.Compare(i, j) {
				t.Errorf("%v and %v: %d", a, b, got)
			}
		}
	}
}

// TestListsAreOldestFirst reads lists whose order the server has changed.
func TestListsAreOldestFirst(t *testing.T) {
	const body = `[{"uuid":"c","created":"2026-02-04T09:10:09.5+00:00"},{"uuid":"b","created":"2026-02-04T09:10:09Z"},
		{"uuid":"a","created":"2026-02-04T09:10:09+00:00"}]`
	c := serve(t, &fixed{status: 200, body: body, count: "3"})
	for name, read := range map[string]func() (string, error){
		"customer": func() (string, error) {
			found, err := c.CustomerServiceAccounts.List(t.Context(), ServiceAccountFilter{})
			return joined(found, func(a ServiceAccount) string { return a.UUID }), err
		},
		"project": func() (string, error) {
			found, err := c.ProjectServiceAccounts.List(t.Context(), ServiceAccountFilter{})
			return joined(found, func(a ServiceAccount) string { return a.UUID }), err
		},
		"robot": func() (string, error) {
			found, err := c.RobotAccounts.List(t.Context(), RobotAccountFilter{})
			return joined(found, func(a RobotAccount) string { return a.UUID }), err
		},
	} {
		if got, err := read(); err != nil || got != "a b c" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	customers, err := c.Customers.ByName(t.Context(), "any")
	if got := joined(customers, func(c Customer) string { return c.UUID }); err != nil || got != "c b a" {
		t.Errorf("customers: %q, %v; want the order of the server", got, err)
	}
}

func joined[T any](rows []T, uuid func(T) string) string {
	var uuids []string
	for _, row := range rows {
		uuids = append(uuids, uuid(row))
	}
	return strings.Join(uuids, " ")
}

func FuzzResponses(f *testing.F) {
	transporttest.FuzzResponses(f, token, func(endpoint string) (transporttest.Operations, func([]byte)) {
		http, err := transport.New(Options(transport.Options{Endpoint: endpoint, RetryWait: time.Millisecond}, token))
		if err != nil {
			f.Fatal(err)
		}
		c := New(http)
		return transporttest.Operations{
				"account": func(ctx context.Context) error {
					_, err := c.CustomerServiceAccounts.Get(ctx, uuid)
					return err
				},
				"rotation": func(ctx context.Context) error {
					_, err := c.ProjectServiceAccounts.RotateAPIKey(ctx, uuid)
					return err
				},
				"customers": func(ctx context.Context) error { _, err := c.Customers.ByName(ctx, "any"); return err },
				"project":   func(ctx context.Context) error { _, err := c.Projects.Get(ctx, uuid); return err },
				"robot":     func(ctx context.Context) error { _, err := c.RobotAccounts.Get(ctx, uuid); return err },
				"robots": func(ctx context.Context) error {
					_, err := c.RobotAccounts.List(ctx, RobotAccountFilter{})
					return err
				},
				"caller": func(ctx context.Context) error { _, err := c.Users.Caller(ctx); return err },
			}, func(body []byte) {
				decodeProblem(body)
				ownNotFound(body)
			}
	})
}

// The UUID in the address of an object is found again.
func FuzzUUIDIn(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		if got := uuidIn("customers", text); strings.Contains(got, "/") {
			t.Errorf("%q: %q", text, got)
		}
		clean := !strings.Contains(text, "/") && text != ""
		if got := uuidIn("customers", "https://h/api/customers/"+url.PathEscape(text)+"/"); clean && got != text {
			t.Errorf("the address of %q: %q", text, got)
		}
	})
}
