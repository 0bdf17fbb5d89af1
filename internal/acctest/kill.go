package acctest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
)

// Killer is a handler that terminates the provider at one request. Then the CLI reports that the plugin
// crashed, and the state has what the provider had returned before.
type Killer struct {
	Next http.Handler

	mu       sync.Mutex
	provider string
	left     int // requests up to the fatal one; 0: none is fatal
	after    bool
}

// Arm terminates the provider of a workspace at its nth request from now on, after the server has done its
// work, or before.
func (k *Killer) Arm(w Workspace, n int, after bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.provider, k.left, k.after = w.provider, n, after
}

// Disarm terminates nothing any more. It reports whether the provider was killed since Arm.
func (k *Killer) Disarm() (killed bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	killed = k.left == 0
	k.left = 0
	return killed
}

// ServeHTTP implements http.Handler.
func (k *Killer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	fatal := k.left == 1
	if k.left > 0 {
		k.left--
	}
	after, provider := k.after, k.provider
	k.mu.Unlock()
	if !fatal {
		k.Next.ServeHTTP(w, r)
		return
	}
	if after {
		k.Next.ServeHTTP(httptest.NewRecorder(), r)
	}
	cli.Signal(provider, "", os.Kill)
	panic(http.ErrAbortHandler)
}

// NeedsKill skips a test on a system without /proc, where the provider's process can't be found.
func NeedsKill(t *testing.T) {
	t.Helper()
	if _, err := os.Readlink("/proc/self/exe"); err != nil {
		t.Skip("terminates the provider's process, which it finds in /proc")
	}
}
