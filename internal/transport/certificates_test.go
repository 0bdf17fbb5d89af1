package transport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

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

// issue returns a certificate that signs itself, and its key, as PEM texts.
func issue(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pemText("CERTIFICATE", raw), pemText("PRIVATE KEY", der)
}

func pemText(kind string, raw []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}))
}

func TestParseClientCertificate(t *testing.T) {
	certificate, key := issue(t)
	other, otherKey := issue(t)
	const (
		noCertificate = "the client certificate is no PEM text with a block of type CERTIFICATE"
		noKey         = "the client key is no PEM text with a block of type PRIVATE KEY"
		passphrase    = "the client key is a private key with a passphrase, which the provider does not ask for: " +
			"pass the key without it"
		mismatch = "the client key does not belong to the client certificate, or has a form that TLS can't use; it " +
			"can use RSA, ECDSA and Ed25519, in PKCS #8, PKCS #1 or SEC 1"
	)
	old := strings.Replace(pemText("RSA PRIVATE KEY", []byte("k")), "KEY-----\n",
		"KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", 1)
	tests := []struct{ name, certificate, key, want string }{
		{"both", certificate, key, ""},
		{"with a chain", certificate + other, key, ""},
		{"both in both", key + certificate, certificate + key, ""},
		{"text around", "# mine\n" + certificate, "# mine\n" + key + "\n", ""},
		{"the chain first", other + certificate, key, mismatch},
		{"another key", certificate, otherKey, mismatch},
		{"file names", "/etc/c.pem", "/etc/k.pem", noCertificate},
		{"no key", certificate, "", noKey},
		{"no certificate", "", key, noCertificate},
		{"exchanged", key, certificate, noCertificate},
		{"the certificate twice", certificate, certificate, noKey},
		{"passphrase", certificate, pemText("ENCRYPTED PRIVATE KEY", []byte("k")), passphrase},
		{"passphrase in the old form", certificate, old, passphrase},
		{"broken key", certificate, pemText("PRIVATE KEY", []byte("s3cret")), mismatch},
		{"broken certificate", pemText("CERTIFICATE", []byte("c")), key,
			"the client certificate is a PEM text with a certificate that can't be read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pair, err := ParseClientCertificate(test.certificate, test.key)
			wantText(t, err, test.want)
			if (err == nil) != (len(pair.Certificate) > 0) {
				t.Errorf("%d certificates", len(pair.Certificate))
			}
		})
	}
}

// A server that demands a client certificate gets that of the options, in both versions of TLS.
func TestClientCertificate(t *testing.T) {
	certificate, key := issue(t)
	stranger, strangerKey := issue(t)
	for name, version := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM([]byte(certificate))
		server := httptest.NewUnstartedServer(http.HandlerFunc(reply(200, `{"name":"in"}`)))
		server.TLS = &tls.Config{
			ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MinVersion: version, MaxVersion: version,
		}
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		t.Cleanup(server.Close)
		request := func(certificate, key string) error {
			c := client(t, server.URL, retries(1), func(o *Options) {
				o.CACertificate = pemText("CERTIFICATE", server.Certificate().Raw)
				o.ClientCertificate, o.ClientKey = certificate, key
			})
			return call(t.Context(), c, Request{Method: http.MethodGet, Path: "/x"})
		}
		t.Run(name, func(t *testing.T) {
			wantText(t, request(certificate, key), "")
			wantParts(t, request(stranger, strangerKey), "The server demands a client certificate")
			wantParts(t, request("", ""), "client certificate", "http.client_certificate")
		})
	}
}
