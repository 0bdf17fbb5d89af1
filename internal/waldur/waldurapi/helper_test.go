package waldurapi

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

const (
	token    = "0123456789abcdef0123456789abcdef01234567"
	uuid     = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
	customer = "c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"
	project  = "d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0"
)

// serve starts a server and returns a client of it that retries nothing.
func serve(t *testing.T, handler http.Handler, change ...func(*transport.Options)) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	o := transport.Options{Endpoint: server.URL, RetryWait: time.Millisecond}
	for _, f := range change {
		f(&o)
	}
	http, err := transport.New(Options(o, token))
	if err != nil {
		t.Fatal(err)
	}
	return New(http)
}

// fixed returns the same response to every request, and records the requests.
type fixed struct {
	status int
	body   string
	count  string // X-Result-Count; empty: none

	mu   sync.Mutex
	sent []string // method, URI and body
}

func (f *fixed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent = append(f.sent, r.Method+" "+r.RequestURI+" "+string(body))
	if f.count != "" {
		w.Header().Set("X-Result-Count", f.count)
	}
	w.WriteHeader(f.status)
	_, _ = io.WriteString(w, f.body)
}

// wantSent checks the requests. The members of an object may stand in any order.
func (f *fixed) wantSent(t *testing.T, want ...string) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range want {
		want[i] = sortedBody(want[i])
	}
	if !slices.Equal(f.sent, want) {
		t.Errorf("sent\n got %q\nwant %q", f.sent, want)
	}
}

// sortedBody puts the members of a JSON object at the end of a line in the order in which the client
// writes them.
func sortedBody(line string) string {
	start, object, ok := strings.Cut(line, " {")
	if !ok {
		return line
	}
	var members map[string]any
	if err := json.Unmarshal([]byte("{"+object), &members); err != nil {
		panic(err)
	}
	sorted, _ := json.Marshal(members)
	return start + " " + string(sorted)
}

// fieldsQuery returns the part of a query that asks for members of objects.
func fieldsQuery(fields []string) string { return "field=" + strings.Join(fields, "&field=") }

// sortedQuery puts the members of a query in the order in which the client writes them.
func sortedQuery(query string) string {
	values, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	return values.Encode()
}

// table is a list that the server cuts into pages by offset. After the nth read, after[n] may
// change it.
type table struct {
	rows  []string
	limit int // the server's own largest page size
	after map[int]func(*table)

	mu    sync.Mutex
	reads []url.Values
}

// numbered returns a table with the rows "1" to "n".
func numbered(n int) *table {
	tb := &table{limit: 300}
	for i := range n {
		tb.rows = append(tb.rows, strconv.Itoa(i+1))
	}
	return tb
}

func (tb *table) remove(row string) {
	tb.rows = slices.DeleteFunc(tb.rows, func(r string) bool { return r == row })
}

func (tb *table) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	query := r.URL.Query()
	tb.reads = append(tb.reads, query)
	if change := tb.after[len(tb.reads)]; change != nil {
		defer change(tb)
	}
	page, size := number(query.Get("page")), min(number(query.Get("page_size")), tb.limit)
	from := (page - 1) * size
	if page > 1 && from >= len(tb.rows) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"detail":"Invalid page."}`)
		return
	}
	w.Header().Set("X-Result-Count", strconv.Itoa(len(tb.rows)))
	writeRows(w, tb.rows[from:min(from+size, len(tb.rows))])
}

// wantPages checks which pages were read.
func (tb *table) wantPages(t *testing.T, want ...int) {
	t.Helper()
	tb.mu.Lock()
	defer tb.mu.Unlock()
	var got []int
	for _, query := range tb.reads {
		got = append(got, number(query.Get("page")))
		if query.Get("page_size") != "300" {
			t.Errorf("page_size=%q, want 300", query.Get("page_size"))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages read: %v, want %v", got, want)
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(fmt.Sprintf("the query has %q for a number", text))
	}
	return n
}

func writeRows(w io.Writer, uuids []string) {
	rows := make([]map[string]string, len(uuids))
	for i, uuid := range uuids {
		rows[i] = map[string]string{"uuid": uuid}
	}
	_ = json.NewEncoder(w).Encode(rows)
}

func ptr[T any](value T) *T { return &value }
