package provider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

func TestValidateConfig(t *testing.T) {
	// block returns a provider block with one setting.
	block := func(name, setting string, value any) object { return object{name: object{setting: value}} }
	endpoint := func(text string) object { return block("waldur", "endpoint", text) }
	http := func(setting string, value any) object { return block("http", setting, value) }
	const (
		badURL     = " is not an absolute http or https URL. An example is "
		ofWaldur   = badURL + "https://waldur.example.org."
		invalidURL = "Error waldur.endpoint: Invalid endpoint: waldur.endpoint"
		invalidPEM = "Error http.ca_certificate: Invalid CA certificate: http.ca_certificate is no PEM text with a " +
			"block of type CERTIFICATE."
		tooShort   = "Error http.request_timeout: Invalid duration: http.request_timeout must be at least 1s, got "
		outOfRange = ": Invalid Attribute Value: Attribute "
		retries    = "Error http.max_retries: Invalid number: http.max_retries must be a whole number from 0 to " +
			"20; got "
		oneLine = " must be one line, without control characters."
	)
	notPEM := strings.ReplaceAll(testCertificate, "CERTIFICATE", "PUBLIC KEY")
	for _, test := range []struct {
		name  string
		block object
		want  []string // the beginning of each diagnostic
	}{
		{"nothing", object{}, nil},
		{"everything", object{
			"waldur":      object{"endpoint": "https://waldur.example.org/api", "token": "t"},
			"wavefront":   object{"endpoint": "https://example.wavefront.com", "token": "t"},
			"instaclustr": object{"endpoint": "https://api.instaclustr.com/", "username": "u", "api_key": "k"},
			"http": object{
				"max_retries": 20, "request_timeout": "60s", "max_requests_per_second": 0.1, "user_agent_suffix": "x",
				"max_wait": "1s", "ca_certificate": testCertificate,
				"client_certificate": clientCertificateText, "client_key": testKey,
			},
		}, nil},
		{"everything unknown", object{
			"waldur": unknown{}, "wavefront": unknown{}, "instaclustr": unknown{}, "http": unknown{},
		}, nil},
		{"all settings unknown", object{
			"waldur":      object{"endpoint": unknown{}, "token": unknown{}},
			"wavefront":   object{"endpoint": unknown{}, "token": unknown{}},
			"instaclustr": object{"endpoint": unknown{}, "username": unknown{}, "api_key": unknown{}},
			"http": object{
				"max_retries": unknown{}, "request_timeout": unknown{}, "max_requests_per_second": unknown{},
				"user_agent_suffix": unknown{}, "ca_certificate": unknown{}, "max_wait": unknown{},
				"client_certificate": unknown{}, "client_key": unknown{},
			},
		}, nil},

		{"Waldur without a scheme", endpoint("waldur.example.org"), []string{invalidURL + ofWaldur}},
		{
			"Wavefront, another scheme", block("wavefront", "endpoint", "ftp://example.wavefront.com"),
			[]string{"Error wavefront.endpoint: Invalid endpoint: wavefront.endpoint" + badURL +
				"https://example.wavefront.com."},
		},
		{
			"Instaclustr without a host", block("instaclustr", "endpoint", "https://"),
			[]string{"Error instaclustr.endpoint: Invalid endpoint: instaclustr.endpoint" + badURL +
				"https://api.instaclustr.com."},
		},
		{
			"a password in the endpoint", endpoint("https://u:s3cret@waldur.example.org"),
			[]string{invalidURL + " is a URL with a user name or password in it; credentials have settings of their " +
				"own."},
		},
		{
			"a query in the endpoint", endpoint("https://waldur.example.org?a=b"),
			[]string{invalidURL + " is a URL with a query or fragment; only scheme, host, port and path are used."},
		},
		{
			"a broken escape, with a password", endpoint("https://u:s3cret%zz@waldur.example.org"),
			[]string{invalidURL + ofWaldur},
		},
		{
			"both endpoints", object{"waldur": object{"endpoint": "x"}, "wavefront": object{"endpoint": "y://"}},
			[]string{invalidURL, "Error wavefront.endpoint: Invalid endpoint: "},
		},

		{
			"a token of two lines", block("waldur", "token", "s3cret\nb"),
			[]string{"Error waldur.token: Invalid text: waldur.token" + oneLine},
		},
		{
			"a Wavefront token of two lines", block("wavefront", "token", "a\ns3cret"),
			[]string{"Error wavefront.token: Invalid text: wavefront.token" + oneLine},
		},
		{
			"a key with a control character", block("instaclustr", "api_key", "s3cret\u0085b"),
			[]string{"Error instaclustr.api_key: Invalid text: instaclustr.api_key" + oneLine},
		},
		{
			"a suffix of two lines", http("user_agent_suffix", "a\nb"),
			[]string{"Error http.user_agent_suffix: Invalid text: http.user_agent_suffix" + oneLine},
		},
		{"files", object{
			"waldur": object{"token_file": "/f"}, "wavefront": object{"token_file": "f"},
			"instaclustr": object{"api_key_file": "/f"},
		}, nil},
		{"unknown files", object{
			"waldur": object{"token_file": unknown{}, "token": "t"}, "instaclustr": object{"api_key_file": unknown{}},
		}, nil},
		{
			"a token and a file", object{"waldur": object{"token_file": "/f", "token": "t"}},
			[]string{`Error waldur.token_file: Invalid Attribute Combination: Attribute "waldur.token" cannot be ` +
				`specified when "waldur.token_file" is specified`},
		},
		{
			"a key and a file", object{"instaclustr": object{"api_key_file": "/f", "api_key": "k"}},
			[]string{"Error instaclustr.api_key_file: Invalid Attribute Combination"},
		},
		{"an empty path", block("wavefront", "token_file", ""), []string{"Error wavefront.token_file: Empty setting"}},
		{"an empty token", block("waldur", "token", " \n"),
			[]string{"Error waldur.token: Empty setting: waldur.token is " +
				"empty. To take the value from the environment, leave the setting out"}},
		{"an empty username", block("instaclustr", "username", ""),
			[]string{"Error instaclustr.username: Empty setting"}},
		{"Wavefront, a bare host", block("wavefront", "endpoint", "example.wavefront.com"), nil},
		{"white space around a token", block("wavefront", "token", " \r\n\tt\u0085\n"), nil},

		{
			"a client certificate without a key", http("client_certificate", clientCertificateText),
			[]string{`Error http.client_certificate: Invalid Attribute Combination: Attribute "http.client_key" `},
		},
		{
			"a client key without a certificate", http("client_key", testKey),
			[]string{`Error http.client_key: Invalid Attribute Combination: Attribute "http.client_`},
		},
		{
			"a client key that is unknown", object{"http": object{
				"client_certificate": clientCertificateText, "client_key": unknown{},
			}}, nil,
		},
		{
			"names of files", object{"http": object{"client_certificate": "c.pem", "client_key": "k.pem"}},
			[]string{
				"Error http.client_certificate: Invalid client certificate: http.client_certificate is no PEM text " +
					"with a block of type CERTIFICATE.",
				"Error http.client_key: Invalid client key: http.client_key is no PEM text with a block of type " +
					"PRIVATE KEY.",
			},
		},
		{
			"the key of another certificate", object{"http": object{
				"client_certificate": clientCertificateText, "client_key": otherKey,
			}},
			[]string{"Error http.client_key: Invalid client key: http.client_key can't be used: the client key does " +
				"not belong to the client certificate, or has a form that TLS can't use; it can use RSA, ECDSA and " +
				"Ed25519, in PKCS #8, PKCS #1 or SEC 1."},
		},
		{"no certificate", http("ca_certificate", "ca.pem"), []string{invalidPEM}},
		{"an empty certificate", http("ca_certificate", ""), []string{invalidPEM}},
		{"a PEM of another type", http("ca_certificate", notPEM), []string{invalidPEM}},

		{
			"not a duration", http("request_timeout", "60"),
			[]string{"Error http.request_timeout: Invalid duration: http.request_timeout must be a duration"},
		},
		{
			"a duration in days", http("request_timeout", "1d"),
			[]string{`Error http.request_timeout: Invalid duration: http.request_timeout must be a duration without ` +
				`weeks and days: write "24h" instead of "1d".`},
		},
		{"a duration of zero", http("request_timeout", "0s"), []string{tooShort + `"0s".`}},
		{"a negative duration", http("request_timeout", "-1s"), []string{tooShort + `"-1s".`}},
		{
			"a short wait", http("max_wait", "999ms"),
			[]string{`Error http.max_wait: Invalid duration: http.max_wait must be at least 1s, got "999ms".`},
		},
		{
			"a wait that is not a duration", http("max_wait", "long"),
			[]string{"Error http.max_wait: Invalid "},
		},
		{"no retries", http("max_retries", 0), nil},
		{
			"negative retries", http("max_retries", -1),
			[]string{retries + "-1."},
		},
		{"too many retries", http("max_retries", 21), []string{retries + "21."}},
		{"part of a retry", http("max_retries", 1.5), []string{retries + "1.5."}},
		{
			"no requests", http("max_requests_per_second", 0),
			[]string{"Error http.max_requests_per_second" + outOfRange},
		},
		{
			"too few requests", http("max_requests_per_second", 0.09),
			[]string{"Error http.max_requests_per_second" + outOfRange},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := validate(t, test.block)
			slices.Sort(got) // the framework has no order of attributes
			if !slices.EqualFunc(got, test.want, strings.HasPrefix) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			if strings.Contains(strings.Join(got, "\n"), "s3cret") {
				t.Errorf("a secret is shown: %q", got)
			}
		})
	}
}

// Days in a trigger of a key are refused with the hours to write, and a text of several lines is shown in one.
func TestDurationsOfKeys(t *testing.T) {
	const form = `rotate_after must be a duration in hours, minutes and seconds, such as "36h" or "1h30m"; got `
	r, keyed := configured(t, environment{}, object{
		"waldur":      object{"endpoint": "https://waldur.example.org", "token": "t"},
		"wavefront":   object{"endpoint": "example.wavefront.com", "token": "t"},
		"instaclustr": object{"username": "u", "api_key": "k"},
	}), 0
	for name, s := range r.schemas.ResourceSchemas {
		if !slices.ContainsFunc(s.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool {
			return a.Name == "rotate_after"
		}) {
			continue
		}
		keyed++
		for text, want := range map[string]string{
			"90d":  `rotate_after must be a duration without weeks and days: write "2160h" instead of "90d".`,
			"a\nb": form + `"a b".`,
		} {
			resp, err := r.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
				TypeName: name, Config: dynamic(t, s.ValueType(), object{"rotate_after": text}),
			})
			if err != nil {
				t.Fatal(err)
			}
			got := protocolTexts(resp.Diagnostics)
			if !slices.Contains(got, "Error rotate_after: Invalid duration: "+want) { // others: what is required
				t.Errorf("%s: got %q", name, got)
			}
		}
	}
	if keyed != 4 {
		t.Errorf("%d resources have keys", keyed)
	}
}

func TestValidatorsDescribeThemselves(t *testing.T) {
	for _, v := range []validator.String{
		endpointURL(tfkit.Setting{}), caCertificate, oneLine, notBlank, keyOfCertificate{},
	} {
		if v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) != v.Description(t.Context()) {
			t.Error("no description")
		}
	}
}

// A client certificate, its key, and another key.
var (
	clientCertificateText, testKey = issue()
	_, otherKey                    = issue()
)

func issue() (certificate, key string) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		panic(err)
	}
	text := func(kind string, raw []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}))
	}
	return text("CERTIFICATE", raw), text("PRIVATE KEY", der)
}

// testCertificate is the certificate of an authority that signs nothing.
const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBDDCBs6ADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMTBHRlc3QwIBcN
MjMxMTE0MjIxMzIwWhgPMjA5NjEwMDIwNzA2NDBaMA8xDTALBgNVBAMTBHRlc3Qw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATYcVacuHJPxHW1AEn8bqMaTEklw/5y
9M+fWuau+eN8DXTdLA+fyj8pkeOMm8l+ej1OyZAGngGbMzo6/3vnOOxHMAoGCCqG
SM49BAMCA0gAMEUCIQDDu31nNprGT/uW2nBkXNBJXaJijc198VPnbZO8mhrPFQIg
dzjqlFKc1baE+tiH+g9LwT2OXM/TiF9N7gNLQO3iZM4=
-----END CERTIFICATE-----
`
