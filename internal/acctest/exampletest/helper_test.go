package exampletest

import (
	"context"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/acctest/secretstore"
	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/process"
	"github.com/svcacct/terraform-provider-svcacct/internal/provider"
)

// aheadVariable names how far ahead the provider's clock is.
const aheadVariable = "SVCACCT_EXAMPLETEST_AHEAD"

// TestMain makes the test program a provider where a CLI starts it: this one with a clock that a test moves, or the
// secret store.
func TestMain(m *testing.M) {
	if os.Getenv("TF_PLUGIN_MAGIC_COOKIE") == "" {
		os.Exit(m.Run())
	}
	serve := serveProvider
	if strings.HasPrefix(filepath.Base(os.Args[0]), "terraform-provider-"+secretstore.Name) {
		serve = serveStore
	}
	if err := serve(); err != nil {
		log.Fatal(err)
	}
}

func serveProvider() error {
	ahead, err := time.ParseDuration(os.Getenv(aheadVariable))
	if err != nil {
		return err
	}
	return process.Serve(provider.New("test", provider.Options{
		Clock: func() time.Time { return time.Now().Add(ahead) },
	}), false)
}

func serveStore() error {
	return providerserver.Serve(context.Background(), secretstore.New(&secretstore.Store{}),
		providerserver.ServeOpts{Address: "registry.terraform.io/svcacct/" + secretstore.Name, ProtocolVersion: 6})
}

// module is a run of the CLI with a configuration that calls a module.
type module struct {
	*cli.Workspace
	servers *Servers
	t       *testing.T
}

// startModule prepares a folder with the configuration, and servers that have what it says exists.
func startModule(t *testing.T, text string) *module {
	t.Helper()
	acctest.NeedsCLI(t)
	acctest.NeedsFeatures(t, text)
	t.Parallel()
	servers := Start()
	t.Cleanup(servers.Close)
	servers.Add(text)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	workspace, err := cli.New(t.TempDir(), os.Getenv("TF_ACC_TERRAFORM_PATH"), program, servers.Environment()...)
	if err != nil {
		t.Fatal(err)
	}
	installStore(t, workspace.Dir, program)
	m := &module{workspace, servers, t}
	m.Setenv("TF_VAR_age_identity", identity.String())
	m.Setenv(aheadVariable, "0s")
	m.write(text)
	m.run(0, "init")
	return m
}

// installStore puts the secret store beside the provider, where the CLI looks for providers.
func installStore(t *testing.T, dir, program string) {
	t.Helper()
	namespaces, err := filepath.Glob(filepath.Join(dir, ".mirror", "*", "svcacct"))
	if err != nil {
		t.Fatal(err)
	}
	for _, namespace := range namespaces {
		found, err := filepath.Glob(filepath.Join(namespace, "*", "*", "*", "*"))
		if err != nil || len(found) != 1 {
			t.Fatalf("found %v (%v)", found, err)
		}
		store := strings.ReplaceAll(strings.TrimPrefix(found[0], namespace), "svcacct", secretstore.Name)
		store = filepath.Join(namespace, store)
		if err := os.MkdirAll(filepath.Dir(store), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(program, store); err != nil {
			t.Fatal(err)
		}
	}
}

// write replaces the configuration.
func (m *module) write(text string) {
	m.t.Helper()
	const store = "    " + secretstore.Name + " = {\n      source = \"svcacct/" + secretstore.Name + "\"\n    }\n"
	text = replaced(m.t, example(m.t, "provider/terraform.tf"), "    svcacct = {\n",
		store+"    svcacct = {\n") + recipient.ReplaceAllString(text, identity.Recipient().String())
	if err := os.WriteFile(filepath.Join(m.Dir, "main.tf"), []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

func (m *module) run(wantCode int, args ...string) (output string) {
	m.t.Helper()
	output, code, err := m.Run(context.Background(), append(args, "-no-color")...)
	if err != nil || code != wantCode {
		m.t.Fatalf("%v ended with %d, want %d (%v):\n%s", args, code, wantCode, err, output)
	}
	return output
}

// apply applies a configuration, and checks that the next plan is empty. It returns the outputs and what the CLI
// printed.
func (m *module) apply(text string) (outputs map[string]string, output string) {
	m.t.Helper()
	m.write(text)
	output = m.run(0, "apply", "-auto-approve")
	m.run(0, "plan", "-detailed-exitcode")
	outputs, err := m.Outputs(context.Background())
	if err != nil {
		m.t.Fatal(err)
	}
	return outputs, output
}
