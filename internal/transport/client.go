// Package transport is the one HTTP stack of all systems. It decides what may be sent twice, how fast,
// how long to wait and what may be logged, and turns every failure into one type of error.
package transport

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"
)

// Defaults of the settings that a user may leave out.
const (
	DefaultMaxRetries     = 4
	DefaultRequestTimeout = 60 * time.Second
	DefaultMaxWait        = 5 * time.Minute
)

// Options say how to reach one system.
type Options struct {
	Endpoint             string        // base URL; ParseEndpoint says what is accepted
	Origin               string        // where the endpoint comes from, for errors; empty: not said
	Credential           Credential    // sent with every request; not used with a CredentialFile
	CredentialFile       string        // a file with the secret, read again after a 401; empty: none
	UserAgent            string        // whole User-Agent header
	Header               http.Header   // further headers of every request
	MaxRetries           int           // retries after the first attempt
	RetryWait            time.Duration // before the first retry, doubled for each further retry; zero: one second
	MaxWait              time.Duration // while the server accepts nothing; zero: DefaultMaxWait, or 300 RetryWaits
	RequestTimeout       time.Duration // of one attempt, response included; zero: DefaultRequestTimeout
	MaxRequestsPerSecond float64       // zero: no limit
	Throttled            []int         // statuses that, as 429, say that nothing was done and to try later
	CACertificate        string        // PEM, trusted besides the authorities of the machine; empty: none
	ClientCertificate    string        // PEM, for servers that demand it; empty: none
	ClientKey            string        // PEM, the private key of the client certificate
	// CredentialOf returns the credential with the secret of the CredentialFile.
	CredentialOf func(secret string) Credential
	// Refused reads the body of a 2xx response, and returns true and the server's words if the body
	// says that the request was refused. It returns false for a body that it can't read. nil: no 2xx
	// response is a refusal.
	Refused func(body []byte) (Problem, bool)
	// DecodeProblem reads the JSON of a response with an error status. It leaves empty what it can't
	// read.
	DecodeProblem func(body []byte) Problem
	// OwnNotFound reports whether the JSON of a 404 is the API's own, and not that of a gateway or of
	// another server. nil: DecodeProblem finds a message in it.
	OwnNotFound func(body []byte) bool
}

// Client sends requests to one system. It is safe for concurrent use.
type Client struct {
	base        *url.URL
	origin      string // a clause for errors, or empty
	http        *retryablehttp.Client
	decode      func([]byte) Problem
	ownNotFound func([]byte) bool
	refused     func([]byte) (Problem, bool)
	credentials *credentials // nil: the client is not available
	unavailable error
	time        serverTime
}

// New returns a client, or an error that says which option is wrong. Nothing is sent.
func New(o Options) (*Client, error) {
	base, err := ParseEndpoint(o.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("the endpoint is %w", err)
	}
	credentials, err := newCredentials(o)
	if err != nil {
		return nil, err
	}
	network, err := newNetwork(o)
	if err != nil {
		return nil, err
	}
	retry := retryablehttp.NewClient()
	retry.Logger = nil // it would write URLs to the log; logTransport writes the log
	retry.RetryMax = o.MaxRetries
	retry.CheckRetry = retryPolicy(throttled(o))
	retry.Backoff = backoff
	retry.ErrorHandler = retryablehttp.PassthroughErrorHandler
	if o.RetryWait > 0 {
		retry.RetryWaitMin = o.RetryWait
	}
	retry.HTTPClient = &http.Client{Transport: &credentialTransport{chain(o, network), credentials}}
	c := &Client{
		base: base, http: retry, decode: o.DecodeProblem, ownNotFound: o.OwnNotFound, refused: o.Refused,
		credentials: credentials,
	}
	if o.Origin != "" {
		c.origin = ". The address comes from " + o.Origin
	}
	return c, nil
}

// Unavailable returns a client whose requests all fail with the reason. It replaces the client of a
// system whose settings are not known yet, so that everything that needs no request still works.
func Unavailable(reason error) *Client { return &Client{unavailable: reason} }

// chain puts the RoundTrippers in order. The RoundTripper that is added last sees a request first.
func chain(o Options, network http.RoundTripper) http.RoundTripper {
	timeout := o.RequestTimeout
	if timeout == 0 {
		timeout = DefaultRequestTimeout
	}
	var next http.RoundTripper = &limitTransport{next: network, timeout: timeout, size: maxResponse}
	next = &noRedirectTransport{next: next}
	next = &logTransport{next: next}
	next = &gateTransport{next: next, gate: newGate(o), throttled: throttled(o)}
	return &headerTransport{next: next, header: headers(o)}
}

// throttled returns the statuses that say that nothing was done and to try later.
func throttled(o Options) []int { return append([]int{http.StatusTooManyRequests}, o.Throttled...) }

func headers(o Options) http.Header {
	h := o.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Accept", "application/json")
	h.Set("User-Agent", o.UserAgent)
	h.Del("Authorization") // credentialTransport sets it
	return h
}

// redactor hides a credential and further secrets: as they are, as a query or a path escapes them, and
// the credential also as the header contains it, where basic authentication encodes it.
func redactor(c Credential, more ...string) *strings.Replacer {
	const hidden = "(redacted)"
	secrets := []string{c.encoded()}
	for _, secret := range append(more, c.Secret) {
		secrets = append(secrets, secret, url.QueryEscape(secret), url.PathEscape(secret))
	}
	var pairs []string
	// The longest first: a secret may be a part of another one.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	for _, secret := range secrets {
		if len(secret) > 3 { // a shorter text is no secret, and replacing it would make any text unreadable
			pairs = append(pairs, secret, hidden)
		}
	}
	return strings.NewReplacer(pairs...)
}

func newNetwork(o Options) (*http.Transport, error) {
	network := cleanhttp.DefaultPooledTransport() // proxy settings come from the environment
	network.OnProxyConnectResponse = checkProxy
	network.MaxIdleConnsPerHost = 10 // Terraform's default parallelism
	config, err := tlsConfig(o)
	if err != nil {
		return nil, err
	}
	network.TLSClientConfig = config
	return network, nil
}

// ParseEndpoint reads a base URL: absolute, http or https, without credentials, query or fragment. It
// removes white space around the URL and slashes at the end.
func ParseEndpoint(endpoint string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(strings.TrimSpace(endpoint), "/"))
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		// err itself is not returned: it quotes parts of the text, which may contain a password.
		return nil, errors.New("not an absolute http or https URL")
	case u.User != nil:
		return nil, errors.New("a URL with a user name or password in it; credentials have settings of their own")
	case u.Port() != "" && !validPort(u.Port()): // not quoted either: it may be the number in a password
		return nil, errors.New("a URL with a port that is not from 1 to 65535")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("a URL with a query or fragment; only scheme, host, port and path are used")
	}
	return u, nil
}

func validPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0
}

// OtherHost returns the host in a text that is an http or https URL of another host than that of the
// endpoint, and the host of the endpoint. Without such a URL, or while the endpoint is not known, it returns
// "". A port that is the default of the scheme does not count.
func (c *Client) OtherHost(text string) (other, own string) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || c == nil || c.base == nil {
		return "", ""
	}
	if other, own = hostOf(u), hostOf(c.base); other == "" || other == own {
		return "", ""
	}
	return other, own
}

// hostOf returns the host and the port of a URL, without the default port of its scheme.
func hostOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	return strings.TrimSuffix(host, map[string]string{"https": ":443", "http": ":80"}[u.Scheme])
}

// PlainText reports whether credentials sent to an endpoint cross a network unencrypted: the scheme is
// http, and the host is not loopback.
func PlainText(endpoint string) bool {
	u, err := ParseEndpoint(endpoint)
	if err != nil || u.Scheme != "http" {
		return false
	}
	host, _, _ := strings.Cut(strings.ToLower(u.Hostname()), "%") // without the zone of an address
	ip := net.ParseIP(host)
	return strings.TrimSuffix(host, ".") != "localhost" && (ip == nil || !ip.IsLoopback())
}
