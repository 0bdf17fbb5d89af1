package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// connectionFault is a reason why no connection came about, and what the user can do.
type connectionFault struct {
	fix string
	// lasting says that another attempt fails too.
	lasting bool
	// words say what happened, where the text of the error is about the inside of net/http, or has bytes of
	// the server; empty elsewhere.
	words string
}

// wsaConnRefused is WSAECONNREFUSED of Windows. There, syscall.ECONNREFUSED is a number of Go that no call of
// the system returns.
const wsaConnRefused = syscall.Errno(10061)

// unpunctuated is an error whose text can go before a full stop: the texts of Windows end with one.
type unpunctuated struct{ error }

func (e unpunctuated) Error() string { return strings.TrimSuffix(e.error.Error(), ".") }

func (e unpunctuated) Unwrap() error { return e.error }

func lasting(fix string) *connectionFault { return &connectionFault{fix: fix, lasting: true} }

func passing(fix string) *connectionFault { return &connectionFault{fix: fix} }

// connectionFaultOf returns the reason in the error of an attempt, nil for any other error.
func connectionFaultOf(err error) *connectionFault {
	var (
		proxy    *proxyError
		dns      *net.DNSError
		record   tls.RecordHeaderError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		network  *net.OpError
		unsent   *unsentError
	)
	switch {
	case errors.As(err, &proxy):
		return proxy.fault()
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return lasting("The server does not use TLS on this port: check the port, or whether the scheme must be http")
	case errors.As(err, &unknown):
		return lasting("The certificate of the server is signed by an authority that this machine does not trust: " +
			"pass the authority's certificate in http.ca_certificate")
	case errors.As(err, &hostname):
		return lasting("The certificate of the server is for another host: check the host")
	case errors.As(err, &invalid):
		return lasting("The certificate of the server is not valid: it may have expired, or the clock of this " +
			"machine may be wrong")
	case errors.As(err, &dns) && dns.IsNotFound:
		return lasting("The host is unknown: check its spelling, and the network of this machine")
	case errors.As(err, &network) && network.Op == "proxyconnect":
		return passing("The proxy can't be reached: check the environment variables HTTPS_PROXY, HTTP_PROXY and " +
			"NO_PROXY")
	case errors.As(err, &network) && (network.Op == "remote error" || network.Op == "local error"):
		return alertFault(network)
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, wsaConnRefused):
		return passing("Nothing accepts connections there: check host and port, and whether the server runs")
	case errors.Is(err, context.Canceled), errors.Is(err, errWaiting):
	case errors.As(err, &unsent), errors.As(err, &network) && network.Op == "dial":
		return passing("Check host and port, the network of this machine, and the proxy settings of the environment " +
			"(HTTPS_PROXY, NO_PROXY)")
	case err != nil:
		return protocolFault(err.Error())
	}
	return nil
}

// alertFault returns the reason in an alert of TLS. The words leave out where in net/http it was seen.
func alertFault(alert *net.OpError) *connectionFault {
	fault := lasting("Server and provider do not agree on TLS: check the port, which versions of TLS the server has, " +
		"and whether it demands a client certificate (http.client_certificate)")
	switch alert.Error() {
	case "remote error: tls: certificate required":
		fault = lasting("The server demands a client certificate: set http.client_certificate and http.client_key; " +
			"if they are set, the server does not accept the authority that signed the certificate")
	case "remote error: tls: bad certificate", "remote error: tls: unknown certificate",
		"remote error: tls: unknown certificate authority", "remote error: tls: expired certificate",
		"remote error: tls: revoked certificate", "remote error: tls: unsupported certificate":
		fault = lasting("The server demands a client certificate that it trusts: set http.client_certificate and " +
			"http.client_key; if they are set, the certificate has ended, or the server does not accept the " +
			"authority that signed it")
	}
	fault.words = alert.Error()
	return fault
}

// protocolFault returns the reason in the text of an error of net/http, which has no error values for a
// response that does not begin as HTTP does. Its words show none of the response.
func protocolFault(text string) *connectionFault {
	_, line, malformed := strings.Cut(text, "malformed HTTP response ")
	switch {
	case !malformed:
		return nil
	case strings.HasPrefix(line, `"\x15\x03`): // an alert of TLS, in any version
		return &connectionFault{"Write https instead of http", true, "the server uses TLS on this port"}
	case strings.HasPrefix(line, `"SSH-`):
		return &connectionFault{"The port belongs to SSH: check the port", true, "the response is not HTTP"}
	}
	return &connectionFault{"Check scheme, host and port", false, "the response is not HTTP"}
}

// proxyError is the refusal of a proxy to connect to a server.
type proxyError struct {
	proxy  string // host and port
	status int
}

func (e *proxyError) Error() string {
	return strings.TrimRight(fmt.Sprintf("the proxy %s refused the connection: %d %s", e.proxy, e.status,
		http.StatusText(e.status)), " ")
}

func (e *proxyError) fault() *connectionFault {
	fault := passing("Check the environment variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and whether the proxy " +
		"allows this host and port")
	fault.lasting = e.status < 500 && e.status != http.StatusRequestTimeout && e.status != http.StatusTooManyRequests
	return fault
}

// checkProxy returns an error if a proxy has refused to connect to a server.
func checkProxy(_ context.Context, proxy *url.URL, _ *http.Request, connect *http.Response) error {
	if connect.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{proxy.Host, connect.StatusCode}
}
