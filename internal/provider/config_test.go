package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func TestValidateConfig(t *testing.T) {
	kind := schemas(t).Provider.ValueType()
	badURL := "is not an absolute http or https URL such as https://waldur.example.org."
	for _, test := range []struct {
		name  string
		block object
		want  []string // each the begin of a diagnostic
	}{
		{"nothing", object{}, nil},
		{"everything", object{
			"waldur":      object{"endpoint": "https://waldur.example.org/api", "token": "t"},
			"wavefront":   object{"endpoint": "https://example.wavefront.com", "token": "t"},
			"instaclustr": object{"endpoint": "https://api.instaclustr.com/", "username": "u", "api_key": "k"},
			"http": object{"max_retries": 20, "request_timeout": "60s", "max_requests_per_second": 0.1, "user_agent_suffix": "x",
				"ca_certificate": testCertificate},
		}, nil},
		{"everything unknown", object{"waldur": unknown{}, "wavefront": unknown{}, "instaclustr": unknown{}, "http": unknown{}}, nil},
		{"all settings unknown", object{
			"waldur":      object{"endpoint": unknown{}, "token": unknown{}},
			"wavefront":   object{"endpoint": unknown{}, "token": unknown{}},
			"instaclustr": object{"endpoint": unknown{}, "username": unknown{}, "api_key": unknown{}},
			"http": object{"max_retries": unknown{}, "request_timeout": unknown{}, "max_requests_per_second": unknown{},
				"user_agent_suffix": unknown{}, "ca_certificate": unknown{}},
		}, nil},
		{"no retries", object{"http": object{"max_retries": 0}}, nil},

		{"Waldur without a scheme", object{"waldur": object{"endpoint": "waldur.example.org"}},
			[]string{"Error waldur.endpoint: Invalid endpoint: waldur.endpoint " + badURL}},
		{"Wavefront, another scheme", object{"wavefront": object{"endpoint": "ftp://example.wavefront.com"}},
			[]string{"Error wavefront.endpoint: Invalid endpoint: wavefront.endpoint " + badURL}},
		{"Instaclustr without a host", object{"instaclustr": object{"endpoint": "https://"}},
			[]string{"Error instaclustr.endpoint: Invalid endpoint: instaclustr.endpoint " + badURL}},
		{"a password in the endpoint", object{"waldur": object{"endpoint": "https://u:s3cret@waldur.example.org"}},
			[]string{"Error waldur.endpoint: Invalid endpoint: waldur.endpoint is a URL with a user name or password in it; credentials have settings of their own."}},
		{"a query in the endpoint", object{"waldur": object{"endpoint": "https://waldur.example.org?a=b"}},
			[]string{"Error waldur.endpoint: Invalid endpoint: waldur.endpoint is a URL with a query or fragment; only scheme, host, port and path are used."}},
		{"a broken escape, with a password", object{"waldur": object{"endpoint": "https://u:s3cret%zz@waldur.example.org"}},
			[]string{"Error waldur.endpoint: Invalid endpoint: waldur.endpoint " + badURL}},
		{"both endpoints", object{"waldur": object{"endpoint": "x"}, "wavefront": object{"endpoint": "y"}},
			[]string{"Error waldur.endpoint: Invalid endpoint: ", "Error wavefront.endpoint: Invalid endpoint: "}},

		{"no certificate", object{"http": object{"ca_certificate": "ca.pem"}},
			[]string{"Error http.ca_certificate: Invalid CA certificate: http.ca_certificate is no PEM text with a block of type CERTIFICATE."}},
		{"an empty certificate", object{"http": object{"ca_certificate": ""}},
			[]string{"Error http.ca_certificate: Invalid CA certificate: "}},
		{"a PEM of another type", object{"http": object{"ca_certificate": strings.ReplaceAll(testCertificate, "CERTIFICATE", "PUBLIC KEY")}},
			[]string{"Error http.ca_certificate: Invalid CA certificate: "}},
		{"no duration", object{"http": object{"request_timeout": "60"}}, []string{"Error http.request_timeout: Invalid Time Duration String Value: "}},
		{"no time at all", object{"http": object{"request_timeout": "0s"}},
			[]string{`Error http.request_timeout: Invalid duration: http.request_timeout must be at least 1s, got "0s".`}},
		{"a negative duration", object{"http": object{"request_timeout": "-1s"}},
			[]string{`Error http.request_timeout: Invalid duration: http.request_timeout must be at least 1s, got "-1s".`}},
		{"negative retries", object{"http": object{"max_retries": -1}},
			[]string{"Error http.max_retries: Invalid Attribute Value: Attribute http.max_retries value must be between 0 and 20, got: -1"}},
		{"too many retries", object{"http": object{"max_retries": 21}}, []string{"Error http.max_retries: Invalid Attribute Value: "}},
		{"no request at all", object{"http": object{"max_requests_per_second": 0}}, []string{"Error http.max_requests_per_second: Invalid Attribute Value: "}},
		{"too few requests", object{"http": object{"max_requests_per_second": 0.09}}, []string{"Error http.max_requests_per_second: Invalid Attribute Value: "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			resp, err := server(t, nil).ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: dynamic(t, kind, test.block)})
			if err != nil {
				t.Fatal(err)
			}
			got := protocolTexts(resp.Diagnostics)
			slices.Sort(got) // the framework has no order of attributes
			if len(got) != len(test.want) {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			for i := range got {
				if !strings.HasPrefix(got[i], test.want[i]) {
					t.Errorf("got  %s\nwant %s", got[i], test.want[i])
				}
				if strings.Contains(got[i], "s3cret") {
					t.Errorf("a password is shown: %s", got[i])
				}
			}
		})
	}
}

func TestParsedDescribesItself(t *testing.T) {
	for _, v := range []validator.String{endpointURL, caCertificate} {
		if v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) != v.Description(t.Context()) {
			t.Error("no description")
		}
	}
}

// testCertificate is of an authority that signs nothing.
const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBDDCBs6ADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMTBHRlc3QwIBcN
MjMxMTE0MjIxMzIwWhgPMjA5NjEwMDIwNzA2NDBaMA8xDTALBgNVBAMTBHRlc3Qw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATYcVacuHJPxHW1AEn8bqMaTEklw/5y
9M+fWuau+eN8DXTdLA+fyj8pkeOMm8l+ej1OyZAGngGbMzo6/3vnOOxHMAoGCCqG
SM49BAMCA0gAMEUCIQDDu31nNprGT/uW2nBkXNBJXaJijc198VPnbZO8mhrPFQIg
dzjqlFKc1baE+tiH+g9LwT2OXM/TiF9N7gNLQO3iZM4=
-----END CERTIFICATE-----
`
