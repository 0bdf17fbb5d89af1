package waldurapi

import (
	"reflect"
	"testing"
)

const customerJSON = `{
	"url": "https://h/api/customers/` + customer + `/",
	"uuid": "` + customer + `",
	"created": "2026-02-04T09:10:08.383795+00:00",
	"name": "Example",
	"native_name": "Beispiel",
	"abbreviation": "EX",
	"slug": "example",
	"backend_id": "b-1",
	"max_service_accounts": 5,
	"archived": true,
	"blocked": true,
	"owners": [{"uuid": "o"}]
}`

const projectJSON = `{
	"uuid": "` + project + `",
	"name": "Apollo",
	"slug": "apollo",
	"backend_id": "b-2",
	"customer": "https://h/api/customers/` + customer + `/",
	"customer_uuid": "` + customer + `",
	"customer_name": "Example",
	"end_date": "2027-01-31",
	"max_service_accounts": 0,
	"is_removed": false
}`

func exampleCustomer() Customer {
	return Customer{
		UUID: customer, Name: "Example", NativeName: "Beispiel", Abbreviation: "EX", Slug: "example", BackendID: "b-1",
		MaxServiceAccounts: ptr(int64(5)), Archived: ptr(true), Blocked: ptr(true),
	}
}

func exampleProject() Project {
	return Project{
		UUID: project, Name: "Apollo", Slug: "apollo", BackendID: "b-2", CustomerUUID: customer,
		CustomerName: "Example",
		EndDate:      ptr("2027-01-31"), MaxServiceAccounts: ptr(int64(0)),
	}
}

func TestCustomersGet(t *testing.T) {
	tests := []struct {
		name, body string
		want       Customer
	}{
		{"all set", customerJSON, exampleCustomer()},
		{"no limit", `{"uuid":"u","max_service_accounts":null}`, Customer{UUID: "u"}},
		{"nothing but the uuid", `{"uuid":"u"}`, Customer{UUID: "u"}},
		{"null", `{"uuid":"u","name":null,"archived":null,"blocked":null}`, Customer{UUID: "u"}},
		{"false", `{"uuid":"u","archived":false,"blocked":false}`,
			Customer{UUID: "u", Archived: ptr(false), Blocked: ptr(false)}},
		{"limit 0", `{"uuid":"u","max_service_accounts":0}`, Customer{UUID: "u", MaxServiceAccounts: ptr(int64(0))}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fixed{status: 200, body: test.body}
			got, err := serve(t, f).Customers.Get(t.Context(), customer)
			if err != nil || !reflect.DeepEqual(*got, test.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, test.want)
			}
			f.wantSent(t, "GET /api/customers/"+customer+"/?"+fieldsQuery(customerFields)+" ")
		})
	}
}

func TestProjectsGet(t *testing.T) {
	tests := []struct {
		name, body string
		want       Project
	}{
		{"all set", projectJSON, exampleProject()},
		{"nothing but the uuid", `{"uuid":"u"}`, Project{UUID: "u"}},
		{"neither end nor limit", `{"uuid":"u","end_date":null,"max_service_accounts":null}`, Project{UUID: "u"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fixed{status: 200, body: test.body}
			got, err := serve(t, f).Projects.Get(t.Context(), project)
			if err != nil || !reflect.DeepEqual(*got, test.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, test.want)
			}
			f.wantSent(t, "GET /api/projects/"+project+"/?"+fieldsQuery(projectFields)+" ")
		})
	}
}

func TestCustomersByName(t *testing.T) {
	tests := []struct{ name, give, query string }{
		{"plain", "Example", "name_exact=Example&page=1&page_size=300"},
		{"escaped", "A&B = ä+c", "name_exact=A%26B+%3D+%C3%A4%2Bc&page=1&page_size=300"},
		{"empty", "", "name_exact=&page=1&page_size=300"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fixed{status: 200, body: "[" + customerJSON + `,{"uuid":"u"}]`, count: "2"}
			got, err := serve(t, f).Customers.ByName(t.Context(), test.give)
			if want := []Customer{exampleCustomer(), {UUID: "u"}}; err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, want)
			}
			f.wantSent(t, "GET /api/customers/?"+sortedQuery(fieldsQuery(customerFields)+"&"+test.query)+" ")
		})
	}
}

func TestProjectsByName(t *testing.T) {
	tests := []struct{ name, customer, query string }{
		{"of any customer", "", "name_exact=Apollo&page=1&page_size=300"},
		{"of one customer", customer, "customer=" + customer + "&name_exact=Apollo&page=1&page_size=300"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fixed{status: 200, body: "[" + projectJSON + "]", count: "1"}
			got, err := serve(t, f).Projects.ByName(t.Context(), "Apollo", test.customer)
			if want := []Project{exampleProject()}; err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, want)
			}
			f.wantSent(t, "GET /api/projects/?"+sortedQuery(fieldsQuery(projectFields)+"&"+test.query)+" ")
		})
	}
}
