package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"syscall"
)

// connectionFault is a reason why no connection came about, and what the user can do.
type connectionFault struct {
	fix string
	// lasting says that another attempt fails too.
	lasting bool
}

// connectionFaultOf returns the reason in the error of an attempt, nil for any other error.
func connectionFaultOf(err error) *connectionFault {
	var (
		dns      *net.DNSError
		record   tls.RecordHeaderError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		network  *net.OpError
		unsent   *unsentError
	)
	switch {
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return &connectionFault{"The server does not use TLS on this port: check the port, or whether the scheme " +
			"must be http", true}
	case errors.As(err, &unknown):
		return &connectionFault{"The certificate of the server is signed by an authority that this machine does not " +
			"trust: pass the authority's certificate in http.ca_certificate", true}
	case errors.As(err, &hostname):
		return &connectionFault{"The certificate of the server is for another host: check the host", true}
	case errors.As(err, &invalid):
		return &connectionFault{"The certificate of the server is not valid: it may have expired, or the clock of " +
			"this machine may be wrong", true}
	case errors.As(err, &dns) && dns.IsNotFound:
		return &connectionFault{"The host is unknown: check its spelling, and the network of this machine", true}
	case errors.As(err, &network) && network.Op == "proxyconnect":
		return &connectionFault{"The proxy can't be reached: check the environment variables HTTPS_PROXY, HTTP_PROXY " +
			"and NO_PROXY", false}
	case errors.As(err, &network) && (network.Op == "remote error" || network.Op == "local error"):
		return &connectionFault{"Server and provider do not agree on TLS: check the port, and which versions of TLS " +
			"the server has", true}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &connectionFault{"Nothing accepts connections there: check host and port, and whether the server runs",
			false}
	case errors.Is(err, context.Canceled), errors.Is(err, errWaiting):
	case errors.As(err, &unsent), errors.As(err, &network) && network.Op == "dial":
		return &connectionFault{"Check host and port, the network of this machine, and the proxy settings of the " +
			"environment (HTTPS_PROXY, NO_PROXY)", false}
	}
	return nil
}
