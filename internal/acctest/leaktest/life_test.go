package leaktest

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
)

const root = "../../.."

// build builds the provider into a new folder, which it returns.
func build(t *testing.T, more ...string) string {
	t.Helper()
	acctest.NeedsCLI(t)
	acctest.NeedsKill(t)
	dir := t.TempDir()
	args := append([]string{"build", "-o", filepath.Join(dir, program)}, append(more, root)...)
	if out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, out)
	}
	return dir
}

const program = "terraform-provider-svcacct"

// live plays a script with a program that build has built. The life has a link of its own: it may send
// signals to all processes of the program.
func live(t *testing.T, built, script string) *Report {
	t.Helper()
	dir := t.TempDir()
	own := filepath.Join(dir, program)
	if err := os.Link(filepath.Join(built, program), own); err != nil {
		t.Fatal(err)
	}
	report, err := Live(context.WithoutCancel(t.Context()), dir, os.Getenv("TF_ACC_TERRAFORM_PATH"), own, script)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// No secret is in what the provider and the CLI write in the whole life of all that the provider serves,
// but in values of sensitive attributes.
func TestAccLeaks(t *testing.T) {
	t.Parallel()
	acctest.NeedsFeatures(t, `ephemeral "x" "y" {`, "provider::", "import {\n  identity = {}")
	scripts, err := filepath.Glob("testdata/lives/*/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	built := build(t)
	var mu sync.Mutex
	all, secrets, size, lives := Report{Calls: map[Call]bool{}}, 0, 0, 0
	t.Run("lives", func(t *testing.T) {
		for _, script := range scripts {
			name := strings.TrimSuffix(strings.TrimPrefix(script, "testdata/lives/"), ".txt")
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := live(t, built, script)
				for _, finding := range r.Findings {
					t.Error(finding)
				}
				t.Logf("%d secrets in %d bytes of %d commands; %d are values of sensitive attributes",
					r.Secrets, r.Bytes, r.Commands, r.Allowed)
				mu.Lock()
				defer mu.Unlock()
				secrets, size, lives, all.schemas = secrets+r.Secrets, size+r.Bytes, lives+1, r.schemas
				maps.Copy(all.Calls, r.Calls)
			})
		}
	})
	t.Logf("%d secrets in %d bytes", secrets, size)
	if secrets == 0 || size == 0 {
		t.Error("nothing was searched")
	}
	if lives < len(scripts) {
		return // -run has left out a life, or a life has failed
	}
	if missing := all.schemas.missing(all.Calls); len(missing) > 0 {
		t.Errorf("what the provider serves has no place in a script:\n%s", strings.Join(missing, "\n"))
	}
}

// Each build that leaks on purpose has a finding in the place of its leak.
func TestAccLeaks_onPurpose(t *testing.T) {
	if testing.Short() {
		t.Skip("tests this package, not the CLI: one CLI is enough")
	}
	leaks, err := filepath.Glob("testdata/leaks/*.txt")
	if err != nil || len(leaks) == 0 {
		t.Fatal("no leaks", err)
	}
	for _, path := range leaks {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			leak, err := parseLeak(string(text))
			if err != nil {
				t.Fatal(err)
			}
			overlay, err := leak.Write(root, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			built := build(t, "-overlay", overlay, "-ldflags=-s -w")
			report := live(t, built, "testdata/leaks/wavefront/life.txt")
			if !leak.foundIn(report.Findings) {
				t.Errorf("the leak is not found; findings: %v", report.Findings)
			}
		})
	}
}
