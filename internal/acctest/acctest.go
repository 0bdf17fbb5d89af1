// Package acctest runs acceptance tests: a real CLI, the provider in this process, and a simulator
// on loopback, or a real server if the environment names it.
package acctest

import (
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/provider"
)

// Clock is the machine's clock, moved forward by hand. The zero value has the right time.
type Clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

// Now returns the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// Factories serve the provider, with the clock of a test and almost no wait before retries.
func Factories(clock *Clock) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"svcacct": providerserver.NewProtocol6WithError(provider.New("test", provider.Options{
			Clock:     clock.Now,
			RetryWait: time.Millisecond, NoBulkReads: !BulkReads(),
		})()),
	}
}

// BulkReads reports whether the tests run with shared reads, as a user has them. The suite also passes
// without, with SVCACCT_ACC_BULK_READS=off: then checks that count requests count nothing.
func BulkReads() bool { return os.Getenv("SVCACCT_ACC_BULK_READS") != "off" }

var prepareOnce sync.Once

// Run runs a test case in parallel with others, with Factories unless the case has factories of its
// own. It never downloads a CLI: without the path of a CLI the test fails. It skips with a CLI that lacks a
// feature which a configuration uses.
func Run(t *testing.T, clock *Clock, c resource.TestCase) {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) != "" && os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		t.Fatal("TF_ACC_TERRAFORM_PATH must name the CLI to test with; \"make testacc\" sets it")
	}
	prepareOnce.Do(func() {
		// Tests ignore the machine's CLI configuration; a path without a file makes the CLI warn.
		_ = os.Unsetenv("TF_CLI_CONFIG_FILE")
	})
	for _, step := range c.Steps {
		needsFeatures(t, step.Config)
	}
	if c.ProtoV6ProviderFactories == nil {
		c.ProtoV6ProviderFactories = Factories(clock)
	}
	resource.ParallelTest(t, c)
}

// Words matches a text in the output of a CLI, wherever the CLI broke it into lines.
func Words(text string) *regexp.Regexp {
	parts := strings.Fields(text)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile(strings.Join(parts, `[\s│]+`))
}
