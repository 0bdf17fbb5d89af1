package waldur_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
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

// keyWorks checks that the key in state is one that the account service takes.
func keyWorks(w *acctest.Waldur, address string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		key, err := acctest.Attribute(state, address, "api_key")
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
		key, err := acctest.Attribute(state, address, "api_key")
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

var text32 = regexp.MustCompile(`^[0-9a-f]{32}$`)

func hyphenated(uuid string) string {
	return uuid[:8] + "-" + uuid[8:12] + "-" + uuid[12:16] + "-" + uuid[16:20] + "-" + uuid[20:]
}
