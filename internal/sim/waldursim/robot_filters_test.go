package waldursim_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// newFiltered has accounts a, b and c, made an hour apart and changed later in the
// opposite order.
func newFiltered(t *testing.T, change ...func(*waldursim.Options)) *robotWorld {
	t.Helper()
	w := newRobots(t, change...)
	a := w.robot(waldursim.RobotAccount{Type: "a", Username: "Deploy-One", Users: w.uuids("ada", "bo")})
	w.anHourLater()
	b := w.robot(waldursim.RobotAccount{
		Type: "b", Username: "deploy-two", Resource: w.spare, State: "Creating", ResponsibleUser: w.users["ada"],
	})
	w.anHourLater()
	c := w.robot(waldursim.RobotAccount{Type: "c", Resource: w.foreign, State: "Error", Users: w.uuids("bo")})
	for _, path := range []string{c, b, a} {
		w.anHourLater()
		w.sim.EditRobotAccount(strings.Trim(strings.TrimPrefix(path, robots), "/"), func(f map[string]any) { f["description"] = "later" })
	}
	return w
}

func TestRobotFilters(t *testing.T) {
	w := newFiltered(t)
	at := func(hours int, form string) string {
		start := time.Date(2026, 3, 2, 8, 15, 30, 481207000, time.UTC)
		return url.QueryEscape(start.Add(time.Duration(hours) * time.Hour).Format(form))
	}
	const exact, short = "2006-01-02T15:04:05.000000+00:00", "2006-01-02T15:04:05"
	justAfter := url.QueryEscape("2026-03-02T09:15:30.481208Z")
	elsewhere := url.QueryEscape("2026-03-02T11:15:30.481207+02:00")
	tests := []struct{ query, want string }{
		{"", "abc"},
		{"resource=" + url.QueryEscape(w.server.URL+resourcePath(w.spare)), "b"},
		{"resource=" + resourcePath(hyphened(w.spare)), "b"},
		{"resource=" + w.spare, ""},
		{"resource=" + "/api/marketplace-provider-resources/" + w.spare + "/", ""},
		{"resource_uuid=" + w.spare, "b"},
		{"resource_uuid=" + hyphened(w.resource), "a"},
		{"project_uuid=" + w.project, "ab"},
		{"project_uuid=" + w.otherProject, "c"},
		{"customer_uuid=" + w.customer, "abc"},
		{"customer_uuid=" + w.provider, ""},
		{"provider_uuid=" + w.provider, "ab"},
		{"provider_uuid=" + hyphened(w.rival), "c"},
		{"type=a", "a"}, {"type=A", ""}, {"type=", "abc"},
		{"state=3", "a"}, {"state=2", "b"}, {"state=6", "c"}, {"state=1", ""}, {"state=", "abc"},
		{"state=3&state=2", "b"},
		{"username=DEPLOY", "ab"}, {"username=two", "b"}, {"username=%20two%20", "b"}, {"username=x", ""},
		{"user_email=acme.example", "ac"}, {"user_email=ADA", "a"}, {"user_email=bo@", "ac"}, {"user_email=pia", ""},
		{"responsible_user_uuid=" + w.users["ada"], "b"},
		{"responsible_user_uuid=" + hyphened(w.users["bo"]), ""},
		{"created=" + at(1, exact), "bc"}, {"created=" + justAfter, "c"}, {"created=" + elsewhere, "bc"},
		{"created_before=" + at(1, exact), "ab"}, {"created_before=" + at(1, short), "a"},
		{"created=2026-03-02", "abc"}, {"created=2026-03-03", ""}, {"created_before=2026-03-02", ""},
		{"created=" + url.QueryEscape("2026-03-02 10:00:00"), "c"},
		{"created=" + at(1, exact) + "&created_before=" + at(1, exact), "b"},
		{"modified=" + at(4, exact), "ab"}, {"modified=" + at(5, exact), "a"}, {"modified=" + at(6, exact), ""},
		{"modified_before=" + at(4, exact), "bc"}, {"modified_before=" + at(3, exact), "c"},
		{"resource_uuid=" + w.resource + "&type=a", "a"}, {"resource_uuid=" + w.resource + "&type=b", ""},
		{"username=deploy&state=2&provider_uuid=" + w.provider, "b"},
		{"nonsense=1&description=x&o=type", "abc"},
	}
	for _, test := range tests {
		t.Run(test.query, func(t *testing.T) {
			w := w.in(t)
			r := w.do("staff", "GET", robots+"?"+test.query, nil).want(200)
			if got := strings.Join(r.column("type"), ""); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			head := w.do("staff", "HEAD", robots+"?"+test.query, nil).want(200)
			if got := head.header.Get("X-Result-Count"); got != strconv.Itoa(len(test.want)) {
				t.Errorf("HEAD counts %s", got)
			}
		})
	}
}

func TestRobotFilterErrors(t *testing.T) {
	w := newFiltered(t)
	choice := func(word string) string {
		return "Select a valid choice. " + word + " is not one of the available choices."
	}
	const uuid, date = "Enter a valid UUID.", "Enter a valid date/time."
	for _, test := range []struct{ param, value, want string }{
		{"state", "OK", choice("OK")},
		{"state", "0", choice("0")},
		{"state", "7", choice("7")},
		{"state", "03", choice("03")},
		{"resource_uuid", "x", uuid},
		{"project_uuid", "x", uuid},
		{"customer_uuid", "x", uuid},
		{"provider_uuid", "x", uuid},
		{"responsible_user_uuid", "x", uuid},
		{"created", "yesterday", date},
		{"created_before", "2026-13-01", date},
		{"modified", "2026-03-02T08:15:30+00:00", date}, // the plus sign is not escaped
		{"modified_before", "1767225600", date},
	} {
		t.Run(test.param+" "+test.value, func(t *testing.T) {
			w := w.in(t)
			for _, method := range []string{"GET", "HEAD"} {
				r := w.do("staff", method, robots+"?"+test.param+"="+test.value, nil).want(400)
				if method == "GET" {
					r.wantBody(only(test.param, test.want))
				}
			}
		})
	}
	w.do("staff", "GET", robots+"?state=x&created=x&type=a", nil).want(400).
		wantBody(`{"state": ["` + choice("x") + `"], "created": ["` + date + `"]}`)
	w.do("staff", "GET", robots+"?resource=/api/nothing/", nil).want(404)
}

// TestRobotFiltersAskTheDatabase finds by people whom the caller is not shown.
func TestRobotFiltersAskTheDatabase(t *testing.T) {
	w := newFiltered(t, withConsent)
	for query, want := range map[string]string{
		"user_email=ada": "a", "responsible_user_uuid=" + w.users["ada"]: "b",
	} {
		r := w.do("provider", "GET", robots+"?"+query, nil).want(200)
		wantStrings(t, r.column("type"), want)
		w.wantPeople(r.list()[0], "")
	}
}
