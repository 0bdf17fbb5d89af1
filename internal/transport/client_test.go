package transport

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	const (
		notAbsolute = "not an absolute http or https URL"
		withUser    = "a URL with a user name or password in it; credentials have settings of their own"
		noPort      = "a URL with a port that is not from 1 to 65535"
		withQuery   = "a URL with a query or fragment; only scheme, host, port and path are used"
	)
	tests := []struct {
		name, give string
		want, err  string
	}{
		{"host", "https://waldur.example.org", "https://waldur.example.org", ""},
		{"slash", "https://waldur.example.org/", "https://waldur.example.org", ""},
		{"slashes", "https://waldur.example.org///", "https://waldur.example.org", ""},
		{"white space", " \thttps://waldur.example.org/\n", "https://waldur.example.org", ""},
		{"port and path", "http://127.0.0.1:8080/a/b/", "http://127.0.0.1:8080/a/b", ""},
		{"escaped path", "https://h/a%2Fb", "https://h/a%2Fb", ""},
		{"IPv6", "http://[::1]:8080", "http://[::1]:8080", ""},
		{"upper case scheme", "HTTPS://h", "https://h", ""},
		{"empty", "", "", notAbsolute},
		{"white space alone", "  ", "", notAbsolute},
		{"no scheme", "waldur.example.org", "", notAbsolute},
		{"no scheme, with path", "waldur.example.org/api", "", notAbsolute},
		{"scheme alone", "https://", "", notAbsolute},
		{"no host", "https:///api", "", notAbsolute},
		{"no slashes", "https:waldur.example.org", "", notAbsolute},
		{"path alone", "/api", "", notAbsolute},
		{"another scheme", "ftp://waldur.example.org", "", notAbsolute},
		{"a host as a scheme", "localhost:8080", "", notAbsolute},
		{"user", "https://user@h", "", withUser},
		{"password", "https://user:password@h", "", withUser},
		{"query", "https://h/?a=1", "", withQuery},
		{"fragment", "https://h/#a", "", withQuery},
		{"empty query", "https://h?", "", withQuery}, // it would hide the path that is added
		{"empty query after a slash", "https://h/?", "", withQuery},
		{"port alone", "http://:8080", "", notAbsolute},
		{"password with a slash", "https://user:password/x@h", "", notAbsolute},
		{"bad escape", "https://h/%zz", "", notAbsolute},
		{"bad escape behind a password", "https://user:password@h/%zz", "", notAbsolute},
		{"bad port", "https://h:x", "", notAbsolute},
		{"port too high", "https://h:99999", "", noPort},
		{"port 0", "https://h:0/api", "", noPort},
		{"highest port", "https://h:65535", "https://h:65535", ""},
		{"empty port", "https://h:/x", "https://h:/x", ""},
		{"control character", "https://h/\x00", "", notAbsolute},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, err := ParseEndpoint(test.give)
			wantText(t, err, test.err)
			if err == nil && u.String() != test.want {
				t.Errorf("ParseEndpoint(%q) = %q, want %q", test.give, u, test.want)
			}
		})
	}
}

func TestPlainText(t *testing.T) {
	tests := []struct {
		name, endpoint string
		want           bool
	}{
		{"https", "https://waldur.example.org", false},
		{"http", "http://waldur.example.org", true},
		{"http with port", "http://waldur.example.org:8080/api/", true},
		{"upper case scheme", "HTTP://waldur.example.org", true},
		{"address", "http://192.0.2.1", true},
		{"IPv6 address", "http://[2001:db8::1]:80", true},
		{"any address", "http://0.0.0.0", true},
		{"localhost", "http://localhost:8080", false},
		{"name that begins like localhost", "http://localhost.example.org", true},
		{"loopback", "http://127.0.0.1:8080", false},
		{"other loopback", "http://127.9.9.9", false},
		{"IPv6 loopback", "http://[::1]:8080", false},
		{"name that begins like loopback", "http://127.0.0.1.example.org", true},
		{"https loopback", "https://127.0.0.1", false},
		{"no URL", "waldur.example.org", false},
		{"empty", "", false},
		{"localhost in upper case", "http://LOCALHOST:80", false},
		{"localhost with a dot", "http://localhost.:80", false},
		{"IPv6 loopback with a zone", "http://[::1%25lo]:80", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := PlainText(test.endpoint); got != test.want {
				t.Errorf("PlainText(%q) = %t, want %t", test.endpoint, got, test.want)
			}
		})
	}
}

func TestOtherHost(t *testing.T) {
	const https, http = "https://Waldur.example.org/api", "http://127.0.0.1:8080"
	for _, test := range []struct{ endpoint, text, want string }{
		{https, "https://waldur.example.org/api/x/1/", ""},
		{https, " https://WALDUR.example.org:443/x\n", ""},
		{https, "http://waldur.example.org/x", ""},
		{https, "https://user:secret@other.example.org/x/secret", "other.example.org, not waldur.example.org"},
		{https, "https://waldur.example.org:8443/x", "waldur.example.org:8443, not waldur.example.org"},
		{https, "0123456789abcdef0123456789abcdef", ""},
		{https, "sa::ci/https://other.example.org", ""},
		{https, "other.example.org/x", ""},
		{https, "ftp://other.example.org/x", ""},
		{https, "https:///x", ""},
		{https, "https://other.example.org/%zz", ""},
		{http, "http://127.0.0.1:8080/x", ""},
		{http, "http://127.0.0.1/x", "127.0.0.1, not 127.0.0.1:8080"},
	} {
		got, own := client(t, test.endpoint).OtherHost(test.text)
		if own != "" {
			got += ", not " + own
		}
		if got != test.want {
			t.Errorf("%s at %s: got %q, want %q", test.text, test.endpoint, got, test.want)
		}
	}
	var none *Client
	for _, c := range []*Client{none, Unavailable(nil)} {
		if got, own := c.OtherHost("https://other.example.org"); got != "" || own != "" {
			t.Errorf("without an endpoint: %q, %q", got, own)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name string
		give Options
		want string
	}{
		{"endpoint", Options{Endpoint: "h"},
			"the endpoint is not an absolute http or https URL"},
		{"endpoint with password", Options{Endpoint: "https://u:p@h"},
			"the endpoint is a URL with a user name or password in it; credentials have settings of their own"},
		{"certificate", Options{Endpoint: "https://h", CACertificate: "x"},
			"the CA certificate is no PEM text with a block of type CERTIFICATE"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := New(test.give)
			wantText(t, err, test.want)
			if c != nil {
				t.Error("there is a client")
			}
		})
	}
}

// authority returns the certificate of a TLS server, and as PEM text.
func authority(s *script) (*x509.Certificate, string) {
	certificate := s.Certificate()
	return certificate, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}))
}

func TestParseCACertificate(t *testing.T) {
	certificate, text := authority(serveTLS(t, reply(200, `{}`)))
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("key")}))
	broken := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("no certificate")}))
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"certificate", text, true},
		{"certificate among text", "# our CA\n" + text + "\n", true},
		{"certificate after a key", key + text, true},
		{"certificate twice", text + text, true},
		{"empty", "", false},
		{"file name", "/etc/ssl/ca.pem", false},
		{"key alone", key, false},
		{"broken certificate", broken, false},
		{"cut off", text[:len(text)/2], false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pool, err := ParseCACertificate(test.text)
			if !test.ok {
				wantText(t, err, "no PEM text with a block of type CERTIFICATE")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := certificate.Verify(x509.VerifyOptions{Roots: pool, DNSName: "example.com"}); err != nil {
				t.Errorf("the pool does not trust the certificate: %v", err)
			}
		})
	}
}

func TestParseCACertificateKeepsSystemPool(t *testing.T) {
	system, err := x509.SystemCertPool()
	if err != nil {
		t.Skip("this machine has no trusted authorities")
	}
	certificate, text := authority(serveTLS(t, reply(200, `{}`)))
	pool, err := ParseCACertificate(text)
	if err != nil {
		t.Fatal(err)
	}
	system.AddCert(certificate)
	if !pool.Equal(system) {
		t.Error("the pool is not the system's and the certificate")
	}
}

func TestTLS(t *testing.T) {
	s := serveTLS(t, reply(200, `{"name":"trusted"}`))
	_, text := authority(s)
	trusting := func(o *Options) { o.CACertificate = text }

	got, err := Get[thing](t.Context(), s.client(t, trusting), "/x", nil)
	if err != nil || got.Name != "trusted" {
		t.Errorf("with the CA certificate: %v, %v", got, err)
	}
	s.wantRequests(t, 1)

	err = call(t.Context(), s.client(t, retries(0)), Request{Method: http.MethodPost, Path: "/x"})
	wantParts(t, err, "tls: failed to verify certificate: x509: certificate signed by unknown authority")
	wantLost(t, err, false)
	s.wantRequests(t, 1)
}
