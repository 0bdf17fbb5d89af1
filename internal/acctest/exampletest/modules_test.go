package exampletest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
)

func usage(t *testing.T, module string, want int) []string {
	t.Helper()
	blocks, err := Usage("../../..", module)
	if err != nil || len(blocks) != want || strings.Contains(strings.Join(blocks, ""), "github.com") {
		t.Fatalf("%d blocks, want %d (%v): %v", len(blocks), want, err, blocks)
	}
	return blocks
}

// replaced returns a text with another part, which it must have once.
func replaced(t *testing.T, text, old, by string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q is not once in the text: adapt the test:\n%s", old, text)
	}
	return strings.Replace(text, old, by, 1)
}

// withStore returns a text with the secret store of the tests in the place of Vault, and the folder of the store.
func withStore(t *testing.T, text string) (replacedText, folder string) {
	t.Helper()
	mount := regexp.MustCompile(`(?m)^  mount += "secret"\n`)
	if len(mount.FindAllString(text, -1)) != 1 || strings.Count(text, "data_json_wo") != 2 {
		t.Fatalf("the text has not one secret of Vault: adapt the test:\n%s", text)
	}
	folder = t.TempDir()
	text = strings.NewReplacer("vault_kv_secret_v2", "secretstore_secret", "data_json_wo", "value_wo").Replace(
		mount.ReplaceAllString(text, ""))
	return text + fmt.Sprintf("provider \"secretstore\" {\n  folder = %q\n}\n", folder), folder
}

// withData returns a resource of another provider, with a for_each alone before its arguments, as a resource of the
// CLI that has the arguments as its input.
func withData(t *testing.T, text, kind string) string {
	t.Helper()
	text = replaced(t, replaced(t, text, kind, "terraform_data"), "\n\n", "\n  input = {\n")
	return strings.TrimSuffix(text, "}\n") + "  }\n}\n"
}

// A key is rotated when it is 30 days old, or after a leak, and the CI gets the key that works.
func TestAccModule_ciRobotPerProject(t *testing.T) {
	blocks, projects := usage(t, "ci-robot-per-project", 2), []string{"climate", "genome"}
	text := blocks[0] + withData(t, blocks[1], "gitlab_project_variable")
	for _, name := range projects {
		text += fmt.Sprintf("output %q {\n  value     = terraform_data.waldur_api_key[%[1]q].output.value\n"+
			"  sensitive = true\n}\n", name)
	}
	m := startModule(t, text)
	before := map[string]string{}
	apply := func(rotated ...string) {
		t.Helper()
		keys, _ := m.apply(text)
		for _, name := range projects {
			if !m.servers.Waldur.KeyAlive(keys[name]) {
				t.Errorf("the key of %s does not work", name)
			}
			if is := keys[name] != before[name]; is != slices.Contains(rotated, name) {
				t.Errorf("the key of %s: another %v", name, is)
			}
			if keys[name] != before[name] && m.servers.Waldur.KeyAlive(before[name]) {
				t.Errorf("the old key of %s still works", name)
			}
		}
		before = keys
	}
	apply("climate", "genome")
	m.Setenv(aheadVariable, "719h")
	apply()
	m.Setenv(aheadVariable, "720h")
	apply("climate", "genome")
	text = replaced(t, text, `"none"`, `"2026-11-27"`)
	apply("genome")
}

// The key that consumers have works before and after each apply, while both keys are rotated.
func TestAccModule_instaclustrBlueGreen(t *testing.T) {
	text, store := withStore(t, strings.Join(usage(t, "instaclustr-blue-green", 2), ""))
	m := startModule(t, text)
	secret := func(user string) string {
		name := "metrics_" + user
		return fmt.Sprintf(`{"api_key":%q,"username":%q}`, m.servers.Instaclustr.Secret(name,
			instaclustrsim.Monitoring), name)
	}
	consumers := func() string { return read(t, filepath.Join(store, "metrics")) } // what they have
	m.apply(text)
	if consumers() != secret("blue") {
		t.Error("consumers do not get the key of blue")
	}
	for _, step := range []struct{ old, by, active, rotated string }{
		{`green = "2026-09-01"`, `green = "2026-12-01"`, "blue", "green"},
		{`active  = "blue"`, `active  = "green"`, "green", ""},
		{`blue = "2026-09-01"`, `blue = "2026-12-01"`, "green", "blue"},
	} {
		before := map[string]string{"blue": secret("blue"), "green": secret("green")}
		had := consumers()
		text = replaced(t, text, step.old, step.by)
		m.apply(text)
		if had != secret("blue") && had != secret("green") {
			t.Errorf("%s: the key that consumers had does not work", step.by)
		}
		if consumers() != secret(step.active) {
			t.Errorf("%s: consumers do not get the key of %s", step.by, step.active)
		}
		for user, old := range before {
			if is := secret(user) != old; is != (user == step.rotated) {
				t.Errorf("%s: another key of %s: %v", step.by, user, is)
			}
		}
	}
}

// A second member gets accounts and secrets, and nothing of the first is touched. No state has a key in the clear.
func TestAccModule_onboardTeam(t *testing.T) {
	blocks := usage(t, "onboard-team", 2)
	text, store := withStore(t, replaced(t, blocks[0], `"climate/${each.key}"`, `replace(each.key, "/", "-")`))
	m := startModule(t, text)
	m.apply(text)
	keys := liveKeys(m.servers)
	if len(keys) != 3 {
		t.Fatalf("%d keys", len(keys))
	}
	for name, key := range keys {
		file := filepath.Join(store, name)
		if !strings.Contains(read(t, file), `"`+key+`"`) {
			t.Errorf("%s: the store does not have the key", name)
		}
		if err := os.WriteFile(file, []byte("not written again"), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	_, output := m.apply(replaced(t, text, "services = {\n", "services = {\n"+blocks[1]))
	if !strings.Contains(output, "3 added, 0 changed, 0 destroyed") { // an account, its token, and a secret
		t.Errorf("more was changed:\n%s", output)
	}
	state := read(t, filepath.Join(m.Dir, "terraform.tfstate"))
	for name, key := range liveKeys(m.servers) {
		want := `"` + key + `"`
		if keys[name] != "" {
			want = "not written again"
		}
		if !strings.Contains(read(t, filepath.Join(store, name)), want) || keys[name] != "" && keys[name] != key {
			t.Errorf("%s: the secret is not as wanted", name)
		}
		if strings.Contains(state, key) {
			t.Errorf("%s: the state has the key", name)
		}
	}
}

// liveKeys returns the keys that work, by their names in the store.
func liveKeys(s *Servers) map[string]string {
	keys := map[string]string{}
	for _, account := range s.Waldur.ServiceAccounts() {
		name := strings.TrimPrefix(account.PreferredIdentifier, "climate-")
		keys["waldur-"+name] = s.Waldur.LiveKeys(account.Username)[0]
	}
	for _, account := range s.Wavefront.Accounts() {
		name := strings.TrimPrefix(account.Identifier, "sa::climate-")
		keys["wavefront-"+name] = s.Wavefront.LiveTokens(account.Identifier)[0].ID
	}
	for _, user := range s.Instaclustr.ServiceUsers() {
		name := strings.TrimPrefix(user.Username, "climate_")
		keys["instaclustr-"+name] = s.Instaclustr.Secret(user.Username, instaclustrsim.Monitoring)
	}
	return keys
}
