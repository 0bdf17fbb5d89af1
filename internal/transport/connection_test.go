package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestConnectionFaultOf(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for name, test := range map[string]struct {
		err     error
		fix     string // a part of it; "": not such an error
		lasting bool
	}{
		"no TLS": {http.ErrSchemeMismatch, "does not use TLS", true},
		"no TLS record": {tls.RecordHeaderError{Msg: "first record does not look like TLS"}, "does not use TLS",
			true},
		"unknown authority": {x509.UnknownAuthorityError{}, "http.ca_certificate", true},
		"another host": {x509.HostnameError{Certificate: &x509.Certificate{}, Host: "h"}, "for another host",
			true},
		"expired":          {x509.CertificateInvalidError{Reason: x509.Expired}, "may have expired", true},
		"unknown host":     {dial(&net.DNSError{Err: "no such host", IsNotFound: true}), "The host is unknown", true},
		"name server down": {dial(&net.DNSError{Err: "server misbehaving"}), "Check host and port", false},
		"refused":          {dial(syscall.ECONNREFUSED), "Nothing accepts connections there", false},
		"refused, Windows": {dial(os.NewSyscallError("connectex", syscall.Errno(10061))),
			"Nothing accepts connections there", false},
		"no route":         {dial(syscall.EHOSTUNREACH), "HTTPS_PROXY", false},
		"dial timeout":     {dial(os.ErrDeadlineExceeded), "Check host and port", false},
		"a refusing proxy": {errors.New("Proxy Authentication Required"), "HTTPS_PROXY", false},
		"no proxy": {&net.OpError{Op: "proxyconnect", Err: dial(syscall.ECONNREFUSED)}, "The proxy can't be reached",
			false},
		"no common version of TLS": {&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")},
			"do not agree on TLS", true},
		"a client certificate": {&net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")},
			"demands a client certificate", true},
		"a proxy that refuses":     {&proxyError{"p:3128", 403}, "HTTPS_PROXY", true},
		"a proxy that is too busy": {&proxyError{"p:3128", 503}, "HTTPS_PROXY", false},
		"interrupted":              {context.Canceled, "", false},
		"waiting for a turn": {
			fmt.Errorf("%w for other requests: %w", errWaiting, context.DeadlineExceeded), "", false,
		},
		"none": {nil, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.err
			if err != nil { // of a request that was not sent
				err = fmt.Errorf("wrapped: %w", &url.Error{Op: "Get", URL: "https://h", Err: &unsentError{err}})
			}
			fault := connectionFaultOf(err)
			if fault == nil {
				fault = &connectionFault{}
			}
			if fault.lasting != test.lasting || (fault.fix == "") != (test.fix == "") ||
				!strings.Contains(fault.fix, test.fix) {
				t.Errorf("got %+v", *fault)
			}
		})
	}
}

func TestUnpunctuated(t *testing.T) {
	refused := &net.AddrError{Err: "The machine refused it."}
	err := unpunctuated{refused}
	if want := "The machine refused it"; err.Error() != want || !errors.Is(err, refused) {
		t.Errorf("got %q", err)
	}
}

// An error after the request was sent says nothing about address and network.
func TestNoConnectionFault(t *testing.T) {
	for _, err := range []error{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, errors.New("x")} {
		if fault := connectionFaultOf(&url.Error{Op: "Get", Err: err}); fault != nil {
			t.Errorf("%v: got %+v", err, *fault)
		}
	}
}

// An error of the connection names the address, where it comes from, and what to do. What can't get
// better is not tried again.
func TestConnectionErrors(t *testing.T) {
	plain := serve(t, reply(200, "{}"))
	encrypted := httptest.NewTLSServer(http.HandlerFunc(reply(200, "{}")))
	t.Cleanup(encrypted.Close)
	for name, test := range map[string]struct {
		endpoint string
		parts    []string
	}{
		"TLS with a server without it": {
			strings.Replace(plain.URL, "http:", "https:", 1), []string{"does not use TLS", "scheme must be http"},
		},
		"a certificate that nobody trusts": {encrypted.URL, []string{"http.ca_certificate"}},
		"nothing there":                    {"http://" + closedPort(t), []string{"Nothing accepts connections there"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := client(t, test.endpoint, retries(1), func(o *Options) { o.Origin = "waldur.endpoint" })
			err := call(t.Context(), c, Request{Method: http.MethodGet, Path: "/x"})
			wantParts(t, err, append(test.parts, "GET /x: "+test.endpoint+" can't be reached: ",
				". The address comes from waldur.endpoint")...)
			if Lost(err) {
				t.Error("a request that was never sent counts as lost")
			}
		})
	}
	plain.wantRequests(t, 0)
}

// What is not HTTP comes after the request was sent.
func TestProtocolFault(t *testing.T) {
	for line, want := range map[string]connectionFault{
		"\x15\x03\x01\x00\x02\x02F": {"Write https instead of http", true, "the server uses TLS on this port"},
		"SSH-2.0-OpenSSH_9.6":       {"The port belongs to SSH: check the port", true, "the response is not HTTP"},
		"+OK s3cret":                {"Check scheme, host and port", false, "the response is not HTTP"},
	} {
		err := &url.Error{Op: "Get", Err: fmt.Errorf("broken: malformed HTTP response %q", line)}
		if got := connectionFaultOf(err); got == nil || *got != want {
			t.Errorf("%q: got %+v", line, got)
		}
	}
}

// A server that does not speak HTTP is named, with its setting, and is asked once. None of what it sends
// is shown.
func TestServersWithoutHTTP(t *testing.T) {
	for name, test := range map[string]struct{ sent, want string }{
		"TLS": {"\x15\x03\x01\x00\x02\x02\x46", "the server uses TLS on this port. Write https instead of http"},
		"SSH": {"SSH-2.0-OpenSSH_9.6\r\n", "the response is not HTTP. The port belongs to SSH: check the port"},
	} {
		t.Run(name, func(t *testing.T) {
			connections, address := speaking(t, test.sent)
			c := client(t, "http://"+address, retries(2), func(o *Options) { o.Origin = "waldur.endpoint" })
			err := call(t.Context(), c, Request{Method: http.MethodGet, Path: "/x"})
			want := "GET /x: http://" + address + " can't be reached: " + test.want +
				". The address comes from waldur.endpoint"
			if err == nil || err.Error() != want || connections.Load() != 1 {
				t.Errorf("got %v after %d connections\nwant %s", err, connections.Load(), want)
			}
		})
	}
}

// speaking returns a server that sends a text as soon as it has read something, and closes.
func speaking(t *testing.T, text string) (connections *atomic.Int64, address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	connections = &atomic.Int64{}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = conn.Write([]byte(text))
			_ = conn.Close()
		}
	}()
	return connections, listener.Addr().String()
}

// The words of net/http about its connections are not shown.
func TestServerThatDemandsACertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(reply(200, "{}")))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS13}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	c := client(t, server.URL, retries(1), func(o *Options) { o.CACertificate = string(ca) })
	err := call(t.Context(), c, Request{Method: http.MethodGet, Path: "/x"})
	wantParts(t, err, "can't be reached: remote error: tls: certificate required. The server demands a client "+
		"certificate")
}

func TestProxyThatRefuses(t *testing.T) {
	proxy := serve(t, reply(403, "<html>denied</html>"), reply(403, "<html>denied</html>"))
	network, err := newNetwork(Options{})
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(strings.Replace(proxy.URL, "//", "//user:s3cret@", 1))
	if err != nil {
		t.Fatal(err)
	}
	network.Proxy = http.ProxyURL(at)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.example.org/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	limited := &limitTransport{next: network, timeout: time.Second, size: 1}
	_, err = limited.RoundTrip(request) //nolint:bodyclose // there is none
	fault := connectionFaultOf(err)
	if want := "the proxy " + at.Host + " refused the connection: 403 Forbidden"; err == nil || err.Error() != want ||
		fault == nil || !strings.Contains(fault.fix, "HTTPS_PROXY, HTTP_PROXY and NO_PROXY") || !fault.lasting {
		t.Errorf("got %v, %+v, want %s", err, fault, want)
	}
}
