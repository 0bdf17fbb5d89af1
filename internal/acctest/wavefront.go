package acctest

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront"
)

// Wavefront is a simulator that a test runs against. No real server exists any more.
type Wavefront struct {
	Server
	Sim     *wavefrontsim.Sim
	Options wavefrontsim.Options // of the simulator
}

// optionVariable names an option of the simulator that every test runs with.
const optionVariable = "SVCACCT_TEST_WAVEFRONT_OPTION"

// NewWavefront returns a simulator for one test. The provider uses the token of a user who may
// manage accounts.
func NewWavefront(t *testing.T, options wavefrontsim.Options) *Wavefront {
	t.Helper()
	w := &Wavefront{Server: Server{
		Clock: &Clock{}, System: wavefront.System(),
	}}
	w.Options = options
	for _, option := range wavefrontsim.AllOptions() {
		if option.Name == os.Getenv(optionVariable) {
			option.Set(&w.Options, option.Values[0])
		}
	}
	w.Options.Now = w.Clock.Now
	w.Sim = wavefrontsim.New(w.Options)
	server := httptest.NewServer(UnderContract(t, "wavefront", w.Sim))
	t.Cleanup(server.Close)
	w.Settings = map[string]string{"endpoint": server.URL, "token": w.Sim.Token()}
	return w
}
