package waldursim_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestUnservedPaths(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{
		"/",
		"/api/",
		"/api/nothing/",
		"/api/customers/a.b/",
		"/api/customers//",
		"/api/customers/" + w.customer + "/users/",
		"/api/marketplace-customer-service-accounts/" + w.customer + "/nothing/",
		"/account-service/nothing",
	} {
		t.Run(path, func(t *testing.T) {
			w := w.in(t)
			w.do("staff", "GET", path, nil).wantHTML(404)
			w.do("", "POST", path, object{}).wantHTML(404)
		})
	}
}

func TestMissingSlashRedirects(t *testing.T) {
	w := newWorld(t)
	account, _ := w.seed(kinds[0], waldursim.ServiceAccount{PreferredIdentifier: "bot"})
	tests := []struct {
		method, path, location string
	}{
		{"GET", "/api/customers", "/api/customers/"},
		{"GET", "/api/customers?name=x&page=2", "/api/customers/?name=x&page=2"},
		{"GET", "/api/users/me", "/api/users/me/"},
		{"POST", "/api/marketplace-customer-service-accounts", "/api/marketplace-customer-service-accounts/"},
		{"DELETE", strings.TrimSuffix(kinds[0].one(account), "/"), kinds[0].one(account)},
		{"POST", strings.TrimSuffix(kinds[0].rotate(account), "/"), kinds[0].rotate(account)},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			w := w.in(t)
			// The redirect comes before authentication.
			r := w.do("", test.method, test.path, nil).want(301)
			if got := r.header.Get("Location"); got != test.location {
				t.Errorf("Location %q, want %q", got, test.location)
			}
		})
	}
	if record, _ := w.sim.ServiceAccount(account); record["state"] != "OK" {
		t.Error("the DELETE without a slash closed the account")
	}
}

// A Go client that follows redirects turns the POST into a list.
func TestFollowedRedirectLosesThePost(t *testing.T) {
	w := newWorld(t)
	body := strings.NewReader(`{"customer": "` + w.customer + `", "preferred_identifier": "bot"}`)
	request, err := http.NewRequestWithContext(t.Context(), "POST",
		w.server.URL+strings.TrimSuffix(kinds[0].path, "/"), body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Token "+w.tokens["owner"])
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		t.Errorf("status %d, want 200", response.StatusCode)
	}
	if made := w.sim.ServiceAccounts(); len(made) != 0 {
		t.Errorf("an account was made: %v", made)
	}
}

func TestMethodNotAllowed(t *testing.T) {
	w := newWorld(t)
	account, _ := w.seed(kinds[0], waldursim.ServiceAccount{PreferredIdentifier: "bot"})
	tests := []struct {
		method, path, allow string
	}{
		{"PUT", kinds[0].path, "GET, HEAD, POST"},
		{"DELETE", kinds[0].path, "GET, HEAD, POST"},
		{"POST", kinds[0].one(account), "DELETE, GET, HEAD, PATCH, PUT"},
		{"GET", kinds[0].rotate(account), "POST"},
		{"POST", "/api/customers/", "GET, HEAD"},
		{"PATCH", "/api/projects/" + w.project + "/", "GET, HEAD"},
		{"DELETE", "/api/users/me/", "GET, HEAD"},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			w := w.in(t)
			r := w.do("staff", test.method, test.path, nil).want(405)
			r.wantBody(`{"detail": "Method \"` + test.method + `\" not allowed."}`)
			if got := r.header.Get("Allow"); got != test.allow {
				t.Errorf("Allow %q, want %q", got, test.allow)
			}
			w.do("", test.method, test.path, nil).want(401)
		})
	}
}

func TestCommonHeaders(t *testing.T) {
	w := newWorld(t)
	account, _ := w.seed(kinds[0], waldursim.ServiceAccount{PreferredIdentifier: "bot"})
	for _, test := range []struct {
		name, caller, method, path string
		status                     int
		contentType                string
	}{
		{"list", "owner", "GET", kinds[0].path, 200, "application/json; charset=utf-8"},
		{"refusal", "", "GET", kinds[0].path, 401, "application/json; charset=utf-8"},
		{"missing", "owner", "GET", kinds[0].one(w.customer), 404, "application/json; charset=utf-8"},
		{"html", "owner", "GET", "/api/no/", 404, "text/html; charset=utf-8"},
		{"deleted", "owner", "DELETE", kinds[0].one(account), 204, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := w.in(t)
			r := w.do(test.caller, test.method, test.path, nil).want(test.status)
			for name, want := range map[string]string{
				"Content-Type":     test.contentType,
				"Content-Language": "en",
				"Vary":             "Accept, Accept-Language, Cookie, origin",
				"X-Frame-Options":  "DENY",
			} {
				if got := r.header.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestRetrieveAnswersHead(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world, k kind) {
		uuid, _ := w.seed(k, waldursim.ServiceAccount{PreferredIdentifier: "bot"})
		got := w.do(k.manager, "GET", k.one(uuid), nil).want(200)
		head := w.do(k.manager, "HEAD", k.one(uuid), nil).want(200)
		if head.body != "" {
			t.Errorf("body %q", head.body)
		}
		if got.header.Get("Content-Length") != head.header.Get("Content-Length") {
			t.Errorf("lengths %s and %s", got.header.Get("Content-Length"), head.header.Get("Content-Length"))
		}
		w.do("stranger", "HEAD", k.one(uuid), nil).want(404)
		if count := w.sim.Count(k.operations + "retrieve"); count != 3 {
			t.Errorf("%d reads in the record, want 3", count)
		}
	})
}

func TestDateTimes(t *testing.T) {
	for _, test := range []struct {
		name string
		z    bool
		nano int
		want string
	}{
		{"microseconds", false, 481207999, "2026-03-02T08:15:30.481207+00:00"},
		{"leading zeros", false, 7000, "2026-03-02T08:15:30.000007+00:00"},
		{"whole second", false, 0, "2026-03-02T08:15:30+00:00"},
		{"less than a microsecond", false, 999, "2026-03-02T08:15:30+00:00"},
		{"2024", true, 481207000, "2026-03-02T08:15:30.481207Z"},
		{"2024 whole second", true, 0, "2026-03-02T08:15:30Z"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, func(o *waldursim.Options) { o.DateTimeZ = test.z })
			w.clock.advance(time.Duration(test.nano - w.clock.Now().Nanosecond()))
			made := w.create(kinds[0], "bot")
			wantFields(t, made, object{"created": test.want, "modified": test.want})
		})
	}
}

func TestLinksFollowTheHostOfTheRequest(t *testing.T) {
	w := newWorld(t)
	account, _ := w.seed(kinds[0], waldursim.ServiceAccount{PreferredIdentifier: "bot"})
	read := func(target string) string {
		request := httptest.NewRequest("GET", target, nil)
		request.Header.Set("Authorization", "Token "+w.tokens["staff"])
		recorder := httptest.NewRecorder()
		w.sim.ServeHTTP(recorder, request)
		return reply{t: t, status: recorder.Code, body: recorder.Body.String()}.want(200).object()["url"].(string)
	}
	for _, base := range []string{"http://waldur.example.com", "https://waldur.example.com", "http://10.0.0.1:8080"} {
		if got, want := read(base+kinds[0].one(account)), base+kinds[0].one(account); got != want {
			t.Errorf("url %q, want %q", got, want)
		}
		if got, want := read(base+"/api/projects/"+w.project+"/"), base+"/api/projects/"+w.project+"/"; got != want {
			t.Errorf("url %q, want %q", got, want)
		}
	}
}

func TestUUIDForms(t *testing.T) {
	bare := regexp.MustCompile(`^[0-9a-f]{32}$`)
	eachKind(t, func(t *testing.T, w *world, k kind) {
		body := object{k.scope: hyphened(w.scope(k)), "preferred_identifier": "bot"}
		made := w.do(k.manager, "POST", k.path, body).want(201).object()
		for _, name := range []string{"uuid", k.scope, k.scope + "_uuid"} {
			if text, _ := made[name].(string); !bare.MatchString(text) {
				t.Errorf("%s is %q, want bare hex", name, made[name])
			}
		}
		uuid := made["uuid"].(string)
		for _, form := range []string{uuid, hyphened(uuid), strings.ToUpper(uuid), strings.ToLower(hyphened(uuid))} {
			got := w.do(k.manager, "GET", k.one(form), nil).want(200).object()
			wantFields(t, got, object{"uuid": uuid, k.scope: w.scope(k)})
			w.do(k.manager, "PATCH", k.one(form), object{}).want(200)
			w.do(k.manager, "POST", k.rotate(form), nil).want(200)
		}
		for _, form := range []string{w.scope(k), hyphened(w.scope(k))} {
			list := w.do(k.manager, "GET", k.path+"?"+k.scope+"_uuid="+form, nil).want(200)
			wantStrings(t, list.column("uuid"), uuid)
		}
	})
}
