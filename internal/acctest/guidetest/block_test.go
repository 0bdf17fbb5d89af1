package guidetest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

func TestParse(t *testing.T) {
	const page = "# Page\n\n```sh\na\n```\n\n## One\n\n1. b\n\n   ```terraform\n   c {\n     d\n   }\n   \n   ```\n\n" +
		"```\n# no heading\n   ```\n```\n\n### Two `x`\n\n```text\ne\n```\n\n```sh\nnot closed\n"
	got := parse("p.md", page)
	want := []Block{
		{"p.md", "", 1, "sh", "a\n"},
		{"p.md", "One", 1, "terraform", "c {\n  d\n}\n\n"},
		{"p.md", "One", 2, "", "# no heading\n   ```\n"},
		{"p.md", "Two `x`", 1, "text", "e\n"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if name := got[1].Name(); name != "p.md: One 1" || !got[1].IsHCL() || got[0].IsHCL() {
		t.Errorf("%s is of the wrong kind", name)
	}
}

func TestBlocks(t *testing.T) {
	blocks, err := Blocks(root)
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]int{}
	for _, block := range blocks {
		pages[block.Page]++
	}
	for page, least := range map[string]int{"README.md": 3, "docs/index.md": 1, "docs/guides/secrets.md": 10} {
		if pages[page] < least {
			t.Errorf("%s has %d blocks, want at least %d", page, pages[page], least)
		}
	}
	if _, err := Blocks(t.TempDir()); err == nil {
		t.Error("there is no README")
	}
}

// unrun are the blocks that no test runs, with the reason.
var unrun = map[string]string{
	"README.md:  1": "the continuous integration runs each of the commands as a stage of its own",
	"docs/guides/testing.md: With the simulators 1": "it needs a published version",
	"docs/guides/testing.md: In CI 1":               "it is a workflow of GitHub, which installs a published version",
}

// shownElsewhere are the files from which pages have the blocks that another test runs.
var shownElsewhere = []string{
	"examples/guides/rotation/*.*", // TestAccGuides
	"examples/guides/secrets/*.tf", // TestAccGuide of the package decrypted, with stand-ins of the other providers
	"examples/guides/testing/*.tf", // as the following, TestAccTestingGuide
	"examples/guides/testing/tests/*.*",
	"examples/guides/testing/tests/*/*.*",
}

// runElsewhere are blocks of which TestAccTestingGuide runs each line, the last one with its own folder of mocks.
var runElsewhere = map[string]string{
	"docs/guides/testing.md: With the simulators 2": "terraform init\nsvcacct-simulators -control 127.0.0.1:0 -- " +
		"terraform test\n",
	"docs/guides/testing.md: Failures 2": "svcacct-simulators -control 127.0.0.1:0 -- sh tests/failure.sh\n",
	"docs/guides/testing.md: With a mock provider 2": "terraform init\n" +
		"terraform test -filter=tests/mocked.tftest.hcl\n",
	"docs/guides/testing.md: With a mock provider 4": "mock_provider \"svcacct\" {\n  source = \"./tests/mocks\"\n}\n",
}

// A reader can follow each page: all blocks run as they are printed, but for those that need a newer CLI.
func TestAccGuideBlocks(t *testing.T) {
	acctest.NeedsCLI(t)
	t.Parallel()
	blocks, err := Blocks(root)
	if err != nil {
		t.Fatal(err)
	}
	programs, used := newPrograms(t), map[string]bool{}
	followed, skipped := 0, false
	for page, read := range pages {
		t.Run(path.Base(page), func(t *testing.T) {
			followed++
			r := newReader(t, page, blocks, programs)
			r.used, r.skipped = used, &skipped
			r.notes(t)
			read(r)
		})
	}
	if followed < len(pages) || skipped {
		return // -run names some pages, or the CLI lacks a feature: Terraform of the daily tests has them all
	}
	for _, s := range stages {
		used[s.run] = true
		for _, name := range s.write {
			used[name] = true
		}
	}
	for name, text := range runElsewhere {
		used[name] = slices.ContainsFunc(blocks, func(b Block) bool { return b.Name() == name && b.Text == text })
		if !used[name] {
			t.Errorf("runElsewhere has %q, and there is no such block with this text", name)
		}
	}
	for _, problem := range problems(blocks, used, elsewhere(t), unrun) {
		t.Error(problem)
	}
}

const root = "../../.."

// elsewhere returns the texts of the files whose blocks another test runs.
func elsewhere(t *testing.T) map[string]bool {
	t.Helper()
	texts := map[string]bool{}
	for _, pattern := range shownElsewhere {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no file (%v)", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts[strings.TrimSpace(string(text))] = true
		}
	}
	return texts
}

// problems finds blocks that no test runs, and entries of unrun that are not needed.
func problems(blocks []Block, used, elsewhere map[string]bool, unrun map[string]string) (found []string) {
	left := maps.Clone(unrun)
	for _, block := range blocks {
		name := block.Name()
		delete(left, name)
		runs := used[name] || elsewhere[strings.TrimSpace(block.Text)]
		switch reason := unrun[name]; {
		case !runs && reason == "":
			found = append(found, name+": no test runs this block, and unrun has no reason")
		case runs && reason != "":
			found = append(found, name+": a test runs this block, but unrun has it")
		}
	}
	for name := range left {
		found = append(found, fmt.Sprintf("unrun has %q, and there is no such block", name))
	}
	slices.Sort(found)
	return found
}

func TestProblems(t *testing.T) {
	blocks := []Block{{Page: "p", Number: 1}, {Page: "p", Number: 2, Text: "a\n"}, {Page: "p", Number: 3}}
	const notRun = "no test runs this block, and unrun has no reason"
	const listed = "a test runs this block, but unrun has it"
	reason := func(name, why string) map[string]string { return map[string]string{name: why} }
	for name, test := range map[string]struct {
		used  []string
		unrun map[string]string
		want  string
	}{
		"all run":       {[]string{"p:  1", "p:  3"}, nil, ""},
		"a reason":      {[]string{"p:  1"}, reason("p:  3", "r"), ""},
		"a new block":   {[]string{"p:  1"}, nil, "p:  3: " + notRun},
		"no reason":     {[]string{"p:  1"}, reason("p:  3", ""), "p:  3: " + notRun},
		"run by now":    {[]string{"p:  1", "p:  3"}, reason("p:  3", "r"), "p:  3: " + listed},
		"run elsewhere": {[]string{"p:  1", "p:  3"}, reason("p:  2", "r"), "p:  2: " + listed},
		"not there": {[]string{"p:  1", "p:  3"}, reason("q:  1", "r"),
			"unrun has \"q:  1\", and there is no such block"},
	} {
		t.Run(name, func(t *testing.T) {
			used := map[string]bool{}
			for _, name := range test.used {
				used[name] = true
			}
			got := strings.Join(problems(blocks, used, map[string]bool{"a": true}, test.unrun), "; ")
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// newPrograms returns a folder with the provider and what the pages call, and a CLI configuration.
func newPrograms(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	tool, err := filepath.Abs(os.Getenv("TF_ACC_TERRAFORM_PATH"))
	if err == nil {
		err = os.Symlink(tool, filepath.Join(dir, "terraform"))
	}
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/svcacct/terraform-provider-svcacct"
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", dir, module).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	for name, text := range map[string]string{
		"vault": "#!/bin/sh\ntest \"$*\" = 'kv get -mount=secret -field=api_key legacy'\nprintf %s \"$LEGACY_KEY\"\n",
		"cli.tfrc": "provider_installation {\n  dev_overrides {\n    \"svcacct/svcacct\" = \"" + dir +
			"\"\n  }\n  filesystem_mirror { path = \"" + dir + "\" }\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	return dir
}

// newReader starts simulators, and a shell that is connected to them.
func newReader(t *testing.T, page string, blocks []Block, programs string) *reader {
	t.Helper()
	simulators, err := world.New(world.Settings{Accounts: 1, MaxServiceAccounts: 10})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(simulators.Close)
	dir := t.TempDir()
	env := append(cli.Environment(), simulators.Environment()...)
	env = append(env, "TOP="+dir, "PATH="+programs+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"TF_CLI_CONFIG_FILE="+filepath.Join(programs, "cli.tfrc"), "TF_IN_AUTOMATION=1", "TF_INPUT=0",
		"TF_CLI_ARGS_apply=-auto-approve", "TF_CLI_ARGS_destroy=-auto-approve", "CHECKPOINT_DISABLE=1",
		"LEGACY_KEY="+simulators.Waldur.LiveKeys("svc-legacy")[0])
	shell, err := NewShell(t.Context(), dir, env)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = shell.Close() })
	setting := map[string]string{}
	for _, variable := range simulators.Environment() {
		name, value, _ := strings.Cut(variable, "=")
		setting[name] = value
	}
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte(setting["WALDUR_ACCESS_TOKEN"]), 0o600); err != nil {
		t.Fatal(err)
	}
	return &reader{t: t, page: page, blocks: blocks, world: simulators, shell: shell, dir: dir,
		printed: strings.NewReplacer("https://waldur.example.org", setting["WALDUR_API_URL"],
			"w_...", setting["WALDUR_ACCESS_TOKEN"], "https://example.wavefront.com", setting["WAVEFRONT_ADDRESS"],
			"WAVEFRONT_TOKEN=...", "WAVEFRONT_TOKEN="+setting["WAVEFRONT_TOKEN"], "a.smith", setting["IC_USERNAME"],
			"IC_API_KEY=...", "IC_API_KEY="+setting["IC_API_KEY"],
			"/run/secrets/waldur-token", token, "/run/secrets/provider-side-token", token),
	}
}

// reader follows a page on simulators of its own.
type reader struct {
	t       *testing.T
	page    string
	blocks  []Block
	world   *world.World
	shell   *Shell
	dir     string // the folder of the shell
	printed *strings.Replacer
	used    map[string]bool
	skipped *bool // a part of a page was left out
}

// part follows a part of the page in a folder of its own. A CLI that is older than a block needs leaves the part out.
func (r *reader) part(folder string, read func(*reader)) {
	r.t.Helper()
	r.t.Run(folder, func(t *testing.T) {
		own := *r
		own.t = t
		own.notes(t)
		own.folder(folder)
		read(&own)
	})
}

// notes sets skipped if the test skips the rest of itself.
func (r *reader) notes(t *testing.T) {
	t.Cleanup(func() { *r.skipped = *r.skipped || t.Skipped() })
}

// place writes a configuration of the page into a file of the folder.
func (r *reader) place(name, file string) {
	r.t.Helper()
	r.write(file, r.take(name, true))
}

// run runs commands of the page.
func (r *reader) run(name string) string {
	r.t.Helper()
	return r.do(r.take(name, false))
}

// take returns a block, with what a reader has in the place of the examples.
func (r *reader) take(name string, configuration bool) string {
	r.t.Helper()
	name = r.page + ": " + name
	at := slices.IndexFunc(r.blocks, func(b Block) bool { return b.Name() == name })
	if at < 0 || r.blocks[at].IsHCL() != configuration {
		r.t.Fatalf("there is no block %q of this kind", name)
	}
	r.used[name] = true
	return r.printed.Replace(r.blocks[at].Text)
}

// write writes a file that the page takes for granted.
func (r *reader) write(file, text string) {
	r.t.Helper()
	acctest.NeedsFeatures(r.t, text)
	if err := os.WriteFile(filepath.Join(r.dir, file), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// do runs commands that the text of the page names.
func (r *reader) do(commands ...string) (output string) {
	r.t.Helper()
	text := strings.Join(commands, "\n")
	acctest.NeedsFeatures(r.t, text)
	output, dir, err := r.shell.Run(text)
	if err != nil {
		r.t.Fatalf("%v\n%s\n%s", err, text, output)
	}
	r.dir = dir
	return output
}

const providerBlock = `terraform {
  required_providers {
    svcacct = { source = "svcacct/svcacct" }
  }
}
`

// folder goes to a new folder, which has the provider block.
func (r *reader) folder(name string) {
	r.t.Helper()
	r.do(`mkdir -p "$TOP/` + name + `" && cd "$TOP/` + name + `"`)
	r.write("provider.tf", providerBlock)
}

// getsStarted follows "Getting started" of a system, up to the first rotation of the key in an output.
func (r *reader) getsStarted(output string) {
	r.t.Helper()
	const section = "Getting started "
	r.run(section + "1")
	r.place(section+"2", "provider.tf")
	r.place(section+"3", "main.tf")
	r.do("terraform plan", "terraform apply")
	read := "terraform output -raw " + output
	before := r.do(read)
	if plan := r.do("sed -i.old s/2026-03/2026-04/ main.tf", "terraform plan -no-color"); !strings.Contains(plan,
		"Warning: API key rotation") {
		r.t.Errorf("no warning announces the rotation:\n%s", plan)
	}
	r.do("terraform apply")
	if after := r.do(read); before == "" || after == before {
		r.t.Errorf("%s is not rotated", output)
	}
	r.do("terraform plan -detailed-exitcode")
}

// pages are the pages with blocks, and what a reader does there.
var pages = map[string]func(*reader){
	"README.md": func(r *reader) {
		r.folder("readme")
		r.place("Use it 1", "provider.tf")
		r.write("given.tf", "variable \"release\" { default = \"1\" }\n"+customer)
		r.place(" 2", "main.tf")
		r.do("terraform apply", "terraform plan -detailed-exitcode")
	},
	"docs/index.md": func(r *reader) {
		r.write("given.tf", customer)
		r.place("Example Usage 1", "terraform.tf")
		r.place("Example Usage 2", "main.tf")
		r.do("export TF_VAR_waldur_token=$WALDUR_ACCESS_TOKEN; unset WALDUR_ACCESS_TOKEN WALDUR_API_URL")
		r.do("terraform apply")
	},
	"docs/guides/waldur.md": func(r *reader) {
		r.do("unset WALDUR_API_URL WALDUR_ACCESS_TOKEN")
		r.getsStarted("billing_key")
	},
	"docs/guides/instaclustr.md": func(r *reader) {
		r.do("unset IC_USERNAME IC_API_KEY") // IC_API_URL is not the address of the service
		r.getsStarted("provisioning_key")
	},
	"docs/guides/wavefront.md":                     readWavefront,
	"docs/guides/authentication.md":                readAuthentication,
	"docs/guides/adopting.md":                      readAdopting,
	"docs/guides/migrate-from-vmware-wavefront.md": readMigration,
	"docs/guides/rotation.md": func(r *reader) {
		r.folder("rotation")
		r.place("What the plan shows 1", "keeper.tf")
		r.place("The state is lost 1", "import.tf")
		r.run("The state is lost 2")
		r.do("unset SVCACCT_IMPORT_API_KEY; terraform apply", "terraform plan -detailed-exitcode")
	},
	"docs/guides/secrets.md": func(r *reader) {
		r.folder("secrets")
		r.run("Import a key 1")
		if got := r.do(`printf %s "$SVCACCT_IMPORT_API_KEY"`); got != r.world.Waldur.LiveKeys("svc-legacy")[0] {
			r.t.Error("the variable does not have the key")
		}
		r.do("unset SVCACCT_IMPORT_API_KEY")
		r.hasToken("sa::ci", "deploy")
		r.write("main.tf", account("ci", "sa::ci")+"\nresource \"svcacct_wavefront_service_account_token\" "+
			"\"deploy\" {\n  service_account = svcacct_wavefront_service_account.ci.id\n  name = \"deploy\"\n"+
			"  store_api_key = false\n}\n")
		r.do("terraform import svcacct_wavefront_service_account.ci sa::ci")
		r.run("Import a key 3")
		r.do("terraform plan -detailed-exitcode")
	},
}

const customer = "data \"svcacct_waldur_customer\" \"acme\" {\n  name = \"ACME Research\"\n}\n"

func account(label, identifier string) string {
	return fmt.Sprintf("resource \"svcacct_wavefront_service_account\" %q {\n  identifier = %q\n}\n", label, identifier)
}

// hasToken creates an account outside of Terraform.
func (r *reader) hasToken(identifier, token string) {
	r.world.Wavefront.AddServiceAccount(wavefrontsim.ServiceAccount{
		Identifier: identifier, Tokens: []wavefrontsim.Token{{Name: token}},
	})
}

func readWavefront(r *reader) {
	r.do("unset WAVEFRONT_ADDRESS WAVEFRONT_TOKEN")
	r.getsStarted("deploy_key")
	for folder, section := range map[string]string{
		"overlap": "Rotation with an overlap 1", "none": "A token in no state 1",
	} {
		r.part(folder, func(r *reader) {
			r.write("account.tf", account("ci", "sa::"+folder))
			r.place(section, "main.tf")
			r.do("terraform apply", "terraform plan -detailed-exitcode")
		})
	}
}

func readAuthentication(r *reader) {
	certificate, key := selfSigned(r.t)
	r.part("certificates", func(r *reader) {
		r.write("given.tf", "variable \"client_key\" {\n  ephemeral = true\n}\n"+customer)
		r.write("ca.pem", certificate)
		r.write("client.pem", certificate)
		r.write("client.key", key)
		r.place("Client certificates 1", "main.tf")
		r.do(`export TF_VAR_client_key="$(cat client.key)"` + "\nterraform apply")
	})
	r.part("aliases", func(r *reader) {
		r.write("given.tf", strings.Replace(customer, "{\n", "{\n  provider = svcacct.provider_side\n", 1))
		r.place("Two accounts at the same system 1", "main.tf")
		r.do("unset WALDUR_ACCESS_TOKEN; terraform apply")
	})
}

func readMigration(r *reader) {
	r.part("moved", func(r *reader) {
		r.place("With a moved block 1", "main.tf")
		r.do("terraform apply", "terraform plan -detailed-exitcode", "terraform destroy")
	})
	r.part("imported", func(r *reader) {
		r.hasToken("sa::ci", "main")
		r.place("With an import 1", "main.tf")
		r.do("terraform apply")
		r.place("The hidden token 1", "token.tf")
		r.do("terraform apply", "terraform plan -detailed-exitcode", "terraform destroy")
	})
}

func readAdopting(r *reader) {
	r.part("one", func(r *reader) {
		r.place("One account 1", "main.tf")
		r.do("terraform plan", "terraform apply", "terraform plan -detailed-exitcode")
	})
	r.part("generated", func(r *reader) {
		r.place("One account 2", "import.tf")
		r.run("One account 3")
		r.do("sed -i.old '/provider *= svcacct/d' import.tf")
		r.changesNothing()
	})
	r.part("query", func(r *reader) {
		r.place("Many accounts, with terraform query 1", "all.tfquery.hcl")
		r.do("terraform query -generate-config-out=generated.tf")
		r.changesNothing()
		r.do("terraform apply", "terraform plan -detailed-exitcode")
	})
	r.part("accounts", func(r *reader) {
		r.folder("inventory")
		r.place("Many accounts, with the inventory 1", "inventory.tf")
		r.run("Many accounts, with the inventory 2")
		r.do("sed -i.old '/provider = svcacct/d' imports.tf")
		r.changesNothing()
		r.do("terraform apply", "rm imports.tf", "terraform plan -detailed-exitcode")
	})
}

// changesNothing checks that a plan imports all and changes none.
func (r *reader) changesNothing() {
	r.t.Helper()
	plan := r.do("terraform plan -no-color")
	if !strings.Contains(plan, " to import, 0 to add, 0 to change, 0 to destroy.") {
		r.t.Errorf("the plan does not only import:\n%s", plan)
	}
}

// selfSigned returns a certificate that may be an authority and a client, and its key.
func selfSigned(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	rawKey, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	var texts [2]bytes.Buffer
	for i, block := range []*pem.Block{{Type: "CERTIFICATE", Bytes: raw}, {Type: "PRIVATE KEY", Bytes: rawKey}} {
		if err := pem.Encode(&texts[i], block); err != nil {
			t.Fatal(err)
		}
	}
	return texts[0].String(), texts[1].String()
}
