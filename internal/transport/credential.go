package transport

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Credential is the value of the Authorization header, and the part of the value that no log or error
// may show.
type Credential struct {
	Header string
	Secret string
}

// credentials holds the credential of a client. With a file, the credential changes when the server
// refuses it and the file has another one.
type credentials struct {
	file string // "": the credential never changes
	of   func(secret string) Credential

	mu      sync.Mutex
	current Credential
	former  []Credential // logs and errors hide them too
}

func newCredentials(o Options) (*credentials, error) {
	c := &credentials{file: o.CredentialFile, of: o.CredentialOf, current: o.Credential}
	if c.file != "" {
		secret, err := readSecret(c.file)
		if err != nil {
			return nil, err
		}
		c.current = c.of(secret)
	}
	if strings.ContainsFunc(c.current.Header, unicode.IsControl) {
		return nil, errors.New("the credential holds a line break or another control character")
	}
	return c, nil
}

// inUse returns the credential for the next request.
func (c *credentials) inUse() Credential {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current
}

// replace returns the credential that replaces a refused one, and false if there is none. Of several
// requests that the server refused with the same credential, the first one reads the file; the others
// get what it found.
func (c *credentials) replace(refused Credential) (Credential, bool, error) {
	if c.file == "" {
		return refused, false, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != refused {
		return c.current, true, nil
	}
	secret, err := readSecret(c.file)
	if err != nil {
		return refused, false, err
	}
	next := c.of(secret)
	if next == refused {
		return refused, false, nil
	}
	if !slices.Contains(c.former, refused) {
		c.former = append(c.former, refused)
	}
	c.current = next
	return next, true, nil
}

// redactor hides all credentials that the client has or had, and further secrets.
func (c *credentials) redactor(more ...string) *strings.Replacer {
	if c == nil { // the client is not available
		return redactor(Credential{}, more...)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.former {
		more = append(more, f.Secret, f.encoded())
	}
	return redactor(c.current, more...)
}

// encoded is the part of the header that holds the secret. Basic authentication encodes it.
func (c Credential) encoded() string {
	_, encoded, _ := strings.Cut(c.Header, " ")
	return encoded
}

// SignsInWith reports whether a function accepts the secret that the client signs in with, or the secret
// that it will sign in with after a 401: that of the credential file. It returns false for a client
// without a credential.
func (c *Client) SignsInWith(is func(Secret) bool) bool {
	if c == nil || c.credentials == nil {
		return false
	}
	secrets := []string{c.credentials.inUse().Secret}
	if c.credentials.file != "" {
		if next, err := readSecret(c.credentials.file); err == nil { // else the client can't use the file either
			secrets = append(secrets, next)
		}
	}
	return slices.ContainsFunc(secrets, func(secret string) bool { return secret != "" && is(NewSecret(secret)) })
}

// maxCredential is the size of the largest credential file, in bytes. OIDC tokens have a few thousand.
const maxCredential = 64 << 10

// readSecret reads a credential file, and removes white space around its content. Its errors name the file,
// and never the content. A pipe or device is refused: it can't be read again.
func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	var content []byte
	if err == nil {
		content, err = readFile(path)
	}
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		err = failed.Err
	}
	if err != nil {
		return "", fmt.Errorf("the credential file %q can't be read: %w", path, unpunctuated{err})
	}
	secret := strings.TrimSpace(strings.TrimPrefix(string(content), "\ufeff")) // editors of Windows write this mark
	switch {
	case secret == "":
		return "", fmt.Errorf("the credential file %q is empty", path)
	case len(content) > maxCredential:
		return "", fmt.Errorf("the credential file %q is larger than %d KiB", path, maxCredential>>10)
	case strings.ContainsFunc(secret, unicode.IsControl):
		return "", fmt.Errorf("the credential file %q has more than one line, or another control character", path)
	}
	return secret, nil
}

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, maxCredential+1))
}

// mostReplacements is how often a request is sent again with another credential. The file may have been read
// while it was written: then the first replacement is half a credential, and the second a whole one.
const mostReplacements = 2

// credentialTransport adds the credential. If the server refuses it (401) and the credential file has
// another one, the request is sent again, whatever its method: the 401 says that nothing was done.
type credentialTransport struct {
	next        http.RoundTripper
	credentials *credentials
}

func (t *credentialTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	used := t.credentials.inUse()
	resp, err := t.attempt(req, used)
	state := requestStateOf(req.Context())
	for range mostReplacements {
		if err != nil || resp.StatusCode != http.StatusUnauthorized {
			return resp, err
		}
		replacement, found, err := t.credentials.replace(used)
		state.unreadable = err
		if !found {
			return resp, nil
		}
		again := req.Clone(req.Context())
		if req.GetBody != nil {
			if again.Body, err = req.GetBody(); err != nil {
				return resp, nil //nolint:nilerr // the 401 is the error
			}
		}
		_ = resp.Body.Close()
		used = replacement
		if resp, err = t.attempt(again, used); err != nil {
			return resp, err
		}
	}
	return resp, err
}

func (t *credentialTransport) attempt(req *http.Request, credential Credential) (*http.Response, error) {
	state := requestStateOf(req.Context())
	state.redact = t.credentials.redactor(state.secret)
	if credential.Header != "" {
		req = req.Clone(req.Context())
		req.Header.Set("Authorization", credential.Header)
	}
	return t.next.RoundTrip(req)
}
