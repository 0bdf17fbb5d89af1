package transport

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// noSuchFile are the words of the system, which are others on Windows.
var noSuchFile = strings.TrimSuffix(syscall.ENOENT.Error(), ".")

// tokenFile is a credential file of a test. A test changes it while the client runs.
type tokenFile struct{ path string }

func newTokenFile(t *testing.T, content string) tokenFile {
	t.Helper()
	f := tokenFile{filepath.Join(t.TempDir(), "token")}
	f.write(t, content)
	return f
}

func (f tokenFile) write(t *testing.T, content string) {
	t.Helper()
	if err := os.WriteFile(f.path, []byte(content), 0o600); err != nil {
		t.Error(err)
	}
}

func tokenCredential(secret string) Credential { return Credential{"Token " + secret, secret} }

func fromFile(path string) func(*Options) {
	return func(o *Options) {
		o.CredentialFile, o.CredentialOf = path, tokenCredential
	}
}

// accepts is a server that accepts one credential, which a step may change.
func accepts(token string) step {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Token "+token {
			reply(401, `{"detail":"unknown `+r.Header.Get("Authorization")+`"}`)(w, r)
			return
		}
		reply(200, `{"name":"in"}`)(w, r)
	}
}

func TestCredentialFileRenewed(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			f := newTokenFile(t, "\ufeff first-token \r\n")
			s := serve(t, accepts("first-token"), accepts("second-token"))
			c := s.client(t, fromFile(f.path), retries(0))
			if err := call(t.Context(), c, kind.request); err != nil {
				t.Fatal(err)
			}
			f.write(t, "second-token\n")
			got, _, err := Call[thing](t.Context(), c, kind.request)
			if err != nil || got.Name != "in" {
				t.Fatalf("got %v, %v", got, err)
			}
			s.wantRequests(t, 3)
			if sent := s.received(); sent[1].body != sent[2].body || sent[2].uri != sent[1].uri {
				t.Errorf("sent %q, then %q", sent[1], sent[2])
			}
			if err := call(t.Context(), c, kind.request); err != nil {
				t.Errorf("the client does not keep the second token: %v", err)
			}
			s.wantRequests(t, 4)
		})
	}
}

func TestCredentialFileRefused(t *testing.T) {
	const unauthorized = "PUT /x: 401 Unauthorized: unknown Token (redacted)"
	tests := []struct {
		name     string
		change   func(*testing.T, tokenFile)
		requests int
		want     string // FILE is the path of the file
	}{
		{"the same token", func(*testing.T, tokenFile) {}, 1, unauthorized},
		{"another wrong token", func(t *testing.T, f tokenFile) { f.write(t, "third-token") }, 2, unauthorized},
		{"empty", func(t *testing.T, f tokenFile) { f.write(t, " \n") }, 1,
			unauthorized + "; the credential file FILE is empty"},
		{"two lines", func(t *testing.T, f tokenFile) { f.write(t, "hidden-token\nb") }, 1,
			unauthorized + "; the credential file FILE has more than one line, or another control character"},
		{"gone", func(t *testing.T, f tokenFile) {
			if err := os.Remove(f.path); err != nil {
				t.Fatal(err)
			}
		}, 1, unauthorized + "; the credential file FILE can't be read: " + noSuchFile},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newTokenFile(t, "first-token")
			s := serve(t, accepts("second-token"))
			c := s.client(t, fromFile(f.path))
			test.change(t, f)
			err := call(t.Context(), c, Request{Method: http.MethodPut, Path: "/x", Body: thing{"n"}})
			wantText(t, err, strings.ReplaceAll(test.want, "FILE", strconv.Quote(f.path)))
			wantLost(t, err, false)
			if !Unauthorized(err) {
				t.Error("the error is no 401")
			}
			s.wantRequests(t, test.requests)
		})
	}
}

// The file was read while it was written: half a token is refused too, and then the file is read again.
func TestCredentialFileHalfWritten(t *testing.T) {
	f := newTokenFile(t, "first-token")
	s := serve(t, accepts("second-token"), func(w http.ResponseWriter, r *http.Request) {
		f.write(t, "second-token")
		accepts("second-token")(w, r)
	}, accepts("second-token"))
	c := s.client(t, fromFile(f.path))
	f.write(t, "second-")
	if err := call(t.Context(), c, Request{Method: http.MethodPost, Path: "/x", Body: thing{"n"}}); err != nil {
		t.Error(err)
	}
	s.wantRequests(t, 3)
}

func TestWithoutCredentialFile(t *testing.T) {
	s := serve(t, accepts("other"))
	_ = call(t.Context(), s.client(t), Request{Method: http.MethodGet, Path: "/x"})
	s.wantRequests(t, 1)
}

// A gateway's page with 401 is shown as such, and not its text.
func TestCredentialFileUnreadAfterPage(t *testing.T) {
	f := newTokenFile(t, "first-token")
	c := serve(t, reply(401, "<h1>first-token</h1>")).client(t, fromFile(f.path))
	f.write(t, "")
	err := call(t.Context(), c, Request{Method: http.MethodGet, Path: "/x"})
	wantText(t, err, "GET /x: 401 Unauthorized: the credential file "+strconv.Quote(f.path)+" is empty")
}

// Requests that the server refuses at the same time find the second token by one reading: the file has the
// third one by then.
func TestCredentialFileReadOnce(t *testing.T) {
	const requests = 8
	f := newTokenFile(t, "first-token")
	credentials, err := newCredentials(Options{CredentialFile: f.path, CredentialOf: tokenCredential})
	if err != nil {
		t.Fatal(err)
	}
	refused := credentials.inUse()
	f.write(t, "second-token")
	first, found, err := credentials.replace(refused)
	if err != nil || !found || first.Secret != "second-token" {
		t.Fatalf("got %v, %t, %v", first, found, err)
	}
	f.write(t, "third-token")
	var all sync.WaitGroup
	for range requests {
		all.Go(func() {
			if got, found, err := credentials.replace(refused); got != first || !found || err != nil {
				t.Errorf("got %v, %t, %v", got, found, err)
			}
		})
	}
	all.Wait()
	if got, _, _ := credentials.replace(first); got.Secret != "third-token" {
		t.Errorf("after the second token: %v", got)
	}
}

func TestCredentialFileConcurrently(t *testing.T) {
	f := newTokenFile(t, "first-token")
	s := serve(t, accepts("second-token"))
	c := s.client(t, fromFile(f.path))
	f.write(t, "second-token")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := call(t.Context(), c, Request{Method: http.MethodGet, Path: "/x"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestReadSecret(t *testing.T) {
	dir := t.TempDir()
	tests := []struct{ name, content, want, err string }{
		{"token", "abc", "abc", ""},
		{"white space", "\t abc \r\n\n", "abc", ""},
		{"mark of Windows", "\ufeffabc", "abc", ""},
		{"spaces within", "a b", "a b", ""},
		{"empty", "", "", " is empty"},
		{"white space alone", " \n", "", " is empty"},
		{"two lines", "abc\ndef", "", " has more than one line, or another control character"},
		{"UTF-16", "a\x00b\x00", "", " has more than one line, or another control character"},
		{"escape", "a\x1b[1m", "", " has more than one line, or another control character"},
		{"large", strings.Repeat("a", maxCredential+1), "", " is larger than 64 KiB"},
		{"largest", strings.Repeat("a", maxCredential), strings.Repeat("a", maxCredential), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(dir, test.name)
			if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := readSecret(path)
			if got != test.want {
				t.Errorf("got %q", got)
			}
			if test.err != "" {
				test.err = "the credential file " + strconv.Quote(path) + test.err
			}
			wantText(t, err, test.err)
		})
	}
	for path, want := range map[string]string{
		dir:         "it is not a regular file",
		os.DevNull:  "it is not a regular file",
		dir + "/no": noSuchFile,
	} {
		_, err := readSecret(path)
		wantText(t, err, "the credential file "+strconv.Quote(path)+" can't be read: "+want)
	}
}

func TestNewWithCredentialFile(t *testing.T) {
	o := Options{Endpoint: "https://h", CredentialFile: filepath.Join(t.TempDir(), "no"), CredentialOf: tokenCredential}
	_, err := New(o)
	wantText(t, err, "the credential file "+strconv.Quote(o.CredentialFile)+" can't be read: "+noSuchFile)
}

// Errors and logs hide each credential that the client has had, one within the other too.
func TestFormerCredentialsAreHidden(t *testing.T) {
	f := newTokenFile(t, "first-token")
	file := filepath.ToSlash(f.path) // JSON has no backslash as it is
	tell := func(w http.ResponseWriter, r *http.Request) {
		reply(400, `{"detail":"first-token first-token-2 `+file+`"}`, "X-Request-Id", "first-token-2")(w, r)
	}
	s := serve(t, reply(401, `{"detail":"first-token"}`), tell)
	c := s.client(t, fromFile(f.path))
	f.write(t, "first-token-2")
	var output bytes.Buffer
	ctx := tflogtest.RootLogger(context.Background(), &output)
	err := call(ctx, c, Request{Method: http.MethodDelete, Path: Path("x", "first-token-2")})
	wantText(t, err, "DELETE /x/(redacted): 400 Bad Request: (redacted) (redacted) "+file)
	if strings.Contains(output.String(), "first-token") {
		t.Errorf("the log shows a token: %s", output.String())
	}
}

func TestSignsInWith(t *testing.T) {
	f := newTokenFile(t, "first-token")
	s := serve(t, accepts("second-token"))
	fixed, changing := s.client(t), s.client(t, fromFile(f.path))
	f.write(t, "second-token")
	gone := s.client(t, fromFile(newTokenFile(t, "first-token").path))
	if err := os.Remove(gone.credentials.file); err != nil {
		t.Fatal(err)
	}
	anonymous := s.client(t, func(o *Options) { o.Credential = Credential{} })
	var none *Client
	for _, test := range []struct {
		name   string
		client *Client
		want   string // the secrets
	}{
		{"a value", fixed, secret},
		{"a file, before the next 401", changing, "first-token second-token"},
		{"a file that is gone", gone, "first-token"},
		{"no credential", anonymous, ""},
		{"not available", Unavailable(nil), ""},
		{"no client", none, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked []string
			test.client.SignsInWith(func(own Secret) bool {
				asked = append(asked, own.Reveal())
				return false
			})
			if got := strings.Join(asked, " "); got != test.want {
				t.Errorf("asked for %q, want %q", got, test.want)
			}
		})
	}
	if err := call(t.Context(), changing, Request{Method: http.MethodGet, Path: "/x"}); err != nil {
		t.Fatal(err)
	}
	if is := func(own Secret) bool { return own.Reveal() == "first-token" }; changing.SignsInWith(is) {
		t.Error("the client signs in with a token that the server has refused")
	}
}

// A secret that is read can be sent in a header, and no error shows it.
func FuzzReadSecret(f *testing.F) {
	f.Fuzz(func(t *testing.T, content string) {
		path := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		secret, err := readSecret(path)
		switch {
		case err == nil &&
			(secret == "" || secret != strings.TrimSpace(secret) || strings.ContainsAny(secret, "\r\n\x00")):
			t.Errorf("got %q", secret)
		case err != nil && len(content) > 20 && strings.Contains(err.Error(), strings.TrimSpace(content)):
			t.Errorf("the error shows the content: %v", err)
		}
	})
}
