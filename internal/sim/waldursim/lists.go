package waldursim

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
)

const (
	defaultPageSize = 10
	maxPageSize     = 300
)

// listing describes a collection: what may be read of it and how it is searched.
type listing struct {
	path  string // below /api/
	model string // as 404 texts call it
	// rows are all that the caller may see, rendered, in the default order.
	rows    func(*call) []record
	filters []filter
	// order has the names that the o parameter knows; an empty order ignores the
	// parameter, and a nil one ignores the field parameter too.
	order []string
}

func (l listing) operation(verb string) string {
	return strings.ReplaceAll(l.path, "-", "_") + "_" + verb
}

func (l listing) view(part string) string { return l.path + "-" + part }

// routes gives the collection and its members, for reading.
func (l listing) routes() (list, detail route) {
	list = route{view: l.view("list"), pattern: "/api/" + l.path + "/", methods: map[string]operation{
		http.MethodGet:  {l.operation("list"), l.list},
		http.MethodHead: {l.operation("count"), l.list},
	}}
	retrieve := operation{l.operation("retrieve"), l.retrieve}
	detail = route{view: l.view("detail"), pattern: "/api/" + l.path + "/{uuid}/", methods: map[string]operation{
		http.MethodGet: retrieve, http.MethodHead: retrieve,
	}}
	return list, detail
}

func (l listing) retrieve(c *call) answer {
	uuid, ok := parseUUID(c.uuid)
	if !ok {
		return refuse(http.StatusNotFound, textNotFound)
	}
	for _, row := range l.rows(c) {
		if row["uuid"] == uuid {
			return jsonAnswer(http.StatusOK, l.project(c, []record{row})[0])
		}
	}
	return l.missing()
}

func (l listing) missing() answer {
	return refuse(http.StatusNotFound, "No "+l.model+" matches the given query.")
}

func (l listing) list(c *call) answer {
	query := c.request.URL.Query()
	rows, problem := l.search(c, query)
	if problem != nil {
		return *problem
	}
	size, err := strconv.Atoi(lastOf(query, "page_size"))
	if err != nil || size <= 0 {
		size = defaultPageSize
	}
	size = min(size, maxPageSize)
	pages := max(1, (len(rows)+size-1)/size)
	page := 1
	switch text := lastOf(query, "page"); text {
	case "":
	case "last":
		page = pages
	default:
		if page, err = strconv.Atoi(text); err != nil || page < 1 || page > pages {
			return refuse(http.StatusNotFound, "Invalid page.")
		}
	}
	cut := append([]record{}, rows[(page-1)*size:min(page*size, len(rows))]...)
	return jsonAnswer(http.StatusOK, l.project(c, cut)).
		with("X-Result-Count", strconv.Itoa(len(rows))).
		with("Link", c.pageLinks(page, pages))
}

// lastOf reads a parameter that takes one value: of repetitions the last counts.
func lastOf(query url.Values, name string) string {
	if values := query[name]; len(values) > 0 {
		return last(values)
	}
	return ""
}

// pageLinks keeps the other parameters, and names no page in links to page 1.
func (c *call) pageLinks(page, pages int) string {
	link := func(relation string, number int) string {
		query := c.request.URL.Query()
		query.Del("page")
		if number > 1 {
			query.Set("page", strconv.Itoa(number))
		}
		address := c.base() + c.request.URL.EscapedPath()
		if len(query) > 0 {
			address += "?" + query.Encode()
		}
		return fmt.Sprintf("<%s>; rel=%q", address, relation)
	}
	links := []string{link("first", 1)}
	if page > 1 {
		links = append(links, link("prev", page-1))
	}
	if page < pages {
		links = append(links, link("next", page+1))
	}
	return strings.Join(append(links, link("last", pages)), ", ")
}

// search applies filters and order. All values that cannot be parsed are reported
// together, and before a link that leads nowhere.
func (l listing) search(c *call, query url.Values) ([]record, *answer) {
	rows := l.rows(c)
	problems, lost := record{}, false
	for _, f := range l.filters {
		values := slices.DeleteFunc(slices.Clone(query[f.param]), func(v string) bool { return v == "" })
		if len(values) == 0 {
			continue
		}
		keep, err := f.match(c, f.field, values)
		var invalid invalidValue
		switch {
		case errors.As(err, &invalid):
			problems[f.param] = []string{string(invalid)}
		case err != nil:
			lost = true
		case keep != nil:
			rows = slices.DeleteFunc(rows, func(row record) bool { return !keep(row) })
		}
	}
	if err := l.sort(rows, lastOf(query, "o")); err != nil {
		problems["o"] = []string{err.Error()}
	}
	if len(problems) > 0 {
		a := jsonAnswer(http.StatusBadRequest, problems)
		return nil, &a
	}
	if lost {
		a := refuse(http.StatusNotFound, textNotFound)
		return nil, &a
	}
	return rows, nil
}

// sort orders by a comma list of names, each with an optional minus sign. Rows
// come in the order of creation, so that name needs no comparison.
func (l listing) sort(rows []record, order string) error {
	if len(l.order) == 0 || order == "" {
		return nil
	}
	place := map[any]int{}
	for i, row := range rows {
		place[row["uuid"]] = i
	}
	names := strings.Split(order, ",")
	for _, name := range names {
		if !slices.Contains(l.order, strings.TrimPrefix(name, "-")) {
			return noChoice(name)
		}
	}
	sort.SliceStable(rows, func(i, j int) bool {
		for _, name := range names {
			field := strings.TrimPrefix(name, "-")
			difference := compare(rows[i][field], rows[j][field])
			if field == "created" {
				difference = place[rows[i]["uuid"]] - place[rows[j]["uuid"]]
			}
			if difference != 0 {
				return (difference < 0) != strings.HasPrefix(name, "-")
			}
		}
		return false
	})
	return nil
}

// compare puts null last, as the server's database does.
func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

// project keeps the fields asked for. Unknown names are dropped, and if none is
// left all fields come.
func (l listing) project(c *call, rows []record) []record {
	wanted := c.request.URL.Query()["field"]
	if l.order == nil || len(wanted) == 0 {
		return rows
	}
	cut := make([]record, len(rows))
	for i, row := range rows {
		cut[i] = record{}
		for _, name := range wanted {
			if value, ok := row[name]; ok {
				cut[i][name] = value
			}
		}
		if len(cut[i]) == 0 {
			cut[i] = row
		}
	}
	return cut
}
