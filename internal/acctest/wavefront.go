package acctest

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Wavefront is a simulator that a test runs against. There is no real server left.
type Wavefront struct {
	Server
	Sim     *wavefrontsim.Sim
	Options wavefrontsim.Options // of the simulator
}

// switchVariable names a switch of the simulator that every test is to run with, for runs of the whole suite
// under each of them.
const switchVariable = "SVCACCT_TEST_WAVEFRONT_SWITCH"

// NewWavefront returns a simulator of its own for one test. The provider runs with the token of a person who
// may manage accounts.
func NewWavefront(t *testing.T, options wavefrontsim.Options) *Wavefront {
	t.Helper()
	w := &Wavefront{Server: Server{
		Clock: &Clock{}, System: "wavefront",
		env: map[string]string{"endpoint": "WAVEFRONT_ADDRESS", "token": "WAVEFRONT_TOKEN"},
	}}
	w.Options = options
	for _, s := range wavefrontsim.Switches() {
		if s.Name == os.Getenv(switchVariable) {
			s.Set(&w.Options)
		}
	}
	w.Options.Now = w.Clock.Now
	w.Sim = wavefrontsim.New(w.Options)
	server := httptest.NewServer(underContract(t, "wavefront", w.Sim))
	t.Cleanup(server.Close)
	w.Settings = map[string]string{"endpoint": server.URL, "token": w.Sim.Token()}
	return w
}
