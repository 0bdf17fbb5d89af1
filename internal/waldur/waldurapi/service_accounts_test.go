package waldurapi

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

type area struct {
	scope, path string
	of          func(*Client) ServiceAccounts
}

// areas are the two kinds of service accounts, whose operations differ in path and scope alone.
var areas = []area{
	{"customer", "/api/marketplace-customer-service-accounts/", func(c *Client) ServiceAccounts { return c.CustomerServiceAccounts }},
	{"project", "/api/marketplace-project-service-accounts/", func(c *Client) ServiceAccounts { return c.ProjectServiceAccounts }},
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
		UUID: uuid, Created: "2026-02-04T09:10:08.383795+00:00", Username: "svc-reporting", PreferredIdentifier: "reporting",
		Description: "Monthly report", Email: "reports@example.org", State: ServiceAccountErred, ErrorMessage: "backend said no",
		CustomerUUID: customer, CustomerName: "Example",
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
		UUID: uuid, State: ServiceAccountOK, Token: ptr("issued-key"), ExpiresAt: ptr("2026-05-31T08:15:30.489112"),
		ProjectUUID: project, ProjectName: "Apollo", CustomerUUID: customer, CustomerName: "Example", CustomerAbbreviation: "EX",
	}
}

// operation is one call of an API and what it sends, below the path of its area.
type operation struct {
	name               string
	call               func(context.Context, ServiceAccounts) (*ServiceAccount, error)
	method, path, body string
}

var operations = []operation{
	{"get", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Get(ctx, uuid)
	}, "GET", uuid + "/", ""},
	{"get with a strange id", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Get(ctx, "a/../b?c")
	}, "GET", "a%2F..%2Fb%3Fc/", ""},
	{"update", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Update(ctx, uuid, ServiceAccountUpdate{Description: ptr("text"), Email: ptr("a@example.org")})
	}, "PATCH", uuid + "/", `{"description":"text","email":"a@example.org"}`},
	{"update of one field", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Update(ctx, uuid, ServiceAccountUpdate{Email: ptr("a@example.org")})
	}, "PATCH", uuid + "/", `{"email":"a@example.org"}`},
	{"update to empty", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Update(ctx, uuid, ServiceAccountUpdate{Description: ptr("")})
	}, "PATCH", uuid + "/", `{"description":""}`},
	{"update of nothing", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.Update(ctx, uuid, ServiceAccountUpdate{})
	}, "PATCH", uuid + "/", `{}`},
	{"rotate", func(ctx context.Context, s ServiceAccounts) (*ServiceAccount, error) {
		return s.RotateAPIKey(ctx, uuid)
	}, "POST", uuid + "/rotate_api_key/", ""},
}

func TestServiceAccountOperations(t *testing.T) {
	for _, o := range operations {
		for _, area := range areas {
			t.Run(o.name+"/"+area.scope, func(t *testing.T) {
				f := &fixed{status: 200, body: projectAccountJSON}
				got, err := o.call(t.Context(), area.of(serve(t, f)))
				if err != nil {
					t.Fatal(err)
				}
				if want := projectAccount(); !reflect.DeepEqual(*got, want) {
					t.Errorf("account\n got %+v\nwant %+v", *got, want)
				}
				f.wantSent(t, o.method+" "+area.path+o.path+" "+o.body)
			})
		}
	}
}

func TestServiceAccountCreate(t *testing.T) {
	full := ServiceAccountCreate{Scope: "u1", PreferredIdentifier: "id", Description: "text", Email: "a@example.org"}
	least := ServiceAccountCreate{Scope: "u1"}
	tests := []struct {
		name string
		area area
		give ServiceAccountCreate
		want string
	}{
		{"full", areas[0], full, `{"customer":"u1","description":"text","email":"a@example.org","preferred_identifier":"id"}`},
		{"least", areas[0], least, `{"customer":"u1","description":"","preferred_identifier":""}`},
		{"full", areas[1], full, `{"description":"text","email":"a@example.org","preferred_identifier":"id","project":"u1"}`},
		{"least", areas[1], least, `{"description":"","preferred_identifier":"","project":"u1"}`},
	}
	for _, test := range tests {
		t.Run(test.name+"/"+test.area.scope, func(t *testing.T) {
			f := &fixed{status: 201, body: projectAccountJSON}
			got, err := test.area.of(serve(t, f)).Create(t.Context(), test.give)
			if want := projectAccount(); err != nil || !reflect.DeepEqual(*got, want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, want)
			}
			f.wantSent(t, "POST "+test.area.path+" "+test.want)
		})
	}
}

func TestServiceAccountClose(t *testing.T) {
	for _, area := range areas {
		t.Run(area.scope, func(t *testing.T) {
			f := &fixed{status: 204}
			if err := area.of(serve(t, f)).Close(t.Context(), uuid); err != nil {
				t.Error(err)
			}
			f.wantSent(t, "DELETE "+area.path+uuid+"/ ")
		})
	}
}

func TestServiceAccountDecoding(t *testing.T) {
	tests := []struct {
		name, body        string
		want              ServiceAccount
		apiKey, expiresAt string
	}{
		{"customer's, without key", customerAccountJSON, customerAccount(), "", ""},
		{"project's, with key", projectAccountJSON, projectAccount(), "issued-key", "2026-05-31T08:15:30.489112"},
		{"key without expiry", `{"token":"k","expires_at":null}`, ServiceAccount{Token: ptr("k")}, "k", ""},
		{"expiry without key", `{"expires_at":"soon"}`, ServiceAccount{ExpiresAt: ptr("soon")}, "", "soon"},
		{"unknown members", `{"uuid":"u","later":{"a":[1]}}`, ServiceAccount{UUID: "u"}, "", ""},
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
		// The query of each area, whose members are sorted by name.
		customer, project string
	}{
		{"all", ServiceAccountFilter{}, "page=1&page_size=300", "page=1&page_size=300"},
		{
			"scope", ServiceAccountFilter{Scope: "u1"},
			"customer_uuid=u1&page=1&page_size=300", "page=1&page_size=300&project_uuid=u1",
		},
		{
			"username", ServiceAccountFilter{Username: "a&b c"},
			"page=1&page_size=300&username=a%26b+c", "page=1&page_size=300&username=a%26b+c",
		},
		{
			"email", ServiceAccountFilter{Email: "a+b@h"},
			"email=a%2Bb%40h&page=1&page_size=300", "email=a%2Bb%40h&page=1&page_size=300",
		},
		{
			"states", ServiceAccountFilter{States: []string{ServiceAccountOK, ServiceAccountErred}},
			"page=1&page_size=300&state=OK&state=Erred", "page=1&page_size=300&state=OK&state=Erred",
		},
		{
			"everything", ServiceAccountFilter{Scope: "u1", Username: "u", Email: "e", States: []string{"OK"}},
			"customer_uuid=u1&email=e&page=1&page_size=300&state=OK&username=u",
			"email=e&page=1&page_size=300&project_uuid=u1&state=OK&username=u",
		},
	}
	for _, test := range tests {
		for i, query := range []string{test.customer, test.project} {
			t.Run(test.name+"/"+areas[i].scope, func(t *testing.T) {
				f := &fixed{status: 200, body: "[" + customerAccountJSON + "]", count: "1"}
				got, err := areas[i].of(serve(t, f)).List(t.Context(), test.filter)
				if want := []ServiceAccount{customerAccount()}; err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("got %+v, %v\nwant %+v", got, err, want)
				}
				f.wantSent(t, "GET "+areas[i].path+"?"+query+" ")
			})
		}
	}
}

func TestServiceAccountListKeepsFilterOnAllPages(t *testing.T) {
	tb := numbered(301)
	got, err := serve(t, tb).ProjectServiceAccounts.List(t.Context(), ServiceAccountFilter{Scope: "u1", States: []string{"OK", "Erred"}})
	if err != nil || len(got) != 301 {
		t.Fatalf("got %d accounts, %v; want 301", len(got), err)
	}
	tb.wantPages(t, 1, 2)
	for _, query := range tb.reads {
		if !slices.Equal(query["project_uuid"], []string{"u1"}) || !slices.Equal(query["state"], []string{"OK", "Erred"}) {
			t.Errorf("a page was read with %v", query)
		}
	}
}

// TestServiceAccountRetries checks what goes out again: a create would make a second account.
func TestServiceAccountRetries(t *testing.T) {
	tests := []struct {
		name  string
		call  func(context.Context, ServiceAccounts) error
		sends int
	}{
		{"create", func(ctx context.Context, s ServiceAccounts) error {
			_, err := s.Create(ctx, ServiceAccountCreate{Scope: "u1"})
			return err
		}, 1},
		{"rotate", func(ctx context.Context, s ServiceAccounts) error { _, err := s.RotateAPIKey(ctx, uuid); return err }, 3},
		{"get", func(ctx context.Context, s ServiceAccounts) error { _, err := s.Get(ctx, uuid); return err }, 3},
		{"update", func(ctx context.Context, s ServiceAccounts) error {
			_, err := s.Update(ctx, uuid, ServiceAccountUpdate{})
			return err
		}, 3},
		{"close", func(ctx context.Context, s ServiceAccounts) error { return s.Close(ctx, uuid) }, 3},
	}
	for _, test := range tests {
		for _, area := range areas {
			t.Run(test.name+"/"+area.scope, func(t *testing.T) {
				f := &fixed{status: 502}
				c := serve(t, f, func(o *transport.Options) { o.MaxRetries = 2 })
				if err := test.call(t.Context(), area.of(c)); !transport.Lost(err) {
					t.Errorf("error %v does not say that the answer is lost", err)
				}
				if len(f.sent) != test.sends {
					t.Errorf("sends = %d, want %d", len(f.sent), test.sends)
				}
			})
		}
	}
}

func TestServiceAccountErrors(t *testing.T) {
	tests := []struct {
		name string
		call func(context.Context, ServiceAccounts) error
		verb string
		path string
	}{
		{"list", func(ctx context.Context, s ServiceAccounts) error {
			_, err := s.List(ctx, ServiceAccountFilter{})
			return err
		}, "GET", ""},
		{"get", func(ctx context.Context, s ServiceAccounts) error { _, err := s.Get(ctx, uuid); return err }, "GET", uuid + "/"},
		{"create", func(ctx context.Context, s ServiceAccounts) error {
			_, err := s.Create(ctx, ServiceAccountCreate{})
			return err
		}, "POST", ""},
		{"update", func(ctx context.Context, s ServiceAccounts) error {
			_, err := s.Update(ctx, uuid, ServiceAccountUpdate{})
			return err
		}, "PATCH", uuid + "/"},
		{"close", func(ctx context.Context, s ServiceAccounts) error { return s.Close(ctx, uuid) }, "DELETE", uuid + "/"},
		{"rotate", func(ctx context.Context, s ServiceAccounts) error {
			_, err := s.RotateAPIKey(ctx, uuid)
			return err
		}, "POST", uuid + "/rotate_api_key/"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fixed{status: 404, body: `{"detail":"No CustomerServiceAccount matches the given query."}`}
			err := test.call(t.Context(), serve(t, f).CustomerServiceAccounts)
			want := test.verb + " " + areas[0].path + test.path + ": 404 Not Found: No CustomerServiceAccount matches the given query."
			if !transport.NotFound(err) || err.Error() != want {
				t.Errorf("error\n got %v\nwant %s", err, want)
			}
		})
	}
}
