package exampletest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
)

const folder = "../../../examples"

// runners run the files of a folder, each in a workspace of its own. The names are patterns.
var runners = map[string]map[string]func(*testing.T, string){
	"resources": {
		"resource.tf": applies, "import-by-identity.tf": imports, "import-by-string-id.tf": imports,
		"import.sh": importsByCommand,
	},
	"data-sources":        {"data-source*.tf": applies},
	"ephemeral-resources": {"ephemeral-resource.tf": applies},
	"functions":           {"function.tf": computes},
	"list-resources":      {"list-resource.tfquery.hcl": finds},
	"actions":             {"action.tf": invokes},
	"provider":            {"*.tf": configures},
	"guides/start":        {"provider.tf": configures},
}

// elsewhere are the folders whose files another program runs: the source of that program, with the text by which it
// reads a file. NAME is the name of the file, PATH its path below the guide, FOLDER the name of its folder.
var elsewhere = map[string]struct{ source, text string }{
	"demo":            {"../../cmd/demo/script.go", `"NAME"`},
	"guides/adopting": {"../../inventory/examples_test.go", `"NAME"`},
	"guides/rotation": {"../guidetest/guidetest_test.go", `"NAME"`},
	"guides/secrets":  {"../../decrypted/decrypted_test.go", `Glob(folder + "*.tf")`},
	"guides/store":    {"../guidetest/walk.go", `"NAME": `}, // as the page shows it
	"guides/testing":  {"../guidetest/testing_test.go", `"PATH"`},
	"modules":         {"modules_test.go", `"FOLDER"`},
}

// files returns all files below examples/, by their paths from there.
func files(t *testing.T) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if left := strings.HasPrefix(entry.Name(), ".terraform"); entry.IsDir() || left { // by a run of the CLI
			if left && entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		path, err = filepath.Rel(folder, path)
		all = append(all, filepath.ToSlash(path))
		return err
	})
	if err != nil || len(all) < 80 {
		t.Fatalf("found %d examples, there are more (%v)", len(all), err)
	}
	return all
}

// within returns the value of the longest folder that a path is in.
func within[T any](folders map[string]T, path string) (value T, ok bool) {
	for at := path; at != "." && !ok; {
		at = filepath.ToSlash(filepath.Dir(at))
		value, ok = folders[at]
	}
	return value, ok
}

// runnerOf returns what runs a file in this package.
func runnerOf(path string) func(*testing.T, string) {
	named, _ := within(runners, path)
	for pattern, run := range named {
		if matched, _ := filepath.Match(pattern, filepath.Base(path)); matched {
			return run
		}
	}
	return nil
}

// A file below examples/ that no test runs is an error.
func TestEveryExampleIsRun(t *testing.T) {
	for _, path := range files(t) {
		program, ok := within(elsewhere, path)
		if !ok {
			if runnerOf(path) == nil {
				t.Errorf("%s: no test runs this file", path)
			}
			continue
		}
		source := read(t, program.source)
		names := strings.NewReplacer("NAME", filepath.Base(path), "FOLDER", filepath.Base(filepath.Dir(path)),
			"PATH", strings.TrimPrefix(path, "guides/testing/"))
		if !strings.Contains(source, names.Replace(program.text)) {
			t.Errorf("%s: %s does not run this file", path, program.source)
		}
	}
}

// Each example does what it says, from an empty folder, on servers that have nothing but what the example says
// exists.
func TestAccExamples(t *testing.T) {
	acctest.NeedsCLI(t)
	for _, path := range files(t) {
		if run := runnerOf(path); run != nil {
			t.Run(path, func(t *testing.T) { run(t, path) })
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func example(t *testing.T, path string) string {
	t.Helper()
	return read(t, folder+"/"+path)
}

// identity opens what is encrypted in the examples: its recipient is put in the place of theirs.
var identity, _ = age.GenerateX25519Identity()

var (
	recipient = regexp.MustCompile(`age1[0-9a-z]{58}`)
	required  = regexp.MustCompile(`(?ms)^terraform \{\n.*?^\}\n`)
)

// run is a workspace with an example.
type run struct {
	acctest.Workspace
	servers *Servers
	rereads bool // a check block has a data source
	t       *testing.T
}

// start starts servers with what the text says exists, and prepares an empty folder with the provider. Needs are
// further configurations for which the CLI may be too old.
func start(t *testing.T, says string, needs ...string) *run {
	t.Helper()
	acctest.NeedsFeatures(t, append(needs, says)...)
	servers := Start()
	t.Cleanup(servers.Close)
	servers.Add(says)
	r := &run{acctest.NewWorkspace(t, "", servers.Environment()...), servers, checkedData.MatchString(says), t}
	r.Setenv("TF_VAR_age_identity", identity.String())
	if err := os.Remove(filepath.Join(r.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	return r
}

// write puts a file into the folder as the documentation prints it. The block "terraform" of the provider's page
// goes with the first file that has none.
func (r *run) write(name, text string) {
	r.t.Helper()
	text = recipient.ReplaceAllString(text, identity.Recipient().String())
	files := map[string]string{name: text}
	if !required.MatchString(text) {
		files["terraform.tf"] = example(r.t, "provider/terraform.tf")
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(r.Dir, name), []byte(text), 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
}

// apply applies, checks how many objects this adds, and that the next plan is empty.
func (r *run) apply(before string, wantAdded int) (output string) {
	r.t.Helper()
	output = r.MustRun(r.t, 0, "apply", "-auto-approve", "-no-color")
	added, destroyed := counts(r.t, before+output)
	if added != wantAdded || destroyed != 0 {
		r.t.Errorf("%d added, %d destroyed, want %d and 0:\n%s", added, destroyed, wantAdded, output)
	}
	if r.rereads {
		if plan := r.MustRun(r.t, 2, "plan", "-detailed-exitcode", "-no-color"); !strings.Contains(plan,
			"Plan: 0 to add, 0 to change, 0 to destroy.") || strings.Contains(plan, "Changes to Outputs") {
			r.t.Errorf("the second plan changes something:\n%s", plan)
		}
		return output
	}
	r.MustRun(r.t, 0, "plan", "-detailed-exitcode")
	return output
}

// checkedData finds a data source in a check block. Each apply reads it again, and a plan announces that.
var checkedData = regexp.MustCompile(`(?m)^  data "`)

var complete = regexp.MustCompile(`Resources: .*?(\d+) added, \d+ changed, (\d+) destroyed`)

// counts sums up what applies have added and destroyed.
func counts(t *testing.T, output string) (added, destroyed int) {
	t.Helper()
	for _, found := range complete.FindAllStringSubmatch(output, -1) {
		n, err := strconv.Atoi(found[1])
		if err != nil {
			t.Fatal(err)
		}
		m, err := strconv.Atoi(found[2])
		if err != nil {
			t.Fatal(err)
		}
		added, destroyed = added+n, destroyed+m
	}
	return added, destroyed
}

// managed counts the blocks of managed resources.
func managed(text string) int { return len(created.FindAllString(text, -1)) }

// asked checks that the example has sent requests.
func (r *run) asked() {
	r.t.Helper()
	if r.servers.Requests() == 0 {
		r.t.Error("the example sends no request")
	}
}

func applies(t *testing.T, path string) {
	text := example(t, path)
	r := start(t, text)
	r.write(filepath.Base(path), text)
	if output := r.apply("", managed(text)); strings.Contains(output, "Warning: ") {
		t.Errorf("a warning:\n%s", output)
	}
	r.asked()
}

// computes runs the example of a function, and looks for what it returns.
func computes(t *testing.T, path string) {
	text := example(t, path)
	r := start(t, text)
	r.write(filepath.Base(path), text)
	want := map[string]string{
		"functions/waldur_uuid/function.tf":          "same_customer = true",
		"functions/wavefront_identifier/function.tf": `identifier = "sa::ci-pipeline"`,
	}[path]
	if output := r.apply("", 0); want == "" || !strings.Contains(output, want) {
		t.Errorf("want %q:\n%s", want, output)
	}
}

// beside returns resource.tf of the folder of an example.
func beside(t *testing.T, path string) string {
	t.Helper()
	return example(t, filepath.ToSlash(filepath.Dir(path))+"/resource.tf")
}

// imports runs import blocks with the resources of the same folder.
func imports(t *testing.T, path string) {
	blocks, resources := example(t, path), beside(t, path)
	r := start(t, blocks+resources)
	r.write("resource.tf", resources)
	r.write(filepath.Base(path), blocks)
	imported := strings.Count(blocks, "import {")
	output := r.apply("", managed(resources)-imported)
	if want := fmt.Sprintf("%d imported", imported); !strings.Contains(output, want) {
		t.Errorf("%q is missing:\n%s", want, output)
	}
}

// importsByCommand runs each paragraph of a script, with the resources of the same folder. Each is another way to
// import the same objects.
func importsByCommand(t *testing.T, path string) {
	resources := beside(t, path)
	for i, script := range strings.Split(example(t, path), "\n\n") {
		t.Run(strconv.Itoa(i+1), func(t *testing.T) {
			r := start(t, script+"\n"+resources)
			r.write("resource.tf", resources)
			r.programs()
			output, code, err := r.With("sh").Run(context.Background(), "-e", "-u", "-c", script)
			if err != nil || code != 0 {
				t.Fatalf("ended with %d (%v):\n%s", code, err, output)
			}
			r.apply(output, managed(resources)-strings.Count(script, "terraform import "))
		})
	}
}

// programs puts the programs that scripts run into the path: terraform, and a vault that has the key.
func (r *run) programs() {
	r.t.Helper()
	bin := r.t.TempDir()
	vault := "#!/bin/sh\n[ \"$*\" = \"kv get -mount=secret -field=api_key $5\" ] && echo " + ExistingKey + "\n"
	if err := os.WriteFile(filepath.Join(bin, "vault"), []byte(vault), 0o700); err != nil {
		r.t.Fatal(err)
	}
	if err := os.Symlink(os.Getenv("TF_ACC_TERRAFORM_PATH"), filepath.Join(bin, "terraform")); err != nil {
		r.t.Fatal(err)
	}
	r.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	r.Setenv("TF_CLI_ARGS_apply", "-auto-approve -no-color")
}

func finds(t *testing.T, path string) {
	text := example(t, path)
	r := start(t, text)
	r.write(filepath.Base(path), text)
	r.MustRun(t, 0, "query")
	r.asked()
}

var command = regexp.MustCompile(`(?m)^# terraform (apply -invoke=\S+)$`)

// invokes runs the command in the comment of an action.
func invokes(t *testing.T, path string) {
	text := example(t, path)
	found := command.FindStringSubmatch(text)
	if found == nil {
		t.Fatal("the example has no command")
	}
	r := start(t, text)
	r.write(filepath.Base(path), text)
	r.MustRun(t, 0, append(strings.Fields(found[1]), "-auto-approve")...)
	r.asked()
	r.MustRun(t, 0, "plan", "-detailed-exitcode")
}

// configures runs a provider block with a data source. Where the block has an address, the environment has another.
func configures(t *testing.T, path string) {
	const address = "https://waldur.example.org"
	text, data := example(t, path), example(t, "data-sources/svcacct_waldur_customer/data-source.tf")
	r := start(t, data)
	if strings.Contains(text, address) {
		url, token := r.servers.Environment()[0], r.servers.Environment()[1]
		text = strings.Replace(text, address, strings.TrimPrefix(url, "WALDUR_API_URL="), 1)
		r.Setenv("TF_VAR_waldur_token", strings.TrimPrefix(token, "WALDUR_ACCESS_TOKEN="))
		r.Setenv("WALDUR_API_URL", "http://127.0.0.1:1")
		r.Setenv("WALDUR_ACCESS_TOKEN", "none")
	}
	r.write("data-source.tf", text+data)
	r.apply("", 0)
	r.asked()
}
