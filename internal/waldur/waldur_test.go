package waldur_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// The life of all kinds of accounts on a real server: created, changed, rotated, read by data sources and
// lists, imported, destroyed.
func TestAccRealServer(t *testing.T) {
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.RealOnly(t)
	name, robotType, keys, config := acctest.Name(), acctest.ShortName(), make([]string, len(kinds)), ""
	later := acctest.Name() // a sweeper knows the robot account by its username
	both := func(attributes ...string) string {
		return kinds[0].resource(w, name, attributes...) + kinds[1].resource(w, name, attributes...)
	}
	var created, changed []resource.TestCheckFunc
	lists := []resource.TestStep{query(robotResource, 1000, found(robotResource, 1),
		fmt.Sprintf("resource_uuid = %q\n    type = %q", w.Resource, robotType))}
	imports := []resource.TestStep{imported(robot)}
	for i, k := range kinds {
		scope := fmt.Sprintf("%s_uuid = %q", k.scope, k.scopeUUID(w))
		config += dataSource(k.typeName(), "uuid = "+k.address()+".uuid") +
			dataSource(k.typeName()+"s", scope, "username = "+k.address()+".username") +
			dataSource("svcacct_waldur_"+k.scope, fmt.Sprintf("uuid = %q", k.scopeUUID(w)))
		created = append(created, keyWorks(w, k.address()), acctest.Remember(k.address(), "api_key", &keys[i]))
		changed = append(changed, rotated(w, k.address(), &keys[i]),
			resource.TestCheckResourceAttr("data."+k.typeName()+".test", "description", "Nightly"),
			resource.TestCheckResourceAttr("data."+k.typeName()+"s.test", "service_accounts.#", "1"))
		lists = append(lists, query(k.typeName(), 1000,
			[]querycheck.QueryResultCheck{querycheck.ExpectLengthAtLeast(k.address(), 1)}, scope))
		imports = append(imports, imported(k.address()))
	}
	config += dataSource(robotResource, "uuid = "+robot+".uuid") +
		dataSource(robotResource+"s", fmt.Sprintf("resource_uuid = %q", w.Resource), "type = "+robot+".type") +
		dataSource("svcacct_waldur_resource", fmt.Sprintf("uuid = %q", w.Resource)) +
		dataSource("svcacct_waldur_user", fmt.Sprintf("uuid = %q", w.Ada))
	changed = append(changed, resource.TestCheckResourceAttr("data."+robotResource+".test", "username", later),
		resource.TestCheckResourceAttr("data."+robotResource+"s.test", "robot_accounts.#", "1"))
	steps := []resource.TestStep{
		{
			Config: both(`keepers = { release = "1" }`) + robotConfig(w, robotType, fmt.Sprintf("username = %q", name)),
			Check:  resource.ComposeTestCheckFunc(created...),
		},
		{
			Config: both(`keepers = { release = "2" }`, `description = "Nightly"`) + robotConfig(w, robotType,
				fmt.Sprintf("username = %q", later), fmt.Sprintf("users = [%q]", w.Ada),
				fmt.Sprintf("responsible_user = %q", w.Ada), fmt.Sprintf("keys = [%q]", robotKey)) + config,
			Check: resource.ComposeTestCheckFunc(changed...),
		},
	}
	w.Run(t, slices.Concat(steps, imports, acctest.WithLists(lists...))...)
}

func TestAccRealServer_standIn(t *testing.T) {
	sim := acctest.OnStandIn(t, "waldur", "TestAccRealServer").Waldur
	for _, account := range sim.ServiceAccounts() {
		if _, ofTests := acctest.Named(account.PreferredIdentifier); ofTests && account.State != "Closed" {
			t.Errorf("left behind: %s in state %s", account.PreferredIdentifier, account.State)
		}
	}
	if left := sim.RobotAccounts(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// imported returns a step that imports a resource by its id.
func imported(address string) resource.TestStep {
	return resource.TestStep{
		ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: notImported,
	}
}

// A 404 from a gateway says nothing about the account: neither a refresh nor a destroy treats it as
// absent.
func TestAccServiceAccount_notFoundByGateway(t *testing.T) {
	for name, body := range cases(map[string]string{"empty": "", "page": "<h1>Not Found</h1>",
		"object": `{"message": "no Route matched with those values"}`}) {
		t.Run(name, func(t *testing.T) {
			aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
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
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
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
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
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
	aKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
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
