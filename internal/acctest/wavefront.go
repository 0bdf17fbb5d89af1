package acctest

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

// Wavefront is the server that a test runs against.
type Wavefront struct {
	Server
	Role string // id of a role, "" for a simulator

	Sim     *wavefrontsim.Sim    // nil for a real server
	Options wavefrontsim.Options // of the simulator
}

// optionVariable names an option of the simulator that every test runs with.
const optionVariable = "SVCACCT_TEST_WAVEFRONT_OPTION"

// NewWavefront returns a simulator for one test, or the real server that the environment names. The
// provider uses the token of a user who may manage accounts.
func NewWavefront(t *testing.T, options wavefrontsim.Options) *Wavefront {
	t.Helper()
	server := liveServer("wavefront", os.Getenv)
	if server.Real {
		return &Wavefront{Server: server, Role: os.Getenv(roleVariable)}
	}
	w := &Wavefront{Server: server, Options: options}
	for _, option := range wavefrontsim.AllOptions() {
		if option.Name == os.Getenv(optionVariable) {
			option.Set(&w.Options, option.Values[0])
		}
	}
	w.Options.Now = w.Clock.Now
	w.Sim = wavefrontsim.New(w.Options)
	listening := httptest.NewServer(UnderContract(t, "wavefront", w.Sim))
	t.Cleanup(listening.Close)
	w.Settings = map[string]string{"endpoint": listening.URL, "token": w.Sim.Token()}
	return w
}
