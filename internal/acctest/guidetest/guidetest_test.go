package guidetest

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

func TestExcerpt(t *testing.T) {
	f := strings.Repeat("f", 32)
	start := time.Date(2030, time.January, 2, 3, 4, 5, 0, time.UTC)
	for name, test := range map[string]struct{ output, want string }{
		"changes": {"a.b: Refreshing state... [id=x]\n\n ~ update\n\nOpenTofu will perform the following actions:\n\n" +
			"  # a.b changes\n\n\n\nPlan\n\n───\n\nNote: You didn't use the -out option.\nAct now.\n",
			"Terraform will perform the following actions:\n\n  # a.b changes\n\nPlan\n"},
		"no changes": {"a.b: Reading...\n\nNo changes. OpenTofu has\n", "No changes. Terraform has\n"},
		"an error":   {"  # a.b will be changed\n\nWarning: w\n\nError: e\n\nwhy\n", "Error: e\n\nwhy\n"},
		"times": {"Warning: 2030-01-02T03:10:00Z 2030-01-04T03:01:00.123+00:00 1893553500 2030-99-02T03:10:00Z\n",
			"Warning: 2026-11-27T09:30:00Z 2026-11-29T09:30:00+00:00 1795771800 2030-99-02T03:10:00Z\n"},
		"ids": {"Warning: " + f + " " + strings.Repeat("e", 32) + " " + f + "\n",
			"Warning: 93b885adfe0da089cdf634904fd59f71 55a54008ad1ba589aa210d2629c1df41 " +
				"93b885adfe0da089cdf634904fd59f71\n"},
		"an encrypted key": {"Warning:\n  -----BEGIN AGE ENCRYPTED FILE-----\n  YWdl\n  x\n  -----END AGE\n",
			"Warning:\n  -----BEGIN AGE ENCRYPTED FILE-----\n  ...\n  -----END AGE\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Excerpt(test.output, start); got != test.want {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

var update = flag.Bool("update", false, "write the texts of the guides instead of comparing them")

const folder = "../../../examples/guides/rotation"

// Public keys whose identities nobody has.
const (
	lostRecipient = "age19wtqwqwpvw7nkwh32whjhlf435qvlpd43528lfj7rust7ke6rvksu56qvq"
	safeRecipient = "age1kjras85zufq77vxjhhl0uk6kzj0qvsdk9tm90arksj3jqva4qsuq0s5wyv"
	newRecipient  = "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z"
)

// run is a run of the CLI with the configurations of the guide.
type run struct {
	acctest.Workspace
	t     *testing.T
	start time.Time
	shown []string // the texts
}

// add puts configurations of the guide into the workspace.
func (r *run) add(names ...string) {
	r.t.Helper()
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(r.Dir, name), text, 0o600)
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

// remove takes a configuration out of the workspace.
func (r *run) remove(name string) {
	r.t.Helper()
	if err := os.Remove(filepath.Join(r.Dir, name)); err != nil {
		r.t.Fatal(err)
	}
}

// shows runs a command, and compares its output with a text of the guide.
func (r *run) shows(name string, wantCode int, args ...string) {
	r.t.Helper()
	r.shown = append(r.shown, name)
	output := r.MustRun(r.t, wantCode, append(args, "-no-color")...)
	got, path := Excerpt(output, r.start), filepath.Join(folder, name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			r.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		r.t.Fatal(err)
	}
	if !slices.Equal(words(got), words(string(want))) {
		r.t.Errorf("%s is not what %v prints now. Run this test with -update, then \"make generate\":\n%s", name,
			args, got)
	}
}

// complete checks that each text in the folder is from this run, and that a guide shows it.
func (r *run) complete() {
	r.t.Helper()
	guides := ""
	templates, err := filepath.Glob("../../../templates/guides/*.tmpl")
	for _, path := range templates {
		text, readErr := os.ReadFile(path)
		guides, err = guides+string(text), errors.Join(err, readErr)
	}
	files, globErr := filepath.Glob(filepath.Join(folder, "*"))
	if err = errors.Join(err, globErr); err != nil {
		r.t.Fatal(err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		if filepath.Ext(name) == ".txt" && !slices.Contains(r.shown, name) {
			r.t.Errorf("%s: no command of this test prints this text", name)
		}
		if !strings.Contains(guides, `"examples/guides/rotation/`+name+`"`) {
			r.t.Errorf("%s: no guide shows this file", name)
		}
	}
}

// words returns the words of an excerpt. CLIs break lines at other words, and show an element of a list that is
// replaced in one line or in two.
func words(excerpt string) []string {
	return strings.Fields(replaced.ReplaceAllString(excerpt, "- $1,\n+ $2,"))
}

var replaced = regexp.MustCompile(`~ ("\S+") -> ("\S+"),\n`)

func recipients(keys string) string {
	return `-var=recipients=["` + keys + `", "` + safeRecipient + `"]`
}

// The texts in the guides are what a plan prints.
func TestAccGuides(t *testing.T) {
	if testing.Short() {
		t.Skip("the guides show the output of one CLI")
	}
	simulators, err := world.New(world.Settings{MaxServiceAccounts: 10})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(simulators.Close)
	r := &run{Workspace: acctest.NewWorkspace(t, "", simulators.Environment()...), t: t, start: time.Now()}
	r.add("keeper.tf", "overlap.tf", "two-accounts.tf", "recipients.tf", "rotated-elsewhere.tf")
	r.MustRun(t, 0, "apply", "-auto-approve")

	r.shows("keeper.txt", 0, "plan", "-var=release=2026.2")
	r.shows("overlap.txt", 0, "plan", "-var=incident=2026-11-27")
	r.shows("leak.txt", 0, "plan", "-var=incident=2026-11-27", "-var=overlapping=false")
	r.shows("two-accounts.txt", 0, "plan", `-var=rotated={ a = "2026-09", b = "2026-11" }`)
	r.shows("encrypt.txt", 0, "plan", recipients(lostRecipient))

	r.add("import.tf")
	r.Setenv(tfkit.ImportKeyVariable, simulators.Waldur.LiveKeys("svc-legacy")[0])
	r.shows("import.txt", 0, "plan")
	r.remove("import.tf")

	const release = "-var=release=2026.2"
	simulators.Waldur.Inject("marketplace_customer_service_accounts_rotate_api_key",
		simkit.Fault{Drop: simkit.DropAfter})
	r.shows("lost-response-apply.txt", 1, "apply", "-auto-approve", release)
	r.shows("lost-response.txt", 0, "plan", release)

	r.MustRun(t, 0, "apply", "-auto-approve", release, recipients(lostRecipient))
	r.shows("lost-identity.txt", 0, "plan", release, recipients(newRecipient))

	simulators.Instaclustr.RotateKey("backup", instaclustrsim.Monitoring)
	r.shows("rotated-elsewhere.txt", 0, "plan", release, recipients(lostRecipient))
	r.complete()
}
