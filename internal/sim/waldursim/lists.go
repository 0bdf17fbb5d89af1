package waldursim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const (
	defaultPageSize = 10
	maxPageSize     = 300
)

// listing describes a collection: what may be read of it and how it is searched.
type listing struct {
	path  string // below /api/
	model string // as 404 texts call it
	source
	filters map[string]filter // by parameter
	// whole means that the field parameter is ignored.
	whole bool
}

func (l listing) operation(verb string) string {
	return strings.ReplaceAll(l.path, "-", "_") + "_" + verb
}

// list and one are the path of the collection and that of a member.
func (l listing) list() string { return "/api/" + l.path + "/" }
func (l listing) one() string  { return l.list() + "{uuid}/" }

func (l listing) serve(s *Sim) {
	s.handle(l.operation("list"), "GET "+l.list(), l.search)
	s.handle(l.operation("count"), "HEAD "+l.list(), l.search)
	s.handle(l.operation("retrieve"), "GET "+l.one(), l.retrieve)
	s.handle(l.operation("retrieve"), "HEAD "+l.one(), l.retrieve)
}

// uuid returns the UUID of the path in its stored form. A malformed UUID finds nothing.
func (c *call) uuid() string {
	uuid, _ := parseUUID(c.request.PathValue("uuid"))
	return uuid
}

func (l listing) retrieve(c *call) *simkit.Response {
	if row, ok := l.single(c, c.uuid()); ok {
		return respond(http.StatusOK, l.project(c, row.render()))
	}
	return l.missing()
}

func (l listing) missing() *simkit.Response {
	return refuse(http.StatusNotFound, "No "+l.model+" matches the given query.")
}

// search returns one page of the rows that pass all filters. Values that cannot be parsed are
// reported together.
func (l listing) search(c *call) *simkit.Response {
	rows, problems := l.all(c), record{}
	for name, values := range c.request.URL.Query() {
		values = slices.DeleteFunc(values, func(value string) bool { return value == "" })
		read := l.filters[name]
		if read == nil || len(values) == 0 {
			continue
		}
		keep, fault := read(c, values)
		if fault != "" {
			problems[name] = []string{fault}
			continue
		}
		rows = slices.DeleteFunc(rows, func(r row) bool { return !keep(r) })
	}
	switch {
	case c.unresolved != nil:
		return c.unresolved
	case len(problems) > 0:
		return invalid(problems)
	}
	return l.cut(c, rows)
}

func (l listing) cut(c *call, rows []row) *simkit.Response {
	query := c.request.URL.Query()
	size, err := strconv.Atoi(query.Get("page_size"))
	if err != nil || size <= 0 {
		size = defaultPageSize
	}
	size = min(size, maxPageSize)
	page, pages := 1, max(1, (len(rows)+size-1)/size)
	if number := query.Get("page"); number == "last" {
		page = pages
	} else if number != "" {
		if page, err = strconv.Atoi(number); err != nil || page < 1 || page > pages {
			return refuse(http.StatusNotFound, "Invalid page.")
		}
	}
	shown := []record{}
	for _, row := range rows[(page-1)*size : min(page*size, len(rows))] {
		shown = append(shown, l.project(c, row.render()))
	}
	r := respond(http.StatusOK, shown).
		With("X-Result-Count", strconv.Itoa(len(rows))).
		With("Link", c.pageLinks(query, page, pages))
	return &r
}

// pageLinks keeps the other parameters, and names no page in links to page 1.
func (c *call) pageLinks(query url.Values, page, pages int) string {
	var links []string
	add := func(relation string, number int) {
		if number < 1 || number > pages {
			return
		}
		query.Del("page")
		if number > 1 {
			query.Set("page", strconv.Itoa(number))
		}
		address := url.URL{Path: c.request.URL.Path, RawQuery: query.Encode()}
		links = append(links, fmt.Sprintf("<%s%s>; rel=%q", c.base(), address.String(), relation))
	}
	add("first", 1)
	add("prev", page-1)
	add("next", page+1)
	add("last", pages)
	return strings.Join(links, ", ")
}

// project keeps the fields that the field parameter names. It ignores unknown names, and keeps all
// fields if no name is known.
func (l listing) project(c *call, row record) record {
	cut := record{}
	for _, name := range c.request.URL.Query()["field"] {
		if value, ok := row[name]; ok && !l.whole {
			cut[name] = value
		}
	}
	if len(cut) == 0 {
		return row
	}
	return cut
}

// filter reads the values of a query parameter, of which there is at least one. It returns which
// rows to keep, or what is wrong with a value.
type filter func(c *call, values []string) (keep func(row) bool, fault string)

func equals(field string) filter {
	return func(_ *call, values []string) (func(row) bool, string) {
		return func(r row) bool { return r.get(field) == values[0] }, ""
	}
}

func contains(field string) filter {
	return func(_ *call, values []string) (func(row) bool, string) {
		return func(r row) bool { return holds(text(r, field), values[0]) }, ""
	}
}

// linkEquals compares a field that has a UUID with the address of an object. An address of another
// kind and a text that is no address find nothing, and an address of nothing is a 404.
func linkEquals(kind, field string) filter {
	return func(c *call, values []string) (func(row) bool, string) {
		path, _ := pathOf(values[0])
		if strings.HasPrefix(path, "/") && len(c.Methods(path)) == 0 {
			c.unresolved = respond(http.StatusNotFound, record{"path": path[1:], "tried": []any{}})
		}
		text, isKind := strings.CutPrefix(path, "/api/"+kind+"/")
		uuid, _ := parseUUID(strings.TrimSuffix(text, "/"))
		return func(r row) bool { return isKind && r.get(field) == uuid }, ""
	}
}

// pathOf returns the path of an address, whose scheme and host do not matter. A text that begins
// otherwise is a path. It returns false for an address that no parser accepts.
func pathOf(text string) (path string, ok bool) {
	if !strings.HasPrefix(text, "http:") && !strings.HasPrefix(text, "https:") {
		return text, true
	}
	address, err := url.Parse(text)
	if err != nil {
		return "", false
	}
	return address.Path, true
}

// text returns a field that is text.
func text(r row, field string) string {
	value, _ := r.get(field).(string)
	return value
}

// holds ignores case.
func holds(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

func oneOf(field string, words ...string) filter {
	return func(_ *call, values []string) (func(row) bool, string) {
		for _, value := range values {
			if !slices.Contains(words, value) {
				return nil, noChoice(value)
			}
		}
		return func(r row) bool { return slices.Contains(values, text(r, field)) }, ""
	}
}

func noChoice(word string) string {
	return "Select a valid choice. " + word + " is not one of the available choices."
}

func byUUID(keep func(c *call, r row, uuid string) bool) filter {
	return func(c *call, values []string) (func(row) bool, string) {
		uuid, ok := parseUUID(values[0])
		if !ok {
			return nil, "Enter a valid UUID."
		}
		return func(r row) bool { return keep(c, r, uuid) }, ""
	}
}

func uuidEquals(field string) filter {
	return byUUID(func(_ *call, r row, uuid string) bool { return r.get(field) == uuid })
}

// since and until include the time itself.
func since(field string) filter {
	return byTime(field, func(at, bound time.Time) bool { return !at.Before(bound) })
}

func until(field string) filter {
	return byTime(field, func(at, bound time.Time) bool { return !at.After(bound) })
}

func byTime(field string, fits func(at, bound time.Time) bool) filter {
	return func(_ *call, values []string) (func(row) bool, string) {
		bound, err := time.Parse(time.RFC3339, values[0])
		if err != nil {
			return nil, "Enter a valid date/time."
		}
		return func(r row) bool {
			at, _ := time.Parse(time.RFC3339, text(r, field))
			return fits(at, bound)
		}, ""
	}
}
