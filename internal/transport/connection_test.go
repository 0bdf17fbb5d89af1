package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
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
		"no route":         {dial(syscall.EHOSTUNREACH), "HTTPS_PROXY", false},
		"dial timeout":     {dial(os.ErrDeadlineExceeded), "Check host and port", false},
		"a refusing proxy": {errors.New("Proxy Authentication Required"), "HTTPS_PROXY", false},
		"no proxy": {&net.OpError{Op: "proxyconnect", Err: dial(syscall.ECONNREFUSED)}, "The proxy can't be reached",
			false},
		"no common version of TLS": {&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")},
			"do not agree on TLS", true},
		"interrupted": {context.Canceled, "", false},
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
