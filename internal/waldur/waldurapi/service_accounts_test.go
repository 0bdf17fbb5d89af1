package waldurapi

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

type area struct {
	scope, path string
	of          func(*Client) ServiceAccounts
}

// areas are the two kinds of service accounts, whose operations differ in path and scope alone.
var areas = []area{
	{"customer", "/api/marketplace-customer-service-accounts/",
		func(c *Client) ServiceAccounts { return c.CustomerServiceAccounts }},
	{"project", "/api/marketplace-project-service-accounts/",
		func(c *Client) ServiceAccounts { return c.ProjectServiceAccounts }},
}

const customerAccountJSON = `{
	"url": "https://h/api/marketplace-customer-service-accounts/` + uuid + `/",
	"uuid": "` + uuid + `",
	"created": "2026-02-04T09:10:08.383795+00:00",
	"modified": "2026-02-05T09:10:08.383795+00:00",
	"error_message": "backend said no",
	"error_traceback": "Traceback",
	"token": null,
	"expires_at": null,
	"username": "svc-reporting",
	"description": "Monthly report",
	"email": "reports@example.org",
	"state": "Erred",
	"preferred_identifier": "reporting",
	"customer": "` + customer + `",
	"customer_uuid": "` + customer + `",
	"customer_name": "Example"
}`

func customerAccount() ServiceAccount {
	return ServiceAccount{
		UUID: uuid, Created: "2026-02-04T09:10:08.383795+00:00", Username: "svc-reporting",
		PreferredIdentifier: ptr("reporting"),
		Description:         ptr("Monthly report"), Email: ptr("reports@example.org"), State: ServiceAccountErred,
		ErrorMessage: ptr("backend said no"),
		Customer:     customer, CustomerUUID: customer, CustomerName: "Example",
	}
}

const projectAccountJSON = `{
	"uuid": "` + uuid + `",
	"username": "",
	"state": "OK",
	"token": "issued-key",
	"expires_at": "2026-05-31T08:15:30.489112",
	"project": "` + project + `",
	"project_uuid": "` + project + `",
	"project_name": "Apollo",
	"customer_uuid": "` + customer + `",
	"customer_name": "Example",
	"customer_abbreviation": "EX"
}`

func projectAccount() ServiceAccount {
	return ServiceAccount{
		UUID: uuid, State: ServiceAccountOK, Token: ptr("issued-key"),
		ExpiresAt: ptr[anyText]("2026-05-31T08:15:30.489112"),
		Project:   project, ProjectUUID: project, ProjectName: "Apollo", CustomerUUID: customer,
		CustomerName:         "Example",
		CustomerAbbreviation: "EX",
	}
}

// operations are all calls about one account. In path and body, SCOPE stands for the name of the scope.
var operations = []struct {
	name               string
	call               func(context.Context, ServiceAccounts) (*ServiceAccount, error)
	method, path, body string // the path is below that of the area
	attempts           int    // with two retries
}{
	{"get", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Get(ctx, uuid)
	}, "GET", uuid + "/", "", 3},
	{"get with an id with a slash", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Get(ctx, "a/../b?c")
	}, "GET", "a%2F..%2Fb%3Fc/", "", 3},
	{"create", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Create(ctx, ServiceAccountCreate{Scope: "u1", PreferredIdentifier: "id", Description: "text",
			Email: "a@example.org"})
	}, "POST", "", `{"SCOPE":"u1","preferred_identifier":"id","description":"text","email":"a@example.org"}`, 1},
	{"create of the least", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Create(ctx, ServiceAccountCreate{Scope: "u1"})
	}, "POST", "", `{"SCOPE":"u1","preferred_identifier":"","description":""}`, 1},
	{"update", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Update(ctx, uuid, ServiceAccountUpdate{Description: ptr("text"), Email: ptr("a@example.org")})
	}, "PATCH", uuid + "/", `{"description":"text","email":"a@example.org"}`, 3},
	{"update of one field", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Update(ctx, uuid, ServiceAccountUpdate{Email: ptr("a@example.org")})
	}, "PATCH", uuid + "/", `{"email":"a@example.org"}`, 3},
	{"update to empty", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Update(ctx, uuid, ServiceAccountUpdate{Description: ptr("")})
	}, "PATCH", uuid + "/", `{"description":""}`, 3},
	{"update of nothing", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Update(ctx, uuid, ServiceAccountUpdate{})
	}, "PATCH", uuid + "/", `{}`, 3},
	{"rotate", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.RotateAPIKey(ctx, uuid)
	}, "POST", uuid + "/rotate_api_key/", "", 1},
	{"close", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return nil, s.Close(ctx, uuid)
	}, "DELETE", uuid + "/", "", 3},
}

func TestServiceAccountOperations(t *testing.T) {
	for _, o := range operations {
		for _, a := range areas {
			t.Run(o.name+"/"+a.scope, func(t *testing.T) {
				f := &fixed{status: 201, body: projectAccountJSON}
				got, err := o.call(t.Context(), a.of(serve(t, f)))
				if err != nil {
					t.Fatal(err)
				}
				if want := projectAccount(); o.name != "close" && !reflect.DeepEqual(*got, want) {
					t.Errorf("account\n got %+v\nwant %+v", *got, want)
				}
				f.wantSent(t, o.method+" "+a.path+o.path+" "+strings.ReplaceAll(o.body, "SCOPE", a.scope))
			})
		}
	}
}

func TestServiceAccountRefusals(t *testing.T) {
	for _, o := range operations {
		for _, a := range areas {
			t.Run(o.name+"/"+a.scope, func(t *testing.T) {
				f := &fixed{status: 404, body: `{"detail":"Not found."}`}
				_, err := o.call(t.Context(), a.of(serve(t, f)))
				want := o.method + " " + a.path + o.path + ": 404 Not Found: Not found."
				if !transport.NotFound(err) || err.Error() != want {
					t.Errorf("error\n got %v\nwant %s", err, want)
				}
			})
		}
	}
}

// TestServiceAccountRetries checks which requests are sent again: a second create would create a
// second account, and a first rotation that ends late would revoke the key of a second one.
func TestServiceAccountRetries(t *testing.T) {
	for _, o := range operations {
		for _, a := range areas {
			t.Run(o.name+"/"+a.scope, func(t *testing.T) {
				f := &fixed{status: 502}
				_, err := o.call(t.Context(), a.of(serve(t, f, func(o *transport.Options) { o.MaxRetries = 2 })))
				if !transport.Lost(err) {
					t.Errorf("error %v does not say that the response was lost", err)
				}
				if len(f.sent) != o.attempts {
					t.Errorf("attempts = %d, want %d", len(f.sent), o.attempts)
				}
			})
		}
	}
}

// The server returns 500 if its account service is slow, and would be asked as often as the request is sent.
func TestServiceAccountWritesAfterFault(t *testing.T) {
	for _, o := range operations {
		if o.method == http.MethodGet {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			f := &fixed{status: 500, body: "<html>"}
			client := serve(t, f, func(o *transport.Options) { o.MaxRetries = 2 })
			_, err := o.call(t.Context(), client.CustomerServiceAccounts)
			if !ReachedAccountService(err) || len(f.sent) != 1 {
				t.Errorf("error %v after %d attempts", err, len(f.sent))
			}
		})
	}
}

func TestReachedAccountService(t *testing.T) {
	for response, want := range map[string]bool{
		`400 {"detail": "timed out"}`:                      true,
		`400 {"detail": {"message": "account not found"}}`: true,
		`400 {"message": "No."}`:                           true,
		`400 {"non_field_errors": ["No."]}`:                true,
		`400 {"email": ["Enter a valid email address."]}`:  true,
		`401 {"detail": "Invalid token."}`:                 false,
		`403 {"detail": "No."}`:                            false,
		`404 {"detail": "Not found."}`:                     false,
		`404 <html>`:                                       false,
		`409 {"detail": "No."}`:                            false,
		`429 {"detail": "Later."}`:                         false,
		`405 {"detail": "No."}`:                            true,
		`500 <html>`:                                       true,
		`502 <html>`:                                       true,
		`200 <html>`:                                       true,
		`201 {"uuid": ""}`:                                 true,
		`201 {"uuid": "u"}`:                                false,
	} {
		t.Run(response, func(t *testing.T) {
			status, body, _ := strings.Cut(response, " ")
			client := serve(t, &fixed{status: number(status), body: body})
			_, err := client.ProjectServiceAccounts.RotateAPIKey(t.Context(), uuid)
			if got := ReachedAccountService(err); got != want {
				t.Errorf("%v, want %v: %v", got, want, err)
			}
		})
	}
	t.Run("fields", func(t *testing.T) {
		for body, want := range map[string]bool{`{"email": ["No."]}`: true, `{"message": "No."}`: false} {
			client := serve(t, &fixed{status: 400, body: body})
			_, err := client.ProjectServiceAccounts.Create(t.Context(), ServiceAccountCreate{})
			if got := FieldsRefused(err); got != want {
				t.Errorf("%s: %v", body, got)
			}
		}
	})
	t.Run("nothing sent", func(t *testing.T) {
		client := New(transport.Unavailable(errors.New("no token")))
		if _, err := client.ProjectServiceAccounts.RotateAPIKey(t.Context(), uuid); ReachedAccountService(err) {
			t.Error(err)
		}
	})
}

func TestServiceAccountDecoding(t *testing.T) {
	tests := []struct {
		name, body        string
		want              ServiceAccount
		apiKey, expiresAt string
	}{
		{"customer's, without key", customerAccountJSON, customerAccount(), "", ""},
		{"project's, with key", projectAccountJSON, projectAccount(), "issued-key", "2026-05-31T08:15:30.489112"},
		{"key without expiry", `{"uuid":"u","token":"k","expires_at":null}`, ServiceAccount{UUID: "u", Token: ptr("k")},
			"k", ""},
		{"expiry as a number", `{"uuid":"u","token":"k","expires_at":1767225600}`, ServiceAccount{
			UUID: "u", Token: ptr("k"), ExpiresAt: ptr[anyText]("1767225600"),
		}, "k", "1767225600"},
		{"expiry without key", `{"uuid":"u","expires_at":"soon"}`, ServiceAccount{
			UUID: "u", ExpiresAt: ptr[anyText]("soon"),
		}, "", "soon"},
		{"unknown members", `{"uuid":"u","later":{"a":[1]}}`, ServiceAccount{UUID: "u"}, "", ""},
		{"nothing but the uuid", `{"uuid":"u"}`, ServiceAccount{UUID: "u"}, "", ""},
		{"empty texts", `{"uuid":"u","description":"","email":"","error_message":""}`,
			ServiceAccount{UUID: "u", Description: ptr(""), Email: ptr(""), ErrorMessage: ptr("")}, "", ""},
		{"null texts", `{"uuid":"u","email":null,"customer_name":null}`, ServiceAccount{UUID: "u"}, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := serve(t, &fixed{status: 200, body: test.body}).ProjectServiceAccounts.Get(t.Context(), uuid)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(*got, test.want) {
				t.Errorf("account\n got %+v\nwant %+v", *got, test.want)
			}
			if apiKey, expiresAt := got.Key(); apiKey != test.apiKey || expiresAt != test.expiresAt {
				t.Errorf("key %q, %q; want %q, %q", apiKey, expiresAt, test.apiKey, test.expiresAt)
			}
		})
	}
}

func TestServiceAccountList(t *testing.T) {
	tests := []struct {
		name   string
		filter ServiceAccountFilter
		query  string // besides the paging; SCOPE stands for the name of the scope
	}{
		{"all", ServiceAccountFilter{}, ""},
		{"scope", ServiceAccountFilter{Scope: customer}, "SCOPE_uuid=" + customer},
		{"username", ServiceAccountFilter{Username: "a&b c"}, "username=a%26b+c"},
		{"email", ServiceAccountFilter{Email: "ORTS@ex"}, "email=ORTS%40ex"},
		{"states", ServiceAccountFilter{States: []string{ServiceAccountOK, ServiceAccountErred}},
			"state=OK&state=Erred"},
		{
			"everything", ServiceAccountFilter{Scope: customer, Username: "u", Email: "e", States: []string{"Erred"}},
			"SCOPE_uuid=" + customer + "&email=e&state=Erred&username=u",
		},
	}
	for _, test := range tests {
		for _, a := range areas {
			t.Run(test.name+"/"+a.scope, func(t *testing.T) {
				f := &fixed{status: 200, body: "[" + customerAccountJSON + "]", count: "1"}
				got, err := a.of(serve(t, f)).List(t.Context(), test.filter)
				if want := []ServiceAccount{customerAccount()}; err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("got %+v, %v\nwant %+v", got, err, want)
				}
				query := strings.ReplaceAll(test.query, "SCOPE", a.scope)
				f.wantSent(t, "GET "+a.path+"?"+sortedQuery("page=1&page_size=300&"+query)+" ")
			})
		}
	}
}

// A row that does not match shows that the server ignores a filter.
func TestServiceAccountListWithIgnoredFilter(t *testing.T) {
	for _, a := range areas {
		row := `{"uuid": "u", "state": "OK", "email": "ada@h.org", "` + a.scope + `_uuid": "` + customer + `"}`
		for name, test := range map[string]struct {
			row     string
			filter  ServiceAccountFilter
			ignored bool
		}{
			"state":          {row, ServiceAccountFilter{States: []string{"Erred"}}, true},
			"email":          {row, ServiceAccountFilter{Email: "bo@"}, true},
			"the same email": {row, ServiceAccountFilter{Email: "ADA@"}, false},
			"the same state": {row, ServiceAccountFilter{States: []string{"Erred", "OK"}}, false},
			"scope":          {row, ServiceAccountFilter{Scope: project}, true},
			"the same scope": {row, ServiceAccountFilter{Scope: customer}, false},
			"nothing to compare": {
				`{"uuid": "u"}`,
				ServiceAccountFilter{Scope: project, Email: "x", States: []string{"OK"}}, false,
			},
		} {
			t.Run(a.scope+", "+name, func(t *testing.T) {
				f := &fixed{status: 200, body: "[" + test.row + "]", count: "1"}
				got, err := a.of(serve(t, f)).List(t.Context(), test.filter)
				if errors.Is(err, ErrFilterIgnored) != test.ignored || (got == nil) != test.ignored {
					t.Errorf("got %v, %v", got, err)
				}
			})
		}
	}
}

func TestServiceAccountListKeepsFilterOnAllPages(t *testing.T) {
	tb := numbered(301)
	got, err := serve(t, tb).ProjectServiceAccounts.List(t.Context(),
		ServiceAccountFilter{Scope: "u1", States: []string{"OK", "Erred"}})
	if err != nil || len(got) != 301 {
		t.Fatalf("got %d accounts, %v; want 301", len(got), err)
	}
	tb.wantPages(t, 1, 2)
	for _, query := range tb.reads {
		if !slices.Equal(query["project_uuid"], []string{"u1"}) ||
			!slices.Equal(query["state"], []string{"OK", "Erred"}) {
			t.Errorf("a page was read with %v", query)
		}
	}
}
