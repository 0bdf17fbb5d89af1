package transport

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// tlsConfig returns the configuration for the certificates of the options; nil if they have none.
func tlsConfig(o Options) (*tls.Config, error) {
	if o.CACertificate == "" && o.ClientCertificate == "" && o.ClientKey == "" {
		return nil, nil //nolint:nilnil // the default of net/http
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.CACertificate != "" {
		pool, err := ParseCACertificate(o.CACertificate)
		if err != nil {
			return nil, fmt.Errorf("the CA certificate is %w", err)
		}
		config.RootCAs = pool
	}
	if o.ClientCertificate != "" || o.ClientKey != "" {
		certificate, err := ParseClientCertificate(o.ClientCertificate, o.ClientKey)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	return config, nil
}

// ParseCACertificate returns the machine's trusted authorities together with those in a PEM text.
func ParseCACertificate(text string) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM([]byte(text)) {
		return nil, errors.New("no PEM text with a block of type CERTIFICATE")
	}
	return pool, nil
}

// ParseClientCertificate returns the certificate for a server that demands one, from two PEM texts: the
// certificate, which further certificates of its chain may follow, and its private key. The errors show
// no part of the key.
func ParseClientCertificate(certificate, key string) (tls.Certificate, error) {
	if err := CheckCertificate(certificate); err != nil {
		return tls.Certificate{}, fmt.Errorf("the client certificate is %w", err)
	}
	if err := CheckPrivateKey(key); err != nil {
		return tls.Certificate{}, fmt.Errorf("the client key is %w", err)
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil { // its text may show a part of the key
		return tls.Certificate{}, errors.New("the client key does not belong to the client certificate, or has a " +
			"form that TLS can't use; it can use RSA, ECDSA and Ed25519, in PKCS #8, PKCS #1 or SEC 1")
	}
	return pair, nil
}

// CheckCertificate returns an error if a text has no certificate, or a certificate that can't be read. The
// text of the error follows "is".
func CheckCertificate(text string) error {
	found := false
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return errors.New("a PEM text with a certificate that can't be read")
		}
		found = true
	}
	if !found {
		return errors.New("no PEM text with a block of type CERTIFICATE")
	}
	return nil
}

// CheckPrivateKey returns an error if a text has no private key, or an encrypted one. The text of the error
// follows "is", and shows nothing of the key.
func CheckPrivateKey(text string) error {
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			return errors.New("a private key with a passphrase, which the provider does not ask for: pass the key " +
				"without it")
		case block.Type == "PRIVATE KEY", strings.HasSuffix(block.Type, " PRIVATE KEY"):
			return nil
		}
	}
	return errors.New("no PEM text with a block of type PRIVATE KEY")
}
