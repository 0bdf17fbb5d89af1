package faults

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	acc "github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// build builds the provider for an acceptance test, which needs a CLI.
func build(t *testing.T, more ...string) (tool, dir, provider string) {
	t.Helper()
	tool = os.Getenv("TF_ACC_TERRAFORM_PATH")
	if os.Getenv(acc.EnvTfAcc) == "" || tool == "" || testing.Short() {
		t.Skip("an acceptance test, for one CLI: needs TF_ACC and TF_ACC_TERRAFORM_PATH")
	}
	dir = t.TempDir()
	provider = filepath.Join(dir, program)
	args := append([]string{"build", "-ldflags=-s -w", "-o", provider}, more...)
	args = append(args, filepath.Join(root, "internal/cmd/faults/provider"))
	command := exec.CommandContext(t.Context(), "go", args...)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, out)
	}
	return tool, dir, provider
}

// crew is users of a test.
type crew struct {
	*Users
	t *testing.T
}

func newCrew(t *testing.T, number int) *crew {
	t.Helper()
	tool, _, provider := build(t)
	dir := filepath.Join(filepath.Dir(provider), "users") // a link to the provider must be possible
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	u, err := NewUsers(context.WithoutCancel(t.Context()), dir, tool, provider, number)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = u.Close() })
	return &crew{u, t}
}

func (c *crew) write(user int, config string) {
	c.t.Helper()
	if err := c.Write(user, header+config); err != nil {
		c.t.Fatal(err)
	}
}

// run runs a command for all users at the same time, which must succeed for all.
func (c *crew) run(args ...string) {
	c.t.Helper()
	for user, ran := range c.runs(args...) {
		if ran.Code != 0 {
			c.t.Errorf("user %d: %v ended with %d:\n%s", user, args, ran.Code, ran.Output)
		}
	}
}

func (c *crew) runs(args ...string) []Ran {
	c.t.Helper()
	args = append(args, "-no-color", "-input=false", "-parallelism=50")
	ran, err := c.Run(context.WithoutCancel(c.t.Context()), args...)
	if err != nil {
		c.t.Fatal(err)
	}
	return ran
}

// agree checks that the states have all objects of these kinds and all keys, and nothing else.
func (c *crew) agree(kinds map[string]string) Held {
	c.t.Helper()
	held, err := c.Held()
	if err != nil {
		c.t.Fatal(err)
	}
	objects, keys := c.Made()
	for kind, typeName := range kinds {
		if objects[kind] != held.Instances[typeName] {
			c.t.Errorf("%d objects %s, but %d in the states", objects[kind], kind, held.Instances[typeName])
		}
	}
	for i, key := range keys {
		if !slices.Contains(held.Keys, key.Secret) {
			c.t.Errorf("key %d of %s %s works, and no state has it", i, key.Account, key.Name)
		}
	}
	if len(keys) != len(held.Keys) {
		c.t.Errorf("%d keys work, but the states have %d", len(keys), len(held.Keys))
	}
	return held
}

var kindsInStates = map[string]string{
	"customer_service_account": "svcacct_waldur_customer_service_account",
	"robot_account":            "svcacct_waldur_robot_account",
	"service_account":          "svcacct_wavefront_service_account",
	"service_user":             "svcacct_instaclustr_service_user",
}

// many has resources of every system: many on one account, and many accounts. The name makes them the
// resources of one user or of one provider alias.
func many(name, provider, keeper string) string {
	return strings.NewReplacer("{u}", name, "{provider}", provider, "{keeper}", keeper).Replace(`
resource "svcacct_waldur_customer_service_account" "{u}" {
  provider             = {provider}
  count                = 25
  customer_uuid        = "{WALDUR_CUSTOMER_UUID}"
  preferred_identifier = "{u}${count.index}"
  keepers              = { release = "{keeper}" }
}

resource "svcacct_waldur_robot_account" "{u}" {
  provider      = {provider}
  count         = 25
  resource_uuid = "{WALDUR_RESOURCE_UUID}"
  type          = "{u}${count.index}"
  description   = "Release {keeper}"
}

resource "svcacct_wavefront_service_account_token" "{u}" {
  provider        = {provider}
  count           = 9 # an account has 20 tokens at most, and a rotation creates the new one first
  service_account = "` + tokenOwner + `"
  name            = "{u}${count.index}"
  keepers         = { release = count.index < 1 ? "{keeper}" : "1" }
}

resource "svcacct_wavefront_service_account" "{u}" {
  provider   = {provider}
  count      = 20
  identifier = "sa::{u}${count.index}"
}

resource "svcacct_wavefront_service_account_token" "{u}_own" {
  provider        = {provider}
  count           = 20
  service_account = svcacct_wavefront_service_account.{u}[count.index].id
  name            = "key"
  keepers         = { release = "{keeper}" }
}

resource "svcacct_instaclustr_service_user" "{u}" {
  provider = {provider}
  count    = 10
  username = "{u}${count.index}"
  email    = "{u}${count.index}@acme.example"
  role     = "CLUSTER_ADMIN"
}

resource "svcacct_instaclustr_service_user_api_key" "{u}" {
  provider = {provider}
  for_each = toset([for i in range(30) : "${i / 3}/${["MONITORING", "PROVISIONING", "PROVISIONING_READONLY"][i % 3]}"
    if i % 3 == 0])
  username = svcacct_instaclustr_service_user.{u}[tonumber(split("/", each.key)[0])].username
  key_type = split("/", each.key)[1]
  keepers  = { release = "{keeper}" }
}
`)
}

const settings = `  http = { max_retries = 1, request_timeout = "30s" }
`

// Many resources on one account and on many accounts, at -parallelism=50: of two provider aliases in one
// run, and of two runs at the same time.
func TestAccConcurrency(t *testing.T) {
	for name, configs := range map[string]func(keeper string) []string{
		"two aliases": func(keeper string) []string {
			return []string{"provider \"svcacct\" {\n" + settings + "}\n\n" +
				"provider \"svcacct\" {\n  alias = \"other\"\n" + settings + "}\n" +
				many("a", "svcacct", keeper) + many("b", "svcacct.other", keeper)}
		},
		"two runs": func(keeper string) []string {
			block := "provider \"svcacct\" {\n" + settings + "}\n"
			return []string{block + many("a", "svcacct", keeper), block + many("b", "svcacct", keeper)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCrew(t, len(configs("1")))
			for _, keeper := range []string{"1", "2"} {
				for user, config := range configs(keeper) {
					c.write(user, config)
				}
				c.run("apply", "-auto-approve")
				c.run("plan", "-detailed-exitcode")
				held := c.agree(kindsInStates)
				if want := 2 * (25 + 9 + 20 + 10); len(held.Keys) != want {
					t.Errorf("%d keys, want %d", len(held.Keys), want)
				}
			}
			c.run("apply", "-destroy", "-auto-approve")
			objects, keys := c.Made()
			delete(objects, "service_user") // they can't be deleted
			if len(objects) > 0 || len(keys) > 0 {
				t.Errorf("%v and %d keys are left", objects, len(keys))
			}
		})
	}
}

// Two runs create an object with the same natural key at the same time. A server that allows one such object
// refuses the other run, whose error names the import.
func TestAccConcurrency_sameName(t *testing.T) {
	c := newCrew(t, 2)
	bodies := map[string]string{}
	unique := []string{"waldur_robot", "wavefront_account", "instaclustr_user", "instaclustr_key"}
	for _, r := range resources {
		if slices.Contains(unique, r.name) {
			config := r.config(c.bench.world.IDs(), version{timeout: normalTimeout})
			bodies[r.kind] = config[strings.Index(config, "\nresource "):]
		}
	}
	all := strings.Join(slices.Collect(maps.Values(bodies)), "")
	for user := range 2 {
		c.write(user, "provider \"svcacct\" {\n"+settings+"}\n"+all)
	}
	ran := c.runs("apply", "-auto-approve")
	objects, _ := c.Made()
	held, err := c.Held()
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, r := range ran {
		refused += len(importBlock.FindAllString(plain(r.Output), -1))
	}
	instances := 0
	for _, n := range held.Instances {
		instances += n
	}
	for kind := range bodies {
		if objects[kind] != 1 {
			t.Errorf("%d objects %s", objects[kind], kind)
		}
	}
	if instances != len(bodies) || refused != len(bodies) {
		t.Errorf("%d instances in the states, %d import blocks in errors, want %d each\n%s", instances, refused,
			len(bodies), fmt.Sprint(ran))
	}
}
