package waldur_test

import (
	"context"
	"fmt"
	tfjson "github.com/hashicorp/terraform-json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldursim"
)

// kind is one of the two kinds of service accounts, which pass the same tests.
type kind struct {
	scope     string
	operation string // what the operations of the API are called, before "_create" and the like
	add       func(*waldursim.Sim, waldursim.ServiceAccount) (uuid, key string)
}

var kinds = []kind{
	{"customer", "marketplace_customer_service_accounts", (*waldursim.Sim).AddCustomerServiceAccount},
	{"project", "marketplace_project_service_accounts", (*waldursim.Sim).AddProjectServiceAccount},
}

func (k kind) typeName() string { return "svcacct_waldur_" + k.scope + "_service_account" }

func (k kind) address() string { return k.typeName() + ".test" }

func (k kind) scopeUUID(w *acctest.Waldur) string {
	if k.scope == "customer" {
		return w.Customer
	}
	return w.Project
}

// resource returns the configuration of an account, with further attributes a line each.
func (k kind) resource(w *acctest.Waldur, identifier string, attributes ...string) string {
	return fmt.Sprintf("resource %q \"test\" {\n  %s_uuid = %q\n  preferred_identifier = %q\n  %s\n}\n",
		k.typeName(), k.scope, k.scopeUUID(w), identifier, strings.Join(attributes, "\n  "))
}

// other returns the configuration of a second account.
func (k kind) other(w *acctest.Waldur, identifier string) string {
	return strings.Replace(k.resource(w, identifier), `"test"`, `"other"`, 1)
}

// eachKind runs a test for both kinds, each against a server of its own.
func eachKind(t *testing.T, options waldursim.Options, test func(t *testing.T, k kind, w *acctest.Waldur)) {
	t.Helper()
	for _, k := range kinds {
		t.Run(k.scope, func(t *testing.T) { test(t, k, acctest.NewWaldur(t, options)) })
	}
}

// attribute reads an attribute of a resource from the state.
func attribute(state *terraform.State, address, name string) (string, error) {
	r, ok := state.RootModule().Resources[address]
	if !ok {
		return "", fmt.Errorf("%s is not in state", address)
	}
	return r.Primary.Attributes[name], nil
}

// remember stores an attribute for a later step.
func remember(address, name string, into *string) resource.TestCheckFunc {
	return func(state *terraform.State) (err error) {
		*into, err = attribute(state, address, name)
		return err
	}
}

// keyWorks checks that the key in state is one that the account service takes.
func keyWorks(w *acctest.Waldur, address string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		key, err := attribute(state, address, "api_key")
		switch {
		case err != nil:
			return err
		case key == "":
			return fmt.Errorf("%s holds no key", address)
		case w.Sim != nil && !w.Sim.KeyAlive(key):
			return fmt.Errorf("the key of %s is dead", address)
		}
		return nil
	}
}

// rotated checks that the key in state is another one than before, that it works and the old one does not.
func rotated(w *acctest.Waldur, address string, old *string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		if err := keyWorks(w, address)(state); err != nil {
			return err
		}
		key, err := attribute(state, address, "api_key")
		if err != nil {
			return err
		}
		if key == *old {
			return fmt.Errorf("the key of %s is still the same", address)
		}
		if w.Sim != nil && w.Sim.KeyAlive(*old) {
			return fmt.Errorf("the old key of %s still works", address)
		}
		*old = key
		return nil
	}
}

// unchanged checks that an attribute is what remember stored.
func unchanged(address, name string, value *string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		got, err := attribute(state, address, name)
		if err == nil && got != *value {
			err = fmt.Errorf("%s.%s has changed", address, name)
		}
		return err
	}
}

// requests checks how often an operation was asked for since the simulator started.
func requests(w *acctest.Waldur, operation string, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if w.Sim == nil {
			return nil
		}
		if got := w.Sim.Count(operation); got != want {
			return fmt.Errorf("%s was requested %d times, want %d", operation, got, want)
		}
		return nil
	}
}

// planned checks what the plan of a step does with the account.
func planned(address string, action plancheck.ResourceActionType, more ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: append([]plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}, more...)}
}

var text32 = regexp.MustCompile(`^[0-9a-f]{32}$`)

// during is a plan check that asserts nothing: it does something between a plan and its apply.
type during func()

func (d during) CheckPlan(context.Context, plancheck.CheckPlanRequest, *plancheck.CheckPlanResponse) {
	d()
}

// knownAfter checks that a plan knows attributes, so that whatever depends on them does not change.
func knownAfter(address string, attributes ...string) plancheck.PlanCheck {
	return planCheckFunc(func(change *tfjson.Change) error {
		unknown, _ := change.AfterUnknown.(map[string]any)
		for _, attribute := range attributes {
			if unknown[attribute] == true {
				return fmt.Errorf("%s.%s is unknown in the plan", address, attribute)
			}
		}
		return nil
	}).of(address)
}

// unknownAfter checks that a plan leaves exactly these attributes unknown.
func unknownAfter(address string, attributes ...string) plancheck.PlanCheck {
	return planCheckFunc(func(change *tfjson.Change) error {
		unknown, _ := change.AfterUnknown.(map[string]any)
		var got []string
		for attribute, is := range unknown {
			if is == true {
				got = append(got, attribute)
			}
		}
		slices.Sort(got)
		slices.Sort(attributes)
		if !slices.Equal(got, attributes) {
			return fmt.Errorf("the plan of %s leaves %v unknown, want %v", address, got, attributes)
		}
		return nil
	}).of(address)
}

type planCheckFunc func(*tfjson.Change) error

func (f planCheckFunc) of(address string) plancheck.PlanCheck { return addressedCheck{address, f} }

type addressedCheck struct {
	address string
	check   planCheckFunc
}

func (c addressedCheck) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, r := range req.Plan.ResourceChanges {
		if r.Address == c.address {
			resp.Error = c.check(r.Change)
			return
		}
	}
	resp.Error = fmt.Errorf("%s is not in the plan", c.address)
}

func hyphenated(uuid string) string {
	return uuid[:8] + "-" + uuid[8:12] + "-" + uuid[12:16] + "-" + uuid[16:20] + "-" + uuid[20:]
}
