package transport

import "testing"

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
		{"client certificate", Options{Endpoint: "https://h", ClientCertificate: "x", ClientKey: "s3cret"},
			"the client certificate is no PEM text with a block of type CERTIFICATE"},
		{"client key alone", Options{Endpoint: "https://h", ClientKey: "s3cret"},
			"the client certificate is no PEM text with a block of type CERTIFICATE"},
		{"credential", Options{Endpoint: "https://h", Credential: Credential{"Token s3\ncret", "s3\ncret"}},
			"the credential holds a line break or another control character"},
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

// A base URL that is accepted is accepted again, as it was written, and shows no credentials.
func FuzzParseEndpoint(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseEndpoint(text)
		if err != nil {
			return
		}
		again, err := ParseEndpoint(u.String())
		if err != nil || again.String() != u.String() || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q became %q, then %q, %v", text, u, again, err)
		}
		PlainText(text)
		client(t, "https://waldur.example.org").OtherHost(text)
	})
}
