package waldursim_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestPages(t *testing.T) {
	w := newWorld(t)
	k := kinds[0]
	for i := range 301 {
		w.seed(k, waldursim.ServiceAccount{Username: fmt.Sprintf("bot-%03d", i)})
	}
	base := w.URL + k.path
	link := func(relation, query string) string { return "<" + base + query + `>; rel="` + relation + `"` }
	for _, test := range []struct {
		query       string
		first, rows int
		links       []string
	}{
		{"", 0, 10, []string{link("first", ""), link("next", "?page=2"), link("last", "?page=31")}},
		{"?page=2", 10, 10, []string{
			link("first", ""), link("prev", ""), link("next", "?page=3"), link("last", "?page=31"),
		}},
		{"?page=31", 300, 1, []string{link("first", ""), link("prev", "?page=30"), link("last", "?page=31")}},
		{"?page_size=1000", 0, 300, []string{
			link("first", "?page_size=1000"), link("next", "?page=2&page_size=1000"),
			link("last", "?page=2&page_size=1000"),
		}},
		{"?page_size=300&page=2&state=OK&state=Erred", 300, 1, []string{
			link("first", "?page_size=300&state=OK&state=Erred"), link("prev", "?page_size=300&state=OK&state=Erred"),
			link("last", "?page=2&page_size=300&state=OK&state=Erred"),
		}},
		{"?page=last", 300, 1, []string{link("first", ""), link("prev", "?page=30"), link("last", "?page=31")}},
		{"?page_size=0", 0, 10, nil},
		{"?page_size=many", 0, 10, nil},
	} {
		r := w.do("owner", "GET", k.path+test.query, nil).Want(200)
		names := r.Column("username")
		simtest.Equal(t, test.query+" rows", len(names), test.rows)
		simtest.Equal(t, test.query+" first row", names[0], fmt.Sprintf("bot-%03d", test.first))
		simtest.Equal(t, test.query+" count", r.Header.Get("X-Result-Count"), "301")
		if test.links != nil {
			simtest.Equal(t, test.query+" links", r.Header.Get("Link"), strings.Join(test.links, ", "))
		}
	}
	for _, page := range []string{"0", "-1", "32", "x"} {
		w.do("owner", "GET", k.path+"?page="+page, nil).Want(404).WantBody(`{"detail": "Invalid page."}`)
	}
}

func TestEmptyList(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{kinds[0].path, robots, "/api/customers/", "/api/marketplace-resources/"} {
		r := w.do("zed", "GET", path, nil).Want(200).WantBody("[]")
		simtest.Equal(t, path+" count", r.Header.Get("X-Result-Count"), "0")
		links := "<" + w.URL + path + `>; rel="first", <` + w.URL + path + `>; rel="last"`
		simtest.Equal(t, path+" links", r.Header.Get("Link"), links)
	}
}

func TestServiceAccountFilters(t *testing.T) {
	eachKind(t, func(w *world, k kind) {
		elsewhere := map[string]string{"customer": w.provider, "project": w.otherProject}[k.scope]
		w.seed(k, waldursim.ServiceAccount{Username: "alpha", Email: "Alpha@acme.example"})
		w.seed(k, waldursim.ServiceAccount{Username: "Alpha", Email: "second@acme.example", ErrorMessage: "x"})
		w.seed(k, waldursim.ServiceAccount{Username: "beta", Scope: elsewhere})
		closed, _ := w.seed(k, waldursim.ServiceAccount{Username: "closed"})
		w.sim.RemoveServiceAccount(closed)
		const all, badState = "alpha Alpha beta", "ok"
		for query, want := range map[string]string{
			"":                                       all,
			"username=alpha":                         "alpha",
			"username=alph":                          "",
			"email=ALPHA":                            "alpha",
			"email=acme":                             "alpha Alpha",
			"state=OK":                               "alpha beta",
			"state=OK&state=Erred":                   all,
			"state=Closed":                           "",
			"state=":                                 all,
			k.scope + "_uuid=" + w.scope(k):          "alpha Alpha",
			k.scope + "_uuid=" + hyphened(elsewhere): "beta",
			k.scope + "_uuid=" + nobody:              "",
			k.scope + "=/api/" + k.scope + "s/" + w.scope(k) + "/":                      "alpha Alpha",
			k.scope + "=https://other.example/api/" + k.scope + "s/" + w.scope(k) + "/": "alpha Alpha",
			k.scope + "=/api/" + k.other + "s/" + w.scope(k) + "/":                      "",
			k.scope + "=" + w.scope(k):                                                  "",
			k.scope + "=http://[/x":                                                     "",
			"state=OK&" + k.scope + "_uuid=" + w.scope(k):                               "alpha",
			// Unknown parameters are ignored.
			"nonsense=1&o=-username&field=uuid&" + k.other + "_uuid=x": all,
		} {
			rows := w.do("staff", "GET", k.path+"?"+query, nil).Want(200).Column("username")
			simtest.Equal(w.T, query, strings.Join(rows, " "), want)
		}
		w.do("zed", "GET", k.path+"?state=OK&state=ok&page=99&"+k.scope+"_uuid=x", nil).Want(400).
			WantBody(`{"state": ["` + choice(badState) + `"], "` + k.scope + `_uuid": ["` + noUUID + `"]}`)
	})
}

// newFiltered has accounts a, b and c, created an hour apart and changed later in the opposite order.
func newFiltered(t *testing.T, change ...func(*waldursim.Options)) *world {
	t.Helper()
	w := newWorld(t, change...)
	var paths []string
	for _, a := range []waldursim.RobotAccount{
		{Type: "a", Username: "Deploy-One", Users: w.uuids("ada", "bo")},
		{Type: "b", Username: "deploy-two", Resource: w.spare, State: "Creating", ResponsibleUser: w.users["ada"]},
		{Type: "c", Resource: w.rivals, State: "Error", Users: w.uuids("bo")},
	} {
		paths = append([]string{w.robot(a)}, paths...)
		w.clock.Advance(time.Hour)
	}
	for _, path := range paths {
		w.sim.EditRobotAccount(w.storedRobot(path).UUID, func(*waldursim.RobotAccount) {})
		w.clock.Advance(time.Hour)
	}
	return w
}

func TestRobotFilters(t *testing.T) {
	w := newFiltered(t)
	at := func(hours int) string {
		return url.QueryEscape(time.Date(2026, 3, 2, 8+hours, 15, 30, 481207000, time.UTC).Format(time.RFC3339Nano))
	}
	for query, want := range map[string]string{
		"":                                   "abc",
		"resource_uuid=" + hyphened(w.spare): "b",
		"project_uuid=" + w.project:          "ab",
		"customer_uuid=" + w.customer:        "abc",
		"customer_uuid=" + w.provider:        "",
		"provider_uuid=" + w.rival:           "c",
		"type=a":                             "a",
		"type=A":                             "",
		"state=3":                            "a",
		"state=6":                            "c",
		"username=DEPLOY":                    "ab",
		"user_email=ADA":                     "a",
		"user_email=acme.example":            "ac",
		"responsible_user_uuid=" + w.users["ada"]:    "b",
		"created=" + at(1):                           "bc",
		"created_before=" + at(1):                    "ab",
		"created=2026-03-02T11:15:30.481207%2B02:00": "bc",
		"modified=" + at(4):                          "ab",
		"modified_before=" + at(4):                   "bc",
		"resource_uuid=" + w.resource + "&type=b":    "",
		"o=-type&nonsense=1":                         "abc",
	} {
		rows := w.do("staff", "GET", robots+"?"+query, nil).Want(200).Column("type")
		simtest.Equal(t, query, strings.Join(rows, ""), want)
	}
	for query, want := range map[string]string{
		"state=OK": choice("OK"), "state=0": choice("0"), "state=7": choice("7"), "resource_uuid=x": noUUID,
		"responsible_user_uuid=x": noUUID, "created=yesterday": "Enter a valid date/time.",
		"modified=2026-03-02T08:15:30+00:00": "Enter a valid date/time.", // the plus sign is not escaped
	} {
		name, _, _ := strings.Cut(query, "=")
		w.do("staff", "GET", robots+"?"+query, nil).Want(400).WantBody(only(name, want))
	}
}

// TestRobotFiltersAskTheDatabase finds by people whom the caller does not see.
func TestRobotFiltersAskTheDatabase(t *testing.T) {
	w := newFiltered(t, withConsent)
	for query, want := range map[string]string{"user_email=ada": "a", "responsible_user_uuid=" + w.users["ada"]: "b"} {
		r := w.do("provider", "GET", robots+"?"+query, nil).Want(200)
		simtest.Equal(t, query, r.Column("type"), []string{want})
		simtest.Equal(t, query, r.List()[0]["users"], any([]any{}))
	}
}

// TestOldRobotFilters ignores the parameters that came after October 2024.
func TestOldRobotFilters(t *testing.T) {
	w := newFiltered(t, old)
	for query, want := range map[string]string{
		"resource_uuid=" + w.spare: "b", "project_uuid=" + w.otherProject: "c", "customer_uuid=" + w.customer: "abc",
		"provider_uuid=" + w.rival: "c", "type=a": "a", "state=x&created=x&modified_before=x&username=x": "abc",
		"user_email=x&responsible_user_uuid=x": "abc",
	} {
		rows := w.do("staff", "GET", robots+"?"+query, nil).Want(200).Column("type")
		simtest.Equal(t, query, strings.Join(rows, ""), want)
	}
}

// TestProjection asks for some fields, everywhere but at service accounts.
func TestProjection(t *testing.T) {
	w := newWorld(t)
	w.robot(waldursim.RobotAccount{})
	for _, path := range []string{
		"/api/customers/", "/api/projects/", "/api/users/", "/api/marketplace-resources/", robots,
	} {
		row := func(query string) object { return w.do("staff", "GET", path+query, nil).Want(200).List()[0] }
		full := row("")
		some := object{"uuid": full["uuid"], "url": full["url"]}
		simtest.Equal(t, path, row("?field=uuid&field=url&field=bogus"), some)
		simtest.Equal(t, path+" with unknown names only", row("?field=bogus"), full)
		w.do("staff", "GET", path+full["uuid"].(string)+"/?field=url", nil).Want(200).WantNames("url")
	}
	eachKind(t, func(w *world, k kind) {
		full := w.create(k, "bot").Object()
		simtest.Equal(w.T, "fields", len(w.do(k.manager, "GET", k.path+"?field=uuid", nil).List()[0]), len(full))
	})
}
