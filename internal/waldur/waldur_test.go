package waldur_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// A 404 from a gateway says nothing about the account: neither a refresh nor a destroy treats it as
// absent.
func TestAccServiceAccount_notFoundByGateway(t *testing.T) {
	for name, body := range cases(map[string]string{"empty": "", "page": "<h1>Not Found</h1>",
		"object": `{"message": "no Route matched with those values"}`}) {
		t.Run(name, func(t *testing.T) {
			eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
				w.Simulated(t, "a gateway responds")
				config := k.resource(w, acctest.Name())
				gone := simkit.Fault{Times: -1, Status: http.StatusNotFound, Body: body}
				w.Run(t,
					resource.TestStep{Config: config},
					resource.TestStep{
						PreConfig: func() { w.Sim.Inject(k.operation+"_retrieve", gone) },
						Config:    config, ExpectError: acctest.Words("404 Not Found"),
					},
					resource.TestStep{
						PreConfig: w.Sim.ClearFaults,
						Config:    config, Destroy: true, ExpectError: acctest.Words("404 Not Found"),
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
							acctest.During(func() { w.Sim.Inject(k.operation+"_destroy", gone) }),
						}},
					},
					resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: config,
						ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop), Check: live(w, 1)},
				)
			})
		})
	}
}

// A request that can be repeated is sent again after a temporary failure.
func TestAccServiceAccount_retries(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "requests fail")
		for _, operation := range []string{"_list", "_retrieve", "_partial_update", "_destroy"} {
			w.Sim.Inject(k.operation+operation, simkit.Fault{Times: 1, Status: http.StatusBadGateway})
			w.Sim.Inject(k.operation+operation, simkit.Fault{Times: 1, Drop: simkit.DropAfter})
		}
		w.Sim.Inject(k.operation+"_create", simkit.Fault{Times: 2, Status: http.StatusTooManyRequests,
			Header: http.Header{"Retry-After": {"0"}}})
		name, key := acctest.Name(), ""
		w.Run(t,
			resource.TestStep{Config: k.resource(w, name), Check: resource.ComposeTestCheckFunc(
				acctest.Remember(k.address(), "api_key", &key), requests(w, k.operation+"_create", 3), requests(w,
					k.operation+"_rotate_api_key", 0))},
			resource.TestStep{Config: k.resource(w, name, `description = "two"`),
				Check: acctest.Unchanged(k.address(), "api_key", &key)},
		)
		if err := live(w, 0)(nil); err != nil {
			t.Error(err)
		}
	})
}

func TestAccServiceAccount_expiredToken(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "a token expires")
		config := k.resource(w, acctest.Name())
		personal := w.With("token", w.Sim.AddPersonalAccessToken(w.User))
		w.Run(t,
			resource.TestStep{Config: personal.Config(config)},
			resource.TestStep{PreConfig: func() { w.Sim.ExpireToken(w.Settings["token"]) }, Config: config,
				ExpectError: acctest.Words("Token has expired")},
			resource.TestStep{Config: personal.Config(config),
				ConfigPlanChecks: k.keepsKey(plancheck.ResourceActionNoop)},
			resource.TestStep{Config: personal.Config(config), Check: func(*terraform.State) error {
				if len(w.Sim.Keys()) != 1 {
					return errors.New("a key was issued that nobody asked for")
				}
				return nil
			}},
		)
	})
}

// Ctrl-C between a request and its response loses neither the account nor its key.
func TestAccServiceAccount_interrupted(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "responses take their time")
		writes := make(chan string, 10)
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				writes <- r.URL.Path
			}
			w.Sim.ServeHTTP(rw, r)
		}))
		t.Cleanup(server.Close)
		config := "variable \"release\" {}\n\n" + k.resource(w, acctest.Name(), `keepers = { release = var.release }`)
		workspace := w.With("endpoint", server.URL).NewWorkspace(t, config)

		for i, operation := range []string{"_create", "_rotate_api_key"} {
			release := fmt.Sprintf("-var=release=%d", i)
			w.Sim.Inject(k.operation+operation, simkit.Fault{Delay: 2 * time.Second})
			ctx, interrupt := context.WithCancel(context.Background())
			go func() {
				<-writes // it has arrived, and the response is to come
				interrupt()
			}()
			output, _, err := workspace.Run(ctx, "apply", "-auto-approve", release)
			interrupt()
			if !strings.Contains(output, "Interrupt received") {
				t.Fatalf("the CLI was not interrupted (%v):\n%s", err, output)
			}
			state, _, err := workspace.Run(context.Background(), "show", "-json")
			if err != nil || !holdsLiveKey(w, state) {
				t.Fatalf("%s: the state holds no key that works (%v)", operation, err)
			}
			if err := live(w, 1)(nil); err != nil {
				t.Error(err)
			}
			if output, code, err := workspace.Run(context.Background(), "plan", "-detailed-exitcode",
				release); err != nil || code != 0 {
				t.Errorf("%s: the next plan is not empty (%d, %v):\n%s", operation, code, err, output)
			}
		}
	})
}

func holdsLiveKey(w *acctest.Waldur, text string) bool {
	for _, key := range w.Sim.Keys() {
		if w.Sim.KeyAlive(key) && strings.Contains(text, key) {
			return true
		}
	}
	return false
}

// The provider is killed at each request of a create, an update and a rotation, before and after the
// server has done its work. The next applies lead to one account with one key, which the state holds.
func TestAccServiceAccount_killed(t *testing.T) {
	if testing.Short() {
		t.Skip("the provider is killed, not the CLI: another CLI adds nothing")
	}
	acctest.NeedsKill(t)
	// Of the two kinds, the create in a project sends more requests.
	aKind(t, "project", waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		w.Simulated(t, "the provider is killed")
		killer := &acctest.Killer{Next: w.Sim}
		server := httptest.NewServer(killer)
		t.Cleanup(server.Close)
		workspace := w.With("endpoint", server.URL).NewWorkspace(t, "# an account follows")

		for _, test := range []struct {
			name       string
			from, want [2]string // description and keeper; no description: no account
		}{
			{"create", [2]string{}, [2]string{"one", "1"}},
			{"update", [2]string{"one", "1"}, [2]string{"two", "1"}},
			{"rotate", [2]string{"one", "1"}, [2]string{"one", "2"}},
			{"update and rotate", [2]string{"one", "1"}, [2]string{"two", "2"}},
		} {
			for _, after := range []bool{false, true} {
				for request, killed := 1, true; killed; request++ {
					clearState(t, workspace)
					account := killedAccount{k, w, workspace, acctest.Name()}
					if test.from[0] != "" {
						account.write(t, test.from)
						workspace.MustRun(t, 0, "apply", "-auto-approve")
					}
					account.write(t, test.want)
					killer.Arm(workspace, request, after)
					output, _, err := workspace.Run(context.Background(), "apply", "-auto-approve")
					if killed = killer.Disarm(); err != nil || killed && !strings.Contains(output, "Error: ") {
						t.Fatalf("%s, request %d: the provider was not killed (%v):\n%s", test.name, request, err,
							output)
					}
					account.settle(t, fmt.Sprintf("%s, request %d, after it %t", test.name, request, after), test.want)
				}
			}
		}
	})
}

// clearState removes the state of a workspace.
func clearState(t *testing.T, workspace acctest.Workspace) {
	t.Helper()
	for _, file := range []string{"terraform.tfstate", "terraform.tfstate.backup", ".terraform.tfstate.lock.info"} {
		if err := os.Remove(filepath.Join(workspace.Dir, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

// killedAccount is an account during whose management the provider was killed.
type killedAccount struct {
	kind      kind
	waldur    *acctest.Waldur
	workspace acctest.Workspace
	name      string
}

// write configures the account, with a description and a keeper.
func (a killedAccount) write(t *testing.T, values [2]string, more ...string) {
	t.Helper()
	a.workspace.Write(t, strings.Join(more, "\n")+"\n"+a.kind.resource(a.waldur, a.name,
		fmt.Sprintf("description = %q", values[0]), fmt.Sprintf("keepers = { release = %q }", values[1])))
}

var importID = regexp.MustCompile(`id = "([0-9a-f]{32})"`)

// settle does what a user does next: apply again, and follow the error if there is one.
func (a killedAccount) settle(t *testing.T, when string, values [2]string) {
	t.Helper()
	output, code, err := a.workspace.Run(context.Background(), "apply", "-auto-approve")
	if id := importID.FindStringSubmatch(output); code != 0 && id != nil {
		a.write(t, values, fmt.Sprintf("import {\n  to = %s\n  id = %q\n}", a.kind.address(), id[1]))
		a.workspace.MustRun(t, 0, "apply", "-auto-approve")
		values[1] += " after the import"
		a.write(t, values)
		output, code, err = a.workspace.Run(context.Background(), "apply", "-auto-approve")
	}
	if err != nil || code != 0 {
		t.Fatalf("%s: the next apply fails (%v):\n%s", when, err, output)
	}
	a.workspace.MustRun(t, 0, "plan", "-detailed-exitcode")
	state := a.workspace.MustRun(t, 0, "show", "-json")
	accounts := 0
	for _, account := range a.waldur.Sim.ServiceAccounts() {
		if account.PreferredIdentifier != a.name || account.State == "Closed" {
			continue
		}
		accounts++
		if keys := a.waldur.Sim.LiveKeys(account.Username); len(keys) != 1 || !strings.Contains(state, keys[0]) {
			t.Errorf("%s: the account has %d keys, or another key than the state", when, len(keys))
		}
	}
	if accounts != 1 {
		t.Errorf("%s: %d accounts, want 1", when, accounts)
	}
}
