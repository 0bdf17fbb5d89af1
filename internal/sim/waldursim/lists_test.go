package waldursim_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// seedMany makes accounts bot-000, bot-001 and so on.
func (w *world) seedMany(k kind, n int) {
	for i := range n {
		w.seed(k, waldursim.ServiceAccount{Username: fmt.Sprintf("bot-%03d", i)})
	}
}

func botRange(from, to int) []string {
	names := []string{}
	for i := from; i < to; i++ {
		names = append(names, fmt.Sprintf("bot-%03d", i))
	}
	return names
}

func TestPages(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		w.seedMany(k, 25)
		for _, test := range []struct {
			query    string
			from, to int
		}{
			{"", 0, 10},
			{"?page=1", 0, 10},
			{"?page=2", 10, 20},
			{"?page=3", 20, 25},
			{"?page=last", 20, 25},
			{"?page=", 0, 10},
			{"?page=2&page=3", 20, 25},
			{"?page_size=7&page=4", 21, 25},
			{"?page_size=300", 0, 25},
			{"?page_size=301", 0, 25},
			{"?page_size=0", 0, 10},
			{"?page_size=-1", 0, 10},
			{"?page_size=many", 0, 10},
			{"?page_size=", 0, 10},
			{"?page_size=25", 0, 25},
			{"?page_size=24&page=last", 24, 25},
		} {
			t.Run(test.query, func(t *testing.T) {
				w := w.in(t)
				r := w.do(k.manager, "GET", k.path+test.query, nil).want(200)
				wantStrings(t, r.column("username"), botRange(test.from, test.to)...)
				if got := r.header.Get("X-Result-Count"); got != "25" {
					t.Errorf("X-Result-Count %q", got)
				}
			})
		}
		for _, page := range []string{"0", "-1", "4", "x", "1.5", "LAST", "99999999999999999999"} {
			w.do(k.manager, "GET", k.path+"?page="+page, nil).want(404).wantBody(`{"detail": "Invalid page."}`)
		}
	})
}

func TestPageSizeIsCutTo300(t *testing.T) {
	w := newWorld(t)
	w.seedMany(kinds[0], 301)
	for query, want := range map[string]int{"?page_size=1000": 300, "?page_size=300": 300, "?page_size=1000&page=2": 1} {
		r := w.do("owner", "GET", kinds[0].path+query, nil).want(200)
		if got := len(r.list()); got != want {
			t.Errorf("%s: %d rows, want %d", query, got, want)
		}
		if got := r.header.Get("X-Result-Count"); got != "301" {
			t.Errorf("X-Result-Count %s", got)
		}
	}
}

var linkForm = regexp.MustCompile(`<([^>]*)>; rel="([a-z]+)"`)

func links(r reply) (relations []string, targets map[string]string) {
	targets = map[string]string{}
	for _, match := range linkForm.FindAllStringSubmatch(r.header.Get("Link"), -1) {
		relations = append(relations, match[2])
		targets[match[2]] = match[1]
	}
	return relations, targets
}

func TestPageLinks(t *testing.T) {
	w := newWorld(t)
	k := kinds[0]
	w.seedMany(k, 25)
	base := w.server.URL + k.path
	for _, test := range []struct {
		query     string
		relations string
		targets   map[string]string
	}{
		{"", "first next last", map[string]string{"first": base, "next": base + "?page=2", "last": base + "?page=3"}},
		{"?page=2", "first prev next last", map[string]string{"first": base, "prev": base, "next": base + "?page=3", "last": base + "?page=3"}},
		{"?page=3", "first prev last", map[string]string{"prev": base + "?page=2"}},
		{"?page_size=5&email=&page=last", "first prev last", map[string]string{
			"first": base + "?email=&page_size=5", "prev": base + "?email=&page=4&page_size=5", "last": base + "?email=&page=5&page_size=5",
		}},
		{"?username=nobody", "first last", map[string]string{"first": base + "?username=nobody", "last": base + "?username=nobody"}},
		{"?state=OK&state=Erred&page_size=20", "first next last", map[string]string{"next": base + "?page=2&page_size=20&state=OK&state=Erred"}},
	} {
		t.Run(test.query, func(t *testing.T) {
			w := w.in(t)
			relations, targets := links(w.do("owner", "GET", k.path+test.query, nil).want(200))
			if got := strings.Join(relations, " "); got != test.relations {
				t.Errorf("links %q, want %q", got, test.relations)
			}
			for relation, want := range test.targets {
				if targets[relation] != want {
					t.Errorf("%s is %q, want %q", relation, targets[relation], want)
				}
			}
		})
	}
}

func TestFollowingTheNextLinks(t *testing.T) {
	w := newWorld(t)
	w.seedMany(kinds[1], 23)
	seen, next := []string{}, w.server.URL+kinds[1].path+"?page_size=4"
	for next != "" {
		r := w.do("manager", "GET", next, nil).want(200)
		seen = append(seen, r.column("username")...)
		_, targets := links(r)
		next = targets["next"]
	}
	wantStrings(t, seen, botRange(0, 23)...)
}

func TestEmptyList(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{
		kinds[0].path, kinds[1].path, "/api/customers/", "/api/projects/",
		"/api/marketplace-resources/", "/api/marketplace-provider-resources/",
	} {
		r := w.do("stranger", "GET", path, nil).want(200)
		if r.body != "[]" || r.header.Get("X-Result-Count") != "0" {
			t.Errorf("%s: body %s, count %s", path, r.body, r.header.Get("X-Result-Count"))
		}
		if relations, _ := links(r); !slices.Equal(relations, []string{"first", "last"}) {
			t.Errorf("%s: links %v", path, relations)
		}
		w.do("stranger", "GET", path+"?page=1", nil).want(200)
		w.do("stranger", "GET", path+"?page=last", nil).want(200)
		w.do("stranger", "GET", path+"?page=2", nil).want(404)
	}
}

func TestHead(t *testing.T) {
	w := newWorld(t)
	w.seedMany(kinds[0], 12)
	w.sim.AddResource(waldursim.Resource{Name: "alloc", Project: w.project})
	for path, count := range map[string]int{
		kinds[0].path + "?page_size=5": 12, kinds[1].path: 0, "/api/customers/": 1, "/api/projects/?name=none": 0,
		"/api/marketplace-resources/": 1, "/api/marketplace-provider-resources/": 1, "/api/users/": 7,
	} {
		t.Run(path, func(t *testing.T) {
			w := w.in(t)
			got := w.do("staff", "GET", path, nil).want(200)
			head := w.do("staff", "HEAD", path, nil).want(200)
			if head.body != "" || head.header.Get("X-Result-Count") != strconv.Itoa(count) {
				t.Errorf("body %q, count %s, want %d", head.body, head.header.Get("X-Result-Count"), count)
			}
			for _, name := range []string{"X-Result-Count", "Link", "Content-Type", "Content-Length", "Allow"} {
				if got.header.Get(name) != head.header.Get(name) {
					t.Errorf("%s: GET %q, HEAD %q", name, got.header.Get(name), head.header.Get(name))
				}
			}
		})
	}
	w.do("staff", "HEAD", kinds[0].path+"?page=9", nil).want(404)
	w.do("staff", "HEAD", kinds[0].path+"?state=bad", nil).want(400)
	w.do("staff", "HEAD", "/api/customers/"+w.customer+"/", nil).want(200)
	w.do("stranger", "HEAD", "/api/customers/"+w.customer+"/", nil).want(404)
}

func TestServiceAccountFilters(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		elsewhere := w.sim.AddCustomer(waldursim.Customer{Name: "Elsewhere"})
		if k.scope == "project" {
			elsewhere = w.sim.AddProject(waldursim.Project{Name: "Elsewhere", Customer: elsewhere})
		}
		w.seed(k, waldursim.ServiceAccount{Username: "alpha", Email: "Alpha@acme.example"})
		w.seed(k, waldursim.ServiceAccount{Username: "Alpha", Email: "second@acme.example", Erred: "x"})
		w.seed(k, waldursim.ServiceAccount{Username: "beta", Scope: elsewhere, Description: "alpha"})
		closed, _ := w.seed(k, waldursim.ServiceAccount{Username: "closed"})
		w.sim.RemoveServiceAccount(closed)
		all := []string{"alpha", "Alpha", "beta"}
		here := []string{"alpha", "Alpha"}
		link := func(uuid string) string { return "/api/" + k.scope + "s/" + uuid + "/" }

		for _, test := range []struct {
			query string
			want  []string
		}{
			{"", all},
			{"username=alpha", []string{"alpha"}},
			{"username=Alpha", []string{"Alpha"}},
			{"username=alph", nil},
			{"username=+alpha+", []string{"alpha"}},
			{"username=beta&username=alpha", []string{"alpha"}},
			{"email=ALPHA", []string{"alpha"}},
			{"email=acme", here},
			{"email=none", nil},
			{"state=OK", []string{"alpha", "beta"}},
			{"state=Erred", []string{"Alpha"}},
			{"state=OK&state=Erred", all},
			{"state=Closed", nil},
			{"state=Closed&state=Erred", []string{"Alpha"}},
			{"state=", all},
			{"state=&state=Erred", []string{"Alpha"}},
			{k.scope + "_uuid=" + w.scope(k), here},
			{k.scope + "_uuid=" + hyphened(elsewhere), []string{"beta"}},
			{k.scope + "_uuid=" + strings.Repeat("0", 32), nil},
			{k.scope + "_uuid=", all},
			{k.scope + "=" + link(w.scope(k)), here},
			{k.scope + "=" + link(hyphened(elsewhere)), []string{"beta"}},
			{k.scope + "=" + url.QueryEscape("https://other.example"+link(elsewhere)), []string{"beta"}},
			{k.scope + "=" + w.scope(k), nil},
			{k.scope + "=" + link(strings.Repeat("0", 32)), nil},
			{k.scope + "=" + link("nonsense"), nil},
			{k.scope + "=/api/users/" + w.scope(k) + "/", nil},
			{k.scope + "=/api/customers/", nil},
			{k.scope + "=", all},
			{"state=OK&" + k.scope + "_uuid=" + w.scope(k), []string{"alpha"}},
			// What these lists do not know they ignore.
			{"description=alpha&preferred_identifier=x&" + k.scope + "_name=x&nonsense=1", all},
			{"o=-username", all},
			{"field=uuid", all},
			{k.other + "_uuid=nonsense", all},
		} {
			t.Run(test.query, func(t *testing.T) {
				w := w.in(t)
				r := w.do("staff", "GET", k.path+"?"+test.query, nil).want(200)
				wantStrings(t, r.column("username"), test.want...)
				if got := r.header.Get("X-Result-Count"); got != strconv.Itoa(len(test.want)) {
					t.Errorf("X-Result-Count %s", got)
				}
			})
		}
	})
}

func TestFilterErrors(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuidParameter := k.scope + "_uuid"
		badUUID := `"` + uuidParameter + `": ["Enter a valid UUID."]`
		badState := `"state": ["Select a valid choice. ok is not one of the available choices."]`
		for query, want := range map[string]string{
			uuidParameter + "=x":                            badUUID,
			uuidParameter + "=" + w.scope(k)[1:]:            badUUID,
			uuidParameter + "=/api/customers/" + w.scope(k): badUUID,
			"state=ok":                           badState,
			"state=OK&state=ok":                  badState,
			"state=ok&" + uuidParameter + "=x":   badState + "," + badUUID,
			"state=ok&" + k.scope + "=/nowhere/": badState,
			"state=ok&page=99":                   badState,
			"state=1":                            strings.Replace(badState, "ok", "1", 1),
			"state=OK%2CErred":                   strings.Replace(badState, "ok", "OK,Erred", 1),
			"state=+OK":                          strings.Replace(badState, "ok", " OK", 1),
			uuidParameter + "=x&state=OK&" + k.scope + "=/api/": badUUID,
		} {
			w.do("staff", "GET", k.path+"?"+query, nil).want(400).wantBody("{" + want + "}")
		}
		// A link to no path of the server, which one without a slash is too.
		for _, link := range []string{"/nowhere/", "/api/customers", "https://other.example/api/" + k.scope + "s/" + w.scope(k)} {
			w.do("staff", "GET", k.path+"?"+k.scope+"="+url.QueryEscape(link), nil).want(404).wantBody(`{"detail": "Not found."}`)
		}
		// Errors come before the question what the caller may see.
		w.do("stranger", "GET", k.path+"?state=ok", nil).want(400)
	})
}

func TestServiceAccountListsAreNotProjected(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		made := w.create(k, "bot")
		full := len(made)
		if got := len(w.do(k.manager, "GET", k.path+"?field=uuid", nil).want(200).list()[0]); got != full {
			t.Errorf("%d fields in the list, want %d", got, full)
		}
		if got := len(w.do(k.manager, "GET", k.one(made["uuid"])+"?field=uuid", nil).want(200).object()); got != full {
			t.Errorf("%d fields in the read, want %d", got, full)
		}
	})
}
